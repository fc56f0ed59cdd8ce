"""What `pytest --nbval` needs wherever it is called from."""

import functools
from pathlib import Path

import nbval.kernel
from jupyter_client.manager import KernelManager

# Kernels that are spoken to through files need no loopback interface, and have nothing to warn of.
nbval.kernel.KernelManager = functools.partial(KernelManager, transport="ipc")


def pytest_configure(config):
    config.option.nbval_sanitize_with = Path(__file__).with_name("tests") / "nbval-sanitize.cfg"
