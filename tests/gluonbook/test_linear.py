"""Promise of gluonbook.linear that test_properties leaves: what autograd finds of its losses is their gradient."""

import numpy as np
from mxnet import autograd, gluon, nd

import gluonbook


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
