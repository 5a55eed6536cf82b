"""Keep findings as alerts, list them, and let people acknowledge them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from syndic.alerting.keys import ALL, alert_id, model_partition, state_partition
from syndic.alerting.models import Acknowledgement, Alert, AlertPage, AlertRecord, AlertState
from syndic.alerting.rules import derive, take, was_troubled
from syndic.alerting.store import change, load, read_alert
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import Finding, FindingsChanged, Severity
from syndic.ports import AuditTrail, Store

MOST_NOTE: Final = 2000


def receive_findings(event: FindingsChanged, *, store: Store, audit: AuditTrail, now: datetime) -> tuple[Alert, ...]:
    """Keep the findings of an event, one alert per subject; returns the alerts that they are about.

    A finding of severity `none` says that the subject is well in its window and resolves the alert if no newer
    window says otherwise. Events may come twice and in any order: the alerts are the same in the end.
    """
    alerts: dict[str, Alert] = {}
    for finding in event.findings:
        identity = alert_id(finding.model_id, finding.subject_key)
        record = change(identity, partial(_taken, finding=finding), store=store, audit=audit, now=now)
        if record is not None and was_troubled(record):
            alerts[identity] = derive(record)
    return tuple(alerts.values())


def _taken(present: AlertRecord | None, finding: Finding) -> AlertRecord:
    return take(present, finding)


def get_alert(store: Store, identity: str) -> Alert:
    """One alert. Raises `NotFoundError`."""
    record, _ = load(store, identity)
    if record is None or not was_troubled(record):
        raise NotFoundError(f"no alert has the id {identity!r}")
    return derive(record)


def list_alerts(
    store: Store,
    *,
    state: AlertState | None = None,
    model_id: str | None = None,
    severity: Severity | None = None,
    limit: int = 50,
    token: str | None = None,
) -> AlertPage:
    """Alerts, worst first, then the newest. Resolved ones come last.

    Args:
        store: Where alerts are kept.
        state: Only alerts in this state.
        model_id: Only alerts of this model; with `state` as well, a page may be shorter than `limit`.
        severity: Only alerts of this severity; `none` means resolved.
        limit: Alerts in a page.
        token: From the page before.
    """
    partition = ALL if state is None else state_partition(state)
    if model_id is not None:
        partition = model_partition(model_id)
    prefix = "" if severity is None else f"{9 - severity.rank}."
    page = store.query(partition, prefix=prefix, limit=limit, token=token)
    alerts = (derive(read_alert(record)) for record in page.records)
    return AlertPage(
        alerts=tuple(alert for alert in alerts if state is None or alert.state is state), next_token=page.next_token
    )


def acknowledge(identity: str, *, by: str, note: str = "", store: Store, audit: AuditTrail, now: datetime) -> Alert:
    """Say that a person has seen an alert. It stays quiet until it is resolved or grows worse.

    Raises:
        NotFoundError: There is no such alert.
        ConflictError: It is resolved.
        InvalidInputError: The note is too long.
    """
    if len(note) > MOST_NOTE:
        raise InvalidInputError(f"a note is at most {MOST_NOTE} characters", where="note")
    get_alert(store, identity)

    def step(record: AlertRecord | None) -> AlertRecord:
        if record is None or not was_troubled(record):
            raise NotFoundError(f"no alert has the id {identity!r}")
        alert = derive(record)
        if alert.state is AlertState.RESOLVED:
            raise ConflictError(f"alert {identity} is resolved; there is nothing to acknowledge")
        if alert.state is AlertState.ACKNOWLEDGED and (alert.acknowledged_by, alert.note) == (by, note):
            return record
        acknowledgement = Acknowledgement(
            severity=alert.severity, place=record.sightings[-1].place, at=now, by=by, note=note
        )
        return record.model_copy(update={"acknowledgement": acknowledgement})

    record = change(identity, step, store=store, audit=audit, actor=by, now=now)
    if record is None:
        raise NotFoundError(f"no alert has the id {identity!r}")
    return derive(record)
