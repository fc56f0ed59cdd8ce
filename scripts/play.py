"""Change one visible number at a time, as a reader would, run the chapter to its end, and report what stopped it.

    python scripts/play.py [CHAPTER ...] [--number 12|all] [--seed 1]

A number is changed if code that readers see has it as the value of a setting, by its name (see VOCABULARY): of a
variable, an argument (the signature of what is called names it), a default, a key, or a loop over values that are
written out; or in an array that is. Indices, shapes, numbers in a formula, and what only draws are left alone.
A seed becomes another one; other numbers are halved or doubled, of a momentum its distance to 1, too (see `others`).

Of each chapter `--number` places are drawn, or all are taken, each with one of its changes; `--seed` chooses. Listed are
those that stop the chapter. The command fails if less than 98 % run to the end.
"""

import argparse
import ast
import asyncio
import copy
import inspect
import os
import random
import re
import sys
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError, DeadKernelError

from gluonbook.book.description import MEASURED_TIME

from kernels import client_of

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = [path.stem for path in sorted((ROOT / "chapters").glob("*.ipynb"))]
GOAL = 0.98

VOCABULARY = {
    "seed": r"seeds?",
    "count": r"_|(\w+_)?(epochs?|updates?|examples|inputs|train|test|steps?|interval)|change_at|size|\w+_sizes?",
    "share": r"(\w+_)?(momentum|gamma)",
    "number": r"(\w+_)?(lr|rates?|wds?|weight_decay|scale|sigma|ratios?|factor|pwr|shift|target|x|w|b)"
    r"|loc|q|kappa|condition_numbers|smallest|largest|fill_value|array",
}
METHODS = {"step": ["batch_size"], "normal": ["loc", "scale"], "RandomState": ["seed"]}
CLAIM = r"""^@gluonbook\.claim\(["'](.+?)["'](?:, \w+=.+)?\)$"""
GRIDS = {"range", "arange", "linspace", "logspace", "geomspace"}

# `cell` is the id of a cell; `line`, `start` and `end` say where the number stands in it.
Place = namedtuple("Place", "cell line start end kind")
Edit = namedtuple("Edit", "place text")


def is_claim(cell):
    return "claim" in cell.metadata.get("tags", [])


def is_visible(cell):
    return cell.cell_type == "code" and not is_claim(cell)


def read(name):
    return nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4)


def called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", None))


def values_of(node, kind):
    """The numbers of an expression that are settings of this kind, each with its kind."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield node, "number" if kind == "count" and type(node.value) is float else kind
    elif isinstance(node, (ast.UnaryOp, ast.List, ast.Tuple, ast.Dict)):
        for part in ast.iter_child_nodes(node):
            yield from values_of(part, kind)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.FloorDiv)):
        yield from values_of(node.left, kind)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Call):
        yield from values_of(node.right, kind)
    elif isinstance(node, ast.Call) and called(node) == "array":
        yield from values_of(node.args[0], kind)
    elif isinstance(node, ast.Call) and called(node) in GRIDS:
        first, last = ([None, *node.args] if len(node.args) == 1 else node.args)[:2]
        if kind not in ("count", "seed"):
            yield from values_of(first, kind)
        yield from values_of(last, "last seed" if kind == "seed" else kind)


def pairs(target, value):
    """The names that are set to `value` where `target` is, each with its part of it."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, (ast.Tuple, ast.List)):
        for part, element in zip(target.elts, value.elts):
            yield from pairs(part, element)


def parameters_of(call, functions, library):
    """The names of the parameters of what is called, as far as they can be known."""
    if isinstance(call.func, ast.Name) and call.func.id in functions:
        return functions[call.func.id]
    try:
        return list(inspect.signature(eval(ast.unparse(call.func), dict(library))).parameters)
    except Exception:  # it is no function of a library, or doesn't tell its signature
        return METHODS.get(called(call), [])


def named_in(node, functions, library):
    """The expressions that have a name because of what `node` is, each behind its name."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from pairs(target, node.value)
    elif isinstance(node, (ast.For, ast.comprehension)):
        for element in [node.iter] if isinstance(node.target, ast.Name) else getattr(node.iter, "elts", []):
            yield from pairs(node.target, element)
    elif isinstance(node, ast.arguments):
        positional = node.args[len(node.args) - len(node.defaults) :]
        for parameter, default in [*zip(positional, node.defaults), *zip(node.kwonlyargs, node.kw_defaults)]:
            yield parameter.arg, default
    elif isinstance(node, ast.Dict):
        yield from [(key.value, value) for key, value in zip(node.keys, node.values) if isinstance(key, ast.Constant)]
    elif isinstance(node, ast.Call):
        yield called(node), node
        yield from [(keyword.arg, keyword.value) for keyword in node.keywords]
        yield from zip(parameters_of(node, functions, library), node.args)


def places_of(notebook):
    """The numbers in visible code that a reader would sensibly change, in their order."""
    cells = list(filter(is_visible, notebook.cells))
    functions, library, found = {}, {}, {}
    for number, cell in enumerate(cells):
        nodes = list(ast.walk(ast.parse(cell.source)))
        for node in nodes:
            node.cell = number
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                exec(ast.unparse(node), library)
            elif isinstance(node, ast.FunctionDef):
                functions[node.name] = [parameter.arg for parameter in node.args.args]
        for name, value in [pair for node in nodes for pair in named_in(node, functions, library)]:
            kinds = [kind for kind, pattern in VOCABULARY.items() if re.fullmatch(pattern, str(name))]
            for part, kind in values_of(value, *kinds) if kinds else []:
                found.setdefault((part.cell, part.lineno, part.col_offset, part.end_col_offset), kind)
    return [Place(cells[number].id, *where, kind) for (number, *where), kind in sorted(found.items())]


def source_of(notebook, place):
    """The line of a place, before, in and after its number."""
    cell = next(cell for cell in notebook.cells if cell.id == place.cell)
    line = cell.source.split("\n")[place.line - 1]
    return line[: place.start], line[place.start : place.end], line[place.end :]


def others(kind, value):
    """What a reader may put in place of `value`."""
    choices = {
        "last seed": [2 * value],
        "seed": [value + more for more in range(1, 100)],
        "count": [max(value // 2, 1), 2 * value],
        "share": [value / 2, 1 - (1 - value) / 2, max(1 - 2 * (1 - value), 0)],
        "number": [value / 2, 2 * value] if value else [1],
    }
    return [new for new in choices[kind] if new != value]


def edits_of(notebook):
    """For each place that a reader would change, the list of its edits."""
    for place in places_of(notebook):
        value = ast.literal_eval(source_of(notebook, place)[1])
        news = [float(f"{new:.10g}") for new in others(place.kind, value)]
        texts = [str(int(new)) if new.is_integer() and type(value) is int else repr(new) for new in news]
        if texts:
            yield [Edit(place, text) for text in texts]


def draw(notebook, number, seed):
    """Choose `number` places, or all, and one edit of each."""
    chance = random.Random(seed)
    edits = [chance.choice(edits) for edits in edits_of(notebook)]
    if number == "all":
        return edits
    return sorted(chance.sample(edits, min(int(number), len(edits))), key=edits.index)


def edited(notebook, edit=None):
    """A copy of the notebook with the edit made, and nothing stored in it."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if edit and cell.id == edit.place.cell:
            before, _, after = source_of(notebook, edit.place)
            lines = cell.source.split("\n")
            lines[edit.place.line - 1] = before + edit.text + after
            cell.source = "\n".join(lines)
    return notebook


def run(notebook, seconds=300):
    """Run the notebook, in place, in a fresh kernel; say what stopped it and where, or return None."""
    client = client_of(notebook, ROOT / "chapters", shutdown_kernel="immediate")
    begun = ["the start"]  # a kernel that dies may not have told which cell it was at
    client.on_cell_execute = lambda cell, cell_index: begun.append(cell.id)
    end = time.time() + seconds
    try:
        asyncio.run(asyncio.wait_for(client.async_execute(), seconds))
    except CellExecutionError:
        cell, error = [(c, o) for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error"][-1]
        frames = uncoloured("\n".join(error.traceback))
        numbers = re.findall(r"Cell In\[\d+\], line (\d+)", frames)
        line = cell.source.split("\n")[int(numbers[0]) - 1].strip() if numbers else ""
        raised_in = re.findall(r"^File (.+?):\d+", frames, re.MULTILINE)[-1:]
        is_refused = error.ename in ("TypeError", "ValueError") and "/gluonbook/" in "".join(raised_in)
        message = error.evalue.strip().splitlines()[-1]  # behind MXNet's trace
        return f"[{cell.id}] {line}: {'refused: ' * is_refused}{error.ename}: {message}"
    # To nbclient a kernel that is stopped in time is a dead one, too; and where a signal has it clean up twice at once, the
    # second time fails to find the kernel.
    except (asyncio.TimeoutError, DeadKernelError, AssertionError):
        return f"[{begun[-1]}]: {'the kernel died' if time.time() < end else f'not done after {seconds:.0f} s'}"


def uncoloured(text):
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def claims_of(notebook):
    """The sentences of the claims that were checked, each with the line that was printed of it."""
    lines = {}
    for cell in notebook.cells:
        if is_claim(cell) and cell.get("execution_count"):
            printed = [line for output in cell.outputs for line in uncoloured(output.get("text", "")).splitlines()]
            for sentence in re.findall(CLAIM, cell.source, re.MULTILINE):
                lines[sentence] = next((line for line in printed if sentence in line), "")
    return lines


def shown(notebook):
    """What the visible cells print and tell of figures, but for measured times."""
    outputs = [output for cell in notebook.cells if is_visible(cell) for output in cell.outputs]
    texts = [output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs]
    return [text for text in texts if MEASURED_TIME not in text]


def as_line(notebook, edit):
    before, old, after = source_of(notebook, edit.place)
    return f"[{edit.place.cell}] {before.lstrip()}{old} → {edit.text}{after}"


def play(notebook, edits, pool):
    """Run a chapter once with each of the edits; return, of each, what stopped it and the notebook."""
    played = [edited(notebook, edit) for edit in edits]
    return list(zip(pool.map(run, played), played))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="CHAPTER", help="all without it")
    parser.add_argument("--number", default="12", help="how many places of each chapter, or all")
    parser.add_argument("--seed", default="1", help="of the choice of the edits")
    arguments = parser.parse_args()
    if set(arguments.names) - set(CHAPTERS):
        parser.error(f"choose from {', '.join(CHAPTERS)}")
    total = ran = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name in arguments.names or CHAPTERS:
            print(name, flush=True)
            notebook = read(name)
            edits = draw(notebook, arguments.number, f"{arguments.seed} {name}")
            stops = [stop for stop, _ in play(notebook, edits, pool)]
            for edit, stop in zip(edits, stops):
                if stop:
                    print(f"  {as_line(notebook, edit)}\n    stopped in {stop}", flush=True)
            ran, total = ran + stops.count(None), total + len(edits)
    print(f"{ran} of {total} edits ran to the end, {ran / total:.1%}")
    sys.exit(ran < GOAL * total)


if __name__ == "__main__":
    main()
