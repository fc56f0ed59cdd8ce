"""Promises of the marks behind what the pages claim, on a small book: where they stand, and what is listed."""

from nbformat.v4 import new_code_cell, new_output

from common import claim_of, small_book


def claim(name):
    return claim_of(f"{name} 成立", id=name, outputs=[new_output("stream", text=f"✓ {name} 成立（1）\n")])


def build(book, *cells):
    """Builds what changed in a book of a chapter with these cells and of the list of claims; gives both pages."""
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: chapters/a\n")
    source = {"index": "# Claims\n\n```{claims}\n```\n", "chapters/a": ["# 甲章", *cells]}
    return small_book(book, source, "myst_nb", "sphinx_external_toc", "_ext.claims").values()


def marks_of(page):
    """What stands before each mark, by the ids of the cells that it unfolds."""
    found = {}
    for mark in page.select("details.claim"):
        spans = mark.find_previous_siblings("span", limit=len(mark.select("div.cell_input")))
        before = spans[-1].find_previous_sibling()
        found[tuple(span["id"] for span in reversed(spans))] = (before.name, before.get_text().strip("¶\n "))
    return found


def test_a_mark_stands_at_the_end_of_the_text_before_the_claims_one_for_all_of_them(tmp_path):
    _, page = build(
        tmp_path,
        "第一段。\n\n第二段。",
        claim("behind"),
        claim("again"),
        "- 一\n- 二",
        new_code_cell("x = 1"),
        claim("behind-code"),
        "$$x$$",
        claim("behind-formula"),
        "<details>\n<summary>再看</summary>\n\n折起的。\n\n</details>",
        claim("behind-fold"),
        "## 一节",
        new_code_cell("x = 2"),
        claim("without-text"),
        "## 又一节",
        claim("behind-heading"),
    )
    assert marks_of(page) == {
        ("behind", "again"): ("p", "第二段。"),
        ("behind-code",): ("p", "二"),
        ("behind-formula",): ("div", "x"),
        ("behind-fold",): ("p", "折起的。"),
        ("without-text",): ("div", "x = 2"),
        ("behind-heading",): ("h2", "又一节"),
    }
    assert len(page.select("section > section")) == 2  # nothing before them ends the page's own
    shown = page.select("div.cell_input:not(.claim div)")
    assert [code.get_text().strip() for code in shown] == ["x = 1", "x = 2"]


def test_the_list_follows_a_changed_notebook(tmp_path):
    index, _ = build(tmp_path, "一段。", claim("first"))
    links = index.select("section section li a")
    assert [(link["href"], link.get_text()) for link in links] == [("chapters/a.html#first", "first 成立")]
    index, _ = build(tmp_path, "一段。", claim("second"))
    assert [link.get_text() for link in index.select("section section li a")] == ["second 成立"]
