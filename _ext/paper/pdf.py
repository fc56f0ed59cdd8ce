"""Prints the book as one PDF, with Chromium."""

import json
import re
import shutil
import tempfile
from html import escape
from pathlib import Path

import pikepdf
from bs4 import BeautifulSoup
from pygments.formatters import HtmlFormatter

from .book import plain
from .fonts import write_fonts
from .front import cover, imprint, picture

HERE = Path(__file__).parent
PAGE_UNKNOWN = "000"
INDEX_NAMES = "讲解它的各章"
MAP = "map.svg"  # of the book, the words of which are text, too
IN_EVERY_CHAPTER = ["小结", "练习", "延伸阅读"]  # which the contents leave out

# Counted as the reader of a screen counts them: the title page is the first.
OPTIONS = {"prefer_css_page_size": True, "print_background": True, "tagged": True, "outline": True}


def heads(book):
    """Return the style of the running heads: the chapter on the left, the book on the right."""
    rules = []
    for chapter in book.chapters:
        named = json.dumps(chapter.heading, ensure_ascii=False)
        title = json.dumps(book.title.split("：")[0], ensure_ascii=False)
        rules.append(
            f"#{chapter.id} {{ page: {chapter.id} }}\n"
            f"@page {chapter.id} {{ @top-left {{ content: {named} }} @top-right {{ content: {title} }} }}"
        )
    return "\n".join(rules)


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
            if heading.get_text() not in IN_EVERY_CHAPTER
        )
        prefix = f'<span class="number">{chapter.number}</span>' if chapter.number else ""
        lines.append(f"<li>{line(chapter.id, prefix + escape(chapter.title))}<ol>{inner}</ol></li>")
    return f'<nav class="contents"><h1 id="contents">目录</h1><ol>{"".join(lines)}</ol></nav>'


def number_pages_of_terms(chapter, pages):
    """Have the index name pages where that of the pages of the web names chapters."""
    for text in chapter.body.find_all(string=re.compile(INDEX_NAMES)):
        text.replace_with(text.replace(INDEX_NAMES, "讲解它的那几页"))
    for text in chapter.body.find_all(string="章"):
        text.replace_with("页")
    for link in chapter.body.select('td a[href^="#"]'):
        link.string = str(pages.get(link["href"][1:], PAGE_UNKNOWN))


def document(book, pages):
    """Return the whole book as HTML."""
    for chapter in book.chapters:
        if chapter.id == "terms":
            number_pages_of_terms(chapter, pages)
    chapters = "".join(f'<article id="{chapter.id}">{chapter.as_html()}</article>' for chapter in book.chapters)
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(book.title)}</title>
<link rel="stylesheet" href="pygments.css"><link rel="stylesheet" href="math-font.css">
<link rel="stylesheet" href="print.css"><link rel="stylesheet" href="pdf.css">
<style>{heads(book)}</style></head><body>
{cover(book)}{imprint(book, "PDF")}{contents(book, pages)}{chapters}</body></html>"""


def prepare(book, folder):
    """Put beside the document what it needs: pictures, styles, fonts."""
    for chapter in book.chapters:
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
    for style in ("static/print.css", "pdf.css"):
        shutil.copy(HERE / style, folder)
    shutil.copy(book.html / "_static" / "math-font.css", folder)
    (folder / "pygments.css").write_text(HtmlFormatter(style="a11y-light").get_style_defs(".highlight"))
    text = document(book, {})
    return write_fonts(folder, {character for character in text if character >= " "})


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


def print_book(book, browser, path):
    """Print the book: once to see on which page everything is, and once more with these numbers in the contents."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        prepare(book, folder)
        pages = {}
        for _ in range(2):
            (folder / "book.html").write_text(document(book, pages), encoding="utf-8")
            page = browser.new_page()
            page.goto((folder / "book.html").as_uri())
            page.evaluate("document.fonts.ready")
            page.evaluate(WHITE_BEHIND_WORDS)
            page.pdf(path=folder / "book.pdf", **OPTIONS)
            page.close()
            with pikepdf.open(folder / "book.pdf") as pdf:
                before, pages = pages, pages_of_anchors(pdf)
        if before != pages:
            raise RuntimeError("the numbers of the pages in the contents moved what they count")
        with pikepdf.open(folder / "book.pdf") as pdf:
            finish(pdf, book, headings(document(book, pages)))
            pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True)


def headings(text):
    return [plain(heading) for heading in BeautifulSoup(text, "html.parser").find_all(re.compile("^h[1-6]$"))]


def in_order(bookmarks):
    for bookmark in bookmarks:
        yield bookmark
        yield from in_order(bookmark.children)


def finish(pdf, book, titles):
    """Say what the PDF is, and have it open with its bookmarks, those of the sections folded and their formulas readable."""
    with pdf.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:title"] = book.title
        about["dc:creator"] = [book.author]
        about["dc:language"] = ["zh-CN"]
        about["dc:rights"] = book.license
    pdf.docinfo["/Title"], pdf.docinfo["/Author"] = book.title, book.author
    pdf.Root.PageMode = pikepdf.Name.UseOutlines
    with pdf.open_outline(max_depth=9) as outline:
        for chapter in outline.root:
            chapter.is_closed = True
        for bookmark, title in zip(in_order(outline.root), titles, strict=True):
            bookmark.title = title
