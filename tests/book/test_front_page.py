"""Promises of the front page: it says what the book is, shows it, leads into it, and is readable where it is plain Markdown."""

import re

import pytest

from _ext.paper import NAME

from common import PARTS, ROOT


@pytest.fixture(scope="module")
def page(parsed):
    return parsed["index.html"]


def test_the_name_of_the_book_stands_once_above_the_text_once_in_the_sidebar_and_once_in_the_title(page):
    title, subtitle = "动手学优化", "从线性回归到动量法"
    assert page.h1.get_text().removesuffix("#") == page.title.get_text() == f"{title}：{subtitle}"
    sidebar = page.select_one(".bd-sidebar-primary")
    assert [sidebar.get_text().count(part) for part in (title, subtitle)] == [1, 1]


def test_every_page_leads_home_by_the_name_of_the_book(parsed):
    for name, other in parsed.items():
        (home,) = other.select(".bd-sidebar-primary a.navbar-brand")
        assert home["href"] == ("#" if name == "index.html" else "../" * name.count("/") + "index.html")


def test_it_opens_with_a_sentence_a_figure_to_drag_and_the_way_into_the_first_chapter(page):
    opening = page.select_one("article section").find_all(recursive=False)
    opening = opening[: [part.name for part in opening].index("section")]
    assert [part.name for part in opening] == ["h1", "p", "p", "gluonbook-explorable", "p", "p", "p"]
    way, book = page.select(".start-reading a")
    assert book.get_text() == "取得全书" and page.find(id=book["href"][1:]).select("h2, .get-the-book")
    assert way.get_text() == "开始阅读" and way["href"] == "chapters/linear-regression-scratch.html"
    assert not page.select("article section > p > img")  # which stands for the figure where no directive is known


def test_there_is_a_card_for_each_topic_which_leads_to_its_first_chapter_and_says_what_for(page):
    cards = page.select("ul.cards > li")
    topics = [part["chapters"][0]["file"] for part in PARTS if part.get("numbered")]
    assert [card.a["href"] for card in cards] == [f"{topic}.html" for topic in topics]
    assert all(len(card.get_text()) > 25 for card in cards)


def test_three_lines_get_the_book_and_run_it(page):
    block = page.select_one(".get-the-book").find_next("pre").get_text()
    assert block.split("\n")[:3] == [f"unzip {NAME}.zip", f"cd {NAME}", "make lab"]


SOURCES = sorted({*ROOT.glob("*.md"), *ROOT.glob("chapters/*.md")})


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_page_shows_no_directive_where_its_source_is_read_and_its_links_and_pictures_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    shown = re.sub(r"<!--.*?-->|`[^`\n]+`|\$[^$\n]+\$", "", text, flags=re.DOTALL)
    assert not re.search(r"^```\{|^:::|^\(.+\)=$|\{[a-z]+\}`|^%", shown, re.MULTILINE)
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", shown):
        assert (path.parent / target).is_file(), target
