"""Look for claims that can't fail, and for what depends on a claim.

    python scripts/check_claims.py [CHAPTER ...]

Each assert of each claim is negated, one at a time: the claim must then say that it doesn't hold. Without any claim, all
else must come out as with them. The command fails if a negated assert goes unnoticed, or if something depends on a claim.
"""

import ast
import copy
import itertools
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat

from play import CHAPTERS, claims_of, edited, is_claim, read, run, shown


def negations_of(source):
    """The claims of a cell, each once for each of its asserts, with that one negated, as cells of their own."""
    for claim in ast.parse(source).body:
        for i in range(sum(isinstance(node, ast.Assert) for node in ast.walk(claim))):
            negated = copy.deepcopy(claim)
            node = [node for node in ast.walk(negated) if isinstance(node, ast.Assert)][i]
            node.test = ast.UnaryOp(ast.Not(), node.test)
            yield ast.unparse(ast.fix_missing_locations(negated))


def with_claims(notebook, change):
    """A copy of a notebook in which cells with the sources `change(source)` stand in the place of each cell of claims."""
    cells = []
    for cell in edited(notebook).cells:
        for i, source in enumerate(change(cell.source) if is_claim(cell) else [cell.source]):
            cells.append(nbformat.from_dict({**copy.deepcopy(cell), "source": source, "id": f"{cell.id[:50]}-{i}"}))
    return nbformat.from_dict({**notebook, "cells": cells})


def problems_of(notebook, pool):
    """What is wrong with the claims of a chapter, and how many asserts they have."""
    negated, without = (with_claims(notebook, change) for change in (negations_of, lambda source: []))
    stops = [stop for stop in pool.map(lambda book: run(book, 900), (negated, without)) if stop]
    cells = [cell for cell in negated.cells if is_claim(cell)]
    lines = [line for cell in cells for line in claims_of(nbformat.from_dict({"cells": [cell]})).items()]
    unnoticed = [f"NOT NOTICED: {line or sentence}" for sentence, line in lines if not line.startswith("✗")]
    pairs = itertools.zip_longest(shown(negated), shown(without))
    dependent = [f"DEPENDS ON A CLAIM: {before}\n    {after}" for before, after in pairs if before != after]
    return [f"STOPPED: {stop}" for stop in stops] or unnoticed + dependent, len(lines)


def main():
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for chapter in sys.argv[1:] or CHAPTERS:
            problems, number = problems_of(read(chapter), pool)
            failed |= bool(problems)
            print(f"{chapter:28} {number} negated asserts, {len(problems)} problems", flush=True)
            print(*(f"  {problem}\n" for problem in problems), sep="", end="", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
