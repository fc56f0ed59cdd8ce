"""What is needed of the book to run its checks elsewhere."""

import shutil


def copy_checks(root, book):
    """Copy the chapters, the helper and the tests from the folder `root` to `book`."""
    for part in ("chapters", "gluonbook", "scripts", "tests"):
        shutil.copytree(root / part, book / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("_toc.yml", "conftest.py", "pyproject.toml"):
        shutil.copy(root / file, book)
