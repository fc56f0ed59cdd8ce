"""The words of the other editions: their catalogues are in locale, one a page, in gettext's format."""

import re
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parents[2] / "locale"
# Where code and templates say something: _("..."), say("..."), or _(`...`) with holes such as ${count} and ${number(x)}.
SAID = re.compile(r"""\b(?:_|say)\(\s*(["'`])((?:\\.|(?!\1).)*)\1\s*\)""")


def reworded(script, say):
    """A script in JavaScript with the words that `say` has for what it says, without comments and indents."""
    bare = re.sub(r"^\s*//.*\n|^\s+", "", script, flags=re.MULTILINE)
    return SAID.sub(lambda found: found[1] + say(found[2]) + found[1], bare)


@cache
def catalogue(edition, name):
    """What a page, or "interface" or "explorables", says in another edition, by its contexts and its words in Chinese.

    What isn't translated isn't there, nor what was translated before its words in Chinese were changed.
    """
    from babel.messages.pofile import read_po  # here, since most readers need it for nothing

    with open(LOCALE / edition / f"{name}.po", encoding="utf-8") as file:
        messages = [message for message in read_po(file) if message.id]
    return {
        (message.context or "", message.id): message.string
        for message in messages
        if message.string and not message.fuzzy
    }
