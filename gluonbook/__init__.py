"""What the chapters of the book 《动手学优化》 share: data, model, updates, training runs, figures, explorables and claims."""

import gc

from gluonbook.book.claims import claim
from gluonbook.book.explorables import explore
from gluonbook.data import data_iter, set_seed, synthetic_data
from gluonbook.display import show_source, use_svg_display
from gluonbook.linear import linreg, sgd, squared_loss
from gluonbook.plotting import STYLES, plt, semilogy, set_figsize, show_trace_2d
from gluonbook.training import train, train_2d, train_gluon, train_scratch

# What is imported stays: it needn't be looked through, again and again, for what could be thrown away.
gc.freeze()

__version__ = "2.0.0"

# `plt` is here for notebooks written for the original module, which draw with `gluonbook.plt`.
__all__ = [
    "STYLES",
    "claim",
    "data_iter",
    "explore",
    "linreg",
    "plt",
    "semilogy",
    "set_figsize",
    "set_seed",
    "sgd",
    "show_source",
    "show_trace_2d",
    "squared_loss",
    "synthetic_data",
    "train",
    "train_2d",
    "train_gluon",
    "train_scratch",
    "use_svg_display",
]
