"""Who is told beside the owners: receivers are kept, changed on record, and tried out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from syndic.alerting.keys import RECEIVERS, receiver_key, trial_key
from syndic.alerting.models import Receiver, ReceiverRecord, ReceiverTest
from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.errors import InvalidInputError, NotFoundError, NotSentError, SyndicError
from syndic.models import AuditEntry, Severity, to_json
from syndic.ports import ABSENT, AuditTrail, Channels, Destination, Matter, Notification, Number, Record, Store, Write
from syndic.records import iterate, retried

MOST: Final = 100
"""Receivers of one deployment: each is a message of every run of digests."""


def list_receivers(store: Store) -> Iterator[Receiver]:
    """Every receiver, by name."""
    for record in iterate(store, RECEIVERS):
        found = ReceiverRecord.model_validate(record.body).receiver
        if found is not None:
            yield found


def get_receiver(store: Store, name: str) -> Receiver:
    """A receiver. Raises `NotFoundError`."""
    found = find_receiver(store, name)
    if found is None:
        raise NotFoundError(f"there is no receiver {name}")
    return found


def find_receiver(store: Store, name: str) -> Receiver | None:
    """A receiver, or None."""
    record = store.get(receiver_key(name))
    return None if record is None else ReceiverRecord.model_validate(record.body).receiver


def destination_of(receiver: Receiver) -> Destination:
    """Where a receiver is reached."""
    return Destination(receiver.channel, receiver.secret, dict(receiver.options), receiver.name)


def set_receiver(
    receiver: Receiver, *, channels: Channels, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> Receiver:
    """Set a receiver. The same again changes nothing.

    Raises:
        InvalidInputError: Its channel does not exist, an option is wrong, or there are too many receivers.
    """
    channels.check(destination_of(receiver))
    present = [one.name for one in list_receivers(store)]
    if receiver.name not in present and len(present) >= MOST:
        raise InvalidInputError(f"there are {MOST} receivers already, and no more can be told", where="receiver")
    _change(receiver.name, receiver, store=store, audit=audit, actor=actor, now=now)
    return receiver


def keep_receiver(receiver: Receiver, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> None:
    """Keep a receiver whose channel was checked, or is by whoever tells it first."""
    _change(receiver.name, receiver, store=store, audit=audit, actor=actor, now=now)


def remove_receiver(name: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> None:
    """Remove a receiver: it is told nothing any more. Removed again it is removed. Raises `NotFoundError`."""
    if store.get(receiver_key(name)) is None:
        raise NotFoundError(f"there is no receiver {name}")
    _change(name, None, store=store, audit=audit, actor=actor, now=now)


def try_receiver(
    name: str,
    *,
    channels: Channels,
    store: Store,
    audit: AuditTrail,
    actor: str,
    dashboard_url: str | None,
    now: datetime,
) -> ReceiverTest:
    """Send a receiver a message that says it is a test, and what became of it. Raises `NotFoundError`.

    That it was asked for is on the trail before it is sent; each call sends one.
    """
    receiver = get_receiver(store, name)
    _note_trial(receiver, store=store, audit=audit, actor=actor, now=now)
    try:
        answer = channels.send(destination_of(receiver), _trial(receiver, dashboard_url, now))
    except (NotSentError, InvalidInputError) as error:
        return ReceiverTest(sent=False, reason=str(error))
    except SyndicError as error:  # whether it was taken is unknown
        return ReceiverTest(sent=None, reason=str(error))
    return ReceiverTest(sent=True, message_id=answer or None)


def _trial(receiver: Receiver, dashboard_url: str | None, now: datetime) -> Notification:
    identity = hashlib.sha256(f"{receiver.name} {now.isoformat()}".encode()).hexdigest()[:20]
    test = Matter(
        severity=Severity.LOW,
        model="test-model",
        title="This is a test of the receiver",
        about=f"alerting, {receiver.name}",
        numbers=(Number("psi", 0.31, 0.25),),
        since="now",
        cause="Somebody pressed the test button.",
        to_do="Nothing. If you can read this, alerts will reach you here.",
        link=None,
    )
    return Notification(
        to="",
        subject=f"Test of the receiver {receiver.name}",
        lead="No model has a problem: this is a test message of Syndic.",
        matters=(test,),
        overview=dashboard_url if dashboard_url and dashboard_url.startswith("https://") else None,
        closing="Sent by Syndic because somebody asked for a test.",
        dedupe_id=f"test-{identity}",
        at=now,
    )


def _note_trial(receiver: Receiver, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> None:
    key = trial_key(receiver.name)
    tried: dict[str, JsonValue] = {"at": now.isoformat(), "by": actor}

    def step() -> None:
        stored = store.get(key)
        if stored is not None and stored.body == tried:  # the same request, taken up again
            finish(key, store=store, audit=audit)
            return
        entry = AuditEntry(
            action="receiver.tested",
            actor=actor,
            subject=f"receiver/{receiver.name}",
            at=now,
            details=_told_of(receiver),
        )
        write = Write(Record(key, tried), stored.etag if stored else ABSENT)
        commit(Change((write,), now, entries=(entry,)), store=store, audit=audit)

    retried(step, what=f"receiver {receiver.name}")


def _change(
    name: str, receiver: Receiver | None, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> None:
    key = receiver_key(name)

    def step() -> None:
        stored = store.get(key)
        before = ReceiverRecord.model_validate(stored.body) if stored else ReceiverRecord()
        if before.receiver == receiver:
            finish(key, store=store, audit=audit)
            return
        entry = AuditEntry(
            action="receiver.removed" if receiver is None else "receiver.set",
            actor=actor,
            subject=f"receiver/{name}",
            at=now,
            details={} if receiver is None else _told_of(receiver),
        )
        after = ReceiverRecord(receiver=receiver, changed_at=now, changed_by=actor)
        write = Write(Record(key, to_json(after)), stored.etag if stored else ABSENT)
        commit(Change((write,), now, entries=(entry,)), store=store, audit=audit)

    retried(step, what=f"receiver {name}")


def _told_of(receiver: Receiver) -> dict[str, JsonValue]:
    """What the trail is told: owners and options may be personal data, so their hash."""
    return {
        "channel": receiver.channel,
        "secret": receiver.secret,
        "severity": receiver.severity.value,
        "owners": len(receiver.owners),
        "receiver_sha256": sha256_of(to_json(receiver)),
    }
