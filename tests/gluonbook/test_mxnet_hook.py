"""Promises of the import hook: MXNet runs on the NumPy at hand, in silence, and numbers print as they always did."""

import subprocess
import sys

import numpy as np
import pytest
from mxnet import nd


def python(source):
    result = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, cwd="/")
    assert result.returncode == 0 and result.stderr == "", result.stderr
    return result.stdout


@pytest.mark.parametrize("first", ["import gluonbook", "import numpy", "from mxnet.gluon import nn"])
def test_mxnet_computes_whatever_is_imported_first(first):
    source = "from mxnet import nd\nprint(nd.dot(nd.ones((2, 3)), nd.ones((3, 1))).sum().asscalar())"
    assert python(f"{first}\n{source}") == "6.0\n"


def test_a_python_that_never_imports_mxnet_is_left_alone():
    source = "import sys\nprint('numpy' in sys.modules)\nimport numpy\nprint('npv' in vars(numpy))"
    assert python(source) == "False\nFalse\n"


def test_numbers_and_arrays_print_as_they_did():
    x = nd.array([0.5, 2])
    assert f"{[x[0].asscalar()]} {x.asnumpy()} {x.shape}" == "[0.5] [0.5 2. ] (2,)"
    assert "loss: %f" % x[1].asnumpy() == "loss: 2.000000"  # noqa: UP031 (as notebooks of MXNet's days print it)


def test_shapes_that_numpy_computed_are_read_back():
    assert nd.ones(6).reshape((np.int32(3), 2)).shape == (3, 2)


def test_what_numpy_has_dropped_is_a_clear_error_once_it_is_called():
    with pytest.raises(NotImplementedError, match="has no npv any more"):
        np.npv(0.1, [1])
