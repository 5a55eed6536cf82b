"""Keeping what a check found and telling of it, in one commit: written once for drift, quality and bias."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from syndic.changes import Change, commit, finish
from syndic.checks.history.retention import read_retention
from syndic.models import (
    AuditEntry,
    Event,
    Evidence,
    EvidenceChanged,
    Finding,
    FindingsChanged,
    ModelChecked,
    TimeWindow,
)
from syndic.ports import AuditTrail, EventBus, Key, Store, Write
from syndic.records import retried


@dataclass(slots=True)
class Found:
    """What a check found, as it is kept and told: at least one window, sometimes later ones that it changes."""

    check: str
    model_id: str
    at: datetime
    writes: list[Write] = field(default_factory=list)
    entries: list[AuditEntry] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    version: str | None = None  # that the model served when the check looked at it; evidence is about that one

    def enter(self, **details: Any) -> None:
        """Add an entry to the audit trail: aggregates and hashes, no captured value."""
        entry = AuditEntry(
            action=f"{self.check}.checked",
            actor=f"syndic/{self.check}",
            subject=f"model/{self.model_id}",
            at=self.at,
            details=details,
        )
        self.entries.append(entry)

    def tell(
        self,
        window: TimeWindow,
        verdicts: Sequence[tuple[str, str]],
        *,
        evidence: Sequence[Evidence],
        findings: Sequence[Finding],
    ) -> None:
        """Add what the others are told of a window: (report id, verdict) of its reports, evidence and findings."""
        about = {"model_version": self.version}
        self.evidence += [one.model_copy(update={"facts": {**one.facts, **about}}) for one in evidence]
        self.events += [
            ModelChecked(check=self.check, model_id=self.model_id, window=window, report_id=report, verdict=verdict)
            for report, verdict in verdicts
        ]
        if evidence:
            self.events.append(EvidenceChanged(model_id=self.model_id, kinds=tuple(one.kind for one in evidence)))
        self.add_findings(findings)

    def add_findings(self, findings: Sequence[Finding]) -> None:
        """Add findings for alerting."""
        if findings:
            self.events.append(FindingsChanged(findings=tuple(findings)))


def keep(
    decide: Callable[[], Found | None],
    about: Key,
    *,
    store: Store,
    bus: EventBus,
    audit: AuditTrail,
    settle: Callable[[], None] | None = None,
) -> bool:
    """Commit what a check found; returns whether anything was written.

    Args:
        decide: Reads what is kept and says what is to be written under which conditions; None when that is done
            already. Called again when another check came in between.
        about: Key of the report: what is told of it is told in order.
        store: Records.
        bus: Tells the other concerns.
        audit: The audit trail.
        settle: Decide again after the commit, until nothing is left to do: another check may have written beside it.
            Called after each commit, before that.
    """
    written = False

    def step() -> None:
        nonlocal written
        while (found := decide()) is not None:
            change = Change(_with_times(found, store), found.at, found.entries, found.evidence, found.events, on=about)
            commit(change, store=store, audit=audit, bus=bus)
            written = True
            if settle is None:
                return
            settle()
        if not written:
            finish(about, store=store, audit=audit, bus=bus)

    retried(step, what=f"the report {about.sort} in {about.partition}")
    return written


def _with_times(found: Found, store: Store) -> list[Write]:
    """The writes, each record of a window with the time when it may go."""
    policy = read_retention(store)
    return [
        replace(write, record=replace(write.record, expires=policy.expires(write.record.key.sort, at=found.at)))
        for write in found.writes
    ]
