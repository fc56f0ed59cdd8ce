"""Promises of a book that stands in public: what others show of it, where it stands, which version it is, how to cite it."""

import datetime
import re

import pytest
import yaml
from PIL import Image
from sphinx.errors import ConfigError

import gluonbook
from _ext.published import address_from

from common import ROOT, parse, small_book

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def meta(page, **attributes):
    return [tag["content"] for tag in page.find_all("meta", attrs=attributes)]


def test_every_page_has_a_title_and_a_description_of_its_own_from_its_opening(parsed):
    described = {name: meta(page, name="description") for name, page in parsed.items() if name != "search.html"}
    for name, (text,) in described.items():
        page = parsed[name]
        assert meta(page, property="og:title") == [re.sub("#$", "", page.select_one("article h1").get_text().strip())]
        assert meta(page, property="og:description") == [text]
        assert 15 <= len(text) <= 125, (name, text)
        assert re.search("[一-鿿]", text) and not re.search(r"\\|\$|`", text)
    assert len({text for (text,) in described.values()}) == len(described)


def test_what_a_phone_and_a_link_that_is_shared_show_are_pictures_of_the_right_size(parsed, html):
    for name, page in parsed.items():
        (icon,) = page.select("link[rel=apple-touch-icon]")
        assert Image.open((html / name).parent / icon["href"]).size == (180, 180)
    assert Image.open(html / "_static" / "card.png").size == (1200, 630)


def test_every_page_says_which_version_it_is_and_leads_to_what_changed_and_to_how_to_cite_it(parsed):
    for name, page in parsed.items():
        footer = page.select_one("footer.bd-footer-content")
        assert f"版本 {CITATION['version']}（{CITATION['date-released']}）" in footer.get_text()
        up = "../" * name.count("/")
        links = {link.get_text(): link["href"] for link in footer.select("a")}
        assert links["更新与勘误"] == ("#" if name == "CHANGELOG.html" else f"{up}CHANGELOG.html")
        assert links["怎样引用"] == ("" if name == "index.html" else f"{up}index.html") + "#how-to-cite"
    assert parsed["index.html"].select_one("#how-to-cite")


def test_the_version_is_one_in_the_package_the_citation_and_the_list_of_changes():
    newest = re.search(r"^## (\S+)（(\S+)）$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest[1] == CITATION["version"] == gluonbook.__version__
    assert datetime.date.fromisoformat(newest[2]) == CITATION["date-released"]
    changes = re.split("^## ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert all("**勘误**" in version for version in changes[1:])


def test_how_to_cite_is_as_the_citation_file_has_it(parsed):
    text = parsed["index.html"].select_one("#how-to-cite").get_text()
    bibtex = parsed["index.html"].select_one("#how-to-cite").find_next("pre").get_text()
    author, year = CITATION["authors"][0]["name"], str(CITATION["date-released"].year)
    for part in (CITATION["title"], author, CITATION["version"], year):
        assert part in text and part in bibtex


def test_what_a_server_shows_where_there_is_no_page_is_in_chinese_and_leads_to_every_page(html, parsed):
    page = parse(html / "404.html")
    assert page.html["lang"] == "zh-CN" and page.h1.get_text() == "没有这一页"
    assert not page.select("link, img, script[src]")  # which would be missing, too
    assert {link["href"] for link in page.select("a")} | {page.form["action"]} == parsed.keys()


BOOK = {"index": "# Book\n\nWhat it <i>is</i>.\n\n```{toctree}\nchapter\n```\n", "chapter": "# Chapter\n\nIts text.\n"}


def build(folder):
    pages = small_book(folder, BOOK, "myst_parser", "_ext.published")
    files = [path for path in (folder / "html").iterdir() if path.suffix in (".html", ".txt", ".xml")]
    return pages["index"], {path.name: path.read_text(encoding="utf-8") for path in files}


def test_where_its_address_is_known_a_book_has_canonical_addresses_a_sitemap_and_a_picture(tmp_path, monkeypatch):
    monkeypatch.setenv("BOOK_ADDRESS", "https://example.org/book")
    page, files = build(tmp_path)
    assert page.select_one("link[rel=canonical]")["href"] == "https://example.org/book/index.html"
    assert meta(page, property="og:image") == ["https://example.org/book/_static/card.png"]
    locations = re.findall("<loc>(.+?)</loc>", files["sitemap.xml"])
    assert locations == ["https://example.org/book/index.html", "https://example.org/book/chapter.html"]
    assert "Sitemap: https://example.org/book/sitemap.xml\n" in files["robots.txt"]
    assert '<base href="https://example.org/book/">' in files["404.html"]


def test_where_its_address_is_not_known_it_names_none(tmp_path, monkeypatch):
    monkeypatch.delenv("BOOK_ADDRESS", raising=False)
    page, files = build(tmp_path)
    assert not page.select("link[rel=canonical]") and not meta(page, property="og:image")
    assert meta(page, name="description") == ["What it is."]
    assert "sitemap.xml" not in files and files["robots.txt"] == "User-agent: *\nAllow: /\n"


def test_what_is_no_address_is_refused(monkeypatch):
    monkeypatch.setenv("BOOK_ADDRESS", "example.org")
    with pytest.raises(ConfigError, match="BOOK_ADDRESS must be an address"):
        address_from("BOOK_ADDRESS", "/")
