"""Promises of gluonbook.data and gluonbook.linear, for any data: they are tried on shapes and values that nobody thought of."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from mxnet import autograd, nd

import gluonbook

from common import ROOT, read

# The examples follow from the code, not from chance, from the clock, or from what an earlier run has found.
settings.register_profile("book", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("book")


def numbers(shape):
    return arrays(np.float32, shape, elements=st.floats(-100, 100, width=32))


def assert_same(ours, expected, scale):
    """Rounding is in proportion to the largest number that was met on the way."""
    assert ours.shape == expected.shape and ours.dtype == expected.dtype == np.float32
    assert abs(ours - expected).max() <= 1e-5 * max(scale, 1e-30)


@given(st.integers(1, 40), st.integers(1, 3), st.booleans(), st.data())
def test_data_iter_gives_each_example_once_with_its_own_label(num_examples, num_inputs, column, data):
    batch_size = data.draw(st.integers(1, num_examples))
    labels = nd.arange(num_examples)
    features = nd.broadcast_add(labels.reshape((-1, 1)) * 10, nd.arange(num_inputs).reshape((1, -1)))
    if column:
        labels = labels.reshape((-1, 1))
    batches = [(X.asnumpy(), y.asnumpy()) for X, y in gluonbook.data_iter(batch_size, features, labels)]
    sizes = [len(X) for X, _ in batches]
    assert sizes[:-1] == [batch_size] * (len(sizes) - 1) and 1 <= sizes[-1] <= batch_size
    X, y = (np.concatenate(part) for part in zip(*batches))
    assert y.shape == labels.shape and sorted(y.flat) == list(range(num_examples))
    assert np.array_equal(X, features.asnumpy()[y.astype(int).flatten()])


@pytest.mark.parametrize("scales", [{}, {"noise_scale": 0, "feature_scale": [3, 10]}, {"noise_scale": 0.5}], ids=str)
def test_features_are_drawn_first_and_labels_are_their_linear_model_with_noise_a_hundredth_by_default(scales):
    gluonbook.set_seed(1)
    features, labels = gluonbook.synthetic_data([2, -3.4], 4.2, 50, **scales)
    gluonbook.set_seed(1)
    expected = nd.random.normal(shape=(50, 2)).asnumpy() * scales.get("feature_scale", [1, 1])
    noise = nd.random.normal(shape=50).asnumpy() * scales.get("noise_scale", 0.01)
    assert features.shape == (50, 2) and np.allclose(features.asnumpy(), expected, rtol=1e-6)
    assert labels.shape == (50,) and np.allclose(labels.asnumpy(), expected @ [2, -3.4] + 4.2 + noise, atol=1e-4)


def test_each_epoch_has_another_order_and_copies_of_the_data_so_these_can_not_be_changed_through_them():
    gluonbook.set_seed(1)
    features, labels, orders = nd.arange(20).reshape((10, 2)), nd.arange(10), [[], []]
    for order in orders:
        for X, y in gluonbook.data_iter(2, features, labels):
            order += y.asnumpy().tolist()
            X[:] = -1
    assert orders[0] != orders[1] and features.asnumpy().flatten().tolist() == list(range(20))


@given(st.integers(0, 2**31 - 2), st.integers(1, 5))
def test_the_same_seed_draws_the_same_data_and_another_draws_others(seed, num_examples):
    drawn = []
    for chosen in (seed, seed, seed + 1):
        gluonbook.set_seed(chosen)
        data = [array.asnumpy().tolist() for array in gluonbook.synthetic_data([2, -3.4], 4.2, num_examples)]
        drawn.append([*data, np.random.random(), random.random()])
    assert drawn[0] == drawn[1] and not any(one == other for one, other in zip(drawn[0], drawn[2]))


@given(st.integers(1, 8), st.integers(1, 8), st.data())
def test_linreg_is_the_weighted_sum_of_the_features_plus_the_bias(num_examples, num_inputs, data):
    X, w, b = (data.draw(numbers(shape)) for shape in ((num_examples, num_inputs), (num_inputs, 1), 1))
    predictions = gluonbook.linreg(*map(nd.array, (X, w, b))).asnumpy()
    assert_same(predictions, X @ w + b, abs(X).max() * abs(w).max() + abs(b).max())


@given(array_shapes(max_dims=3).flatmap(lambda shape: st.tuples(numbers(shape), numbers(shape))), st.booleans())
def test_squared_loss_is_half_the_squared_error_of_each_prediction_and_its_derivative_the_error(pair, flat):
    y_hat, y = pair
    predictions, scale = nd.array(y_hat), abs(y_hat).max() + abs(y).max()
    predictions.attach_grad()
    with autograd.record():
        losses = gluonbook.squared_loss(predictions, nd.array(y.flatten() if flat else y))
    losses.backward()
    assert_same(losses.asnumpy(), (y_hat - y) ** 2 / 2, scale**2)
    assert_same(predictions.grad.asnumpy(), y_hat - y, scale)


@st.composite
def runs(draw):
    """Some parameters, their gradients at each of a few steps, a learning rate, and a batch size."""
    shapes = draw(st.lists(array_shapes(max_dims=3, max_side=3), min_size=1, max_size=3))
    start = [draw(numbers(shape)) for shape in shapes]
    gradients = [[draw(numbers(shape)) for shape in shapes] for _ in range(draw(st.integers(1, 4)))]
    return start, gradients, draw(st.floats(1e-4, 10)), draw(st.integers(1, 1000))


momenta = st.just(0) | st.floats(1e-6, 0.999)  # MXNet reads no number that is too small for float32, but 0


def sgd_momentum_of_the_chapter():
    cells = read(ROOT / "chapters" / "momentum-scratch.ipynb").cells
    (source,) = (cell.source for cell in cells if cell.source.startswith("def sgd_momentum("))
    names = {}
    exec(source, names)
    return names["sgd_momentum"]


UPDATES = {
    "sgd": lambda params, velocities, lr, momentum, batch_size: gluonbook.sgd(params, lr, batch_size),
    "momentum as the chapter writes it": sgd_momentum_of_the_chapter(),
}


@pytest.mark.parametrize("name", UPDATES)
@given(runs(), momenta)
def test_an_update_does_gradient_by_gradient_what_numpy_does(name, run, momentum):
    start, gradients, lr, batch_size = run
    momentum = 0 if name == "sgd" else momentum
    params, velocities = [nd.array(param) for param in start], [nd.zeros(param.shape) for param in start]
    expected, changes = [param.copy() for param in start], [np.zeros_like(param) for param in start]
    scale = max(abs(param).max() for param in start)
    for param in params:
        param.attach_grad()
    for gradient in gradients:
        for param, g in zip(params, gradient):
            param.grad[:] = g
        UPDATES[name](params, velocities, lr, momentum, batch_size)
        for param, change, g in zip(expected, changes, gradient):
            change[...] = np.float32(momentum) * change + np.float32(lr / batch_size) * g
            param -= change
            scale = max(scale, abs(change).max(), abs(param).max())
    for ours, param in zip(params, expected):
        assert_same(ours.asnumpy(), param, scale)
