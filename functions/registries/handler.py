"""Registries: imports from the model registries of the cloud, and tells them what was decided here."""

from __future__ import annotations

from typing import Any

from functions import wiring
from syndic.tasks import registries


def handler(event: dict[str, Any], context: object) -> None:  # noqa: ARG001
    """Take the schedule's call; what it says does not matter."""
    registries.keep_in_step(wiring.wired())
