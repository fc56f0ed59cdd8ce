"""Change one visible number at a time, as a reader would, run the chapter to its end, and report what stopped it.

    python scripts/quality/play.py [CHAPTER ...] [--number 12|all] [--seed 1] [--list]
    python scripts/quality/play.py [CHAPTER ...] --seeds 20

What is natural to change is a number in code that readers see which is the value of a setting, by its name (see
VOCABULARY): of a variable, a keyword argument, a default, a positional argument (named by the signature of what is
called), a key of a dictionary, or a loop over values that are written out; and a number of an array that is written
out. What isn't: indices and slices, shapes that follow from others, numbers in a formula, all that only draws (sizes,
limits, colours, the points of a grid), types, digits of a format.

How a number is changed follows from what it is:

* a seed becomes another one;
* a count (epochs, updates, examples, a batch size) is halved, but stays at least 1, or doubled;
* a momentum is halved, or its distance to 1 is halved or doubled: 0.9 becomes 0.45, 0.95 or 0.8;
* any other number (a learning rate, a weight decay, noise, a start) is halved or doubled; 0 becomes 1.

Of each chapter `--number` places are drawn, or all are taken, each with one of its changes; `--seed` chooses. An edit
is stopped by an argument that the helper refuses, with a message that says what it accepts, or by an error. Of those
that run to the end, an edit is listed that changes no visible output from its cell on. Of the claims that fail, one is
listed whose line lacks its sentence or two numbers, or that can't be checked.
The command fails if less than 98 % run to the end, or if a claim says too little.

With `--seeds K` each chapter runs K times with all its visible seeds shifted. Listed is each claim that fails in more
than a tenth of the runs.
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
import threading
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError, DeadKernelError

from gluonbook.description import MEASURED_TIME

sys.path.append(str(Path(__file__).resolve().parents[1]))
from kernels import client_of  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = [path.stem for path in sorted((ROOT / "chapters").glob("*.ipynb"))]
GOAL = 0.98

VOCABULARY = {
    "seed": r"seeds?",
    "count": r"_|(\w+_)?(epochs?|updates?|examples|inputs|train|test|steps?|interval)|change_at|size|\w+_sizes?",
    "share": r"(\w+_)?(momentum|gamma)",
    "number": r"(\w+_)?(lr|rates?|wds?|weight_decay|scale|sigma|ratios?|factor|pwr|shift|target|x|w|b)"
    r"|loc|q|kappa|condition_numbers|smallest|largest|fill_value",
}
METHODS = {"step": ["batch_size"], "set_learning_rate": ["lr"], "normal": ["loc", "scale"], "RandomState": ["seed"]}
GRIDS = {"range", "arange", "linspace", "logspace", "geomspace"}

# `cell` is the id of a cell; `line`, `start` and `end` say where the number stands in it.
Place = namedtuple("Place", "cell line start end kind")
Edit = namedtuple("Edit", "place text")
# What stopped a run: the id of a cell, the line of it, what kind of stop it is, and the message.
Stop = namedtuple("Stop", "cell line kind message")
Claim = namedtuple("Claim", "cell sentence holds line")


# Python 3.11 raises a SystemError where two threads parse at once, and to ask for a signature or to import may parse, too.
PARSING = threading.RLock()


def parsed(source):
    with PARSING:
        return ast.parse(source)


def kind_of(name):
    return next((kind for kind, pattern in VOCABULARY.items() if re.fullmatch(pattern, name)), None)


def is_claim(cell):
    return "claim" in cell.metadata.get("tags", [])


def is_visible(cell):
    return cell.cell_type == "code" and not is_claim(cell)


def read(name):
    return nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4)


def values_of(node, kind):
    """The numbers of an expression that are settings of this kind, each with its kind."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield node, "number" if kind == "count" and type(node.value) is float else kind
    elif isinstance(node, ast.UnaryOp):
        yield from values_of(node.operand, kind)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for element in node.elts:
            yield from values_of(element, kind)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from values_of(value, kind)
    elif isinstance(node, ast.IfExp):
        yield from values_of(node.body, kind)
        yield from values_of(node.orelse, kind)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.FloorDiv)):
        yield from values_of(node.left, kind)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Call):
        yield from values_of(node.right, kind)
    elif isinstance(node, ast.Call) and called(node) == "array":
        yield from values_of(node.args[0], kind)
    elif isinstance(node, ast.Call) and called(node) in GRIDS:
        first, last = ([None, *node.args] if len(node.args) == 1 else node.args)[:2]
        if kind == "seed":
            yield from [(node, "first seed") for node, _ in values_of(first, kind)]
            yield from [(node, "last seed") for node, _ in values_of(last, kind)]
        else:
            if kind != "count":
                yield from values_of(first, kind)
            yield from values_of(last, kind)


def called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", None))


def bound(target, value):
    """The numbers of `value` that become settings when `target` is set to it."""
    if isinstance(target, ast.Name) and kind_of(target.id):
        yield from values_of(value, kind_of(target.id))
    elif isinstance(target, ast.Tuple) and isinstance(value, (ast.Tuple, ast.List)):
        for part, element in zip(target.elts, value.elts):
            yield from bound(part, element)


def elements_of(node, assigned):
    """The values that a loop over `node` runs through, as far as they are written out."""
    if isinstance(node, ast.Name):
        node = assigned.get(node.id)
    if isinstance(node, ast.Call) and called(node) in ("items", "values") and isinstance(node.func, ast.Attribute):
        table = assigned.get(getattr(node.func.value, "id", None))
        if isinstance(table, ast.Dict):
            pairs = zip(table.keys, table.values)
            return [ast.Tuple(list(pair)) for pair in pairs] if called(node) == "items" else table.values
    return getattr(node, "elts", [])


def parameters_of(call, functions, library):
    """The names of the parameters of what is called, as far as they can be known."""
    if isinstance(call.func, ast.Name) and call.func.id in functions:
        return functions[call.func.id]
    try:
        return list(inspect.signature(eval(ast.unparse(call.func), dict(library))).parameters)
    except Exception:  # it is no function of a library, or doesn't tell its signature
        return METHODS.get(called(call), [])


def settings_in(node, functions, library, assigned):
    """The numbers that are settings because of what `node` is, each with its kind."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from bound(target, node.value)
    elif isinstance(node, (ast.For, ast.comprehension)):
        for element in [node.iter] if isinstance(node.target, ast.Name) else elements_of(node.iter, assigned):
            yield from bound(node.target, element)
    elif isinstance(node, ast.arguments):
        positional = node.args[len(node.args) - len(node.defaults) :]
        for parameter, default in [*zip(positional, node.defaults), *zip(node.kwonlyargs, node.kw_defaults)]:
            yield from values_of(default, kind_of(parameter.arg))
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield from values_of(value, kind_of(key.value))
    elif isinstance(node, ast.Call):
        if called(node) == "array":
            yield from values_of(node, "number")
        arguments = [(keyword.arg or "", keyword.value) for keyword in node.keywords]
        arguments += zip(parameters_of(node, functions, library), node.args)
        for name, value in arguments:
            yield from values_of(value, kind_of(name))


def places_of(notebook):
    """The numbers in visible code that a reader would sensibly change, in their order."""
    cells = [cell for cell in notebook.cells if is_visible(cell)]
    functions, library, assigned, found = {}, {}, {}, {}
    with PARSING:
        for number, cell in enumerate(cells):
            tree = parsed(cell.source)
            nodes = list(ast.walk(tree))
            for node in nodes:
                node.cell = number
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    exec(ast.unparse(node), library)
                elif isinstance(node, ast.FunctionDef):
                    functions[node.name] = [parameter.arg for parameter in node.args.args]
                elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    assigned[node.targets[0].id] = node.value
            for node in nodes:
                for value, kind in settings_in(node, functions, library, assigned):
                    if kind:
                        found.setdefault((value.cell, value.lineno, value.col_offset, value.end_col_offset), kind)
    return [Place(cells[number].id, *where, kind) for (number, *where), kind in sorted(found.items())]


def source_of(notebook, place):
    """The line of a place, before, in and after its number."""
    cell = next(cell for cell in notebook.cells if cell.id == place.cell)
    line = cell.source.split("\n")[place.line - 1]
    return line[: place.start], line[place.start : place.end], line[place.end :]


def others(kind, value):
    """What a reader may put in place of `value`."""
    if kind == "first seed":
        return []
    if kind == "last seed":
        return [2 * value]
    if kind == "seed":
        return list(range(value + 1, value + 100))
    if kind == "count":
        changed = [max(value // 2, 1), 2 * value]
    elif kind == "share":
        changed = [value / 2, 1 - (1 - value) / 2, max(1 - 2 * (1 - value), 0)]
    else:
        changed = [value / 2, 2 * value] if value else [1]
    return [new for new in changed if new != value]


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


def edited(notebook, *edits):
    """A copy of the notebook with the edits made, and nothing stored in it."""
    notebook = copy.deepcopy(notebook)
    cells = {cell.id: cell for cell in notebook.cells}
    for cell in cells.values():
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    for place, text in sorted(edits, reverse=True):  # from the end, as what stands before keeps its place
        before, _, after = source_of(notebook, place)
        lines = cells[place.cell].source.split("\n")
        lines[place.line - 1] = before + text + after
        cells[place.cell].source = "\n".join(lines)
    return notebook


def run(notebook, seconds):
    """Run the notebook, in place, in a fresh kernel; return what stopped it, or None."""
    client = client_of(notebook, ROOT / "chapters", shutdown_kernel="immediate")
    end = time.time() + seconds
    try:
        asyncio.run(asyncio.wait_for(client.async_execute(), seconds))
    except CellExecutionError:
        return stop_of(notebook)
    except (asyncio.TimeoutError, DeadKernelError):  # a kernel that is stopped in time is a dead one, too
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        last = [*cells[:1], *(cell for cell in cells if cell.execution_count)][-1]
        message = "the kernel died" if time.time() < end else f"not done after {seconds:.0f} s"
        return Stop(last.id, "", "an error", message)


def stop_of(notebook):
    """The error that ended the run of the notebook: where it is and of what kind."""
    cell, output = [
        (cell, output) for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "error"
    ][-1]
    frames = uncoloured("\n".join(output.traceback))
    numbers = re.findall(r"Cell In\[\d+\], line (\d+)", frames)
    line = cell.source.split("\n")[int(numbers[0]) - 1].strip() if numbers else ""
    files = re.findall(r"^File (.+?):\d+", frames, re.MULTILINE)
    kind = "an error"
    if output.ename in ("TypeError", "ValueError") and files and Path(files[-1]).parent.name == "gluonbook":
        kind = "a refused argument"
    message = output.evalue.strip().split("\n")[-1]  # behind MXNet's trace
    return Stop(cell.id, line, kind, f"{output.ename}: {message}")


def uncoloured(text):
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def claims_of(notebook):
    """The claims that were checked, each with what was printed of it."""
    for cell in notebook.cells:
        if cell.get("execution_count") and is_claim(cell):
            printed = [line for output in cell.outputs for line in uncoloured(output.get("text", "")).splitlines()]
            for node in ast.walk(parsed(cell.source)):
                if isinstance(node, ast.Call) and called(node) == "claim" and isinstance(node.args[0], ast.Constant):
                    sentence = node.args[0].value
                    line = next((line for line in printed if sentence in line), "")
                    yield Claim(cell.id, sentence, line.startswith("✓"), line)


def remark_on(claim):
    """What is to be said of the line of a claim that fails: it should hold its sentence and two numbers."""
    if claim.line.startswith("？"):
        return f"can't be checked: {claim.line}"
    if len(re.findall(r"\d[\d.]*(?:e[+-]?\d+)?|nan|inf", claim.line.replace(claim.sentence, ""))) < 2:
        return f"says too little: {claim.line or claim.sentence}"


def shown(notebook, first):
    """The visible outputs from the cell `first` on, but for those that are measured times."""
    cells = [cell for cell in notebook.cells if is_visible(cell)]
    ids = [cell.id for cell in cells]
    outputs = [output for cell in cells[ids.index(first) :] for output in cell.outputs]
    data = [(output.get("text"), output.get("data")) for output in outputs]
    return [each for each in data if MEASURED_TIME not in str((each[1] or {}).get("text/plain"))]


def as_line(notebook, edit):
    before, old, after = source_of(notebook, edit.place)
    return f"[{edit.place.cell}] {before.lstrip()}{old} → {edit.text}{after}"


def original(name, notebook):
    """Run a chapter as it is; return it with its outputs, and the seconds after which an edited one is given up."""
    start = time.time()
    unchanged = edited(notebook)
    stop = run(unchanged, 600)
    if stop:
        sys.exit(f"{name} stops without any edit, in cell {stop.cell}: {stop.message}")
    return unchanged, max(10 * (time.time() - start), 60)


def play(notebook, edit, unchanged, seconds):
    """Run a chapter with an edit; return what stopped it, whether visible outputs changed, and the claims that fail."""
    played = edited(notebook, edit)
    stop = run(played, seconds)
    changed = shown(played, edit.place.cell) != shown(unchanged, edit.place.cell)
    return stop, changed, [claim for claim in claims_of(played) if not claim.holds]


def play_all(names, arguments, pool):
    """Draw edits, run them, print what came of it; say if enough ran to the end and all claims that fail say enough."""
    notebooks = {name: read(name) for name in names}
    drawn = {name: draw(notebooks[name], arguments.number, f"{arguments.seed} {name}") for name in names}
    originals = dict(zip(names, pool.map(original, names, notebooks.values())))
    jobs = {
        name: [pool.submit(play, notebooks[name], edit, *originals[name]) for edit in drawn[name]] for name in names
    }

    total = ran = poor = 0
    print(f"{'':26} {'edits':>8} {'ran':>8} {'share':>8}", flush=True)
    for name in names:
        results = [(edit, *job.result()) for edit, job in zip(drawn[name], jobs[name])]
        ended = sum(stop is None for _, stop, _, _ in results)
        print(f"{name:26} {len(results):8} {ended:8} {ended / len(results):8.1%}", flush=True)
        total, ran = total + len(results), ran + ended
        for edit, stop, changed, failed in results:
            remarks = [remark for remark in map(remark_on, failed) if remark]
            poor += sum(remark.startswith("says too little") for remark in remarks)
            if stop:
                remarks.append(f"stopped by {stop.kind} in [{stop.cell}] {stop.line}\n        {stop.message}")
            elif not changed:
                remarks.append("changed nothing")
            if remarks:
                print(f"  {as_line(notebooks[name], edit)}", *remarks, sep="\n    ", flush=True)
    print(f"\n{ran} of {total} edits ran to the end, {ran / total:.1%}; {poor} claims say too little")
    return ran >= GOAL * total and not poor


def claims_with_shift(notebook, shift, seconds):
    """Run a chapter with all its visible seeds shifted; return what stopped it, and its claims."""
    seeds = [place for place in places_of(notebook) if "seed" in place.kind]
    edits = [Edit(place, str(int(source_of(notebook, place)[1]) + shift)) for place in seeds]
    shifted = edited(notebook, *edits)
    return run(shifted, seconds), list(claims_of(shifted))


def shift_seeds(names, number, pool):
    """Run each chapter with other seeds, and print which claims fail in more than a tenth of the runs."""
    notebooks = {name: read(name) for name in names}
    originals = dict(zip(names, pool.map(original, names, notebooks.values())))
    shifts = range(1000, 1000 * number + 1, 1000)
    jobs = {
        name: [pool.submit(claims_with_shift, notebooks[name], shift, originals[name][1]) for shift in shifts]
        for name in names
    }
    print(f"{'':26} {'claims':>8} {'robust':>8}", flush=True)
    for name in names:
        results = [job.result() for job in jobs[name]]
        outcomes = {}
        for _, claims in results:
            for claim in claims:
                outcomes.setdefault((claim.cell, claim.sentence), []).append(claim.holds)
        frail = {claim: held for claim, held in outcomes.items() if held.count(False) > len(held) / 10}
        print(f"{name:26} {len(outcomes):8} {len(outcomes) - len(frail):8}", flush=True)
        for (cell, sentence), held in frail.items():
            print(f"  holds in {sum(held)} of {len(held)}: [{cell}] {sentence}", flush=True)
        for stop in {stop for stop, _ in results if stop}:
            print(f"  stopped by {stop.kind} in [{stop.cell}] {stop.line}\n        {stop.message}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="CHAPTER", help="all without it")
    parser.add_argument("--number", default="12", help="how many places of each chapter, or all")
    parser.add_argument("--seed", default="1", help="of the choice of the edits")
    parser.add_argument("--seeds", type=int, metavar="K", help="run with all seeds shifted, K times, instead")
    parser.add_argument("--list", action="store_true", help="print the places and what they may become; run nothing")
    arguments = parser.parse_args()
    names = arguments.names or CHAPTERS
    if set(names) - set(CHAPTERS):
        parser.error(f"choose from {', '.join(CHAPTERS)}")
    if arguments.list:
        counts = {}
        for name in names:
            notebook = read(name)
            edits = list(edits_of(notebook))
            counts[name] = len(edits)
            for choices in edits:
                texts = [edit.text for edit in choices]
                print(f"{name} {as_line(notebook, choices[0]._replace(text='|'.join(texts[:3])))}")
        for name, count in [*counts.items(), ("", sum(counts.values()))]:
            print(f"{name:26} {count:8}")
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        if arguments.seeds:
            shift_seeds(names, arguments.seeds, pool)
        elif not play_all(names, arguments, pool):
            sys.exit(1)


if __name__ == "__main__":
    main()
