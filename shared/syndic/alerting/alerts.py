"""Keep findings as alerts, and list them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from syndic.alerting.keys import ALL, model_partition, state_partition
from syndic.alerting.models import Alert, AlertPage, AlertRecord, AlertState
from syndic.alerting.store import keep_findings, load, read_alert, read_known, refresh, renewed, subjects_of
from syndic.alerting.troubles.standing import derive
from syndic.errors import NotFoundError
from syndic.models import Concern, FindingsChanged, Severity
from syndic.ports import AuditTrail, Store
from syndic.records import iterate


def receive_findings(event: FindingsChanged, *, store: Store, audit: AuditTrail, now: datetime) -> tuple[Alert, ...]:
    """Keep the findings of an event; returns the alerts that they are about, one for each model and concern.

    A finding of severity `none` says that the subject is well in its window. Events may come twice and in any order:
    the alerts are the same in the end.
    """
    about = dict.fromkeys((one.model_id, one.concern) for one in event.findings)
    read = read_known(event.findings, store)
    keep_findings(event.findings, store=store, audit=audit, read=read, now=now)
    records = [refresh(model_id, concern, store=store, audit=audit, read=read, now=now) for model_id, concern in about]
    return tuple(derive(record, now) for record in records if record is not None)


def get_alert(store: Store, identity: str, now: datetime) -> Alert:
    """One alert. Raises `NotFoundError`."""
    return derive(get_record(store, identity, now), now)


def get_record(store: Store, identity: str, now: datetime) -> AlertRecord:
    """One alert's record, also of one that an earlier release left as subjects. Raises `NotFoundError`."""
    record, _ = load(store, identity)
    if record is None:
        model_id, _, concern = identity.rpartition(".")
        if concern in set(Concern):
            record = renewed(identity, None, subjects_of(model_id, Concern(concern), store), now)
    if record is None:
        raise NotFoundError(f"no alert has the id {identity!r}")
    return record


def list_alerts(
    store: Store,
    *,
    now: datetime,
    state: AlertState | None = None,
    model_id: str | None = None,
    severity: Severity | None = None,
    limit: int = 50,
    token: str | None = None,
) -> AlertPage:
    """Alerts, worst first, then the newest. Resolved ones come last.

    Args:
        store: Where alerts are kept.
        now: The time by which snoozes have ended or not.
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
    alerts = [derive(read_alert(record), now) for record in page.records]
    return AlertPage(
        alerts=tuple(
            one for one in alerts if (state is None or one.state is state) and severity in {None, one.severity}
        ),
        next_token=page.next_token,
    )


def unresolved(store: Store, now: datetime) -> Iterator[Alert]:
    """Every alert that is not resolved, as it stands now."""
    for state in (AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.SNOOZED):
        yield from (derive(read_alert(record), now) for record in iterate(store, state_partition(state)))
