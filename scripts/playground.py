"""Bring the readers' own copy of the chapters, playground/, up to date: git ignores it, and readers may change it.

    python scripts/playground.py                  what readers haven't changed becomes as the book has it
    python scripts/playground.py --fresh CHAPTER  this chapter, too; what it was is kept beside it

A notebook counts as changed if the text of a cell is another than when it was copied: to run and to save it is none.
"""

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTE = ".copied.json"


def digest(path):
    """What tells a file that a reader changed from one that was only run and saved."""
    if path.suffix != ".ipynb":
        return hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    except (KeyError, TypeError, ValueError):
        return "not a notebook"
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def update(chapters, playground):
    """Copy what isn't in `playground` yet, or was copied from an older state and not changed; list what was changed."""
    playground.mkdir(exist_ok=True)
    note = playground / NOTE
    copied = json.loads(note.read_text()) if note.exists() else {}
    changed = []
    for original in sorted([*chapters.glob("*.ipynb"), *chapters.glob("*.csv")]):
        copy = playground / original.name
        if copy.exists() and digest(copy) != copied.get(original.name):
            changed.append(original.stem)
        elif not copy.exists() or digest(original) != copied[original.name]:
            shutil.copyfile(original, copy)
            copied[original.name] = digest(original)
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
    chapters, playground = ROOT / "chapters", ROOT / "playground"
    if chapter is not None and not (chapters / f"{chapter}.ipynb").exists():
        names = ", ".join(sorted(path.stem for path in chapters.glob("*.ipynb")))
        sys.exit(f"CHAPTER must be one of {names}, got {chapter}")
    if chapter and (playground / f"{chapter}.ipynb").exists():
        print(f"Your version is now playground/{set_aside(playground, chapter)}")
    for name in update(chapters, playground):
        print(f"playground/{name} stays as you changed it; make fresh CHAPTER={name} brings the original back")


if __name__ == "__main__":
    main()
