"""Erasure: a step of each erasure that a queued message names. The only function that may change captured rows."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message
from syndic.tasks import erasure


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the erasure queue."""
    return each_message(event, erasure.take, wiring.wired())
