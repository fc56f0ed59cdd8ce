"""Renumber chapters, figures and exercises by their places: after _toc.yml or a chapter was rearranged.

    python scripts/renumber.py

Numbers are typed in the notebooks, as JupyterLab and GitHub show these as they stand. The number of a caption, and of an
exercise in its chapter, is a name until this script is run, and may be any that nothing else has: what moves keeps its
own, and is found by it. Renewed are captions and 图 5.1 wherever it stands, exercises and 练习 2, [第 5 章](....ipynb),
what follows it as in [第 5 章](....ipynb)　Title（约 35 分钟）, and **约 35 分钟** at the head of a chapter. The list of all
chapters, under 全部章节 at the end of 怎样读这本书, is made anew. What the CHANGELOG says is of another time, and stays.
"""

import itertools
import math
import re
import sys
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).resolve().parents[1]
CAPTION, EXERCISE = re.compile(r"^\*\*图 ([\d.]+)\*\*　", re.MULTILINE), re.compile(r"^### 练习 (\d+)　", re.MULTILINE)
ENTRY = "- [第 1 章]({}.ipynb)　Title（约 5 分钟）"  # until its numbers are renewed
REFERENCE = re.compile(
    r"\[(?P<words>[^\]]+)\](?P<link>\((?:chapters/)?(?P<target>[\w-]+)\.ipynb[^)]*\))"
    r"(?:(?P<of>的练习) (?P<theirs>\d+)|(?P<entry>　[^\n（]*（约 \d+ 分钟）))?"
    r"|图 (?P<figure>\d+(?:\.\d+)?)|练习 (?P<exercise>\d+)|\*\*约 (?P<minutes>\d+) 分钟\*\*"
)


def chapters_of(toc):
    """The notebooks in their order, each with its number, or None where its part has none."""
    numbers = itertools.count(1)
    return {
        page["file"].removeprefix("chapters/"): next(numbers) if part.get("numbered") else None
        for part in toc["parts"]
        for page in part["chapters"]
    }


def text_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def reading_time(notebook):
    """The minutes of what is in view, and of what is folded: answers, derivations, the code of figures.

    400 Chinese characters a minute, 20 s a formula on its own line, 6 s a line of code. Claims and exercises don't count.
    """
    times, level, fold = [0, 0], 0, False
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code":
            minutes = len([line for line in cell.source.split("\n") if line.strip()]) / 10
            if fold != "练习" and "claim" not in tags:
                times[bool(fold or "hide-input" in tags)] += minutes
            continue
        for part in re.split(r"^(?=#+ )|(?=<details>)|(?<=</details>)", cell.source, flags=re.MULTILINE):
            head, title = re.match(r"(#*) ?(.*)", part).groups()
            if head and (not fold or len(head) <= level):
                level, fold = len(head), title in ("练习", "推导（选读）") and title
            letters = re.findall("[一-鿿]", re.sub(r"\$[^$]*\$", "", part))
            minutes = len(letters) / 400 + len(re.findall(r"\$\$.+?\$\$", part, re.DOTALL)) / 3
            if fold != "练习":
                times[bool(fold or part.startswith("<details>"))] += minutes
    return times


def numbers_of(notebooks, chapters):
    """The new number of each figure by its old one, and of each exercise by its chapter and old one."""
    figures, exercises = {}, {}
    counts = dict.fromkeys(chapters.values(), 0)
    for name, number in chapters.items():
        if name not in notebooks:
            continue
        text = text_of(notebooks[name])
        for old in CAPTION.findall(text):
            counts[number] += 1
            if figures.setdefault(old, new := f"{number}.{counts[number]}" if number else str(counts[number])) != new:
                raise ValueError(f"two captions have the number 图 {old}, one of them in {name}")
        olds = EXERCISE.findall(text)
        if len(set(olds)) < len(olds):
            raise ValueError(f"two exercises of {name} have the same number, of {', '.join(olds)}")
        exercises[name] = {old: str(new) for new, old in enumerate(olds, start=1)}
    return figures, exercises


def listed(text, toc):
    """`text`, which ends with a list of all numbered chapters by parts, with those that are in the book now."""
    before, title, _ = text.partition("\n## 全部章节\n")
    if not title:
        return text
    parts = [part for part in toc["parts"] if part.get("numbered")]
    names = {part["caption"]: [page["file"].removeprefix("chapters/") for page in part["chapters"]] for part in parts}
    lists = ["\n".join([caption, "", *map(ENTRY.format, names[caption])]) for caption in names]
    return before + title + "\n" + "\n\n".join(lists) + "\n"


def renumbered(text, here, chapters, figures, exercises, minutes, titles):
    """`text`, of the page `here`, with the new numbers."""

    def new(found):
        target = found["target"]
        if target:
            words = re.sub(r"^第 \d+ 章$", f"第 {chapters[target]} 章", found["words"])
            exercise = f"的练习 {exercises[target][found['theirs']]}" if found["of"] else ""
            entry = f"　{titles[target]}（约 {minutes[target]} 分钟）" if found["entry"] else ""
            return f"[{words}]{found['link']}{exercise}{entry}"
        if found["figure"]:
            return f"图 {figures[found['figure']]}"
        if found["exercise"]:
            return f"练习 {exercises[here][found['exercise']]}"
        return f"**约 {minutes[here]} 分钟**"

    try:
        return REFERENCE.sub(new, text)
    except KeyError as error:
        raise ValueError(f"{here} names {error}, which isn't there, in {text[:200]!r}") from None


def changes(root):
    """The pages of the book at `root` whose numbers aren't those of their places, each with what it should be."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    chapters = chapters_of(toc)
    paths = [root / "index.md", *sorted((root / "chapters").glob("*.md")), *sorted((root / "chapters").glob("*.ipynb"))]
    pages = {path: path.read_text(encoding="utf-8") for path in paths}
    notebooks = {path.stem: nbformat.reads(pages[path], 4) for path in paths if path.suffix == ".ipynb"}
    minutes = {name: 5 * math.ceil(reading_time(notebook)[0] / 5) for name, notebook in notebooks.items()}
    titles = {name: text_of(notebook).partition("\n")[0].removeprefix("# ") for name, notebook in notebooks.items()}
    numbers = [chapters, *numbers_of(notebooks, chapters), minutes, titles]
    texts = {path: listed(text, toc) for path, text in pages.items() if path.suffix == ".md"}
    new = {path: renumbered(text, path.stem, *numbers) for path, text in texts.items()}
    for path in paths[len(new) :]:
        for cell in notebooks[path.stem].cells:
            if cell.cell_type == "markdown":
                cell.source = renumbered(cell.source, path.stem, *numbers)
        new[path] = nbformat.writes(notebooks[path.stem]) + "\n"
    return {path: text for path, text in new.items() if text != pages[path]}


if __name__ == "__main__":
    try:
        for path, text in changes(ROOT).items():
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))
    except ValueError as error:
        sys.exit(str(error))
