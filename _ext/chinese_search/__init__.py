"""Search that finds Chinese words, ranks the chapters by how much they say, and works from disk.

Sphinx's own index cannot do this. It needs a dictionary to know where a Chinese word ends, keeps no word counts to
rank by, and its excerpts are fetched page by page, which browsers refuse for a book opened from disk. The book is
small enough to do without an index of words: here the text itself, section by section, becomes a script of the search
page, and `chinese_search.js` looks for the query in it, letter by letter. So a term and every part of it is found.
"""

import copy
import json
from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.addnodes import desc, desc_signature
from sphinx.util.logging import suppress_logging

from _ext.offline_math.as_text import with_formulas_as_text

SCRIPT = "chinese_search.js"

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
    for link in list(doctree.findall(nodes.raw)):
        link.replace_self(nodes.Text(BeautifulSoup(link.astext(), "html.parser").get_text()))
    for row in list(with_formulas_as_text(doctree).findall(nodes.row)):
        row.replace_self(nodes.paragraph("", "，".join(cell.astext() for cell in row)))
    sections = []
    for section in reversed(list(doctree.findall(nodes.section))):  # the inner ones first, and out of the outer ones
        section.parent.remove(section)
        for title, anchor, content in named_parts(section):
            text = [block.astext() for block in content.findall(is_text)]
            code = "\n".join(block.astext() for block in content.findall(is_code)).splitlines()
            parts = ("\n".join(filter(None, (" ".join(line.split()) for line in part))) for part in (text, code))
            sections.insert(0, [title, anchor, *parts])
    return sections


def sections_of_pages(env):
    """The sections of each page by its name, which Sphinx keeps with what else it has read."""
    return vars(env).setdefault("book_sections", {})


def forget(app, env, name):
    sections_of_pages(env).pop(name, None)


def write_script(app, env):
    """Cuts the pages that were read anew, once all are read and merged, and writes the script with the text of all."""
    if app.builder.format != "html":
        return []
    sections = sections_of_pages(env)
    citations = copy.deepcopy(env.domaindata.get("cite", {}))
    with suppress_logging():  # what can't be resolved will be reported when the page is written
        for name in env.found_docs - sections.keys():
            sections[name] = cut(env.get_and_resolve_doctree(name, app.builder))
    env.domaindata.get("cite", {}).update(citations)  # or the page that is written would have each reference twice
    pages = [
        # A numbered page is a chapter: it treats a topic, while the others list or mention it.
        (app.builder.get_target_uri(name), bool(env.toc_secnumbers.get(name)), sections[name])
        for name in env.collect_relations()  # in reading order
    ]
    script = Path(__file__).with_name(SCRIPT).read_text(encoding="utf-8")
    data = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    output = Path(app.outdir, "_static", SCRIPT)
    output.parent.mkdir(exist_ok=True)
    output.write_text(f"{script}\nSearch.setIndex({data});\n", encoding="utf-8")
    return []


def setup(app):
    app.connect("env-purge-doc", forget)
    app.connect("env-get-updated", write_script, priority=900)  # once the pages have their numbers
    return {"parallel_read_safe": True, "parallel_write_safe": True}
