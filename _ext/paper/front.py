"""What stands before the text: the title page, and the page that says what this is."""

from html import escape

from bs4 import BeautifulSoup

from _ext.words import EDITION, _
from gluonbook.book.explorables import picture as picture_of

COVER = "momentum-valley"

# What else it would take from the system. A halo would make a drawing of each of its letters.
PICTURE_STYLE = """
    svg { display: block; width: 100%; height: auto; }
    text { font-family: var(--sans) !important; stroke: none !important; }
    .i { font-family: "Book Italic", var(--serif) !important; font-style: normal !important; }
    .i + tspan { font-family: "Book Math", var(--serif); }
"""


def picture(svg, alternative=""):
    """Return an element with a picture, the text of which is text, where the book's fonts reach it."""
    element = BeautifulSoup(
        f'<span class="picture"><template shadowrootmode="open"><style>{PICTURE_STYLE}</style>{svg}</template></span>',
        "html.parser",
    ).span
    element.attrs |= {"role": "img", "aria-label": alternative} if alternative else {"aria-hidden": "true"}
    element.svg.title.decompose()
    return element


def cover(book):
    title, subtitle = book.title.split(_("："), 1)
    drawing = picture(picture_of(COVER, EDITION).read_text(encoding="utf-8"))
    return f"""<section class="cover"><p class="title">{escape(title)}</p><p class="subtitle">{escape(subtitle)}</p>
<p class="with">{_("用 Apache MXNet Gluon")}</p>{drawing}<p class="by">{_("{}　著").format(escape(book.author))}</p></section>"""


def imprint(book, kind):
    """Return what differs from the pages, where those are, and who may do what with it; `kind` is PDF or EPUB."""
    made = _("在本书的目录里运行 <code>make html</code> 生成")
    address = f'<a href="{book.address}">{book.address}</a>' if book.address else made
    fonts = _(
        "正文用思源宋体（Noto Serif SC），标题用思源黑体（Noto Sans CJK SC），公式用 STIX Two Math，代码用 DejaVu Sans Mono。"
    )
    version = _("版本 {}，{}。").format(book.version, book.date)
    return f"""<section class="imprint note"><h2 id="about">{_("关于这份 {}").format(kind)}</h2>
<p>{_("它与网页版同出一源，文字、公式和图都相同，只有几处不一样：")}</p>
<ul><li><p>{_("练习的解答集中在")}<a href="#solutions">{_("练习解答")}</a>{_("里，题目和解答互有链接。")}</p></li>
<li><p>{_("动手图画的是开始时的样子，在网页版里可以拖动。")}</p></li>
<li><p>{_("只用来画图的代码，以及每条论断的核对代码，在网页版里是折叠起来的，这里没有收入。它们在各章的笔记本里。")}</p></li></ul>
<p>{_("网页版：")}{address}</p>
<p>{version} © {book.date[:4]} {escape(book.author)}。{escape(book.license)}</p>
{f"<p>{fonts}</p>" if kind == "PDF" else ""}</section>"""
