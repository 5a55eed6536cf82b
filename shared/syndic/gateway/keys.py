"""Where the gateway's records lie."""

from __future__ import annotations

from datetime import UTC, datetime

from syndic.ports import Key


def traffic_key(model_id: str) -> Key:
    """How a model's traffic is shared out."""
    return Key(f"model.{model_id}", "gateway.traffic")


def numbers_partition(model_id: str) -> str:
    """The numbers of a model's variants."""
    return f"gateway.{model_id}"


def numbers_start(minute: datetime) -> str:
    """Where the numbers of a minute begin."""
    return f"{minute.astimezone(UTC):%Y%m%dT%H%MZ}"


def numbers_key(model_id: str, minute: datetime, variant: str, batch: str) -> Key:
    """The numbers of one minute and variant that one batch told."""
    return Key(numbers_partition(model_id), f"{numbers_start(minute)}.{variant}.{batch}")
