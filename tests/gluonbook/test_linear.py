"""Promise of gluonbook.linear: the functions work together as the formulas of the book do."""

import numpy as np
from mxnet import autograd, nd

import gluonbook

X = nd.array([[1, 2], [3, 4], [5, 6]])


def test_sgd_steps_against_the_mean_gradient_in_place():
    w, b = nd.array([[1], [2]]), nd.array([3])
    for param in (w, b):
        param.attach_grad()
    before = [w.asnumpy(), b.asnumpy()]
    with autograd.record():
        losses = gluonbook.squared_loss(gluonbook.linreg(X, w, b), nd.array([1, 2, 3]))
    losses.backward()
    error = X.asnumpy() @ before[0] + before[1] - [[1], [2], [3]]
    gradients = [X.asnumpy().T @ error, error.sum(axis=0)]

    gluonbook.sgd([w, b], 0.1, 3)

    for param, start, gradient in zip([w, b], before, gradients):
        assert np.allclose(param.asnumpy(), start - 0.1 * gradient / 3, rtol=1e-5)
