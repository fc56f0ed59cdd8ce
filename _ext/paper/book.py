"""Takes the book from its pages, and makes of them what can be read without them: the chapters of one document.

What only works on a screen goes: links to headings, marks of claims with their code, folded code that only draws,
buttons. Solutions stand together behind the chapters, and explorables become their pictures.
"""

import copy
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup

from _ext.offline_math.as_text import formula_as_text
from _ext.published import citation as citation_of
from _ext.words import END, GAP, _

GONE = """
    .headerlink, details.claim, .open-in-jupyterlab, .tag_hide-input > details.above-input, script, style,
    .toctree-wrapper, .copybtn, .start-reading, .cards img
"""
SOLUTIONS = "solutions"
# Lists of links to marks that paper doesn't have, and what is no part of the book.
LEFT_OUT = {"chapters/claims", "CHANGELOG"}
FRONT = "index"


@dataclass
class Chapter:
    """A page of the book: its name as in the table of contents, its part and number if it has them, and its content."""

    name: str
    part: str
    number: str
    title: str
    body: BeautifulSoup

    @property
    def id(self):
        return self.name.rpartition("/")[2]

    @property
    def heading(self):
        return f"{self.number}\u3000{self.title}" if self.number else self.title

    @property
    def sections(self):
        """The sections of this page that have a name, each as (id, title)."""
        return [(heading.parent["id"], heading) for heading in self.body.select("section[id] > h2")]

    def as_html(self):
        number = f'<span class="number">{_("第 {} 章").format(self.number)}{END}{GAP}</span>' if self.number else ""
        return f"<h1>{number}{escape(self.title)}</h1>{self.body.decode_contents()}"


def text_of(tag):
    return re.sub(r"\s+", " ", tag.get_text()).strip()


def plain(heading):
    """Return a heading as one line of text, with its formulas as they are read aloud."""
    heading = copy.copy(heading)
    for formula in heading.select("math"):
        formula.replace_with(formula_as_text(formula))
    return text_of(heading)


def pages_in_order(index):
    """Yield the name of every page, with its part, as the sidebar of the first page lists them."""
    yield FRONT, ""
    part = ""
    for tag in index.select("nav.bd-links p.caption, nav.bd-links li > a.reference"):
        if tag.name == "p":
            part = text_of(tag)
        else:
            yield tag["href"].removesuffix(".html"), part


def anchor_of(page, anchor):
    """Return the name in the whole book of an anchor of a page, by their names there."""
    return page + "--" + re.sub(r"[^\w.-]", "-", anchor)


def let_wrap(text):
    """Let code within a line go on in the next one where a word of it ends."""
    parts = re.split(r"(?<=[(,.=/])(?=\w)", str(text))
    text.replace_with(*BeautifulSoup("<wbr>".join(map(escape, parts)), "html.parser").contents)


def element(html):
    return BeautifulSoup(html, "html.parser").contents[0]


class Book:
    """The book in the folder `html`: `title`, `author`, `language`, `address` on the web or "", and its `chapters`."""

    def __init__(self, html):
        self.html = Path(html)
        index = self.page(FRONT)
        citation = citation_of(self.html.parents[1])
        self.title, self.version, self.date = citation["title"], citation["version"], str(citation["date-released"])
        self.author = _("、").join(author["name"] for author in citation["authors"])
        self.license = text_of(index.select_one(".license"))
        canonical = index.select_one("link[rel=canonical]")
        self.address = urljoin(canonical["href"], ".") if canonical else ""
        self.chapters = [self.chapter(name, part) for name, part in pages_in_order(index) if name not in LEFT_OUT]
        self.chapters[0].title = _("前言")
        self.moved = {}  # where to find what went with the solutions
        self.collect_solutions()
        self.names = {chapter.name: chapter for chapter in self.chapters}
        for chapter in self.chapters:
            self.make_ids_unique(chapter)
        self.anchors = {tag["id"] for chapter in self.chapters for tag in chapter.body.find_all(id=True)}
        for chapter in self.chapters:
            self.point_links_inside(chapter)

    def page(self, name):
        return BeautifulSoup((self.html / f"{name}.html").read_text(encoding="utf-8"), "html.parser")

    def chapter(self, name, part):
        page = self.page(name)
        article = page.select_one("article.bd-article")
        for tag in article.select(GONE if self.address else f"{GONE}, .get-the-book"):
            tag.decompose()
        heading = article.select_one("h1")
        number = heading.select_one(".section-number")
        number = number.extract().get_text().strip(". ") if number else ""
        chapter = Chapter(name, part, number, text_of(heading), article)
        heading.decompose()
        for image in article.select("img[src]"):  # named by where they are in the book
            image.attrs = {"src": urlsplit(urljoin(f"{name}.html", image["src"])).path, "alt": image["alt"]}
        self.still(chapter)
        self.unfold(article)
        return chapter

    def still(self, chapter):
        """Leave of each explorable its picture, and have its caption say where it can be dragged."""
        for number, explorable in enumerate(chapter.body.select("gluonbook-explorable"), 1):
            image = explorable.select_one("img")
            figure = element(f'<div class="explorable" id="explorable-{number}"></div>')
            explorable.replace_with(figure)
            figure.append(image.extract())
            caption = figure.find_next(class_="explorable-caption")
            section = figure.find_parent("section")
            heading = section.find(re.compile("^h[1-6]$"), recursive=False)
            if self.address:
                address = urljoin(self.address, f"{chapter.name}.html#{section['id']}")
                link = element(f'<a href="{address}">{_("网页版")}</a>')
                caption.extend([_("（在"), link, _("里可以拖动）")])
            else:
                where = _("“{}”一节").format(text_of(heading)) if heading else _("前言")
                caption.append(_("（在网页版{}可以拖动）").format(where))
            figure.append(caption.extract())

    def unfold(self, article):
        """Open what is folded: answers to guesses stay where they are, output behind a button is simply there."""
        for details in article.select("details.hide"):
            details.summary.decompose()
            details.unwrap()
        for details in article.select("details"):
            details.name, details.summary.name = "div", "p"
            details["class"] = ["answer", *details.get("class", [])]
            details.p["class"] = "answer-title"
        for text in article.select(".claimed, .highlight > pre > span:empty"):
            text.unwrap()
        for code in article.select("code"):
            for text in code.find_all(string=re.compile(r"[(,.=/]\w")):
                let_wrap(text)
        for table in article.select(".pst-scrollable-table-container"):
            table.unwrap()

    def collect_solutions(self):
        """Make a chapter of the solutions, with a link from each exercise and one back."""
        body = element("<article></article>")
        for chapter in self.chapters:
            found = chapter.body.select(".solution")
            if not found:
                continue
            title = _("第 {} 章").format(chapter.number) if chapter.number else escape(chapter.title)
            of_chapter = element(f'<section id="of-{chapter.id}"><h2>{title}</h2></section>')
            body.append(of_chapter)
            for solution in found:
                exercise = solution.find_parent("section")
                title = exercise.find(re.compile("^h[2-6]$")).decode_contents()
                name, back = f"{chapter.id}-{exercise['id']}", f"{chapter.name}.html#{exercise['id']}"
                last = solution.find_previous_sibling()
                if last.name != "p":
                    last = element("<p></p>")
                    solution.insert_before(last)
                last.append(element(f'<a href="../{SOLUTIONS}.html#{name}" class="to-solution">{_("解答")}</a>'))
                solution.select_one(".answer-title").decompose()
                heading = f'<h3><a href="{back}" class="to-exercise">{title}</a></h3>'
                section = element(f'<section id="{name}">{heading}</section>')
                for link in solution.select("a[href]"):  # as seen from where it was
                    link["href"] = urljoin(f"{chapter.name}.html", link["href"])
                for tag in solution.find_all(id=True):
                    self.moved[anchor_of(chapter.id, tag["id"])] = anchor_of(SOLUTIONS, f"{chapter.id}-{tag['id']}")
                    tag["id"] = f"{chapter.id}-{tag['id']}"
                section.extend(list(solution.contents))
                solution.decompose()
                of_chapter.append(section)
        appendix = next(i for i, chapter in enumerate(self.chapters) if chapter.part == self.chapters[-1].part)
        self.chapters.insert(appendix, Chapter(SOLUTIONS, self.chapters[-1].part, "", _("练习解答"), body))

    def make_ids_unique(self, chapter):
        for tag in chapter.body.find_all(id=True):
            tag["id"] = anchor_of(chapter.id, tag["id"])

    def point_links_inside(self, chapter):
        """Point links to pages at the chapters; those to what isn't in here go to the web, or become plain text."""
        for link in chapter.body.select("a[href]"):
            href = link["href"]
            if urlsplit(href).scheme:
                continue
            path, anchor = urldefrag(urljoin(f"{chapter.name}.html", href))
            target = self.names.get(path.removesuffix(".html"))
            name = anchor_of(target.id, anchor) if target else ""
            name = self.moved.get(name, name)
            if target and (not anchor or name in self.anchors):
                link["href"] = f"#{name if anchor else target.id}"
            elif self.address:
                link["href"] = urljoin(self.address, f"{path}#{anchor}" if anchor else path)
            else:
                link.unwrap()
