"""Promises of gluonbook.data: data of the scales that were asked for, in an order of its own each epoch."""

import numpy as np
import pytest
from mxnet import nd

import gluonbook

FEATURES = nd.arange(20).reshape((10, 2))
LABELS = nd.arange(10)


@pytest.mark.parametrize("scales", [{}, {"noise_scale": 0, "feature_scale": [3, 10]}, {"noise_scale": 0.5}], ids=str)
def test_features_are_drawn_first_and_labels_are_their_linear_model_with_noise_a_hundredth_by_default(scales):
    gluonbook.set_seed(1)
    features, labels = gluonbook.synthetic_data([2, -3.4], 4.2, 50, **scales)
    gluonbook.set_seed(1)
    expected = nd.random.normal(shape=(50, 2)).asnumpy() * scales.get("feature_scale", [1, 1])
    noise = nd.random.normal(shape=50).asnumpy() * scales.get("noise_scale", 0.01)
    assert features.shape == (50, 2) and np.allclose(features.asnumpy(), expected, rtol=1e-6)
    assert labels.shape == (50,) and np.allclose(labels.asnumpy(), expected @ [2, -3.4] + 4.2 + noise, atol=1e-4)


def test_each_epoch_has_another_order():
    gluonbook.set_seed(1)
    orders = [[y.asnumpy().tolist() for _, y in gluonbook.data_iter(2, FEATURES, LABELS)] for _ in range(2)]
    assert orders[0] != orders[1]


def test_mini_batches_are_copies_so_the_data_can_not_be_changed_through_them():
    features = FEATURES.copy()
    for X, _ in gluonbook.data_iter(5, features, LABELS):
        X[:] = -1
    assert np.array_equal(features.asnumpy(), FEATURES.asnumpy())
