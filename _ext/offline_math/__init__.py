"""Maths that needs no network: every formula becomes MathML, with a font of its own, when the book is built."""

import base64
import html
import re
from pathlib import Path

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from .font import font_for

logger = logging.getLogger(__name__)

FONT_STYLE = "math-font.css"

# Sphinx numbers these environments; the starred ones leave the numbers to it.
NUMBERED = re.compile(r"\\(begin|end)\{(align|alignat|equation|flalign|gather|multline)\}")
# Chromium stretches a sized delimiter in a row, but not right below a script.
SIZED_DELIMITER = re.compile(r"(<m(?:sub|sup|subsup)>)(<mo [^>]*\bminsize=[^>]*>[^<]*</mo>)")

# What no line may end with, and what no line may start with.
OPENING = re.compile(r"[（《〈「『【〔“‘(\[]+$")
CLOSING = re.compile(r"^[，。、；：！？）》〉」』】〕”’…—,.;:!?)\]%]+")


def to_mathml(tex, display=False):
    """Convert a formula; raise LatexError if it can't be."""
    converter = LatexToMathML(fancy_error=False)
    mathml = converter.convert_with_local_state(NUMBERED.sub(r"\\\1{\2*}", tex), displaystyle=display)
    return SIZED_DELIMITER.sub(r"\1<mrow>\2</mrow>", mathml)


def formulas(document):
    return document.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block)))


class FormulasToMathML(SphinxTransform):
    """Give a formula's node its MathML, and instead of its TeX the text that this reads as."""

    default_priority = 840  # before Sphinx takes the text of titles, for references

    def apply(self):
        for node in formulas(self.document):
            tex = node.astext()
            try:
                node["mathml"] = to_mathml(tex, display=isinstance(node, nodes.math_block))
            except LatexError as error:
                logger.warning("this formula can't be converted: %s (%s)", tex, error, location=node)
                node["mathml"] = "<math><merror><mtext>?</mtext></merror></math>"
            node[:] = [nodes.Text(html.unescape(re.sub(r"<[^>]+>", "", node["mathml"])))]


class FormulasInLines(SphinxPostTransform):
    """Keep each formula and the punctuation that it touches on one line, where a browser may break it."""

    default_priority = 30

    def run(self):
        for node in list(formulas(self.document)):
            if isinstance(node, nodes.math):
                before = take_punctuation(node, -1, OPENING)
                after = take_punctuation(node, 1, CLOSING)
                if before or after:
                    together = nodes.inline("", before, classes=["formula-with-punctuation"])
                    node.replace_self(together)
                    together += [node, nodes.Text(after)]


def take_punctuation(node, step, pattern):
    """Cut from the text right before (-1) or after (1) a formula the punctuation that matches, and return it."""
    while node.parent.index(node) + step not in range(len(node.parent)):
        if not isinstance(node.parent, nodes.Inline):
            return ""
        node = node.parent
    text = node.parent[node.parent.index(node) + step]
    found = pattern.search(text) if isinstance(text, nodes.Text) else None
    if not found:
        return ""
    text.parent.replace(text, nodes.Text(pattern.sub("", text)))
    return found.group()


def visit_inline(writer, node):
    writer.body.append(writer.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    writer.body.append(node["mathml"] + "</span>")
    raise nodes.SkipNode


def visit_display(writer, node):
    writer.body.append(writer.starttag(node, "div", "", CLASS="math notranslate nohighlight"))
    writer.body.append(f'<div class="formula">{node["mathml"]}</div></div>\n')
    raise nodes.SkipNode


def write_font(app, env):
    """Write the font of the book's formulas: within a style, since from disk Firefox loads no font file."""
    characters = set()
    for name in env.found_docs:
        for node in formulas(env.get_doctree(name)):
            characters.update(node.astext())
    data = base64.b64encode(font_for(characters)).decode()
    style = Path(app.outdir, "_static", FONT_STYLE)
    style.parent.mkdir(exist_ok=True)
    style.write_text(f'@font-face {{ font-family: "Book Math"; src: url("data:font/woff;base64,{data}") }}\n')


def setup(app):
    app.add_transform(FormulasToMathML)
    app.add_post_transform(FormulasInLines)
    app.add_html_math_renderer("offline_math", (visit_inline, None), (visit_display, None))
    app.add_css_file(FONT_STYLE)
    app.connect("env-updated", write_font)
