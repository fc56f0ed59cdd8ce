"""Makes of the front page's plain Markdown what invites a reader in.

- A paragraph that is one bold link becomes a button.
- A list, each item of which opens with a bold link and an ideographic space, becomes a grid of cards.
- The name of the book stands once in the sidebar, where it leads home (see navbar-logo.html), and once in the title.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from _ext.plain_notebooks import opening


def is_bold_link(node):
    return isinstance(node, nodes.strong) and len(node) == 1 and isinstance(node[0], addnodes.pending_xref)


def without_empty_text(paragraph):
    return [part for part in paragraph if part.astext()]


def is_card(item):
    return isinstance(item[0], nodes.paragraph) and opening(item[0])[0] and is_bold_link(without_empty_text(item[0])[0])


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
                    _, text = opening(item[0])
                    title = without_empty_text(item[0])[0]
                    item.replace(item[0], [nodes.paragraph("", "", title), nodes.paragraph("", "", *text)])


def name_the_book_once(app, pagename, templatename, context, doctree):
    context["book"] = app.config.html_title.split("：")
    if pagename == app.config.root_doc:
        context["docstitle"] = ""  # which would stand behind the title of the page, the same


def setup(app):
    app.add_transform(FrontPage)
    app.connect("html-page-context", name_the_book_once, priority=100)  # before the theme fills in its templates
