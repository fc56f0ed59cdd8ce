"""The book on paper and in the hand: its pages when they are printed, and the whole of it as a PDF and as an EPUB.

The menu of a page offers the two if they are beside the pages.
"""

from pathlib import Path

NAME = "hands-on-optimisation"  # of the files, as in the Makefile
ARCHIVE = f"{NAME}.zip"  # which make html puts beside the pages, see scripts/pack.py
KINDS = {
    "pdf": ("全书 PDF", "下载全书的 PDF", "fas fa-book"),
    "epub": ("全书 EPUB", "下载全书的 EPUB", "fas fa-book-open"),
}


def offered(app):
    """The kinds of which there is a file."""
    return [kind for kind in KINDS if (Path(app.outdir) / f"{NAME}.{kind}").exists()]


def pages_to_rewrite(app, env):
    before, env.papers = getattr(env, "papers", []), offered(app)
    return [] if before == env.papers else sorted(env.found_docs)


def offer(app, pagename, templatename, context, doctree):
    """Add the files to the menu for downloading."""
    for menu in context.get("header_buttons", []):
        if menu.get("label") == "download-buttons":
            for kind in offered(app):
                text, tooltip, icon = KINDS[kind]
                link = context["pathto"](f"{NAME}.{kind}", 1)
                menu["buttons"].append(
                    {
                        "type": "link",
                        "url": link,
                        "text": text,
                        "tooltip": tooltip,
                        "icon": icon,
                        "label": f"whole-{kind}",
                    }
                )


def setup(app):
    app.connect("env-updated", pages_to_rewrite)
    app.connect("html-page-context", offer, priority=510)  # after the theme has made its menus
    return {"parallel_read_safe": True, "parallel_write_safe": True}
