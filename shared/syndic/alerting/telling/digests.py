"""One message per owner, sent at most once.

Mail has no idempotency key, so between "send" and "note that it was sent" a run can die and nobody can tell whether
the message left. Then either it is sent again (at least once) or not (at most once). Syndic takes **at most once**: an
alert stays open on the dashboard and in the audit trail whatever happens to its mail, while a second copy of a mail
teaches people to ignore mail. What makes the difference visible: such a message is counted as `unconfirmed`, logged
as an error, and put on the audit trail. Everything else is repeated until it worked: a run that dies before sending,
a service that refuses, alerts that arrive meanwhile.

A recipient's slot moves free -> claimed -> sending -> sent -> free, each step by a conditional write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from syndic.alerting.keys import HELD, PENDING, recipient_word, slot_key
from syndic.alerting.models import AlertRecord, DigestReport, Notice, Slot, SlotState, Told
from syndic.alerting.notification import compose
from syndic.alerting.recipients import Route, route
from syndic.alerting.store import ACTOR, change, read_alert
from syndic.alerting.troubles.standing import derive, is_pending
from syndic.canonical import sha256_of
from syndic.changes import Change, commit
from syndic.errors import InvalidInputError, NotSentError, StaleWriteError
from syndic.models import AuditEntry, Severity, to_json
from syndic.ports import ABSENT, AuditTrail, Listing, Notification, Notifier, Record, Store, Write
from syndic.records import iterate

PATIENCE: Final = timedelta(minutes=20)
"""Lease timeout: after it a slot's holder is presumed dead; a Lambda function runs for at most 15 minutes."""

MAIL_FROM: Final = Severity.MEDIUM
"""Least severity that by itself makes a mail worth sending; lower ones ride along in a digest that is sent anyway."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Count:
    sent: int = 0
    alerts: int = 0
    busy: int = 0
    failed: list[str] = field(default_factory=list)
    unconfirmed: int = 0


def send_digests(
    *,
    store: Store,
    notifier: Notifier,
    audit: AuditTrail,
    dashboard_url: str | None,
    now: datetime,
    fallback: str | None = None,
    ready: Callable[[str], bool] = lambda _: True,
    interval: timedelta = timedelta(),
) -> DigestReport:
    """Tell every owner in one message of the alerts that are new or worse than what they were told.

    Alerts of low severity alone make no message; they are in it when there is one.

    Args:
        store: Where alerts are kept.
        notifier: Sends the messages.
        audit: Is told of each message: a hash of the recipient, the alerts, the service's id of it.
        dashboard_url: For links; None leaves them out.
        now: The time of the run.
        fallback: The address for alerts of models that have no owner, or one whom no mail can reach.
        ready: Whether an alert, by its id, may be told now.
        interval: How long after one mail nobody gets the next.
    """
    count = _Count()
    for record in list(iterate(store, HELD)):  # their alerts may be noted already, so that no other run would look here
        holder = _Sender(record.key.sort, store=store, notifier=notifier, audit=audit, now=now)
        with suppress(StaleWriteError):  # another run was quicker
            holder.take_over(count)
    listed = (read_alert(record) for record in iterate(store, PENDING))
    waiting = [one for one in listed if ready(one.id)]
    routes, nobody = route((one.lead.owner for one in waiting), fallback)
    without = sum(recipient_word(one.lead.owner) in nobody for one in waiting)
    if without:
        _log.warning("alerts without recipient", extra={"alerts": without})
    heavy = {recipient_word(one.lead.owner) for one in waiting if one.severity.rank >= MAIL_FROM.rank}
    last = routes.pop(recipient_word(fallback), None) or (Route(fallback) if fallback is not None else None)
    for address in (*routes.values(), *([last] if last else [])):
        if address.owners & heavy:
            sender = _Sender(recipient_word(address.address), store=store, notifier=notifier, audit=audit, now=now)
            taken = sender.send(address, count, dashboard_url=dashboard_url, ready=ready, interval=interval)
            if not taken and last is not None:  # such as an address that the service has blocked
                last.owners |= address.owners
    return DigestReport(
        sent=count.sent,
        alerts=count.alerts,
        busy=count.busy,
        failed=tuple(count.failed),
        unconfirmed=count.unconfirmed,
        without_recipient=without,
    )


class _Sender:
    """Sends to one recipient."""

    def __init__(self, word: str, *, store: Store, notifier: Notifier, audit: AuditTrail, now: datetime) -> None:
        self._word = word
        self._store, self._notifier, self._audit, self._now = store, notifier, audit, now
        self._stored: Record | None = None

    def send(
        self,
        route: Route,
        count: _Count,
        *,
        dashboard_url: str | None,
        ready: Callable[[str], bool],
        interval: timedelta,
    ) -> bool:
        """Tell the recipient of what waits for them. False: the service does not take messages to this address."""
        try:
            if not self.take_over(count):
                count.busy += 1
                return True
            if self._stored is not None:
                sent_at = Slot.model_validate(self._stored.body).sent_at
                if sent_at is not None and self._now < sent_at + interval:
                    return True
            self._move(Slot(state=SlotState.CLAIMED, since=self._now))
            records = [one for one in self._pending(route.owners) if ready(one.id)]
            if not any(record.severity.rank >= MAIL_FROM.rank for record in records):
                self._move(Slot(since=self._now))
                return True
            slot = self._plan(records)
            notification = compose(
                [derive(record, self._now) for record in records],
                to=route.address,
                dashboard_url=dashboard_url,
                digest_id=slot.digest_id or "",
                now=self._now,
            )
            self._move(slot)
        except StaleWriteError:  # another run was quicker
            count.busy += 1
            return True
        return self._hand_over(notification, slot, count)

    def _hand_over(self, notification: Notification, slot: Slot, count: _Count) -> bool:
        try:
            message_id = self._notifier.send(notification)
        except (NotSentError, InvalidInputError) as error:  # nothing was sent
            _log.warning("digest refused", extra={"digest": slot.digest_id, "reason": str(error)})
            count.failed.append(str(error))
            self._move(Slot(since=self._now))
            return not isinstance(error, InvalidInputError)
        sent = slot.model_copy(update={"state": SlotState.SENT, "message_id": message_id})
        self._move(sent)
        self._settle(sent)
        count.sent += 1
        count.alerts += len(slot.told)
        return True

    def take_over(self, count: _Count) -> bool:
        """Finish what an earlier holder of the slot left; False when one is at work."""
        self._stored = self._store.get(slot_key(self._word))
        if self._stored is None:
            return True
        slot = Slot.model_validate(self._stored.body)
        if slot.state is SlotState.FREE:
            return True
        if self._now - slot.since < PATIENCE:
            return False
        if slot.state is SlotState.CLAIMED:
            self._move(Slot(since=self._now))
            return True
        if slot.state is SlotState.SENDING:
            count.unconfirmed += 1
            _log.error("digest unconfirmed", extra={"digest": slot.digest_id, "alerts": len(slot.told)})
        self._settle(slot)
        return True

    def _pending(self, owners: Collection[str]) -> Iterator[AlertRecord]:
        """Alerts to tell of, read after the slot was claimed: an earlier holder has noted what they told."""
        for owner in sorted(owners):
            for stored in iterate(self._store, PENDING, prefix=f"{owner}."):
                record = read_alert(stored)
                if is_pending(record, self._now):
                    yield record

    def _plan(self, records: list[AlertRecord]) -> Slot:
        told = tuple(Told(alert_id=one.id, severity=one.severity, first_seen=one.first_seen) for one in records)
        said = sorted([one.alert_id, one.severity.value, one.first_seen.isoformat()] for one in told)
        digest_id = sha256_of([self._word, said])[:20]
        return Slot(state=SlotState.SENDING, digest_id=digest_id, told=told, since=self._now)

    def _settle(self, slot: Slot) -> None:
        """Note what was told on the alerts and on the audit trail, then free the slot. May be repeated."""
        confirmed = slot.state is SlotState.SENT
        for told in slot.told:
            change(
                told.alert_id,
                partial(_noted, told=told, at=slot.since, confirmed=confirmed),
                store=self._store,
                audit=self._audit,
                now=self._now,
            )
        entry = AuditEntry(
            action="digest.sent" if confirmed else "digest.unconfirmed",
            actor=ACTOR,
            subject=f"digest/{slot.digest_id}",
            at=self._now,
            details={
                "recipient_sha256": self._word,
                "alerts": len(slot.told),
                "alerts_sha256": sha256_of([one.alert_id for one in slot.told]),
                "message_id": slot.message_id,
            },
        )
        free = Write(
            self._record(Slot(since=self._now, sent_at=slot.since)), self._stored.etag if self._stored else ABSENT
        )
        change_of_slot = Change((free,), self._now, entries=(entry,))
        self._stored = commit(change_of_slot, store=self._store, audit=self._audit)[0]

    def _record(self, slot: Slot) -> Record:
        listings = () if slot.state is SlotState.FREE else (Listing(HELD, self._word),)
        return Record(slot_key(self._word), to_json(slot), listings=listings)

    def _move(self, slot: Slot) -> None:
        self._stored = self._store.put(self._record(slot), expect=self._stored.etag if self._stored else ABSENT)


def _noted(record: AlertRecord | None, told: Told, at: datetime, *, confirmed: bool) -> AlertRecord | None:
    if record is None or (record.notice is not None and record.notice.at > at):
        return record
    notice = Notice(severity=told.severity, first_seen=told.first_seen, at=at, confirmed=confirmed)
    return record.model_copy(update={"notice": notice})
