"""Makes of a chapter's plain Markdown, which JupyterLab shows as it stands, what a page of the book has besides.

- A paragraph labelled `fig-...` behind a figure, "**图 5.1**　...", becomes its caption; Sphinx gives the number.
- A section 解答 becomes a fold, as JupyterLab folds the cells below that heading.
- Before its first section, a chapter says how to open it in JupyterLab.

The directives for these (figures of MyST-NB, sphinx-exercise) show nothing, or their source, in JupyterLab.
"""

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging


def is_outputs(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "mime_bundle"


def caption_figure(paragraph):
    """Turn the picture in the cell before `paragraph` into a figure with it as its caption."""
    siblings = paragraph.parent
    place = siblings.index(paragraph)  # behind the cell and the label
    picture = next(siblings[place - 2].findall(is_outputs), None) if place >= 2 else None
    if picture is None or not any(picture.findall(nodes.image)):
        logging.getLogger(__name__).warning("a caption without a figure before it", location=paragraph)
        return
    number = paragraph.index(paragraph.next_node(nodes.strong))
    text, *rest = paragraph.children[number + 1:]
    figure = nodes.figure("", ids=paragraph["ids"], names=paragraph["names"])
    picture.replace_self(figure)
    figure += [picture, nodes.caption("", "", nodes.Text(text.lstrip("\u3000")), *rest)]
    siblings.remove(paragraph)


def fold_solution(section):
    """Turn a section into an admonition that sphinx-togglebutton folds."""
    title, *content = section.children
    section.replace_self(nodes.admonition("", nodes.title("", title.astext()), *content, classes=["dropdown", "solution"]))


def tell_how_to_open(chapter, name):
    """Put the command that opens the notebook `name` before the first section of `chapter`."""
    guide = addnodes.pending_xref(
        "", nodes.inline("", "环境与排错"), refdomain="std", reftype="doc", refexplicit=True, reftarget="troubleshooting"
    )
    file = addnodes.download_reference("", nodes.Text("本章的笔记本"), reftarget=f"{name}.ipynb")
    first_section = next(place for place, node in enumerate(chapter) if isinstance(node, nodes.section))
    chapter.insert(first_section, nodes.admonition(
        "",
        nodes.title("", "在 JupyterLab 里边读边改"),
        nodes.paragraph("", "", nodes.Text("在本书的目录里运行这条命令，就会打开本章。怎样准备，见"), guide,
                        nodes.Text("；也可以只下载"), file, nodes.Text("。")),
        nodes.literal_block("", f"make lab CHAPTER={name}", language="sh"),
        classes=["seealso", "open-in-jupyterlab"],
    ))


class PlainNotebooks(SphinxTransform):
    default_priority = 500  # before Sphinx collects the labels, the figures and the sections

    def apply(self):
        path = Path(self.env.doc2path(self.env.docname))
        if path.suffix != ".ipynb":
            return
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if any(label.startswith("fig-") for label in paragraph["ids"]):
                caption_figure(paragraph)
        for section in list(self.document.findall(nodes.section)):
            if section.next_node(nodes.title).astext() == "解答":
                fold_solution(section)
        tell_how_to_open(self.document.next_node(nodes.section), path.stem)


def setup(app):
    app.add_transform(PlainNotebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
