"""Leaves out of every page what makes it heavy: what Jupyter Book loads for live code (thebe), which would come from
another host, and of Font Awesome's 2,000 icons all but those that the pages show.
"""

import base64
import io
import re
from pathlib import Path

import pydata_sphinx_theme
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ICONS = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static/vendor/fontawesome"
ICON_STYLE = "icons.css"
ICON_NAME = r"fa-[\w-]+"


def without_thebe(app, pagename, templatename, context, doctree):
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context[kind]
            if "thebe" not in f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', '')}".lower()
        ]


def icon_style(pages, styles):
    """Return the style of the icons that the text of the pages names, or other styles show, with their font within."""
    (source,) = ICONS.glob("*/css/all.min.css")
    original = source.read_text(encoding="utf-8")
    used = set(re.findall(ICON_NAME, pages))
    shown = set(re.findall("[\ue000-\uf8ff]", styles)).union(re.findall(r"\\f[0-9a-f]{3}", styles))
    rules = [original[: original.index("*/") + 2]]  # whose it is
    for selectors, body in re.findall(r"([^{}@]+)\{([^{}]*)\}", original):
        names = [set(re.findall(ICON_NAME, selector)) for selector in selectors.split(",")]
        if ":root" in selectors or any(name and name <= used for name in names):
            rules.append(f"{selectors}{{{body}}}")
            shown.update(re.findall(r"\\f[0-9a-f]{3}", body))

    font = TTFont(source.parents[1] / "webfonts" / "fa-solid-900.ttf", recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=[], hinting=False))
    subsetter.populate(unicodes=[int(sign[1:], 16) if len(sign) > 1 else ord(sign) for sign in shown])
    subsetter.subset(font)
    font.flavor = "woff"
    data = io.BytesIO()
    font.save(data)
    address = f"data:font/woff;base64,{base64.b64encode(data.getvalue()).decode()}"
    faces = [
        f'@font-face{{font-family:"Font Awesome {version} Free";font-weight:900;src:url("{address}")}}'
        for version in (5, 6)
    ]
    return "\n".join([*rules, *faces]) + "\n"


def write_icons(app, exception):
    if exception is None and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        pages, styles = (
            "".join(path.read_text(encoding="utf-8") for path in sorted(paths))
            for paths in (
                [*Path(app.outdir).rglob("*.html"), *static.glob("scripts/*.js")],
                static.glob("styles/*.css"),
            )
        )
        (static / ICON_STYLE).write_text(icon_style(pages, styles), encoding="utf-8")


def setup(app):
    app.connect("html-page-context", without_thebe, priority=900)  # after the extensions that add files
    app.connect("build-finished", write_icons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
