"""Where the gateway's records lie."""

from __future__ import annotations

from syndic.ports import Key


def settings_key(model_id: str) -> Key:
    """How a model is served."""
    return Key(f"model.{model_id}", "gateway")


def traffic_key(model_id: str) -> Key:
    """How a model's traffic is shared out."""
    return Key(f"model.{model_id}", "gateway.traffic")
