"""Drift, large windows: counts one captured object. The map calls it for each."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.metrics import count
from syndic.drift.use_cases import MapTask, count_object


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take one object of a map run."""
    task, clouds = MapTask.model_validate(event), wiring.wired()
    result = count_object(task, store=clouds.store, captures=clouds.captures, archive=clouds.archive)
    count("ObjectsCounted", result.objects, check="drift")
    return result.model_dump(mode="json")
