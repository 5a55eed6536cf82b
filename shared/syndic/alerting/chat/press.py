"""What a button in a chat does: for whom it is pressed, whether it still may, and what the person is told.

The service's signature says which member pressed; an admin said who that is; what the account may do is asked at that
moment. Nobody else changes anything. A request is carried out once: the same one again, by whomever it is sent, is not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from syndic.alerting.alerts import get_record
from syndic.alerting.chat.messages import LASTS, update_one
from syndic.alerting.chat.people import find_person
from syndic.alerting.keys import press_key
from syndic.alerting.life import change_alert
from syndic.alerting.models import ActionName, AlertChange, AlertRecord, AlertState, Receiver
from syndic.alerting.receivers import destination_of, find_receiver, list_receivers
from syndic.alerting.troubles.standing import derive, state_of
from syndic.errors import ConflictError, NotAllowedError, NotFoundError, NotSignedInError, SyndicError
from syndic.models import Noun
from syndic.ports import AuditTrail, Channels, Offer, Press, Record, Store

REMEMBERED: Final = timedelta(hours=1)
"""How long a request is known again. Its signature is taken for five minutes."""

AHEAD: Final = timedelta(minutes=5)
"""How far a message may be ahead of us: one from later on would never grow old."""

_log = logging.getLogger(__name__)


class Pressed(Noun):
    """What became of a request of a chat's service. What the person is told stands in the chat alone."""

    done: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who pressed: the name by which it is on record, and what refuses them a model's alerts."""

    name: str
    require: Callable[[str], None]


def find_app(secret: str, store: Store) -> None:
    """Raise `NotSignedInError` unless some receiver's buttons are signed with the secret of this name."""
    if not any(one.options.get("signing_secret") == secret for one in list_receivers(store)):
        raise NotSignedInError("the request is not signed with the app's secret within five minutes")


def answer_press(
    press: Press,
    secret: str,
    *,
    person: Callable[[str], Person | None],
    store: Store,
    audit: AuditTrail,
    channels: Channels,
    now: datetime,
) -> Pressed:
    """Do what a button says, and let its message say so.

    Args:
        press: The button, vouched for.
        secret: Name of the secret by which it was.
        person: From an account's name to who that is now; None: the account is gone or disabled.
        store: Records.
        audit: The trail: it names the person, and the channel.
        channels: Changes the message, and tells the person alone why nothing was done.
        now: When.

    Raises:
        ConflictError: The request was carried out before.
        NotFoundError: No receiver of this app has sent the message.
    """
    if store.get(press_key(press.request)) is not None:
        raise ConflictError("this request was carried out before")
    receiver = find_receiver(store, press.receiver)
    if receiver is None or receiver.options.get("signing_secret") != secret:
        raise NotFoundError("no receiver of this app has sent the message")
    try:
        _carry_out(press, _who(press, person, store), store=store, audit=audit, now=now)
        said = None
    except (ConflictError, NotAllowedError, NotFoundError) as error:
        said = str(error)
    store.put(Record(press_key(press.request), {"at": now.isoformat()}, expires=now + REMEMBERED))
    if said is None:
        update_one(receiver, press.message, store=store, channels=channels, now=now)
    else:
        _whisper(press, receiver, said, channels)
    return Pressed(done=said is None)


def _who(press: Press, person: Callable[[str], Person | None], store: Store) -> Person:
    known = find_person(store, press.member)
    found = None if known is None else person(known.person)
    if found is None:
        raise NotAllowedError(
            "Syndic does not know who you are here: ask an admin to set whose account you, "
            f"{press.member}, have. Nothing was changed."
        )
    return found


def _carry_out(press: Press, who: Person, *, store: Store, audit: AuditTrail, now: datetime) -> None:
    if press.sent_at is None or not -AHEAD <= now - press.sent_at < LASTS:
        raise ConflictError(f"This message is older than {LASTS.days} days: open the alert. Nothing was changed.")
    try:
        record = get_record(store, press.offer.alert, now)
    except NotFoundError:
        raise NotFoundError("This alert is not there any more. Nothing was changed.") from None
    try:
        who.require(record.lead.model_id)
    except (NotAllowedError, NotFoundError):
        raise NotAllowedError(
            "Only the model's owner or an admin may change this alert. Nothing was changed."
        ) from None
    until = None if press.snooze is None else _minute(now + press.snooze)
    wanted = AlertChange(action=ActionName.ACKNOWLEDGE if until is None else ActionName.SNOOZE, until=until)
    change_alert(
        press.offer.alert, wanted, by=who.name, store=store, audit=audit, now=now,
        unless=lambda present: _refuse(present, press.offer, who.name, now),
        details={"via": "slack", "place": press.place, "member": press.member},
    )  # fmt: skip


def _minute(moment: datetime) -> datetime:
    """The next full minute: what is pressed twice within one is one snooze."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _refuse(record: AlertRecord, offer: Offer, by: str, now: datetime) -> None:
    """Raise `ConflictError`, in words for whoever pressed, unless the alert stands as the message told it."""
    alert = derive(record, now)
    state = state_of(record, now)
    if state is AlertState.RESOLVED or record.first_seen > offer.episode:
        raise ConflictError("This trouble is over. Nothing was changed.")
    if record.severity.rank > offer.severity.rank:
        raise ConflictError(
            f"It has become worse since this message and is {record.severity.value} now: open the alert. "
            "Nothing was changed."
        )
    if state is AlertState.ACKNOWLEDGED and alert.acknowledged_by != by:
        raise ConflictError(f"{alert.acknowledged_by} has acknowledged it already. Nothing was changed.")
    if state is AlertState.SNOOZED and alert.snoozed_by != by:
        raise ConflictError(f"{alert.snoozed_by} has snoozed it already. Nothing was changed.")


def _whisper(press: Press, receiver: Receiver, text: str, channels: Channels) -> None:
    """Tell the person alone. That it does not arrive changes nothing: nothing was done."""
    try:
        channels.whisper(destination_of(receiver), press, text)
    except SyndicError as error:
        _log.warning("person not told", extra={"receiver": receiver.name, "reason": str(error)})
