"""Keeps logs as pytest reads them, and says at the end where the time went and which folder took more than it may."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

BUDGETS = {"unit": 390, "contract": 240, "edges": 200, "infra": 130, "faults": 75, "vendors": 105, "e2e": 380}
"""Seconds on two quiet cores, of all workers together: a limit of attention, not of the run, for machines are noisy.

All but the deployments, which are 400 of `e2e`, go two at a time: 700 and 500 seconds, and two minutes to begin.
"""


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
                spent[parts[1] if len(parts) > 2 and parts[0] == "tests" else "other"] += report.duration
    if not spent:
        return
    terminalreporter.section("seconds by folder")
    for folder, seconds in spent.most_common():
        budget = BUDGETS.get(folder)
        over = budget is not None and seconds > budget
        terminalreporter.write_line(
            f"{folder:<10} {seconds:7.1f}" + (f" of {budget}" if budget else "") + ("  OVER BUDGET" if over else ""),
            red=over,
        )
