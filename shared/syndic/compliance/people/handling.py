"""How a model's remediations are done, as evidence: due dates and closings are on record, so nobody signs for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.assessment import Remediation, RemediationStatus
from syndic.canonical import sha256_of
from syndic.compliance.people.remediate import list_remediations
from syndic.models import Evidence, EvidenceStatus, RegisteredModel
from syndic.ports import Store
from syndic.records import list_models, renew_evidence

KIND: Final = "remediations.handled"
PERIOD: Final = timedelta(days=400)
VALID_FOR: Final = timedelta(days=7)
RENEWED: Final = timedelta(days=3)


def record_handling(*, store: Store, now: datetime, models: Iterable[RegisteredModel] | None = None) -> int:
    """Keep, for every model or those given, how its remediations stand; returns how much evidence was written."""
    return sum(
        renew_evidence(
            store, handling_evidence(model.id, tuple(list_remediations(store, model.id)), now=now), every=RENEWED
        )
        for model in (list_models(store) if models is None else models)
    )


def handling_evidence(model_id: str, remediations: tuple[Remediation, ...], *, now: datetime) -> Evidence:
    """What stands of a model's remediations: open, overdue, and closed in the last 400 days, in time or late."""
    still = [it for it in remediations if it.status is not RemediationStatus.CLOSED]
    done = [it for it in remediations if it.closed_at is not None and it.closed_at > now - PERIOD]
    overdue = sum(it.due < now.date() for it in still)
    late = sum(it.closed_at is not None and it.closed_at.date() > it.due for it in done)
    facts: dict[str, JsonValue] = {
        "open": len(still),
        "overdue": overdue,
        "closed_in_time": len(done) - late,
        "closed_late": late,
    }
    said = (
        f"{len(still)} remediations are open, {overdue} of them overdue; {len(done)} were closed in {PERIOD.days} "
        f"days, {late} of them late"
        if still or done
        else "no remediation is open, and none was closed"
    )
    return Evidence(
        kind=KIND,
        model_id=model_id,
        status=EvidenceStatus.FAILING if overdue else EvidenceStatus.PASSING,
        summary=said,
        facts=facts,
        source=f"remediations/{model_id}",
        sha256=sha256_of(facts),
        produced_at=now,
        expires_at=now + VALID_FOR,
    )
