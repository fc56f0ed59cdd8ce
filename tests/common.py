"""What several tests share besides fixtures: where the book and its browser are, and small things done with pages."""

import functools
import re
import sys
from pathlib import Path

import nbformat
import sphinx.cmd.build
import yaml
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from run_notebooks import NOTEBOOK_METADATA

ROOT = Path(__file__).resolve().parents[1]
# With these, make runs what it runs in .venv in the environment of this process, as it stands.
OLD = ("readers", "tests", "maintainers", ".venv/made-from", ".venv/made-from-maintainers")
IN_THIS_ENVIRONMENT = [f"BIN={Path(sys.executable).parent}", *(f"--old-file={name}" for name in OLD)]

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
PARTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
NUMBERED = [f"{page['file']}.ipynb" for part in PARTS if part.get("numbered") for page in part["chapters"]]
CHAPTERS = [path for path in NOTEBOOKS if path.relative_to(ROOT).as_posix() in NUMBERED]  # the others are appendices


@functools.cache
def read(path):
    """A notebook, for reading only."""
    return nbformat.read(path, as_version=4)


def text_of(path):
    """The Markdown of a notebook or of another page."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def claim_of(sentence, test="assert 1", **options):
    """A cell with this claim."""
    source = f'@gluonbook.claim("{sentence}")\ndef check():\n    {test}'
    return new_code_cell(source, metadata={"tags": ["claim"]}, **options)


FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$([^$\n]+)\$", re.DOTALL)
CODE = re.compile(r"^(```+).*?^\1|`[^`\n]+`", re.DOTALL | re.MULTILINE)


def prose_of(path):
    """What a notebook or another page says outside its code."""
    return CODE.sub("", text_of(path))


def pages_of(html):
    """Every page of the rendered book, that for search too, but not what a server shows where there is no page."""
    return sorted({*html.glob("*.html"), *html.glob("chapters/*.html")} - {html / "404.html"})


def parsed_in(html):
    """Every page of the rendered book, parsed, by its path in the book."""
    return {path.relative_to(html).as_posix(): parse(path) for path in pages_of(html)}


def small_book(folder, pages, *extensions):
    """Builds a book of pages by name, each of Markdown or of cells; gives them parsed, or asserts what is warned of."""
    (folder / "conf.py").write_text(
        f"extensions = {['_ext.offline_math', *extensions]}\nhtml_math_renderer = 'offline_math'\n"
        "myst_enable_extensions = ['amsmath', 'dollarmath']\nmath_number_all = False\nnumfig = True\n"
        "nb_execution_mode = 'off'\nexclude_patterns = ['html', 'jupyter_execute']\n"
        "source_suffix = {}\n"  # which extensions fill, and which this process would keep from one book to the next
    )
    for name, page in pages.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if isinstance(page, str):
            path.with_suffix(".md").write_text(page, encoding="utf-8")
        else:
            cells = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in page]
            nbformat.write(new_notebook(cells=cells, metadata=NOTEBOOK_METADATA), path.with_suffix(".ipynb"))
    sphinx.cmd.build.main(["-q", "-w", str(folder / "warnings"), str(folder), str(folder / "html")])
    warnings = (folder / "warnings").read_text(encoding="utf-8")
    assert not warnings, warnings
    return {name: parse(folder / "html" / f"{name}.html") for name in pages}


def parse(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def messages_of(page):
    """What a page complains of on the console from now on, and what goes wrong in it."""
    messages = []
    page.on("console", lambda line: messages.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: messages.append(str(error)))
    return messages


def open_unfolded(page, url):
    """Opens a page with all that it folds away unfolded, and nothing still moving."""
    page.goto(url)
    unfold(page)


def unfold(page):
    """Unfolds all that a page folds away, and lets nothing move any more."""
    page.add_style_tag(content="* { transition: none !important }")
    page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
