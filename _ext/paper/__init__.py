"""The book on paper and in the hand: its pages when they are printed, and the whole of it as a PDF and as an EPUB.

The menu of a page offers the two if they are beside the pages, and says of what stands there what it is. When what all pages
offer changes, these or the titles in the sidebar, every page is made anew.
"""

from pathlib import Path

from _ext.words import EDITION, _

# The files, as the Makefile names them. One archive, beside the Chinese pages, is of all editions: see scripts/pack.py.
NAME = "hands-on-optimisation" + ("" if EDITION == "zh" else f"-{EDITION}")
ARCHIVE = ("" if EDITION == "zh" else "../") + "hands-on-optimisation.zip"
KINDS = {
    "pdf": {"text": _("全书 PDF"), "tooltip": _("下载全书的 PDF"), "icon": "fas fa-book"},
    "epub": {"text": _("全书 EPUB"), "tooltip": _("下载全书的 EPUB"), "icon": "fas fa-book-open"},
}


def offered(app):
    """The kinds of which there is a file."""
    return [kind for kind in KINDS if (Path(app.outdir) / f"{NAME}.{kind}").exists()]


def offer(app, pagename, templatename, context, doctree):
    """Add the files to the menu for downloading, where .ipynb and .pdf would say little."""
    for menu in context.get("header_buttons", []):
        if menu.get("label") == "download-buttons":
            for button in menu["buttons"]:
                ending = button["text"]
                button["text"] = {".pdf": _("打印本页"), ".ipynb": _("本章的笔记本")}.get(ending, _("本页的源文件"))
            for kind in offered(app):
                link = context["pathto"](f"{NAME}.{kind}", 1)
                menu["buttons"].append({"type": "link", "url": link, "label": f"whole-{kind}", **KINDS[kind]})


def pages_to_rewrite(app, env):
    titles = {name: title.astext() for name, title in env.titles.items()}
    before, env.on_every_page = getattr(env, "on_every_page", None), (titles, offered(app))
    return [] if before == env.on_every_page else sorted(env.found_docs)


def setup(app):
    app.connect("env-updated", pages_to_rewrite)
    app.connect("html-page-context", offer, priority=510)  # after the theme has made its menus
