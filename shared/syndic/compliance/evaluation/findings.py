"""What is told of a status that changed: an entry of the trail, and findings for what blocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from syndic.assessment import FrameworkStatus, RequirementState, State
from syndic.canonical import sha256_of
from syndic.models import AuditEntry, Concern, Finding, Severity

ACTOR: Final = "syndic/compliance"


def blocks(item: RequirementState) -> bool:
    """Whether a requirement is one that a finding was raised for."""
    return item.blocking and item.state is State.NOT_MET


def why_gone(status: FrameworkStatus) -> str:
    """Why a requirement that was judged before no longer is."""
    if status.scope is not None and not status.scope.applies:
        return "the framework is not about this model, or is not known to be"
    return "the framework no longer has this requirement"


def over(status: FrameworkStatus, item: RequirementState, why: str, now: datetime) -> Finding:
    """A finding of no severity: that a requirement is contradicted is nobody's concern any more, and why."""
    return Finding(
        id=sha256_of([status.model_id, status.framework_id, item.requirement_id, status.inputs_sha256, why])[:24],
        model_id=status.model_id,
        model_name=status.model_name,
        owner=status.owner,
        concern=Concern.COMPLIANCE,
        subject=item.requirement_id,
        severity=Severity.NONE,
        title=f"{status.model_name}: {item.title} ({item.requirement_id}, {status.framework_title}) is no longer asked",
        reason=why,
        remedy="Nothing is left to do.",
        measure=status.framework_id,
        report_id=f"{status.framework_id}.{status.model_id}",
        found_at=now,
    )


def entry_of(status: FrameworkStatus, changes: Mapping[str, Any]) -> AuditEntry:
    """The entry of the trail on states that changed."""
    return AuditEntry(
        action="compliance.changed",
        actor=ACTOR,
        subject=f"model/{status.model_id}",
        at=status.evaluated_at,
        details={
            "framework": status.framework_id,
            "framework_version": status.framework_version,
            "inputs_sha256": status.inputs_sha256,
            "counts": dict(status.counts),
            "changes": dict(changes),
        },
    )


def finding_of(
    status: FrameworkStatus, item: RequirementState, earlier: Mapping[str, RequirementState], now: datetime
) -> Finding | None:
    """A finding for a blocking requirement that is contradicted, and one of no severity when it no longer is."""
    before = earlier.get(item.requirement_id)
    failed_before = before is not None and before.blocking and before.state is State.NOT_MET
    fails = item.blocking and item.state is State.NOT_MET
    if (not fails and not failed_before) or (fails and item == before):
        return None
    title = f"{status.model_name}: {item.title} ({item.requirement_id}, {status.framework_title}) is "
    return Finding(
        id=sha256_of([status.model_id, status.framework_id, item.requirement_id, status.inputs_sha256, fails])[:24],
        model_id=status.model_id,
        model_name=status.model_name,
        owner=status.owner,
        concern=Concern.COMPLIANCE,
        subject=item.requirement_id,
        severity=Severity.HIGH if fails else Severity.NONE,
        title=title + ("contradicted by the evidence" if fails else f"now {item.state.word}"),
        reason=item.reason,
        remedy=item.remedy,
        measure=status.framework_id,
        report_id=f"{status.framework_id}.{status.model_id}",
        found_at=now,
    )
