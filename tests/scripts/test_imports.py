"""Promise: each group of tests runs with the packages that `make` installs for it, and with no other."""

import sys
from importlib.metadata import packages_distributions
from modulefinder import ModuleFinder

import pytest
from packaging.utils import canonicalize_name

from common import ROOT

FOLDERS = [ROOT / name for name in ("", "_ext", "scripts", "tests", "tests/browser")]
OPTIONAL = {"torch"}  # which the benchmark looks for before it imports it


@pytest.mark.parametrize("folders, next_part", [(["book", "gluonbook", "scripts"], "maintainers"), (["browser"], "-")])
def test_what_tests_import_and_what_that_imports_is_in_the_lock_of_their_part(folders, next_part):
    finder = ModuleFinder(path=[str(folder) for folder in FOLDERS])  # all that it doesn't find there isn't the book's
    for folder in ["..", ".", *folders]:
        for path in (ROOT / "tests" / folder).glob("*.py"):
            finder.load_file(str(path))
    outside = {name.partition(".")[0] for name in finder.badmodules} - finder.modules.keys() - sys.stdlib_module_names
    lock = (ROOT / "environment" / "lock.txt").read_text().partition(f"# Part: {next_part}\n")[0]
    locked = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
    packages = packages_distributions()  # what isn't installed is called like its package
    unlocked = {
        name for name in outside - OPTIONAL if locked.isdisjoint(map(canonicalize_name, packages.get(name, [name])))
    }
    missing = {name: list(by) for name, by in finder.badmodules.items() if name.partition(".")[0] in unlocked}
    assert "pytest" in outside and missing == {}
