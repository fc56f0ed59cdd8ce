"""Makes pages light, so that their text is there at once on a slow network.

- What Jupyter Book loads for live code (thebe), which would come from another host, is left out, and so are tabs and what folds with a script.
- All styles are one, without the rules that no page can match, and without the icons that no page shows.
- Nothing else stands before the text: scripts run after it, and the font of the formulas comes behind it.
- Figures are loaded when a reader comes near, in the room that is kept for them, and say no more digits than can be seen.
- Highlighted code marks only what looks different: half of the spans that Pygments makes, most of a page, don't.
"""

import base64
import hashlib
import io
import re
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import Text
from tinycss2 import parse_rule_list, parse_stylesheet, serialize

UNUSED = ("thebe", "toggle", "design-tabs", "DOCUMENTATION_OPTIONS.pagename")
STYLE = "styles/book.css"
THEME = ("basic.css", "styles/theme.css", "styles/bootstrap.css", "styles/pydata-sphinx-theme.css")
BEHIND = "math-font.css"  # stands at the end of a page
PUT_TOGETHER = {"bs-tooltip-auto"}  # the one name that a script doesn't have as a word

ICONS = "icons.css"


def mark_code(app):
    options = app.builder.theme.get_options()
    styles = [get_style_by_name(options[f"pygments_{mode}_style"]) for mode in ("light", "dark")]

    def seen(kind):
        return kind if any(style.style_for_token(kind) != style.style_for_token(Text) for style in styles) else Text

    class LeanFormatter(HtmlFormatter):
        def format(self, tokensource, outfile):
            return super().format(((seen(kind), text) for kind, text in tokensource), outfile)

    app.builder.highlighter.formatter = LeanFormatter


def lighten(app, pagename, templatename, context, doctree):
    """Leave out of a page what nothing needs, and let the rest wait for the text."""
    context["css_files"] = []  # they are in the one style, which webpack-macros.html names
    scripts, context["script_files"] = context["script_files"], []
    for file in scripts:
        if not any(unused in f"{file.filename} {file.attributes.get('body', '')}" for unused in UNUSED):
            context["script_files"].append(file)
            if file.filename:
                file.attributes["defer"] = "defer"
    pictures = {name: Path(app.srcdir, source) for source, name in app.builder.images.items()}
    images = Path(app.outdir, app.builder.imagedir)
    body = re.sub(
        r'src="data:image/svg\+xml;base64,([^"]{2000,})"',
        lambda found: f'src="{context["pathto"](f"{app.builder.imagedir}/{keep(images, found[1])}", 1)}"',
        context["body"],
    )
    context["body"] = re.sub(
        r"""<img\b(?![^>]*\bloading=)(?=[^>]*\ssrc="([^"]*/([^"/]+\.svg))")""",
        lambda found: f'<img loading="lazy"{room_for(pictures.get(found[2], images / found[2]))}',
        body,
    )


def keep(folder, data):
    """Write a picture that stood in a page itself as a file of its own, and return its name."""
    picture = base64.b64decode(data)
    name = f"{hashlib.sha256(picture).hexdigest()}.svg"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(picture)
    return name


def room_for(path):
    """The width and height of an SVG in pixels, as attributes, and how narrow it may be: its letters have 9 pixels then."""
    start = re.search(r"<svg\b[^>]*>", path.read_text(encoding="utf-8"))[0]
    sizes = re.findall(r'\b(width|height)="([\d.]+)(pt|)"', start)
    pixels = {name: float(size) * (4 / 3 if unit else 1) for name, size, unit in sizes}
    least = f' style="--least: {0.75 * pixels["width"]:.0f}px"' if "width" in pixels else ""
    return "".join(f' {name}="{size:.0f}"' for name, size in pixels.items()) + least


def shortened(svg):
    """A picture with two decimals in the coordinates of its lines and letters, a hundredth of a point."""
    return re.sub(
        r"""(?<=\s)(?:d|x|y|points)="[^"]*\"""", lambda found: re.sub(r"(\d+\.\d\d)\d+", r"\1", found[0]), svg
    )


def icon_font(file, style):
    """Return a style with the font of the icons that another style shows."""
    shown = re.findall(r"[\ue000-\uf8ff]|(?<=\\)f[0-9a-f]{3}", style)
    font = TTFont(file, recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=[], hinting=False))
    subsetter.populate(unicodes=[ord(sign) if len(sign) == 1 else int(sign, 16) for sign in shown])
    subsetter.subset(font)
    font.flavor = "woff"
    data = io.BytesIO()
    font.save(data)
    face = f'font-weight:400 900;src:url("data:font/woff;base64,{base64.b64encode(data.getvalue()).decode()}")'
    return "".join(f'@font-face{{font-family:"Font Awesome {version} Free";{face}}}\n' for version in (5, 6))


def can_match(rule, words):
    """Say whether all tags, classes and ids of a selector are among `words`; what stands in brackets isn't looked at."""
    selectors = re.sub(r"\((?:[^()]|\([^()]*\))*\)|\[[^]]*\]|::?[\w-]+", "", serialize(rule.prelude))
    return any(words.issuperset(re.findall(r"[\w-]+", selector)) for selector in selectors.split(","))


def pruned(rules, words):
    """The text of these rules without those that can match nothing where there are only these tags, classes and ids."""
    kept = []
    for rule in rules:
        if rule.type == "at-rule" and rule.at_keyword in ("media", "supports"):
            inner = pruned(parse_rule_list(rule.content), words)
            kept.append(f"@{rule.at_keyword}{serialize(rule.prelude)}{{{inner}}}")
        elif rule.type == "at-rule" and rule.at_keyword != "import":  # the theme's, which THEME names
            kept.append(rule.serialize())
        elif rule.type == "qualified-rule" and can_match(rule, words):
            kept.append(rule.serialize())
        elif rule.type == "comment" and rule.value.startswith("!"):  # whose it is
            kept.append(rule.serialize())
    return "\n".join(kept)


def text_in(*paths):
    return "\n".join(path.read_text(encoding="utf-8").partition("Search.setIndex(")[0] for path in paths)


def write(app, exception):
    """Write the one style, and shorten the figures, once all pages are there."""
    if exception is not None:
        return
    static = Path(app.outdir) / "_static"
    shown = text_in(*Path(app.outdir).rglob("*.html"), *static.glob("*.js"), *static.glob("scripts/*.js"))
    (whole,) = static.glob("vendor/fontawesome/*/css/all.min.css")
    icons = re.sub(r"@font-face\{[^}]*\}", "", text_in(whole))
    (static / ICONS).write_text(icons, encoding="utf-8")
    files = sorted(app.builder._css_files, key=lambda file: file.priority)
    names = [*THEME, ICONS, *(str(getattr(file, "filename", file)).removeprefix("_static/") for file in files)]
    names = [name for name in names if name != BEHIND and not any(unused in name for unused in UNUSED)]
    rules = parse_stylesheet(text_in(*(static / name for name in names)))
    style = pruned(rules, PUT_TOGETHER.union(re.findall(r"[\w-]+", shown)))
    font = icon_font(whole.parents[1] / "webfonts" / "fa-solid-900.ttf", style)
    (static / ICONS).write_text(icons + font, encoding="utf-8")
    (static / STYLE).write_text(f"/* {' '.join(names)} */\n{style}\n{font}", encoding="utf-8")
    for path in Path(app.outdir, app.builder.imagedir).glob("*.svg"):
        path.write_text(shortened(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app):
    app.connect("builder-inited", mark_code)
    app.connect("html-page-context", lighten, priority=900)  # after the extensions that add files
    app.connect("build-finished", write, priority=900)
