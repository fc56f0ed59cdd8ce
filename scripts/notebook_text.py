"""Print a notebook as text: its sources and what they printed; of a figure, its description. For `git diff`.

git config diff.notebook.textconv "python3 scripts/notebook_text.py"
"""

import json
import sys


def text_of(notebook):
    """Yield the lines of `notebook`, those of each cell behind one with its kind, its id and its metadata."""
    for cell in notebook["cells"]:
        yield f"\n%% {cell['cell_type']} {cell.get('id')} {json.dumps(cell['metadata'], ensure_ascii=False)}"
        yield from lines(cell["source"])
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            yield f"-- {output.get('name') or output['output_type']} {', '.join(data)}".rstrip()
            yield from lines(output.get("text") or output.get("traceback") or data.get("text/plain", ""))


def lines(text):
    return "".join(text).splitlines()


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(*text_of(json.load(file)), sep="\n")
