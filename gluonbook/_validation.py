"""Checks of arguments, declared above a function, so that a wrong one is named before anything is changed."""

import functools
import inspect
import reprlib
from collections.abc import Sequence
from math import inf

import numpy as np
from mxnet.ndarray import NDArray

# What is larger than float32 holds, MXNet reads as infinite.
LARGEST = float(np.finfo(np.float32).max)


def checked(**checks):
    """Check arguments of a function at each call, in the order given here, before it runs.

    A check is called as ``check(name, value, known)`` and raises TypeError or ValueError unless `value` fits.
    `known` holds all arguments by name, and by a letter each length that an array had: as in "n", which stands for
    the same length wherever it occurs. An argument that is left to its default is not checked.
    """

    def decorate(function):
        parameters = inspect.signature(function).parameters
        names, count = tuple(parameters), len(parameters)
        defaults = {name: p.default for name, p in parameters.items() if p.default is not p.empty}

        @functools.wraps(function)
        def call(*args, **kwargs):
            known = {**defaults, **dict(zip(names, args)), **kwargs}
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
        low, high = known.get(minimum, minimum), known.get(maximum, maximum)
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
        expected = known.setdefault(length, len(values)) if isinstance(length, str) else length
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
        wanted = tuple(map(known.get, shape, shape))
        if given != wanted:
            if len(given) != len(wanted) or [w for w, n in zip(wanted, given) if w != n and not isinstance(w, str)]:
                raise ValueError(f"{name} must have shape {wanted}, got {given}".replace("'", ""))
            known.update(zip(shape, given))

    return check


def column(length):
    """An NDArray of one number for each example: flat, or a column."""
    flat, upright = array(length), array(length, 1)

    def check(name, value, known):
        (upright if isinstance(value, NDArray) and value.ndim == 2 else flat)(name, value, known)

    return check


def floats(name, value, known):
    """An NDArray of float32 or float64: of integers, MXNet drops the halves."""
    _check_type(name, value)
    if value.dtype not in (np.float32, np.float64):
        given = np.dtype(value.dtype).name
        raise TypeError(f"{name} must hold float32 or float64, got {given}; .astype('float32') converts")


def finite(check_array):
    """An array that passes `check_array`, of finite numbers."""

    def check(name, value, known):
        check_array(name, value, known)
        numbers = value.asnumpy()
        if not np.isfinite(numbers).all():
            raise ValueError(f"{name} must be finite, got {numbers[~np.isfinite(numbers)][0]}")

    return check


def parameters(name, values, known):
    """NDArrays with gradients, each once."""
    if isinstance(values, NDArray) or not hasattr(values, "__len__"):
        raise TypeError(f"{name} must be a list of NDArrays, got {type(values).__name__}")
    for i, value in enumerate(values):
        if type(value) is not NDArray or value.grad is None:
            _check_type(f"{name}[{i}]", value)
            raise ValueError(f"{name}[{i}] must have a gradient, got none; call attach_grad() before recording")
    if not 0 < len(values) == len(set(map(id, values))):
        raise ValueError(f"{name} must hold at least one parameter, and each once, got {len(values)}")
