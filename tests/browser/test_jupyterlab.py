"""Promises to readers who work through the notebooks in JupyterLab, as `make lab` opens it."""

import io
import json
import re

import pytest
from PIL import Image

from common import NOTEBOOKS, NUMBERED

CHAPTER = "momentum-scratch"  # has a box, a link within itself and all else that a text cell may hold


@pytest.fixture(scope="module")
def page(lab, browser):
    """The chapter, opened in JupyterLab."""
    with browser.new_page(viewport={"width": 1280, "height": 1000}) as page:
        page.goto(f"{lab['url']}lab/tree/{CHAPTER}.ipynb?token={lab['token']}&reset")
        page.wait_for_selector(".jp-MarkdownCell:last-child .jp-RenderedMarkdown a", state="attached")  # 延伸阅读
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")  # the kernel has told about itself
        page.wait_for_timeout(1000)  # for the formulas
        yield page


def test_it_starts_without_a_warning_in_a_folder_with_a_space_and_chinese_letters_in_its_name(lab):
    assert not re.search(r"Warning|\[[WE] ", lab["log"])


def test_it_opens_on_a_page_that_leads_to_the_chapters_in_their_order_with_menus_in_chinese(lab, new_page):
    page = new_page()
    page.goto(re.search(r"http:\S+", lab["log"])[0])
    links = page.locator(".jp-MarkdownViewer a[href*='.ipynb']")
    links.first.wait_for()
    names = links.evaluate_all("links => links.map(link => new URL(link.href).pathname.split('/').pop())")
    assert [path for name in names if (path := f"chapters/{name}") in NUMBERED] == NUMBERED
    assert sorted(names) == [path.name for path in NOTEBOOKS]
    links.nth(names.index("momentum-gluon.ipynb")).click()
    page.locator(".lm-TabBar-tab", has_text="momentum-gluon.ipynb").wait_for()
    assert page.locator(".lm-MenuBar-itemLabel").all_inner_texts()[:4] == ["文件", "编辑", "查看", "运行"]


def test_a_chapter_that_was_only_opened_is_not_called_unsaved_and_the_names_of_all_files_can_be_read(page):
    assert page.locator(".lm-TabBar-tab", has_text=CHAPTER).count() == 1
    assert page.locator(".jp-mod-dirty").count() == 0
    names = page.locator(".jp-DirListing-itemText")
    assert {path.name for path in NOTEBOOKS} <= set(names.all_inner_texts())
    assert names.evaluate_all("names => names.filter(name => name.scrollWidth > name.clientWidth).length") == 0


def test_the_text_is_shown_without_its_markup(page):
    text = "\n".join(page.locator(".jp-RenderedMarkdown").all_text_contents())
    assert "学完本章，你将能够" in text
    assert not re.findall(r":::|```|\{[a-z:-]+\}`|\(fig-|\(ex-|\]\(|\*\*|%s|\$", text)
    assert page.locator(".jp-RenderedMarkdown mjx-container").count() > 50
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    links = page.locator(".jp-RenderedMarkdown p a[href^='#']")
    targets = links.evaluate_all("links => links.map(link => !!document.getElementById(decodeURI(link.hash.slice(1))))")
    assert targets and all(targets)
    assert page.locator("[role=dialog], .Toastify__toast").count() == 0


def test_every_figure_is_drawn_with_its_caption_below(page):
    figures = page.locator(
        ".jp-OutputArea img[src^='data:image/svg+xml']:not(gluonbook-explorable img), .jp-RenderedSVG img, .jp-RenderedSVG svg"
    )
    captions = page.locator(".jp-RenderedMarkdown strong").filter(has_text=re.compile(r"^图 \d"))
    assert figures.count() == captions.count() > 0
    assert "Figure:" not in "".join(page.locator(".jp-OutputArea").all_text_contents())


def test_an_explorable_is_live_and_the_arrow_keys_in_it_are_its_own(page):
    explorable = page.locator("gluonbook-explorable").first
    explorable.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('gluonbook-explorable').live")
    rate, active = explorable.get_by_role("slider", name="学习率 η"), page.locator(".jp-Cell.jp-mod-active")
    explorable.locator("p").click()
    before = active.get_attribute("data-windowed-list-index")
    rate.focus()
    for key in ("ArrowRight", "ArrowUp", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    page.wait_for_function("document.querySelector('gluonbook-explorable').state.eta === 0.4")
    explorable.get_by_role("slider", name="起点").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("document.querySelector('gluonbook-explorable').state.y === -1.9")
    assert active.get_attribute("data-windowed-list-index") == before
    assert explorable.locator("path.heavy").first.is_visible() and not explorable.locator("img").is_visible()
    explorable.get_by_role("button", name="重置").click()
    assert page.evaluate("location.hash") == ""


def test_every_solution_is_folded_until_it_is_asked_for(page):
    solutions = page.locator(".jp-MarkdownCell", has=page.locator("h4", has_text="解答")).all()
    assert len(solutions) >= 3
    for solution in solutions:
        behind = solution.locator("xpath=following-sibling::*[1]")
        assert not behind.is_visible()
        solution.locator(".jp-showHiddenCellsButton").click()
        assert behind.is_visible()


def test_a_chapter_runs_to_its_end_without_an_error(page):
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    stored = prompts.all_text_contents()
    page.get_by_role("menuitem", name="运行", exact=True).click()
    page.get_by_role("menuitem", name="重启内核 和 运行所有单元格").click()
    page.get_by_role("button", name="确认重启内核").click()
    waiting = "[...document.querySelectorAll('.jp-InputPrompt')].some(prompt => prompt.innerText == '[*]:')"
    page.wait_for_function(waiting)
    page.wait_for_function(f"!{waiting}", timeout=300_000)
    assert prompts.all_text_contents() == stored
    assert page.locator("[data-mime-type='application/vnd.jupyter.error'], [data-mime-type$='stderr']").count() == 0


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_label_of_an_axis_can_be_read_in_every_theme(lab, new_page, theme):
    setting = lab["home"] / "settings" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    setting.parent.mkdir(exist_ok=True)
    setting.write_text(json.dumps({"theme": theme}))
    page = new_page(device_scale_factor=3)
    page.goto(f"{lab['url']}lab/tree/weight-decay-gluon.ipynb?token={lab['token']}&reset")  # a short one
    figure = page.locator(".jp-RenderedSVG img").first
    figure.scroll_into_view_if_needed()
    assert page.locator(f"body[data-jp-theme-name='{theme}']").count() == 1
    box = figure.bounding_box()  # at whose foot the label stands
    foot = {"x": box["x"] + 3, "y": box["y"] + box["height"] - 24, "width": box["width"] - 6, "height": 20}
    label = Image.open(io.BytesIO(page.screenshot(clip=foot))).convert("L")
    darkest, lightest = ((shade / 255) ** 2.2 for shade in label.getextrema())
    assert (lightest + 0.05) / (darkest + 0.05) > 4.5
