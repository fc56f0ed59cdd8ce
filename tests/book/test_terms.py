"""Promises of the index of terms: it has those that the chapters explain, and leads to where they do."""

import re

import pytest

from _ext.terms import ROW, explained

from common import NOTEBOOKS, ROOT, text_of


def rows(table):
    return [[cell.get_text().strip() for cell in row.select("td")] for row in table.select("tbody tr")]


def test_it_lists_the_terms_by_pinyin_and_by_english_each_with_its_chapters(parsed):
    by_pinyin, by_english = map(rows, parsed["chapters/terms.html"].select("article table"))
    assert len(by_pinyin) > 100
    assert sorted([english, chinese, chapters] for chinese, english, chapters in by_pinyin) == sorted(by_english)
    assert [row[0].lower() for row in by_english] == sorted(row[0].lower() for row in by_english)


def test_each_number_leads_to_a_paragraph_of_that_chapter_that_explains_the_term(parsed):
    for row in parsed["chapters/terms.html"].select_one("article table").select("tbody tr"):
        chinese, english, _ = (cell.get_text().strip() for cell in row.select("td"))
        links = row.select("a")
        assert links, chinese
        for link in links:
            name, _, anchor = link["href"].partition("#")
            chapter = parsed[f"chapters/{name}"]
            place = chapter.find(id=anchor)
            paragraph = place if place.name == "p" else place.find_parent("p")
            assert explained(chinese, english).search(paragraph.get_text()), anchor
            number = chapter.select_one("article h1").get_text().partition(".")[0]
            assert link.get_text() == (number if number.isdigit() else "附录")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_term_that_a_chapter_sets_bold_with_its_english_name_is_in_it(path):
    listed = {english.lower() for _, english in ROW.findall(text_of(ROOT / "chapters" / "terms.md"))}
    bold = {english.lower() for english in re.findall(r"\*\*\w+\*\*（([A-Za-z][a-z -]+)）", text_of(path))}
    assert bold - listed == set()
