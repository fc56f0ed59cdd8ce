"""Sets what Sphinx makes of a docstring as a Chinese page does: ： between a parameter and what is said of it, where Sphinx has --."""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from _ext.words import EDITION


class Dashes(SphinxTransform):
    default_priority = 500

    def apply(self):
        for content in self.document.findall(addnodes.desc_content):
            for text in list(content.findall(nodes.Text)):
                if dash := re.match(r"\)? -- ", text):  # behind a name, or the brackets with its kind
                    text.parent.replace(text, nodes.Text(dash[0].replace(" -- ", "：") + text[dash.end() :]))


def setup(app):
    if EDITION == "zh":
        app.add_transform(Dashes)
