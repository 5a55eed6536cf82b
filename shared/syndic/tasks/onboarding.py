"""Proposing what a found model needs, beside what is set already."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Final

from syndic.batch_jobs import find_job, windows_of_jobs
from syndic.bias.policy.kept import get_policy
from syndic.bias.policy.model import BiasPolicy
from syndic.drift.keys import baseline_key
from syndic.models import Evidence, RegisteredModel, TimeWindow
from syndic.onboarding.models import Proposal
from syndic.onboarding.propose import propose
from syndic.policy import policy_key
from syndic.ports import CaptureReader, Store
from syndic.records import evidence_key

MOST_JOBS: Final = 28
"""Of a model's first jobs, among which a baseline is looked for."""


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
        jobs=_judged_jobs(store, model) if model.endpoint is not None and model.endpoint.batch else (),
        has_baseline=read.get(baseline_key(model.id)) is not None,
        has_attributes=bool(get_policy(model.id, store=read).protected_attributes),
    )


def _judged_jobs(store: Store, model: RegisteredModel) -> tuple[TimeWindow, ...]:
    """The windows of the first jobs that can be judged, oldest first."""
    windows = windows_of_jobs(store, model.id)
    kept = ((window, find_job(store, model.id, window.job or "")) for window in islice(windows, 2 * MOST_JOBS))
    return tuple(islice((window for window, job in kept if job is not None and job.unread is None), MOST_JOBS))
