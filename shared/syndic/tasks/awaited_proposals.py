"""Proposals for models whose captured traffic lies in the other cloud: asked for, kept where they are made, shown."""

from __future__ import annotations

from datetime import datetime

from pydantic import JsonValue

from syndic.bias.policy.kept import get_policy
from syndic.bias.policy.model import BiasPolicy
from syndic.changes import Change, commit, finish, request_once
from syndic.drift.keys import baseline_key
from syndic.errors import NotFoundError
from syndic.models import AuditEntry, Moment, Noun, OnboardingRequested, RegisteredModel, to_json
from syndic.onboarding.models import Proposal
from syndic.policy import policy_key
from syndic.ports import ABSENT, AuditTrail, EventBus, Key, Readable, Record, Store, Write
from syndic.records import retried_at


class KeptProposal(Noun):
    """A proposal and the request that it answers."""

    asked_at: Moment
    proposal: Proposal


def proposal_key(model_id: str) -> Key:
    """Key of the newest proposal that was asked for across clouds."""
    return Key(f"model.{model_id}", "onboarding")


def asked_key(model_id: str) -> Key:
    """Key of the newest request for one."""
    return Key(f"model.{model_id}", "asked.onboarding")


def setting_keys(model_id: str) -> list[Key]:
    """Keys that `what_stands` reads."""
    return [baseline_key(model_id), policy_key(BiasPolicy.concern, model_id)]


def what_stands(model: RegisteredModel, read: Readable) -> tuple[str, ...]:
    """The settings that a model has already, by their names in a proposal."""
    stands = {
        "capture_schema": model.capture_schema is not None,
        "baseline": read.get(baseline_key(model.id)) is not None,
        "protected_attributes": bool(get_policy(model.id, store=read).protected_attributes),
    }
    return tuple(name for name, stand in stands.items() if stand)


def ask_for_proposal(
    model: RegisteredModel, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> datetime:
    """Ask the model's own cloud for a proposal; returns since when it is asked. Asked again it is told once."""
    read = store.get_many([asked_key(model.id), proposal_key(model.id), *setting_keys(model.id)])
    kept = _kept(read.get(proposal_key(model.id)))
    # What was answered, or is of other settings, may be asked for again at once.
    answered = None if kept is None else kept.asked_at.isoformat()
    wanted: dict[str, JsonValue] = {"by": actor, "answered": answered, "stands": list(what_stands(model, read))}
    subject = f"model/{model.id}"
    request_once(
        asked_key(model.id),
        wanted,
        AuditEntry(action="onboarding.requested", actor=actor, subject=subject, at=now, details={}),
        [OnboardingRequested(model_id=model.id, actor=actor, asked_at=now)],
        store=store,
        audit=audit,
        bus=bus,
        now=now,
        read=read,
    )
    return _asked_at(store.get(asked_key(model.id))) or now


def keep_proposal(
    proposal: Proposal, request: OnboardingRequested, *, store: Store, audit: AuditTrail, now: datetime
) -> Proposal:
    """Keep the answer to a request, unless a later one was answered already: requests come in any order, and twice.

    Returns what is kept.
    """
    key = proposal_key(proposal.model_id)
    answer = KeptProposal(asked_at=request.asked_at, proposal=proposal.model_copy(update={"proposed_at": now}))
    subject = f"model/{proposal.model_id}"
    entry = AuditEntry(action="onboarding.proposed", actor=request.actor, subject=subject, at=now, details={})

    def step(present: Record | None) -> Proposal:
        kept = _kept(present)
        if kept is not None and kept.asked_at >= request.asked_at:
            finish(key, store=store, audit=audit)
            return kept.proposal
        write = Write(Record(key, to_json(answer)), present.etag if present else ABSENT)
        commit(Change((write,), now, entries=(entry,)), store=store, audit=audit)
        return answer.proposal

    return retried_at(key, step, store=store, what=f"the proposal for {proposal.model_id}")


def is_answered(request: OnboardingRequested, *, store: Store, audit: AuditTrail) -> bool:
    """Whether a request was answered already, or a later one: then nothing has to be read. What is untold is told."""
    key = proposal_key(request.model_id)
    kept = _kept(store.get(key))
    answered = kept is not None and kept.asked_at >= request.asked_at
    if answered:
        finish(key, store=store, audit=audit)
    return answered


def show_proposal(model: RegisteredModel, *, store: Store) -> Proposal:
    """The newest proposal that came from the model's own cloud, and whether another one is awaited.

    Raises `NotFoundError` when none came and none was asked for.
    """
    read = store.get_many([asked_key(model.id), proposal_key(model.id), *setting_keys(model.id)])
    kept, asked = _kept(read.get(proposal_key(model.id))), _asked_at(read.get(asked_key(model.id)))
    stands = what_stands(model, read)
    if kept is None:
        if asked is None:
            raise NotFoundError(f"nothing was proposed for {model.id} yet: the cloud of its traffic has to be asked")
        words = "awaited from Azure: propose again after the next exchange with it"
        return Proposal(model_id=model.id, name=model.name, kept=stands, awaited_since=asked, questions=(words,))
    awaited = asked if asked is not None and asked > kept.asked_at else None
    proposal = kept.proposal.model_copy(update={"awaited_since": awaited})
    return proposal if set(stands) == set(proposal.kept) else _less(proposal, stands)


def _less(proposal: Proposal, stands: tuple[str, ...]) -> Proposal:
    """What of a proposal is not set meanwhile; its questions were about what was not set then."""
    return proposal.model_copy(
        update={
            "settings_changed": True,
            "kept": stands,
            "capture_schema": None if "capture_schema" in stands else proposal.capture_schema,
            "baseline": None if "baseline" in stands else proposal.baseline,
            "protected_attributes": () if "protected_attributes" in stands else proposal.protected_attributes,
            "questions": ("proposed before what is set now: propose again after the next exchange with Azure",),
        }
    )


def _kept(record: Record | None) -> KeptProposal | None:
    return None if record is None else KeptProposal.model_validate(record.body)


def _asked_at(record: Record | None) -> datetime | None:
    return None if record is None else datetime.fromisoformat(str(record.body["at"]))
