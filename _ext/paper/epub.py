"""Makes of the book an EPUB 3: a file for each chapter, which Chromium turns from HTML into well-formed XHTML."""

import base64
import re
import tempfile
import uuid
import zipfile
from html import escape
from pathlib import Path

from _ext.words import _

from .book import element, plain
from .front import cover, imprint
from .pdf import STYLES, opened, write_styles

HERE = Path(__file__).parent
NAMESPACE = uuid.UUID("6f1d0f0a-3c1b-5c0e-9a55-9f4f2b9e5f10")  # this book's own, drawn once
COVER_SIZE = {"width": 794, "height": 1123}  # A4, as the PDF has it
KINDS = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff": "font/woff",
}

ATTRIBUTES = ["displaystyle", "scriptlevel"]

AS_XHTML = """html => {
    const page = new DOMParser().parseFromString(html, "text/html");
    return [...page.body.childNodes].map(node => new XMLSerializer().serializeToString(node)).join("");
}"""

# What those who can't see, or listen, may want to know before they open it.
ACCESS = {
    "accessMode": ["textual", "visual"],
    "accessModeSufficient": ["textual", "textual,visual"],
    "accessibilityFeature": ["alternativeText", "MathML", "readingOrder", "structuralNavigation", "tableOfContents"],
    "accessibilityHazard": ["none"],
    "accessibilitySummary": [_("公式是 MathML，插图都有替代文字，标题分级。")],
}


def xhtml(title, body, kind=""):
    kind = f' epub:type="{kind}"' if kind else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{_("zh-CN")}" xml:lang="{_("zh-CN")}">'
        f'<head><title>{escape(title)}</title><link rel="stylesheet" href="book.css"/></head><body{kind}>{body}</body></html>\n'
    )


def point_links_at_files(book):
    """Name the file in links from chapter to chapter."""
    of_anchor = {chapter.id: chapter.id for chapter in book.chapters}
    for chapter in book.chapters:
        of_anchor |= {tag["id"]: chapter.id for tag in chapter.body.find_all(id=True)}
    for chapter in book.chapters:
        for link in chapter.body.select('a[href^="#"]'):
            anchor = link["href"][1:]
            link["href"] = f"{of_anchor[anchor]}.xhtml" + (f"#{anchor}" if anchor != of_anchor[anchor] else "")


def simplify(book):
    """Leave out what XHTML or readers don't take."""
    for chapter in book.chapters:
        for tag in chapter.body.select("[displaystyle], [scriptlevel]"):
            # In the MathML of browsers any tag has these, in that of readers only some.
            taken = {"math": ATTRIBUTES, "mstyle": ATTRIBUTES, "mtable": ATTRIBUTES[:1]}.get(tag.name, [])
            style = {name: tag.attrs.pop(name) for name in ATTRIBUTES if name in tag.attrs and name not in taken}
            if style:
                tag.wrap(element("<mstyle></mstyle>")).attrs |= style
        for tag in chapter.body.select('[role="listitem"], [role="list"]'):
            del tag["role"]


def navigation(book):
    """Return the table of contents, and after it the places that readers offer by themselves."""

    def item(chapter):
        inner = "".join(
            f'<li><a href="{chapter.id}.xhtml#{anchor}">{escape(plain(heading))}</a></li>'
            for anchor, heading in chapter.sections
        )
        link = f'<a href="{chapter.id}.xhtml">{escape(chapter.heading)}</a>'
        return f"<li>{link}{f'<ol>{inner}</ol>' if inner else ''}</li>"

    parts = {}
    for chapter in book.chapters:
        parts.setdefault(chapter.part, []).append(item(chapter))
    lines = [
        f"<li><span>{escape(part)}</span><ol>{''.join(items)}</ol></li>" if part else "".join(items)
        for part, items in parts.items()
    ]
    places = [("cover", "cover", _("封面")), ("toc", "nav", _("目录")), ("bodymatter", book.chapters[0].id, _("正文"))]
    landmarks = "".join(f'<li><a epub:type="{kind}" href="{name}.xhtml">{text}</a></li>' for kind, name, text in places)
    return (
        f'<nav epub:type="toc" id="toc"><h1>{_("目录")}</h1><ol><li><a href="about.xhtml">{_("关于这份 {}").format("EPUB")}</a></li>{"".join(lines)}</ol></nav>'
        f'<nav epub:type="landmarks" hidden="hidden"><h2>{_("各部分")}</h2><ol>{landmarks}</ol></nav>'
    )


def package(book, names, with_math):
    """Return what says what the book is, of which files it consists, and in which order they are read."""
    identifier = uuid.uuid5(NAMESPACE, f"{book.title} {book.version}")
    access = [(key, value) for key, values in ACCESS.items() for value in values]
    about = "".join(f'<meta property="schema:{key}">{value}</meta>' for key, value in access)
    source = f"<dc:source>{escape(book.address)}</dc:source>" if book.address else ""
    items = []
    for name in names:
        properties = {"nav.xhtml": "nav", "cover.png": "cover-image"}.get(name, "")
        properties = f"{properties} mathml" if name in with_math else properties
        properties = f' properties="{properties.strip()}"' if properties else ""
        kind = KINDS[Path(name).suffix]
        items.append(f'<item id="f-{Path(name).name}" href="{name}" media-type="{kind}"{properties}/>')
    spine = [f'<itemref idref="f-{name}"/>' for name in names if name.endswith(".xhtml")]
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{_("zh-CN")}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier><dc:title>{escape(book.title)}</dc:title>
<dc:language>{_("zh-CN")}</dc:language><dc:creator>{escape(book.author)}</dc:creator>
<dc:rights>{escape(book.license)}</dc:rights><dc:date>{book.date}</dc:date>{source}
<meta property="dcterms:modified">{book.date}T00:00:00Z</meta>
{about}
</metadata>
<manifest>{"".join(items)}</manifest>
<spine>{"".join(spine)}</spine>
</package>
"""


CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def draw_cover(book, browser):
    text = f'<!DOCTYPE html><html lang="{_("zh-CN")}">{STYLES}<body>{cover(book)}</body></html>'
    with tempfile.TemporaryDirectory() as folder:
        write_styles(book, Path(folder), text)
        page = opened(browser, text, Path(folder, "cover.html"), viewport=COVER_SIZE, device_scale_factor=1.6)
        image = page.screenshot()
        page.close()
    return image


def write_epub(book, browser, path):
    files = {"book.css": (HERE / "epub.css").read_bytes()}
    style = (book.html / "_static" / "math-font.css").read_text()
    files["math.woff"] = base64.b64decode(re.search(r"base64,([^\")]+)", style)[1])
    for chapter in book.chapters:
        for count, image in enumerate(chapter.body.select("img[src]")):
            name, svg = f"images/{chapter.id}-{count}.svg", (book.html / image["src"]).read_text(encoding="utf-8")
            files[name] = re.sub(r'(?<=\bid=")[^"]+', lambda found: found[0].replace(" ", "-"), svg)
            image["src"] = name
    image_of_cover = draw_cover(book, browser)
    simplify(book)
    point_links_at_files(book)

    page = browser.new_page()
    picture = f'<section class="cover"><img src="cover.png" alt="{_("封面")}"/></section>'
    texts = {"cover.xhtml": xhtml(book.title, picture, "cover")}
    about = imprint(book, "EPUB").replace('href="#solutions"', 'href="solutions.xhtml"')
    texts["about.xhtml"] = xhtml(_("关于这份 {}").format("EPUB"), page.evaluate(AS_XHTML, about))
    texts["nav.xhtml"] = xhtml(_("目录"), navigation(book))
    for chapter in book.chapters:
        texts[f"{chapter.id}.xhtml"] = xhtml(chapter.heading, page.evaluate(AS_XHTML, chapter.as_html()))
    page.close()

    names = [*texts, "cover.png", *files]
    with_math = {name for name, text in texts.items() if "<math" in text}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("book/package.opf", package(book, names, with_math))
        for name, content in {**texts, "cover.png": image_of_cover, **files}.items():
            archive.writestr(f"book/{name}", content)
