"""Promises of the rendered book: every page in reading order, in Chinese, with its figures and results."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest
from pybtex.database import parse_file

import gluonbook
from _ext.claims import sentences_of
from gluonbook.book.explorables import VALUES

from common import NOTEBOOKS, PARTS, ROOT, read, text_of
from play import is_claim, is_visible
from renumber import chapters_of


def heading_of(file):
    """The title of a page, in the source that `file`, of the table of contents, names."""
    path = ROOT / f"{file}.ipynb"
    text = text_of(path if path.exists() else path.with_suffix(".md"))
    return re.search("^# (.+)", text, re.MULTILINE)[1].replace("`", "")


FILES = ["index", *(page["file"] for part in PARTS for page in part["chapters"])]
READING_ORDER = [heading_of(file) for file in FILES]
IN_ORDER = [ROOT / f"{file}.ipynb" for file in FILES if (ROOT / f"{file}.ipynb") in NOTEBOOKS]


@pytest.fixture(scope="session")
def pages(parsed):
    """Every page that the sidebar leads to, by its path."""
    sidebar = ".bd-sidebar-primary :is(a.navbar-brand, a.reference.internal)"
    links = [link["href"] for link in parsed["index.html"].select(sidebar)]
    paths = [link.split("#")[0] or "index.html" for link in links]
    return {path: parsed[path] for path in dict.fromkeys(paths)}


def title(page):
    return re.sub(r"^\d+\. ", "", page.select_one("h1").get_text().removesuffix("#").strip())


def test_the_pages_stand_in_the_sidebar_in_reading_order(pages):
    assert [title(page) for page in pages.values()] == READING_ORDER


def test_each_page_leads_to_the_next(pages):
    for page, following in zip(list(pages.values()), READING_ORDER[1:]):
        link = page.select_one("a.right-next .prev-next-title").get_text().strip()
        assert link.endswith(following)


def chapter(pages, path):
    return pages[f"chapters/{path.stem}.html"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_shows_each_figure_and_each_printed_result_and_no_check(pages, html, path):
    page = chapter(pages, path)
    shown = list(filter(is_visible, read(path).cells))
    outputs = [output for cell in shown for output in cell.outputs]

    figures = page.select("figure img")
    alts = [cell.metadata["mystnb"]["image"]["alt"] for cell in shown if "mystnb" in cell.metadata]
    assert [figure["alt"] for figure in figures] == alts
    assert len(figures) == len([output for output in outputs if "image/svg+xml" in output.get("data", {})])
    for figure in figures:
        assert (html / "chapters" / figure["src"]).resolve().is_file()

    text = page.select_one("article").get_text()
    for output in outputs:
        if output.output_type == "stream":
            assert output.text.strip() in text
    assert len(page.select("div.cell_input:not(.claim div)")) == len(shown)
    assert "# The claim" not in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_claim_is_unfolded_by_the_mark_behind_the_text_before_it(pages, path):
    marks = chapter(pages, path).select("details.claim")
    unfolded = [code.get_text().strip() for mark in marks for code in mark.select("div.cell_input pre")]
    assert marks and unfolded == [cell.source for cell in read(path).cells if is_claim(cell)]
    for mark in marks:
        assert mark.summary.get_text() == "✓已核对"
        assert mark.find_previous_sibling(["p", "ul", "ol", "div"])


def test_the_register_lists_every_claim_chapter_by_chapter_and_leads_to_its_mark(pages):
    sections = pages["chapters/claims.html"].select("section section")
    listed = [
        (section.h2.get_text().removesuffix("#"), [link.get_text() for link in section.select("li a")])
        for section in sections
    ]
    held = [
        (title(chapter(pages, path)), [sentence for cell in read(path).cells for sentence, _ in sentences_of(cell)])
        for path in IN_ORDER
    ]
    assert held and listed == held
    marks = {
        f"{path.stem}.html#{span['id']}": span.find_next_sibling("details", class_="claim")
        for path in NOTEBOOKS
        for span in chapter(pages, path).select("span[id]")
    }
    for section in sections:
        for link in section.select("li a"):
            assert f'"{link.get_text()}"' in marks[link["href"]].get_text()


def test_helper_code_is_shown_in_place_with_its_colours(pages):
    for path in NOTEBOOKS:
        sources = chapter(pages, path).select("div.cell_output div.highlight-python")
        assert all(source.select("span.k") for source in sources), path


def test_no_helper_function_is_used_in_a_chapter_before_its_source_was_shown():
    shown = set()
    for path in IN_ORDER:
        visible = [cell.source for cell in filter(is_visible, read(path).cells)]
        names = {source: set(re.findall(r"\bgluonbook\.([a-z]\w*)", source)) for source in visible}
        shown.update(*(names[source] for source in visible if "show_source(" in source))
        used = set().union(*names.values()) - {"plt", "explore", "graph"}  # its figures are not Python; a module
        assert used <= shown, (path.stem, used - shown)


def test_chapters_and_helper_do_without_the_packages_of_the_tests():
    sources = [*NOTEBOOKS, *(ROOT / "gluonbook").rglob("*.py")]
    assert not [path for path in sources if re.search(r"\b(sklearn|scipy)\b", path.read_text(encoding="utf-8"))]


def test_every_function_of_the_helper_is_in_the_reference(pages):
    documented = [name["id"] for name in pages["chapters/gluonbook.html"].select("dt.sig")]
    functions = [name for name in gluonbook.__all__ if callable(getattr(gluonbook, name))]
    assert sorted(documented) == sorted(f"gluonbook.{name}" for name in functions)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_numbers_of_figures_in_the_prose_are_those_under_the_figures(pages, path):
    page = chapter(pages, path)
    numbers = {
        figure["id"]: figure.select_one(".caption-number").get_text().strip() for figure in page.select("figure")
    }
    links = [link for link in page.select('article a[href^="#fig-"]') if link.get_text() != "#"]
    assert {link["href"][1:]: link.get_text() for link in links} == numbers
    assert re.findall(r"^\*\*(图 .+)\*\*", text_of(path), re.MULTILINE) == list(numbers.values())


def test_links_to_other_pages_are_named_as_these_are(pages):
    titles = {path: {title(page)} for path, page in pages.items()}
    for path, number in chapters_of({"parts": PARTS}).items():
        if number:
            titles[f"chapters/{path}.html"].add(f"第 {number} 章")
    for path, page in pages.items():
        for link in page.select("article a.reference.internal:not(.cards a, .start-reading a)"):
            target, _, anchor = link["href"].partition("#")
            if target and not anchor:
                assert link.get_text() in titles[(PurePosixPath(path).parent / target).as_posix()], path


def test_no_page_shows_the_asterisks_of_emphasis(pages):
    for path, page in pages.items():
        code = {id(text) for element in page.article.find_all(["code", "pre"]) for text in element.strings}
        text = "".join(text for text in page.article.strings if id(text) not in code)
        assert re.findall(r".{0,9}\*\*[\u4e00-\u9fff]|[\u4e00-\u9fff。]\*\*.{0,9}", text) == [], path


def test_every_link_inside_the_book_leads_somewhere(html, parsed):
    anchors = {html / path: {"", *(tag["id"] for tag in page.select("[id]"))} for path, page in parsed.items()}
    dead = set()
    for path, page in zip(anchors, parsed.values()):
        for link in page.select("a[href], link[href]"):
            target, _, anchor = unquote(link["href"]).partition("#")
            if not target.startswith("https://"):
                target = (path.parent / target.partition("?")[0]).resolve() if target else path
                if not target.is_file() or anchor not in anchors.get(target, {""}):
                    dead.add((path.name, link["href"]))
    assert dead == set()


def test_every_entry_of_the_bibliography_is_cited_by_author_and_year_and_nothing_else_is(pages):
    cited = {link for path in NOTEBOOKS for link in re.findall(r"\[([^][]+（\d{4}）)\]\((\S+?)\)(?!\d)", text_of(path))}
    entries = set()
    for entry in parse_file(ROOT / "references.bib").entries.values():
        names = [" ".join(author.prelast_names + author.last_names) for author in entry.persons["author"]]
        names = f"{names[0]} 等" if len(names) > 2 else " 和 ".join(names)
        url = f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else entry.fields["url"]
        entries.add((f"{names}（{entry.fields['year']}）", url))
    assert cited == entries
    assert len(pages["chapters/references.html"].select("article .citation .label")) == len(entries)


def test_only_one_style_stands_before_the_text_and_no_script(parsed):
    for name, page in parsed.items():
        styles = [link["href"].rsplit("/", 1)[1] for link in page.select("link[rel=stylesheet]:not([media=print])")]
        behind = ["math-font.css"] * (name != "search.html")  # for a reader without scripts
        assert styles == ["book.css", *behind], name
        assert len(page.select("noscript > link[href$='math-font.css']")) == len(behind), name
        assert not page.select("script[src]:not([defer])"), name


def test_every_page_says_that_it_is_in_chinese_and_the_interface_speaks_it(parsed):
    english = []
    for name, page in parsed.items():
        assert page.html["lang"] == "zh-CN"
        for element in page.body.find_all(True):
            if element.name == "a" and "reference" in element.get("class", []):
                continue  # a reference is named in its own language
            words = [element.get(name, "") for name in ("aria-label", "title", "placeholder", "alt")]
            if element.name in ("button", "summary", "label") or "skip-link" in element.get("class", []):
                words.append(element.get_text().strip())
            english += [
                (name, text)
                for text in words
                if re.search("[A-Za-z]{3}", text) and not re.search(r"[\u4e00-\u9fff]|^\.[a-z]+$", text)  # ".pdf"
            ]
        assert "Copyright" not in page.select_one("footer.bd-footer-content").get_text()
    assert english == []


def test_pages_with_an_explorable_share_one_script_and_others_load_none(html, parsed):
    shown = {name: len(page.select("gluonbook-explorable")) for name, page in parsed.items()}
    for name, number in shown.items():
        text = (html / name).read_text(encoding="utf-8")
        assert ("_static/explorables.js" in text) == (number > 0), name
        assert "customElements" not in text, name
    assert shown["index.html"] == 1 and sum(shown.values()) == len(VALUES) + 1
