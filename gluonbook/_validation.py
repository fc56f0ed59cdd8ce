"""Checks of arguments, so that a wrong one is named before anything is changed."""

import inspect
import reprlib
import sys
from collections.abc import Sequence
from math import inf

import numpy as np
from mxnet import autograd
from mxnet.ndarray import NDArray

# MXNet reads single numbers as float32, smaller ones than SMALLEST not at all; it multiplies matrices of FLOATS
# only, and draws up to MAX_SIZE random numbers at once.
SMALLEST, LARGEST = (float(limit) for limit in (np.finfo(np.float32).tiny, np.finfo(np.float32).max))
FLOATS = {np.float32, np.float64}
MAX_SIZE = 2**31 - 2


def got(value):
    """Say in a few words what `value` is."""
    return f"got {' '.join(reprlib.repr(value).split())} of type {type(value).__name__}"


def check_int(name, value, minimum, maximum=sys.maxsize):
    """Raise TypeError or ValueError unless `value` is an integer from `minimum` to `maximum`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an integer, {got(value)}")
    if not minimum <= value <= maximum:
        upper = "" if value < minimum and maximum == sys.maxsize else f" and at most {maximum}"
        raise ValueError(f"{name} must be at least {minimum}{upper}, got {reprlib.repr(value)}")


def check_real(name, value, *, positive=False, minimum=-inf, largest=LARGEST):
    """Raise TypeError or ValueError unless `value` is a finite real number, in range."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a real number, an int or a float, {got(value)}")
    if not -largest <= value <= largest:
        raise ValueError(f"{name} must be finite, and at most {largest:.1e} in size, got {reprlib.repr(value)}")
    if positive and value < SMALLEST:
        raise ValueError(f"{name} must be greater than 0{f', at least {SMALLEST:.1e}' * (value > 0)}, got {value}")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {value}")


def check_vector(name, values, *, length=None, **limits):
    """Raise TypeError or ValueError unless `values` is a sequence of finite numbers, within the limits of each."""
    if not _is_sequence(values):
        raise TypeError(f"{name} must be a sequence of numbers, {got(values)}")
    if len(values) == 0 or length not in (None, len(values)):
        raise ValueError(f"{name} must hold {length or 'at least one'} number(s), got {len(values)}")
    for i, value in enumerate(values):
        check_real(f"{name}[{i}]", value, **limits)


def check_text(name, value):
    """Raise TypeError unless `value` is a string."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, {got(value)}")


def check_names(name, values, count):
    """Raise TypeError or ValueError unless `values` is a sequence of `count` names that a legend can show."""
    if not _is_sequence(values):
        raise TypeError(f"{name} must be a sequence of strings, {got(values)}")
    for i, value in enumerate(values):
        check_text(f"{name}[{i}]", value)
    # Matplotlib leaves a name that starts with _ out of a legend.
    if len(values) != count or len(set(values)) != count or any(value[:1] in ("", "_") for value in values):
        raise ValueError(
            f"{name} must hold a name for each of the {count} curves, all different,"
            f" none empty or with _ at its start, {got(values)}"
        )


def _is_sequence(values):
    if isinstance(values, np.ndarray):
        return values.ndim > 0
    return isinstance(values, Sequence) and not isinstance(values, (str, bytes, bytearray))


def check_callable(name, value, *arguments):
    """Raise TypeError unless `value` can be called with these arguments; here, their names stand for them."""
    try:
        inspect.signature(value).bind(*arguments)
    except TypeError as error:
        raise TypeError(f"{name} must be a function of ({', '.join(arguments)}), {got(value)}") from error
    except ValueError:  # some functions that are not written in Python don't tell their signature
        pass


def as_floats(values):
    """Return `values` as an array of floats; raise TypeError unless they are real numbers."""
    array = values.asnumpy() if isinstance(values, NDArray) else np.asarray(values)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"real numbers are needed, {got(values)}")
    return array.astype(float)


def check_ndarray(name, value, shape=None):
    """Raise TypeError or ValueError unless `value` is an NDArray of `shape` and not empty; return its shape.

    A string in `shape` stands for any length, as "n" does in ``("n", 1)``; None stands for any shape.
    """
    # The arrays of mxnet.np and the sparse ones are NDArrays too, but not for all operations.
    if type(value) is not NDArray:
        raise TypeError(f"{name} must be an NDArray, got {type(value).__name__}; mxnet.nd.array(...) makes one")
    given = value.shape
    if 0 in given:
        raise ValueError(f"{name} must not be empty, got shape {given}")
    if shape is not None and given != shape and not (
        len(given) == len(shape) and all(isinstance(wanted, str) or wanted == n for wanted, n in zip(shape, given))
    ):
        wanted = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
        raise ValueError(f"{name} must have shape ({wanted}), got {given}")
    return given


def check_dtypes(**arrays):
    """Raise TypeError unless the NDArrays all hold float32, or all float64."""
    dtypes = [array.dtype for array in arrays.values()]
    if dtypes[0] not in FLOATS or dtypes.count(dtypes[0]) != len(dtypes):
        names, given = ", ".join(arrays), ", ".join(np.dtype(dtype).name for dtype in dtypes)
        raise TypeError(
            f"{names} must hold one type of number, float32 or float64, got {given}; .astype('float32') converts"
        )


def check_examples(features, labels):
    """Raise TypeError or ValueError unless `features` (n, d) and `labels` (n,) or (n, 1) are n examples."""
    num_examples, _ = check_ndarray("features", features, ("n", "d"))
    column = isinstance(labels, NDArray) and labels.ndim == 2
    check_ndarray("labels", labels, (num_examples, 1) if column else (num_examples,))


def check_finite(**arrays):
    """Raise ValueError unless all numbers of the NDArrays are finite."""
    for name, array in arrays.items():
        values = array.asnumpy()
        finite = np.isfinite(values)
        if not finite.all():
            raise ValueError(f"{name} must be finite, got {values[~finite][0]}")


def check_params(params):
    """Raise TypeError or ValueError unless `params` are NDArrays with gradients; return pairs of these."""
    if isinstance(params, NDArray) or not hasattr(params, "__iter__"):
        raise TypeError(f"params must be a list of NDArrays, got a single {type(params).__name__}")
    pairs = []
    for i, param in enumerate(params):
        name = f"params[{i}]"
        check_ndarray(name, param)
        check_dtypes(**{name: param})
        gradient = param.grad
        if gradient is None:
            raise ValueError(f"{name} must have a gradient, got none; call attach_grad() before recording")
        pairs.append((param, gradient))
    if not pairs:
        raise ValueError("params must hold at least one parameter, got none")
    if len({id(param) for param, _ in pairs}) != len(pairs):
        raise ValueError("params must hold each parameter once, got one of them twice")
    return pairs


def check_model(net, features):
    """Raise TypeError or ValueError unless `net` predicts one number an example, and has parameters to train."""
    rows = features[:2]
    try:
        with autograd.record(train_mode=False):
            predictions = net(rows)
    except RuntimeError as error:  # MXNet's
        reason = str(error).strip().splitlines()[-1]
        raise ValueError(
            f"net must be initialized and take {rows.shape[1]} feature(s) of {np.dtype(rows.dtype)}, got {reason}"
        ) from error
    check_ndarray(f"net(features[:{len(rows)}])", predictions, (len(rows), 1))
    check_dtypes(features=features, predictions=predictions)
    try:
        predictions.backward(predictions.zeros_like())
    except RuntimeError as error:
        raise ValueError("net must have parameters with gradients, got none; call attach_grad() on them") from error
