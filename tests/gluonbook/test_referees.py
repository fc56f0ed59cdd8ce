"""Independent referees: scikit-learn for the closed forms, central differences for the gradients."""

import re

import numpy as np
import pytest
from mxnet import autograd, gluon, nd
from sklearn.linear_model import Ridge

import gluonbook

from common import NOTEBOOKS, ROOT


def train(features, labels, lr, num_epochs, batch_size, wd=0.0):
    """Train the linear model by hand from zero, and return weights and bias in float64."""
    w, b = nd.zeros((features.shape[1], 1)), nd.zeros(1)
    w.attach_grad()
    b.attach_grad()

    def step(size):
        w[:] = (1 - lr * wd) * w
        gluonbook.sgd([w, b], lr, size)

    gluonbook.train(lambda X: gluonbook.linreg(X, w, b), step, features, labels, batch_size, num_epochs)
    return w[:, 0].asnumpy().astype(float), b.asscalar()


@pytest.mark.parametrize("wd", [0, 1], ids="wd={}".format)
def test_gradient_descent_ends_at_least_squares_and_with_weight_decay_at_ridge_regression(wd):
    gluonbook.set_seed(1)
    features, labels = gluonbook.synthetic_data([0.5] * 5, 1.0, 40, noise_scale=0.5)
    # scikit-learn minimises the sum of squared errors plus alpha * ||w||**2: n * wd is its alpha here.
    model = Ridge(alpha=40 * wd).fit(features.asnumpy().astype(float), labels.asnumpy().astype(float))
    w, b = train(features, labels, lr=0.1, num_epochs=400, batch_size=40, wd=wd)
    assert np.allclose(w, model.coef_, atol=1e-4) and np.isclose(b, model.intercept_, atol=1e-4)


def test_autograd_agrees_with_central_differences_for_the_loss_by_hand_and_of_gluon():
    gluonbook.set_seed(1)
    features, labels = gluonbook.synthetic_data([2, -3.4], 4.2, 20)
    X, y, start = features.asnumpy().astype(float), labels.asnumpy(), np.array([0.3, -0.7, 0.1])

    def total_loss(parameters):
        return ((X @ parameters[:2] + parameters[2] - y) ** 2 / 2).sum()

    expected = [(total_loss(start + step) - total_loss(start - step)) / 0.02 for step in 0.01 * np.eye(3)]
    for loss in (gluonbook.squared_loss, gluon.loss.L2Loss()):
        w, b = nd.array(start[:2]).reshape((2, 1)), nd.array(start[2:])
        w.attach_grad()
        b.attach_grad()
        with autograd.record():
            losses = loss(gluonbook.linreg(features, w, b), labels)
        losses.backward()
        assert np.allclose([*w.grad[:, 0].asnumpy(), b.grad.asscalar()], expected, rtol=1e-4)


def test_the_referees_are_for_the_tests_only():
    book = [*NOTEBOOKS, *(ROOT / "gluonbook").glob("*.py")]
    assert not [path for path in book if re.search(r"\b(sklearn|scipy)\b", path.read_text(encoding="utf-8"))]
