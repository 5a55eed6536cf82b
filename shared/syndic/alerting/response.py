"""How a model's alerts are taken up, as evidence: Syndic keeps both sides of it, so nobody has to sign for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.alerting.keys import model_partition
from syndic.alerting.models import AlertRecord, AlertState
from syndic.alerting.store import read_alert
from syndic.alerting.troubles.standing import derive
from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus, RegisteredModel
from syndic.ports import Store
from syndic.records import iterate, list_models, renew_evidence

KIND: Final = "alerts.handled"
WITHIN: Final = timedelta(days=3)
"""How long a high or critical alert may stand before somebody says to have seen it. No law or standard names a time."""
VALID_FOR: Final = timedelta(days=7)
RENEWED: Final = timedelta(days=3)


def record_response(*, store: Store, now: datetime, models: Iterable[RegisteredModel] | None = None) -> int:
    """Keep, for every model or those given, how its alerts were taken up; returns how much evidence was written."""
    return sum(
        len(
            renew_evidence(
                store, (response_evidence(model.id, tuple(_alerts(store, model.id)), now=now),), every=RENEWED
            )
        )
        for model in (list_models(store) if models is None else models)
    )


def _alerts(store: Store, model_id: str) -> Iterator[AlertRecord]:
    yield from (read_alert(record) for record in iterate(store, model_partition(model_id)))


def response_evidence(model_id: str, alerts: tuple[AlertRecord, ...], *, now: datetime) -> Evidence:
    """What stands of a model's high and critical alerts, each in its present or last episode.

    An alert is late when nobody acknowledged it within three days of the finding and it was not over by then.
    """
    raised = late = acknowledged = 0
    waiting: list[datetime] = []
    for record in alerts:
        told = record.alarmed_at
        if told is None:
            continue
        alert = derive(record, now)
        raised += 1
        answer = record.acknowledgement.at if record.acknowledgement else None
        if alert.state is AlertState.ACKNOWLEDGED and answer is not None:
            acknowledged += 1
            late += answer - told > WITHIN
        elif alert.state in {AlertState.OPEN, AlertState.SNOOZED}:  # who wants to hear no more has not taken it up
            waiting.append(told)
            late += now - told > WITHIN
    facts: dict[str, JsonValue] = {
        "raised": raised,
        "acknowledged": acknowledged,
        "waiting": len(waiting),
        "waiting_since": min(waiting).isoformat() if waiting else None,
        "late": late,
    }
    said = (
        f"{raised} high or critical alerts: {acknowledged} acknowledged, {len(waiting)} waiting, {late} for more than "
        f"{WITHIN.days} days without anybody saying to have seen it"
        if raised
        else "no high or critical alert was raised"
    )
    return Evidence(
        kind=KIND,
        model_id=model_id,
        status=EvidenceStatus.FAILING if late else EvidenceStatus.PASSING,
        summary=said,
        facts=facts,
        source=f"alerts/{model_id}",
        sha256=sha256_of(facts),
        produced_at=now,
        expires_at=now + VALID_FOR,
    )
