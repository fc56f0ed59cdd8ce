"""Makes every page anew when what all of them offer changes: the titles in the sidebar, or the PDF and the EPUB in the menu."""

from _ext.paper import offered


def pages_to_rewrite(app, env):
    titles = {name: title.astext() for name, title in env.titles.items()}
    before, env.on_every_page = getattr(env, "on_every_page", None), (titles, offered(app))
    return [] if before == env.on_every_page else sorted(env.found_docs)


def setup(app):
    app.connect("env-updated", pages_to_rewrite)
