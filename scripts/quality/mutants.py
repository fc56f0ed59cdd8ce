"""Change one thing at a time in the book's code, and count which changes its checks catch.

    python scripts/quality/mutants.py [CHAPTER ... or gluonbook] [--number 35] [--seed 1]

A mutant is a chapter with one change in a code cell that readers see, or gluonbook with one change: a number, an
operator, a sign, a comparison, an argument left out or exchanged with its neighbour, an index, a bound of a slice, a
call left out. mutmut makes the mutants, and what it can't make is made here. Left alone are strings (names, labels,
messages) and imports; nor is a value replaced by None, which nearly always ends in an error and would flatter the share.

A chapter's mutant is caught if nbval finds an error, a failed assertion or another output than the stored one;
gluonbook's, if a test of the helper fails. A mutant that takes ten times as long as the original counts as caught.

Survivors that change nothing which the book says or shows are listed, with the reason, in equivalent_mutants.yml.
They count as not caught all the same. The command fails if less than 95 % are caught of all the chapters' mutants, or
of gluonbook's, or if a survivor is not listed.
"""

import argparse
import ast
import difflib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import libcst as cst
import nbformat
import yaml
from mutmut.mutation import mutators

from copies import copy_checks
from play import is_visible

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.yml")
CHAPTERS = [path.stem for path in sorted((ROOT / "chapters").glob("*.ipynb"))]
HELPER_TESTS = [
    "tests/gluonbook",
    *(f"--ignore=tests/gluonbook/test_{name}.py" for name in ("mxnet_hook", "original_notebooks")),  # of other code
]
GOAL = 0.95
UNLISTED = f"NOT LISTED in {EQUIVALENT.name}: check what it changes, or say there why it changes nothing"

# `name` is a chapter or gluonbook, `place` a cell's number or a file, `source` its code with one change.
Mutant = namedtuple("Mutant", "name place source")


def other_number(node):
    """1 less for an integer, 10 % more for another number, 0.1 for 0.0; mutmut adds 1."""
    if isinstance(node, (cst.Integer, cst.Float)):
        value = node.evaluated_value
        new = str(value - 1) if isinstance(value, int) else f"{1.1 * value or 0.1:.6g}"
        yield cst.parse_expression(f"({new})" if new.startswith("-") else new)


def opposite_sign(node):
    if isinstance(node.operator, cst.Minus):
        yield node.expression


def left_out_argument(node):
    for i in range(len(node.args)):
        yield node.with_changes(args=[*node.args[:i], *node.args[i + 1 :]])


def exchanged_arguments(node):
    for i, (first, second) in enumerate(zip(node.args, node.args[1:])):
        if not any(arg.keyword or arg.star for arg in (first, second)):
            both = first.with_changes(value=second.value), second.with_changes(value=first.value)
            yield node.with_changes(args=[*node.args[:i], *both, *node.args[i + 2 :]])


def exchanged_indices(node):
    for i, (first, second) in enumerate(zip(node.slice, node.slice[1:])):
        both = first.with_changes(slice=second.slice), second.with_changes(slice=first.slice)
        yield node.with_changes(slice=[*node.slice[:i], *both, *node.slice[i + 2 :]])


def left_out_bound(node):
    for bound in ("lower", "upper"):
        if getattr(node, bound):
            yield node.with_changes(**{bound: None})


def left_out_call(node):
    if len(node.body) == 1 and isinstance(node.body[0], cst.Expr) and isinstance(node.body[0].value, cst.Call):
        yield cst.RemoveFromParent()


OF_MUTMUT = [
    (kind, operator)
    for kind, operator in mutators.mutation_operators
    if operator not in (mutators.operator_string, mutators.operator_assignment, mutators.operator_arg_removal)
]
OPERATORS = OF_MUTMUT + [
    (cst.BaseNumber, other_number),
    (cst.UnaryOperation, opposite_sign),
    (cst.Call, left_out_argument),
    (cst.Call, exchanged_arguments),
    (cst.Subscript, exchanged_indices),
    (cst.Slice, left_out_bound),
    (cst.SimpleStatementLine, left_out_call),
]


def nodes_of(node):
    yield node
    for child in node.children:
        yield from nodes_of(child)


def changes_of(source):
    """The sources that differ from `source` in one thing and are Python still, in the order of the changes."""
    module = cst.parse_module(source.strip("\n") + "\n")
    texts = [module.code_for_node(statement) for statement in module.body]
    head, _, tail = module.code.partition("".join(texts))
    for i, statement in enumerate(module.body):
        found = {meaning(texts[i]): texts[i]}
        for node in nodes_of(statement):
            for changed in (new for kind, operator in OPERATORS if isinstance(node, kind) for new in operator(node)):
                if isinstance(changed, cst.RemovalSentinel):
                    new = cst.EmptyLine() if node is statement else statement.deep_remove(node)
                else:
                    new = statement.deep_replace(node, changed)
                text = module.code_for_node(new)
                found.setdefault(meaning(text), text)
        found.pop(None, None)
        for text in list(found.values())[1:]:
            yield "".join([head, *texts[:i], text, *texts[i + 1 :], tail]).strip("\n")


def meaning(source):
    """Source code without its layout; None if it isn't Python."""
    try:
        compile(source, "mutant", "exec")
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None


def sources_of(name):
    """The code of a chapter that readers see, by the number of its cell, or that of gluonbook, by file."""
    if name == "gluonbook":
        return {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "gluonbook").glob("*.py"))}
    cells = nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4).cells
    return {i: cell.source for i, cell in enumerate(cells) if is_visible(cell)}


def mutants_of(name):
    """All mutants of a chapter or of gluonbook."""
    return [Mutant(name, place, new) for place, source in sources_of(name).items() for new in changes_of(source)]


def change_of(mutant):
    """The lines that differ, before and after, without their layout."""
    original = sources_of(mutant.name)[mutant.place].splitlines()
    lines = list(difflib.ndiff(original, mutant.source.splitlines()))
    return [" ".join(" ".join(line[2:] for line in lines if line.startswith(sign)).split()) for sign in "-+"]


def is_caught(name, mutant=None, seconds=600):
    """Run the checks of a chapter or of gluonbook, in a copy with the mutant; say if they fail or take too long."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        book = Path(folder)
        copy_checks(ROOT, book)
        if mutant and name == "gluonbook":
            (book / "gluonbook" / mutant.place).write_text(mutant.source, encoding="utf-8")
        elif mutant:
            path = book / "chapters" / f"{name}.ipynb"
            notebook = nbformat.read(path, as_version=4)
            notebook.cells[mutant.place].source = mutant.source
            nbformat.write(notebook, path)
        checks = HELPER_TESTS if name == "gluonbook" else [f"chapters/{name}.ipynb"]
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *checks],
            cwd=book,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(book), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"},
        )
        try:
            return process.wait(seconds) != 0
        except subprocess.TimeoutExpired:
            return True
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def reason_of(survivor, listed):
    """Why a survivor is equivalent, or None: an entry names its lines, and what they become if not all is the same."""
    before, after = change_of(survivor)
    for entry in listed:
        if survivor.name in entry["where"] and before in entry["lines"] and after in entry.get("becomes", [after]):
            return entry["reason"]
    return None


def stale_entries(listed):
    """The entries with a line that none of their places has any more."""
    known = {
        name: [" ".join(source.split()) for source in sources_of(name).values()] for name in [*CHAPTERS, "gluonbook"]
    }
    return [
        entry
        for entry in listed
        if not all(any(line in source for name in entry["where"] for source in known[name]) for line in entry["lines"])
    ]


def survivors_of(name, mutants, pool):
    start = time.time()
    if is_caught(name):
        sys.exit(f"{name}: the checks fail without any change")
    limit = 10 * (time.time() - start)
    caught = pool.map(lambda mutant: is_caught(name, mutant, limit), mutants)
    return [mutant for mutant, is_found in zip(mutants, caught) if not is_found]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="CHAPTER", help="a chapter or gluonbook; all without it")
    parser.add_argument("--number", default="35", help="how many mutants of each chapter, or all; of gluonbook, twice")
    parser.add_argument("--seed", default="1", help="of the choice of the mutants")
    arguments = parser.parse_args()
    names = arguments.names or [*CHAPTERS, "gluonbook"]
    if set(names) - {*CHAPTERS, "gluonbook"}:
        parser.error(f"choose from {', '.join(CHAPTERS)} and gluonbook")

    listed = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8"))
    totals, failed = {"chapters": [0, 0], "gluonbook": [0, 0]}, False
    print(f"{'':26} {'mutants':>8} {'caught':>8} {'share':>8}", flush=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name in names:
            mutants = mutants_of(name)
            if arguments.number != "all":
                number = int(arguments.number) * (2 if name == "gluonbook" else 1)
                mutants = random.Random(f"{arguments.seed} {name}").sample(mutants, min(number, len(mutants)))
            survivors = survivors_of(name, mutants, pool)
            total = totals["gluonbook" if name == "gluonbook" else "chapters"]
            total[0] += len(mutants)
            total[1] += len(mutants) - len(survivors)
            share = 1 - len(survivors) / len(mutants)
            print(f"{name:26} {len(mutants):8} {len(mutants) - len(survivors):8} {share:8.1%}", flush=True)
            for survivor in survivors:
                reason = reason_of(survivor, listed)
                failed |= reason is None
                before, after = change_of(survivor)
                print(f"  {survivor.place}\n    - {before}\n    + {after}")
                print(f"    {reason or UNLISTED}", flush=True)

    for entry in stale_entries(listed):
        failed = True
        print(f"STALE in {EQUIVALENT.name}: {entry['lines'][0]}")
    print()
    for group, (number, caught) in totals.items():
        if number:
            print(f"{group}: {caught} of {number} caught, {caught / number:.1%}")
            failed |= caught < GOAL * number
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
