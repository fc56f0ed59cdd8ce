"""Promises to authors: plain Markdown becomes figures, boxes and links, and a reference that leads nowhere is found."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from common import small_book

PICTURE = new_output("display_data", {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>"})
FIGURE = new_code_cell("plot()", outputs=[PICTURE])


def build(folder, *cells):
    """Build a book of two chapters, of which the second has these cells; give its page."""
    book = {
        "index": "# Book\n\n```{toctree}\n:numbered: 1\none\ntwo\n```\n```{toctree}\ntroubleshooting\n```\n",
        "troubleshooting": "# Trouble\n",
        "one": ["# A chapter", "## A section", FIGURE, "**图 1.1**　A curve."],
        "two": ["# A chapter", "## A section", *cells],
    }
    return small_book(folder, book, "myst_nb", "_ext.plain_notebooks")["two"]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return build(
        tmp_path_factory.mktemp("book"),
        FIGURE,
        "**图 2.1**　Another curve, unlike 图 1.1.",
        "See **图 2.1** and 练习 2.",
        "`图 9.9`, [图 9.8](one.ipynb), [第 1 章](one.ipynb)的练习 3。",
        "> **提示**　A hint, `code`.\n>\n> Its end.",
        "> **Someone** said so.",
        "### 练习 1　First",
        "### 练习 2　Last, as in 图 9.9",
    )


def test_a_picture_gets_the_caption_behind_it(page):
    figure = page.select_one("figure#fig-2-1")
    assert figure.img and figure.select_one(".caption-text").get_text() == "Another curve, unlike 图 1.1."


def test_numbers_in_the_text_lead_to_what_they_name_but_not_those_in_code_titles_links_or_of_other_chapters(page):
    links = page.select("section section > p > a, section section > p strong > a, .caption-text a")
    assert {link.get_text(): link["href"] for link in links} == {
        "图 1.1": "one.html#fig-1-1",
        "图 2.1": "#fig-2-1",
        "练习 2": "#ex-2",
        "图 9.8": "one.html",
        "第 1 章": "one.html",
    }
    assert page.select_one("section#ex-2").h3.get_text().startswith("练习 2　Last")


def test_a_quote_that_opens_with_the_name_of_a_box_becomes_that_box_and_another_stays_a_quote(page):
    assert [part.get_text() for part in page.select(".admonition.tip p")] == ["提示", "A hint, code.", "Its end."]
    assert page.blockquote.get_text().strip() == "Someone said so."


def test_what_leads_nowhere_is_warned_of(tmp_path):
    with pytest.raises(AssertionError) as found:
        build(tmp_path, "See 图 1.2 and 练习 3.", "**图 2.1**　A caption.")
    assert "undefined label: 'fig-1-2'" in str(found.value)
    assert "no exercise of this page has the number of 练习 3" in str(found.value)
    assert "a caption without a figure before it" in str(found.value)
