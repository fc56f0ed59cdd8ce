"""Makes of a chapter's plain Markdown, which reads right everywhere as it stands, what a page of the book has besides.

- A paragraph "**图 5.1**　..." behind a figure becomes its caption; Sphinx gives the number.
- A quote "> **提示**　..." becomes a box.
- A paragraph that opens with "**问题**" looks like a question.
- A section 解答 or 推导（选读） becomes a fold, as JupyterLab folds the cells below that heading. What is folded of a cell is named.
- 图 5.1 in the text, on any page, becomes a link to that figure, and 练习 2 one to that exercise of the chapter.
- A short piece of code stays on one line.

The directives, labels and roles for these show as their source in JupyterLab, on GitHub and in editors.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from _ext.words import END, GAP, _

logger = logging.getLogger(__name__)

BOXES = {_("提示"): "tip", _("说明"): "note", _("注意"): "warning", _("试一试"): "hint", _("先猜后看"): "important"}
FIGURE = rf"{_('图')} (\d+(?:\.\d+)?)"
# Figures of an appendix have one number. An exercise of another chapter, behind the link to it, is found there.
REFERENCE = re.compile(rf"{FIGURE}|(?<!^{_('的')}){_('练习')} (\d+)")
SHORT = 28  # characters, of code that stays on one line, even on a phone


def label_of(number):
    return f"fig-{number.replace('.', '-')}"


def opening(paragraph):
    """Return the bold words with which `paragraph` opens, and what follows behind a gap, or nothing."""
    parts = [part for part in paragraph if part != ""]  # the parser leaves an empty text before bold words
    if len(parts) > 1 and isinstance(parts[0], nodes.strong) and parts[1].astext().startswith(GAP):
        if (bold := parts[0].astext()).endswith(END):
            return bold.removesuffix(END), [nodes.Text(parts[1].lstrip(GAP)), *parts[2:]]
    return "", []


def is_outputs(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "mime_bundle"


def caption_figure(paragraph, label, caption):
    """Turn the picture in the cell before `paragraph` into a figure with this caption."""
    siblings = paragraph.parent
    place = siblings.index(paragraph)
    picture = next(siblings[place - 1].findall(is_outputs), None) if place else None
    if picture is None or not any(picture.findall(nodes.image)):
        logger.warning("a caption without a figure before it", location=paragraph)
        return
    figure = nodes.figure("", names=[label])
    paragraph.document.note_explicit_target(figure)
    picture.replace_self(figure)
    figure += [picture, nodes.caption("", "", *caption)]
    siblings.remove(paragraph)


def frame(quote):
    """Turn a quote that opens with the name of a box into that box."""
    name, text = opening(quote[0])
    if name in BOXES:
        content = nodes.paragraph("", "", *text), *quote[1:]
        quote.replace_self(nodes.admonition("", nodes.title("", name), *content, classes=[BOXES[name]]))


FOLDS = {_("解答"): "solution", _("推导（选读）"): "derivation"}


class Fold(nodes.General, nodes.Element):
    """What its `title` unfolds."""


def fold(section, kind):
    title, *content = section.children
    section.replace_self(Fold("", *content, title=title.astext(), classes=[kind]))


def visit_fold(writer, node):
    writer.body.append(f'<details class="{node["classes"][0]}"><summary>{node["title"]}</summary>')


def depart_fold(writer, node):
    writer.body.append("</details>")


def name_folded(cell):
    """Say of a cell's fold what is in it: code that draws, an explorable's, or the source that it prints."""
    drawn = _("这幅图的代码") if "explore(" in cell.astext() else _("画图的代码")
    cell["prompt_show"] = cell["prompt_hide"] = drawn if cell["hide_mode"] == "input" else _("函数的源代码")


def name_exercises(document):
    """Give the sections of the exercises the names by which they are linked, and return these."""
    names = set()
    for section in document.findall(nodes.section):
        if found := re.match(rf"{_('练习')} (\d+){END}{GAP}", section.next_node(nodes.title).astext()):
            section["ids"].insert(0, f"ex-{found[1]}")
            names.add(section["ids"][0])
    return names


def link_numbers(text, exercises):
    parts, end = [], 0
    for found in REFERENCE.finditer(text):
        figure, exercise = found.groups()
        words = nodes.inline("", found[0])
        if figure:
            target = {"refdomain": "std", "reftype": "ref", "refexplicit": True, "refwarn": True}
            link = addnodes.pending_xref("", words, reftarget=label_of(figure), **target)
            link.source, link.line = text.parent.source, text.parent.line
        else:
            link = nodes.reference("", "", words, internal=True, refid=f"ex-{exercise}")
            if link["refid"] not in exercises:
                logger.warning("no exercise of this page has the number of %s", found[0], location=text.parent)
        parts += [nodes.Text(text[end : found.start()]), link]
        end = found.end()
    if parts:
        text.parent.replace(text, [*parts, nodes.Text(text[end:])])


class PlainNotebooks(SphinxTransform):
    default_priority = 500  # before Sphinx collects the labels, the figures and the sections

    def apply(self):
        path = Path(self.env.doc2path(self.env.docname))
        if path.suffix == ".ipynb":
            self.complete()
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= SHORT:
                code["classes"].append("whole")
        exercises = name_exercises(self.document)
        if self.env.docname == "CHANGELOG":
            return  # its numbers are those of the version of which it speaks
        for text in list(self.document.findall(nodes.Text)):
            if isinstance(text.parent, (nodes.paragraph, nodes.caption, nodes.strong, nodes.emphasis)):
                link_numbers(text, exercises)

    def complete(self):
        for paragraph in list(self.document.findall(nodes.paragraph)):
            bold, caption = opening(paragraph)
            if found := re.fullmatch(FIGURE, bold):
                caption_figure(paragraph, label_of(found[1]), caption)
            if next((part.astext() for part in paragraph if part.astext()), "").removesuffix(END) == _("问题"):
                paragraph["classes"].append("question")
        for quote in list(self.document.findall(nodes.block_quote)):
            frame(quote)
        for section in list(self.document.findall(nodes.section)):
            if kind := FOLDS.get(section.next_node(nodes.title).astext()):
                fold(section, kind)
        for cell in self.document.findall(lambda node: isinstance(node, nodes.container) and node.get("hide_mode")):
            name_folded(cell)


def setup(app):
    app.add_node(Fold, html=(visit_fold, depart_fold))
    app.add_transform(PlainNotebooks)
