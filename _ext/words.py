"""What the book says by itself, in the language of the edition that is built. The Chinese stands where it is said.

Whoever builds another edition than the Chinese tells it in EDITION. `_` is called with a string as it stands, since a
catalogue is made of these calls: in Python and in the scripts, and as `say` in the templates.
"""

import os

EDITION = os.environ.get("EDITION") or "zh"
# How an opening in bold ends, and what stands between it and the text: **图 5.1**　…, **Figure 5.1.** …
END, GAP = ("", "\u3000") if EDITION == "zh" else (".", " ")


def _(words):
    if EDITION == "zh":
        return words
    from gluonbook.book.words import catalogue  # here, since it brings MXNet, unless that is mocked

    return catalogue(EDITION, "interface")["", words]


def in_edition(script):
    """A script with the words of the edition, wherever it calls `_`."""
    from gluonbook.book.words import reworded

    return reworded(script, _)
