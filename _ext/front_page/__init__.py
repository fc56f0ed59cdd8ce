"""Makes of the front page's plain Markdown what invites a reader in.

- A paragraph that is one bold link becomes a button.
- A list, each item of which opens with a bold link and an ideographic space, becomes a grid of cards: each shows the first
  figure of the chapter to which it leads, and has the numbers of the chapters from that to the next card's.
- The name of the book stands once in the sidebar, where it leads home (see navbar-logo.html), and once in the title.
"""

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from _ext.words import GAP, _


def is_bold_link(node):
    link = addnodes.pending_xref, nodes.reference
    return isinstance(node, nodes.strong) and len(node) == 1 and isinstance(node[0], link)


def without_empty_text(paragraph):
    return [part for part in paragraph if part.astext()]


def is_card(item):
    parts = without_empty_text(item[0]) if isinstance(item[0], nodes.paragraph) else []
    return len(parts) > 1 and is_bold_link(parts[0]) and parts[1].astext().startswith(GAP)


class FrontPage(SphinxTransform):
    default_priority = 500

    def apply(self):
        if self.env.docname != self.config.root_doc:
            return
        for paragraph in self.document.findall(nodes.paragraph):
            parts = without_empty_text(paragraph)
            if len(parts) == 1 and is_bold_link(parts[0]):
                paragraph["classes"].append("start-reading")
        for bullets in self.document.findall(nodes.bullet_list):
            if all(map(is_card, bullets)):
                bullets["classes"].append("cards")
                for item in bullets:
                    title, text, *more = without_empty_text(item[0])
                    self.env.note_dependency(self.env.doc2path(f"chapters/{Path(title[0]['reftarget']).stem}"))
                    told = nodes.paragraph("", "", nodes.Text(text.lstrip(GAP)), *more)
                    item.replace(item[0], [nodes.paragraph("", "", title), told])


def dress_cards(app, doctree, docname):
    if docname != app.config.root_doc:
        return
    grids = [bullets for bullets in doctree.findall(nodes.bullet_list) if "cards" in bullets["classes"]]
    items = [item for bullets in grids for item in bullets]
    names = [item.next_node(nodes.reference)["refuri"].removesuffix(".html") for item in items]
    numbers = {name: found[""][0] for name, found in app.env.toc_secnumbers.items() if found.get("")}
    ends = [*(numbers[name] for name in names[1:]), max(numbers.values()) + 1]
    for item, name, end in zip(items, names, ends):
        first, last = numbers[name], end - 1
        place = _("第 {} 章").format(first) if first == last else _("第 {}–{} 章").format(first, last)
        figure = app.env.get_doctree(name).next_node(nodes.figure)
        picture = figure.next_node(nodes.image).deepcopy() if figure else None
        item.insert(0, nodes.paragraph("", place, classes=["numbers"]))
        if picture is not None:
            picture["alt"] = ""
            item.insert(0, picture)


def name_the_book_once(app, pagename, templatename, context, doctree):
    context["book"] = app.config.html_title.split(_("："))
    if pagename == app.config.root_doc:
        context["docstitle"] = ""  # which would stand behind the title of the page, the same


def setup(app):
    app.add_transform(FrontPage)
    app.connect("doctree-resolved", dress_cards)
    app.connect("html-page-context", name_the_book_once, priority=100)  # before the theme fills in its templates
