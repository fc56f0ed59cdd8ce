"""Shows in a page that what it says is checked, and lists all that is. A claim is a cell with the tag `claim`.

- The cells of claims stand folded behind a small mark at the end of the text before them, one mark a block of text, in
  a box or a fold as well: it unfolds the sentences, and these their code.
- The directive `claims` lists the sentences of all chapters, each with a link to its mark, and finds those with a word.
"""

import itertools
import json
import re
from html import escape
from pathlib import Path

from docutils import nodes
from jinja2 import Template
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from _ext.words import _

# What gluonbook.claim prints where a claim holds: the sentence, and how many comparisons were made.
HOLDS = re.compile(r"^✓ (.+?)(?:（| \()([1-9]\d*)[）)]$", re.MULTILINE)


def sentences_of(cell):
    """The sentences that a cell of a notebook found to hold, each with the number of comparisons; none if it isn't one of claims."""
    if "claim" not in cell["metadata"].get("tags", []):
        return []
    printed = "".join("".join(output.get("text", "")) for output in cell["outputs"])
    return HOLDS.findall(printed)


def cells_of(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["cells"]


class Mark(nodes.General, nodes.Element):
    """Holds cells of claims, and has an anchor for each of them, in `anchors`, and what they say, in `sentences`."""


def is_cell(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def text_before(cell):
    """The block of text before a cell, with other cells between or not; None if a heading comes first."""
    for node in reversed(cell.parent[: cell.parent.index(cell)]):
        if isinstance(node, nodes.title):
            return None
        if not is_cell(node) and not isinstance(node, nodes.Invisible):
            return node
    return None


def place(mark, block):
    """Put a mark at the end of a block of text: on the last line, if it ends with a paragraph, else beside it."""
    while not isinstance(block, nodes.paragraph):
        if isinstance(block, nodes.raw):  # the end of a fold, which began before
            block = block.parent[block.parent.index(block) - 1]
        elif isinstance(block[-1], (nodes.bullet_list, nodes.list_item, nodes.paragraph, nodes.raw)):
            block = block[-1]
        else:
            break
    together = nodes.container(classes=["claimed" if isinstance(block, nodes.paragraph) else "claimed-block"])
    block.replace_self(together)
    together += [block, mark]


class ClaimsToMarks(SphinxTransform):
    default_priority = 510  # plain_notebooks has made captions of paragraphs, and folds of sections

    def apply(self):
        path = Path(self.env.doc2path(self.env.docname))
        if path.suffix != ".ipynb":
            return
        stored = cells_of(path)
        claims = [cell for cell in self.document.findall(is_cell) if "tag_claim" in cell["classes"]]
        blocks = {cell: text_before(cell) or cell.parent for cell in claims}
        for block, cells in itertools.groupby(claims, blocks.get):
            cells = list(cells)
            held = [stored[cell["cell_index"]] for cell in cells]
            sentences = [sentence for cell in held for sentence in sentences_of(cell)]
            mark = Mark(classes=["claim"], anchors=[cell["id"] for cell in held], sentences=sentences)
            if block is cells[0].parent:
                block.insert(block.index(cells[0]), mark)
            else:
                place(mark, block)
            for cell in cells:
                cell.parent.remove(cell)
                cell[:] = cell[:1]  # what it prints, the mark says
            mark += cells


class ListOfClaims(SphinxDirective):
    """Lists what all chapters claim, in reading order: a section a chapter, a link a sentence."""

    def run(self):
        sections, total = [], 0
        for name in self.env.external_site_map.root.child_files():
            path = Path(self.env.doc2path(name))
            if path.suffix != ".ipynb":
                continue
            self.env.note_dependency(str(path))
            uri = self.env.app.builder.get_relative_uri(self.env.docname, name)
            links = [
                nodes.reference("", sentence, refuri=f"{uri}#{cell['id']}", internal=True)
                for cell in cells_of(path)
                if cell["cell_type"] == "code"
                for sentence, _ in sentences_of(cell)
            ]
            total += len(links)
            if links:
                title = "".join(cells_of(path)[0]["source"]).removeprefix("# ").partition("\n")[0].replace("`", "")
                items = [nodes.list_item("", nodes.paragraph("", "", link)) for link in links]
                bullets = nodes.bullet_list("", *items, classes=["claim-list"])
                count = nodes.paragraph("", _("{} 条").format(len(links)))
                sections.append(nodes.section("", nodes.title("", title), count, bullets, ids=[path.stem]))
        text = Path(__file__).with_name("finder.html").read_text(encoding="utf-8")
        finder = Template(text, keep_trailing_newline=True).render(say=_, total=total)
        return [nodes.raw("", finder, format="html"), *sections]


def visit_mark(writer, node):
    writer.body[-1] = writer.body[-1].rstrip()  # no space before the mark: no line begins with it
    writer.body += [f'<span id="{anchor}"></span>' for anchor in node["anchors"]]
    sentences = [(escape(sentence), number) for sentence, number in node["sentences"]]
    listed = "".join(f"<li>{sentence}{_('（{} 次比较）').format(number)}</li>" for sentence, number in sentences)
    writer.body.append(
        f'<details class="claim"><summary title="{_("已核对：")}{_("；").join(dict(sentences))}">'
        f'<span aria-hidden="true">✓</span><span class="visually-hidden">{_("已核对")}</span></summary>'
        f'<ul class="claim-list">{listed}</ul><details><summary>{_("核对的代码")}</summary>'
    )


def depart_mark(writer, node):
    writer.body.append("</details></details>")


def setup(app):
    app.add_node(Mark, html=(visit_mark, depart_mark))
    app.add_transform(ClaimsToMarks)
    app.add_directive("claims", ListOfClaims)
