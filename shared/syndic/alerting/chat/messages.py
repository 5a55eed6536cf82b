"""Messages of a chat say what holds: who has acknowledged, until when it is quiet, what is over.

Of each message that can be changed there is a record beside what was told. Each run compares what it shows with what
holds, and changes it where that differs; whoever presses a button has it changed at once. A message follows its alerts
until all of them are over, or for two weeks; at its end it has no buttons.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from syndic.alerting.keys import CHAT_OPEN, alert_key, chat_message_key, chat_message_listing
from syndic.alerting.models import Alert, AlertState, Receiver, Said
from syndic.alerting.models.chat import ChatMessage
from syndic.alerting.notification import compose
from syndic.alerting.receivers import destination_of
from syndic.alerting.store import read_alert
from syndic.alerting.troubles.standing import derive
from syndic.canonical import sha256_of
from syndic.errors import InvalidInputError, NotFoundError, NotSentError, StaleWriteError, SyndicError
from syndic.models import to_json
from syndic.ports import ABSENT, Channels, Notification, Record, Store, Write
from syndic.records import iterate

LASTS: Final = timedelta(days=14)
"""How long a message follows its alerts, and its buttons do anything."""

KEPT: Final = timedelta(days=60)
MOST: Final = 50
"""Messages that one run changes: services take about one a second."""

CLOSED: Final = "this message is no longer kept up to date: see the dashboard"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """What a message has to say now."""

    notification: Notification
    shown: str
    over: bool


def message_write(
    receiver: str, message: str, told: Mapping[str, Said], alerts: Iterable[Alert], *, digest_id: str, url: str | None,
    now: datetime,
) -> Write:  # fmt: skip
    """The write that keeps a message which was just sent, to follow these alerts."""
    shown = _hash({one.id: None for one in alerts if one.id in told}, closed=False)
    kept = ChatMessage(
        receiver=receiver, message=message, alerts=dict(told), digest_id=digest_id, sent_at=now, url=url, shown=shown
    )
    return Write(_record(kept, over=False), ABSENT)


def update_all(*, receivers: Mapping[str, Receiver], store: Store, channels: Channels, now: datetime) -> int:
    """Let every message say what holds; returns how many were changed. Trouble with one receiver keeps up no other."""
    changed, troubled = 0, set[str]()
    for record in list(iterate(store, CHAT_OPEN)):
        kept = ChatMessage.model_validate(record.body)
        if kept.receiver in troubled or changed >= MOST:
            continue
        try:
            changed += _update(record, kept, receivers.get(kept.receiver), store=store, channels=channels, now=now)
        except NotSentError as error:
            troubled.add(kept.receiver)
            _put_off(record, kept, error, store=store, now=now)
        except SyndicError as error:
            troubled.add(kept.receiver)
            _log.warning("message not updated", extra={"receiver": kept.receiver, "reason": str(error)})
    return changed


def update_one(receiver: Receiver, message: str, *, store: Store, channels: Channels, now: datetime) -> bool:
    """Let one message say what holds, at once. Whether it was changed; a later run does what fails here."""
    record = store.get(chat_message_key(receiver.name, message))
    if record is None:
        return False
    kept = ChatMessage.model_validate(record.body)
    try:
        return _update(record, kept, receiver, store=store, channels=channels, now=now)
    except SyndicError as error:
        _log.warning("message not updated", extra={"receiver": receiver.name, "reason": str(error)})
        return False


def view_of(kept: ChatMessage, alerts: Mapping[str, Alert], now: datetime) -> View:
    """What a message has to say of its alerts."""
    closed = now - kept.sent_at >= LASTS
    standing: dict[str, str | None] = {}
    shown, over = [], True
    for identity, said in kept.alerts.items():
        alert = alerts.get(identity)
        words = standing_of(alert, said)
        over = over and (alert is None or _is_over(alert, said))
        standing[identity] = words if words is not None or not closed else CLOSED
        if alert is not None:
            shown.append(alert.model_copy(update={"severity": said.severity}))
    known = {identity: words for identity, words in standing.items() if words is not None}
    told = compose(shown, to="", dashboard_url=kept.url, digest_id=kept.digest_id, now=kept.sent_at, standing=known)
    return View(told, _hash(standing, closed=closed), over or closed)


def standing_of(alert: Alert | None, said: Said) -> str | None:
    """What became of an alert since it was told, in a sentence; None: it stands as it was told."""
    if alert is None or _is_over(alert, said):
        if alert is None or alert.resolved_by is None or alert.first_seen > said.first_seen:
            return "over"
        return f"resolved by {alert.resolved_by}{_note(alert)}"
    if alert.state is AlertState.ACKNOWLEDGED and alert.acknowledged_at is not None:
        return f"acknowledged by {alert.acknowledged_by}, {_time(alert.acknowledged_at)}{_note(alert)}"
    if alert.state is AlertState.SNOOZED and alert.snoozed_until is not None:
        return f"snoozed by {alert.snoozed_by} until {_time(alert.snoozed_until)}{_note(alert)}"
    if alert.severity.rank > said.severity.rank:
        return f"has become worse since, {alert.severity.value}: a later message tells of it"
    return None


def _is_over(alert: Alert, said: Said) -> bool:
    return alert.state is AlertState.RESOLVED or alert.first_seen > said.first_seen


def _note(alert: Alert) -> str:
    return f": {alert.note}" if alert.note else ""


def _time(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _update(
    record: Record, kept: ChatMessage, receiver: Receiver | None, *, store: Store, channels: Channels, now: datetime
) -> bool:
    if kept.not_before is not None and now < kept.not_before:
        return False
    if receiver is None or not channels.updates(receiver.channel):  # nobody is left who could change it
        _keep(record, kept, over=True, store=store)
        return False
    keys = {alert_key(identity): identity for identity in kept.alerts}
    found = store.get_many(list(keys))
    alerts = {keys[key]: derive(read_alert(one), now) for key, one in found.items() if one.body["members"]}
    view = view_of(kept, alerts, now)
    if view.shown == kept.shown and not view.over:
        return False
    try:
        channels.update(destination_of(receiver), kept.message, view.notification)
    except (InvalidInputError, NotFoundError) as error:  # it was deleted, or may not be changed any more
        _log.warning("message cannot be updated", extra={"receiver": receiver.name, "reason": str(error)})
        _keep(record, kept, over=True, store=store)
        return False
    _keep(record, kept.model_copy(update={"shown": view.shown, "not_before": None}), over=view.over, store=store)
    return True


def _put_off(record: Record, kept: ChatMessage, error: NotSentError, *, store: Store, now: datetime) -> None:
    _log.warning("message not updated", extra={"receiver": kept.receiver, "reason": str(error)})
    if error.after is not None:
        later = kept.model_copy(update={"not_before": now + timedelta(seconds=error.after)})
        _keep(record, later, over=False, store=store)


def _keep(record: Record, kept: ChatMessage, *, over: bool, store: Store) -> None:
    try:
        store.put(_record(kept, over=over), expect=record.etag)
    except StaleWriteError:  # somebody else changed it meanwhile: the next run compares anew
        _log.info("message updated by another", extra={"receiver": kept.receiver})


def _record(kept: ChatMessage, *, over: bool) -> Record:
    key = chat_message_key(kept.receiver, kept.message)
    listings = () if over else (chat_message_listing(key, kept.sent_at),)
    return Record(key, to_json(kept), listings=listings, expires=kept.sent_at + KEPT)


def _hash(standing: Mapping[str, str | None], *, closed: bool) -> str:
    return sha256_of([closed, sorted([key, words or ""] for key, words in standing.items())])[:32]
