"""A storm is few messages that count everything, and every event may come three times in any order."""

from __future__ import annotations

import random
from datetime import timedelta

from syndic.adapters.memory import MemoryNotifier
from syndic.alerting.alerts import list_alerts
from syndic.alerting.models.routing import Routing
from syndic.alerting.routing.kept import set_routing
from syndic.alerting.telling.run import tell_everybody
from syndic.models import Concern, Severity
from syndic.records import iterate
from tests.proof import share
from tests.unit.alerting.makers import NOW, finding
from tests.unit.alerting.test_receivers import Office

SEEDS = share(range(200), 10)
"""Orders of arrival: every tenth in `make test`, all 200 in `make proof`; state and messages are looked at in each."""


def run(office: Office, notifier: MemoryNotifier, *, minutes: int) -> None:
    office.now += timedelta(minutes=minutes)
    tell_everybody(
        store=office.store, channels=office.channels, notifier=notifier, audit=office.audit, dashboard_url=None,
        fallback="team@example.org", now=office.now,
    )  # fmt: skip


def test_ten_thousand_breaches_are_at_most_one_message_for_each_receiver_group_and_interval() -> None:
    office, notifier = Office(), MemoryNotifier()
    for name, channel in (("on-call", "pagerduty"), ("chat", "slack"), ("hook", "webhook")):
        office.receiver(name, channel=channel)
    for model in range(200):
        owner = f"owner{model % 10}@example.org"
        office.receive(*(finding(0, Severity.HIGH, model=f"m{model}", subject=f"s{i}", owner=owner) for i in range(50)))
    for _ in range(3):
        run(office, notifier, minutes=1)
    messages = [*(one.text for one in notifier.sent), *(one.lead for _, one in office.channels.sent)]
    assert len(notifier.sent) == 10
    assert len(office.channels.sent) == 3
    assert len(messages) <= 20
    counted = [int(one.partition("made of ")[2].split()[0]) for one in messages]
    assert sum(counted[:10]) == 10_000, "the mails of all owners"
    assert counted[10:] == [10_000] * 3
    kept = list_alerts(office.store, now=NOW, limit=1000).alerts
    assert sum(one.findings for one in kept) == sum(1 for _ in iterate(office.store, "alerts")) == 10_000


def test_each_event_three_times_in_any_order_gives_the_same_state_and_no_message_twice() -> None:
    events = [
        finding(number, severity, model=model, subject=subject, concern=concern)
        for model in ("a", "b")
        for concern in (Concern.DRIFT, Concern.BIAS)
        for subject in ("x", "y")
        for number, severity in enumerate((Severity.HIGH, Severity.CRITICAL, Severity.NONE, Severity.HIGH))
    ]

    def state(order: list, office: Office) -> list[object]:
        for one in order:
            office.receive(one)
        records = [*office.store.query("alerts", limit=1000).records, *office.store.query("episodes").records]
        return [dict(record.body) for record in records]

    straight = state(events, Office())
    for seed in SEEDS:
        office, notifier = Office(), MemoryNotifier()
        office.receiver("chat", channel="slack")
        thrice = events * 3
        random.Random(seed).shuffle(thrice)  # noqa: S311 - an order, no secret
        assert state(thrice, office) == straight, seed
        for _ in range(3):
            run(office, notifier, minutes=5)
        assert (len(notifier.sent), len(office.channels.sent)) == (1, 1), seed
        for one in random.Random(seed).sample(thrice, len(thrice)):  # noqa: S311 - likewise
            office.receive(one)  # and again after the message
        run(office, notifier, minutes=5)
        assert (len(notifier.sent), len(office.channels.sent)) == (1, 1), seed


def test_messages_are_few_when_events_come_in_between() -> None:
    office, notifier = Office(), MemoryNotifier()
    office.receiver("on-call", severity="low")
    route = {"receiver": "on-call", "group_by": ["owner"], "group_wait": "0s", "group_interval": "10m"}
    set_routing(Routing.model_validate({"route": route}), store=office.store, audit=office.audit, actor="a", now=NOW)
    for minute in range(60):
        office.receive(finding(model=f"m{minute}"))
        run(office, notifier, minutes=1)
    assert len(office.channels.sent) == 6
    assert len(office.told[-1]) >= 60 - 9
