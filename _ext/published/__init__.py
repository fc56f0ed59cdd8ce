"""What a book that stands in public has besides its text.

- Every page has a description, taken from its opening, and what those who share it show: a title, a picture.
- The footer names the version and its date, and leads to what changed, to how the book is cited and to where an error is reported.
- robots.txt and 404.html; and where it is known at which address the book will stand, canonical addresses and sitemap.xml.
- The directive `cite-this-book` says how to cite the book, as CITATION.cff has it.

The address of the book and that of its repository are told by whoever builds it, in BOOK_ADDRESS and BOOK_REPOSITORY.
"""

import html
import os
import re
from pathlib import Path
from urllib.parse import urljoin

import yaml
from bs4 import BeautifulSoup
from docutils import nodes
from jinja2 import Template
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

from _ext.offline_math.as_text import as_text
from _ext.paper import ARCHIVE
from _ext.words import EDITION, _

HERE = Path(__file__).parent
ROOT_OF_EDITION = "/" if EDITION == "zh" else f"/{EDITION}/"
LONGEST = 120 if EDITION == "zh" else 160  # characters of a description: search engines show about as many
CARD = "card.png"  # 1200 x 630, drawn by scripts/draw_explorables.py, as touch-icon.png is


def address_from(variable, ending):
    """The address in a variable of the environment, with this ending, or nothing."""
    address = os.environ.get(variable, "").rstrip("/")
    if address and not re.fullmatch(r"https?://[^\s\"'<>]+", address):
        raise ConfigError(f"{variable} must be an address that begins with https://, got {address}")
    return address + ending if address else ""


def citation(source):
    """How the book is cited; an edition has its own, beside its pages' sources."""
    own, book = (Path(folder, "CITATION.cff") for folder in (source, HERE.parents[1]))
    return yaml.safe_load((own if own.exists() else book).read_text(encoding="utf-8"))


def cut_short(text):
    """The text, or as many of its first clauses as fit into a description."""
    text = re.sub(r"\s+", "", text) if not re.search("[A-Za-z]", text) else " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    end = max(text.rfind(mark, 0, LONGEST) for mark in _("。；，"))
    return text[: end if end > 0 else LONGEST] + _("……")


def text_of(node):
    return as_text(node.deepcopy()).astext()


def description(doctree):
    """What a page says first: its first paragraph, with the list that this announces."""
    first = next((node for node in doctree.findall(nodes.paragraph) if node.astext().strip()), None)
    if first is None:
        return ""
    text = text_of(first)
    following = first.next_node(siblings=True, descend=False)
    if text.endswith(_("：").strip()) and isinstance(following, nodes.bullet_list):
        text += _("：")[1:].join(["", *map(text_of, following)])
    return cut_short(text)


def tag(kind, /, **attributes):
    return " ".join([f"<{kind}", *(f'{key}="{html.escape(value)}"' for key, value in attributes.items())]) + ">"


def describe(app, pagename, templatename, context, doctree):
    config, root = app.config, context["pathto"]
    title = BeautifulSoup(context.get("title", ""), "html.parser").get_text()
    tags = [tag("link", rel="apple-touch-icon", href=root("_static/touch-icon.png", resource=True))]
    tags.append(tag("meta", property="og:title", content=title))
    if doctree is not None and (text := description(doctree)):
        tags.append(tag("meta", name="description", property="og:description", content=text))
    if config.html_baseurl:
        tags.append(tag("meta", property="og:image", content=urljoin(config.html_baseurl, f"_static/{CARD}")))
    context["metatags"] = context.get("metatags", "") + "\n    ".join(["", *tags])
    context |= {"citation": citation(app.srcdir), "repository": config.book_repository, "archive": ARCHIVE, "say": _}


class HowToCite(SphinxDirective):
    """A reference to the book, for people and for BibTeX."""

    def run(self):
        self.env.note_dependency(str(Path(self.env.srcdir, "CITATION.cff")))
        book = citation(self.env.srcdir)
        (author,) = (author["name"] for author in book["authors"])
        year = book["date-released"].year
        entry = [f"author = {{{{{author}}}}}", f"title = {{{book['title']}}}", f"year = {{{year}}}"]
        entry.append(f"note = {{Version {book['version']}}}")
        if self.config.html_baseurl:
            entry.append(f"url = {{{self.config.html_baseurl}}}")
        text = _("{}，《{}》，版本 {}，{} 年。").format(author, book["title"], book["version"], year)
        bibtex = f"@book{{{Path(ARCHIVE).stem},\n" + "".join(f"  {line},\n" for line in entry) + "}"
        return [nodes.paragraph("", text, ids=["how-to-cite"]), nodes.literal_block(bibtex, bibtex, language="bibtex")]


def write_files(app, exception):
    """Write the files that stand at the root of the book's address."""
    if exception is not None:
        return
    address, out = app.config.html_baseurl, Path(app.outdir)
    robots = "User-agent: *\nAllow: /\n"
    if address:
        pages = [urljoin(address, app.builder.get_target_uri(name)) for name in app.env.collect_relations()]
        locations = "".join(f"<url><loc>{html.escape(page)}</loc></url>\n" for page in pages)
        sitemap = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{locations}</urlset>\n'
        (out / "sitemap.xml").write_text(sitemap, encoding="utf-8")
        robots += f"Sitemap: {address}sitemap.xml\n"
    (out / "robots.txt").write_text(robots, encoding="utf-8")
    env, toc = app.env, getattr(app.env, "external_site_map", None)
    parts = [(part.caption, part.files()) for part in toc.root.subtrees] if toc else [("", env.collect_relations())]
    context = {
        "address": html.escape(address),
        "parts": parts,
        "env": env,
        "uri": app.builder.get_target_uri,
        "book": app.config.html_title,
        "say": _,
        "icon": f"_static/{Path(app.config.html_favicon or 'favicon.svg').name}",
    }
    page = Template((HERE / "404.html").read_text(encoding="utf-8")).render(context)
    (out / "404.html").write_text(page + "\n", encoding="utf-8")


def setup(app):
    app.add_config_value("book_repository", address_from("BOOK_REPOSITORY", ""), "env")
    app.config.html_baseurl = address_from("BOOK_ADDRESS", ROOT_OF_EDITION)
    app.add_directive("cite-this-book", HowToCite)
    app.connect("html-page-context", describe, priority=100)  # before the theme fills in its templates
    app.connect("build-finished", write_files)
