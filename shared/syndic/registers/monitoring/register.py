"""The register of monitoring plans: drafted, approved, superseded, and what the approved one shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.errors import ConflictError
from syndic.models import Evidence, EvidenceStatus
from syndic.registers.models import Step
from syndic.registers.monitoring.following import missing_of
from syndic.registers.monitoring.models import MonitoringPlan, PlanSeen, PlanState
from syndic.registers.register import Register

KIND: Final = "monitoring.plan"
DOCUMENT: Final = "document.post_market_plan"
VALID: Final = timedelta(days=7)
REVIEWED: Final = timedelta(days=365)


def approved(plan: MonitoringPlan, seen: PlanSeen, *, actor: str, now: datetime) -> MonitoringPlan:
    """The plan as approved. Raises `ConflictError` for one that is not a draft, or of which something is missing."""
    if plan.state == PlanState.APPROVED:
        return plan
    if plan.state != PlanState.DRAFT:
        raise ConflictError(f"plan no. {plan.number} is {plan.state}: draft another")
    lacking = missing_of(plan.content, plan.statements)
    if lacking:
        raise ConflictError(f"plan no. {plan.number} is not complete: {'; '.join(lacking)}")
    update = {"state": PlanState.APPROVED.value, "approved_by": actor, "approved_at": now, "seen": seen}
    return plan.model_copy(update={**update, "review_due": (now + REVIEWED).date()})


def superseded(plan: MonitoringPlan, now: datetime) -> MonitoringPlan:
    """The plan as replaced by a later one."""
    if plan.closed_at is not None:
        return plan
    return plan.model_copy(update={"state": PlanState.SUPERSEDED.value, "closed_at": now})


def watched(plan: MonitoringPlan, seen: PlanSeen) -> MonitoringPlan:
    """The plan with what was seen of it now."""
    return plan if plan.state != PlanState.APPROVED else plan.model_copy(update={"seen": seen})


def newest_approved(plans: Sequence[MonitoringPlan]) -> MonitoringPlan | None:
    """The plan in force: of those approved, the one with the highest number."""
    return max((one for one in plans if one.state == PlanState.APPROVED), key=lambda one: one.number, default=None)


def _shown(model_id: str, plans: Sequence[MonitoringPlan], now: datetime) -> tuple[Evidence, ...]:
    plan = newest_approved([one for one in plans if one.model_ids == (model_id,)])
    if plan is None or plan.approved_at is None:
        return ()
    facts: dict[str, JsonValue] = {
        "number": plan.number,
        "plan_sha256": plan.sha256,
        "model_version": plan.content.version,
        "checks": [one.check for one in plan.content.checks if one.runs],
        "overdue": list(plan.seen.overdue),
        "differences": list(plan.seen.differences),
        "review_due": plan.review_due.isoformat() if plan.review_due else None,
    }
    late, other = len(plan.seen.overdue), len(plan.seen.differences)
    summary = f"plan no. {plan.number}: {late} planned checks did not run in time, {other} settings are not as planned"
    followed = Evidence(
        kind=KIND, model_id=model_id, status=EvidenceStatus.FAILING if late else EvidenceStatus.PASSING,
        summary=summary, facts=facts, source=f"plan/{plan.id}", sha256=sha256_of(facts), produced_at=now,
        expires_at=now + VALID,
    )  # fmt: skip
    document = Evidence(
        kind=DOCUMENT, model_id=model_id, status=EvidenceStatus.PASSING,
        summary=f"Post-market monitoring plan no. {plan.number}, approved {plan.approved_at:%Y-%m-%d}",
        facts={
            "title": f"Post-market monitoring plan no. {plan.number}",
            "location": f"/models/{model_id}/monitoring-plans/{plan.id}",
            "model_version": plan.content.version,
            "recorded_by": plan.approved_by,
        },
        source=f"plan/{plan.id}", sha256=plan.sha256, produced_at=plan.approved_at,
    )  # fmt: skip
    return followed, document


def _steps(plan: MonitoringPlan, _now: datetime) -> tuple[Step, ...]:
    if plan.state == PlanState.DRAFT:
        lacking = missing_of(plan.content, plan.statements)
        return (
            Step(name="approve", title="Approve it")
            if not lacking
            else Step(name="draft", title="Draft it again with what is missing", asks=("statements",)),
        )
    if plan.state == PlanState.APPROVED and (plan.seen.differences or plan.seen.overdue):
        return (Step(name="draft", title="Draft the next version, or have run what is planned", asks=("statements",)),)
    return ()


PLANS: Final = Register(
    "plans", "plan", MonitoringPlan, evidence=_shown, steps=_steps, plain=frozenset({"number", "sha256"})
)  # fmt: skip
