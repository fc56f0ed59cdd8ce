"""Promises of the marks behind what the pages claim, on a small book: where they stand, how they are switched off."""

import os
import subprocess
import sys

import nbformat
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from common import ROOT

CONFIGURATION = """
extensions = ["myst_nb", "sphinx_external_toc", "_ext.claims"]
nb_execution_mode = "off"
exclude_patterns = ["html", "jupyter_execute"]
myst_enable_extensions = ["dollarmath"]
"""
TOC = "format: jb-book\nroot: index\nchapters:\n  - file: chapters/a\n"


def claim(name):
    sentence = f"{name} 成立"
    return new_code_cell(
        f'@gluonbook.claim("{sentence}")\ndef check():\n    assert 1',
        id=name,
        metadata={"tags": ["claim"]},
        outputs=[new_output("stream", name="stdout", text=f"✓ {sentence}（1）\n")],
    )


def write(book, *cells):
    (book / "chapters").mkdir(exist_ok=True)
    (book / "conf.py").write_text(CONFIGURATION)
    (book / "_toc.yml").write_text(TOC)
    (book / "index.md").write_text("# Claims\n\n```{claims}\n```\n")
    notebook = new_notebook(cells=[new_markdown_cell("# 甲章"), *cells], metadata={"language_info": {"name": "python"}})
    nbformat.write(notebook, book / "chapters" / "a.ipynb")


def build(book, *options):
    """Builds what changed; returns both pages."""
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--quiet", *options, str(book), str(book / "html")]
    run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert run.returncode == 0, run.stderr
    pages = [book / "html" / name for name in ("index.html", "chapters/a.html")]
    return [BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser") for page in pages]


def marks_of(page):
    """What stands before each mark, by the ids of the cells that it unfolds."""
    found = {}
    for mark in page.select("details.claim"):
        spans = mark.find_previous_siblings("span", limit=len(mark.select("div.cell_input")))
        before = spans[-1].find_previous_sibling()
        found[tuple(span["id"] for span in reversed(spans))] = (before.name, before.get_text().strip("¶\n "))
    return found


def test_a_mark_stands_at_the_end_of_the_text_before_the_claims_one_for_all_of_them(tmp_path):
    write(
        tmp_path,
        new_markdown_cell("第一段。\n\n第二段。"),
        claim("behind"),
        claim("again"),
        new_markdown_cell("- 一\n- 二"),
        new_code_cell("x = 1"),
        claim("behind-code"),
        new_markdown_cell("$$x$$"),
        claim("behind-formula"),
        new_markdown_cell("## 一节"),
        new_code_cell("x = 2"),
        claim("without-text"),
        new_markdown_cell("## 又一节"),
        claim("behind-heading"),
    )
    _, page = build(tmp_path)
    assert marks_of(page) == {
        ("behind", "again"): ("p", "第二段。"),
        ("behind-code",): ("p", "二"),
        ("behind-formula",): ("div", "\\[x\\]"),
        ("without-text",): ("div", "x = 2"),
        ("behind-heading",): ("h2", "又一节"),
    }
    assert [code.get_text() for code in page.select("div.cell_input:not(.claim div)")] == [
        "\nx = 1\n\n\n",
        "\nx = 2\n\n\n",
    ]


def test_the_list_follows_a_changed_notebook_and_the_marks_can_be_switched_off(tmp_path):
    write(tmp_path, new_markdown_cell("一段。"), claim("first"))
    links = build(tmp_path)[0].select("section section li a")
    assert [(link["href"], link.get_text()) for link in links] == [("chapters/a.html#first", "first 成立")]
    write(tmp_path, new_markdown_cell("一段。"), claim("second"))
    links = build(tmp_path)[0].select("section section li a")
    assert [link.get_text() for link in links] == ["second 成立"]
    index, page = build(tmp_path, "-D", "claims_marks=0")
    assert not page.select("details") and not page.select("div.cell")
    assert page.select_one("#second") and index.select("section section li a")
