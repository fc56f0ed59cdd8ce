"""Promises of every page in a browser: nothing is missing, it is small, it fits the screen, its buttons work."""

import io
import os
import re

import numpy as np
import pytest
from PIL import Image

from common import NOTEBOOKS, ROOT, messages_of, open_unfolded, pages_of, read, unfold
from play import is_visible

# What reaches out of the column of the text, unless it stands in a box that scrolls by itself; and whether
# the column or the page is wider than it should be, and would scroll or be cut off.
TOO_WIDE = """() => {
    const column = document.querySelector(".bd-article-container");
    const edge = Math.min(innerWidth, column.getBoundingClientRect().right);
    const reachesOut = element => element.getBoundingClientRect().right > edge + 0.5;
    const scrolls = element => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const isHeld = element => {
        for (let box = element.parentElement; box !== column; box = box.parentElement)
            if (scrolls(box) && !reachesOut(box)) return true;
    };
    const boxes = [document.documentElement, document.body, ...document.querySelectorAll(
        ".bd-container, .bd-main, .bd-content, .bd-article-container, article, footer")];
    return [
        ...boxes.filter(box => box.scrollWidth > Math.min(innerWidth, box.clientWidth)),
        ...[...column.querySelectorAll("*")].filter(
            element => reachesOut(element) && element.checkVisibility({visibilityProperty: true}) && !isHeld(element)),
    ].map(element => element.outerHTML.slice(0, 100));
}"""

REDRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"

# The bytes that came over the network, but for the text of the book, which the search loads.
COST = """performance.getEntries().filter(({name}) => !name.includes("/chinese_search"))
    .reduce((sum, {encodedBodySize}) => sum + (encodedBodySize ?? 0), 0)"""


def visit(browser, address, name, widths, until):
    """Opens a page in a browser that has seen no other, reads it through to its end, and tells what happened."""
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        requests, missing, messages, too_wide, search_boxes = [], [], messages_of(page), [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("requestfailed", lambda request: missing.append(request.url))
        page.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
        page.goto(f"{address}/{name}", wait_until=until)
        page.wait_for_function("[...document.querySelectorAll('link[rel=stylesheet]')].every(link => link.sheet)")
        cost = page.evaluate(COST)
        unfold(page)  # then nothing is hidden that could be too wide
        page.evaluate("document.querySelectorAll('gluonbook-explorable').forEach(element => element.start())")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(REDRAWN)
            too_wide += [(width, element) for element in page.evaluate(TOO_WIDE)]
            search_boxes.append(page.locator(".search-button__button:visible, input[type=search]:visible").count())
        page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")  # as if scrolled to
        page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        page.wait_for_function("document.fonts.status === 'loaded' && [...document.images].every(one => one.complete)")
        broken = page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)")
        fonts = page.evaluate("[...document.fonts].map(font => [font.status, font.family])")
    # Chinese punctuation comes from a font of the reader's system, if it has one.
    failed = [family for status, family in fonts if status == "error" and family != "Chinese Punctuation"]
    faults = {
        "asks another host": [url for url in requests if not url.startswith((f"{address}/", "data:"))],
        "asks for what is missing": missing,
        "complains on the console": messages,
        "shows a broken image": broken,
        "has a font that failed": failed,
        "has no icons": ["loaded", "Font Awesome 6 Free"] not in fonts,
        "scrolls sideways or is cut off": too_wide,
        "has not one search box": [count for count in search_boxes if count != 1],
    }
    inside = {url.removeprefix(f"{address}/") for url in requests if url.startswith(f"{address}/")}
    return {"faults": faults, "inside": inside, "cost": cost}


@pytest.fixture(scope="module")
def visits(browser, html, address):
    """What happened on a visit of every page, by its path in the book."""
    # Once is enough of each: a server moves nothing, and from disk nothing costs.
    how = ([360, 768, 1440], "load") if address.startswith("file:") else ([], "networkidle")
    names = [path.relative_to(html).as_posix() for path in pages_of(html)]
    return {name: visit(browser, address, name, *how) for name in names}


def test_no_page_has_a_fault(visits):
    faults = {(name, fault): found for name, facts in visits.items() for fault, found in facts["faults"].items()}
    assert {place: found for place, found in faults.items() if found} == {}


@pytest.mark.parametrize("address", ["served"], indirect=True)
def test_a_first_visit_costs_at_most_200_kb_and_that_of_the_search_the_text_of_the_book_besides(visits):
    costs = {name: facts["cost"] for name, facts in visits.items()}
    assert 50_000 < min(costs.values()) and max(costs.values()) <= 200_000, costs


def test_after_any_page_every_other_but_the_search_needs_only_its_text_and_figures(visits):
    shared = set.intersection(*(facts["inside"] for name, facts in visits.items() if name != "search.html"))
    assert any(url.startswith("_static/math-font.css") for url in shared)
    for name in visits.keys() - {"search.html"}:
        own = visits[name]["inside"] - shared - {name}
        # Only pages with an explorable ask for the script of them all.
        assert [url for url in own if not url.startswith(("_images/", "_static/explorables.js"))] == [], name


def test_the_text_is_there_within_two_seconds_on_a_slow_network(new_page, html, server):
    """At 400 kbit/s, 100 ms away, with compression: the largest chapter."""
    largest = max(html.glob("chapters/*.html"), key=lambda path: path.stat().st_size)
    page = new_page(viewport={"width": 360, "height": 740})
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 100, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    network.send("Network.emulateNetworkConditions", slow)
    page.goto(f"{server}/chapters/{largest.name}")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert paint < 2000, (largest.name, paint)
    assert page.evaluate("document.fonts.check('16px \"Book Math\"')")  # the font of the formulas came, too


# What is wider than its box, and not, at 360 px: how far it reaches, and where it is on the whole page.
SCROLLING = """() => [...document.querySelectorAll(".bd-article :is(pre, .formula, .pst-scrollable-table-container)")]
    .filter(box => box.checkVisibility({visibilityProperty: true}))
    .map(box => {
        const {left, top, width, height} = box.getBoundingClientRect();
        return [box.scrollWidth - box.clientWidth, [left, top + scrollY, left + width, top + scrollY + height], box.innerText.slice(0, 60)];
    })"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["momentum-gluon", "notation", "pytorch"])
def test_what_scrolls_on_a_phone_shows_it_and_nothing_else_does(new_page, html, name, scheme):
    """A shadow lies at the right edge of code, outputs, formulas and tables that go on behind it."""
    page = new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    open_unfolded(page, (html / "chapters" / f"{name}.html").as_uri())
    page.wait_for_function("document.fonts.check('16px \"Book Math\"')")
    boxes = page.evaluate(SCROLLING)
    screen = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled"))).convert("L")
    assert any(hidden > 24 for hidden, _, _ in boxes)
    wrong = []
    for hidden, (left, top, right, bottom), text in boxes:
        box = np.asarray(screen.crop((left + 1, top + 6, right - 1, bottom - 6))).astype(int)
        edge, inside = np.median(box[:, -4:-1]), np.median(box[:, -40:-20])  # most of it is ground between letters
        if (abs(edge - inside) > 12) != (hidden > 0) and not 0 < hidden < 24:  # a shadow that begins to show is pale
            wrong.append((hidden, text))
    assert wrong == []


@pytest.fixture
def page(new_page):
    """A page that may read the clipboard, as it may only at a server."""
    return new_page(reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"])


# The buttons of a chapter's header, and what has another value once they are pressed.
EFFECTS = {
    "显示或隐藏全书目录": "document.querySelector('.bd-sidebar-primary').checkVisibility({visibilityProperty: true})",
    "下载此页面": "document.querySelector('.dropdown-menu').checkVisibility()",
    "打印成 PDF": "window.hasPrinted",
    "切换浅色和深色": "document.documentElement.dataset.theme",
    "搜索": "document.querySelector('#search-input').checkVisibility()",
    "显示或隐藏本页目录": "document.querySelector('.bd-sidebar-secondary').checkVisibility({visibilityProperty: true})",
}


@pytest.mark.parametrize("width", [360, 1440])
def test_every_button_of_the_header_and_the_sidebars_does_something(page, server, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script("window.print = () => { window.hasPrinted = true }")
    page.goto(f"{server}/chapters/troubleshooting.html")
    page.click("[aria-label=下载此页面]")
    names = page.eval_on_selector_all(
        ":is(.bd-header-article, .bd-sidebar) :is(button, summary, label):visible",
        "buttons => buttons.map(button => button.ariaLabel ?? button.dataset.bsOriginalTitle)",  # a title until shown
    )
    assert names == [name for name in EFFECTS if width == 360 or name != "显示或隐藏本页目录"]
    for name in names:
        page.reload()
        if name == "打印成 PDF":
            page.click("[aria-label=下载此页面]")
        before = page.evaluate(EFFECTS[name])
        page.click(f":is([aria-label='{name}'], [data-bs-original-title='{name}']):visible")
        page.wait_for_function(f"before => ({EFFECTS[name]} ?? null) !== before", arg=before)


def test_the_choice_between_light_and_dark_holds_for_the_next_page(page, server):
    page.goto(f"{server}/chapters/notation.html")
    page.click(".theme-switch-button")
    page.goto(f"{server}/index.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_button_of_a_chapter_downloads_the_notebook_that_it_offers(page, server, html):
    for path in NOTEBOOKS:
        text = (html / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert f'href="../_sources/chapters/{path.name}"' in text
    page.goto(f"{server}/chapters/{path.stem}.html")
    page.click("[aria-label=下载此页面]")
    with page.expect_download() as download:
        page.click(".btn-download-source-button")
    assert download.value.suggested_filename == path.name
    assert download.value.path().read_bytes() == (html / "_sources" / "chapters" / path.name).read_bytes()


def test_the_copy_button_copies_the_code_of_its_cell(page, server):
    path = ROOT / "chapters" / "weight-decay-gluon.ipynb"
    open_unfolded(page, f"{server}/chapters/{path.stem}.html")
    copied = []
    for button in page.locator(".cell:not(.tag_claim) .cell_input button.copybtn").all():
        button.click()
        copied.append(page.evaluate("navigator.clipboard.readText()").strip())
    assert copied == [cell.source for cell in filter(is_visible, read(path).cells)]


def luminance(picture):
    """The relative luminance of each pixel, as WCAG defines it."""
    values = np.asarray(picture.convert("RGB")) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_and_letters_stand_out_in_every_figure(new_page, html, scheme):
    page = new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    # Nothing but the figures, and nothing that moves them, as an explorable does when it begins to draw.
    style = "gluonbook-explorable, body *:not(:has(img), figure img) { display: none !important }"
    for path in NOTEBOOKS:
        open_unfolded(page, (html / "chapters" / f"{path.stem}.html").as_uri())
        page.add_style_tag(content=style)
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        page.evaluate("Promise.all([...document.images].map(image => ((image.loading = 'eager'), image.decode())))")
        screen = Image.open(io.BytesIO(page.screenshot(full_page=True)))
        boxes = [image.bounding_box().values() for image in page.locator("figure img").all()]
        assert boxes
        for number, (left, top, width, height) in enumerate(boxes, 1):
            inside = (left + 12, top + 12, left + width - 12, top + height - 12)  # without a frame
            figure = luminance(screen.crop(inside))
            ground = np.median(figure)
            contrast = (np.maximum(figure, ground) + 0.05) / (np.minimum(figure, ground) + 0.05)
            assert (contrast >= 4.5).mean() > 0.01, (path.stem, number)


@pytest.mark.parametrize("folder", ["/", "/book/"])
def test_the_links_of_the_page_for_what_is_missing_are_right_from_any_depth(new_page, html, folder):
    host = "http://book.example"
    built_for = os.environ.get("BOOK_ADDRESS", "").rstrip("/") or host + folder[:-1]
    missing = (html / "404.html").read_text(encoding="utf-8").replace(built_for, host + folder[:-1])

    def answer(route):  # on every host
        asked = html / re.sub(f"^http://[^/]+{folder}", "", route.request.url)
        found = {"path": asked} if asked.is_file() else {"status": 404, "body": missing, "content_type": "text/html"}
        route.fulfill(**found)

    page = new_page()
    page.context.route("**", answer)
    for path in ("a", "a/b/", "a.html", "chapters/b/c/a", "_static/a", "/evil.example/a"):
        page.goto(host + folder + path)
        page.wait_for_selector("base", state="attached")
        addresses = page.locator("a").evaluate_all("links => links.map(({href}) => href)")
        assert f"{host}{folder}chapters/notation.html" in addresses
        for address in addresses:
            assert (html / address.removeprefix(host + folder)).is_file(), (path, address)
