"""Search that finds Chinese words, ranks the chapters by how much they say, and works from disk.

Sphinx's own index cannot do this. It needs a dictionary to know where a Chinese word ends, keeps no word counts to
rank by, and its excerpts are fetched page by page, which browsers refuse for a book opened from disk. The book is
small enough to do without an index of words: here the text itself, section by section, becomes a script of the search
page, and `chinese_search.js` looks for the query in it, letter by letter. So a term and every part of it is found.
"""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup

SCRIPT = "chinese_search.js"
BEFORE_INDEX = "\nSearch.setIndex("

RAISED = str.maketrans("+-−0123456789⊤", "⁺⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ")
STAYS = {*RAISED.values(), *map(ord, "*′")}


def raised(power):
    """A power as text, raised where Unicode can: ², *, ^t, ^(i)."""
    text = power.translate(RAISED)
    if set(map(ord, text)) <= STAYS:
        return text
    return f"^{power}" if len(power) == 1 or power.startswith("(") else f"^({power})"


def plain_formula(math):
    """A formula, `<math>`, as one line of text: λmax=10⁻², σ²/2."""
    for power in math.select("msup > :nth-child(2), msubsup > :nth-child(3)"):
        power.string = raised(power.get_text())
    for denominator in math.select("mfrac > :nth-child(2)"):
        denominator.insert_before("/")
    return math.get_text()


def cut(page):
    """Cuts a rendered page into sections [title, anchor, text, code]: a paragraph or a line of code is a line."""
    article = page.select_one("article")
    extras = "script, style, .headerlink, .section-number, .caption-number, div.output, div.math, .open-in-jupyterlab, .claim"
    for extra in article.select(extras):
        extra.decompose()
    for formula in article.select("math"):
        formula.replace_with(plain_formula(formula))
    sections = []
    for section in article.select("section"):
        title = section.find(re.compile("^h[1-6]$"), recursive=False)
        if not title:
            continue
        text, code = [], []
        for block in section.select("p, tr, dt, pre"):
            if block.find_parent("section") is not section or block.find_parent("tr"):
                continue
            if block.name == "pre":
                code += [line.strip() for line in block.get_text().splitlines()]
            else:
                (code if "sig" in block.get("class", []) else text).append(
                    "，".join(cell.get_text() for cell in block.select("th, td")) or block.get_text()
                )
        sections.append([
            title.get_text().strip(), section["id"],
            *("\n".join(filter(None, (re.sub(r"\s+", " ", line).strip() for line in lines))) for lines in (text, code)),
        ])
    return sections


def write_script(app, exception):
    """Writes the script with the text of all pages; of a page that hasn't changed since, as it is in the last script."""
    if exception or app.builder.name != "html":
        return
    output = Path(app.outdir, "_static", SCRIPT)
    known, known_since = {}, 0
    if output.exists() and BEFORE_INDEX in output.read_text(encoding="utf-8"):
        index = output.read_text(encoding="utf-8").rpartition(BEFORE_INDEX)[2].removesuffix(");\n")
        known, known_since = {uri: sections for uri, _, sections in json.loads(index)}, output.stat().st_mtime
    pages = []
    for name in app.env.collect_relations():  # in reading order
        file, uri = Path(app.builder.get_outfilename(name)), app.builder.get_target_uri(name)
        if uri in known and file.stat().st_mtime < known_since:
            sections = known[uri]
        else:
            sections = cut(BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser"))
        # A numbered page is a chapter: it treats a topic, while the others list or mention it.
        pages.append([uri, bool(app.env.toc_secnumbers.get(name)), sections])
    script = Path(__file__).with_name(SCRIPT).read_text(encoding="utf-8")
    data = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    output.write_text(f"{script}{BEFORE_INDEX}{data});\n", encoding="utf-8")


def setup(app):
    app.connect("build-finished", write_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
