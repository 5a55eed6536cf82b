"""Bias: judges the window that each queued request names."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message
from syndic.tasks import bias


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the bias queue."""
    return each_message(event, bias.take, wiring.wired())
