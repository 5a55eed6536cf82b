"""Digests to receivers: open alerts from a severity on, of some owners or of all, each told once and when it is worse.

What was told stands in one record for each receiver, moved by conditional writes: free -> sending -> free. A run that
dies while it sends leaves `sending`. Where the receiver knows a message again by its key, the same alerts are sent
again under the same key: **at least once**. Where it does not, they are noted as told and counted as unconfirmed: **at
most once**, as mails are (`digests`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from syndic.alerting.digests import PATIENCE
from syndic.alerting.keys import delivery_key, recipient_word, state_partition
from syndic.alerting.models import Alert, AlertState, Delivery, DeliveryReport, Receiver, Said
from syndic.alerting.notification import compose
from syndic.alerting.receivers import destination_of, list_receivers
from syndic.alerting.standing import derive
from syndic.alerting.store import ACTOR, read_alert
from syndic.canonical import sha256_of
from syndic.changes import Change, commit
from syndic.errors import InvalidInputError, NotSentError, StaleWriteError, SyndicError
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, AuditTrail, Channels, Record, Store, Write
from syndic.records import iterate

AFTER_REFUSAL: Final = timedelta(hours=1)
"""How long a receiver that refused for good is left alone, unless its settings are changed: or the secret has to be."""

_log = logging.getLogger(__name__)


def send_to_receivers(
    *, store: Store, channels: Channels, audit: AuditTrail, dashboard_url: str | None, now: datetime
) -> DeliveryReport:
    """Tell every receiver what is new for it in one message. Trouble with one keeps up no other.

    Args:
        store: Where alerts and receivers are kept.
        channels: Reaches the receivers.
        audit: Is told of each message.
        dashboard_url: For links; None leaves them out.
        now: The time of the run.
    """
    receivers = list(list_receivers(store))
    if not receivers:
        return DeliveryReport()
    least = min(receiver.severity.rank for receiver in receivers)
    listed = (derive(read_alert(record), now) for record in iterate(store, state_partition(AlertState.OPEN)))
    alerts = list(takewhile(lambda alert: alert.severity.rank >= least, listed))  # the worst first
    report = DeliveryReport()
    for receiver in receivers:
        sender = _Sender(receiver, store=store, channels=channels, audit=audit, dashboard_url=dashboard_url, now=now)
        try:
            done = sender.send(alerts)
        except StaleWriteError:  # another run was quicker
            done = DeliveryReport(busy=1)
        report = report.added(done)
    return report


class _Sender:
    """Sends to one receiver."""

    def __init__(
        self,
        receiver: Receiver,
        *,
        store: Store,
        channels: Channels,
        audit: AuditTrail,
        dashboard_url: str | None,
        now: datetime,
    ) -> None:
        self._receiver = receiver
        self._store, self._channels, self._audit = store, channels, audit
        self._dashboard_url, self._now = dashboard_url, now
        self._settings = sha256_of(to_json(receiver))[:20]
        self._knows_again = channels.knows_again(receiver.channel)
        self._stored: Record | None = None

    def send(self, alerts: Sequence[Alert]) -> DeliveryReport:
        """Finish what an earlier run left, then tell what is new."""
        self._stored = self._store.get(delivery_key(self._receiver.name))
        state = Delivery() if self._stored is None else Delivery.model_validate(self._stored.body)
        unconfirmed = 0
        if state.sending:
            if state.since is not None and self._now - state.since < PATIENCE:
                return DeliveryReport(busy=1)
            if not self._knows_again:
                state = self._settle(state, message_id=None)
                unconfirmed = 1
        mine = [alert for alert in alerts if self._is_for(alert)]
        # What is being sent again is sent as it was: under its key nothing else was ever said.
        due = [one for one in mine if one.id in state.sending] if state.sending else list(_due(mine, state))
        waits = state.not_before is not None and self._now < state.not_before and state.settings == self._settings
        if not due and state.sending:  # all of it is over or seen by now
            self._move(state.model_copy(update={"sending": {}, "digest_id": None, "since": None}))
        if not due or waits:
            return DeliveryReport(unconfirmed=unconfirmed, waiting=int(bool(due)))
        return self._hand_over(self._planned(state, due, mine), due).added(DeliveryReport(unconfirmed=unconfirmed))

    def _planned(self, state: Delivery, due: Sequence[Alert], mine: Sequence[Alert]) -> Delivery:
        said = {one.id: Said(severity=one.severity, first_seen=one.first_seen) for one in due}
        digest_id = (
            state.digest_id
            or sha256_of(
                [
                    self._receiver.name,
                    sorted([key, one.severity.value, one.first_seen.isoformat()] for key, one in said.items()),
                ]
            )[:20]
        )
        open_now = {one.id for one in mine}
        told = {key: one for key, one in state.told.items() if key in open_now}  # what is over may come back as new
        planned = Delivery(told=told, sending=said, digest_id=digest_id, since=self._now)
        self._move(planned)
        return planned

    def _hand_over(self, state: Delivery, due: Sequence[Alert]) -> DeliveryReport:
        notification = compose(
            due, to="", dashboard_url=self._dashboard_url, digest_id=state.digest_id or "", now=self._now
        )
        try:
            message_id = self._channels.send(destination_of(self._receiver), notification)
        except NotSentError as error:
            later = self._now + timedelta(seconds=error.after or 0.0)
            return self._put_off(state, error, later, keep=self._knows_again)
        except InvalidInputError as error:
            return self._put_off(state, error, self._now + AFTER_REFUSAL, keep=False)
        except SyndicError as error:
            if self._knows_again:
                return self._put_off(state, error, self._now, keep=True)
            _log.error("delivery unconfirmed", extra={"receiver": self._receiver.name, "reason": str(error)})
            self._settle(state, message_id=None)
            return DeliveryReport(unconfirmed=1)
        self._settle(state, message_id=message_id)
        return DeliveryReport(sent=1, alerts=len(due))

    def _put_off(self, state: Delivery, error: SyndicError, until: datetime, *, keep: bool) -> DeliveryReport:
        _log.warning("delivery refused", extra={"receiver": self._receiver.name, "reason": str(error)})
        update: dict[str, Any] = {"not_before": until, "settings": self._settings, "trouble": str(error)}
        if keep:  # under its key it is the same message again, whatever became of this one; its holder is done
            update["since"] = self._now - PATIENCE
        else:
            update |= {"sending": {}, "digest_id": None, "since": None}
        self._move(state.model_copy(update=update))
        return DeliveryReport(failed=(f"{self._receiver.name}: {error}",))

    def _settle(self, state: Delivery, *, message_id: str | None) -> Delivery:
        """Note what was told in the record and on the trail, in one commit."""
        after = Delivery(told={**state.told, **state.sending})
        entry = AuditEntry(
            action="digest.unconfirmed" if message_id is None else "digest.sent",
            actor=ACTOR,
            subject=f"digest/{state.digest_id}",
            at=self._now,
            details={
                "receiver": self._receiver.name,
                "alerts": len(state.sending),
                "alerts_sha256": sha256_of(sorted(state.sending)),
                "message_id": message_id,
            },
        )
        write = Write(self._record(after), self._stored.etag if self._stored else ABSENT)
        self._stored = commit(Change((write,), self._now, entries=(entry,)), store=self._store, audit=self._audit)[0]
        return after

    def _is_for(self, alert: Alert) -> bool:
        receiver = self._receiver
        if alert.severity.rank < receiver.severity.rank:
            return False
        return not receiver.owners or recipient_word(alert.owner) in {recipient_word(one) for one in receiver.owners}

    def _record(self, state: Delivery) -> Record:
        return Record(delivery_key(self._receiver.name), to_json(state))

    def _move(self, state: Delivery) -> None:
        self._stored = self._store.put(self._record(state), expect=self._stored.etag if self._stored else ABSENT)


def _due(alerts: Sequence[Alert], state: Delivery) -> Iterator[Alert]:
    """Alerts that were not told, are worse than what was told, or began anew since."""
    for alert in alerts:
        said = state.told.get(alert.id)
        if said is None or alert.severity.rank > said.severity.rank or alert.first_seen > said.first_seen:
            yield alert
