"""Re-execute notebooks in place, each in a fresh kernel, and store them normalised.

    python scripts/run_notebooks.py chapters/*.ipynb

A notebook is replaced in one step, after its last cell has run and only if something in it changed.
If a cell fails, a claim doesn't hold, a figure can't be described or the run is interrupted, the stored notebook stays
as it was.
"""

import copy
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError

from kernels import client_of

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What a cell says of how it is shown; the rest (timings, scroll states) belongs to a machine or a session.
CELL_METADATA = {"jp-MarkdownHeadingCollapsed", "jupyter", "mystnb", "tags", "try"}
EXAMPLES = r'"design":.*?"residuals":\[[^]]*\]'
TRUST = "trusted"  # Jupyter's own mark, which is never stored; it says on saving whether the notebook stays trusted

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"


def normalise(notebook):
    """Remove from `notebook`, in place, what would differ from one machine or session to the next.

    A drawing becomes one line, which is the same drawing and one line of a diff.
    """
    notebook.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in {*CELL_METADATA, TRUST}})
        cell.source = "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n"))
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = nbformat.NotebookNode()
            if svg := output.get("data", {}).get("image/svg+xml"):
                output.data["image/svg+xml"] = " ".join(svg.split())


def same_drawing(old, new):
    """Say whether two SVGs differ in nothing but their numbers, by less than 0.1 pt, and names made from these."""
    old, new = (re.sub(r"\b[mp][0-9a-f]{10}\b", "", svg) for svg in (old, new))
    number = r"-?\d+(?:\.\d+)?"
    if re.split(number, old) != re.split(number, new):
        return False
    pairs = zip(re.findall(number, old), re.findall(number, new))
    return all(abs(float(a) - float(b)) < 0.1 for a, b in pairs)


def stored_elements():
    """The elements in the outputs of the notebooks, by name, each as at first in its chapter."""
    elements = {}
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                text = output.get("data", {}).get("text/html", "")
                if found := re.match('<gluonbook-explorable name="(.+?)".*</gluonbook-explorable>', text):
                    elements.setdefault(found[1], found[0])
    return elements


def keep_drawings(notebook, stored):
    """Put the `stored` SVGs back into `notebook` where the new ones show the same, and what sgd-cloud is told.

    Another machine draws the same curve with other last digits, and times are another each time. Of small
    differences in float32, such as residuals, the fourth digit is another already.
    """
    from gluonbook.book.description import MEASURED_TIME  # here, as it brings MXNet, which takes long

    old_cells = {cell.id: cell for cell in stored.cells if cell.cell_type == "code"}
    for cell in notebook.cells:
        old = old_cells.get(cell.get("id"), {})
        if old.get("source") != cell.source:
            continue
        for output, old_output in zip(cell.get("outputs", []), old.outputs):
            data, old_data = output.get("data", {}), old_output.get("data", {})
            told, old_told = (each.get("text/html", "") for each in (data, old_data))
            if told and re.sub(EXAMPLES, "", told) == re.sub(EXAMPLES, "", old_told):
                data["text/html"] = old_told
            svg, old_svg = data.get("image/svg+xml"), old_data.get("image/svg+xml")
            if svg and old_svg and data["text/plain"] == old_data["text/plain"]:
                if MEASURED_TIME in data["text/plain"] or same_drawing(old_svg, svg):
                    data["image/svg+xml"] = old_svg


def check_outputs(notebook):
    """Raise RuntimeError if a claim doesn't hold, or a figure can't be drawn or described; the notebook itself runs on then."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    failed = [f"{output.ename}: {output.evalue}" for output in outputs if output.output_type == "error"]
    claims = [cell for cell in notebook.cells if "claim" in cell.metadata.get("tags", [])]
    lines = [line for cell in claims for output in cell.outputs for line in output.get("text", "").splitlines()]
    if failed := failed + [line for line in lines if not line.startswith("✓ ")]:
        raise RuntimeError("\n".join(failed))


def execute(path):
    """Run the notebook at `path` and return the text to store."""
    stored = nbformat.read(path, as_version=4)
    notebook = copy.deepcopy(stored)
    client_of(notebook, path.parent).execute()
    check_outputs(notebook)
    normalise(notebook)
    keep_drawings(notebook, stored)
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def replace(path, text):
    """Put `text` into the file at `path`, all of it or nothing."""
    draft = path.with_name(f".{path.name}.tmp")
    try:
        draft.write_text(text, encoding="utf-8")
        shutil.copymode(path, draft)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def main():
    for path in map(Path, sys.argv[1:]):
        print(f"{path} ...", end=" ", flush=True)
        try:
            text = execute(path)
            is_new = text != path.read_text(encoding="utf-8")
            if is_new:
                replace(path, text)
        except (CellExecutionError, RuntimeError, OSError, KeyboardInterrupt) as error:
            print("not stored, and stays as it was")
            sys.exit(str(error) or "interrupted")
        print("stored" if is_new else "unchanged")


if __name__ == "__main__":
    main()
