"""Messages to receivers: of each group of alerts what is new, over or due again, when its route lets it be told.

What was told stands in one record for each group, moved by conditional writes: free -> sending -> free. A run that dies
while it sends leaves `digest_id`. Where the receiver knows a message again by its key, the same alerts are sent again
under the same key: **at least once**. Where it does not, they are noted as told and counted as unconfirmed: **at most
once**, as mails are (`digests`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.alerting.chat.messages import message_write
from syndic.alerting.keys import DELIVERIES_OPEN, delivery_key
from syndic.alerting.models import Alert, AlertState, Delivery, DeliveryReport, Receiver, Said
from syndic.alerting.notification import compose
from syndic.alerting.receivers import destination_of
from syndic.alerting.routing.dispatch import Group
from syndic.alerting.routing.schedule import News, due_at, news_of
from syndic.alerting.routing.tree import Node
from syndic.alerting.store import ACTOR
from syndic.alerting.telling.digests import PATIENCE
from syndic.canonical import sha256_of
from syndic.changes import Change, commit
from syndic.errors import InvalidInputError, NotSentError, StaleWriteError, SyndicError
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, AuditTrail, Channels, Listing, Record, Step, Store, Write
from syndic.records import iterate

AFTER_REFUSAL: Final = timedelta(hours=1)
"""How long a receiver that refused for good is left alone, unless its settings are changed: or the secret has to be."""

EASY: Final = 3
LONGEST_PAUSE: Final = timedelta(hours=6)

_log = logging.getLogger(__name__)


def pause(tries: int) -> timedelta:
    """How long a receiver is left alone after so many tries in vain: not at first, then twice as long each time."""
    return timedelta() if tries <= EASY else min(LONGEST_PAUSE, timedelta(minutes=5) * 2 ** min(tries - EASY - 1, 10))


class Post:
    """What every message is sent with.

    Args:
        receivers: Who is told, by name.
        store: Where is kept what was told.
        channels: Reaches the receivers.
        audit: Is told of each message.
        dashboard_url: For links; None leaves them out.
        now: The time of the run.
    """

    def __init__(
        self,
        receivers: Mapping[str, Receiver],
        *,
        store: Store,
        channels: Channels,
        audit: AuditTrail,
        dashboard_url: str | None,
        now: datetime,
    ) -> None:
        self.receivers, self.store, self.channels, self.audit = receivers, store, channels, audit
        self.dashboard_url, self.now = dashboard_url, now

    def send(self, groups: Mapping[str, Group]) -> DeliveryReport:
        """Tell of every group what is due. Trouble with one keeps up no other."""
        open_now = {one.key.sort: one for one in iterate(self.store, DELIVERIES_OPEN)}
        report = DeliveryReport()
        for key in sorted({*groups, *open_now}):
            group, stored = groups.get(key), open_now.get(key)
            if group is None:
                group = _left(key, stored)
            receiver = self.receivers.get(group.receiver)
            try:
                if receiver is None:  # it was removed
                    self.store.delete(delivery_key(key), expect=stored.etag if stored else None)
                    continue
                done = _Sender(self, receiver, group, stored).send()
            except StaleWriteError:  # another run was quicker
                done = DeliveryReport(busy=1)
            report = report.added(done)
        return report


class _Sender:
    """Tells one receiver of one group."""

    def __init__(self, post: Post, receiver: Receiver, group: Group, stored: Record | None) -> None:
        self._post, self._receiver, self._group, self._stored = post, receiver, group, stored
        self._settings = sha256_of(to_json(receiver))[:20]
        self._knows_again = post.channels.knows_again(receiver.channel)
        self._keeps_open = post.channels.keeps_open(receiver.channel)

    def send(self) -> DeliveryReport:
        """Finish what an earlier run left, then tell what is due."""
        now, group = self._post.now, self._group
        state = Delivery() if self._stored is None else Delivery.model_validate(self._stored.body)
        if state.anchor is None and group.alerts:
            state = state.model_copy(
                update={
                    "anchor": now + group.node.group_wait,
                    "interval": group.node.group_interval.total_seconds(),
                    "receiver": group.receiver,
                    "labels": group.labels,
                }
            )
        unconfirmed = 0
        if state.digest_id is not None:
            if state.since is not None and now - state.since < PATIENCE:
                return DeliveryReport(busy=1)
            if not self._knows_again:
                state = self._settle(state, message_id=None)
                unconfirmed = 1
        waits = state.not_before is not None and now < state.not_before and state.settings == self._settings
        if state.digest_id is not None:  # under its key nothing else was ever said
            return DeliveryReport(waiting=1) if waits else self._again(state)
        news = news_of(
            group.firing, frozenset(one.id for one in group.alerts), state, group.node, now, resolves=self._keeps_open
        )
        seen = self._keeps_open and bool(state.told) and not state.acknowledged and self._all_seen()
        if not news.any and not seen:
            self._forget(state)
            return DeliveryReport(unconfirmed=unconfirmed)
        due = now if seen and not news.any else due_at(news, state, group.node)
        if now < due or group.quiet or waits:
            if state.noticed is None and not waits:
                self._move(state.model_copy(update={"noticed": news.noticed}))
            return DeliveryReport(unconfirmed=unconfirmed, waiting=int(waits))
        return self._hand_over(*self._planned(state, news, seen=seen)).added(DeliveryReport(unconfirmed=unconfirmed))

    def _all_seen(self) -> bool:
        return all(one.state is AlertState.ACKNOWLEDGED for one in self._group.alerts) and bool(self._group.alerts)

    def _planned(self, state: Delivery, news: News, *, seen: bool) -> tuple[Delivery, Sequence[Alert]]:
        """What is going to be told, on record before it is: all of it to those who keep it open, else what is new."""
        group, standing = self._group, {one.id for one in self._group.alerts}
        whole = self._keeps_open or news.repeat
        tell = [one for one in group.firing if whole or one.id in news.new]
        step = Step.TRIGGER if news.any and standing else Step.ACKNOWLEDGE if seen else Step.RESOLVE
        if step is Step.TRIGGER and not tell:  # all that is left is seen by somebody or muted
            tell = [one for one in group.alerts if one.id in state.told]
        said = (
            {}
            if step is Step.RESOLVE
            else {one.id: Said(severity=one.severity, first_seen=one.first_seen) for one in tell}
        )
        thread = state.thread or sha256_of([group.key, self._post.now.isoformat()])[:20]
        listed = sorted([key, one.severity.value, one.first_seen.isoformat()] for key, one in said.items())
        digest_id = sha256_of([thread, step.value, listed, self._post.now.isoformat()])[:20]
        planned = Delivery(
            receiver=group.receiver,
            labels=group.labels,
            told=state.told,
            told_at=state.told_at,
            anchor=state.anchor,
            interval=group.node.group_interval.total_seconds(),
            thread=thread,
            acknowledged=state.acknowledged,
            noticed=news.noticed,  # refused, it stays due
            tries=state.tries,
            sending=said,
            step=step.value,
            digest_id=digest_id,
            since=self._post.now,
        )
        self._move(planned)
        return planned, tell

    def _again(self, state: Delivery) -> DeliveryReport:
        """The same alerts under the same key, as far as they are still in trouble."""
        tell = [one for one in self._group.firing if one.id in state.sending]
        if state.step == Step.TRIGGER.value and not tell:  # all of it is over or seen by now
            over = state.model_copy(update={"sending": {}, "digest_id": None, "since": None})
            self._move(over)
            self._forget(over)
            return DeliveryReport()
        taken = state.model_copy(update={"since": self._post.now, "not_before": None})
        self._move(taken)
        return self._hand_over(taken, tell)

    def _hand_over(self, state: Delivery, tell: Sequence[Alert]) -> DeliveryReport:
        post, step = self._post, Step(state.step)
        notification = compose(
            tell, to="", dashboard_url=post.dashboard_url, digest_id=state.digest_id or "", now=post.now, step=step,
            thread=state.thread,
        )  # fmt: skip
        try:
            message_id = post.channels.send(destination_of(self._receiver), notification)
        except NotSentError as error:
            later = post.now + max(timedelta(seconds=error.after or 0.0), pause(state.tries + 1))
            return self._put_off(state, error, later, keep=self._knows_again)
        except InvalidInputError as error:
            return self._put_off(state, error, post.now + AFTER_REFUSAL, keep=False)
        except SyndicError as error:
            if self._knows_again:
                return self._put_off(state, error, post.now + pause(state.tries + 1), keep=True)
            _log.error("delivery unconfirmed", extra={"receiver": self._receiver.name, "reason": str(error)})
            self._settle(state, message_id=None)
            return DeliveryReport(unconfirmed=1)
        self._settle(state, message_id=message_id, tell=tell)
        return DeliveryReport(sent=1, alerts=len(tell))

    def _put_off(self, state: Delivery, error: SyndicError, until: datetime, *, keep: bool) -> DeliveryReport:
        _log.warning("delivery refused", extra={"receiver": self._receiver.name, "reason": str(error)})
        update: dict[str, Any] = {
            "not_before": until, "settings": self._settings, "trouble": str(error), "tries": state.tries + 1,
        }  # fmt: skip
        if keep:  # under its key it is the same message again, whatever became of this one; its holder is done
            update["since"] = self._post.now - PATIENCE
        else:
            update |= {"sending": {}, "digest_id": None, "since": None}
        self._move(state.model_copy(update=update))
        return DeliveryReport(failed=(f"{self._receiver.name}: {error}",))

    def _settle(self, state: Delivery, *, message_id: str | None, tell: Sequence[Alert] = ()) -> Delivery:
        """Note what was told in the record and on the trail, in one commit; a message that can be changed, too."""
        at, over = state.since or self._post.now, state.step == Step.RESOLVE.value
        standing = {one.id for one in self._group.alerts}
        told = {key: one for key, one in state.told.items() if key in standing}  # what is over may come back as new
        after = Delivery(
            receiver=state.receiver,
            labels=state.labels,
            told={} if over else {**told, **state.sending},
            told_at=at,
            anchor=None if over else state.anchor,
            interval=state.interval,
            thread=None if over else state.thread,
            acknowledged=state.step == Step.ACKNOWLEDGE.value,
        )
        entry = AuditEntry(
            action="digest.unconfirmed" if message_id is None else "digest.sent",
            actor=ACTOR,
            subject=f"digest/{state.digest_id}",
            at=self._post.now,
            details={
                "receiver": self._receiver.name,
                "step": state.step,
                "alerts": len(state.sending),
                "alerts_sha256": sha256_of(sorted(state.sending)),
                "message_id": message_id,
            },
        )
        writes = [Write(self._record(after), self._stored.etag if self._stored else ABSENT)]
        if message_id and state.step == Step.TRIGGER.value and self._post.channels.updates(self._receiver.channel):
            writes.append(
                message_write(
                    self._receiver.name, message_id, state.sending, tell, digest_id=state.digest_id or "",
                    url=self._post.dashboard_url, now=self._post.now,
                )
            )  # fmt: skip
        change = Change(writes, self._post.now, entries=(entry,))
        self._stored = commit(change, store=self._post.store, audit=self._post.audit)[0]
        return after

    def _forget(self, state: Delivery) -> None:
        """A group of which nothing stands any more begins anew the next time."""
        if not self._group.alerts:
            if self._stored is not None and (state.anchor is None or self._post.now >= state.anchor):
                self._post.store.delete(self._stored.key, expect=self._stored.etag)
        elif state.noticed is not None or self._stored is None:  # a group of muted alerts keeps its time too
            self._move(state.model_copy(update={"noticed": None}))

    def _record(self, state: Delivery) -> Record:
        key = delivery_key(self._group.key)
        return Record(key, to_json(state), listings=(Listing(DELIVERIES_OPEN, self._group.key),))

    def _move(self, state: Delivery) -> None:
        expect = self._stored.etag if self._stored else ABSENT
        self._stored = self._post.store.put(self._record(state), expect=expect)


def _left(key: str, stored: Record | None) -> Group:
    """A group of which no alert is in trouble any more."""
    state = Delivery.model_validate(stored.body) if stored else Delivery()
    none, interval = timedelta(), timedelta(seconds=state.interval)
    node = Node("", state.receiver, (), False, (), none, interval, none, (), (), ())  # noqa: FBT003
    return Group(key, state.receiver or key.rpartition(".")[0], node, dict(state.labels))
