"""Lets MXNet 1.9.1, released in 2022, run on the Pythons and NumPys of today.

The file `mxnet_hook.pth` beside it makes every Python of this environment import this module when it starts. It does
nothing until something imports `mxnet` for the first time. Then, before MXNet is read, it gives NumPy back what MXNet
reads of it and newer NumPys lack:

- NAN, NaN, Inf, PINF, NINF, PZERO, NZERO: constants that `mxnet.numpy` passes on; NumPy 2 dropped them.
- alltrue, sometrue, product, round_, in1d, trapz: old names of all, any, prod, round, isin and trapezoid, which
  `mxnet.numpy.fallback` and `mxnet.numpy.multiarray` look up, some of them through getattr; NumPy 2 dropped them.
- bool: NumPy 1.24 to 1.26 have no such name; in NumPy 2 it is bool_.
- mirr, msort, npv, pmt, ppmt, pv, rate: listed by `mxnet.numpy.fallback`, called nowhere. Calling one is an error that
  says so.

From NumPy 2 on, numbers print as `np.float32(0.5)`, and MXNet, which writes shapes as text and reads them back, can't
read those. `legacy="1.25"` prints them as before: it cures this, and prints what older books show.

Notebooks of MXNet's days print a loss, an array of one number, with "%f"; NumPy warns of it since 1.25. Nobody who
reads them can do anything about it, so it doesn't.

MXNet also imports `distutils`, which Python 3.12 dropped; setuptools, which `gluonbook` requires, brings it back.

The import itself is made shorter, unless the environment sets MXNET_HOOK_LEAVES_IMPORTS:

- Of each of its operators, some 2,500, MXNet writes a function as source; it is compiled when it is first called.
- SciPy and Requests, which MXNet imports where it finds them, are loaded when MXNet first uses them. scikit-learn is out of
  sight meanwhile: all that MXNet takes from it is a base class for FeedForward, which is deprecated.
- All that MXNet takes from `distutils` compares versions, which is given to it without the rest of setuptools.

An Executor doesn't print "Subgraph backend MKLDNN is activated." any more.
"""

import os
import sys
import warnings
from functools import partial
from importlib import import_module

ALIASES = {
    "NAN": "nan",
    "NaN": "nan",
    "Inf": "inf",
    "PINF": "inf",
    "bool": "bool_",
    "alltrue": "all",
    "sometrue": "any",
    "product": "prod",
    "round_": "round",
    "in1d": "isin",
    "trapz": "trapezoid",
}
NUMBERS = {"NINF": float("-inf"), "PZERO": 0.0, "NZERO": -0.0}
# What MXNet imports of SciPy, and under which names.
WANTED = [
    ("mxnet.ndarray.sparse", "spsp", "scipy.sparse"),
    ("mxnet.ndarray.utils", "spsp", "scipy.sparse"),
    ("mxnet.contrib.quantization", "stats", "scipy.stats"),
    ("mxnet.test_utils", "ss", "scipy.stats"),
]
GONE = ["mirr", "msort", "npv", "pmt", "ppmt", "pv", "rate"]


def prepare():
    """Give NumPy the names that MXNet reads of it."""
    import numpy as np

    def gone(name):
        def fail(*args, **kwargs):
            raise NotImplementedError(f"NumPy {np.__version__} has no {name} any more, so mxnet.np.{name} is gone, too")

        return fail

    has = vars(np)  # hasattr would warn of some that are missing
    names = {name: has[new] for name, new in ALIASES.items() if new in has}
    for name, value in {**names, **NUMBERS, **{name: gone(name) for name in GONE}}.items():
        has.setdefault(name, value)
    if int(np.__version__.split(".")[0]) >= 2:
        np.set_printoptions(legacy="1.25")
    warnings.filterwarnings("ignore", "Conversion of an array with ndim > 0 to a scalar", DeprecationWarning)


def call(*args, _compiled, **kwargs):
    return _compiled()(*args, **kwargs)


def exec_later(namespace):
    """Return an `exec` for the source of a function, which compiles it only when it is called or asked for its signature."""
    import inspect
    import types

    class Signature(inspect.Signature):
        __slots__ = ("compiled",)
        _parameters = property(lambda self: inspect.signature(self.compiled()).parameters)
        _return_annotation = inspect.Signature.empty

        def __init__(self, compiled):
            self.compiled = compiled

    def make(source, _, functions):
        name = source[: source.index("(")].split()[-1]

        def compiled():
            made = {}
            exec(source, namespace, made)
            vars(function).pop("__signature__", None)
            # In this order, for another thread that calls it meanwhile.
            function.__defaults__ = made[name].__defaults__
            function.__code__ = made[name].__code__
            return function

        functions[name] = function = types.FunctionType(call.__code__, namespace, name)
        function.__kwdefaults__ = {"_compiled": compiled}
        function.__qualname__ = name
        function.__signature__ = Signature(compiled)

    return make


def load_mxnet(load, module):
    """Load MXNet without what it can do without, and give it that, to be loaded when something of it is used."""
    from importlib.util import find_spec
    from types import ModuleType, SimpleNamespace

    from packaging.version import Version

    class Later(ModuleType):
        def __getattr__(self, name):
            return getattr(import_module(self.__name__), name)

    versions = SimpleNamespace(LooseVersion=Version, StrictVersion=Version)
    others = {"scipy": None, "sklearn": None, "requests": Later("requests")}
    others |= {"distutils": versions, "distutils.version": versions}
    hidden = [name for name in others if name not in sys.modules]
    sys.modules.update({name: others[name] for name in hidden})
    try:
        load(module)
    finally:
        sys.meta_path.remove(BeforeMXNet)
        for name in hidden:
            del sys.modules[name]
    if "scipy" in hidden and find_spec("scipy"):
        for place, name, wanted in WANTED:
            if place in sys.modules:
                setattr(sys.modules[place], name, Later(wanted))


def load_register(load, module):
    """Load a module of MXNet that makes the functions of its operators."""
    vars(module)["exec"] = exec_later(vars(module))
    load(module)


LOADED_BY = {"mxnet": load_mxnet, "mxnet.ndarray.register": load_register, "mxnet.symbol.register": load_register}


class BeforeMXNet:
    """Finds MXNet, once NumPy is prepared for it, and what of it is loaded in another way."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in LOADED_BY:
            return None
        if name == "mxnet":
            prepare()
            if "MXNET_HOOK_LEAVES_IMPORTS" in os.environ:
                sys.meta_path.remove(BeforeMXNet)
                return None
        finders = [finder for finder in sys.meta_path if finder is not BeforeMXNet]
        spec = next(filter(None, (finder.find_spec(name, path) for finder in finders)), None)
        if spec is not None:
            spec.loader.exec_module = partial(LOADED_BY[name], spec.loader.exec_module)
        return spec


os.environ.setdefault("MXNET_SUBGRAPH_VERBOSE", "0")
sys.meta_path.insert(0, BeforeMXNet)
