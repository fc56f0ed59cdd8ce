"""Makes the index of terms from its table in chapters/terms.md, of Chinese and English names.

A term is explained where a paragraph of a chapter says 中文（English, in English where it is emphasised. There the index leads,
chapter by chapter. One that no chapter explains is warned of; in another edition it stands in a chapter that isn't
translated yet, and is left out. The directive `terms-by-english` is the same table the other way round.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from _ext.words import EDITION, _

logger = logging.getLogger(__name__)

PAGE = "chapters/terms"
ROW = re.compile(rf"^\| (?!{_('术语')} )(.+?) \| (.+?) \|$", re.MULTILINE)


def terms_in(env):
    """The Chinese and English names in the table."""
    path = Path(env.doc2path(PAGE))
    env.note_dependency(str(path))
    return ROW.findall(path.read_text(encoding="utf-8"))


def anchor(english):
    return "term-" + re.sub("[^a-z]+", "-", english.lower())


def explained(chinese, english):
    """What a text says that explains a term, in British or American spelling."""
    name = re.escape(english).replace("iz", "i[sz]")
    return re.compile(rf"{re.escape(chinese)}（{name}(?![a-z])" if EDITION == "zh" else rf"^{name}s?$", re.IGNORECASE)


class MarkTerms(SphinxTransform):
    default_priority = 520  # what is a caption, a box or a fold is one by now

    def apply(self):
        if not self.env.doc2path(self.env.docname).endswith(".ipynb"):
            return
        kind = nodes.paragraph if EDITION == "zh" else nodes.emphasis
        paragraphs = [(node, node.astext()) for node in self.document.findall(kind)]
        found = self.env.metadata[self.env.docname].setdefault("terms", [])
        for chinese, english in terms_in(self.env):
            pattern = explained(chinese, english)
            if place := next((node for node, text in paragraphs if pattern.search(text)), None):
                place["ids"].append(anchor(english))
                found.append(english)


class TermsByEnglish(SphinxDirective):
    def run(self):
        rows = sorted(terms_in(self.env), key=lambda row: row[1].lower())
        lines = [f"| {english} | {chinese} |" for chinese, english in rows]
        return self.parse_text_to_nodes("\n".join([f"| {_('英文')} | {_('术语')} |", "|---|---|", *lines]))


def link_terms(app, doctree, docname):
    """Give each row of the index the numbers of the chapters, each a link to where the chapter explains the term."""
    if docname != PAGE:
        return
    places = {}
    for name in app.env.collect_relations():
        number = app.env.toc_secnumbers.get(name, {}).get("", (_("附录"),))[0]
        for english in app.env.metadata[name].get("terms", []):
            address = f"{app.builder.get_relative_uri(docname, name)}#{anchor(english)}"
            places.setdefault(english, []).append(nodes.reference("", str(number), refuri=address, internal=True))
    for row in list(doctree.findall(nodes.row)):
        names = [entry.astext() for entry in row]
        if _("术语") in names:
            group = row.parent.parent
            group["cols"] = 3
            group.insert(2, nodes.colspec(colwidth=1))
            row += nodes.entry("", nodes.paragraph("", _("章")))
            continue
        links = [link.deepcopy() for english in names for link in places.get(english, [])]
        if not links and EDITION != "zh":
            row.parent.remove(row)
        elif not links:
            logger.warning("no chapter explains this term: %s", ", ".join(names), location=docname)
        numbers = nodes.paragraph()
        for place, link in enumerate(links):
            numbers += [nodes.Text(_("，")), link] if place else link
        row += nodes.entry("", numbers)


def setup(app):
    app.add_transform(MarkTerms)
    app.add_directive("terms-by-english", TermsByEnglish)
    app.connect("doctree-resolved", link_terms)
    app.connect("env-updated", lambda app, env: [PAGE] if PAGE in env.found_docs else [])
