"""What people do to alerts: acknowledge, assign, snooze, resolve, reopen, comment. Each step is on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.alerting.alerts import get_record
from syndic.alerting.keys import state_partition
from syndic.alerting.models import (
    Action,
    ActionName,
    Alert,
    AlertChange,
    AlertRecord,
    AlertState,
    Assignment,
    ChangedAlert,
    Snooze,
    Standing,
)
from syndic.alerting.store import change, read_alert
from syndic.alerting.troubles.standing import derive, state_of
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from syndic.models import Severity
from syndic.ports import AuditTrail, Store
from syndic.records import iterate

MOST_ACTIONS: Final = 200
LONGEST_SNOOZE: Final = timedelta(days=90)
AGAIN: Final = timedelta(minutes=15)
"""The same person who comments the same within this time repeats a request whose answer was lost."""

_DONE: Final = {
    ActionName.ACKNOWLEDGE: "alert.acknowledged",
    ActionName.ASSIGN: "alert.assigned",
    ActionName.SNOOZE: "alert.snoozed",
    ActionName.RESOLVE: "alert.resolved",
    ActionName.REOPEN: "alert.reopened",
    ActionName.COMMENT: "alert.commented",
}


def change_alert(
    identity: str,
    wanted: AlertChange,
    *,
    by: str,
    store: Store,
    audit: AuditTrail,
    now: datetime,
    unless: Callable[[AlertRecord], None] = lambda _: None,
    details: Mapping[str, Any] | None = None,
) -> Alert:
    """Do to an alert what a person wants. What is so already stays as it is.

    Args:
        identity: The alert.
        wanted: What to do.
        by: Who does it.
        store: Records.
        audit: The trail.
        now: When.
        unless: Raises when the alert, as it is in the moment of the change, is not one to be changed so.
        details: More for the trail, such as where it was done from.

    Raises:
        NotFoundError: There is no such alert.
        ConflictError: It is resolved, so there is nothing to do; or it is not, so there is nothing to reopen.
        InvalidInputError: A field is missing, has no meaning for the action, or lies out of bounds.
    """
    check_change(wanted, now)
    act = _ACTS[wanted.action]
    adopting = get_record(store, identity, now)

    def step(record: AlertRecord | None) -> AlertRecord:
        present = record or adopting
        unless(present)
        update = act(present, wanted, by, now)
        if update is None:
            return present
        done = Action(
            at=now, by=by, action=wanted.action, note=wanted.note, assignee=wanted.assignee, until=wanted.until
        )
        return present.model_copy(update={**update, "actions": (*present.actions, done)[-MOST_ACTIONS:]})

    told: dict[str, Any] = {"note_given": bool(wanted.note), **(details or {})}
    if wanted.until is not None:
        told["until"] = wanted.until.isoformat()
    changed = change(
        identity, step, store=store, audit=audit, actor=by, action=_DONE[wanted.action], details=told, now=now
    )
    if changed is None:
        raise NotFoundError(f"no alert has the id {identity!r}")
    return derive(changed, now)


def change_alerts(
    identities: Sequence[str],
    wanted: AlertChange,
    *,
    require: Callable[[str], None],
    by: str,
    store: Store,
    audit: AuditTrail,
    now: datetime,
) -> tuple[ChangedAlert, ...]:
    """Do the same to many alerts, each in a commit of its own; what cannot be done to one is said of that one.

    Args:
        identities: The alerts.
        wanted: What to do.
        require: Called with the model of each; raises `NotAllowedError`.
        by: Who does it.
        store: Records.
        audit: The trail.
        now: When.
    """
    check_change(wanted, now)
    found = []
    for identity in dict.fromkeys(identities):
        try:
            require(get_record(store, identity, now).lead.model_id)
            alert = change_alert(identity, wanted, by=by, store=store, audit=audit, now=now)
        except (NotFoundError, ConflictError, NotAllowedError) as error:
            found.append(ChangedAlert(id=identity, problem=str(error)))
        else:
            found.append(ChangedAlert(id=identity, alert=alert))
    return tuple(found)


def check_change(wanted: AlertChange, now: datetime) -> None:
    """Raise `InvalidInputError` when a field is missing, has no meaning for the action, or lies out of bounds."""
    action = wanted.action
    for name, of in (("assignee", ActionName.ASSIGN), ("until", ActionName.SNOOZE)):
        given = getattr(wanted, name) is not None
        if given != (action is of):
            said = (
                f"is needed to {action.value}" if action is of else f"has no meaning when one wants to {action.value}"
            )
            raise InvalidInputError(said, where=name)
    if action in {ActionName.RESOLVE, ActionName.COMMENT} and not wanted.note.strip():
        raise InvalidInputError(f"is needed to {action.value}: say why, or what", where="note")
    if wanted.until is not None and not now < wanted.until <= now + LONGEST_SNOOZE:
        raise InvalidInputError(f"is not within the {LONGEST_SNOOZE.days} days to come", where="until")


def wake_snoozed(*, store: Store, audit: AuditTrail, now: datetime) -> int:
    """Open the alerts whose snooze has ended; returns how many. The trail is told."""
    woken = 0
    for stored in list(iterate(store, state_partition(AlertState.SNOOZED))):
        record = read_alert(stored)
        if state_of(record, now) is AlertState.SNOOZED:
            continue
        change(record.id, lambda one: one, store=store, audit=audit, action="alert.woken", now=now)
        woken += 1
    return woken


def _acknowledge(record: AlertRecord, wanted: AlertChange, by: str, now: datetime) -> Mapping[str, Any] | None:
    _not_resolved(record, now, "acknowledge")
    present = record.acknowledgement
    if state_of(record, now) is AlertState.ACKNOWLEDGED and present and (present.by, present.note) == (by, wanted.note):
        return None
    return {"acknowledgement": _standing(record, wanted, by, now), "snooze": None}


def _assign(record: AlertRecord, wanted: AlertChange, by: str, now: datetime) -> Mapping[str, Any] | None:
    _not_resolved(record, now, "assign")
    to = (wanted.assignee or "").strip()
    if not to:
        raise InvalidInputError("is empty", where="assignee")
    if record.assignment is not None and (record.assignment.to, record.assignment.by) == (to, by):
        return None
    return {"assignment": Assignment(to=to, by=by, at=now)}


def _snooze(record: AlertRecord, wanted: AlertChange, by: str, now: datetime) -> Mapping[str, Any] | None:
    _not_resolved(record, now, "snooze")
    present, until = record.snooze, wanted.until
    if state_of(record, now) is AlertState.SNOOZED and present and (present.by, present.until) == (by, until):
        return None
    return {"snooze": Snooze(**dict(_standing(record, wanted, by, now)), until=until or now)}


def _resolve(record: AlertRecord, wanted: AlertChange, by: str, now: datetime) -> Mapping[str, Any] | None:
    present = record.resolution
    if state_of(record, now) is AlertState.RESOLVED:
        if present is not None and (present.by, present.note) == (by, wanted.note):
            return None
        raise ConflictError(f"alert {record.id} is resolved already")
    return {"resolution": _standing(record, wanted, by, now), "snooze": None}


def _reopen(record: AlertRecord, wanted: AlertChange, by: str, now: datetime) -> Mapping[str, Any] | None:
    del wanted
    if record.severity is Severity.NONE:
        raise ConflictError(f"alert {record.id} is over in the data: there is nothing to reopen")
    if state_of(record, now) is AlertState.OPEN:
        last = record.actions[-1] if record.actions else None
        if last is not None and (last.action, last.by) == (ActionName.REOPEN, by):
            return None
        raise ConflictError(f"alert {record.id} is open")
    return {"resolution": None, "acknowledgement": None, "snooze": None}


def _comment(record: AlertRecord, wanted: AlertChange, by: str, now: datetime) -> Mapping[str, Any] | None:
    for one in reversed(record.actions):
        if now - one.at >= AGAIN:
            break
        if (one.action, one.by, one.note) == (ActionName.COMMENT, by, wanted.note):
            return None
    return {}


_ACTS: Final[Mapping[ActionName, Callable[[AlertRecord, AlertChange, str, datetime], Mapping[str, Any] | None]]] = {
    ActionName.ACKNOWLEDGE: _acknowledge,
    ActionName.ASSIGN: _assign,
    ActionName.SNOOZE: _snooze,
    ActionName.RESOLVE: _resolve,
    ActionName.REOPEN: _reopen,
    ActionName.COMMENT: _comment,
}


def _standing(record: AlertRecord, wanted: AlertChange, by: str, now: datetime) -> Standing:
    return Standing(by=by, at=now, severity=record.severity, seen_until=record.last_seen, note=wanted.note)


def _not_resolved(record: AlertRecord, now: datetime, verb: str) -> None:
    if state_of(record, now) is AlertState.RESOLVED:
        raise ConflictError(f"alert {record.id} is resolved; there is nothing to {verb}")
