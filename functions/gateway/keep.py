"""Predictions' records: a batch of them becomes files of captured traffic."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import whole_batch
from syndic.tasks import gateway


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch of the queue of predictions."""
    return whole_batch(event, gateway.keep_batch, wiring.wired())
