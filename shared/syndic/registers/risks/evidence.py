"""What the risk register shows: that risks are reviewed, that somebody decided on what is left, that controls stand.

That no risk is on record shows no more than that. Levels are counted and never put into one number. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.registers.models import midnight_after
from syndic.registers.risks.models import ResidualDecisionKind, Risk, RiskRating, RiskState

REVIEWED: Final = "risks.reviewed"
DECIDED: Final = "risks.decided"
TREATED: Final = "risks.treated"
VALID_FOR: Final = timedelta(days=7)
NONE: Final = "no risk is on record, which does not show that there is none"


def risk_evidence(model_id: str, risks: Sequence[Risk], now: datetime) -> tuple[Evidence, ...]:
    """What the risks of a model, or of the organisation, show at a time."""
    still = [one for one in risks if one.closed_at is None]
    return (
        _reviewed(model_id, risks, still, now),
        _decided(model_id, risks, still, now),
        _treated(model_id, risks, still, now),
    )


def _reviewed(model_id: str, risks: Sequence[Risk], still: Sequence[Risk], now: datetime) -> Evidence:
    overdue = [one for one in still if one.review_due is not None and one.review_due < now.date()]
    unplanned = [one for one in still if one.review_due is None]
    facts: dict[str, JsonValue] = {
        "recorded": len(risks),
        "open": len(still),
        "overdue": len(overdue),
        "never_reviewed": sum(one.last_review is None for one in still),
        "without_date": len(unplanned),
    }
    said = f"{len(still)} risks are open, the review of {len(overdue)} is overdue" if risks else NONE
    failing = bool(overdue or unplanned)
    return _evidence(REVIEWED, model_id, said, facts, failing=failing, now=now, days=[one.review_due for one in still])


def _decided(model_id: str, risks: Sequence[Risk], still: Sequence[Risk], now: datetime) -> Evidence:
    undecided = [one for one in still if one.state in {RiskState.IDENTIFIED, RiskState.ASSESSED}]
    expired = [one for one in still if one.decision is not None and one.decision.expires < now.date()]
    left = Counter(one.residual.rating.value for one in still if one.residual is not None)
    accepted = Counter(
        one.residual.rating.value
        for one in still
        if one.residual is not None and one.decision is not None and one.decision.kind is ResidualDecisionKind.ACCEPT
    )
    facts: dict[str, JsonValue] = {
        "recorded": len(risks),
        "open": len(still),
        "not_assessed": sum(one.state is RiskState.IDENTIFIED for one in still),
        "undecided": len(undecided),
        "expired": len(expired),
        "residual": {rating.value: left[rating.value] for rating in RiskRating},
        "accepted": {rating.value: accepted[rating.value] for rating in RiskRating},
        "vulnerable_not_looked_at": sum(one.vulnerable is None for one in still),
    }
    said = (
        f"{len(still)} risks are open, {len(undecided)} undecided, {len(expired)} by a decision that has run out; "
        f"residual: {', '.join(f'{left[rating.value]} {rating.value}' for rating in reversed(RiskRating))}"
        if risks
        else NONE
    )
    days = [one.decision.expires for one in still if one.decision is not None]
    return _evidence(DECIDED, model_id, said, facts, failing=bool(undecided or expired), now=now, days=days)


def _treated(model_id: str, risks: Sequence[Risk], still: Sequence[Risk], now: datetime) -> Evidence:
    controls = [item for one in still for item in one.controls]
    waiting = [item for item in controls if item.is_open]
    overdue = [item for item in waiting if item.due < now.date()]
    facts: dict[str, JsonValue] = {
        "recorded": len(risks),
        "controls": len(controls),
        "in_place": sum(item.done_at is not None for item in controls),
        "planned": len(waiting),
        "overdue": len(overdue),
        "without_control": sum(not one.controls for one in still),
    }
    said = f"{len(waiting)} controls are planned, {len(overdue)} of them overdue" if risks else NONE
    return _evidence(
        TREATED, model_id, said, facts, failing=bool(overdue), now=now, days=[item.due for item in waiting]
    )


def _evidence(
    kind: str, model_id: str, said: str, facts: dict[str, JsonValue], *, failing: bool, now: datetime,
    days: Sequence[date | None],
) -> Evidence:  # fmt: skip
    """Good for a week at most, and no longer than until the next day on which something is due has passed."""
    ends = now + VALID_FOR
    coming = [end for day in days if day is not None and now < (end := midnight_after(day)) < ends]
    return Evidence(
        kind=kind, model_id=model_id, status=EvidenceStatus.FAILING if failing else EvidenceStatus.PASSING,
        summary=said, facts=facts, source=f"risks/{model_id}", sha256=sha256_of(facts), produced_at=now,
        expires_at=min(coming, default=ends),
    )  # fmt: skip
