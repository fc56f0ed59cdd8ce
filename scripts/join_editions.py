"""Put both editions on one site, _build/site: the Chinese pages as they are, the English ones in en, each with a link to its twin.

A page that isn't translated has none: what stands for it in English leads to the Chinese one.
"""

import re
import shutil
from urllib.parse import urljoin

from translate import ROOT

SITE, HTML, ENGLISH = (ROOT / "_build" / place for place in ("site", "html", "en/_build/html"))
BRAND = re.compile(r'(<span class="book-subtitle">.*?</span>\s*</a>)')
LANGUAGES = {"zh-CN": "中文", "en": "English"}


def linked(page, language, address):
    """A page with links to its twin, in the other language at this address: for people behind the book's name, and for programs."""
    # There is one where it is known at which address the book stands.
    canonical = re.search('<link rel="canonical" href="(.*?)"', page)
    whole = urljoin(canonical[1], address) if canonical else address
    alternate = f'<link rel="alternate" hreflang="{language}" href="{whole}">'
    link = f'<a href="{address}" hreflang="{language}" lang="{language}">{LANGUAGES[language]}</a>'
    page, count = BRAND.subn(rf"\1\n{link}", page.replace("</head>", f"{alternate}\n</head>", 1))
    if count != 1:
        raise ValueError(f"a page has {count} places for the link to {address}")
    return page


def join():
    shutil.rmtree(SITE, ignore_errors=True)
    for pages, place in ((HTML, SITE), (ENGLISH, SITE / "en")):
        shutil.copytree(pages, place)
    for path in sorted((SITE / "en").rglob("*.html")):
        place = path.relative_to(SITE / "en")
        twin, page = SITE / place, path.read_text(encoding="utf-8")
        if BRAND.search(page) and twin.exists() and 'hreflang="zh-CN"' not in page:
            up = "../" * len(place.parts)
            path.write_text(linked(page, "zh-CN", f"{up}{place}"), encoding="utf-8")
            twin.write_text(linked(twin.read_text(encoding="utf-8"), "en", f"{up[3:]}en/{place}"), encoding="utf-8")
    # What is one for both stands at the root.
    chinese, english = ((folder / "404.html").read_text(encoding="utf-8") for folder in (SITE, SITE / "en"))
    body = re.search("<main>.*</main>", english, re.DOTALL)[0].replace("<main>", '<main lang="en">')
    body = re.sub('(href|action)="(?!https?:)', r'\1="en/', body)
    (SITE / "404.html").write_text(chinese.replace("</main>", f"</main>\n    {body}", 1), encoding="utf-8")
    if (SITE / "sitemap.xml").exists():
        urls = re.search("<url>.*</url>\n", (SITE / "en/sitemap.xml").read_text(encoding="utf-8"), re.DOTALL)[0]
        text = (SITE / "sitemap.xml").read_text(encoding="utf-8")
        (SITE / "sitemap.xml").write_text(text.replace("</urlset>", f"{urls}</urlset>"), encoding="utf-8")
    for name in ("404.html", "robots.txt", "sitemap.xml"):
        (SITE / "en" / name).unlink(missing_ok=True)


if __name__ == "__main__":
    join()
