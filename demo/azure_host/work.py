"""What runs and what ran: calls are made here, counted, and told as JSON lines."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.azure_host.apps import App, Call, Function, Outcome


def say(event: str, **values: Any) -> None:
    """Write one JSON line on standard output."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **values}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


@dataclass
class Work:
    """Calls of an app's functions."""

    app: App
    running: int = 0
    ended: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    async def call(self, function: Function, call: Call) -> Outcome:
        """Call a function and keep count."""
        started = time.monotonic()
        self.running += 1
        try:
            outcome = await self.app.call(function, call)
        finally:
            self.running -= 1
            self.ended += 1
        word = "succeeded" if outcome.error is None else "failed"
        counts = self.counts.setdefault(function.name, {"succeeded": 0, "failed": 0})
        counts[word] += 1
        say(word, function=function.name, ms=round((time.monotonic() - started) * 1000), error=outcome.error)
        if outcome.trace:
            sys.stderr.write(outcome.trace)
        return outcome
