"""Reading and writing subjects and alerts, with the audit entries that go with each change of an alert."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from syndic.alerting.keys import (
    ALL,
    PENDING,
    alert_id,
    alert_key,
    model_partition,
    old_partition,
    recipient_word,
    state_partition,
    subject_id,
    subject_key,
    subjects_partition,
)
from syndic.alerting.models import AlertRecord, AlertState, Notice, Standing, SubjectRecord
from syndic.alerting.troubles.episodes import adopted, derive_episode
from syndic.alerting.troubles.standing import is_pending, state_of
from syndic.alerting.troubles.subjects import take
from syndic.changes import Change, Telling, commit, finish
from syndic.errors import StaleWriteError
from syndic.models import AuditEntry, Concern, Finding, Severity, to_json
from syndic.ports import ABSENT, AuditTrail, Key, Listing, Readable, Record, Store, Write
from syndic.record_versions import Schema, Upgraded, numbered
from syndic.records import iterate, retried

ACTOR: Final = "syndic/alerting"
TOGETHER: Final = 45
"""Subjects written in one transaction: each has one listing beside it."""


def _from_version_1(body: dict[str, Any]) -> Upgraded:
    """Before, audit entries that were not yet appended lay in the record."""
    untold = [AuditEntry.model_validate(one) for one in body.pop("untold", ())]
    return Upgraded(body, Telling(entries=numbered(untold)))


def _from_version_2(body: dict[str, Any]) -> Upgraded:
    """Before, each subject was an alert of its own, with what a person said and a mail told of it."""
    acknowledgement, notice = body.pop("acknowledgement", None), body.pop("notice", None)
    body["acknowledged_by"] = acknowledgement["by"] if acknowledgement else None
    body["told"] = notice["severity"] if notice else Severity.NONE.value
    return Upgraded(body)


SCHEMA: Final = Schema("alert", (_from_version_1, _from_version_2))


def read_subject(record: Record) -> SubjectRecord:
    """A subject's record as this release has it."""
    return SubjectRecord.model_validate(SCHEMA.read(record).body)


def subject_record(subject: SubjectRecord) -> Record:
    """A subject as it is stored. Only one that ever was in trouble is listed."""
    finding = subject.latest
    identity = subject_id(finding)
    of = Listing(subjects_partition(alert_id(finding.model_id, finding.concern)), identity)
    return Record(subject_key(identity), SCHEMA.write(to_json(subject)), listings=(of,) if subject.was_troubled else ())


def read_known(findings: Sequence[Finding], store: Store) -> Mapping[Key, Record]:
    """What is known of some findings' subjects and alerts, and whether an earlier release left any, in one read."""
    subjects = dict.fromkeys(subject_key(subject_id(one)) for one in findings)
    alerts = dict.fromkeys(alert_key(alert_id(one.model_id, one.concern)) for one in findings)
    return store.get_many([*subjects, *alerts, SCHEMA.mark])


def keep_findings(
    findings: Sequence[Finding], *, store: Store, audit: AuditTrail, read: Mapping[Key, Record], now: datetime
) -> None:
    """Keep what findings say of their subjects, many in one transaction. The same again changes nothing.

    `read`: what `read_known` read a moment ago; where somebody came in between it is read again.
    """
    by_subject: dict[str, list[Finding]] = {}
    for one in findings:
        by_subject.setdefault(subject_id(one), []).append(one)
    places = sorted(by_subject)
    for at in range(0, len(places), TOGETHER):
        some = {place: by_subject[place] for place in places[at : at + TOGETHER]}
        keys, known = [subject_key(identity) for identity in some], [read]

        def step(some: Any = some, keys: Any = keys, known: Any = known) -> None:
            _keep(some, known.pop() if known else store.get_many(keys), store, audit, now)

        retried(step, what="subjects of alerts")


def _keep(
    findings: Mapping[str, Sequence[Finding]],
    present: Mapping[Key, Record],
    store: Store,
    audit: AuditTrail,
    now: datetime,
) -> None:
    writes, left = [], Telling()
    for identity, found in findings.items():
        stored = present.get(subject_key(identity))
        before = after = read_subject(stored) if stored else None
        for one in found:
            after = take(after, one)
        if after is not None and after != before:
            writes.append(Write(subject_record(after), stored.etag if stored else ABSENT))
            left = left.joined(SCHEMA.read(stored).untold) if stored else left
    if writes:
        commit(Change(writes, now, untold=left), store=store, audit=audit)


def subjects_of(model_id: str, concern: Concern, store: Store, *, adopted: bool = False) -> list[SubjectRecord]:
    """The subjects of an alert that ever were in trouble, those that an earlier release wrote included.

    `adopted`: it is known that there are none of an earlier release.
    """
    listed = iterate(store, subjects_partition(alert_id(model_id, concern)))
    found = {record.key.sort: read_subject(record) for record in listed}
    for record in () if adopted else iterate(store, old_partition(model_id)):
        subject = read_subject(record)
        if subject.latest.concern is concern:
            found.setdefault(record.key.sort, subject)
    return [found[identity] for identity in sorted(found)]


def read_alert(record: Record) -> AlertRecord:
    """An alert's record."""
    return AlertRecord.model_validate(record.body)


def load(store: Readable, identity: str) -> tuple[AlertRecord | None, Record | None]:
    """An alert's record, and how it is stored. A record without members is of an alert that was withdrawn."""
    record = store.get(alert_key(identity))
    alert = read_alert(record) if record else None
    return (alert if alert is not None and alert.members else None), record


def refresh(
    model_id: str,
    concern: Concern,
    *,
    store: Store,
    audit: AuditTrail,
    read: Mapping[Key, Record] | None = None,
    now: datetime,
    told: bool = False,
) -> AlertRecord | None:
    """Make an alert follow from its subjects again; what people did stays. None: there is no trouble, nor was any.

    `read`: what `read_known` read a moment ago.
    `told`: the trail knows of it already, as of the alerts of an earlier release.
    """
    identity = alert_id(model_id, concern)
    adopted = read is not None and SCHEMA.is_done(read)
    # Read after the alert's own record: whoever wrote that before saw fewer subjects, not more.
    return change(
        identity,
        lambda before: renewed(identity, before, subjects_of(model_id, concern, store, adopted=adopted), now),
        store=store,
        audit=audit,
        read=read,
        now=now,
        told=told,
    )


def renewed(
    identity: str, before: AlertRecord | None, subjects: Iterable[SubjectRecord], now: datetime
) -> AlertRecord | None:
    """An alert as it follows from its subjects, with what people did."""
    every = list(subjects)
    found = derive_episode(identity, every)
    if found is None:
        return before.model_copy(update={"members": (), "severity": Severity.NONE}) if before else None
    if before is None:
        told, by = adopted(every)
        update: dict[str, Any] = {}
        if told is not Severity.NONE:
            update["notice"] = Notice(severity=told, first_seen=found.first_seen, at=now)
        if by is not None:
            update["acknowledgement"] = Standing(by=by, at=now, severity=found.severity, seen_until=found.last_seen)
        return found.model_copy(update=update)
    kept = ("opened_at", "acknowledgement", "snooze", "resolution", "assignment", "actions", "notice")
    return found.model_copy(update={name: getattr(before, name) for name in kept})


def change(
    identity: str,
    step: Callable[[AlertRecord | None], AlertRecord | None],
    *,
    store: Store,
    audit: AuditTrail,
    read: Readable | None = None,
    actor: str = ACTOR,
    action: str | None = None,
    details: Mapping[str, Any] | None = None,
    now: datetime,
    told: bool = False,
) -> AlertRecord | None:
    """Apply a step to an alert's record until no other writer comes between; each change is one commit.

    Args:
        identity: The alert.
        step: From the record as it is, or None, to what it becomes.
        store: Records.
        audit: Is told when the alert's severity or state changed, and of what a person did.
        read: What was read of it a moment ago: the first try does not read again.
        actor: Who changes it.
        action: What a person did, for the trail; else it follows from the difference.
        details: More of it.
        now: When.
        told: The trail knows of it already.
    """
    known = [] if read is None else [read]

    def attempt() -> AlertRecord | None:
        early = known.pop() if known else None
        before, stored = load(store if early is None else early, identity)
        after = step(before)
        if after is None or (after == before and stored is not None and not _moved(after, stored, now)):
            if early is not None:  # no condition would say that somebody changed it since
                raise StaleWriteError(f"alert {identity} was read before: read it again")
            finish(alert_key(identity), store=store, audit=audit)
            return before
        if state_of(after, now) is AlertState.OPEN and _state(before, now) is not AlertState.OPEN:
            after = after.model_copy(update={"opened_at": now})
        writes = (Write(alert_record(after, now), stored.etag if stored else ABSENT),)
        entries = (
            ()
            if told and before is None
            else entries_of(before, after, actor=actor, action=action, details=details or {}, now=now)
        )
        commit(Change(writes, now, entries=entries), store=store, audit=audit)
        return after if after.members else None

    return retried(attempt, what=f"alert {identity}")


def alert_record(alert: AlertRecord, now: datetime) -> Record:
    """An alert as it is stored, and where it is found."""
    return Record(alert_key(alert.id), to_json(alert), listings=listings(alert, now) if alert.members else ())


def _moved(alert: AlertRecord, stored: Record, now: datetime) -> bool:
    """Whether it belongs elsewhere by now, as when a snooze has ended."""
    return set(listings(alert, now) if alert.members else ()) != set(stored.listings)


def entries_of(
    before: AlertRecord | None,
    after: AlertRecord,
    *,
    actor: str,
    action: str | None,
    details: Mapping[str, Any],
    now: datetime,
) -> Sequence[AuditEntry]:
    """What the audit trail is told of a change."""
    was, is_now = _severity(before, now), _severity(after, now)
    found = (action,) if action else _actions(was, is_now, is_new=before is None)
    told = {
        "alert": after.id,
        "concern": after.lead.concern.value,
        "subject": after.lead.subject,
        "findings": after.findings,
        "severity": is_now.value,
        "severity_before": was.value,
        "finding": after.lead.id,
        **details,
    }
    about = f"model/{after.lead.model_id}"
    return [AuditEntry(action=one, actor=actor, subject=about, at=now, details=told) for one in found]


def _state(alert: AlertRecord | None, now: datetime) -> AlertState | None:
    return None if alert is None else state_of(alert, now)


def _severity(alert: AlertRecord | None, now: datetime) -> Severity:
    if alert is None or not alert.members or state_of(alert, now) is AlertState.RESOLVED:
        return Severity.NONE
    return alert.severity


def _actions(was: Severity, is_now: Severity, *, is_new: bool) -> tuple[str, ...]:
    if is_now is was:
        return ("alert.opened", "alert.resolved") if is_new and is_now is Severity.NONE else ()
    if is_now is Severity.NONE:
        return ("alert.resolved",)
    if was is Severity.NONE:
        return ("alert.opened" if is_new else "alert.reopened",)
    return ("alert.worsened" if is_now.rank > was.rank else "alert.eased",)


def listings(record: AlertRecord, now: datetime) -> tuple[Listing, ...]:
    """Where an alert is found."""
    state = state_of(record, now)
    severity = record.severity if state is not AlertState.RESOLVED else Severity.NONE
    # Keys sort upwards; worst and newest come first when both are counted down.
    newest = 10**12 - int(record.last_seen.timestamp())
    place = f"{9 - severity.rank}.{newest:013d}.{hashlib.sha256(record.id.encode()).hexdigest()[:16]}"
    lead = record.lead
    found = [Listing(one, place) for one in (ALL, state_partition(state), model_partition(lead.model_id))]
    if is_pending(record, now):
        found.append(Listing(PENDING, f"{recipient_word(lead.owner)}.{place}"))
    return tuple(found)
