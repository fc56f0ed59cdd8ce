"""Promises of what the search searches: the text of each page, by sections, formulas as they are typed."""

import gzip
import json

import pytest
from bs4 import BeautifulSoup

from _ext.chinese_search import plain_formula
from _ext.offline_math import to_mathml

from common import pages_of, small_book


@pytest.mark.parametrize(
    "mathml, plain",
    [
        ("<math><mi>η</mi></math>", "η"),
        ("<math><mi>λ</mi><mo>=</mo><msup><mn>10</mn><mrow><mo>−</mo><mn>2</mn></mrow></msup></math>", "λ=10⁻²"),
        ("<math><msup><mi>ρ</mi><mi>t</mi></msup><msup><mi>w</mi><mo>*</mo></msup></math>", "ρ^tw*"),
        ("<math><msup><mi>x</mi><mo>⊤</mo></msup><mi>w</mi></math>", "xᵀw"),
    ],
)
def test_mathml_becomes_a_line_of_text(mathml, plain):
    assert plain_formula(BeautifulSoup(mathml, "html.parser").math) == plain


@pytest.mark.parametrize(
    "tex, plain",
    [
        (r"(\sqrt\kappa-1)/(\sqrt\kappa+1)", "(√κ−1)/(√κ+1)"),
        (r"(\kappa/2)\ln(1/\varepsilon)", "(κ/2)ln(1/ε)"),
        (r"(\hat y-y)^2/2", "(ŷ−y)²/2"),
        (r"\sqrt{2n}", "√(2n)"),
        (r"\mathbf{w}_{t+1}=\mathbf{w}_t", "wₜ₊₁=wₜ"),
        (r"\lambda_{\max}", "λmax"),
    ],
)
def test_a_formula_becomes_a_line_of_text_that_says_the_same(tex, plain):
    assert plain_formula(BeautifulSoup(to_mathml(tex), "html.parser").math) == plain


def texts_in(folder):
    """The sections of each page, as the script of the search page has them."""
    script = (folder / "html" / "_static" / "chinese_search.js").read_text(encoding="utf-8")
    pages = json.loads(script.rpartition("Search.setIndex(")[2].removesuffix(");\n"))
    return {address: sections for address, _, sections in pages}


def test_the_search_has_each_page_by_sections_without_outputs_and_keeps_up_with_changes(tmp_path):
    pages = {
        "index": "# 前言\n\n```{toctree}\nmomentum\n```\n",
        "momentum": "# 动量法\n\n速度\n$v^2$ 在[积累](https://example.org)，<a class='x'>下载</a>。\n\n$$x$$\n\n"
        "| 符号 | 名称 |\n|---|---|\n| $\\eta$ | 学习率 |\n\n"
        "## 实现\n\n- 一步\n\n```python\nx = 1\n\ny  = 2\n```\n\n```text\nKeyError\n```\n\n```{code-block}\n:class: output\n0.5\n```\n",
    }
    extensions = ["myst_parser", "_ext.offline_math", "_ext.chinese_search"]
    process, _ = small_book(tmp_path, pages, extensions)
    assert process.returncode == 0, process.stderr
    introduction, momentum = texts_in(tmp_path).values()
    assert [section[0] for section in introduction] == ["前言"]
    assert momentum == [
        ["动量法", momentum[0][1], "速度 v² 在积累，下载。\n符号，名称\nη，学习率", "", ""],
        ["实现", momentum[1][1], "一步", "x = 1\ny = 2", "KeyError"],
    ]
    page = BeautifulSoup((tmp_path / "html" / "momentum.html").read_text(encoding="utf-8"), "html.parser")
    assert [section["id"] for section in page.select("section")] == [section[1] for section in momentum]

    process, _ = small_book(tmp_path, {"index": pages["index"].replace("前言", "序")}, extensions)
    assert process.returncode == 0, process.stderr
    assert texts_in(tmp_path)["index.html"][0][0] == "序"
    assert texts_in(tmp_path)["momentum.html"] == momentum


def test_the_script_of_the_search_is_small_and_only_on_its_page(html):
    script = html / "_static" / "chinese_search.js"
    assert len(gzip.compress(script.read_bytes())) < 250_000  # fourteen notebooks and seven pages
    assert [path.name for path in pages_of(html) if script.name in path.read_text(encoding="utf-8")] == ["search.html"]
