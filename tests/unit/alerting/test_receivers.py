"""Receivers beside the owners: kept on record, tried out, told of each alert once, or again under a key."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryChannels, MemoryStore
from syndic.alerting.alerts import receive_findings
from syndic.alerting.life import change_alert
from syndic.alerting.models import AlertChange, DeliveryReport, Receiver
from syndic.alerting.receivers import MOST, get_receiver, list_receivers, remove_receiver, set_receiver, try_receiver
from syndic.alerting.telling.deliveries import AFTER_REFUSAL
from syndic.alerting.telling.digests import PATIENCE
from syndic.alerting.telling.run import tell_everybody
from syndic.changes import sweep
from syndic.errors import InvalidInputError, NotFoundError, NotSentError, SyndicError, UnavailableError
from syndic.models import Finding, FindingsChanged, Severity
from tests.faults.faulty import Fault, Faulty
from tests.faults.faulty import Killed as FaultKilled
from tests.unit.alerting.makers import NOW, finding

MINUTES = timedelta(minutes=5)  # between messages of one group


class Killed(BaseException):
    pass


class Office:
    def __init__(self) -> None:
        self.store, self.audit, self.channels, self.now = MemoryStore(), MemoryAudit(), MemoryChannels(), NOW

    def receiver(self, name: str = "on-call", channel: str = "pagerduty", **more: object) -> None:
        options = {"webhook": {"url": "https://hooks.example.org/"}, "email": {"to": "risk@example.org"}}
        given = {"secret": None if channel == "email" else "one", "options": options.get(channel, {}), **more}
        found = Receiver.model_validate({"name": name, "channel": channel, **given})
        set_receiver(found, channels=self.channels, store=self.store, audit=self.audit, actor="ada", now=self.now)

    def receive(self, *findings: Finding) -> None:
        receive_findings(FindingsChanged(findings=findings), store=self.store, audit=self.audit, now=self.now)

    def run(self, *, after: timedelta = MINUTES) -> DeliveryReport:
        self.now += after
        return tell_everybody(
            store=self.store, channels=self.channels, notifier=None, audit=self.audit, fallback=None,
            dashboard_url="https://syndic.example.org", now=self.now,
        ).receivers  # fmt: skip

    @property
    def told(self) -> list[tuple[str, ...]]:
        return [tuple(one.title for one in notification.matters) for _, notification in self.channels.sent]

    @property
    def keys(self) -> list[str]:
        return [notification.dedupe_id for _, notification in self.channels.sent]

    def entries(self, start: str) -> list[str]:
        return [action for action in self.audit.actions if action.startswith(start)]


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_receiver_is_told_once_of_every_alert_from_its_severity_on(office: Office) -> None:
    office.receiver(severity="high")
    office.receive(
        finding(model="a"),
        finding(model="b", severity=Severity.CRITICAL),
        finding(model="c", severity=Severity.MEDIUM),
    )
    assert office.run() == DeliveryReport(sent=1, alerts=2)
    assert office.run() == DeliveryReport()
    office.receive(finding(1, model="c", severity=Severity.CRITICAL))
    assert office.run() == DeliveryReport(sent=1, alerts=3), "an incident tells of all that is open"
    assert office.entries("digest") == ["digest.sent"] * 2


def test_a_run_with_nothing_to_tell_writes_nothing(office: Office) -> None:
    office.receiver()
    office.receive(finding())
    office.run()
    writes = office.store._writes
    assert office.run() == DeliveryReport()
    assert office.store._writes == writes


def test_owners_choose_whose_models_a_receiver_is_told_of(office: Office) -> None:
    office.receiver("all")
    office.receiver("one", owners=["OTHER@example.org"])
    office.receive(
        finding(model="a"), finding(model="german-credit", owner="other@example.org"), finding(owner=None, model="x")
    )
    assert office.run() == DeliveryReport(sent=2, alerts=4)
    assert sorted(map(len, office.told)) == [1, 3]


def test_what_is_worse_or_back_is_told_again_and_what_is_seen_or_over_is_not(office: Office) -> None:
    office.receiver()
    office.receive(finding(0, Severity.HIGH))
    office.run()
    office.receive(finding(1, Severity.CRITICAL))
    assert office.run().alerts == 1
    office.receive(finding(2, Severity.HIGH))
    assert office.run().alerts == 0
    office.receive(finding(3, Severity.NONE), finding(4, Severity.NONE))
    assert office.run().alerts == 0
    office.receive(finding(5))
    assert office.run().alerts == 1
    office.receive(finding(0, model="seen"))
    change_alert("seen-123abc.drift", AlertChange(), by="ada", store=office.store, audit=office.audit, now=NOW)
    assert office.run().alerts == 0


@pytest.mark.parametrize("channel", ["pagerduty", "jira", "webhook"])
@pytest.mark.parametrize("taken", [False, True])
def test_a_run_that_died_is_told_again_under_the_same_key(office: Office, channel: str, *, taken: bool) -> None:
    office.receiver(channel=channel)
    office.receive(finding())
    office.channels.fail, office.channels.fail_after = Killed(), taken
    with pytest.raises(Killed):
        office.run()
    office.channels.fail = None
    assert office.run(after=timedelta(minutes=1)) == DeliveryReport(busy=1)
    office.receive(finding(model="meanwhile"))
    assert office.run(after=PATIENCE) == DeliveryReport(sent=1, alerts=1)
    assert len(set(office.keys)) == 1
    assert len(office.keys) == 1 + taken
    assert office.run() == DeliveryReport(), "what came meanwhile waits for the end of the interval"
    assert office.run() == DeliveryReport(sent=1, alerts=2)
    assert len(set(office.keys)) == 2


@pytest.mark.parametrize("channel", ["slack", "teams", "email"])
@pytest.mark.parametrize("taken", [False, True])
def test_a_run_that_died_is_not_told_again_without_a_key_and_said_so(
    office: Office, channel: str, *, taken: bool
) -> None:
    office.receiver(channel=channel)
    office.receive(finding())
    office.channels.fail, office.channels.fail_after = Killed(), taken
    with pytest.raises(Killed):
        office.run()
    office.channels.fail = None
    assert office.run(after=PATIENCE) == DeliveryReport(unconfirmed=1)
    assert len(office.channels.sent) == taken
    assert office.entries("digest") == ["digest.unconfirmed"]
    assert office.run() == DeliveryReport()


@pytest.mark.parametrize("channel", ["pagerduty", "slack"])
@pytest.mark.parametrize("mode", ["before", "after", "killed"])
def test_a_death_at_any_call_loses_nothing_and_doubles_only_under_the_same_key(channel: str, mode: str) -> None:
    def run(at: int) -> tuple[Office, int]:
        office, fault = Office(), Fault(at, mode)
        office.receiver(channel=channel)
        office.receive(finding(model="a"), finding(model="b"))
        store, audit, channels = office.store, office.audit, office.channels
        office.store, office.audit, office.channels = (Faulty(one, fault) for one in (store, audit, channels))  # type: ignore[assignment]
        with suppress(FaultKilled, SyndicError):
            office.run()
        fault.at = 0
        for _ in range(3):
            office.run(after=PATIENCE)
        office.store, office.audit, office.channels = store, audit, channels
        sweep(store=store, audit=audit, bus=MemoryBus(), now=office.now + PATIENCE)
        return office, fault.calls

    _, calls = run(0)
    for at in range(1, calls + 1):
        office, _ = run(at)
        noted = office.entries("digest")
        assert len(noted) == 1, (at, noted)
        if channel == "pagerduty":
            assert len(office.told) in {1, 2}, at
            assert len(set(office.keys)) == 1, at
            assert noted == ["digest.sent"], at
        else:
            assert len(office.told) <= 1, at
            assert office.told or noted == ["digest.unconfirmed"], at


def test_an_answer_that_is_unknown_is_not_sent_again_and_said_so(office: Office) -> None:
    office.receiver(channel="slack")
    office.receive(finding())
    office.channels.fail, office.channels.fail_after = SyndicError("no whole answer"), True
    assert office.run() == DeliveryReport(unconfirmed=1)
    office.channels.fail = None
    assert office.run() == DeliveryReport()
    assert office.entries("digest") == ["digest.unconfirmed"]


@pytest.mark.parametrize("channel", ["slack", "pagerduty"])
def test_a_receiver_that_asks_to_be_left_alone_is_and_then_told(office: Office, channel: str) -> None:
    office.receiver(channel=channel)
    office.receive(finding())
    office.channels.fail = NotSentError("busy", after=600)
    assert office.run().failed == ("on-call: busy",)
    office.channels.fail = None
    assert office.run(after=timedelta(seconds=599)) == DeliveryReport(waiting=1)
    assert office.run(after=timedelta(seconds=2)) == DeliveryReport(sent=1, alerts=1)


def test_a_receiver_that_refuses_is_left_alone_until_its_settings_change_or_for_an_hour(office: Office) -> None:
    office.receiver()
    office.receive(finding())
    office.channels.fail = InvalidInputError("no such key")
    assert office.run().failed == ("on-call: no such key",)
    office.channels.fail = None
    assert office.run() == DeliveryReport(waiting=1)
    office.receiver(secret="other")
    assert office.run() == DeliveryReport(sent=1, alerts=1)
    office.receive(finding(model="b"))
    office.channels.fail = InvalidInputError("no such key")
    office.run()
    office.channels.fail = None
    assert office.run(after=AFTER_REFUSAL) == DeliveryReport(sent=1, alerts=2)


def test_a_receiver_that_does_not_answer_is_left_alone_longer_each_time_and_the_message_is_kept(office: Office) -> None:
    office.receiver()
    office.receive(finding())
    office.channels.fail = NotSentError("down")
    tried = [not office.run().waiting for _ in range(40)]
    assert [turn for turn, was in enumerate(tried) if was] == [0, 1, 2, 3, 4, 6, 10, 18, 34]
    office.channels.fail = None
    assert office.run(after=timedelta(hours=6)) == DeliveryReport(sent=1, alerts=1)


def test_trouble_with_one_receiver_keeps_up_no_other(office: Office) -> None:
    office.receiver("a", channel="slack")
    office.receiver("b")
    office.receive(finding())
    send = office.channels.send

    def failing(destination, notification):
        if destination.kind == "slack":
            raise UnavailableError("?")
        return send(destination, notification)

    office.channels.send = failing  # type: ignore[method-assign]
    assert office.run() == DeliveryReport(sent=1, alerts=1, unconfirmed=1)


def test_an_incident_is_resolved_when_all_of_it_is_over_and_acknowledged_when_all_of_it_is_seen(office: Office) -> None:
    office.receiver()
    office.receiver("chat", channel="slack")
    office.receive(finding(0), finding(0, model="b"))
    office.run()
    for alert in ("car-loan-123abc.drift", "b-123abc.drift"):
        change_alert(alert, AlertChange(), by="ada", store=office.store, audit=office.audit, now=office.now)
    office.run()
    office.run()
    well = [finding(number, Severity.NONE, model=model) for number in (1, 2) for model in ("car-loan", "b")]
    office.receive(*well[::2])
    office.run()
    office.receive(*well[1::2])
    for _ in range(3):
        office.run()
    incident = [one for destination, one in office.channels.sent if destination.kind == "pagerduty"]
    assert [one.step.value for one in incident] == ["trigger", "acknowledge", "trigger", "resolve"]
    assert len({one.incident for one in incident}) == 1
    assert len({one.dedupe_id for one in incident}) == 4
    assert len(office.channels.sent) == 5, "a chat is told once"
    assert not list(office.store.query("deliveries").records), "what is over is forgotten"
    office.receive(finding(3))
    office.run()
    assert {one.incident for _, one in office.channels.sent[-2:]}.isdisjoint({incident[0].incident})


def test_two_runs_at_once_send_once(office: Office) -> None:
    office.receiver()
    office.receive(finding())
    send = office.channels.send

    def meanwhile(destination, notification):
        office.channels.send = send  # type: ignore[method-assign]
        assert office.run() == DeliveryReport(busy=1)
        return send(destination, notification)

    office.channels.send = meanwhile  # type: ignore[method-assign]
    assert office.run() == DeliveryReport(sent=1, alerts=1)
    assert len(office.channels.sent) == 1


def test_a_storm_is_one_message_for_each_receiver(office: Office) -> None:
    office.receiver("a")
    office.receiver("b", channel="teams")
    office.receive(*(finding(model=f"m{number}") for number in range(300)))
    assert office.run() == DeliveryReport(sent=2, alerts=600)
    assert [len(one) for one in office.told] == [300, 300]


def test_receivers_are_set_changed_and_removed_on_record(office: Office) -> None:
    office.receiver()
    office.receiver()  # the same again
    office.receiver(severity="critical")
    assert [one.severity for one in list_receivers(office.store)] == [Severity.CRITICAL]
    common = {"store": office.store, "audit": office.audit, "actor": "ada", "now": NOW}
    remove_receiver("on-call", **common)
    remove_receiver("on-call", **common)
    assert office.entries("receiver") == ["receiver.set", "receiver.set", "receiver.removed"]
    assert list(list_receivers(office.store)) == []
    for call in (
        lambda: get_receiver(office.store, "on-call"),
        lambda: remove_receiver("nobody", **common),
        lambda: try_receiver("on-call", channels=office.channels, dashboard_url=None, **common),
    ):
        with pytest.raises(NotFoundError):
            call()
    office.receive(finding())
    assert office.run() == DeliveryReport()


def test_a_receiver_that_no_channel_takes_is_not_kept(office: Office) -> None:
    for wrong in ({"channel": "telegram"}, {"channel": "slack", "secret": None}, {"options": {"region": "mars"}}):
        with pytest.raises(InvalidInputError):
            office.receiver(**wrong)
    assert list(list_receivers(office.store)) == []


def test_there_are_a_hundred_receivers_at_most(office: Office) -> None:
    for number in range(MOST):
        office.receiver(f"r{number}")
    office.receiver("r0", severity="critical")
    with pytest.raises(InvalidInputError, match="100"):
        office.receiver("one-more")


@pytest.mark.parametrize(
    ("fail", "sent"),
    [(None, True), (NotSentError("busy"), False), (InvalidInputError("no"), False), (SyndicError("?"), None)],
)
def test_the_test_button_says_what_became_of_the_message(
    office: Office, fail: Exception | None, sent: bool | None
) -> None:
    office.receiver()
    office.channels.fail = fail
    found = try_receiver(
        "on-call", channels=office.channels, store=office.store, audit=office.audit, actor="ada",
        dashboard_url="https://syndic.example.org", now=NOW,
    )  # fmt: skip
    assert found.sent is sent
    assert (found.reason is None) is (sent is True)
    assert office.entries("receiver.tested") == ["receiver.tested"]
    if sent:
        assert "test" in office.channels.sent[0][1].lead
