"""Checks of arguments, declared above a function, so that a wrong one is named before anything is changed."""

import functools
import inspect
import reprlib
from collections.abc import Sequence
from math import inf

import numpy as np
from mxnet.ndarray import NDArray

FLOATS = [np.dtype(np.float32), np.dtype(np.float64)]
# What is larger than float32 holds, MXNet reads as infinite.
LARGEST = float(np.finfo(np.float32).max)


class Known(dict):
    """All arguments of a call by name, and in `lengths`, by letter, each length that an array had."""

    def __init__(self, arguments):
        super().__init__(arguments)
        self.lengths = {}

    def limit(self, limit):
        """What stands for a limit: a number, the letter of a length, or the name of another argument."""
        if isinstance(limit, str):
            return (self.lengths if limit in self.lengths else self)[limit]
        return limit


def checked(**checks):
    """Check arguments of a function at each call, in the order given here, before it runs.

    A check is called as ``check(name, value, known)`` and raises TypeError or ValueError unless `value` fits. A letter,
    as in "n", stands for the same length wherever it occurs. An argument that is left to its default is not checked.
    """

    def decorate(function):
        parameters = inspect.signature(function).parameters
        names, count = tuple(parameters), len(parameters)
        defaults = {name: p.default for name, p in parameters.items() if p.default is not p.empty}

        @functools.wraps(function)
        def call(*args, **kwargs):
            known = Known({**defaults, **dict(zip(names, args)), **kwargs})
            # If an argument is missing or too many, Python says so.
            if len(args) <= count == len(known):
                for name, check in checks.items():
                    if name not in defaults or known[name] is not defaults[name]:
                        check(name, known[name], known)
            return function(*args, **kwargs)

        call.unchecked = function
        return call

    return decorate


def got(value):
    """Say in a few words what `value` is."""
    return f"got {' '.join(reprlib.repr(value).split())} of type {type(value).__name__}"


def integer(minimum, maximum=inf):
    """An integer within limits, of which each may be the name of another argument or the letter of a length."""
    return _limited((int, np.integer), "an integer", minimum, maximum)


def number(minimum=-LARGEST, maximum=LARGEST, above=-inf):
    """A real number within limits, finite in float32."""
    return _limited((int, float, np.integer, np.floating), "a real number, an int or a float", minimum, maximum, above)


def _limited(types, kind, minimum, maximum, above=-inf):
    def check(name, value, known):
        if isinstance(value, bool) or not isinstance(value, types):
            raise TypeError(f"{name} must be {kind}, {got(value)}")
        low, high = known.limit(minimum), known.limit(maximum)
        if not (low <= value <= high and value > above):
            limits = f"at least {low}" if above == -inf else f"greater than {above}"
            limits += f" and at most {high}" if high < inf else ""
            raise ValueError(f"{name} must be {limits}, got {value}")

    return check


def sequence(length, each):
    """A sequence, not empty, whose items pass the check `each`."""

    def check(name, values, known):
        if not isinstance(values, (Sequence, np.ndarray)):
            raise TypeError(f"{name} must be a sequence, {got(values)}")
        expected = known.lengths.setdefault(length, len(values)) if isinstance(length, str) else length
        if not 0 < len(values) == expected:
            raise ValueError(f"{name} must hold {expected or 'at least one'} number(s), got {len(values)}")
        for i, value in enumerate(values):
            each(f"{name}[{i}]", value, known)

    return check


def function(*arguments):
    """A function that can be called with these arguments; here, their names stand for them."""

    def check(name, value, known):
        try:
            inspect.signature(value).bind(*arguments)
        except TypeError as error:
            raise TypeError(f"{name} must be a function of ({', '.join(arguments)}), {got(value)}") from error
        except ValueError:  # some functions that are not written in Python don't tell their signature
            pass

    return check


def _check_type(name, value):
    # The arrays of mxnet.np and the sparse ones are NDArrays too, but not for all operations.
    if type(value) is not NDArray:
        raise TypeError(f"{name} must be an NDArray, got {type(value).__name__}; mxnet.nd.array(...) makes one")


def array(*shape):
    """An NDArray of this shape, not empty. A letter stands for a length, the same each time."""

    def check(name, value, known):
        _check_type(name, value)
        given = value.shape
        if 0 in given:
            raise ValueError(f"{name} must not be empty, got shape {given}")
        wanted = tuple(known.lengths.get(length, length) for length in shape)
        if given != wanted:
            if len(given) != len(wanted) or [w for w, n in zip(wanted, given) if w != n and not isinstance(w, str)]:
                raise ValueError(f"{name} must have shape {wanted}, got {given}".replace("'", ""))
            known.lengths.update(zip(shape, given))

    return check


def column(length):
    """An NDArray of one number for each example: flat, or a column."""
    flat, upright = array(length), array(length, 1)

    def check(name, value, known):
        (upright if isinstance(value, NDArray) and value.ndim == 2 else flat)(name, value, known)

    return check


def floats(like=None):
    """An NDArray of float32 or float64, since of integers MXNet drops the halves; or of what another argument holds."""

    def check(name, value, known):
        _check_type(name, value)
        kind, accepted = np.dtype(value.dtype), [np.dtype(known[like].dtype)] if like else FLOATS
        if kind not in accepted:
            wanted = f"{accepted[0]}, as {like} does" if like else "float32 or float64"
            raise TypeError(f"{name} must hold {wanted}, got {kind}; .astype('{accepted[0]}') converts")

    return check


def check_finite(name, value, known):
    numbers = value.asnumpy()
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} must be finite, got {numbers[~np.isfinite(numbers)][0]}")


def every(*checks):
    """What passes each of these checks."""

    def check(name, value, known):
        for one in checks:
            one(name, value, known)

    return check


def check_parameters(name, values, known):
    """Check that these are NDArrays with gradients, each once."""
    if isinstance(values, NDArray) or not hasattr(values, "__len__"):
        raise TypeError(f"{name} must be a list of NDArrays, got {type(values).__name__}")
    for i, value in enumerate(values):
        if type(value) is not NDArray or value.grad is None:
            _check_type(f"{name}[{i}]", value)
            raise ValueError(f"{name}[{i}] must have a gradient, got none; call attach_grad() before recording")
    if not 0 < len(values) == len(set(map(id, values))):
        raise ValueError(f"{name} must hold at least one parameter, and each once, got {len(values)}")
