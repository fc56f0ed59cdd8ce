"""Promises of the English edition: the same cells and figures as in Chinese, and no sentence that is older than its message."""

import re
import subprocess

import nbformat
import pytest
import translate
from babel.messages.pofile import read_po
from check_translations import check
from join_editions import linked

from gluonbook.book.explorables import VALUES

from common import NOTEBOOKS, ROOT, parse, parsed_in

HAN = re.compile("[\u4e00-\u9fff]")
NAMES = sorted(path.stem for path in (ROOT / "locale" / "en").glob("*.po"))


@pytest.fixture(scope="module")
def site(make):
    """The folder of both editions."""
    make("html EDITION=en")
    return ROOT / "_build" / "site"


@pytest.fixture(scope="module")
def english(site):
    """Each page that is translated, parsed, by its path in both editions."""
    pages, waiting = parsed_in(site / "en"), "main a[hreflang=zh-CN]"
    return {name: page for name, page in pages.items() if name != "search.html" and not page.select_one(waiting)}


def test_without_a_catalogue_a_page_comes_back_as_it_is():
    for path in translate.pages().values():
        text = path.read_text(encoding="utf-8")
        assert translate.reworded(text, lambda context, message, comments: message, path.suffix == ".ipynb") == text


def test_explorables_speak_english_and_their_cells_ask_for_it():
    found = []
    for path in NOTEBOOKS:
        text = translate.reworded(
            path.read_text(encoding="utf-8"), lambda context, message, comments: message, True, "en"
        )
        for cell in nbformat.reads(text, as_version=4).cells:
            shown = "".join(output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))
            if name := re.match('<gluonbook-explorable name="(.+?)"', shown):
                found.append(name[1])
                assert re.search(rf'explore\(\s*"{name[1]}", lang="en",', cell.source)
                assert ' lang="en"><img' in shown and not HAN.search(shown)
    assert sorted(found) == sorted(VALUES)


@pytest.mark.parametrize("name", NAMES)
def test_the_catalogues_say_what_the_book_says_now_and_make_update_would_change_nothing(name):
    path = ROOT / "locale" / "en" / f"{name}.po"
    assert translate.updated(path, name) == path.read_text(encoding="utf-8")


def test_translations_have_the_formulas_numbers_code_links_and_structure_of_their_messages():
    assert check("en") == []


def test_a_sentence_that_changes_makes_its_own_translation_fuzzy_and_no_other():
    messages = translate.messages_of("linear-regression-scratch")
    old = [message for message in read_po(open(ROOT / "locale/en/linear-regression-scratch.po", "rb")) if message.id]
    (context, message, comments), *rest = messages
    new = translate.merged(old, [(context, message.replace("。", "！", 1), comments), *rest])
    fuzzy = [message for message in new if message.fuzzy]
    assert [(message.context, message.previous_id) for message in fuzzy] == [(context, [message])]
    assert sum(bool(message.string) for message in new if message.id) == sum(bool(message.string) for message in old)


def test_an_edition_that_does_not_exist_is_refused_with_those_that_do():
    result = subprocess.run(["make", "html", "EDITION=fr"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode and "EDITION must be zh or en, got fr" in result.stderr


# What the rooms make of a page, by what shows it. A page has as many of each in both languages, or one wasn't recognised.
MADE = {
    "figures": "figure",
    "boxes": ".admonition",
    "folds": "details",
    "questions": ".question",
    "exercises": "[id^=ex-]",
    "claims": "details.claim",
    "sentences of claims": "details.claim .claim-list li",
    "explorables": "gluonbook-explorable",
    "captions of explorables": ".explorable-caption",
    "cards": ".cards > li",
    "formulas": "math",
    "terms": "[id^=term-]",
    "links to figures and exercises": "a[href*='#fig-'], a[href*='#ex-']",
}


def test_both_editions_have_the_same_figures_boxes_folds_claims_terms_and_formulas(english, parsed):
    for name, page in english.items():
        chinese, found = (
            {kind: len(each.select(f"main {how}")) for kind, how in MADE.items()} for each in (parsed[name], page)
        )
        assert found == chinese, name


def test_no_chinese_is_left_on_a_page_in_english_but_the_names_in_the_index_and_the_way_to_the_chinese_page(english):
    for name, page in english.items():
        for left in page.select("[lang=zh-CN], script, dl.py" + (", table" if "terms" in name else "")):
            left.decompose()
        assert not HAN.findall(str(page)), name


def test_where_the_address_of_the_book_is_known_programs_are_told_that_of_the_twin():
    brand = '<span class="book-subtitle">from here</span></a>'
    page = f'<link rel="canonical" href="https://a.b/book/en/chapters/x.html"></head>{brand}'
    found = linked(page, "zh-CN", "../../chapters/x.html")
    assert '<link rel="alternate" hreflang="zh-CN" href="https://a.b/book/chapters/x.html">' in found
    assert '<a href="../../chapters/x.html" hreflang="zh-CN" lang="zh-CN">中文</a>' in found


def test_a_page_and_its_translation_lead_to_one_another(english, site):
    for name in english:
        up = "../" * (name.count("/") + 1)
        there, back = (parse(site / folder / name) for folder in ("", "en"))
        assert there.select_one("a[hreflang=en]")["href"] == f"{up[3:]}en/{name}"
        assert back.select_one("a[hreflang=zh-CN]")["href"] == f"{up}{name}"
        assert there.select_one("link[hreflang=en]") and back.select_one("link[hreflang=zh-CN]")
        assert (there.html["lang"], back.html["lang"]) == ("zh-CN", "en")
