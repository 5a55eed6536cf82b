"""Proposing what a found model needs, beside what is set already."""

from __future__ import annotations

from datetime import datetime

from syndic.bias.policy.kept import get_policy
from syndic.bias.policy.model import BiasPolicy
from syndic.drift.keys import baseline_key
from syndic.models import Evidence, RegisteredModel
from syndic.onboarding.models import Proposal
from syndic.onboarding.propose import propose
from syndic.policy import policy_key
from syndic.ports import CaptureReader, Store
from syndic.records import evidence_key


def propose_settings(model: RegisteredModel, *, store: Store, captures: CaptureReader) -> Proposal:
    """What a model lacks before it can be checked, proposed from its captured traffic. Nothing is written."""
    evidence = evidence_key(model.id, "capture.config")
    read = store.get_many([evidence, baseline_key(model.id), policy_key(BiasPolicy.concern, model.id)])
    kept = read.get(evidence)
    facts = {} if kept is None else Evidence.model_validate(kept.body).facts
    oldest, newest = facts.get("oldest_hour"), facts.get("newest_hour")
    return propose(
        model,
        captures=captures,
        oldest=None if oldest is None else datetime.fromisoformat(str(oldest)),
        newest=None if newest is None else datetime.fromisoformat(str(newest)),
        has_baseline=read.get(baseline_key(model.id)) is not None,
        has_attributes=bool(get_policy(model.id, store=read).protected_attributes),
    )
