"""Pack the book's source into one file that runs by itself, for the readers of the pages: no clone, no Git.

    python scripts/pack.py _build/html/NAME.zip

The same files give the same bytes, in a clone of the repository and in what was unpacked.
"""

import fnmatch
import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def tracked(root):
    """The names of the files that are the book's: what Git tracks or, without a clone, what .gitignore doesn't name."""
    if (root / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
        return sorted(name for name in listed.split("\0") if (root / name).is_file())
    patterns = [".git", *(line.rstrip("/") for line in (root / ".gitignore").read_text(encoding="utf-8").splitlines())]

    def is_book(name):
        return not any(fnmatch.fnmatch(name, pattern) for pattern in patterns)

    names = []
    for folder, inner, files in os.walk(root):
        inner[:] = filter(is_book, inner)
        names += [(Path(folder) / name).relative_to(root).as_posix() for name in files if is_book(name)]
    return sorted(names)


def pack(root, archive):
    draft = archive.with_suffix(".tmp")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name in tracked(root):
            path = root / name
            info = zipfile.ZipInfo(f"{archive.stem}/{name}")  # of 1980, whenever it was changed
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, whose permissions it has
            info.external_attr = (0o100755 if os.access(path, os.X_OK) else 0o100644) << 16
            file.writestr(info, path.read_bytes())
    os.replace(draft, archive)


if __name__ == "__main__":
    pack(ROOT, Path(sys.argv[1]))
