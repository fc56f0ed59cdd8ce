"""Promises of gluonbook.linear: the formulas of the book, and nothing changed by a bad call."""

import numpy as np
import pytest
from mxnet import autograd, nd

import gluonbook

X = nd.array([[1, 2], [3, 4], [5, 6]])
W, B = nd.array([[10], [1]]), nd.array([0.5])


def parameter(values):
    param = nd.array(values)
    param.attach_grad()
    return param


def test_linreg_is_the_weighted_sum_of_the_features_plus_the_bias():
    assert np.array_equal(gluonbook.linreg(X, W, B).asnumpy(), [[12.5], [34.5], [56.5]])


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ((X.asnumpy(), W, B), TypeError, "X must be an NDArray, got ndarray"),
        ((X[0], W, B), ValueError, r"X must have shape \(n, d\), got \(2,\)"),
        ((X, W.reshape((2,)), B), ValueError, r"w must have shape \(2, 1\), got \(2,\)"),
        ((X, nd.ones((3, 1)), B), ValueError, r"w must have shape \(2, 1\), got \(3, 1\)"),
        ((X, W, 0.5), TypeError, "b must be an NDArray, got float"),
        ((X, W, nd.ones(3)), ValueError, r"b must have shape \(1,\), got \(3,\)"),
    ],
)
def test_linreg_says_which_argument_does_not_fit(arguments, error, message):
    with pytest.raises(error, match=message):
        gluonbook.linreg(*arguments)


def test_squared_loss_is_half_the_squared_error_of_each_example():
    losses = gluonbook.squared_loss(nd.array([[1], [2], [4]]), nd.array([1, 1, 1]))
    assert np.array_equal(losses.asnumpy(), [[0], [0.5], [4.5]])


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        (([1], nd.ones(1)), TypeError, "y_hat must be an NDArray, got list"),
        ((nd.ones(1), 1.0), TypeError, "y must be an NDArray, got float"),
        ((nd.ones((3, 1)), nd.ones(2)), ValueError, r"y must have as many elements as y_hat, \(3, 1\), got \(2,\)"),
    ],
)
def test_squared_loss_says_which_argument_does_not_fit(arguments, error, message):
    with pytest.raises(error, match=message):
        gluonbook.squared_loss(*arguments)


def test_sgd_steps_against_the_mean_gradient_in_place():
    w, b = parameter([[1.0], [2.0]]), parameter([3.0])
    before, gradients = [w.asnumpy(), b.asnumpy()], []
    with autograd.record():
        losses = gluonbook.squared_loss(gluonbook.linreg(X, w, b), nd.array([1, 2, 3]))
    losses.backward()
    error = X.asnumpy() @ before[0] + before[1] - [[1], [2], [3]]
    gradients = [X.asnumpy().T @ error, error.sum(axis=0)]

    gluonbook.sgd([w, b], 0.1, 3)

    for param, start, gradient in zip([w, b], before, gradients):
        assert np.allclose(param.asnumpy(), start - 0.1 * gradient / 3, rtol=1e-5)


GOOD = parameter([1.0])


@pytest.mark.parametrize(
    "params, lr, batch_size, error, message",
    [
        ([GOOD], 0, 1, ValueError, "lr must be greater than 0"),
        ([GOOD], -0.1, 1, ValueError, "lr must be greater than 0"),
        ([GOOD], np.nan, 1, ValueError, "lr must be finite"),
        ([GOOD], np.inf, 1, ValueError, "lr must be finite"),
        ([GOOD], "0.1", 1, TypeError, "lr must be a real number"),
        ([GOOD], 0.1, 0, ValueError, "batch_size must be at least 1"),
        ([GOOD], 0.1, 2.0, TypeError, "batch_size must be an integer"),
        ([], 0.1, 1, ValueError, "at least one parameter"),
        (GOOD, 0.1, 1, TypeError, "list of NDArrays, got a single NDArray"),
        ([GOOD, 1.0], 0.1, 1, TypeError, r"params\[1\] must be an NDArray, got float"),
        ([GOOD, nd.ones(1)], 0.1, 1, ValueError, r"params\[1\] must have a gradient.*attach_grad"),
    ],
)
def test_sgd_says_what_is_wrong_and_changes_no_parameter(params, lr, batch_size, error, message):
    GOOD.grad[:] = 1
    with pytest.raises(error, match=message):
        gluonbook.sgd(params, lr, batch_size)
    assert GOOD.asscalar() == 1
