"""A model's drift policy."""

from __future__ import annotations

from syndic.drift.policy.model import DriftPolicy
from syndic.policy import read_policy, set_policy
from syndic.ports import Store

__all__ = ["get_policy", "set_policy"]


def get_policy(model_id: str, *, store: Store) -> DriftPolicy:
    """The policy of a model; the default one until somebody sets another."""
    return read_policy(DriftPolicy, model_id, store=store)
