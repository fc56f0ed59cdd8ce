"""Promises of every page in a browser: nothing is missing, it is small, it fits the screen, its buttons work."""

import gzip
import io
import os
import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import axe_playwright_python
import nbformat
import numpy as np
import pytest
from PIL import Image

from common import NOTEBOOKS, ROOT, is_claim, open_unfolded, pages_of, unfold

WIDTHS = [360, 768, 1440]
FIRST_VISIT = 250_000  # bytes over the network; the text of the book, which the search loads, comes on top

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

IS_QUIET = """() => document.fonts.status === "loaded" && [...document.images].every(image => image.complete)"""

REDRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"

SHOWN = """() => ({
    "images": [...document.images].map(image => [image.src, image.naturalWidth]),
    "fonts": [...document.fonts].map(font => [font.family, font.status]),
})"""


def visit(browser, url, widths):
    """Opens a page in a browser that has seen no other, reads it through to its end, and tells what happened."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 800})
    page = context.new_page()
    facts = SimpleNamespace(requests=[], first=[], missing=[], messages=[], too_wide={}, search_boxes=set())
    page.on("request", lambda request: facts.requests.append(request.url))
    page.on("requestfailed", lambda request: facts.missing.append(request.url))
    page.on("response", lambda response: facts.missing.append(response.url) if response.status >= 400 else None)
    page.on("pageerror", lambda error: facts.messages.append(str(error)))
    page.on("console", lambda line: facts.messages.append(line.text) if line.type in ("error", "warning") else None)

    page.goto(url, wait_until="networkidle")
    page.wait_for_function("[...document.querySelectorAll('link[rel=stylesheet]')].every(link => link.sheet)")
    facts.first = list(facts.requests)
    unfold(page)  # then nothing is hidden that could be too wide
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(REDRAWN)
        facts.too_wide[width] = page.evaluate(TOO_WIDE)
        facts.search_boxes.add(page.locator(".search-button__button:visible, input[type=search]:visible").count())
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")  # as if scrolled to
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    page.wait_for_function(IS_QUIET)
    for name, value in page.evaluate(SHOWN).items():
        setattr(facts, name, value)
    context.close()
    return facts


@pytest.fixture(scope="module")
def visits(browser, html, address):
    """Every page by their path in the book, with what happened on a visit."""
    widths = WIDTHS if address.startswith("file:") else []  # once is enough: a server moves nothing
    names = [path.relative_to(html).as_posix() for path in pages_of(html)]
    return {name: visit(browser, f"{address}/{name}", widths) for name in names}


def file_of(html, address, url):
    """The file of the book that an address inside it names."""
    return html / unquote(urlsplit(url[len(address) + 1 :]).path)


def test_no_page_asks_another_host_for_anything(visits, address):
    for name, facts in visits.items():
        assert [url for url in facts.requests if not url.startswith((f"{address}/", "data:"))] == [], name


def test_nothing_that_a_page_asks_for_is_missing(visits):
    assert {name: facts.missing for name, facts in visits.items() if facts.missing} == {}


def test_the_console_stays_free_of_errors_and_warnings(visits):
    assert {name: facts.messages for name, facts in visits.items() if facts.messages} == {}


def test_every_image_is_shown_and_every_font_that_is_used_is_there(visits):
    for name, facts in visits.items():
        assert [source for source, width in facts.images if not width] == [], name
        assert ["Font Awesome 6 Free", "loaded"] in facts.fonts, name  # the icons of the header
        # Chinese punctuation comes from a font of the reader's system, if it has one.
        assert {font for font, status in facts.fonts if status == "error"} <= {"Chinese Punctuation"}, name


def test_a_first_visit_costs_at_most_250_kb(visits, html, address):
    cost = {}
    for name, facts in visits.items():
        files = {file_of(html, address, url) for url in facts.first if url.startswith(f"{address}/")}
        assert {html / name, html / "_static" / "math-font.css"} <= files
        files.discard(html / "_static" / "chinese_search.js")
        # A server compresses what isn't compressed already.
        cost[name] = sum(
            len(path.read_bytes() if path.suffix in (".woff2", ".png") else gzip.compress(path.read_bytes(), 6))
            for path in files
            if path.is_file()
        )
    assert {name: size for name, size in cost.items() if size > FIRST_VISIT} == {}


def test_after_any_page_every_other_but_the_search_needs_only_its_text_and_figures(visits, address):
    shared = {
        name: {url for url in facts.requests if url.startswith(f"{address}/_static/")} for name, facts in visits.items()
    }
    for name, facts in visits.items():
        own = {f"{address}/{name}", *(url for url in facts.requests if url.startswith(f"{address}/_images/"))}
        new = {url for url in facts.requests if url.startswith(f"{address}/")} - own
        # Only pages with an explorable ask for the script of them all.
        new = {url for url in new if not url.startswith(f"{address}/_static/explorables.js")}
        if name != "search.html":
            assert {url for first in shared for url in new - shared[first]} == set(), name


def test_the_text_is_there_within_two_seconds_on_a_slow_network(browser, html, zipping_server):
    """At 400 kbit/s, 100 ms away, with compression: the largest chapter."""
    largest = max(html.glob("chapters/*.html"), key=lambda path: path.stat().st_size)
    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        slow = {"offline": False, "latency": 100, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
        network.send("Network.emulateNetworkConditions", slow)
        page.goto(f"{zipping_server}/chapters/{largest.name}")
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        assert paint < 2000, (largest.name, paint)
        assert page.evaluate("document.fonts.check('16px \"Book Math\"')")  # the font of the formulas came, too


def test_no_page_scrolls_sideways_and_nothing_is_cut_off(visits):
    too_wide = {
        (name, width): elements
        for name, facts in visits.items()
        for width, elements in facts.too_wide.items()
        if elements
    }
    assert too_wide == {}


# What is wider than its box, and not, at 360 px: how far it reaches, and where it is on the whole page.
SCROLLING = """() => [...document.querySelectorAll(".bd-article :is(pre, .formula, .pst-scrollable-table-container)")]
    .filter(box => box.checkVisibility({visibilityProperty: true}))
    .map(box => {
        const {left, top, width, height} = box.getBoundingClientRect();
        return [box.scrollWidth - box.clientWidth, [left, top + scrollY, left + width, top + scrollY + height], box.innerText.slice(0, 60)];
    })"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["momentum-gluon", "notation", "pytorch"])
def test_what_scrolls_on_a_phone_shows_it_and_nothing_else_does(browser, html, name, scheme):
    """A shadow lies at the right edge of code, outputs, formulas and tables that go on behind it."""
    with browser.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme) as context:
        page = context.new_page()
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


def test_each_page_has_one_search_box(visits):
    assert {name: facts.search_boxes for name, facts in visits.items() if facts.search_boxes - {1}} == {}


@pytest.mark.parametrize("width", [360, 1440])
def test_after_a_search_the_words_are_marked_in_the_text_alone_until_a_small_link_takes_the_marks_off(
    browser, html, width
):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((html / "search.html").as_uri() + "?q=动量法")
    page.click("ul.search > li > a >> nth=0")
    page.wait_for_selector("article span.highlighted")
    marked, others = page.evaluate("""["article ", ""].map(where => [...document.querySelectorAll("span.highlighted")]
        .filter(mark => !!mark.closest("article") === !!where).map(mark => getComputedStyle(mark).backgroundColor))""")
    assert "rgba(0, 0, 0, 0)" not in marked and set(others) == {"rgba(0, 0, 0, 0)"}
    link = page.get_by_role("link", name="不再标出搜索词")
    assert link.bounding_box()["height"] < 30
    link.click()
    assert page.locator(".highlighted, #searchbox a").count() == 0
    page.close()


@pytest.fixture
def page(browser, server):
    """A page of its own for each test, at a server, for only there a page may read the clipboard."""
    with browser.new_context(reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page


# The buttons of a chapter's header, and what has another value once they are pressed.
EFFECTS = {
    "显示或隐藏全书目录": "document.querySelector('.bd-sidebar-primary').checkVisibility({visibilityProperty: true})",
    "下载此页面": "document.querySelector('.dropdown-menu').checkVisibility()",
    "打印成 PDF": "window.hasPrinted",
    "全屏模式": "document.fullscreenElement?.tagName",
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
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    open_unfolded(page, f"{server}/chapters/{path.stem}.html")
    copied = []
    for button in page.locator(".cell:not(.tag_claim) .cell_input button.copybtn").all():
        button.click()
        copied.append(page.evaluate("navigator.clipboard.readText()").strip())
    assert copied == [cell.source for cell in cells if not is_claim(cell)]


def luminance(picture):
    """The relative luminance of each pixel, as WCAG defines it."""
    values = np.asarray(picture.convert("RGB")) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_and_letters_stand_out_in_every_figure(browser, html, scheme):
    page = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    for path in NOTEBOOKS:
        open_unfolded(page, (html / "chapters" / f"{path.stem}.html").as_uri())
        # Nothing but the figures, and nothing that moves them, as an explorable does when it begins to draw.
        page.add_style_tag(
            content="gluonbook-explorable, body *:not(:has(img), figure img) { display: none !important }"
        )
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        page.evaluate("Promise.all([...document.images].map(image => ((image.loading = 'eager'), image.decode())))")
        screen = Image.open(io.BytesIO(page.screenshot(full_page=True)))
        boxes = page.eval_on_selector_all(
            "figure img",
            """images => images.map(image => {
            const {left, top, right, bottom} = image.getBoundingClientRect();
            return [left, top, right, bottom];
        })""",
        )
        assert boxes
        for number, (left, top, right, bottom) in enumerate(boxes, 1):
            figure = luminance(screen.crop((left + 12, top + 12, right - 12, bottom - 12)))  # without a frame
            ground = np.median(figure)
            contrast = (np.maximum(figure, ground) + 0.05) / (np.minimum(figure, ground) + 0.05)
            assert (contrast >= 4.5).mean() > 0.01, (path.stem, number)
    page.close()


@pytest.mark.parametrize(
    "folder, path",
    [
        ("/", "/a"),
        ("/", "/a/b/"),
        ("/book/", "/book/a.html"),
        ("/book/", "/book/a/"),
        ("/book/", "/book/chapters/a.html"),
        ("/book/", "/book/chapters/b/c/a"),
        ("/book/", "/book/b/c/a"),
        ("/book/", "/book/_static/a"),
        ("/", "//evil.example/a"),
    ],
)
def test_the_links_of_the_page_for_what_is_missing_are_right_from_any_depth(browser, html, folder, path):
    host = "http://book.example"
    built_for = os.environ.get("BOOK_ADDRESS", "").rstrip("/") or host + folder[:-1]
    missing = (html / "404.html").read_text(encoding="utf-8").replace(built_for, host + folder[:-1])

    def answer(route):  # on every host
        asked = html / re.sub(f"^http://[^/]+{folder}", "", route.request.url)
        route.fulfill(path=asked) if asked.is_file() else route.fulfill(
            status=404, body=missing, content_type="text/html"
        )

    with browser.new_context() as context:
        context.route("**", answer)
        page = context.new_page()
        page.goto(host + path, wait_until="networkidle")
        page.click("nav a >> nth=1")
        assert page.url == f"{host}{folder}chapters/notation.html"
        assert page.inner_text("h1").startswith("符号")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_for_what_is_missing_can_be_read_on_any_ground_and_from_disk_looks_for_nothing(browser, html, scheme):
    messages = []
    page = browser.new_page(color_scheme=scheme)
    page.on("console", lambda message: messages.append(message.text))
    page.goto((html / "404.html").as_uri(), wait_until="networkidle")
    page.add_script_tag(path=Path(axe_playwright_python.__file__).with_name("axe.min.js"))
    assert page.evaluate("axe.run().then(({violations}) => violations.map(({id}) => id))") == []
    assert messages == []
    page.close()
