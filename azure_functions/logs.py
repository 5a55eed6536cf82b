"""Logs as JSON lines: Application Insights keeps a line's text and level, so values go into the text.

Metrics are such lines too. In Kusto: ``traces | extend line = parse_json(message) |
where line.metric == "WindowsChecked" | summarize sum(todouble(line.value)) by tostring(line.verdict)``.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

METRICS = logging.getLogger("syndic.metrics")
OUTCOMES = logging.getLogger("syndic.outcomes")
ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One JSON object per record: time, level, logger, message, and what was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in ORDINARY}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def write_json_logs(level: str) -> None:
    """Give the root logger one JSON line per record. The worker has put its own handler there before; it is kept."""
    root = logging.getLogger()
    root.setLevel(level)
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    for handler in root.handlers:
        handler.setFormatter(JsonLines())
    for always in (METRICS, OUTCOMES):
        always.setLevel(logging.INFO)  # counts are no matter of taste
    for wordy in ("azure.core", "azure.identity"):
        logging.getLogger(wordy).setLevel(logging.WARNING)


def count(name: str, value: float = 1, **dimensions: str) -> None:
    """Count something done. Dimensions are words of closed lists, never ids."""
    METRICS.info("counted", extra={"metric": name, "value": value, **dimensions})


def tell(event: str, outcome: dict[str, Any]) -> None:
    """Say what a timer did. On AWS a function returns it; a timer on Azure can return nothing."""
    OUTCOMES.info(event, extra={"outcome": outcome})
