"""Lock the newest versions that fit what the book needs, for every Python and machine that it runs on.

    .uv/bin/python environment/lock.py

Writes, beside this file, constraints.txt, the versions, and lock.txt, the same with the hashes of their files, in three
parts: what a reader needs, what the tests need besides, what the maintainers need besides. Each is complete, so it is
installed without a look at what the packages say they need: MXNet's word on NumPy is not heeded (see pyproject.toml).
Only wheels count. If one is missing for a Python and a machine, nothing is written.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PARTS = {"readers": HERE / "readers.txt", "tests": ROOT / "requirements.txt", "maintainers": HERE / "maintainers.txt"}
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
HEAD = "# Made by make constraints.\n"
MACHINES = ["x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "x86_64-apple-darwin"]


def compile_(sources, *options):
    """The output of `uv pip compile`, with the override of pyproject.toml."""
    command = [Path(sys.executable).with_name("uv"), "pip", "compile", "--quiet", "--no-header", "--no-annotate"]
    result = subprocess.run(
        [*command, "--only-binary", ":all:", *options, *sources], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    return result.stdout if result.returncode == 0 else sys.exit(f"Failed: {' '.join(options)}")


def entries(text):
    """The lines of a lock, those that go on with a backslash put together."""
    return re.findall(r"^\w(?:.*\\\n)*.*\n", text, flags=re.MULTILINE)


def main():
    with tempfile.TemporaryDirectory() as folder:
        needed = []
        for name, path in PARTS.items():
            needed.append(Path(folder, f"{name}.in"))
            needed[-1].write_text(re.sub("^-.*", "", path.read_text(), flags=re.MULTILINE))
        everywhere = ["--universal", "--python-version", PYTHONS[0]]
        whole = compile_(needed, *everywhere, "--upgrade", "--fork-strategy", "fewest", "--generate-hashes")
        versions, lock = Path(folder, "constraints.txt"), Path(folder, "lock.txt")
        versions.write_text(HEAD + re.sub(r" \\\n    --hash=\S+", "", whole))

        rest, parts = entries(whole), [HEAD]
        for i, name in enumerate(PARTS):
            found = entries(compile_(needed[: i + 1], *everywhere, "--constraints", str(versions)))
            names = {entry.split("==")[0] for entry in found}
            parts += [f"# Part: {name}\n", *(entry for entry in rest if entry.split("==")[0] in names)]
            rest = [entry for entry in rest if entry.split("==")[0] not in names]
        lock.write_text("".join(parts))

        for python, machine in product(PYTHONS, MACHINES):
            print(f"Python {python}, {machine} ...", flush=True)
            compile_([lock], "--no-deps", "--python-version", python, "--python-platform", machine)
        for path in (versions, lock):
            shutil.copy(path, HERE)


if __name__ == "__main__":
    main()
