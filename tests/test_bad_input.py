"""Promise: a bad argument is named in a TypeError or a ValueError before anything is changed."""

import functools
import random
from fractions import Fraction
from sys import float_info

import numpy as np
import pytest
from matplotlib import pyplot as plt
from mxnet import gluon, init, lr_scheduler, nd, np as mxnet_np
from mxnet.gluon import nn

import gluonbook

INF, NAN = float("inf"), float("nan")
HUGE = 10**400  # an integer that no float holds


def parameter(*shape, dtype="float32"):
    param = nd.ones(shape, dtype=dtype)
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
NOWHERE = {}
exec("def f(): pass", NOWHERE)
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
    "train_2d": {"trainer": lambda x1, x2, s1, s2: (x1 / 2, x2 / 2, s1, s2)},
    "set_figsize": {"figsize": (3, 2)},
    "semilogy": {"x_vals": [1, 2, 4], "y_vals": CURVE, "x_label": "epoch", "y_label": "loss"},
    "show_trace_2d": {"f": bowl, "res": POINTS},
    "show_source": {"functions": [gluonbook.sgd]},
}

# For each function: what is wrong, the arguments that make it so, the error, and a part of its message.
BAD = {
    "set_seed": [
        ("a float", {"seed": 1.5}, TypeError, "seed must be an integer, got 1.5"),
        ("a bool", {"seed": True}, TypeError, "seed must be an integer, got True"),
        ("a string", {"seed": "1"}, TypeError, "seed must be an integer, got '1'"),
        ("None", {"seed": None}, TypeError, "seed must be an integer, got None"),
        ("a negative seed", {"seed": -1}, ValueError, "seed must be at least 0 and at most 2147483647, got -1"),
        ("a seed beyond 32 bits", {"seed": 2**31}, ValueError, "at most 2147483647, got 2147483648"),
    ],
    "synthetic_data": [
        ("no weights", {"true_w": []}, ValueError, "true_w must hold at least one number(s), got 0"),
        ("one number for the weights", {"true_w": 2.0}, TypeError, "true_w must be a sequence of numbers, got 2.0"),
        ("weights in no order", {"true_w": {1, 2}}, TypeError, "true_w must be a sequence of numbers, got {1, 2}"),
        ("bytes for weights", {"true_w": b"12"}, TypeError, "true_w must be a sequence of numbers, got b'12'"),
        ("an array without axes", {"true_w": np.array(2.0)}, TypeError, "true_w must be a sequence of numbers"),
        ("a column of weights", {"true_w": np.ones((2, 1))}, TypeError, "true_w[0] must be a real number"),
        ("a string among weights", {"true_w": [1, "2"]}, TypeError, "true_w[1] must be a real number"),
        ("a weight that is nan", {"true_w": [NAN]}, ValueError, "true_w[0] must be finite"),
        ("a weight beyond float32", {"true_w": [1e300]}, ValueError, "at most 3.4e+38 in size, got 1e+300"),
        ("no bias", {"true_b": None}, TypeError, "true_b must be a real number, an int or a float, got None"),
        ("an infinite bias", {"true_b": INF}, ValueError, "true_b must be finite"),
        ("a bias that no float holds", {"true_b": HUGE}, ValueError, "true_b must be finite"),
        ("no examples", {"num_examples": 0}, ValueError, "num_examples must be at least 1"),
        ("a float for a count", {"num_examples": 2.0}, TypeError, "num_examples must be an integer, got 2.0"),
        ("more than MXNet draws", {"num_examples": 2**31}, ValueError, "and at most 1073741823, got 2147483648"),
        ("negative noise", {"noise_scale": -1}, ValueError, "noise_scale must be at least 0, got -1"),
        ("infinite noise", {"noise_scale": INF}, ValueError, "noise_scale must be finite"),
        ("too many scales", {"feature_scale": [1, 2, 3]}, ValueError, "feature_scale must hold 2 number(s), got 3"),
        ("a negative scale", {"feature_scale": [1, -1]}, ValueError, "feature_scale[1] must be at least 0, got -1"),
        ("a string for scales", {"feature_scale": "12"}, TypeError, "feature_scale must be a sequence of numbers"),
    ],
    "data_iter": [
        ("an empty batch", {"batch_size": 0}, ValueError, "batch_size must be at least 1 and at most 10, got 0"),
        ("a batch beyond the data", {"batch_size": 11}, ValueError, "at least 1 and at most 10, got 11"),
        ("a float batch size", {"batch_size": 2.0}, TypeError, "batch_size must be an integer, got 2.0"),
        ("a bool batch size", {"batch_size": True}, TypeError, "batch_size must be an integer, got True"),
        ("arguments in another order", {"batch_size": FEATURES, "features": LABELS, "labels": 4}, ValueError,
         "features must have shape (n, d), got (10,)"),
        ("features of NumPy", {"features": FEATURES.asnumpy()}, TypeError, "features must be an NDArray, got ndarray"),
        ("sparse features", {"features": FEATURES.tostype("csr")}, TypeError, "must be an NDArray, got CSRNDArray"),
        ("no examples", {"features": EMPTY}, ValueError, "features must not be empty, got shape (0, 2)"),
        ("a list of labels", {"labels": [1] * 10}, TypeError, "labels must be an NDArray, got list"),
        ("a label missing", {"labels": LABELS[:9]}, ValueError, "labels must have shape (10,), got (9,)"),
        ("two labels an example", {"labels": FEATURES}, ValueError, "labels must have shape (10, 1), got (10, 2)"),
    ],
    "linreg": [
        ("features of NumPy", {"X": FEATURES.asnumpy()}, TypeError, "X must be an NDArray, got ndarray"),
        ("arrays of mxnet.np", {"X": mxnet_np.ones((3, 2))}, TypeError, "X must be an NDArray, got ndarray"),
        ("one example without its axis", {"X": FEATURES[0]}, ValueError, "X must have shape (n, d), got (2,)"),
        ("no examples", {"X": EMPTY}, ValueError, "X must not be empty, got shape (0, 2)"),
        ("flat weights", {"w": nd.ones(2)}, ValueError, "w must have shape (2, 1), got (2,)"),
        ("a weight too many", {"w": nd.ones((3, 1))}, ValueError, "w must have shape (2, 1), got (3, 1)"),
        ("a number for the bias", {"b": 0.5}, TypeError, "b must be an NDArray, got float"),
        ("three biases", {"b": nd.ones(3)}, ValueError, "b must have shape (1,), got (3,)"),
        ("integer features", {"X": FEATURES.astype("int32")}, TypeError,
         "X, w, b must hold one type of number, float32 or float64, got int32, float32, float32"),
        ("a bias of another type", {"b": parameter(1, dtype="float64")}, TypeError, "got float32, float32, float64"),
    ],
    "squared_loss": [
        ("a list of predictions", {"y_hat": [1]}, TypeError, "y_hat must be an NDArray, got list"),
        ("a number for the labels", {"y": 1.0}, TypeError, "y must be an NDArray, got float"),
        ("a label missing", {"y": LABELS[:9]}, ValueError, "y must have as many elements as y_hat, (10,), got (9,)"),
        ("no predictions", {"y_hat": EMPTY}, ValueError, "y_hat must not be empty, got shape (0, 2)"),
        ("labels of another type", {"y": LABELS.astype("float64")}, TypeError, "got float32, float64"),
        ("integers, whose half is lost", {"y_hat": LABELS.astype("int32"), "y": LABELS.astype("int32")}, TypeError,
         "y_hat, y must hold one type of number, float32 or float64, got int32, int32"),
    ],
    "sgd": [
        ("a learning rate of 0", {"lr": 0}, ValueError, "lr must be greater than 0, got 0"),
        ("a negative learning rate", {"lr": -0.1}, ValueError, "lr must be greater than 0"),
        ("a learning rate below float32", {"lr": 1e-320}, ValueError, "greater than 0, at least 1.2e-38, got 1e-320"),
        ("a learning rate of nan", {"lr": NAN}, ValueError, "lr must be finite, and at most 3.4e+38 in size, got nan"),
        ("an infinite learning rate", {"lr": INF}, ValueError, "lr must be finite"),
        ("a learning rate beyond float32", {"lr": 1e39}, ValueError, "lr must be finite"),
        ("a string for the learning rate", {"lr": "0.1"}, TypeError, "lr must be a real number, an int or a float"),
        ("a bool for the learning rate", {"lr": True}, TypeError, "lr must be a real number"),
        ("a fraction", {"lr": Fraction(1, 10)}, TypeError, "an int or a float, got Fraction(1, 10) of type Fraction"),
        ("an array for the learning rate", {"lr": nd.ones(1)}, TypeError, "<NDArray 1 @cpu(0)> of type NDArray"),
        ("an empty batch", {"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0"),
        ("a float batch size", {"batch_size": 2.0}, TypeError, "batch_size must be an integer"),
        ("a batch size beyond 64 bits", {"batch_size": HUGE}, ValueError, "batch_size must be at least 1 and at most"),
        ("no parameters", {"params": []}, ValueError, "params must hold at least one parameter, got none"),
        ("None for parameters", {"params": None}, TypeError, "must be a list of NDArrays, got a single NoneType"),
        ("one parameter without a list", {"params": W}, TypeError, "a list of NDArrays, got a single NDArray"),
        ("a number after a parameter", {"params": [W, 1.0]}, TypeError, "params[1] must be an NDArray, got float"),
        ("a parameter of Gluon", {"params": [W, NET.weight]}, TypeError, "params[1] must be an NDArray, got Parameter"),
        ("no gradient in the second", {"params": [W, PLAIN_B]}, ValueError, "params[1] must have a gradient, got none"),
        ("a parameter twice", {"params": [W, W]}, ValueError, "must hold each parameter once, got one of them twice"),
        ("integers in the second", {"params": [W, parameter(1, dtype="int32")]}, TypeError,
         "params[1] must hold one type of number, float32 or float64, got int32"),
    ],
    "train": [
        ("a model that is no function", {"net": 1}, TypeError, "net must be a function of (X), got 1"),
        ("a model without arguments", {"net": lambda: FEATURES}, TypeError, "net must be a function of (X)"),
        ("a model that returns NumPy", {"net": lambda X: X.asnumpy()}, TypeError,
         "net(features[:2]) must be an NDArray, got ndarray"),
        ("a model that returns nothing", {"net": lambda X: None}, TypeError, "must be an NDArray, got NoneType"),
        ("flat predictions", {"net": lambda X: linear(X)[:, 0]}, ValueError, "must have shape (2, 1), got (2,)"),
        ("a model of the mean", {"net": lambda X: linear(X).mean()}, ValueError, "must have shape (2, 1), got (1,)"),
        ("a model of two outputs", {"net": dense(2, in_units=2)}, ValueError, "must have shape (2, 1), got (2, 2)"),
        ("features with dropout for a model", {"net": lambda X: nd.Dropout(X, p=0.5)}, ValueError,
         "must have shape (2, 1), got (2, 2)"),
        ("a model that forgets its argument", {"net": lambda X: linear(FEATURES)}, ValueError,
         "must have shape (2, 1), got (10, 1)"),
        ("a model of another type", {"net": lambda X: linear(X).astype("float64")}, TypeError,
         "features, predictions must hold one type of number, float32 or float64, got float32, float64"),
        ("a model without gradients", {"net": lambda X: gluonbook.linreg(X, PLAIN_W, PLAIN_B)}, ValueError,
         "net must have parameters with gradients, got none; call attach_grad() on them"),
        ("a formula of three features", {"net": lambda X: nd.dot(X, nd.ones((3, 1)))}, ValueError,
         "net must be initialized and take 2 feature(s) of float32, got MXNetError"),
        ("a third feature", {"features": nd.ones((10, 3)), "net": NET}, ValueError,
         "take 3 feature(s) of float32, got MXNetError"),
        ("an uninitialized model", {"net": nn.Dense(1)}, ValueError, "net must be initialized and take 2"),
        ("a model of three features", {"net": dense(in_units=3)}, ValueError, "take 2 feature(s) of float32, got"),
        ("a batch beyond the data, with a model to draw", {"net": dense(), "batch_size": 11}, ValueError,
         "at least 1 and at most 10, got 11"),
        ("a number for the step", {"step": 0.1}, TypeError, "step must be a function of (batch_size), got 0.1"),
        ("a step of two arguments", {"step": update}, TypeError, "step must be a function of (batch_size)"),
        ("a string after the epoch", {"after_epoch": "print"}, TypeError, "a function of (epoch, loss), got 'print'"),
        ("a function of the epoch alone", {"after_epoch": lambda epoch: 0}, TypeError, "a function of (epoch, loss)"),
        ("a feature that is nan", {"features": FEATURES * NAN}, ValueError, "features must be finite, got nan"),
        ("features that are infinite and nan", {"features": nd.array([[INF, NAN]] * 10)}, ValueError,
         "features must be finite, got inf"),
        ("an infinite label", {"labels": LABELS / 0}, ValueError, "labels must be finite"),
        ("labels of another type", {"labels": LABELS.astype("float64")}, TypeError,
         "features, labels must hold one type of number, float32 or float64, got float32, float64"),
        ("whole numbers for labels", {"labels": LABELS.astype("int32")}, TypeError, "got float32, int32"),
    ],
    "train_scratch": [
        ("no update", {"update": None}, TypeError, "update must be a function of (lr, batch_size), got None"),
        ("an update of three arguments", {"update": gluonbook.sgd}, TypeError, "a function of (lr, batch_size)"),
        ("a learning rate of 0", {"lr": 0}, ValueError, "lr must be greater than 0"),
        ("a string for the learning rate", {"lr": "0.1"}, TypeError, "lr must be a real number"),
        ("a decay before the first epoch", {"decay_epoch": 0}, ValueError, "decay_epoch must be at least 1"),
        ("half an epoch", {"num_epochs": 1.5}, TypeError, "num_epochs must be an integer"),
        ("a negative log interval", {"log_interval": -1}, ValueError, "log_interval must be at least 1, got -1"),
    ],
    "train_gluon": [
        ("a model that is no Block", {"net": linear}, TypeError, "net must be a gluon.Block, got function"),
        ("a class of models", {"net": nn.Dense}, TypeError, "net must be a gluon.Block, got type"),
        ("a string for the trainer", {"trainer": "sgd"}, TypeError, "trainer must be a gluon.Trainer, got str"),
        ("the trainer of another model", {"trainer": trainer_of(FROZEN)}, ValueError,
         "trainer must have parameters of net only, got frozen_bias, frozen_weight"),
        ("a trainer that climbs", {"trainer": trainer_of(NET, learning_rate=-1)}, ValueError,
         "trainer.learning_rate must be at least 0, got -1"),
        ("nothing to train", {"net": FROZEN, "trainer": trainer_of(FROZEN)}, ValueError,
         "net must have parameters with gradients, got none"),
        ("two masters of the learning rate", {"trainer": SCHEDULED, "decay_epoch": 1}, ValueError,
         "decay_epoch must be None where trainer has an lr_scheduler, got both"),
        ("labels missing", {"labels": LABELS[:5]}, ValueError, "labels must have shape (10,), got (5,)"),
        ("a batch beyond the data", {"batch_size": 11}, ValueError, "at least 1 and at most 10, got 11"),
        ("a string for the batch size", {"batch_size": "4"}, TypeError, "batch_size must be an integer, got '4'"),
        ("no epochs", {"num_epochs": 0}, ValueError, "num_epochs must be at least 1"),
        ("no epochs, but a decay", {"num_epochs": 0, "decay_epoch": 1}, ValueError, "num_epochs must be at least 1"),
        ("a bool for the epochs", {"num_epochs": True}, TypeError, "num_epochs must be an integer, got True"),
        ("a decay after the last epoch", {"decay_epoch": 2}, ValueError, "at least 1 and at most 1, got 2"),
        ("no log interval", {"log_interval": 0}, ValueError, "log_interval must be at least 1"),
    ],
    "train_2d": [
        ("no update", {"trainer": None}, TypeError, "trainer must be a function of (x1, x2, s1, s2), got None"),
        ("an update of two arguments", {"trainer": bowl}, TypeError, "trainer must be a function of (x1, x2, s1, s2)"),
        ("an update that loses the state", {"trainer": lambda x1, x2, s1, s2: (x1, x2)}, TypeError,
         "trainer must return (x1, x2, s1, s2), got (-5, -2) of type tuple"),
        ("an update that returns nothing", {"trainer": lambda x1, x2, s1, s2: None}, TypeError, "got None"),
        ("a string for a variable", {"trainer": lambda x1, x2, s1, s2: (x1, "2", 0, 0)}, TypeError,
         "trainer's x2 at step 1 must be a real number, an int or a float, got '2'"),
        ("an array for a variable", {"trainer": lambda x1, x2, s1, s2: (nd.ones(1), x2, 0, 0)}, TypeError,
         "trainer's x1 at step 1 must be a real number"),
        ("an update to infinity", {"trainer": lambda x1, x2, s1, s2: (x1 * 1e200, x2, 0, 0)}, ValueError,
         "trainer's x1 at step 2 must be finite"),
        ("an integer that no float holds", {"trainer": lambda x1, x2, s1, s2: (x1, HUGE, 0, 0)}, ValueError,
         "trainer's x2 at step 1 must be finite"),
        ("a power that overflows", {"trainer": lambda x1, x2, s1, s2: (x1**2.0, x2, 0, 0)}, ValueError,
         "trainer must stay finite, got an overflow at step 9"),
    ],
    "set_figsize": [
        ("a string", {"figsize": "ab"}, TypeError, "figsize must be a sequence of numbers, got 'ab'"),
        ("three lengths", {"figsize": (1, 2, 3)}, ValueError, "figsize must hold 2 number(s), got 3"),
        ("a string for a length", {"figsize": (1, "2")}, TypeError, "figsize[1] must be a real number"),
        ("a negative length", {"figsize": (-1, 2)}, ValueError, "figsize[0] must be greater than 0"),
        ("a length of nan", {"figsize": (NAN, 2)}, ValueError, "figsize[0] must be finite"),
    ],
    "semilogy": [
        ("curves of two lengths", {"y_vals": [1, 2]}, ValueError, "must have the same length, got 3 and 2"),
        ("an empty curve", {"x_vals": [], "y_vals": []}, ValueError, "x_vals must hold at least one number, got none"),
        ("an x of nan", {"x_vals": [1, NAN, 2]}, ValueError, "x_vals must be finite, got nan"),
        ("an infinite x", {"x_vals": [1, INF, 2]}, ValueError, "x_vals must be finite, got inf"),
        ("an x of nan, then an infinite one", {"x_vals": [1, NAN, INF]}, ValueError, "x_vals must be finite, got nan"),
        ("no curve", {"y_vals": None}, TypeError, "a list of numbers, a NumPy array or an NDArray, got None"),
        ("one number", {"y_vals": 1.0}, TypeError, "y_vals must be a list of numbers"),
        ("an array without axes", {"y_vals": np.array(1.0)}, TypeError, "y_vals must be a list of numbers"),
        ("a string", {"y_vals": "123"}, TypeError, "y_vals must be a list of numbers"),
        ("strings for numbers", {"y_vals": ["1", "2", "3"]}, TypeError, "y_vals must be a list of numbers"),
        ("None among numbers", {"y_vals": [1, None, 3]}, TypeError, "y_vals must be a list of numbers"),
        ("bools", {"y_vals": [True, False, True]}, TypeError, "y_vals must be a list of numbers"),
        ("complex numbers", {"y_vals": np.array([1, 2j, 3])}, TypeError, "y_vals must be a list of numbers"),
        ("numbers in no order", {"y_vals": {1, 2, 3}}, TypeError, "y_vals must be a list of numbers"),
        ("two numbers a point", {"y_vals": np.ones((3, 2))}, TypeError, "y_vals must be a list of numbers"),
        ("lists of two lengths", {"y_vals": [[1], [2, 3], [4]]}, TypeError, "y_vals must be a list of numbers"),
        ("a second x alone", {"x2_vals": [1]}, TypeError, "got x2_vals without y2_vals"),
        ("a second y alone", {"y2_vals": [1]}, TypeError, "got y2_vals without x2_vals"),
        ("a second curve of two lengths", {"x2_vals": [1, 2], "y2_vals": [1]}, ValueError,
         "x2_vals and y2_vals must have the same length, got 2 and 1"),
        ("no label", {"x_label": None}, TypeError, "x_label must be a string, got None"),
        ("a number for a label", {"y_label": 1}, TypeError, "y_label must be a string, got 1"),
        ("a name too many", {"legend": ["a", "b"]}, ValueError, "legend must hold a name for each of the 1 curves"),
        ("one name without a list", {"legend": "a"}, TypeError, "legend must be a sequence of strings, got 'a'"),
        ("names in no order", {"legend": {"a"}}, TypeError, "legend must be a sequence of strings, got {'a'}"),
        ("a number for a name", {"legend": [1]}, TypeError, "legend[0] must be a string, got 1"),
        ("the same name twice", {"x2_vals": [1], "y2_vals": [1], "legend": ["a", "a"]}, ValueError,
         "legend must hold a name for each of the 2 curves, all different"),
        ("a name that no legend shows", {"legend": ["_a"]}, ValueError, "none empty or with _ at its start"),
        ("no height", {"figsize": (3, 0)}, ValueError, "figsize[1] must be greater than 0"),
        ("one number for a size", {"figsize": 3}, TypeError, "figsize must be a sequence of numbers, got 3"),
    ],
    "show_trace_2d": [
        ("a formula for the objective", {"f": "x**2"}, TypeError, "f must be a function of (x1, x2), got 'x**2'"),
        ("an objective of one variable", {"f": abs}, TypeError, "f must be a function of (x1, x2)"),
        ("an objective of strings", {"f": lambda x1, x2: x1.astype(str)}, TypeError, "f must return real numbers"),
        ("an objective that is one number", {"f": lambda x1, x2: 1.0}, ValueError,
         "f must return numbers of the shape of x1 and x2, (100, 100), got ()"),
        ("an objective of nan", {"f": lambda x1, x2: x1 * NAN}, ValueError, "f must be finite somewhere, got nan"),
        ("an objective that is infinite or nan", {"f": lambda x1, x2: np.where(x1 + x2 < -5, INF, NAN)}, ValueError,
         "f must be finite somewhere, got inf"),
        ("two points that are not finite", {"res": [(1, 2), (INF, 3), (4, NAN)]}, ValueError,
         "res must hold finite numbers, got [inf  3.]"),
        ("no points", {"res": []}, ValueError, "res must hold at least one point, got none"),
        ("None for points", {"res": None}, TypeError, "res must be a sequence of pairs of numbers, got None"),
        ("points in space", {"res": [(1, 2, 3)]}, TypeError, "res must be a sequence of pairs of numbers"),
        ("strings for points", {"res": ["12", "34"]}, TypeError, "res must be a sequence of pairs of numbers"),
        ("a string for a coordinate", {"res": [(1, "2")]}, TypeError, "res must be a sequence of pairs of numbers"),
    ],
    "show_source": [
        ("no function", {"functions": []}, TypeError, "show_source needs at least one function, got none"),
        ("a function written in C", {"functions": [len]}, TypeError, "needs functions written with def, got <built-in"),
        ("a lambda", {"functions": [lambda: 0]}, TypeError, "needs functions written with def, got <function <la"),
        ("a function without a file", {"functions": [NOWHERE["f"]]}, TypeError, "that stand in a file or a cell"),
        ("a name", {"functions": ["sgd"]}, TypeError, "show_source needs functions written with def, got 'sgd'"),
        ("a module", {"functions": [gluonbook]}, TypeError, "needs functions written with def, got <module"),
        ("a class", {"functions": [nn.Dense]}, TypeError, "needs functions written with def, got <class"),
    ],
}
CASES = [
    pytest.param(name, *case, id=f"{name} refuses {what}") for name, cases in BAD.items() for what, *case in cases
]


def call(name, changes):
    arguments = GOOD[name] | changes
    return getattr(gluonbook, name)(*arguments.pop("functions", ()), **arguments)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def everything_that_may_not_change():
    """The arrays at hand, the figures, and the next number of each random number generator."""
    return [
        *(array.asnumpy().tolist() for array in ARRAYS), CURVE.tolist(), POINTS.tolist(), plt.get_fignums(),
        list(plt.rcParams["figure.figsize"]), random.random(), np.random.random(), nd.random.uniform().asscalar(),
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


def test_every_function_that_takes_arguments_is_tried():
    functions = {name for name in gluonbook.__all__ if callable(getattr(gluonbook, name))}
    assert functions - {"claim", "use_svg_display"} == set(GOOD) == set(BAD)  # claim has tests of its own


@pytest.mark.parametrize(
    "name, changes",
    [
        ("set_seed", {"seed": np.int64(3)}),
        ("synthetic_data", {"true_w": range(1, 3), "true_b": np.float32(1), "num_examples": np.int32(5)}),
        ("synthetic_data", {"true_w": np.array([1, 2]), "feature_scale": (0, np.float16(2)), "noise_scale": 0}),
        ("data_iter", {"batch_size": np.uint8(10), "labels": LABELS.reshape((10, 1)).astype("int32")}),
        ("linreg", {"X": nd.ones((1, 1), dtype="float64"), "w": nd.ones((1, 1), dtype="float64"),
                    "b": nd.ones(1, dtype="float64")}),
        ("squared_loss", {"y_hat": LABELS.reshape((5, 2)) * NAN, "y": LABELS}),
        ("sgd", {"params": (param for param in [W, B]), "lr": np.float32(0.1), "batch_size": np.int64(2)}),
        ("sgd", {"params": {"w": W}.values(), "lr": 1}),
        ("sgd", {"lr": 2.0**-126}),
        ("train", {"batch_size": np.int64(4), "num_epochs": np.int8(1), "log_interval": 10**15, "after_epoch": print}),
        ("train_scratch", {"lr": np.float64(0.1), "decay_epoch": np.int32(1)}),
        ("train_gluon", {"trainer": SCHEDULED}),
        ("train_gluon", {"net": dense()}),
        ("train_2d", {"trainer": lambda *state: list(np.float32(state))}),
        ("train_2d", {"trainer": lambda *state: (-float_info.max, float_info.max, 0, 0)}),
        ("set_figsize", {"figsize": np.array([3, 2])}),
        ("semilogy", {"y_vals": (value for value in CURVE), "legend": np.array(["train"])}),
        ("semilogy", {"y_vals": [0, -1, NAN]}),
        ("show_trace_2d", {"f": lambda x1, x2: np.log(x1) + x2, "res": iter([(1, 2)])}),
        ("show_trace_2d", {"f": lambda x1, x2: nd.array(0 * x1)}),
    ],
)
def test_what_is_unusual_but_fits_is_taken(name, changes):
    with np.errstate(invalid="ignore"):
        if "net" in changes:
            changes = changes | {"trainer": trainer_of(changes["net"])}
        call(name, changes)
