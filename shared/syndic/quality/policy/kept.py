"""A model's quality policy."""

from __future__ import annotations

from syndic.policy import read_policy, set_policy
from syndic.ports import Store
from syndic.quality.policy.model import QualityPolicy

__all__ = ["get_policy", "set_policy"]


def get_policy(model_id: str, *, store: Store) -> QualityPolicy:
    """The policy of a model; the default one until somebody sets another."""
    return read_policy(QualityPolicy, model_id, store=store)
