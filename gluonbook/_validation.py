"""Checks of arguments, so that a wrong one is named before anything is changed."""

from collections.abc import Sequence
from math import inf, isfinite
from numbers import Integral, Real

import numpy as np
from mxnet.ndarray import NDArray


def check_int(name, value, minimum, maximum=inf):
    """Raise TypeError or ValueError unless `value` is an integer from `minimum` to `maximum`."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be an integer, got {value!r} of type {type(value).__name__}")
    if not minimum <= value <= maximum:
        upper = "" if maximum == inf else f" and at most {maximum}"
        raise ValueError(f"{name} must be at least {minimum}{upper}, got {value}")


def check_real(name, value, *, positive=False, minimum=-inf):
    """Raise TypeError or ValueError unless `value` is a finite real number, in range."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a real number, got {value!r} of type {type(value).__name__}")
    if not isfinite(value):
        raise ValueError(f"{name} must be finite, got {value}")
    if positive and value <= 0:
        raise ValueError(f"{name} must be greater than 0, got {value}")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {value}")


def check_vector(name, values, *, minimum=-inf, length=None):
    """Raise TypeError or ValueError unless `values` is a sequence of finite numbers, in range."""
    if isinstance(values, str) or not isinstance(values, (Sequence, np.ndarray)):
        raise TypeError(f"{name} must be a sequence of numbers, got {values!r} of type {type(values).__name__}")
    if len(values) == 0 or length not in (None, len(values)):
        raise ValueError(f"{name} must hold {length or 'at least one'} number(s), got {len(values)}")
    for i, value in enumerate(values):
        check_real(f"{name}[{i}]", value, minimum=minimum)


def check_ndarray(name, value, shape):
    """Raise TypeError or ValueError unless `value` is an NDArray of `shape`.

    A string in `shape` stands for any length of at least one, as "n" does in ``("n", 1)``.
    """
    if not isinstance(value, NDArray):
        raise TypeError(f"{name} must be an NDArray, got {type(value).__name__}; mxnet.nd.array(...) makes one")
    fits = len(value.shape) == len(shape) and all(
        length > 0 if isinstance(wanted, str) else length == wanted
        for length, wanted in zip(value.shape, shape)
    )
    if not fits:
        wanted = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
        raise ValueError(f"{name} must have shape ({wanted}), got {value.shape}")


def check_examples(features, labels):
    """Raise TypeError or ValueError unless `features` (n, d) and `labels` (n,) or (n, 1) are n examples."""
    check_ndarray("features", features, ("n", "d"))
    num_examples = len(features)
    column = isinstance(labels, NDArray) and labels.ndim == 2
    check_ndarray("labels", labels, (num_examples, 1) if column else (num_examples,))


def check_callable(name, value):
    """Raise TypeError unless `value` can be called."""
    if not callable(value):
        raise TypeError(f"{name} must be a function, got {value!r} of type {type(value).__name__}")
