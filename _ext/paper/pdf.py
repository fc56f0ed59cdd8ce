"""Prints the book as one PDF, with Chromium."""

import copy
import dataclasses
import re
import shutil
import tempfile
from bisect import bisect
from html import escape
from pathlib import Path

import pikepdf
import pypdfium2
from bs4 import BeautifulSoup
from pygments.formatters import HtmlFormatter

from _ext.words import _

from .book import SOLUTIONS, element, plain, text_of
from .fonts import write_fonts
from .front import cover, imprint, picture

HERE = Path(__file__).parent
PAGE_UNKNOWN = "000"
INDEX_NAMES = _("讲解它的各章")
MAP = "map.svg"  # of the book, the words of which are text, too
IN_EVERY_CHAPTER = (_("小结"), _("练习"), _("延伸阅读"))  # as what the contents leave out begins
# The characters of GB 2312 stand in the order of Pinyin; here is the first of each letter.
LETTERS = "A啊B芭C擦D搭E蛾F发G噶H哈J击K喀L垃M妈N拿O哦P啪Q期R然S撒T塌W挖X昔Y压Z匝"
WHOLE = 12  # lines of code, and of what it prints, that stay on one page
# From line to line, in the order in which a chapter tries them.
LEADINGS = [1.68, 1.66, 1.7, 1.64, 1.72, 1.62, 1.74, 1.6, 1.76, 1.58, 1.8, 1.55]
FOOT = 20 * 72 / 25.4  # in points; the number of a page stands below
LEAST = 842 - (24 + 0.3 * (297 - 24 - 22)) * 72 / 25.4  # so far down the last page of a chapter is filled

# Counted as the reader of a screen counts them: the title page is the first.
OPTIONS = {"prefer_css_page_size": True, "print_background": True, "tagged": True, "outline": True}

STYLES = '<meta charset="utf-8">' + "".join(
    f'<link rel="stylesheet" href="{name}.css">' for name in ("pygments", "math-font", "print", "pdf")
)


def contents(book, pages):
    """Return the table of contents, with the number of the page on which each anchor is, as far as known."""

    def line(anchor, text):
        page = pages.get(anchor, PAGE_UNKNOWN)
        return f'<a href="#{anchor}"><span>{text}</span><span class="dots"></span><span class="page">{page}</span></a>'

    lines, part = [], ""
    for chapter in book.chapters:
        if chapter.part != part:
            part = chapter.part
            lines.append(f'<li class="part">{escape(part)}</li>')
        inner = "".join(
            f"<li>{line(anchor, heading.decode_contents())}</li>"
            for anchor, heading in chapter.sections
            if not heading.get_text().startswith(IN_EVERY_CHAPTER) and chapter.id != SOLUTIONS
        )
        prefix = f'<span class="number">{chapter.number}</span>' if chapter.number else ""
        lines.append(f"<li>{line(chapter.id, prefix + escape(chapter.title))}<ol>{inner}</ol></li>")
    return f'<nav class="contents"><h1 id="contents">{_("目录")}</h1><ol>{"".join(lines)}</ol></nav>'


def letter_of(term, by_pinyin):
    """Return the letter under which an index lists a term; ordered by Pinyin, it begins with Latin ones, which need none."""
    if term[0] < "一":
        return "" if by_pinyin else term[0].upper()
    other = {"重根": "C", "行列式": "H"}  # the first characters of which are mostly read in another way
    firsts = [first.encode("gb2312") for first in LETTERS[1::2]]
    return other.get(term) or LETTERS[::2][bisect(firsts, term[0].encode("gb2312")) - 1]


def index_of_terms(chapter, pages):
    """Return the index with pages where that of the web names chapters, in columns under their letters."""
    body = copy.copy(chapter.body)
    for text in body.find_all(string=re.compile(INDEX_NAMES)):
        text.replace_with(text.replace(INDEX_NAMES, _("讲解它的那几页")))
    for by_pinyin, table in zip((True, False), body.select("table")):
        columns, letter = element('<div class="terms"></div>'), ""
        for term, other, links in (row.select("td") for row in table.select("tbody tr")):
            term, other = text_of(term), text_of(other)
            if letter_of(term, by_pinyin) != letter:
                letter = letter_of(term, by_pinyin)
                columns.append(element(f'<p class="letter">{letter}</p>'))
            line = element(f"<p>{escape(term)}\u3000{escape(other)}\u3000</p>")
            for link in links.select("a[href]"):
                link.string = str(pages.get(link["href"][1:], PAGE_UNKNOWN))
            for place, link in enumerate(sorted(links.select("a[href]"), key=lambda link: int(link.string))):
                line.extend([_("，"), link] if place else [link])
            columns.append(line)
        table.replace_with(columns)
    return dataclasses.replace(chapter, body=body).as_html()


def article(chapter, pages, leading):
    content = index_of_terms(chapter, pages) if chapter.id == "terms" else chapter.as_html()
    return f'<article id="{chapter.id}" style="line-height: {leading}">{content}</article>'


def document(book, pages, leadings):
    """Return the whole book as HTML, with the numbers of pages as far as known."""
    chapters = (article(chapter, pages, leading) for chapter, leading in zip(book.chapters, leadings))
    return f"""<!DOCTYPE html>
<html lang="{_("zh-CN")}"><head><title>{escape(book.title)}</title>{STYLES}</head><body>
{cover(book)}{imprint(book, "PDF")}{contents(book, pages)}{"".join(chapters)}</body></html>"""


def prepare(book, folder):
    """Put beside the document what it needs: pictures, styles, fonts."""
    for chapter in book.chapters:
        for code in chapter.body.select("pre"):
            if code.get_text().count("\n") <= WHOLE:
                code["style"] = "break-inside: avoid"
        for image in chapter.body.select("img[src]"):
            is_explorable = image.find_parent(class_="explorable")
            if is_explorable or Path(image["src"]).name == MAP:
                drawing = picture((book.html / image["src"]).read_text(encoding="utf-8"), image["alt"])
                if not is_explorable:
                    drawing["style"] = f"width: {drawing.svg['width']}px"
                image.replace_with(drawing)
            else:
                shutil.copy(book.html / image["src"], folder)
                image["src"] = Path(image["src"]).name
    write_styles(book, folder, document(book, {}, LEADINGS[:1] * len(book.chapters)))


def write_styles(book, folder, text):
    """Put the styles beside a text, and the fonts that they name, with its characters."""
    for style in (HERE / "static" / "print.css", HERE / "pdf.css", book.html / "_static" / "math-font.css"):
        shutil.copy(style, folder)
    (folder / "pygments.css").write_text(HtmlFormatter(style="a11y-light").get_style_defs(".highlight"))
    write_fonts(folder, {character for character in text if character >= " "})


# Where the lines of a picture pass through its words, these stand on white.
WHITE_BEHIND_WORDS = """() => {
    for (const host of document.querySelectorAll(":is(.cover, .explorable) > .picture"))
        for (const text of host.shadowRoot.querySelectorAll("text")) {
            const {x, y, width, height} = text.getBBox(), box = document.createElementNS(text.namespaceURI, "rect");
            const shape = {x: x - 2, y: y + 1, width: width + 4, height: height - 2, fill: "#fff", "fill-opacity": 0.85};
            for (const [name, value] of Object.entries(shape)) box.setAttribute(name, value);
            if (text.hasAttribute("transform")) box.setAttribute("transform", text.getAttribute("transform"));
            text.before(box);
        }
}"""


def pages_of_anchors(pdf):
    """Return the number of the page of every place that has a name in the PDF."""
    numbers = {page.objgen: number for number, page in enumerate((page.obj for page in pdf.pages), 1)}
    names = pdf.Root.get("/Dests", {})
    return {name[1:]: numbers[destination[0].objgen] for name, destination in names.items()}


def opened(browser, text, path, **options):
    """A page with this text, which is written there, once its fonts are loaded."""
    path.write_text(text, encoding="utf-8")
    page = browser.new_page(**options)
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    page.evaluate(WHITE_BEHIND_WORDS)
    return page


def printed(browser, text, path, **options):
    page = opened(browser, text, path.with_suffix(".html"))
    page.pdf(path=path, **OPTIONS | options)
    page.close()
    return pikepdf.open(path)


def leading_of(chapter, browser, path):
    """Return the leading with which a chapter, each of which begins on a new page, doesn't end on a nearly empty one."""
    ends = {}
    for leading in LEADINGS:
        printed(browser, f"<!DOCTYPE html>{STYLES}{article(chapter, {}, leading)}", path).close()
        words = [*pypdfium2.PdfDocument(path)][-1].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
        ends[leading] = min(height for _, height, *_ in (thing.get_bounds() for thing in words) if height > FOOT)
        if ends[leading] < LEAST:
            break
    return min(ends, key=ends.get)


def print_book(book, browser, path):
    """Print the book: once to see on which page everything is, and once more with these numbers in the contents."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        prepare(book, folder)
        leadings = [leading_of(chapter, browser, folder / "chapter.pdf") for chapter in book.chapters]
        pages = {}
        for _ in range(2):
            text = document(book, pages, leadings)
            with printed(browser, text, folder / "book.pdf") as pdf:
                before, pages = pages, pages_of_anchors(pdf)
        if before != pages:
            raise RuntimeError("the numbers of the pages in the contents moved what they count")
        with pikepdf.open(folder / "book.pdf") as pdf:
            tags = BeautifulSoup(text, "html.parser").find_all(re.compile("^h[1-6]$"))
            with printed(browser, heads(pdf, tags), folder / "heads.pdf", tagged=False, outline=False) as above:
                for sheet, head in zip(pdf.pages, above.pages, strict=True):
                    sheet.add_overlay(head)
            finish(pdf, book, map(plain, tags))
            pikepdf.settings.set_flate_compression_level(9)
            pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True)


def heads(pdf, tags):
    """Return a document of as many pages as `pdf`, with nothing but what stands at their heads: the chapter, and the section.

    That is the first that begins on the page, or else the one that goes on; where a chapter begins, there is nothing.
    """
    numbers = {page.objgen: number for number, page in enumerate(page.obj for page in pdf.pages)}
    starting = [[] for _ in numbers]
    with pdf.open_outline(max_depth=9) as outline:
        for bookmark, tag in zip(in_order(outline.root), tags, strict=True):
            starting[numbers[bookmark.destination[0].objgen]].append(tag)
    chapter, section, sheets = "", "", []
    for here in starting:
        opening = [tag.decode_contents() for tag in here if tag.name == "h1"]
        sections = [tag.decode_contents() for tag in here if tag.name == "h2"]
        shown = f"<span>{chapter}</span><span>{sections[0] if sections else section}</span>"
        sheets.append(f'<div class="running-head">{"" if opening or not chapter else shown}</div>')
        if opening:
            chapter, section = opening[-1], ""
        section = [section, *sections][-1]
    return f"<!DOCTYPE html>{STYLES}<style>body {{ background: none !important }}</style>{''.join(sheets)}"


def in_order(bookmarks):
    for bookmark in bookmarks:
        yield bookmark
        yield from in_order(bookmark.children)


def finish(pdf, book, titles):
    """Say what the PDF is, and have it open with its bookmarks, those of the sections folded and their formulas readable."""
    with pdf.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:title"] = book.title
        about["dc:creator"] = [book.author]
        about["dc:language"] = [_("zh-CN")]
        about["dc:rights"] = book.license
    pdf.docinfo["/Title"], pdf.docinfo["/Author"] = book.title, book.author
    pdf.Root.PageMode = pikepdf.Name.UseOutlines
    with pdf.open_outline(max_depth=9) as outline:
        for chapter in outline.root:
            chapter.is_closed = True
        for bookmark, title in zip(in_order(outline.root), titles, strict=True):
            bookmark.title = title
