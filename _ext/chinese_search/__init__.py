"""Search that finds Chinese words, ranks the chapters by how much they say, and works from disk.

Sphinx's own index cannot do this. It needs a dictionary to know where a Chinese word ends, keeps no word counts to
rank by, and its excerpts are fetched page by page, which browsers refuse for a book opened from disk. The book is
small enough to do without an index of words: here the text itself, section by section, becomes a script of the search
page, and `chinese_search.js` looks for the query in it, letter by letter. So a term and every part of it is found.

The book grows, and a reader waits for what the script weighs. So that script has of each section of a chapter only how it
begins, and what explains a term; it answers first, and fetches the whole text, by which it answers anew.
"""

import json
import re
from functools import partial
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import desc, desc_signature

from _ext.offline_math.as_text import as_text
from _ext.words import _, in_edition

EXPLAINS = re.compile("（[a-z]")
SCRIPT, TEXT_SCRIPT = "chinese_search.js", "chinese_search_text.js"

TEXT = (nodes.paragraph, nodes.caption, nodes.rubric, nodes.term, nodes.field_name, nodes.title)
CODE = (nodes.literal_block, nodes.doctest_block, desc_signature)


def is_text(node):
    return isinstance(node, TEXT) or (isinstance(node, nodes.literal_block) and node.get("language") == "text")


def is_code(node):
    return isinstance(node, CODE) and not is_text(node)


def is_left_out(node):
    return isinstance(node, nodes.math_block) or (
        isinstance(node, nodes.Element)
        and {"claim", "claim-list", "open-in-jupyterlab", "output"}.intersection(node.get("classes", ()))
    )


def named_parts(section):
    """Take from a section what has a name of its own: the sections in it are out already, what is left are functions."""
    for function in list(section.findall(desc)):
        signature = function[0]
        function.parent.remove(function)
        yield signature["fullname"], signature["ids"][0], function
    yield section.pop(0).astext(), section["ids"][0], section


def cut(doctree):
    """Cuts a page into sections [title, anchor, text, code]: a paragraph, a row or a line of code is a line.

    A function of the reference is a section. What a program says, as the page on failures quotes it, is text.
    """
    for node in list(doctree.findall(is_left_out)):
        node.parent.remove(node)
    for cell in doctree.findall(nodes.container):
        if "tag_hide-input" in cell.get("classes", ()):  # code that only draws
            for code in list(cell.findall(nodes.literal_block)):
                code.parent.remove(code)
    for box in doctree.findall(nodes.admonition):
        if "hint" in box["classes"]:  # code in 试一试 stands in the chapter, too, and explains no term
            for code in list(box.findall(nodes.literal)):
                code.parent.replace(code, nodes.Text("…"))
    for row in list(as_text(doctree).findall(nodes.row)):
        row.replace_self(nodes.paragraph("", _("，").join(cell.astext() for cell in row)))
    sections = []
    for section in reversed(list(doctree.findall(nodes.section))):  # the inner ones first, and out of the outer ones
        section.parent.remove(section)
        for title, anchor, content in named_parts(section):
            text = [block.astext() for block in content.findall(is_text)]
            code = "\n".join(block.astext() for block in content.findall(is_code)).splitlines()
            parts = ([" ".join(line.split()) for line in part if re.search(r"\w", line)] for part in (text, code))
            sections.insert(0, [title, anchor, *map("\n".join, parts)])
    return sections


def kept(app):
    """Where the sections of each page are kept from one build to the next, in which only pages that changed are written."""
    return Path(app.doctreedir, "sections.json")


def begin(app):
    builder = app.builder
    builder.sections = json.loads(kept(app).read_text(encoding="utf-8")) if kept(app).exists() else {}
    # Sphinx's own index takes a seventh of the build, and nobody asks it.
    builder.load_indexer = builder.index_page = builder.dump_search_index = lambda *args: None


def take(app, pagename, templatename, context, doctree):
    if doctree is not None:  # the page is made of it already: it isn't needed any more
        # Sentences that were wrong are listed to be read, not to be found.
        app.builder.sections[pagename] = cut(doctree)[: 2 if pagename == "CHANGELOG" else None]


def beginnings(pages, notebooks):
    """Of the sections of the chapters and other notebooks, the first paragraph and those where a term's English name stands behind it."""
    for address, number, sections in pages:
        if number or address in notebooks:
            lines = [text.split("\n") for _, _, text, _ in sections]
            told = ([first, *filter(EXPLAINS.search, rest)] for first, *rest in lines)
            sections = [[title, anchor, "\n".join(text), ""] for (title, anchor, *_), text in zip(sections, told)]
        yield address, number, sections


def write_scripts(app, exception):
    if exception is not None:
        return
    env, sections = app.env, app.builder.sections
    pages = [
        # A numbered page is a chapter: it treats a topic, while the others list or mention it. Others have the number 0.
        (app.builder.get_target_uri(name), env.toc_secnumbers.get(name, {}).get("", [0])[0], sections[name])
        for name in env.collect_relations()  # in reading order
    ]
    notebooks = {app.builder.get_target_uri(name) for name in sections if str(env.doc2path(name)).endswith(".ipynb")}
    kept(app).write_text(json.dumps(sections), encoding="utf-8")
    dump = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    script = in_edition(Path(__file__).with_name(SCRIPT).read_text(encoding="utf-8"))
    for file, code in [
        (SCRIPT, f"{{\n{script}\n}}\nSearch.setIndex({dump(list(beginnings(pages, notebooks)))});\n"),
        (TEXT_SCRIPT, f"Search.setText({dump(pages)});\n"),
    ]:
        Path(app.outdir, "_static", file).write_text(code, encoding="utf-8")


def setup(app):
    app.connect("builder-inited", begin)
    app.connect("html-page-context", take, priority=900)
    app.connect("build-finished", write_scripts)
