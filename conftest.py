"""What `pytest --nbval` needs wherever it is called from."""

from pathlib import Path

import nbval.kernel
import nbval.plugin
from jupyter_client.manager import KernelManager

from kernels import through_files

nbval.kernel.KernelManager = through_files(KernelManager)
# nbval waits five seconds for an output and sixty for a kernel: a slow machine, or one with much else to do, takes longer.
nbval.plugin.IPyNbCell.output_timeout = property(lambda cell: 600, lambda cell, seconds: None)


def pytest_configure(config):
    config.option.nbval_sanitize_with = Path(__file__).with_name("tests") / "nbval-sanitize.cfg"
    config.option.nbval_kernel_startup_timeout = 600
