"""Makes explorables of the notebooks, and of the directive `explorable`, part of a page: one script, on pages with one.

In a notebook each brings its script along; here all share a file, which is loaded where it is needed. A paragraph
"**动手图**　..." is the caption of the one before it.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from _ext.plain_notebooks import opening
from _ext.words import EDITION, END, GAP, _
from gluonbook.book.explorables import VALUES, explore, script

SCRIPT = "explorables.js"
ELEMENT = "<gluonbook-explorable "


class ExplorableDirective(SphinxDirective):
    """An explorable by its name, with its values as JSON."""

    required_arguments = 1
    has_content = True

    def run(self):
        values = json.loads("\n".join(self.content))
        return [nodes.raw("", explore(self.arguments[0], EDITION, **values).element(), format="html")]


class OneScript(SphinxTransform):
    default_priority = 505  # plain_notebooks has made captions of the other figures

    def apply(self):
        for raw in self.document.findall(nodes.raw):
            if ELEMENT in raw.astext():
                bare = re.sub("<script>.*</script>", "", raw.astext(), flags=re.DOTALL)
                raw[:] = [nodes.Text(bare)]
                raw["classes"] = []  # the theme puts what is text_html on a light ground
                following = raw.next_node(siblings=True, descend=False)
                pictures = following.findall(nodes.image) if following is not None else []
                if any("explorables/" in picture["uri"] for picture in pictures):
                    following.parent.remove(following)  # which stands for it where the page's source is read
        for paragraph in list(self.document.findall(nodes.paragraph)):
            bold, caption = opening(paragraph)
            if bold == _("动手图"):
                paragraph[:] = [nodes.strong("", _("动手图") + END), nodes.Text(GAP), *caption]
                paragraph["classes"].append("explorable-caption")


def write_script(app, exception):
    if exception is None:
        text = "".join(script(name, EDITION) for name in ["base", *VALUES])
        (Path(app.outdir) / "_static" / SCRIPT).write_text(text, encoding="utf-8")


def load(app, pagename, templatename, context, doctree):
    if ELEMENT in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app):
    app.add_directive("explorable", ExplorableDirective)
    app.add_transform(OneScript)
    app.connect("html-page-context", load)
    app.connect("build-finished", write_script)
