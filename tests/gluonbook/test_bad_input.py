"""Promise: what would go wrong in silence or halfway is named before anything is changed."""

import functools
import inspect
import random
import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from mxnet import autograd, gluon, init, lr_scheduler, nd
from mxnet import np as mxnet_np
from mxnet.gluon import nn

import gluonbook
from gluonbook._validation import array, checked, integer

INF, NAN = float("inf"), float("nan")


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
EMPTY = nd.array(np.zeros((0, 2)))
W, B = parameter(2, 1), parameter(1)
PLAIN_W, PLAIN_B = nd.ones((2, 1)), nd.ones(1)  # without gradients
NET = dense(in_units=2)
FROZEN = dense(in_units=2, prefix="frozen_")
FROZEN.collect_params().setattr("grad_req", "null")
SCHEDULED = trainer_of(NET, lr_scheduler=lr_scheduler.FactorScheduler(10, base_lr=0.1))
CURVE, POINTS = np.array([3.0, 2.0, 1.0]), np.array([[-5.0, -2.0], [0.0, 0.0]])
ARRAYS = [FEATURES, LABELS, W, B, W.grad, B.grad, *(param.data() for param in NET.collect_params().values())]


def linear(X):
    return gluonbook.linreg(X, W, B)


def update(lr, batch_size):
    gluonbook.sgd([W, B], lr, batch_size)


def bowl(x1, x2):
    return x1**2 + x2**2


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
    "show_trace_2d": {"f": bowl, "res": POINTS},
}

# For each function what would go wrong in silence or halfway: the arguments that make it so, the error, its message.
BAD = {
    "set_seed": [
        ("a float", {"seed": 1.5}, TypeError, "seed must be an integer, got 1.5 of type float"),
        ("a bool", {"seed": True}, TypeError, "seed must be an integer, got True"),
        ("a negative seed", {"seed": -1}, ValueError, "seed must be at least 0 and at most 2147483647, got -1"),
        ("a seed beyond 32 bits", {"seed": 2**31}, ValueError, "at most 2147483647, got 2147483648"),
    ],
    "synthetic_data": [
        ("no weights", {"true_w": []}, ValueError, "true_w must hold at least one number(s), got 0"),
        ("weights in no order", {"true_w": {1, 2}}, TypeError, "true_w must be a sequence, got {1, 2}"),
        ("a column of weights", {"true_w": np.ones((2, 1))}, TypeError, "true_w[0] must be a real number"),
        ("a string among weights", {"true_w": [1, "2"]}, TypeError, "an int or a float, got '2' of type str"),
        ("a weight that is nan", {"true_w": [1, NAN]}, ValueError, "true_w[1] must be at least -3.4028"),
        ("a bias beyond float32", {"true_b": 1e300}, ValueError, "and at most 3.4028234663852886e+38, got 1e+300"),
        ("a float for a count", {"num_examples": 2.0}, TypeError, "num_examples must be an integer, got 2.0"),
        ("no examples", {"num_examples": 0}, ValueError, "num_examples must be at least 1, got 0"),
        ("negative noise", {"noise_scale": -1}, ValueError, "noise_scale must be at least 0 and at most"),
        ("too many scales", {"feature_scale": [1, 2, 3]}, ValueError, "feature_scale must hold 2 number(s), got 3"),
        ("a negative scale", {"feature_scale": [1, -1]}, ValueError, "feature_scale[1] must be at least 0"),
    ],
    "data_iter": [
        ("an empty batch", {"batch_size": 0}, ValueError, "batch_size must be at least 1 and at most 10, got 0"),
        ("a batch beyond the data", {"batch_size": 11}, ValueError, "at least 1 and at most 10, got 11"),
        ("flat features", {"features": LABELS}, ValueError, "features must have shape (n, d), got (10,)"),
        ("sparse features", {"features": FEATURES.tostype("csr")}, TypeError, "must be an NDArray, got CSRNDArray"),
        ("no examples", {"features": EMPTY}, ValueError, "features must not be empty, got shape (0, 2)"),
        ("a list of labels", {"labels": [1] * 10}, TypeError, "labels must be an NDArray, got list"),
        ("a label missing", {"labels": LABELS[:9]}, ValueError, "labels must have shape (10,), got (9,)"),
        ("two labels an example", {"labels": FEATURES}, ValueError, "labels must have shape (10, 1), got (10, 2)"),
    ],
    "linreg": [
        ("features of NumPy", {"X": FEATURES.asnumpy()}, TypeError, "got ndarray; mxnet.nd.array(...) makes one"),
        ("arrays of mxnet.np", {"X": mxnet_np.ones((3, 2))}, TypeError, "X must be an NDArray, got ndarray"),
        ("one example without its axis", {"X": FEATURES[0]}, ValueError, "X must have shape (n, d), got (2,)"),
        ("flat weights", {"w": nd.ones(2)}, ValueError, "w must have shape (2, 1), got (2,)"),
        ("a weight too many", {"w": nd.ones((3, 1))}, ValueError, "w must have shape (2, 1), got (3, 1)"),
        ("three biases", {"b": nd.ones(3)}, ValueError, "b must have shape (1,), got (3,)"),
    ],
    "squared_loss": [
        ("a list of predictions", {"y_hat": [1]}, TypeError, "y_hat must be an NDArray, got list"),
        (
            "integers, whose half is lost",
            {"y_hat": LABELS.astype("int32")},
            TypeError,
            "y_hat must hold float32 or float64, got int32; .astype('float32') converts",
        ),
        (
            "labels of another type",
            {"y": LABELS.astype("float64")},
            TypeError,
            "y must hold float32, as y_hat does, got float64; .astype('float32') converts",
        ),
        ("a label too many", {"y_hat": LABELS[:9]}, ValueError, "as many labels as y_hat has predictions, 9, got 10"),
    ],
    "sgd": [
        ("a learning rate of 0", {"lr": 0}, ValueError, "lr must be greater than 0 and at most 3.4028"),
        ("a learning rate of nan", {"lr": NAN}, ValueError, "lr must be greater than 0"),
        ("an infinite learning rate", {"lr": INF}, ValueError, "lr must be greater than 0"),
        ("a string for the learning rate", {"lr": "0.1"}, TypeError, "lr must be a real number, an int or a float"),
        ("an array for the learning rate", {"lr": nd.ones(1)}, TypeError, "<NDArray 1 @cpu(0)> of type NDArray"),
        ("an empty batch", {"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0"),
        ("no parameters", {"params": []}, ValueError, "must hold at least one parameter, and each once, got 0"),
        ("one parameter without a list", {"params": W}, TypeError, "params must be a list of NDArrays, got NDArray"),
        ("what can be read only once", {"params": iter([W, B])}, TypeError, "of NDArrays, got list_iterator"),
        ("a number after a parameter", {"params": [W, 1.0]}, TypeError, "params[1] must be an NDArray, got float"),
        ("a parameter of Gluon", {"params": [W, NET.weight]}, TypeError, "params[1] must be an NDArray, got Param"),
        ("no gradient in the second", {"params": [W, PLAIN_B]}, ValueError, "params[1] must have a gradient, got no"),
        ("a parameter twice", {"params": [W, B, W]}, ValueError, "at least one parameter, and each once, got 3"),
    ],
    "train": [
        (
            "flat predictions",
            {"net": lambda X: linear(X)[:, 0]},
            ValueError,
            "net(features[:2]) must have shape (2, 1), got (2,)",
        ),
        ("a model of the mean", {"net": lambda X: linear(X).mean()}, ValueError, "must have shape (2, 1), got (1,)"),
        ("a model of two outputs", {"net": dense(2, in_units=2)}, ValueError, "must have shape (2, 1), got (2, 2)"),
        (
            "features with dropout for a model",
            {"net": lambda X: nd.Dropout(X, p=0.5)},
            ValueError,
            "must have shape (2, 1), got (2, 2)",
        ),
        (
            "a model that forgets its argument",
            {"net": lambda X: linear(FEATURES)},
            ValueError,
            "must have shape (2, 1), got (10, 1)",
        ),
        (
            "a model without gradients",
            {"net": lambda X: gluonbook.linreg(X, PLAIN_W, PLAIN_B)},
            ValueError,
            "net must have parameters with gradients, got none; call attach_grad() on them",
        ),
        (
            "a batch beyond the data, with a model to draw",
            {"net": dense(), "batch_size": 11},
            ValueError,
            "at least 1 and at most 10, got 11",
        ),
        ("a number for the step", {"step": 0.1}, TypeError, "step must be a function of (batch_size), got 0.1"),
        ("a step of two arguments", {"step": update}, TypeError, "step must be a function of (batch_size)"),
        ("a function of the epoch alone", {"after_epoch": lambda epoch: 0}, TypeError, "a function of (epoch, loss)"),
        (
            "features that are infinite and nan",
            {"features": nd.array([[1, INF, NAN]] * 10)},
            ValueError,
            "features must be finite, got inf",
        ),
        ("a label that is nan", {"labels": LABELS * NAN}, ValueError, "labels must be finite, got nan"),
        ("a label missing", {"labels": LABELS[:9]}, ValueError, "labels must have shape (10,), got (9,)"),
        ("features of float16", {"features": FEATURES.astype("float16")}, TypeError, "float32 or float64, got float16"),
        ("labels of integers", {"labels": LABELS.astype("int32")}, TypeError, "float32, as features does, got int32"),
        (
            "features and labels of float64 for parameters of float32",
            {"features": FEATURES.astype("float64"), "labels": LABELS.astype("float64")},
            ValueError,
            "net must take float64 of shape (2, 2), got an error of MXNet: MXNetError: Check failed",
        ),
        ("no epochs", {"num_epochs": 0}, ValueError, "num_epochs must be at least 1, got 0"),
        ("no log interval", {"log_interval": 0}, ValueError, "log_interval must be at least 1, got 0"),
    ],
    "train_scratch": [
        ("an update of three arguments", {"update": gluonbook.sgd}, TypeError, "a function of (lr, batch_size)"),
        ("a learning rate of 0", {"lr": 0}, ValueError, "lr must be greater than 0"),
        ("a decay before the first epoch", {"decay_epoch": 0}, ValueError, "decay_epoch must be at least 1 and at"),
        ("a decay after the last epoch", {"decay_epoch": 2}, ValueError, "at least 1 and at most 1, got 2"),
        ("half an epoch", {"num_epochs": 1.5, "decay_epoch": 1}, TypeError, "num_epochs must be an integer"),
        ("a negative log interval", {"log_interval": -1}, ValueError, "log_interval must be at least 1, got -1"),
    ],
    "train_gluon": [
        (
            "parameters of float64 that are still to be drawn",
            {"net": dense(dtype="float64", prefix="double_")},
            TypeError,
            "net must hold float32, as features does, got float64 in double_weight",
        ),
        (
            "nothing to train",
            {"net": FROZEN, "trainer": trainer_of(FROZEN)},
            ValueError,
            "net must have parameters with gradients, got none",
        ),
        (
            "two masters of the learning rate",
            {"trainer": SCHEDULED, "decay_epoch": 1},
            ValueError,
            "decay_epoch must be None where trainer has an lr_scheduler, got both",
        ),
        ("a decay before the first epoch", {"decay_epoch": 0}, ValueError, "decay_epoch must be at least 1 and at"),
        ("a decay after the last epoch", {"decay_epoch": 2}, ValueError, "at least 1 and at most 1, got 2"),
        ("no epochs, but a decay", {"num_epochs": 0, "decay_epoch": 1}, ValueError, "num_epochs must be at least 1"),
    ],
    "set_figsize": [
        ("a string for a length", {"figsize": (1, "2")}, TypeError, "figsize[1] must be a real number"),
        ("three lengths", {"figsize": (1, 2, 3)}, ValueError, "figsize must hold 2 number(s), got 3"),
        ("a negative length", {"figsize": (-1, 2)}, ValueError, "figsize[0] must be greater than 0"),
    ],
    "semilogy": [
        ("curves of two lengths", {"y_vals": [1, 2]}, ValueError, "as many numbers for x as for y, got 3 and 2"),
        ("one number", {"y_vals": 1.0}, TypeError, "y must be a list of numbers, a NumPy array or an NDArray, got 1.0"),
        ("strings for numbers", {"y_vals": ["1", "2", "3"]}, TypeError, "y must be a list of numbers"),
        ("None among numbers", {"y_vals": [1, None, 3]}, TypeError, "y must be a list of numbers"),
        ("bools", {"y_vals": [True, False, True]}, TypeError, "y must be a list of numbers"),
        ("complex numbers", {"x_vals": np.array([1, 2j, 3])}, TypeError, "x must be a list of numbers"),
        ("two numbers a point", {"y_vals": np.ones((3, 2))}, TypeError, "y must be a list of numbers"),
        ("a second x alone", {"x2_vals": [1]}, TypeError, "y must be a list of numbers"),
        ("a second y alone", {"y2_vals": [1]}, TypeError, "x must be a list of numbers"),
        ("a name too many", {"legend": ["a", "b"]}, ValueError, "legend must hold a name for each of the 1 curves"),
        ("one name without a list", {"legend": "a"}, ValueError, "legend must hold a name for each of the 1 curves"),
        (
            "the same name twice",
            {"x2_vals": [1], "y2_vals": [1], "legend": ["a", "a"]},
            ValueError,
            "legend must hold a name for each of the 2 curves, all different",
        ),
        ("no height", {"figsize": (3, 0)}, ValueError, "figsize[1] must be greater than 0"),
    ],
    "show_trace_2d": [
        ("an objective of one variable", {"f": lambda x: x}, TypeError, "f must be a function of (x1, x2), got <func"),
        (
            "an objective that gives one number",
            {"f": lambda x1, x2: 1.0},
            ValueError,
            "f must give a NumPy array of the shape of its arguments, got 1.0 of type float",
        ),
        ("a point at infinity", {"res": [(1, 2), (INF, 3)]}, ValueError, "res must hold pairs of finite numbers"),
        ("no points", {"res": []}, ValueError, "res must hold pairs of finite numbers, at least one, got []"),
        ("points in space", {"res": [(1, 2, 3)]}, ValueError, "res must hold pairs of finite numbers"),
        ("strings for numbers", {"res": [("1", "2")]}, TypeError, "real numbers are needed, got [('1', '2')]"),
    ],
}
CASES = [pytest.param(name, *case, id=f"{name} refuses {what}") for name, cases in BAD.items() for what, *case in cases]


def call(name, changes):
    return getattr(gluonbook, name)(**GOOD[name] | changes)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def everything_that_may_not_change():
    """The arrays at hand, the figures, and the next number of each random number generator."""
    return [
        *(array.asnumpy().tolist() for array in ARRAYS),
        CURVE.tolist(),
        POINTS.tolist(),
        plt.get_fignums(),
        list(plt.rcParams["figure.figsize"]),
        random.random(),
        np.random.random(),
        nd.random.uniform().asscalar(),
    ]


@pytest.mark.parametrize("name, changes, error, message", CASES)
def test(name, changes, error, message, capsys):
    gluonbook.set_seed(1)
    before = everything_that_may_not_change()
    gluonbook.set_seed(1)
    with pytest.raises((TypeError, ValueError)) as raised:
        call(name, changes)
    assert raised.type is error
    assert message in str(raised.value) and "got" in str(raised.value)
    assert everything_that_may_not_change() == before
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", GOOD)
def test_without_the_bad_argument_the_call_succeeds(name):
    call(name, {})


def test_every_function_that_checks_its_arguments_is_tried():
    checked = {name for name in gluonbook.__all__ if hasattr(getattr(gluonbook, name), "unchecked")}
    assert checked == set(GOOD) == set(BAD)


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
        ("set_seed", {"seed": np.int64(3)}),
        ("synthetic_data", {"true_w": range(1, 3), "true_b": np.float32(1), "num_examples": np.int32(5)}),
        ("synthetic_data", {"true_w": np.array([1, 2]), "feature_scale": (0, np.float16(2)), "noise_scale": 0}),
        ("data_iter", {"batch_size": np.uint8(10), "labels": LABELS.reshape((10, 1)).astype("int32")}),
        (
            "linreg",
            {
                "X": nd.ones((1, 1), dtype="float64"),
                "w": nd.ones((1, 1), dtype="float64"),
                "b": nd.ones(1, dtype="float64"),
            },
        ),
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
def test_what_is_unusual_but_fits_is_taken(name, changes):
    with np.errstate(invalid="ignore"):
        if "net" in changes:
            changes = changes | {"trainer": trainer_of(changes["net"])}
        call(name, changes)
