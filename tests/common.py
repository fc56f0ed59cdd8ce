"""What several tests share besides fixtures: where the book and its browser are, and small things done with pages."""

import subprocess
import sys
from pathlib import Path

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
# With these, make runs what it runs in .venv in the environment of this process, as it stands.
OLD = ("readers", "tests", "maintainers", ".venv/made-from", ".venv/made-from-maintainers")
IN_THIS_ENVIRONMENT = [f"BIN={Path(sys.executable).parent}", *(f"--old-file={name}" for name in OLD)]

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
PARTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
NUMBERED = [f"{page['file']}.ipynb" for part in PARTS if part.get("numbered") for page in part["chapters"]]
CHAPTERS = [path for path in NOTEBOOKS if path.relative_to(ROOT).as_posix() in NUMBERED]  # the others are appendices


def is_claim(cell):
    """Say whether a cell is one of claims, which the pages show folded and not between the others."""
    return "claim" in cell.metadata.get("tags", [])


def pages_of(html):
    """Every page of the rendered book, that for search too, but not what a server shows where there is no page."""
    return sorted({*html.glob("*.html"), *html.glob("chapters/*.html")} - {html / "404.html"})


def small_book(folder, pages, extensions=("myst_parser", "_ext.offline_math")):
    """Builds a book of these pages, given by name, with MyST and the maths; gives the process and the first page."""
    (folder / "conf.py").write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        f"extensions = {[*extensions]}\nhtml_math_renderer = 'offline_math'\n"
        "myst_enable_extensions = ['amsmath', 'dollarmath']\nmath_number_all = False\n"
    )
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    build = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "2", folder, folder / "html"]
    process = subprocess.run(build, capture_output=True, text=True)
    return process, BeautifulSoup((folder / "html" / "index.html").read_text(encoding="utf-8"), "html.parser")


def open_unfolded(page, url):
    """Opens a page with all that it folds away unfolded, and nothing still moving."""
    page.goto(url)
    unfold(page)


def unfold(page):
    """Unfolds all that a page folds away, and lets nothing move any more."""
    page.add_style_tag(content="* { transition: none !important }")
    page.evaluate("""
        document.querySelectorAll("details").forEach(box => box.open = true);
        document.querySelectorAll(".toggle-button-hidden").forEach(button => button.click());
    """)
