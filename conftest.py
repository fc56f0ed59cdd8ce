"""What `pytest --nbval` needs wherever it is called from, and at its end the number of claims that hold."""

from collections import defaultdict
from pathlib import Path

import nbval.kernel
import nbval.plugin
import pytest
from jupyter_client.manager import KernelManager

from kernels import through_files

nbval.kernel.KernelManager = through_files(KernelManager)
# nbval waits five seconds for an output and sixty for a kernel: a slow machine, or one with much else to do, takes longer.
nbval.plugin.IPyNbCell.output_timeout = property(lambda cell: 600, lambda cell, seconds: None)


def pytest_configure(config):
    config.option.nbval_sanitize_with = Path(__file__).with_name("tests") / "nbval-sanitize.cfg"
    config.option.nbval_kernel_startup_timeout = 600


def lines_of(outputs):
    return [line for output in outputs or [] for line in output.get("text", "").splitlines()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Lets the report on a cell of claims, which leaves the process that ran it, carry what it printed."""
    report = yield
    cell = getattr(item, "cell", None)
    if call.when == "call" and cell is not None and "claim" in cell.metadata.get("tags", []):
        report.user_properties.append(("claims", [item.path.stem, lines_of(cell.outputs), lines_of(item.test_outputs)]))
    return report


def pytest_terminal_summary(terminalreporter):
    chapters = defaultdict(lambda: ([], []))
    for report in [report for reports in terminalreporter.stats.values() for report in reports]:
        for chapter, *cell in [value for name, value in getattr(report, "user_properties", []) if name == "claims"]:
            for lines, of_cell in zip(chapters[chapter], cell):
                lines += of_cell
    if chapters:
        terminalreporter.section("claims that hold")
    for chapter, (stored, printed) in sorted(chapters.items()):
        held = len([line for line in stored if line in printed])
        terminalreporter.line(f"{chapter:26} {held:3} of {len(stored)}", red=held < len(stored))
        for line in [line for line in printed if line not in stored]:
            terminalreporter.line(f"  {line}")
