"""The register of policies: written, put in force, acknowledged, reviewed, retired. Pure but for opening."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import Field, JsonValue

from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import Evidence, EvidenceStatus, Noun
from syndic.ports import AuditTrail, EventBus, Store
from syndic.registers.entries import open_entry
from syndic.registers.models import Step, end_of_day, midnight_after
from syndic.registers.policies.library import template
from syndic.registers.policies.models import (
    MOST_ACKNOWLEDGED,
    Acknowledgement,
    PolicyDocument,
    PolicyState,
)
from syndic.registers.register import Register

KEPT: Final = "policies.kept"
VALID_FOR: Final = timedelta(days=7)


def policy_evidence(model_id: str, policies: Sequence[PolicyDocument], now: datetime) -> tuple[Evidence, ...]:
    """How the policies in force are kept: reviewed in time, and read by those who have to. Of the organisation only."""
    if model_id != ORGANISATION:
        return ()
    kept = [one for one in policies if one.state is PolicyState.IN_FORCE]
    late = [one for one in kept if one.review_due is not None and end_of_day(one.review_due) < now]
    waiting = sum(len(one.outstanding) for one in kept)
    facts: dict[str, JsonValue] = {
        "in_force": len(kept), "review_overdue": len(late), "acknowledgements_outstanding": waiting,
        "templates": list[JsonValue](sorted({one.template for one in kept if one.template})[:50]),
    }  # fmt: skip
    said = (
        f"{len(kept)} policies are in force, {len(late)} of them overdue for review; {waiting} acknowledgements are "
        "owed"
        if kept
        else "no policy is on record as in force"
    )
    ends = now + VALID_FOR
    coming = [end for one in kept if one.review_due and now < (end := midnight_after(one.review_due)) < ends]
    good = bool(kept) and not late and not waiting
    return (
        Evidence(
            kind=KEPT, model_id=ORGANISATION, status=EvidenceStatus.PASSING if good else EvidenceStatus.FAILING,
            summary=said, facts=facts, source="policies", sha256=sha256_of(facts), produced_at=now,
            expires_at=min(coming, default=ends),
        ),
    )  # fmt: skip


def _steps(policy: PolicyDocument, now: datetime) -> tuple[Step, ...]:  # noqa: ARG001 - no step depends on the time
    if policy.state is PolicyState.RETIRED:
        return ()
    force = Step(name="put_in_force", title="Put a text in force", asks=("sha256", "location", "version"))
    if policy.state is PolicyState.DRAFT:
        return (force, Step(name="retire", title="Give it up"))
    again = None if policy.review_due is None else end_of_day(policy.review_due)
    return (
        Step(name="acknowledge", title="Say that you have read it"),
        Step(name="review", title="Say that it was reviewed and stays", due=again),
        force,
        Step(name="retire", title="Take it out of force"),
    )


POLICIES: Final = Register(
    "policy_documents", "policy_document", PolicyDocument, evidence=policy_evidence, steps=_steps,
    plain=frozenset({"version", "sha256", "template"}),
)  # fmt: skip


class NewPolicy(Noun):
    """A policy that is to be; from a template, or of one's own."""

    template: str | None = Field(default=None, max_length=60, description="id of a template to begin with")
    title: str | None = Field(default=None, min_length=3, max_length=200, description="left out: the template's")
    owner: str = Field(min_length=3, max_length=254, description="the address of whoever keeps it")
    review_days: int | None = Field(default=None, ge=1, le=3660, description="left out: the template's, or a year")
    readers: tuple[str, ...] = Field(default=(), max_length=MOST_ACKNOWLEDGED)


class PolicyText(Noun):
    """The text that is put in force: where it lies and what it hashes to."""

    version: str = Field(min_length=1, max_length=40)
    location: str = Field(min_length=3, max_length=1000)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


def draft_policy(
    new: NewPolicy, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> PolicyDocument:
    """Begin a policy."""
    begun = None if new.template is None else template(new.template)
    title = new.title or (begun.title if begun else None)
    if title is None:
        raise InvalidInputError("give a title, or a template", where="title")
    days = new.review_days or (begun.review_days if begun else 365)

    def make(own: dict[str, Any]) -> PolicyDocument:
        return PolicyDocument(
            **own, title=title, owner=new.owner, template=new.template, review_days=days, readers=new.readers
        )

    return open_entry(POLICIES, new.model_dump(), make, store=store, audit=audit, bus=bus, actor=actor, now=now)


def put_in_force(policy: PolicyDocument, text: PolicyText, *, actor: str, now: datetime) -> PolicyDocument:
    """Put a text in force. Another text has to be acknowledged anew.

    Raises `ConflictError` for a template as it is given: what stands in its brackets is for the organisation to say.
    """
    if policy.state is PolicyState.RETIRED:
        raise ConflictError("the policy is retired; begin another one")
    if policy.template is not None and text.sha256 == template(policy.template).sha256:
        raise ConflictError("this is the template as it is given: fill in what stands in brackets first")
    if (policy.version, policy.location, policy.sha256) == (text.version, text.location, text.sha256):
        return policy
    return policy.model_copy(
        update={
            **text.model_dump(), "state": PolicyState.IN_FORCE, "approved_by": actor, "in_force_at": now,
            "reviewed_at": now, "review_due": (now + timedelta(days=policy.review_days)).date(),
            "acknowledged": policy.acknowledged if policy.sha256 == text.sha256 else (),
        }
    )  # fmt: skip


def acknowledge(policy: PolicyDocument, sha256: str, *, person: str, now: datetime) -> PolicyDocument:
    """A person says that they have read the text in force. Raises `ConflictError` for another text."""
    if policy.state is not PolicyState.IN_FORCE:
        raise ConflictError("the policy is not in force")
    if policy.sha256 != sha256:
        raise ConflictError("another text is in force by now: read that one")
    if person.casefold() in {one.person.casefold() for one in policy.acknowledged}:
        return policy
    return policy.model_copy(update={"acknowledged": (*policy.acknowledged, Acknowledgement(person=person, at=now))})


def review(policy: PolicyDocument, *, now: datetime) -> PolicyDocument:
    """It was reviewed and stays as it is; done again on one day it is once."""
    if policy.state is not PolicyState.IN_FORCE:
        raise ConflictError("the policy is not in force")
    due = (now + timedelta(days=policy.review_days)).date()
    if policy.review_due == due:
        return policy
    return policy.model_copy(update={"reviewed_at": now, "review_due": due})


def set_readers(policy: PolicyDocument, readers: tuple[str, ...]) -> PolicyDocument:
    """Who has to acknowledge it."""
    if policy.state is PolicyState.RETIRED:
        raise ConflictError("the policy is retired; begin another one")
    return policy.model_copy(update={"readers": readers})


def retire(policy: PolicyDocument, *, now: datetime) -> PolicyDocument:
    """It is in force no more."""
    if policy.state is PolicyState.RETIRED:
        return policy
    return policy.model_copy(update={"state": PolicyState.RETIRED, "closed_at": now})
