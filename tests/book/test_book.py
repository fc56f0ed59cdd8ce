"""Promises of the rendered book: every page in reading order, in Chinese, with its figures and results."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

import nbformat
import pytest
from pybtex.database import parse_file

from _ext.claims import sentences_of
from gluonbook.book.explorables import VALUES

from common import NOTEBOOKS, PARTS, ROOT, is_claim


def heading_of(file):
    """The title of a page, in the source that `file`, of the table of contents, names."""
    path = ROOT / f"{file}.ipynb"
    text = nbformat.read(path, 4).cells[0].source if path.exists() else path.with_suffix(".md").read_text("utf-8")
    return re.search("^# (.+)", text, re.MULTILINE)[1].replace("`", "")


FILES = ["index", *(page["file"] for part in PARTS for page in part["chapters"])]
READING_ORDER = [heading_of(file) for file in FILES]


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


def test_every_page_says_that_it_is_in_chinese(pages):
    assert {page.html["lang"] for page in pages.values()} == {"zh-CN"}


def chapter(pages, path):
    return pages[f"chapters/{path.stem}.html"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_shows_each_figure_and_each_printed_result_and_no_check(pages, html, path):
    page, notebook = chapter(pages, path), nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [cell for cell in code if not is_claim(cell)]
    outputs = [output for cell in shown for output in cell.outputs]

    figures = page.select("figure img")
    assert [figure["alt"] for figure in figures] == [
        cell.metadata["mystnb"]["image"]["alt"] for cell in shown if "mystnb" in cell.metadata
    ]
    assert len(figures) == len([output for output in outputs if "image/svg+xml" in output.get("data", {})])
    for figure in figures:
        assert (html / "chapters" / figure["src"]).resolve().is_file()

    text = page.select_one("article").get_text()
    for output in outputs:
        if output.output_type == "stream":
            assert output.text.strip() in text
    assert len(page.select("div.cell_input:not(.claim div)")) == len(shown)
    assert "# The claim" not in text


def test_each_claim_is_unfolded_by_the_mark_behind_the_text_before_it(pages):
    marks = 0
    for path in NOTEBOOKS:
        page = chapter(pages, path)
        claims = [cell for cell in nbformat.read(path, as_version=4).cells if is_claim(cell)]
        unfolded = [code.get_text().strip() for code in page.select("details.claim div.cell_input pre")]
        assert unfolded == [cell.source for cell in claims]
        for mark in page.select("details.claim"):
            assert mark.summary.get_text() == "✓已核对"
            assert mark.find_previous_sibling(["p", "ul", "ol", "div"])
        marks += len(page.select("details.claim"))
    assert marks >= 9


def test_the_register_lists_every_claim_chapter_by_chapter_and_leads_to_its_mark(pages):
    register = pages["chapters/claims.html"]
    listed = {
        section.h2.get_text().removesuffix("#"): section.select("li a")
        for section in register.select("section section")
    }
    held = {}
    for path in [(ROOT / page).with_suffix(".ipynb") for page in pages]:
        if path in NOTEBOOKS:
            held[title(chapter(pages, path))] = [
                sentence for cell in nbformat.read(path, as_version=4).cells for sentence in sentences_of(cell)
            ]
    held = {name: sentences for name, sentences in held.items() if sentences}
    assert held and {name: [link.get_text() for link in links] for name, links in listed.items()} == held
    assert list(listed) == list(held)
    for link in register.select("section section li a"):
        page, _, anchor = link["href"].partition("#")
        mark = pages[f"chapters/{page}"].select_one(f'span[id="{anchor}"] ~ details.claim')
        assert f'"{link.get_text()}"' in mark.get_text()


def test_helper_code_is_shown_in_place_with_its_colours(pages):
    for path in NOTEBOOKS:
        sources = chapter(pages, path).select("div.cell_output div.highlight-python")
        assert all(source.select("span.k") for source in sources), path


def test_no_helper_function_is_used_in_a_chapter_before_its_source_was_shown(pages):
    shown = set()
    chapters = [path for path in ((ROOT / page).with_suffix(".ipynb") for page in pages) if path in NOTEBOOKS]
    assert len(chapters) == len(NOTEBOOKS)
    for path in chapters:
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        visible = [cell.source for cell in cells if not is_claim(cell)]
        names = {source: set(re.findall(r"\bgluonbook\.([a-z]\w*)", source)) for source in visible}
        for source in visible:
            if "show_source(" in source:
                shown |= names[source]
        used = set().union(*names.values()) - {"plt", "explore"}  # its figures are not Python
        assert used <= shown, (path.stem, used - shown)


def test_every_function_of_the_helper_is_in_the_reference(pages):
    import gluonbook

    documented = [name["id"] for name in pages["chapters/gluonbook.html"].select("dt.sig")]
    functions = [name for name in gluonbook.__all__ if callable(getattr(gluonbook, name))]
    assert sorted(documented) == sorted(f"gluonbook.{name}" for name in functions)


def test_the_numbers_of_figures_in_the_prose_are_those_under_the_figures(pages):
    for path in NOTEBOOKS:
        page = chapter(pages, path)
        numbers = {
            figure["id"]: figure.select_one(".caption-number").get_text().strip() for figure in page.select("figure")
        }
        links = [
            link for link in page.select("article a") if link["href"].startswith("#fig-") and link.get_text() != "#"
        ]
        assert {link["href"][1:]: link.get_text() for link in links} == numbers, path
        written = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.source.startswith("**图 ")]
        assert [re.search(r"\*\*(.+)\*\*", caption)[1] for caption in written] == list(numbers.values())


def test_links_to_other_pages_are_named_as_these_are(pages):
    titles = {path: title(page) for path, page in pages.items()}
    for path, page in pages.items():
        for link in page.select("article a.reference.internal:not(.cards a, .start-reading a)"):
            target, _, anchor = link["href"].partition("#")
            if target and not anchor:
                assert link.get_text() == titles[(PurePosixPath(path).parent / target).as_posix()], path


def test_no_page_shows_the_asterisks_of_emphasis(pages):
    for path, page in pages.items():
        text = "".join(line for line in page.article.find_all(string=True) if not line.find_parent(["code", "pre"]))
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
    cited = set()
    for path in NOTEBOOKS:
        cited |= set(re.findall(r"\[([^][]+（\d{4}）)\]\((\S+?)\)(?!\d)", path.read_text(encoding="utf-8")))
    entries = set()
    for entry in parse_file(ROOT / "references.bib").entries.values():
        names = [" ".join(author.prelast_names + author.last_names) for author in entry.persons["author"]]
        names = f"{names[0]} 等" if len(names) > 2 else " 和 ".join(names)
        url = f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else entry.fields["url"]
        entries.add((f"{names}（{entry.fields['year']}）", url))
    assert cited == entries
    listed = pages["chapters/references.html"].select("article .citation .label")
    assert len(listed) == len(entries)


def test_only_one_style_stands_before_the_text_and_no_script(parsed):
    for name, page in parsed.items():
        styles = [link["href"].rsplit("/", 1)[1] for link in page.select("link[rel=stylesheet]:not([media=print])")]
        assert styles == ["book.css", "math-font.css"], name  # the second for a reader without scripts
        assert page.select_one("noscript > link[href$='math-font.css']"), name
        assert not page.select("script[src]:not([defer])"), name


def test_the_interface_speaks_chinese(parsed):
    english = []
    for name, page in parsed.items():
        assert page.html["lang"] == "zh-CN"
        for element in page.select("body *:not(a.reference)"):  # a reference is named in its own language
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


def test_pages_with_an_explorable_share_one_script_and_others_load_none(html):
    chapters = {path.stem: path.read_text(encoding="utf-8") for path in (html / "chapters").glob("*.html")}
    for name, text in {**chapters, "index": (html / "index.html").read_text(encoding="utf-8")}.items():
        assert ("_static/explorables.js" in text) == ("<gluonbook-explorable" in text), name
        assert "customElements" not in text, name
    assert sum(text.count("<gluonbook-explorable") for text in chapters.values()) == len(VALUES)
    assert "<gluonbook-explorable" in (html / "index.html").read_text(encoding="utf-8")
    assert (ROOT / "index.md").read_text(encoding="utf-8").count("{explorable}") == 1
