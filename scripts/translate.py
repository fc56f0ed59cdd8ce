"""The other editions of the book: their catalogues, and the source of an edition, made of the chapters and a catalogue each.

    python scripts/translate.py [PAGE]   brings the catalogues up to what the book says, begins that of a page, and checks them

A message is a Markdown cell, a claim's sentence or the text for a picture, under the cell's id; of another page, a block of
text; and in the catalogue "interface" what the book says by itself. One whose words in Chinese were changed is fuzzy.
"""

import ast
import difflib
import html
import io
import json
import re
import sys
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from check_translations import HAN, OPENINGS, check  # noqa: E402

from gluonbook.book import explorables  # noqa: E402
from gluonbook.book.words import LOCALE, SAID, catalogue  # noqa: E402

EDITIONS = sorted(path.name for path in LOCALE.iterdir() if (path / "interface.po").exists())
SETTING = re.compile(r"^(\s*(?:- )?[\w-]+: )([^#\n]*[\u4e00-\u9fff].*)$", re.MULTILINE)
SETTINGS = ["_config.yml", "_toc.yml", "CITATION.cff"]
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
MAP = "chapters/map.svg"
NOT_YET = "这一页还没有译成英文。[读中文的]"
EXPLORABLE = r"<gluonbook-explorable name=\"(.+?)\" values='(.+?)'"
CHANGES = "CHANGELOG", ROOT / "CHANGELOG.md"  # which speaks of sentences in Chinese
LINKED = ["_ext", "_static", "gluonbook", "locale", "references.bib"]


def pages():
    """The pages that are translated, by their names: of all, the first line is the title."""
    paths = sorted([ROOT / "index.md", *ROOT.glob("chapters/*.md"), *ROOT.glob("chapters/*.ipynb")])
    return {path.stem: path for path in paths}


def blocks(text):
    """The blocks of a Markdown page, which empty lines part: a fence or a comment is never cut."""
    block = []
    for piece in text.split("\n\n"):
        block.append(piece)
        whole = "\n\n".join(block)
        if whole.count("```") % 2 == 0 and whole.count("<!--") == whole.count("-->"):
            yield whole
            block = []


def claims_of(source):
    """The literals of the sentences in a cell of claims, and what each asserts."""
    for function in ast.parse(source).body:
        if decorators := getattr(function, "decorator_list", []):
            asserts = [ast.unparse(node.test) for node in ast.walk(function) if isinstance(node, ast.Assert)]
            yield decorators[0].args[0], asserts


def reworded(text, say, notebook, edition="zh"):
    """The text of a page or a notebook, with each message as `say(context, message, comments)` has it."""
    if not notebook:
        return "\n\n".join(say("", block, []) if HAN.search(block) else block for block in blocks(text))
    stored = nbformat.reads(text, as_version=4)
    for cell in stored.cells:
        if cell.cell_type == "markdown":
            cell.source = say(cell.id, cell.source, []) if HAN.search(cell.source) else cell.source
            continue
        for output in cell.outputs:
            shown = output.get("data", {}).get("text/html", "")
            if edition != "zh" and (found := re.match(EXPLORABLE, shown)):
                figure = explorables.explore(found[1], edition, **json.loads(html.unescape(found[2])))
                cell.source = re.sub(rf'\bexplore\(\s*"{found[1]}"', rf'\g<0>, lang="{edition}"', cell.source)
                output.data |= {"text/html": figure._repr_html_(), "text/plain": repr(figure)}
        if image := cell.metadata.get("mystnb", {}).get("image"):
            image["alt"] = say(cell.id, image["alt"], ["the text for a picture"])
        if "claim" in cell.metadata.get("tags", []):
            for literal, asserts in claims_of(cell.source):
                sentence = say(cell.id, literal.value, asserts)
                written = json.dumps(sentence, ensure_ascii=False)
                if sentence != literal.value:
                    cell.source = cell.source.replace(ast.get_source_segment(cell.source, literal), written, 1)
                    for output in cell.outputs:
                        before, found, after = output.text.partition(f"✓ {literal.value}（")
                        count, _, after = after.partition("）")
                        output.text = f"{before}✓ {sentence} ({count}){after}" if found else output.text
    return nbformat.writes(stored) + "\n"


def settings_with(text, name, say):
    return SETTING.sub(lambda found: found[1] + say(name, found[2], []), text)


def drawing_with(text, say):
    return re.sub(">([^<]*[\u4e00-\u9fff][^<]*)<", lambda found: f">{say(MAP, found[1], [])}<", text)


def title_of(path):
    text = path.read_text(encoding="utf-8")
    return (nbformat.reads(text, as_version=4).cells[0].source if path.suffix == ".ipynb" else text).split("\n")[0][2:]


def messages_of(name):
    """The messages of a catalogue: (context, message, comments) each."""
    found = []

    def note(context, message, comments):
        found.append((context, message, comments))
        return message

    if name == "interface":
        found += [("", words, ["scripts/translate.py"]) for words in (NOT_YET, *OPENINGS)]
        rooms = [path for ending in ("py", "html", "js") for path in ROOT.glob(f"_ext/**/*.{ending}")]
        for path in sorted([*rooms, ROOT / "scripts" / "playground.py"]):
            said = SAID.findall(path.read_text(encoding="utf-8"))
            found += [("", words, [str(path.relative_to(ROOT))]) for _, words in said]
        for file in SETTINGS:
            settings_with((ROOT / file).read_text(encoding="utf-8"), file, note)
        drawing_with((ROOT / MAP).read_text(encoding="utf-8"), note)
        found += [("title", title_of(path), [page]) for page, path in [*pages().items(), CHANGES]]
    elif name == "explorables":
        for path in sorted(explorables.FOLDER.glob("*.js")):
            said = SAID.findall(path.read_text(encoding="utf-8"))
            found += [("", words, [path.name]) for _, words in said]
    else:
        path = pages()[name]
        reworded(path.read_text(encoding="utf-8"), note, path.suffix == ".ipynb")
    return found


def merged(old, messages):
    """A catalogue of these messages, with what `old` has of each; what was said of words like these in Chinese is fuzzy."""
    new = Catalog(fuzzy=False, header_comment="")
    known = {(message.context or "", message.id): message for message in old if message.id}
    wanted = {(context, text) for context, text, _ in messages}
    left = [message for key, message in known.items() if key not in wanted and message.string]
    for context, text, comments in messages:
        message = known.get((context, text))
        if message is None:
            changed = {other.id: other for other in left if (other.context or "") == context}
            close = difflib.get_close_matches(text, changed, 1, cutoff=0.4)
            message = changed[close[0]] if close else Message(text)
        previous = message.previous_id if message.id == text else [message.id]
        flags = message.flags | ({"fuzzy"} if message.id != text else set())
        new.add(text, message.string, (), flags, comments, message.user_comments, previous, context=context or None)
        new.get(text, context or None).flags -= {"python-format", "python-brace-format"}  # which Babel guesses
    return new


def updated(path, name):
    """The text of a catalogue, with what the book says now."""
    old = read_po(io.BytesIO(path.read_bytes())) if path.exists() else []
    text = io.BytesIO()
    write_po(text, merged(old, messages_of(name)), width=0, no_location=True, omit_header=True, include_previous=True)
    return HEADER + text.getvalue().decode().lstrip("\n")


def translated(edition, name):
    """The text of a page in an edition, or None while something of it isn't translated."""
    missing, found = [], catalogue(edition, name) if (LOCALE / edition / f"{name}.po").exists() else {}
    path = pages()[name]

    def say(context, message, comments):
        if (context, message) not in found:
            missing.append(message)
        return found.get((context, message), message)

    text = reworded(path.read_text(encoding="utf-8"), say, path.suffix == ".ipynb", edition)
    return None if missing else text


def stand_in(edition, path, title):
    """What stands for a page that isn't translated: its title, the way to it in Chinese, and the names of its figures."""
    place = path.relative_to(ROOT).with_suffix(".html")
    up = "../" * len(place.parts)
    names = re.findall(r"\*\*图 ([\d.]+)\*\*\u3000", path.read_text(encoding="utf-8"))
    anchors = "".join(f"(fig-{name.replace('.', '-')})=\n" for name in names)
    words = catalogue(edition, "interface")["", NOT_YET]
    link = re.sub(r"\[(.*?)\]", rf'<a href="{up}{place}" hreflang="zh-CN">\1</a>', words)
    return f"# {title}\n\n{anchors}{link}\n"


def write_source(edition):
    """Write the source of an edition: what isn't translated has a page that leads to the Chinese one."""
    source, words = ROOT / "_build" / edition, catalogue(edition, "interface")
    texts = {name: translated(edition, name) for name in pages()}
    absent = "|".join(name for name, text in texts.items() if text is None)
    files = {}
    for name, path in [*pages().items(), CHANGES]:
        place, text = path.relative_to(ROOT), texts.get(name)
        if text is None:
            place, text = place.with_suffix(".md"), stand_in(edition, path, words["title", title_of(path)])
        # Of a page that isn't translated, nobody knows the headings yet.
        files[place] = re.sub(rf"\]\(((?:chapters/)?(?:{absent}))\.(?:ipynb|md)(?:#[^)]*)?\)", r"](\1.md)", text)
    for name in SETTINGS:
        text = (ROOT / name).read_text(encoding="utf-8")
        files[Path(name)] = settings_with(text, name, lambda context, message, comments: words[context, message])
    text = (ROOT / MAP).read_text(encoding="utf-8")
    files[Path(MAP)] = drawing_with(text, lambda context, message, comments: words[context, message])
    config = files[Path("_config.yml")].replace("language: zh_CN", f"language: {edition}")
    config = config.replace("smartquotes: false", 'smartquotes: true\n    numfig_format: {figure: "Figure %s"}')
    files[Path("_config.yml")] = config
    for path in ROOT.glob("chapters/*.csv"):
        files[path.relative_to(ROOT)] = path.read_text(encoding="utf-8")
    (source / "chapters").mkdir(parents=True, exist_ok=True)
    for old in [*source.glob("*.md"), *source.glob("chapters/*")]:
        if old.relative_to(source) not in files:
            old.unlink()
    for place, text in files.items():
        path = source / place
        if not path.exists() or path.read_text(encoding="utf-8") != text:  # what is the same isn't built again
            path.write_text(text, encoding="utf-8")
    for name in LINKED:
        if not (source / name).exists():
            (source / name).symlink_to(ROOT / name)


def main():
    for edition in EDITIONS:
        for name in ["interface", "explorables", *pages()]:
            path = LOCALE / edition / f"{name}.po"
            if path.exists() or name in sys.argv[1:]:
                path.write_text(updated(path, name), encoding="utf-8")
        for problem in check(edition):
            print(problem)


if __name__ == "__main__":
    main()
