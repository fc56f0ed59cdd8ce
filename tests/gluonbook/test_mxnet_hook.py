"""Promises of the import hook: MXNet runs on the NumPy at hand, in silence, and numbers print as they always did."""

import subprocess
import sys

import pytest


def python(source):
    result = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, cwd="/")
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


@pytest.mark.parametrize("first", ["", "import gluonbook\n", "import numpy\n", "from mxnet.gluon import nn\n"])
def test_mxnet_computes_with_and_without_gluonbook(first):
    assert (
        python(first + "from mxnet import nd\nprint(nd.dot(nd.ones((2, 3)), nd.ones((3, 1))).sum().asscalar())")
        == "6.0\n"
    )


def test_numbers_and_arrays_print_as_they_did():
    printed = python(
        "from mxnet import nd\nx = nd.array([0.5, 2])\nprint([x[0].asscalar()], x.asnumpy(), x.shape, '%f' % x[1].asnumpy())"
    )
    assert printed == "[0.5] [0.5 2. ] (2,) 2.000000\n"


def test_shapes_that_numpy_computed_are_read_back():
    assert (
        python("import numpy as np\nfrom mxnet import nd\nprint(nd.ones(6).reshape((np.int32(3), 2)).shape)")
        == "(3, 2)\n"
    )


def test_what_numpy_has_dropped_is_a_clear_error_once_it_is_called():
    source = "import mxnet as mx, numpy as np\ntry:\n    np.npv(0.1, [1])\nexcept NotImplementedError as error:\n    print(error)"
    assert "has no npv any more" in python(source)


def test_a_python_that_never_imports_mxnet_is_left_alone():
    assert (
        python("import sys\nprint('numpy' in sys.modules)\nimport numpy\nprint('npv' in vars(numpy))")
        == "False\nFalse\n"
    )
