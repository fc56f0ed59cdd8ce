"""Promises of the stored notebooks, and of the script that stores them."""

import ast
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gluonbook.book.description import MEASURED_TIME

from common import CHAPTERS, FORMULA, NOTEBOOKS, PARTS, ROOT, prose_of, read, text_of
from play import is_claim, is_visible
from renumber import reading_time
from run_notebooks import keep_drawings, normalise

SCRIPT = ROOT / "scripts" / "run_notebooks.py"


NUDGE = (r"\b(\d+\.\d{4})\d*\b", r"\g<1>9")  # other last digits, as another machine draws


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_two_chapters_on_each_topic():
    topics = ("linear-regression", "weight-decay", "gd-sgd", "momentum")
    assert {path.stem for path in CHAPTERS} >= {f"{topic}-{way}" for topic in topics for way in ("scratch", "gluon")}


def test_every_cell_was_run_in_order_from_a_fresh_kernel_without_an_error_or_a_warning(notebook):
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


def test_cells_have_ids_of_their_own_and_are_compared_with_no_exception(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    tags = {tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])}
    assert tags <= {"claim", "hide-input", "hide-output"}
    assert not [cell for cell in notebook.cells if "NBVAL" in cell.source]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_stored_is_of_no_machine_and_no_session_to_the_byte(path):
    notebook = nbformat.read(path, as_version=4)
    normalise(notebook)
    assert path.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_opens_with_a_scene_then_says_what_it_gives_and_takes_and_closes_with_what_leads_on(path):
    opening, _, text = text_of(path).partition("\n\n学完本章，你将能够：\n\n")
    assert re.fullmatch(r"# [^\n]+\n\n[^-#>].{60,}", opening, re.DOTALL)
    assert re.match(r"- .+\n\n\*\*约 \d+ 分钟\*\*　\S.*。\n", text, re.DOTALL)
    assert re.findall(r"^## (小结|练习|延伸阅读)$", text, re.MULTILINE) == ["小结", "练习", "延伸阅读"]
    reading = text.rpartition("## 延伸阅读")[2]
    assert re.search(r"[^!]\[[^]]+（\d{4}）\]\(https://", reading)
    assert re.search(r"\]\([\w-]+\.(ipynb|md)\)", reading.strip().rpartition("\n\n")[2])


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_takes_at_most_40_minutes_and_folds_at_most_a_quarter_of_itself(path):
    shown, folded = reading_time(read(path))
    assert shown <= 40 and folded <= (shown + folded) / 4


def exercises_of(path):
    """The exercises of a chapter, each with its mark of difficulty, its title and the cells behind it."""
    cells = read(path).cells
    heads = [place for place, cell in enumerate(cells) if cell.source.startswith("### 练习 ")]
    for place in heads:
        end = next((n for n in range(place + 1, len(cells)) if re.match("##(#? )", cells[n].source)), len(cells))
        mark, title = re.match(r"### 练习 \d+　(★{1,3})　(\S.*)", cells[place].source).groups()
        yield mark, title, cells[place + 1 : end]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_exercises_have_marks_begin_by_hand_and_have_a_folded_solution_unless_they_are_open(path):
    exercises = list(exercises_of(path))
    assert len(exercises) >= 3
    assert exercises[0][0] == "★" and not any(map(is_visible, exercises[0][2]))
    for _, title, (solution, *_) in exercises:
        assert (
            solution.source.startswith("这道题没有标准答案")
            if title.endswith("（开放题）")
            else (solution.source == "#### 解答" and solution.metadata["jp-MarkdownHeadingCollapsed"])
        )


@pytest.mark.parametrize("part", [part for part in PARTS if part.get("numbered")], ids=lambda part: part["caption"])
def test_every_part_leaves_a_question_open(part):
    titles = [title for page in part["chapters"] for _, title, _ in exercises_of(ROOT / f"{page['file']}.ipynb")]
    assert [title for title in titles if title.endswith("（开放题）")]


def test_a_guess_offers_three_answers_or_more_and_the_right_ones_fall_on_each_letter_alike():
    right = []
    for path in NOTEBOOKS:
        boxes = re.findall(r"^> \*\*先猜后看\*\*　.*(?:\n>.*)*", text_of(path), re.MULTILINE)
        folds = re.findall(r"<summary>答案</summary>\n\n（([A-E])）对。", text_of(path))
        own = len(re.findall(r"^\*\*自测 \d+\*\*　", text_of(path), re.MULTILINE))  # questions with no letters
        assert len(boxes) == len(folds) == text_of(path).count("<summary>答案</summary>") - own
        for box, letter in zip(boxes, folds):
            offered = re.findall(r"^> - （([A-E])）", box, re.MULTILINE)
            assert offered == list("ABCDE"[: len(offered)]) and len(offered) >= 3 and letter in offered
        right += folds
    assert all(0.25 < right.count(letter) / len(right) < 0.42 for letter in "ABC")


def folds_of(notebook):
    """The cells below a heading that is folded, and the others."""
    folded, others, level = [], [], 0
    for cell in notebook.cells:
        if found := re.match("(#+) (.*)", cell.source) if cell.cell_type == "markdown" else None:
            if not level or len(found[1]) <= level:
                level = len(found[1]) if found[2] in ("解答", "推导（选读）") else 0
                assert not level or cell.metadata["jp-MarkdownHeadingCollapsed"]
        (folded if level else others).append(cell)
    return folded, others


def names_in(cells, *kinds):
    nodes = [node for cell in cells if cell.cell_type == "code" for node in ast.walk(ast.parse(cell.source))]
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, kinds)} | {
        getattr(node, "name", None) or node.arg for node in nodes if isinstance(node, (ast.FunctionDef, ast.arg))
    }


def test_what_only_a_fold_makes_is_used_nowhere_else(notebook):
    folded, others = folds_of(notebook)
    made = names_in([cell for cell in folded if not is_claim(cell)], ast.Store)
    assert made & names_in(others, ast.Load) - names_in(others, ast.Store) == set()


def test_every_figure_has_a_caption_with_a_number_and_an_alt_text(notebook):
    figures = [cell for cell in code_cells(notebook) if any("image/svg+xml" in o.get("data", {}) for o in cell.outputs)]
    assert figures
    for cell in figures:
        assert len(cell.metadata["mystnb"]["image"]["alt"]) > 20
        caption = notebook.cells[notebook.cells.index(cell) + 1].source
        assert re.fullmatch(r"\*\*(图 \d+(?:\.\d+)?)\*\*　.*[一-鿿].*。", caption)


def test_the_prose_is_plain_markdown_that_reads_right_without_an_extension(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            fold = r"</?details>|<summary>(答案|结果)</summary>"  # HTML that Markdown has everywhere
            prose = re.sub(rf"\$\$?[^$]+\$\$?|`[^`]+`|{fold}", "", cell.source)
            assert not re.search(r":::|[{}<]|^\(|^%|\)=$|^\+\+\+|\[\^|\$ \(", prose, re.MULTILINE), cell.source


def test_every_claim_is_a_sentence_of_its_own_and_stored_as_one_that_holds(notebook):
    cells = code_cells(notebook)
    sentences = []
    for cell in cells:
        claimed = re.findall(r'^@gluonbook\.claim\("(.+?)"(?:, \w+=.+)?\)\ndef check\(\):\n', cell.source, re.MULTILINE)
        assert ("claim" in cell.metadata.get("tags", [])) == ("claim(" in cell.source) == bool(claimed)
        if claimed:
            assert cell.source.startswith("@gluonbook.claim(")  # JupyterLab shows the first line of a collapsed cell
            assert cell.source.count("claim(") == len(claimed)
            assert cell.metadata == {"jupyter": {"source_hidden": True}, "tags": ["claim"]}
            (printed,) = cell.outputs
            lines = re.fullmatch(r"(?:✓ .+（[1-9]\d*）\n)+", printed.text)
            assert lines and [re.fullmatch(r"✓ (.+)（\d+）", line)[1] for line in printed.text.splitlines()] == claimed
        sentences += claimed
    assert len(set(sentences)) == len(sentences)
    assert all(re.search("[一-鿿]{2}", sentence) and not sentence.endswith("。") for sentence in sentences)


# What follows a setting's name, and isn't 1/t or a limit that was found; how many epochs, not which.
NAMED = (
    r"(?:学习率|η|λ|γ|动量|批量大小) ?[为取是=]? ?(\d+(?:\.\d+)?)(?![\d./]| 附近)|(?<!第 )(?<![\d.])(\d+) 个迭代周期"
)
UNKNOWN = {  # sentences with a number that their claims don't know, and where it comes from instead
    "η=0.003、批量大小为 1 时，λ 的限度与预测的 651 相差不到 1%": "the updates are made for one example each",
    "这一次，损失超出最小值的部分要降到 10⁻⁵¹ 左右，学习率 1.97 才开始领先": "the best rate as the chapter computes it",
}


def test_a_setting_that_a_sentence_names_is_given_to_its_claim_or_used_in_it():
    unknown = set()
    for cell in filter(is_claim, (cell for path in NOTEBOOKS for cell in read(path).cells)):
        for check in ast.parse(cell.source).body:
            call = check.decorator_list[0]
            inside = [node for part in [*call.keywords, *check.body] for node in ast.walk(part)]
            known = {n.value for n in inside if isinstance(n, ast.Constant) and type(n.value) in (int, float)}
            sentence = call.args[0].value
            if {float(first or second) for first, second in re.findall(NAMED, sentence)} - known:
                unknown.add(sentence)
    assert unknown == set(UNKNOWN)


WORDS = r"\\(?:text|begin|end|vphantom)\{[^{}]*\}"
GREEK = (
    "alpha beta gamma delta epsilon varepsilon theta kappa lambda mu xi pi rho sigma tau phi varphi psi omega".split()
)
LETTER = re.compile(
    r"\\(?:mathbf|boldsymbol|mathcal|mathbb|mathrm|operatorname)\s*(?:\{[^{}]*\}|\\?\w+)"
    rf"|\\(?:{'|'.join(GREEK)}|ell|Delta|Sigma|Lambda)(?![A-Za-z])|(?<![\\A-Za-z])[A-Za-z]"
)


def symbols_of(path):
    """The letters of the formulas on a page, each as in its formula but for braces and spaces."""
    formulas = "\n".join(map("".join, FORMULA.findall(prose_of(path))))
    return {re.sub(r"[{}\s]", "", letter) for letter in LETTER.findall(re.sub(WORDS, " ", formulas))}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_symbol_of_a_chapter_is_in_the_table_of_symbols(chapter):
    assert symbols_of(chapter) - symbols_of(ROOT / "chapters" / "notation.md") == set()


@pytest.fixture
def stored(tmp_path):
    """A notebook with a figure, as an editor may leave it: never run, with a stray space and metadata."""
    path = tmp_path / "sample.ipynb"
    figure = "gluonbook.semilogy([0, 1], [1, 10], 'epoch', 'loss')"
    sources = ["import gluonbook \nprint('one')", "print('two')", figure]
    write(path, *(new_code_cell(source, metadata={"scrolled": True}) for source in sources))
    return path


def write(path, *cells):
    """Stores a notebook of a title and these cells; gives its bytes."""
    nbformat.write(new_notebook(cells=[new_markdown_cell("# A sample", id="title"), *cells]), path)
    return path.read_bytes()


def run_script(path, limit="unlimited"):
    command = ["sh", "-c", f'ulimit -f {limit} && exec "$@"', "sh", sys.executable, SCRIPT, path]
    return subprocess.run(command, capture_output=True, text=True)


def test_running_a_notebook_stores_what_it_prints_and_running_it_again_changes_no_byte(stored):
    first = run_script(stored)
    assert first.returncode == 0 and first.stdout.endswith("stored\n"), first.stderr
    notebook = nbformat.read(stored, as_version=4)
    assert [cell.execution_count for cell in code_cells(notebook)] == [1, 2, 3]
    assert notebook.cells[1].source == "import gluonbook\nprint('one')" and not notebook.cells[1].metadata
    figure = notebook.cells[3].outputs[0].data
    assert figure["text/plain"].startswith("Figure: loss (log) against epoch")
    assert "<svg" in figure["image/svg+xml"] and "<dc:date>" not in figure["image/svg+xml"]
    assert len(figure["image/svg+xml"].splitlines()) == 1

    nudged = re.sub(*NUDGE, figure["image/svg+xml"])
    assert nudged != figure["image/svg+xml"]
    figure["image/svg+xml"] = nudged
    nbformat.write(notebook, stored)
    text = stored.read_bytes()
    second = run_script(stored)
    assert second.returncode == 0 and second.stdout.endswith("unchanged\n")
    assert stored.read_bytes() == text


CLAIM = '@gluonbook.claim("{}")\ndef check():\n    assert {}\n'
CLAIMS = {"零大于一": "0 > 1", "无大于一": "nothing > 1", "空大于一": "all(i > 1 for i in [])", "一大于零": "1 > 0"}
FAILURES = {
    "an error": ("1 / 0", "unlimited", ["ZeroDivisionError"]),
    "claims": ("import gluonbook\n" + "".join(map(CLAIM.format, CLAIMS, CLAIMS.values())), "unlimited", [*CLAIMS][:3]),
    "no room": ("print('long ' * 2000)", 8, ["File too large"]),  # 8 blocks for a file
}


@pytest.mark.parametrize("source, limit, words", FAILURES.values(), ids=FAILURES)
def test_what_fails_leaves_the_stored_notebook_as_it_was_and_says_why(stored, source, limit, words):
    before = write(stored, new_code_cell(source, metadata={"tags": ["claim"]} if "claim" in source else {}))
    result = run_script(stored, limit)
    said = result.stdout + result.stderr
    assert result.returncode != 0 and "not stored, and stays as it was" in result.stdout
    assert [word for word in words if word not in said] == [] and "一大于零" not in said
    assert stored.read_bytes() == before and list(stored.parent.iterdir()) == [stored]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_the_stored_notebook_as_it_was_and_no_kernel(stored, stop):
    started = stored.parent / "started"
    source = f"import os, time\nos.symlink(str(os.getpid()), {str(started)!r})\ntime.sleep(60)"
    before = write(stored, new_code_cell(source))
    with subprocess.Popen([sys.executable, SCRIPT, stored], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not started.is_symlink() and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(stop)
        process.communicate(timeout=120)
    assert process.returncode != 0
    assert stored.read_bytes() == before
    with pytest.raises(ProcessLookupError):
        os.kill(int(os.readlink(started)), 0)


SVG = '<svg><g clip-path="url(#p4e1f2a3b4c)" style="stroke: #0072b2"><path d="M 57.60 307.58 L 414.72 41.4712345"/></g></svg>'
DRAWINGS = {
    "last digits": (NUDGE, "", "plot()", True),
    "made-up name": ((r"\bp[0-9a-f]{10}\b", "p0123456789"), "", "plot()", True),  # Matplotlib makes it from coordinates
    "position": ((r"(?<=L )(\d+)\.", r"1\1."), "", "plot()", False),
    "colour": (("#0072b2", "#ff0000"), "", "plot()", False),
    "measured": ((r"0072b2.*", "another day's drawing"), MEASURED_TIME, "plot()", True),
    "measured by other code": ((r"0072b2.*", "another day's drawing"), MEASURED_TIME, "plot(other)", False),
}


@pytest.mark.parametrize("change, what, source, is_kept", DRAWINGS.values(), ids=DRAWINGS)
def test_a_stored_drawing_is_kept_if_the_new_one_shows_the_same_or_a_time(change, what, source, is_kept):
    def notebook(source, svg):
        data = {"image/svg+xml": svg, "text/plain": f"line, #0072b2: {what}"}
        return new_notebook(cells=[new_code_cell(source, id="figure", outputs=[new_output("display_data", data)])])

    new, old = notebook("plot()", SVG), notebook(source, re.sub(*change, SVG))
    assert new != old
    keep_drawings(new, old)
    assert (new.cells[0].outputs == old.cells[0].outputs) == is_kept


def test_a_notebook_as_text_which_git_compares_has_its_sources_and_outputs_and_no_drawing(tmp_path):
    data = {"text/plain": "Figure: a line of slope 2\n  solid", "image/svg+xml": "<svg>M 0 0 L 1 2</svg>"}
    write(tmp_path / "a.ipynb", new_code_cell("plot(2)", id="line", outputs=[new_output("display_data", data)]))
    command = [sys.executable, SCRIPT.with_name("notebook_text.py"), tmp_path / "a.ipynb"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert lines[-4:] == ["plot(2)", "-- display_data image/svg+xml, text/plain", *data["text/plain"].splitlines()]


def contents(lab, path, model=None):
    """What Jupyter hands out of a notebook, or saves as it."""
    request = urllib.request.Request(
        f"{lab['url']}api/contents/{path}",
        method="PUT" if model else "GET",
        data=json.dumps(model).encode() if model else None,
        headers={"Authorization": f"token {lab['token']}"},
    )
    return json.load(urllib.request.urlopen(request, timeout=30))


def test_a_notebook_that_is_opened_and_saved_keeps_every_byte_and_stays_trusted_with_any_python(lab):
    for path in NOTEBOOKS:
        opened = contents(lab, path.name)["content"]
        assert opened["metadata"]["language_info"]["version"] == platform.python_version()  # else "unsaved" at once
        opened["metadata"]["language_info"]["version"] = "3.12.3"
        for cell in opened["cells"]:
            if cell["cell_type"] == "code":
                cell["metadata"]["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
        contents(lab, path.name, {"type": "notebook", "format": "json", "content": opened})
        assert (lab["folder"] / path.name).read_bytes() == path.read_bytes()
        code = [cell for cell in contents(lab, path.name)["content"]["cells"] if cell["cell_type"] == "code"]
        assert all(cell["metadata"]["trusted"] for cell in code)


def test_what_lies_in_the_playground_and_is_not_of_the_book_is_not_trusted(lab):
    assert not contents(lab, "stranger.ipynb")["content"]["cells"][0]["metadata"]["trusted"]
