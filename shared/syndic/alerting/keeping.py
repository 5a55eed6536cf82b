"""Reading and changing alert records, with the audit entries that go with each change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from syndic.alerting.keys import alert_key, listings
from syndic.alerting.models import Alert, AlertRecord, AlertState
from syndic.alerting.rules import derive, is_pending, was_troubled
from syndic.errors import ConflictError, StaleWriteError
from syndic.models import AuditEntry, Severity, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store

ACTOR: Final = "syndic/alerting"
_TRIES: Final = 50


def load(store: Store, identity: str) -> tuple[AlertRecord | None, Record | None]:
    """An alert's record, and how it is stored."""
    record = store.get(alert_key(identity))
    return (AlertRecord.model_validate(record.body) if record else None), record


def change(
    identity: str,
    step: Callable[[AlertRecord | None], AlertRecord | None],
    *,
    store: Store,
    audit: AuditTrail,
    actor: str = ACTOR,
    now: datetime,
) -> AlertRecord | None:
    """Apply a step to an alert's record until no other writer comes between.

    The audit entries of a change are stored with it and taken off once they are appended, so that a function that
    dies in between leaves them for the next one: none is lost. Two writers that meet may both append them.
    """
    for _ in range(_TRIES):
        before, stored = load(store, identity)
        after = step(before)
        if after is None:
            return before
        if after == before and not before.untold:
            return after
        if after != before:
            after = after.model_copy(update={"untold": (*after.untold, *_entries(identity, before, after, actor, now))})
            stored = _put(store, identity, after, stored)
            if stored is None:
                continue
        if after.untold:
            audit.append(*after.untold)
            _put(store, identity, after.model_copy(update={"untold": ()}), stored)
        return after.model_copy(update={"untold": ()})
    raise ConflictError(f"alert {identity} was changed by others at each of {_TRIES} tries")


def _put(store: Store, identity: str, record: AlertRecord, stored: Record | None) -> Record | None:
    places = listings(derive(record), pending=is_pending(record)) if was_troubled(record) else ()
    try:
        return store.put(
            Record(alert_key(identity), to_json(record), listings=places), expect=stored.etag if stored else ABSENT
        )
    except StaleWriteError:
        return None


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
