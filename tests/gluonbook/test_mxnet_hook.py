"""Promises of the import hook: MXNet runs on the NumPy at hand, in silence, and numbers print as they always did."""

import os
import subprocess
import sys

import numpy as np
import pytest
from mxnet import nd


def python(source, **environment):
    command = [sys.executable, "-c", source]
    result = subprocess.run(command, capture_output=True, text=True, cwd="/", env={**os.environ, **environment})
    assert result.returncode == 0 and result.stderr == "", result.stderr
    return result.stdout


@pytest.mark.parametrize("first", ["import gluonbook", "import numpy", "from mxnet.gluon import nn"])
def test_mxnet_computes_whatever_is_imported_first(first):
    source = "from mxnet import nd\nprint(nd.dot(nd.ones((2, 3)), nd.ones((3, 1))).sum().asscalar())"
    assert python(f"{first}\n{source}") == "6.0\n"


def test_a_python_that_never_imports_mxnet_is_left_alone():
    source = "import sys\nprint('numpy' in sys.modules)\nimport numpy\nprint('npv' in vars(numpy))"
    assert python(source) == "False\nFalse\n"


def test_numbers_and_arrays_print_as_they_did_and_shapes_that_numpy_computed_are_read_back():
    x = nd.array([0.5, 2])
    assert f"{[x[0].asscalar()]} {x.asnumpy()} {x.shape}" == "[0.5] [0.5 2. ] (2,)"
    assert "loss: %f" % x[1].asnumpy() == "loss: 2.000000"  # noqa: UP031 (as notebooks of MXNet's days print it)
    assert nd.ones(6).reshape((np.int32(3), 2)).shape == (3, 2)


def test_what_numpy_has_dropped_is_a_clear_error_once_it_is_called():
    with pytest.raises(NotImplementedError, match="has no npv any more"):
        np.npv(0.1, [1])


OPERATORS = """
import inspect, pickle, pydoc
from mxnet import nd, sym
for operator in [sym.dot, nd.FullyConnected, nd.slice, nd.random.normal]:
    print(pydoc.render_doc(operator), inspect.getdoc(operator), operator.__module__, operator.__qualname__)
x = pickle.loads(pickle.dumps(nd.ones((2, 3))))  # MXNet's arrays can be pickled, its operators never could
print(nd.dot(x, x, transpose_b=True), nd.dot(lhs=x, rhs=x.T), nd.dot.__defaults__)
for module in [nd, nd.op, nd.random, nd.linalg, nd.sparse, nd.contrib, sym, sym.op, sym.linalg]:
    functions = inspect.getmembers(module, inspect.isfunction)
    print(dir(module), [(name, str(inspect.signature(function)), function.__doc__) for name, function in functions])
"""


def test_operators_that_are_compiled_when_called_are_those_of_mxnet_in_all_that_can_be_asked_of_them():
    assert python(OPERATORS) == python(OPERATORS, MXNET_HOOK_LEAVES_IMPORTS="1")


def test_scipy_is_out_of_sight_only_while_mxnet_is_imported_and_loaded_when_mxnet_needs_it():
    pytest.importorskip("scipy")
    loaded = "import sys, mxnet\nprint(*{'scipy', 'sklearn', 'requests', 'setuptools'} & {*sys.modules})\n"
    used = "import scipy.sparse, sklearn, scipy.stats\nprint(mxnet.nd.sparse.csr_matrix(scipy.sparse.eye(2, format='csr')).asnumpy().sum())"
    assert python(loaded + used) == "\n2.0\n"
    assert python(loaded + "print(mxnet.nd.ones((2, 2)).tostype('csr').asscipy().sum())") == "\n4.0\n"
    assert python("import scipy.sparse\n" + loaded + used) == "scipy\n2.0\n"
    assert "scipy" in python(loaded, MXNET_HOOK_LEAVES_IMPORTS="1")
    asked = "import requests\nprint(mxnet.gluon.utils.requests.get is requests.get)"
    assert python(loaded + asked) == "\nTrue\n"
