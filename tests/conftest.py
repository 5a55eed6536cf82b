"""Keeps logs as pytest reads them; at the end: what each folder took of a processor, and which more than it may."""

from __future__ import annotations

import gc
import logging
import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import PurePosixPath

import pytest

# Before anything imports numpy: two files run at a time on two cores, where the threads of a matrix product wait for
# each other in a loop, up to twenty times as long as it takes one of them.
for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

BUDGETS = {"unit": 440, "contract": 120, "edges": 160, "infra": 130, "faults": 70, "vendors": 65, "e2e": 330}
"""Seconds of a processor, of all workers and the programs that they start: a limit of attention, not of the run.

Not of a clock: two files and a deployment run at a time, on whatever machine. A server counts when it has ended.
"""


def _spent() -> float:
    """Seconds that this process and those of its children that have ended kept a processor busy."""
    return sum(os.times()[:4])


_clock = {"read": _spent()}


def pytest_collection_finish() -> None:
    # What was imported and collected stays to the end: millions of objects that need not be looked through for garbage
    # again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    _clock["read"] = _spent()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a phase of a test took; reports go to the process that shows them as they are."""
    report = yield
    now = _spent()
    vars(report)["cpu"], _clock["read"] = now - _clock["read"], now
    return report


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A function that is called here writes its logs as JSON, by every handler there is: also by pytest's own."""
    root = logging.getLogger()
    level, formatters = root.level, [(handler, handler.formatter) for handler in root.handlers]
    yield
    root.setLevel(level)
    for handler, formatter in formatters:
        handler.setFormatter(formatter)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    spent: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                parts = PurePosixPath(report.nodeid).parts
                spent[parts[1] if len(parts) > 2 and parts[0] == "tests" else "other"] += vars(report).get("cpu", 0)
    if not spent:
        return
    terminalreporter.section("seconds of a processor by folder")
    for folder, seconds in spent.most_common():
        budget = BUDGETS.get(folder)
        over = budget is not None and seconds > budget
        terminalreporter.write_line(
            f"{folder:<10} {seconds:7.1f}" + (f" of {budget}" if budget else "") + ("  OVER BUDGET" if over else ""),
            red=over,
        )
