"""Leads from a page to the running book.

- Behind the minutes that it takes, or before its first section, a chapter says in a line how to open it in JupyterLab, and offers
  its notebook and the data beside it.
- The notebook that is offered begins with a cell that says what to do where it finds itself alone; the stored one does not.
- The directive `get-the-book`, and every chapter, offer the whole book, and where the repository is known (see _ext/published)
  to launch it in the reader's browser.
"""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from _ext.paper import ARCHIVE
from _ext.words import _

DATA = re.compile(r"[\w-]+\.csv")  # which a notebook reads from its own folder

CHECK = """\
# {opened}
from pathlib import Path


class Missing(ImportError):
    def _render_traceback_(self):
        return [str(self)]


missing = [name for name in {data} if not Path(name).exists()]
try:
    from gluonbook import claim  # which other packages of this name don't have
except ImportError:
    raise Missing("{helper}") from None
if missing:
    raise Missing(f"{files}")"""


def data_of(notebook, folder):
    """The files of data that a notebook of this folder reads from it."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return sorted(name for name in set(DATA.findall(code)) if (folder / name).is_file())


def offered(notebook, name, data, address):
    """Put before the first code of a notebook what says, where it finds itself alone, how to get what it needs."""
    names = f"{{'{_('、')}'.join(missing)}}"
    where = _("下载全书") + f" {address}{ARCHIVE}" if address else _("在本书的网页上下载全书")
    source = CHECK.format(
        data=json.dumps(data),
        opened=_("这份笔记本是单独下载的，先看看它要用的东西在不在。"),
        helper=_(
            "这份笔记本要用本书的辅助包 gluonbook，这里没有；PyPI 上的 gluonbook 是另一个包。请{}，解开，在它的目录里运行 make lab CHAPTER={}，就会打开本章。"
        ).format(where, name),
        files=_("这份笔记本要读 {}，请从网页上本章的开头下载，放在同一个目录里。").format(names),
    )
    first = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    cell = nbformat.v4.new_code_cell(source, id="is-the-book-here", metadata={"jupyter": {"source_hidden": True}})
    notebook.cells.insert(first, cell)
    return notebook


def launchers(repository, notebook=None):
    """Where the book, or one of its notebooks, runs in the reader's browser: names and addresses."""
    host, path = urlsplit(repository).netloc, urlsplit(repository).path.strip("/")
    if host != "github.com":
        return {}
    opened = f"lab/tree/playground/{notebook}.ipynb" if notebook else "lab"
    return {
        "Binder": f"https://mybinder.org/v2/gh/{path}/HEAD?urlpath={opened}",
        "Codespaces": f"https://codespaces.new/{path}",
    }


def link(words, address, kind="external"):
    """A link to a file, "download", or to another host: to what is not one of the pages."""
    download = " download" if kind == "download" else ""
    return nodes.raw("", f'<a class="reference {kind}" href="{address}"{download}>{words}</a>', format="html")


def up(docname):
    return "../" * docname.count("/")


def listed(links, between):
    """Links with these words between them."""
    return [part for link in links for part in (nodes.Text(between), link)][1:]


def how_to_open(docname, name, data, repository):
    target = {"refdomain": "std", "reftype": "doc", "refexplicit": True, "reftarget": "troubleshooting"}
    guide = addnodes.pending_xref("", nodes.inline("", _("环境与排错")), **target)
    links = [link(_("下载全书"), f"{up(docname)}{ARCHIVE}", "download"), guide]
    links += [link(_("在 {} 里打开").format(place), address) for place, address in launchers(repository, name).items()]
    links.append(link(_("本章的笔记本"), f"{up(docname)}_sources/{docname}.ipynb", "download"))
    links += [link(file, f"{up(docname)}_sources/{docname.rpartition('/')[0]}/{file}", "download") for file in data]
    command = nodes.literal("", _("make lab CHAPTER=") + name)
    text = [nodes.Text(_("在 JupyterLab 里边读边改：")), command, nodes.Text("　"), *listed(links, "　")]
    return nodes.paragraph("", "", *text, classes=["open-in-jupyterlab"])


def is_place(node):
    """Whether it is the line of the minutes that a chapter takes, or where its first section begins."""
    return isinstance(node, nodes.section) or re.match(_("约 {} 分钟").format(r"\d+"), node.astext())


class Chapters(SphinxTransform):
    default_priority = 501  # plain_notebooks knows by now what is a fold and what a figure

    def apply(self):
        path = Path(self.env.doc2path(self.env.docname))
        if path.suffix == ".ipynb":
            data = data_of(nbformat.read(path, as_version=4), path.parent)
            box = how_to_open(self.env.docname, path.stem, data, self.config.book_repository)
            chapter = self.document.next_node(nodes.section)
            place = next((place for place, node in enumerate(chapter) if is_place(node)), len(chapter))
            minutes = place < len(chapter) and isinstance(chapter[place], nodes.paragraph)
            chapter.insert(place + minutes, box)


class GetTheBook(SphinxDirective):
    def run(self):
        repository = self.config.book_repository
        links = [link(_("下载全书"), f"{up(self.env.docname)}{ARCHIVE}", "download")]
        links += [link(_("在 {} 里打开").format(place), address) for place, address in launchers(repository).items()]
        links += [link(_("源代码"), repository)] if repository else []
        return [nodes.paragraph("", "", *listed(links, "　"), classes=["get-the-book"])]


def write_notebooks(app, exception):
    """Write the notebooks that are offered over the copies that Sphinx made of the stored ones, and the data beside them."""
    if exception is not None:
        return
    for docname in sorted(app.env.found_docs):
        path = Path(app.env.doc2path(docname))
        if path.suffix == ".ipynb":
            notebook = nbformat.read(path, as_version=4)
            copy = Path(app.outdir, "_sources", f"{docname}.ipynb")
            data = data_of(notebook, path.parent)
            text = nbformat.writes(offered(notebook, path.stem, data, app.config.html_baseurl))
            copy.write_text(text + "\n", encoding="utf-8")
            for file in data:
                copy.with_name(file).write_bytes((path.parent / file).read_bytes())


def setup(app):
    app.add_transform(Chapters)
    app.add_directive("get-the-book", GetTheBook)
    app.connect("build-finished", write_notebooks)
