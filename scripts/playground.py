"""Bring the readers' own copy of the chapters, playground/, up to date: git ignores it, and readers may change it.

    python scripts/playground.py                  what readers haven't changed becomes as the book has it
    python scripts/playground.py --fresh CHAPTER  this chapter, too; what it was is kept beside it

EDITION=en makes another, playground/en, in which a chapter that isn't translated is the Chinese one.
A notebook counts as changed if the text of a cell is another than when it was copied: to run and to save it is none.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from _ext.words import EDITION, _  # noqa: E402

NOTE = ".copied.json"
START = "目录.md" if EDITION == "zh" else "contents.md"
HOW = [
    _("# 动手学优化"),
    _("这里是各章的副本，可以随意改动。点开一章，从头读起：选中一个单元，按 Shift+Enter 运行它，再到下一个。"),
    _(
        "想让一章恢复原样，在书的目录里运行 `make fresh CHAPTER=momentum-gluon`，其中 `momentum-gluon` 换成这一章的文件名；你的版本会另存一份。"
    ),
]


def digest(name, content):
    """What tells a file that a reader changed from one that was only run and saved."""
    if not name.endswith(".ipynb"):
        return hashlib.sha256(content).hexdigest()
    try:
        cells = json.loads(content)["cells"]
        texts = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    except (KeyError, TypeError, ValueError):
        return "not a notebook"
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def start_page(root):
    """The chapters that are notebooks, in the order of the book."""
    text, number = "\n\n".join(HOW) + "\n", 0
    for part in yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))["parts"]:
        paths = [root / f"{page['file']}.ipynb" for page in part["chapters"]]
        if paths := [path for path in paths if path.exists()]:
            text += f"\n## {part['caption']}\n\n"
        for path in paths:
            title = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]).splitlines()[0]
            number += (numbered := "numbered" in part)
            text += f"{f'{number}.' if numbered else '-'} [{title.removeprefix('# ')}]({path.name})\n"
    return text


def update(originals, playground):
    """Write what isn't in `playground` yet, or comes from an older state and wasn't changed; list what was changed."""
    playground.mkdir(parents=True, exist_ok=True)
    note = playground / NOTE
    copied = json.loads(note.read_text()) if note.exists() else {}
    changed = []
    for name, content in originals.items():
        copy = playground / name
        if copy.exists() and digest(name, copy.read_bytes()) != copied.get(name):
            changed.append(name)
        elif not copy.exists() or digest(name, content) != copied[name]:
            copy.write_bytes(content)
            copied[name] = digest(name, content)
    draft = note.with_suffix(".tmp")
    draft.write_text(json.dumps(copied, indent=1))
    draft.replace(note)
    return changed


def set_aside(playground, chapter):
    """Give a reader's version of a chapter another name, under which it stays; return that name."""
    copy = playground / f"{chapter}.ipynb"
    number = 1
    while (kept := playground / f"{chapter}-{number}.ipynb").exists():
        number += 1
    copy.rename(kept)
    return kept.name


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", metavar="CHAPTER")
    chapter = parser.parse_args().fresh
    playground, sources = ROOT / "playground", [ROOT]
    if EDITION != "zh":
        from translate import write_source

        write_source(EDITION)
        playground, sources = playground / EDITION, [ROOT, ROOT / "_build" / EDITION]
    paths = [path for source in sources for path in sorted(source.glob("chapters/*.[ci]*"))]
    originals = {path.name: path.read_bytes() for path in paths} | {START: start_page(sources[-1]).encode()}
    changed, shown = update(originals, playground), playground.relative_to(ROOT)
    if chapter:
        if f"{chapter}.ipynb" in changed:
            print(f"Your version is now {shown}/{set_aside(playground, chapter)}")
        else:
            (playground / f"{chapter}.ipynb").unlink()
        changed = update(originals, playground)
        print(f"{shown}/{chapter}.ipynb is as the book has it")
    for name in changed:
        fresh, lab = (f"make {goal}{'' if EDITION == 'zh' else f' EDITION={EDITION}'}" for goal in ("fresh", "lab"))
        how = f"{fresh} CHAPTER={Path(name).stem}" if name.endswith(".ipynb") else f"{lab}, once it is deleted,"
        print(f"{shown}/{name} stays as you changed it; {how} brings the original back")


if __name__ == "__main__":
    main()
