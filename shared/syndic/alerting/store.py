"""Reading and changing alert records, with the audit entries that go with each change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from syndic.alerting.keys import alert_key, listings
from syndic.alerting.models import Alert, AlertRecord, AlertState
from syndic.alerting.rules import derive, is_pending, was_troubled
from syndic.changes import Change, Telling, commit, finish
from syndic.models import AuditEntry, Severity, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.record_versions import Schema, Upgraded, numbered
from syndic.records import retried

ACTOR: Final = "syndic/alerting"


def _from_version_1(body: dict[str, Any]) -> Upgraded:
    """Before, audit entries that were not yet appended lay in the record."""
    untold = [AuditEntry.model_validate(one) for one in body.pop("untold", ())]
    return Upgraded(body, Telling(entries=numbered(untold)))


SCHEMA: Final = Schema("alert", (_from_version_1,))


def read_alert(record: Record) -> AlertRecord:
    """An alert's record as this release has it."""
    return AlertRecord.model_validate(SCHEMA.read(record).body)


def load(store: Store, identity: str) -> tuple[AlertRecord | None, Record | None]:
    """An alert's record, and how it is stored."""
    record = store.get(alert_key(identity))
    return (read_alert(record) if record else None), record


def change(
    identity: str,
    step: Callable[[AlertRecord | None], AlertRecord | None],
    *,
    store: Store,
    audit: AuditTrail,
    actor: str = ACTOR,
    now: datetime,
) -> AlertRecord | None:
    """Apply a step to an alert's record until no other writer comes between; each change is one commit."""

    def attempt() -> AlertRecord | None:
        before, stored = load(store, identity)
        after = step(before)
        if after is None or after == before:
            finish(alert_key(identity), store=store, audit=audit)
            return before
        writes = (Write(alert_record(identity, after), stored.etag if stored else ABSENT),)
        left = SCHEMA.read(stored).untold if stored else Telling()
        entries = _entries(identity, before, after, actor, now)
        commit(Change(writes, now, entries=entries, untold=left), store=store, audit=audit)
        return after

    return retried(attempt, what=f"alert {identity}")


def alert_record(identity: str, alert: AlertRecord) -> Record:
    """An alert as it is stored, and where it is found."""
    places = listings(derive(alert), pending=is_pending(alert)) if was_troubled(alert) else ()
    return Record(alert_key(identity), SCHEMA.write(to_json(alert)), listings=places)


def _entries(
    identity: str, before: AlertRecord | None, after: AlertRecord, actor: str, now: datetime
) -> Sequence[AuditEntry]:
    """What the audit trail is told of a change."""
    old = derive(before) if before is not None and was_troubled(before) else None
    if old is None and not was_troubled(after):
        return ()
    new = derive(after)
    action = _action(old, new)
    if action is None and before is not None and before.acknowledgement != after.acknowledgement:
        action = "alert.acknowledged"
    if action is None:
        return ()
    severity_before = _severity(old)
    details: dict[str, Any] = {
        "alert": identity,
        "concern": new.concern.value,
        "subject": new.subject,
        "severity": new.severity.value,
        "severity_before": severity_before.value,
        "finding": after.sightings[-1].finding_id,
    }
    return (AuditEntry(action=action, actor=actor, subject=f"model/{new.model_id}", at=now, details=details),)


def _severity(alert: Alert | None) -> Severity:
    return Severity.NONE if alert is None or alert.state is AlertState.RESOLVED else alert.severity


def _action(old: Alert | None, new: Alert) -> str | None:
    was, now = _severity(old), _severity(new)
    if now is Severity.NONE:
        return "alert.resolved" if old is None or was is not Severity.NONE else None
    if was is Severity.NONE:
        return "alert.opened"
    if now is was:
        return None
    return "alert.worsened" if now.rank > was.rank else "alert.eased"
