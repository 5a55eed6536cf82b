"""Drift, large windows: counts one captured object. The map calls it once for each."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.metrics import count
from functions.drift.mapping import PartCall
from syndic.drift.use_cases import count_object


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take one object of a map run."""
    call, clouds = PartCall.model_validate(event), wiring.wired()
    result = count_object(call.task, store=clouds.store, captures=clouds.captures, archive=clouds.archive)
    count("ObjectsCounted", check="drift")
    return result.model_dump(mode="json")
