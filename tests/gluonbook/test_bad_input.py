"""Promise: what would go wrong in silence or halfway is named before anything is changed."""

import functools
import inspect
import math
import random
import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from mxnet import autograd, gluon, init, lr_scheduler, nd
from mxnet import np as mxnet_np
from mxnet.gluon import nn

import gluonbook
from gluonbook._validation import LARGEST, array, checked, integer

INF, NAN = math.inf, math.nan


def parameter(*shape):
    param = nd.ones(shape)
    param.attach_grad()
    param.grad[:] = 1
    return param


def dense(units=1, **options):
    net = nn.Dense(units, **options)
    net.initialize(init.Normal(1))
    return net


def trainer_of(net, **options):
    return gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1, **options})


gluonbook.set_seed(1)
FEATURES, LABELS = gluonbook.synthetic_data([2, -3.4], 4.2, 10)
W, B = parameter(2, 1), parameter(1)
NET = dense(in_units=2)
FROZEN = dense(in_units=2, prefix="frozen_")
FROZEN.collect_params().setattr("grad_req", "null")
DOUBLE = dense(dtype="float64", prefix="double_")
SCHEDULED = trainer_of(NET, lr_scheduler=lr_scheduler.FactorScheduler(10, base_lr=0.1))
NO_CURVES = [1.0, ["1", "2", "3"], [1, None, 3], [True, False, True], np.ones((3, 2))]
SAME_NAME = {"x2_vals": [1], "y2_vals": [1], "legend": ["a", "a"]}
NO_POINTS = [[], [(1, 2, 3)], [(1, 2), (INF, 3)]]
CURVE, POINTS = np.array([3.0, 2.0, 1.0]), np.array([[-5.0, -2.0], [0.0, 0.0]])
DOUBLES = {"features": FEATURES.astype("float64"), "labels": LABELS.astype("float64")}
ARRAYS = [FEATURES, LABELS, W, B, W.grad, B.grad, *(param.data() for param in NET.collect_params().values())]


def linear(X):
    return gluonbook.linreg(X, W, B)


def constant(X):
    return gluonbook.linreg(X, nd.ones((2, 1)), nd.ones(1))


def update(lr, batch_size):
    gluonbook.sgd([W, B], lr, batch_size)


EXAMPLES = {"features": FEATURES, "labels": LABELS, "batch_size": 4, "num_epochs": 1}
GOOD = {
    "set_seed": {"seed": 1},
    "synthetic_data": {"true_w": [2, -3.4], "true_b": 4.2, "num_examples": 10},
    "data_iter": {"batch_size": 4, "features": FEATURES, "labels": LABELS},
    "linreg": {"X": FEATURES, "w": W, "b": B},
    "squared_loss": {"y_hat": LABELS, "y": LABELS},
    "sgd": {"params": [W, B], "lr": 0.1, "batch_size": 10},
    "train": {"net": linear, "step": functools.partial(update, 0.1), **EXAMPLES},
    "train_scratch": {"net": linear, "update": update, "lr": 0.1, **EXAMPLES},
    "train_gluon": {"net": NET, "trainer": trainer_of(NET), **EXAMPLES},
    "set_figsize": {"figsize": (3, 2)},
    "semilogy": {"x_vals": [1, 2, 4], "y_vals": CURVE, "x_label": "epoch", "y_label": "loss"},
    "show_trace_2d": {"f": lambda x1, x2: x1**2 + x2**2, "res": POINTS},
}

WHOLE, REAL = "an integer", "a real number, an int or a float"
AT_MOST, BEYOND = f" and at most {LARGEST}", [2 * LARGEST, INF, NAN]  # what float32 holds, and what it doesn't
# What a number must be, its limits, what lies outside of them and what just inside, and of which arguments that holds.
NUMBERS = [
    (WHOLE, "at least 0 and at most 2147483647", [-1, 2**31], [0, 2**31 - 1], ["set_seed seed"]),
    (WHOLE, "at least 1 and at most 10", [0, 11], [1, 10], ["data_iter batch_size", "train batch_size"]),
    (WHOLE, "at least 1 and at most 1", [0, 2], [1], ["train_scratch decay_epoch", "train_gluon decay_epoch"]),
    (WHOLE, "at least 1", [0, -1], [1], ["synthetic_data num_examples", "sgd batch_size"]),
    (WHOLE, "at least 1", [0, -1], [1], ["train num_epochs", "train_scratch num_epochs", "train_gluon num_epochs"]),
    (WHOLE, "at least 1", [0, -1], [1, 10**15], ["train log_interval", "train_scratch log_interval"]),
    (REAL, f"greater than 0{AT_MOST}", [0, *BEYOND], [1e-30], ["sgd lr", "train_scratch lr", "set_figsize figsize[1]"]),
    (REAL, f"at least 0{AT_MOST}", [-1e-9, *BEYOND], [0, LARGEST], ["synthetic_data noise_scale"]),
    (REAL, f"at least 0{AT_MOST}", [-1e-9, *BEYOND], [0, LARGEST], ["synthetic_data feature_scale[1]"]),
    (REAL, f"at least {-LARGEST}{AT_MOST}", [-INF, *BEYOND], [-LARGEST], ["synthetic_data true_b"]),
    (REAL, f"at least {-LARGEST}{AT_MOST}", [-INF, *BEYOND], [-LARGEST], ["synthetic_data true_w[1]"]),
]
# What shape an array must have, and others that it may not have.
SHAPES = {
    "data_iter features": {"(n, d)": [(10,), (10, 2, 1)]},
    "data_iter labels": {"(10,)": [(9,), (10, 1, 1)], "(10, 1)": [(9, 1), (10, 2)]},
    "linreg X": {"(n, d)": [(2,), (10, 2, 1)]},
    "linreg w": {"(2, 1)": [(2,), (3, 1), (2, 2)]},
    "linreg b": {"(1,)": [(3,), (1, 1)]},
    "train features": {"(n, d)": [(10,), (10, 2, 1)]},
    "train labels": {"(10,)": [(9,), (10, 1, 1)], "(10, 1)": [(9, 1), (10, 2)]},
}
NO_ARRAYS = [[1] * 10, np.ones((10, 2)), mxnet_np.ones((10, 2)), nd.ones((10, 2)).tostype("csr")]
# What else would go wrong: values of an argument, or several arguments by name; the error and its message.
OTHERS = [
    ("synthetic_data true_w", [[]], ValueError, "true_w must hold at least one number(s), got 0"),
    ("synthetic_data true_w", [{1, 2}], TypeError, "true_w must be a sequence, got {1, 2}"),
    ("synthetic_data true_w", [np.ones((2, 1))], TypeError, "true_w[0] must be a real number"),
    ("synthetic_data feature_scale", [[1, 2, 3], [1]], ValueError, "feature_scale must hold 2 number(s), got"),
    ("squared_loss y_hat", [[1]], TypeError, "y_hat must be an NDArray, got list"),
    ("squared_loss y_hat", [LABELS.astype("int32")], TypeError, "y_hat must hold float32 or float64, got int32"),
    ("squared_loss y", [[1]], TypeError, "y must be an NDArray, got list"),
    ("squared_loss y", [DOUBLES["labels"]], TypeError, "as y_hat does, got float64; .astype('float32') converts"),
    ("squared_loss y", [LABELS[:9]], ValueError, "must hold as many labels as y_hat has predictions, 10, got 9"),
    ("sgd params", [[], [W, B, W]], ValueError, "params must hold at least one parameter, and each once, got"),
    ("sgd params", [W, iter([W, B])], TypeError, "params must be a list of NDArrays, got"),
    ("sgd params", [[W, 1.0], [W, NET.weight]], TypeError, "params[1] must be an NDArray, got"),
    ("sgd params", [[W, nd.ones(1)]], ValueError, "params[1] must have a gradient, got none; call attach_grad()"),
    ("train net", [lambda X: linear(X)[:, 0]], ValueError, "net(features[:2]) must have shape (2, 1), got (2,)"),
    ("train net", [lambda X: linear(X).mean()], ValueError, "net(features[:2]) must have shape (2, 1), got (1,)"),
    ("train net", [dense(2, in_units=2), nd.Dropout], ValueError, "must have shape (2, 1), got (2, 2)"),
    ("train net", [lambda X: linear(FEATURES)], ValueError, "must have shape (2, 1), got (10, 1)"),
    ("train net", [constant], ValueError, "net must have parameters with gradients, got none; call attach_grad()"),
    ("train", [DOUBLES], ValueError, "net must take float64 of shape (2, 2), got an error of MXNet: MXNetError: Check"),
    ("train", [{"net": dense(), "batch_size": 11}], ValueError, "batch_size must be at least 1 and at most 10, got"),
    ("train step", [0.1, update], TypeError, "step must be a function of (batch_size), got"),
    ("train after_epoch", [lambda epoch: 0], TypeError, "after_epoch must be a function of (epoch, loss), got"),
    ("train features", [nd.array([[1, INF, NAN]] * 10)], ValueError, "features must be finite, got inf"),
    ("train features", [FEATURES.astype("float16")], TypeError, "features must hold float32 or float64, got float16"),
    ("train labels", [LABELS * NAN], ValueError, "labels must be finite, got nan"),
    ("train labels", [LABELS.astype("int32")], TypeError, "labels must hold float32, as features does, got int32"),
    ("train_scratch update", [gluonbook.sgd], TypeError, "update must be a function of (lr, batch_size), got"),
    ("train_scratch", [{"num_epochs": 1.5, "decay_epoch": 1}], TypeError, "num_epochs must be an integer, got 1.5"),
    ("train_gluon", [{"num_epochs": 0, "decay_epoch": 1}], ValueError, "num_epochs must be at least 1, got 0"),
    ("train_gluon", [{"trainer": SCHEDULED, "decay_epoch": 1}], ValueError, "must be None where trainer has an lr_sch"),
    ("train_gluon net", [DOUBLE], TypeError, "net must hold float32, as features does, got float64 in double_weight"),
    ("train_gluon net", [FROZEN], ValueError, "net must have parameters with gradients, got none"),
    ("set_figsize figsize", [(1, 2, 3)], ValueError, "figsize must hold 2 number(s), got 3"),
    ("semilogy x_vals", [[1, 2j, 3]], TypeError, "x must be a list of numbers, a NumPy array or an NDArray, got"),
    ("semilogy y_vals", NO_CURVES, TypeError, "y must be a list of numbers, a NumPy array or an NDArray, got"),
    ("semilogy y_vals", [[1, 2]], ValueError, "as many numbers for x as for y, got 3 and 2"),
    ("semilogy x2_vals", [[1]], TypeError, "y must be a list of numbers"),
    ("semilogy y2_vals", [[1]], TypeError, "x must be a list of numbers"),
    ("semilogy legend", ["a", ["a", "b"]], ValueError, "legend must hold a name for each of the 1 curves"),
    ("semilogy", [SAME_NAME], ValueError, "legend must hold a name for each of the 2 curves, all different, got"),
    ("semilogy figsize", [(3, 0)], ValueError, "figsize[1] must be greater than 0"),
    ("show_trace_2d f", [lambda x: x], TypeError, "f must be a function of (x1, x2), got <func"),
    ("show_trace_2d f", [lambda x1, x2: 1.0], ValueError, "f must give a NumPy array of the shape of its arguments"),
    ("show_trace_2d res", NO_POINTS, ValueError, "res must hold pairs of finite numbers, at least one, got ["),
    ("show_trace_2d res", [[("1", "2")]], TypeError, "real numbers are needed, got [('1', '2')]"),
]


def case(name, value, error, message):
    """A call that is to be refused; what its name names is a function, or an argument, or the second of an argument."""
    function, _, argument = name.partition(" ")
    if argument.endswith("[1]"):
        changes = {argument[:-3]: [1, value]}
    else:
        changes = {argument: value} if argument else value
    return pytest.param(function, changes, error, message, id=f"{name}: {message}")


def cases():
    for kind, limits, outside, _, names in NUMBERS:
        for name in names:
            must = f"{name.split()[1]} must be"
            for value in (True, "1", nd.ones(1), *([1.5] if kind == WHOLE else [])):
                yield case(name, value, TypeError, f"{must} {kind}, got ")
            for value in outside:
                yield case(name, value, ValueError, f"{must} {limits}, got {value}")
    for name, shapes in SHAPES.items():
        must = f"{name.split()[1]} must"
        for value in NO_ARRAYS:
            kind = type(value).__name__
            yield case(name, value, TypeError, f"{must} be an NDArray, got {kind}; mxnet.nd.array(...) makes one")
        yield case(name, nd.array(np.zeros((0, 2))), ValueError, f"{must} not be empty, got shape (0, 2)")
        for shape, others in shapes.items():
            for other in others:
                yield case(name, nd.ones(other), ValueError, f"{must} have shape {shape}, got {other}")
    for name, values, error, message in OTHERS:
        for value in values:
            yield case(name, value, error, message)


@pytest.fixture(autouse=True)
def all_is_put_back():
    copies = [kept.copy() for kept in ARRAYS]
    with plt.rc_context():
        yield
    plt.close("all")
    for kept, copy in zip(ARRAYS, copies):
        kept[:] = copy


def everything_that_may_not_change():
    """The arrays at hand, the figures, and the next number of each random number generator."""
    arrays = [array.asnumpy().tolist() for array in ARRAYS] + [CURVE.tolist(), POINTS.tolist()]
    figures = plt.get_fignums(), list(plt.rcParams["figure.figsize"])
    return arrays, figures, [random.random(), np.random.random(), nd.random.uniform().asscalar()]


@pytest.mark.parametrize("name, changes, error, message", list(cases()))
def test_it_is_refused_before_anything_is_changed(name, changes, error, message, capsys):
    gluonbook.set_seed(1)
    before = everything_that_may_not_change()
    gluonbook.set_seed(1)
    with pytest.raises((TypeError, ValueError)) as raised:
        getattr(gluonbook, name)(**GOOD[name] | changes)
    assert raised.type is error
    assert message in str(raised.value) and "got" in str(raised.value)
    assert everything_that_may_not_change() == before
    assert capsys.readouterr().out == ""


def test_every_function_that_checks_its_arguments_is_tried():
    checked = {name for name in gluonbook.__all__ if hasattr(getattr(gluonbook, name), "unchecked")}
    assert checked == set(GOOD) == {case.values[0] for case in cases()}


def test_arguments_are_checked_by_position_and_by_name():
    for arguments, named in (([FEATURES, W, W], {}), ([FEATURES, W], {"b": W}), ([], {"b": W, "w": W, "X": FEATURES})):
        with pytest.raises(ValueError, match=re.escape("b must have shape (1,), got (2, 1)")):
            gluonbook.linreg(*arguments, **named)


def test_the_letter_of_a_length_is_not_the_argument_of_that_name():
    @checked(x=array("n"), k=integer(1, "n"))
    def f(x, n=3, k=1):
        return n, k

    assert f(nd.ones(5), k=5) == (3, 5)
    with pytest.raises(ValueError, match="k must be at least 1 and at most 2, got 3"):
        f(nd.ones(2), k=3)


def test_a_wrong_number_of_labels_is_told_while_autograd_records_too():
    with autograd.record(), pytest.raises(ValueError, match="as many labels as y_hat has predictions, 10, got 9"):
        gluonbook.squared_loss(LABELS, LABELS[:9])


@pytest.mark.parametrize("arguments", [[4, FEATURES], [4, 10, FEATURES, LABELS]], ids=["missing", "too many"])
def test_python_says_what_arguments_are_missing_or_too_many(arguments):
    with pytest.raises(TypeError, match=r"data_iter\(\)"):
        gluonbook.data_iter(*arguments)


def test_a_function_that_checks_its_arguments_has_the_signature_and_the_help_that_it_is_written_with():
    assert str(inspect.signature(gluonbook.data_iter)) == "(batch_size, features, labels)"
    assert gluonbook.data_iter.__name__ == "data_iter" and "mini-batch" in gluonbook.data_iter.__doc__


@pytest.mark.parametrize(
    "name, changes",
    [
        *((name, {}) for name in GOOD),
        *(case(name, end, None, None).values[:2] for *_, ends, names in NUMBERS for name in names for end in ends),
        ("set_seed", {"seed": np.int64(3)}),
        ("synthetic_data", {"true_w": range(1, 3), "true_b": np.float32(1), "num_examples": np.int32(5)}),
        ("synthetic_data", {"true_w": np.array([1, 2]), "feature_scale": (0, np.float16(2)), "noise_scale": 0}),
        ("data_iter", {"batch_size": np.uint8(10), "labels": LABELS.reshape((10, 1)).astype("int32")}),
        ("linreg", {"X": DOUBLES["features"], "w": W.astype("float64"), "b": B.astype("float64")}),
        ("squared_loss", {"y_hat": LABELS.reshape((5, 2)) * NAN, "y": LABELS}),
        ("sgd", {"params": {"w": W}.values(), "lr": np.float32(0.1), "batch_size": np.int64(2)}),
        ("sgd", {"lr": 1}),
        ("train", {"batch_size": np.int64(4), "num_epochs": np.int8(1), "log_interval": 10**15, "after_epoch": print}),
        ("train_scratch", {"lr": np.float64(0.1), "decay_epoch": np.int32(1)}),
        ("train_gluon", {"trainer": SCHEDULED}),
        ("train_gluon", {"net": dense()}),
        ("set_figsize", {"figsize": np.array([3, 2])}),
        ("semilogy", {"y_vals": (value for value in CURVE), "legend": np.array(["train"])}),
        ("semilogy", {"y_vals": [0, -1, NAN]}),
        ("show_trace_2d", {"f": lambda x1, x2: np.log(x1) + x2, "res": np.array([(1, 2)])}),
    ],
)
def test_what_fits_is_taken_at_its_limits_and_where_it_is_unusual_too(name, changes):
    with np.errstate(invalid="ignore"):
        if "net" in changes:
            changes = changes | {"trainer": trainer_of(changes["net"])}
        getattr(gluonbook, name)(**GOOD[name] | changes)
