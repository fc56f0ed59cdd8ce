"""Makes every page anew when the title of one changes: each lists them all in its sidebar."""


def pages_to_rewrite(app, env):
    titles = {name: title.astext() for name, title in env.titles.items()}
    known, env.book_titles = getattr(env, "book_titles", titles), titles
    return [] if known == titles else sorted(env.found_docs)


def setup(app):
    app.connect("env-updated", pages_to_rewrite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
