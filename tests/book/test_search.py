"""Promises of what the search page is given: the text of the book by sections, small, and kept up with changes."""

import gzip
import json

from common import pages_of, small_book


def texts_in(folder, name="chinese_search_text.js", call="Search.setText("):
    """The sections of each page, as a script of the search page has them."""
    script = (folder / "html" / "_static" / name).read_text(encoding="utf-8")
    pages = json.loads(script.rpartition(call)[2].removesuffix(");\n"))
    return {address: sections for address, _, sections in pages}


def test_the_search_has_each_page_by_sections_without_outputs_and_keeps_up_with_changes(tmp_path):
    pages = {
        "index": "# 前言\n\n```{toctree}\nmomentum\n```\n",
        "momentum": "# 动量法\n\n速度\n$v^2$ 在[积累](https://example.org)，<a class='x'>下载</a>。\n\n$$x$$\n\n"
        "| 符号 | 名称 |\n|---|---|\n| $\\eta$ | 学习率 |\n\n"
        "## 实现\n\n- 一步\n\n```python\nx = 1\n\ny  = 2\n```\n\n```text\nKeyError\n```\n\n```{code-block}\n:class: output\n0.5\n```\n",
    }
    built = small_book(tmp_path, pages, "myst_parser", "_ext.chinese_search")
    introduction, momentum = texts_in(tmp_path).values()
    assert [section[0] for section in introduction] == ["前言"]
    assert momentum == [
        ["动量法", momentum[0][1], "速度 v² 在积累，下载。\n符号，名称\nη，学习率", ""],
        ["实现", momentum[1][1], "一步\nKeyError", "x = 1\ny = 2"],
    ]
    assert [section["id"] for section in built["momentum"].select("section")] == [section[1] for section in momentum]

    changed = {"index": pages["index"].replace("前言", "序")}
    small_book(tmp_path, changed, "myst_parser", "_ext.chinese_search")
    assert texts_in(tmp_path)["index.html"][0][0] == "序"
    assert texts_in(tmp_path)["momentum.html"] == momentum


def test_the_first_script_has_of_a_chapter_how_sections_begin_and_what_explains_a_term(tmp_path):
    pages = {
        "index": "# 前言\n\n```{toctree}\n:numbered:\nmomentum\n```\n\n第一段。\n\n第二段。\n",
        "momentum": "# 动量法\n\n第一段。\n\n第二段。\n\n速度（velocity）是第三段。\n\n```python\nx = 1\n```\n",
    }
    small_book(tmp_path, pages, "myst_parser", "_ext.chinese_search")
    introduction, momentum = texts_in(tmp_path, "chinese_search.js", "Search.setIndex(").values()
    assert introduction[0][2].endswith("第一段。\n第二段。")
    assert momentum[0][2:] == ["第一段。\n速度（velocity）是第三段。", ""]
    assert texts_in(tmp_path)["momentum.html"][0][2:] == ["第一段。\n第二段。\n速度（velocity）是第三段。", "x = 1"]


def test_what_answers_first_is_small_and_only_on_the_page_of_the_search(html):
    script = html / "_static" / "chinese_search.js"
    assert len(gzip.compress(script.read_bytes())) < 100_000  # with the rest of the page, 200 KB
    assert [path.name for path in pages_of(html) if script.name in path.read_text(encoding="utf-8")] == ["search.html"]
