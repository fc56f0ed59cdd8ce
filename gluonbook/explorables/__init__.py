"""Figures that a reader drags. Each is drawn by JavaScript beside this file, and has a picture for where none runs."""

import base64
import functools
import html
import json
import re
from pathlib import Path

import numpy as np

from gluonbook._validation import Known, got, integer, number, sequence

FOLDER = Path(__file__).parent


def real(name, value, known):
    """Check that this is a real number, which may be infinite or nan: what was measured of a run may be."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a real number, {got(value)}")


positive, rate = number(above=0), number(minimum=0)
numbers = sequence("n", number())
pair = sequence(2, number())
numbers_of_a_row = sequence("d", number())
table = sequence("k", numbers)  # rows of one length

# What each is told: the numbers of the experiment in the text, and where its controls stand at first.
VALUES = {
    "line-and-bowl": {"x": numbers, "y": numbers, "start": pair, "learning_rate": rate},
    "one-dimension": {"start": number(), "learning_rate": rate},
    "eigenbasis": {"hessian": sequence(2, pair), "start": pair, "learning_rate": rate},
    "sgd-cloud": {
        "design": sequence("n", numbers_of_a_row),
        "residuals": numbers,
        "label_noise": number(minimum=0),
        "learning_rate": rate,
        "batch_size": integer(1),
    },
    "decay-and-forgetting": {
        "outside": number(minimum=0),
        "true_norm": number(minimum=0),
        "learning_rate": rate,
        "updates_per_epoch": integer(1),
        "num_epochs": integer(1),
        "weight_decay": rate,
        "measured": sequence("k", sequence(2, real)),
    },
    "valley-of-lambda": {
        "num_examples": sequence("k", integer(1)),
        "eigenvalues": table,
        "weights": table,
        "means": table,
        "noise_scale": rate,
        "weight_decay": rate,
        "num_train": integer(1),
    },
    "momentum-valley": {
        "eigenvalues": sequence(2, positive),
        "start": pair,
        "learning_rate": rate,
        "momentum": number(0, 1),
    },
    "momentum-plane": {"q": positive, "momentum": number(0, 1), "condition_number": number(1)},
}


def explore(name, **values):
    """Return a figure whose points and controls a reader moves, as the output of a notebook cell.

    It needs no kernel and no network. Where scripts don't run, as in a notebook that isn't trusted, in print and on
    GitHub, a picture of the figure as it is at first stands in its place.

    Parameters
    ----------
    name : str
        Which one: "line-and-bowl", "one-dimension", "eigenbasis", "sgd-cloud", "decay-and-forgetting",
        "valley-of-lambda", "momentum-valley" or "momentum-plane".
    **values : float, int, or sequence of them
        What it is about, all by name; the error for a name that is missing lists them. Numbers are rounded to four
        digits, so that the output is the same on every machine.

    Returns
    -------
    Explorable
        A notebook shows it as the last value of a cell.

    Raises
    ------
    TypeError
        If a value is missing or unknown, or not a number, or not a sequence of numbers where one is needed.
    ValueError
        If there is no figure of this name, or a value is out of range, not finite, or of a wrong length.
    """
    if name not in list(VALUES):
        raise ValueError(f"name must be one of {', '.join(VALUES)}, {got(name)}")
    checks = VALUES[name]
    if values.keys() != checks.keys():
        raise TypeError(f"{name} needs the values {', '.join(checks)}, got {', '.join(values) or 'none'}")
    known = Known(values)
    for key, check in checks.items():
        check(key, values[key], known)
    return Explorable(name, {key: _rounded(values[key]) for key in checks})


def _rounded(value):
    if np.ndim(value):
        return [_rounded(item) for item in value]
    if not np.isfinite(value):
        return None  # JSON knows no other
    value = float(f"{value:.4g}") + 0.0
    return int(value) if value.is_integer() else value


class Explorable:
    """What `explore` returns: HTML with a script, and a picture within for where scripts don't run."""

    def __init__(self, name, values):
        self.name, self.values = name, values

    def __repr__(self):
        told = (f"{key} {_in_short(value)}" for key, value in self.values.items())
        return f"Explorable: {self.name}, {', '.join(told)}"

    def _repr_html_(self):
        return f"{self.element()}<script>{script('base') + script(self.name)}</script>"

    def element(self):
        picture = (FOLDER / f"{self.name}.svg").read_text(encoding="utf-8")
        alt = re.search("<title>(.*?)</title>", picture)[1]
        source = base64.b64encode(picture.encode()).decode()
        values = html.escape(json.dumps(self.values, separators=(",", ":")), quote=False)
        # In JupyterLab, the arrow keys would move between cells.
        return (
            f'<gluonbook-explorable name="{self.name}" values=\'{values}\' data-lm-suppress-shortcuts="true">'
            f'<img alt="{alt}" src="data:image/svg+xml;base64,{source}"></gluonbook-explorable>'
        )


def _in_short(value):
    shape = np.shape(value)
    return " x ".join(map(str, shape)) + " numbers" if np.prod(shape) > 2 else value


@functools.lru_cache
def script(name):
    """The JavaScript of an explorable, or that which all share, without comments and indents."""
    source = (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    return re.sub(r"^\s*//.*\n|^\s+", "", source, flags=re.MULTILINE)
