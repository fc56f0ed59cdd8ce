"""Figures that a reader drags. Each is drawn by JavaScript beside this file, and has a picture for where none runs."""

import base64
import functools
import html
import json
import re
from pathlib import Path

import numpy as np

from gluonbook._validation import Known, got, integer, number, sequence
from gluonbook.book.words import catalogue, reworded

FOLDER = Path(__file__).parent
LANGUAGES = ["zh", "en"]


def real(name, value, known):
    """Check that this is a real number, which may be infinite or nan: what was measured of a run may be."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a real number, {got(value)}")


def where(check, fits, words):
    """A value that passes `check`, and fits the others."""

    def check_both(name, value, known):
        check(name, value, known)
        if not fits(value, known):
            raise ValueError(f"{name} must {words.format_map(known)}, {got(value)}")

    return check_both


def is_definite(matrix):
    eigenvalues = np.linalg.eigvalsh(matrix)
    return eigenvalues[0] > 1e-6 * eigenvalues[-1]


count, not_negative, positive = integer(1, 10**6), number(minimum=0), number(above=0)
rate = number(0, 10)
numbers = sequence("n", number())
pair = sequence(2, number())
table = sequence("k", numbers)  # rows of one length
points = where(numbers, lambda x, _: np.ptp(_rounded(x)) > 0, "hold two different numbers")
hessian = where(
    sequence(2, pair),
    lambda matrix, _: np.allclose(matrix, np.transpose(matrix)) and is_definite(_rounded(matrix)),
    "be symmetric and positive definite",
)
design = where(
    sequence("n", sequence("d", number())),
    lambda rows, known: 2 <= known.lengths["d"] <= 3 and is_definite(np.transpose(rows) @ rows),
    "have 2 or 3 columns, linearly independent",
)
size = where(integer(1), lambda value, known: value in known["num_examples"], "be one of {num_examples}")

# What each is told: the numbers of the experiment in the text, and where its controls stand at first. What can be shown
# stands here; how far a control reaches stands in its script, and it always reaches what it is told.
VALUES = {
    "line-and-bowl": {"x": points, "y": numbers, "start": pair, "learning_rate": rate},
    "one-dimension": {"start": number(), "learning_rate": rate},
    "eigenbasis": {"hessian": hessian, "start": pair, "learning_rate": rate},
    "sgd-cloud": {
        "design": design,
        "residuals": numbers,
        "label_noise": not_negative,
        "learning_rate": number(above=0, maximum=10),
        "batch_size": integer(1, 1000),
    },
    "decay-and-forgetting": {
        "outside": not_negative,
        "true_norm": not_negative,
        "learning_rate": not_negative,
        "updates_per_epoch": count,
        "num_epochs": count,
        "weight_decay": not_negative,
        "measured": sequence("k", sequence(2, real)),
    },
    "valley-of-lambda": {
        "num_examples": sequence("k", count),
        "eigenvalues": table,
        "weights": table,
        "means": table,
        "noise_scale": not_negative,
        "weight_decay": not_negative,
        "num_train": size,
    },
    "double-descent": {
        "num_train": count,
        "num_causes": count,
        "reading_noise": not_negative,
        "noise_scale": not_negative,
        "weight_decay": not_negative,
        "measured": sequence("k", sequence(3, real)),
    },
    "momentum-valley": {
        "eigenvalues": sequence(2, positive),
        "start": pair,
        "learning_rate": rate,
        "momentum": number(0, 1),
    },
    "coin": {
        "curvatures": sequence(2, positive),
        "learning_rate": number(above=0, maximum=10),
        "num_runs": integer(10, 200),
    },
    "momentum-plane": {"q": number(above=0, maximum=4), "momentum": number(0, 1), "condition_number": number(1)},
}


def explore(name, lang="zh", **values):
    """Return a figure whose points and controls a reader moves, as the output of a notebook cell.

    It needs no kernel and no network. Where scripts don't run, as in a notebook that isn't trusted, in print and on
    GitHub, a picture of the figure as it is at first stands in its place.

    Parameters
    ----------
    name : str
        Which one, of those below.
    lang : str, optional
        The language of what it says, "zh" (Chinese) or "en" (English).
    **values : float, int, or sequence of them
        What it is about, all by name, without units but where one is named. A control starts at its value and reaches
        at least as far. What isn't an integer is rounded to four digits, so that the output is the same everywhere.

        - "line-and-bowl": ``x`` and ``y``, n points with two different x; ``start``, slope and intercept;
          ``learning_rate``, 0 to 10.
        - "one-dimension": ``start``; ``learning_rate``, 0 to 10.
        - "eigenbasis": ``hessian``, 2 x 2, symmetric and positive definite; ``start``, a point; ``learning_rate``,
          0 to 10.
        - "sgd-cloud": ``design``, n rows of 2 or 3 features, linearly independent; ``residuals``, n numbers, in units
          of the noise; ``label_noise``, at least 0, its standard deviation; ``learning_rate``, above 0 to 10;
          ``batch_size``, 1 to 1000 examples.
        - "decay-and-forgetting": ``outside``, at least 0, the norm of the part of the initial weights that no example
          reaches; ``true_norm``, at least 0, that of the weights sought; ``learning_rate``, at least 0;
          ``updates_per_epoch``, 1 to 1000000; ``num_epochs``, 1 to 1000000; ``weight_decay``, at least 0;
          ``measured``, pairs of a weight decay and a test loss.
        - "valley-of-lambda": ``num_examples``, k sizes, each with a row of n ``eigenvalues``, and along the
          eigenvectors n ``weights`` and ``means`` of features; ``noise_scale``, at least 0, a standard deviation;
          ``weight_decay``, at least 0; ``num_train``, one of the sizes.
        - "double-descent": ``num_train``, 1 to 1000000 examples; ``num_causes``, 1 to 1000000, how many causes are read;
          ``reading_noise``, at least 0, the standard deviation of a reading; ``noise_scale``, at least 0, that of the
          labels; ``weight_decay``, at least 0; ``measured``, triples of a number of features and the excess loss of
          both kinds of features, those that are unrelated and the readings.
        - "momentum-valley": ``eigenvalues`` along both axes, above 0; ``start``, a point; ``learning_rate``, 0 to 10;
          ``momentum``, 0 to 1.
        - "momentum-plane": ``q``, above 0 to 4, learning rate times largest eigenvalue; ``momentum``, 0 to 1;
          ``condition_number``, at least 1.
        - "coin": ``curvatures``, two, above 0, of examples that are drawn equally often; ``learning_rate``, above 0 to
          10; ``num_runs``, 10 to 200.

    Returns
    -------
    Explorable
        A notebook shows it as the last value of a cell.

    Raises
    ------
    TypeError
        If a value is missing or unknown, or not a number, or not a sequence of numbers where one is needed.
    ValueError
        If there is no figure of this name or in this language, or a value is out of range, not finite, or of a wrong
        length.
    """
    if name not in list(VALUES):
        raise ValueError(f"name must be one of {', '.join(VALUES)}, {got(name)}")
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be {' or '.join(LANGUAGES)}, {got(lang)}")
    checks = VALUES[name]
    if values.keys() != checks.keys():
        raise TypeError(f"{name} needs the values {', '.join(checks)}, got {', '.join(values) or 'none'}")
    known = Known(values)
    for key, check in checks.items():
        check(key, values[key], known)
    return Explorable(name, {key: _rounded(values[key]) for key in checks}, lang)


def _rounded(value):
    if np.ndim(value):
        return [_rounded(item) for item in value]
    if not np.isfinite(value):
        return None  # JSON knows no other
    if isinstance(value, (int, np.integer)):
        return int(value)
    value = float(f"{value:.4g}") + 0.0
    return int(value) if value.is_integer() else value


class Explorable:
    """What `explore` returns: HTML with a script, and a picture within for where scripts don't run."""

    def __init__(self, name, values, lang="zh"):
        self.name, self.values, self.lang = name, values, lang

    def __repr__(self):
        told = (f"{key} {_in_short(value)}" for key, value in self.values.items())
        return f"Explorable: {self.name}, {', '.join(told)}"

    def _repr_html_(self):
        return f"{self.element()}<script>{script('base', self.lang) + script(self.name, self.lang)}</script>"

    def element(self):
        alt = alternative(self.name, self.lang)
        source = base64.b64encode(picture(self.name, self.lang).read_text(encoding="utf-8").encode()).decode()
        lang = "" if self.lang == "zh" else f' lang="{self.lang}"'
        values = html.escape(json.dumps(self.values, separators=(",", ":")), quote=False)
        # In JupyterLab, the arrow keys would move between cells.
        return (
            f'<gluonbook-explorable name="{self.name}" values=\'{values}\' data-lm-suppress-shortcuts="true"{lang}>'
            f'<img alt="{alt}" src="data:image/svg+xml;base64,{source}"></gluonbook-explorable>'
        )


def _in_short(value):
    shape = np.shape(value)
    return " x ".join(map(str, shape)) + " numbers" if np.prod(shape) > 2 else value


@functools.lru_cache
def script(name, lang="zh"):
    """The JavaScript of an explorable, or that which all share, without what its picture says."""
    return re.sub("^alt: .*\n", "", source(name, lang), flags=re.MULTILINE)


def alternative(name, lang="zh"):
    """What the picture of an explorable shows, in words."""
    return re.search('alt: "(.*)"', source(name, lang))[1]


def picture(name, lang="zh"):
    return FOLDER / (f"{name}.svg" if lang == "zh" else f"{name}.{lang}.svg")


def source(name, lang):
    def say(words):
        return words if lang == "zh" else catalogue(lang, "explorables")["", words]

    return reworded((FOLDER / f"{name}.js").read_text(encoding="utf-8"), say)
