"""The words of the other editions: their catalogues are in locale, one a page, in gettext's format."""

from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parents[2] / "locale"


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
