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
"""

import sys
import warnings

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


class BeforeMXNet:
    """Finds no module; when the first one to be found is MXNet, prepares NumPy for it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "mxnet":
            sys.meta_path.remove(BeforeMXNet)
            prepare()


sys.meta_path.insert(0, BeforeMXNet)
