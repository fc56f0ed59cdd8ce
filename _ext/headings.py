"""Headings break between words: Chinese marks none, so here a line may end behind 的 and 和, a space or a punctuation mark."""

import re

HEADING = re.compile(r"<h[1-4]>.*?</h[1-4]>", re.DOTALL)
BETWEEN_WORDS = re.compile("(?<=[\u4e00-\u9fff][的和])(?=[\u4e00-\u9fff]{2})")


def mark_places(app, pagename, templatename, context, doctree):
    context["body"] = HEADING.sub(lambda heading: BETWEEN_WORDS.sub("<wbr>", heading[0]), context.get("body", ""))


def setup(app):
    app.connect("html-page-context", mark_places)
