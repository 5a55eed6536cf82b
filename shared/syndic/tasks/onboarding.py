"""Proposing what a found model needs, beside what is set already."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Final

from syndic.batch_jobs import find_job, windows_of_jobs
from syndic.models import Evidence, OnboardingRequested, RegisteredModel, TimeWindow
from syndic.onboarding.models import Proposal
from syndic.onboarding.propose import propose
from syndic.ports import CaptureReader, Store
from syndic.records import evidence_key, get_model
from syndic.tasks.awaited_proposals import is_answered, keep_proposal, setting_keys, what_stands
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import read_message

MOST_JOBS: Final = 28
"""Of a model's first jobs, among which a baseline is looked for."""


def propose_settings(model: RegisteredModel, *, store: Store, captures: CaptureReader) -> Proposal:
    """What a model lacks before it can be checked, proposed from its captured traffic. Nothing is written."""
    evidence = evidence_key(model.id, "capture.config")
    read = store.get_many([evidence, *setting_keys(model.id)])
    stands = what_stands(model, read)
    kept = read.get(evidence)
    facts = {} if kept is None else Evidence.model_validate(kept.body).facts
    oldest, newest = facts.get("oldest_hour"), facts.get("newest_hour")
    return propose(
        model,
        captures=captures,
        oldest=None if oldest is None else datetime.fromisoformat(str(oldest)),
        newest=None if newest is None else datetime.fromisoformat(str(newest)),
        jobs=_judged_jobs(store, model) if model.endpoint is not None and model.endpoint.batch else (),
        has_baseline="baseline" in stands,
        has_attributes="protected_attributes" in stands,
    )


def take(body: str, clouds: Clouds) -> None:
    """A request from the other cloud: what a model needs is proposed here, where its traffic lies, and kept for it."""
    request = read_message(body, OnboardingRequested)
    model = get_model(clouds.store, request.model_id)
    if is_answered(request, store=clouds.store, audit=clouds.audit):
        return
    proposal = propose_settings(model, store=clouds.store, captures=clouds.captures)
    keep_proposal(proposal, request, store=clouds.store, audit=clouds.audit, now=clouds.now())
    clouds.count("SettingsProposed")


def _judged_jobs(store: Store, model: RegisteredModel) -> tuple[TimeWindow, ...]:
    """The windows of the first jobs that can be judged, oldest first."""
    windows = windows_of_jobs(store, model.id)
    kept = ((window, find_job(store, model.id, window.job or "")) for window in islice(windows, 2 * MOST_JOBS))
    return tuple(islice((window for window, job in kept if job is not None and job.unread is None), MOST_JOBS))
