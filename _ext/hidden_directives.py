"""Makes a directive of a comment `<!-- {name} argument ... -->`, which GitHub and editors hide, where they would show a directive."""

import re

COMMENT = re.compile(r"^<!-- (\{[\w-]+\}[^\n]*?)(\n.*?)?\s*-->$", re.MULTILINE | re.DOTALL)


def uncover(app, docname, source):
    if app.env.doc2path(docname).endswith(".md"):
        source[0] = COMMENT.sub(lambda found: f"```{found[1]}{found[2] or ''}\n```", source[0])


def setup(app):
    app.connect("source-read", uncover)
