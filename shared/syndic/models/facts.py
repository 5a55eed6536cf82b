"""What concerns leave for each other: findings, evidence, audit entries."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field, JsonValue

from syndic.models.base import Concern, Finite, Moment, Noun, Severity
from syndic.models.times import TimeWindow


class Finding(Noun):
    """Something that is wrong with a model, as one concern sees it in one window.

    Two findings with the same `subject_key` are the same trouble seen again; alerting groups by it.
    """

    id: str
    model_id: str
    model_name: str
    owner: str | None
    concern: Concern
    subject: str  # the feature, the group or the requirement
    severity: Severity
    title: str  # one sentence: what is wrong
    reason: str  # why it is judged so, with the numbers
    remedy: str  # what to do next
    measure: str | None = None  # e.g. psi
    value: Finite | None = None
    threshold: Finite | None = None
    window: TimeWindow | None = None
    report_id: str | None = None
    found_at: Moment
    follows: bool = Field(default=False, exclude_if=lambda value: not value)  # from others: output from input

    @property
    def subject_key(self) -> str:
        """The same for the same trouble over time: model, concern, subject, measure."""
        return f"{self.model_id}/{self.concern}/{self.subject}/{self.measure or '-'}"


class EvidenceStatus(StrEnum):
    """What a piece of evidence says about the thing it measured. Policy of the producer, not of a law."""

    PASSING = "passing"
    FAILING = "failing"
    INCONCLUSIVE = "inconclusive"  # looked, and could not tell: not enough data, not comparable, not assessable


class Evidence(Noun):
    """A fact about a model with time, source, hash and expiry; the only thing compliance reads.

    `kind` is a dotted word such as ``drift.run``, ``bias.run``, ``capture.intake``, ``registry.profile``,
    ``audit.verified``, ``attestation.human_oversight``. `facts` holds numbers and words, never a captured row.
    """

    kind: str
    model_id: str
    status: EvidenceStatus
    summary: str
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    source: str  # the report or record it was taken from
    sha256: str  # of the canonical JSON of that source
    produced_at: Moment
    expires_at: Moment | None = None
    window: TimeWindow | None = None


def _known(description: str) -> Any:
    """A field that an entry has only when something is known for it."""
    return Field(default=None, description=description, exclude_if=lambda value: value is None)


class AuditEntry(Noun):
    """One thing that happened, as the audit trail keeps it. Aggregates and hashes only, no personal data.

    What is optional is left out of the JSON while it is not known, so that entries of before it hash as they did.
    """

    action: str  # past tense, dotted: model.registered, drift.checked, policy.changed
    actor: str  # a person's user name or "syndic/<function>"
    subject: str  # what it happened to: model/<id>, framework/<id>, ...
    at: Moment
    details: dict[str, JsonValue] = Field(default_factory=dict)
    role: str | None = _known("roles that the actor had then, joined by commas")
    key: str | None = _known("id of the API key that was sent; the actor is whoever made it")
    reason: str | None = _known("why, in the actor's words")
    request: str | None = _known("id of the request, as logs and the access log have it")
    before: str | None = _known("SHA-256 of the record's canonical JSON before the change; none: new, or not known")
    after: str | None = _known("SHA-256 of the record's canonical JSON after the change")
