"""Counter: reads the window that each queued request names, once for every check."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message
from syndic.tasks import counter


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the counter's queue."""
    return each_message(event, counter.take, wiring.wired())
