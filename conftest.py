"""What `pytest --nbval` needs wherever it is called from."""

from pathlib import Path

import nbval.kernel
from jupyter_client.manager import KernelManager

import kernels

nbval.kernel.KernelManager = lambda **options: KernelManager(**kernels.options(), **options)


def pytest_configure(config):
    config.option.nbval_sanitize_with = Path(__file__).with_name("tests") / "nbval-sanitize.cfg"
