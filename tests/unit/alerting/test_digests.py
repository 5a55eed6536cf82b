"""One message per owner, at most once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryNotifier, MemoryStore
from syndic.alerting.alerts import list_alerts, receive_findings
from syndic.alerting.life import change_alert
from syndic.alerting.models import AlertChange, DigestReport
from syndic.alerting.telling.digests import PATIENCE, send_digests
from syndic.errors import InvalidInputError, UnavailableError
from syndic.models import Finding, FindingsChanged, Severity
from syndic.ports import Key, Notification
from tests.unit.alerting.makers import NOW, finding


class Office:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.audit = MemoryAudit()
        self.notifier = MemoryNotifier()

    def receive(self, *findings: Finding) -> None:
        receive_findings(FindingsChanged(findings=findings), store=self.store, audit=self.audit, now=NOW)

    def run(self, *, fallback: str | None = None, now: datetime = NOW, store: object = None) -> DigestReport:
        return send_digests(
            store=store or self.store,
            notifier=self.notifier,
            audit=self.audit,
            dashboard_url="https://syndic.example.org",
            now=now,
            fallback=fallback,
        )

    @property
    def told(self) -> list[str]:
        return [action for action in self.audit.actions if action.startswith("digest")]


@pytest.fixture
def office() -> Office:
    return Office()


def test_each_owner_gets_one_message_with_all_their_alerts(office: Office) -> None:
    office.receive(
        finding(model="a"),
        finding(model="b", owner="OWNER@example.org"),
        finding(model="german-credit", owner="other@example.org"),
    )
    report = office.run()
    assert (report.sent, report.alerts) == (2, 3)
    assert sorted(message.to.lower() for message in office.notifier.sent) == ["other@example.org", "owner@example.org"]
    assert office.told == ["digest.sent"] * 2


def test_an_alert_is_told_of_once(office: Office) -> None:
    office.receive(finding(0))
    office.run()
    office.receive(finding(1))
    assert office.run() == DigestReport()
    assert len(office.notifier.sent) == 1
    (alert,) = list_alerts(office.store, now=NOW).alerts
    assert alert.notified_at == NOW


def test_a_run_with_nothing_to_tell_writes_nothing(office: Office) -> None:
    office.receive(finding(0))
    office.run()
    writes = office.store._writes
    office.run()
    assert office.store._writes == writes


def test_a_rise_of_severity_is_told_again_and_a_fall_is_not(office: Office) -> None:
    office.receive(finding(0, Severity.MEDIUM))
    office.run()
    office.receive(finding(1, Severity.CRITICAL))
    assert office.run().alerts == 1
    office.receive(finding(2, Severity.HIGH))
    assert office.run().alerts == 0
    office.receive(finding(3, Severity.CRITICAL))
    assert office.run().alerts == 0


def test_trouble_that_comes_back_is_told_again(office: Office) -> None:
    office.receive(finding(0))
    office.run()
    office.receive(finding(1, Severity.NONE), finding(2, Severity.NONE))
    assert office.run().sent == 0
    office.receive(finding(3))
    assert office.run().sent == 1


def test_resolved_and_acknowledged_alerts_are_not_told(office: Office) -> None:
    office.receive(finding(0), *(finding(i, Severity.NONE) for i in (1, 2)), finding(0, model="seen"))
    (alert, _) = list_alerts(office.store, now=NOW).alerts
    change_alert(alert.id, AlertChange(), by="ada", store=office.store, audit=office.audit, now=NOW)
    assert office.run().sent == 0


def test_low_severity_alone_makes_no_message_but_rides_along(office: Office) -> None:
    office.receive(finding(0, Severity.LOW, model="small"))
    assert office.run() == DigestReport()
    office.receive(finding(0, Severity.HIGH, model="big"))
    assert office.run().alerts == 2
    assert "small" in office.notifier.sent[0].text


def test_a_model_without_owner_is_told_to_the_fallback_address(office: Office) -> None:
    office.receive(finding(owner=None))
    assert office.run() == DigestReport(without_recipient=1)
    assert office.run(fallback="team@example.org").sent == 1
    assert office.notifier.sent[0].to == "team@example.org"
    assert office.run(fallback="team@example.org").sent == 0


def test_the_fallback_address_gets_one_message_for_its_own_and_the_ownerless(office: Office) -> None:
    office.receive(finding(owner=None, model="a"), finding(owner="team@example.org", model="b"))
    report = office.run(fallback="Team@example.org")
    assert (report.sent, report.alerts) == (1, 2)


def test_a_refused_message_is_tried_again_by_the_next_run(office: Office) -> None:
    office.receive(finding())
    office.notifier.refuse = "the sender is not verified"
    assert office.run().failed == ("the sender is not verified",)
    office.notifier.refuse = None
    assert office.run().sent == 1
    assert office.run().sent == 0


def test_one_wrong_address_keeps_nobody_else_from_being_told(office: Office) -> None:
    office.receive(finding(owner="nobody\r\nBcc: x@example.org", model="a"), finding(model="b"))
    report = office.run()
    assert (report.sent, report.without_recipient) == (1, 1)
    assert [message.to for message in office.notifier.sent] == ["owner@example.org"]


ODD_OWNERS = (
    "jürgen@example.org", "用户@example.org", f"{'a' * 65}@example.org", "team-credit", "ann@localhost", "@example.org",
    "Ann <ann@example.org>", f"a@{'b' * 250}.org", "ann@exa mple.org", "ann@example.org\r\nBcc: eve@example.org",
)  # fmt: skip


@pytest.mark.parametrize("owner", ODD_OWNERS)
def test_an_owner_whom_no_mail_can_reach_is_told_through_the_fallback_address(office: Office, owner: str) -> None:
    office.receive(finding(owner=owner, model="a"), finding(owner=None, model="b"))
    report = office.run(fallback="team@example.org")
    assert (report.sent, report.alerts, report.failed, report.without_recipient) == (1, 2, (), 0)
    assert [message.to for message in office.notifier.sent] == ["team@example.org"]
    assert office.run(fallback="team@example.org") == DigestReport()


def test_an_address_that_the_service_blocks_is_told_through_the_fallback_address(office: Office) -> None:
    office.receive(finding(owner="gone@example.org", model="a"), finding(owner="here@example.org", model="b"))
    send = office.notifier.send

    def blocking(message: Notification) -> str:
        if message.to == "gone@example.org":
            raise InvalidInputError("Address is on the suppression list")
        return send(message)

    office.notifier.send = blocking  # type: ignore[method-assign]
    report = office.run(fallback="team@example.org")
    assert (report.sent, report.alerts) == (2, 2)
    assert sorted(message.to for message in office.notifier.sent) == ["here@example.org", "team@example.org"]
    assert office.run(fallback="team@example.org").sent == 0


def test_runs_at_the_same_time_tell_once(office: Office) -> None:
    office.receive(*(finding(model=f"m{i}", owner=f"o{i % 4}@example.org") for i in range(12)))
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda _: office.run(), range(8)))
    assert sum(report.sent for report in reports) == 4
    assert len(office.notifier.sent) == 4
    assert sum(report.alerts for report in reports) == 12


def test_thousands_of_alerts_of_one_owner_are_one_readable_message(office: Office) -> None:
    for model in range(200):
        office.receive(*(finding(subject=f"s{i}", model=f"m{model}") for i in range(10)))
    report = office.run()
    assert (report.sent, report.alerts) == (1, 200)
    (message,) = office.notifier.sent
    assert "200 alerts about your models are new or have become worse, made of 2000 findings" in message.text
    assert "160 more are on the dashboard" in message.text
    assert len(message.html) < 100_000
    assert office.run().sent == 0


class StopError(Exception):
    """The function was killed."""


class StoppingStore:
    """A store that is cut off before or after its n-th write."""

    def __init__(self, store: MemoryStore, at: int, *, after: bool) -> None:
        self._store, self._left, self._after = store, at, after

    def __getattr__(self, name: str) -> Callable:
        whole = getattr(self._store, name)
        if name != "put":
            return whole

        def put(*args: object, **options: object) -> object:
            self._left -= 1
            if self._left < 0 and not self._after:
                raise StopError
            result = whole(*args, **options)
            if self._left < 0:
                raise StopError
            return result

        return put


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_run_that_dies_at_any_write_never_leads_to_a_second_message(after: bool) -> None:
    outcomes = set()
    for at in range(20):
        office = Office()
        office.receive(finding(model="a"), finding(model="b"))
        died = False
        try:
            office.run(store=StoppingStore(office.store, at, after=after))
        except StopError:
            died = True
        sent_before = len(office.notifier.sent)
        if died and sent_before == 0:
            assert office.run().sent == 0 or not office.notifier.sent[1:], "the dead run still holds the slot"
        later = office.run(now=NOW + PATIENCE)
        office.run(now=NOW + PATIENCE * 2)
        assert len(office.notifier.sent) <= 1
        assert len(office.notifier.sent) == 1 or later.unconfirmed == 1, "silence is always said"
        outcomes.add((died, len(office.notifier.sent), later.unconfirmed))
        if not died:
            break
    assert (False, 1, 0) in outcomes, "the whole run was walked through"
    assert (True, 1, 0) in outcomes, "deaths before sending are made good"


def test_a_message_that_may_have_been_sent_is_not_sent_again_and_is_told_to_the_trail(office: Office) -> None:
    class Silent(MemoryNotifier):
        def send(self, notification: Notification) -> str:
            super().send(notification)
            raise StopError

    office.receive(finding())
    office.notifier = Silent()
    with pytest.raises(StopError):
        office.run()
    assert office.run() == DigestReport(busy=1)
    assert office.run(now=NOW + PATIENCE).unconfirmed == 1
    assert [alert.notice_unconfirmed for alert in list_alerts(office.store, now=NOW).alerts] == [True]
    assert office.run(now=NOW + PATIENCE * 2) == DigestReport()
    assert len(office.notifier.sent) == 1
    assert office.told == ["digest.unconfirmed"]
    office.notifier = MemoryNotifier()
    office.receive(finding(model="new"))
    assert office.run(now=NOW + PATIENCE * 3).alerts == 1


def test_a_message_that_was_sent_is_noted_by_the_next_run_when_the_first_one_died(office: Office) -> None:
    office.receive(finding())
    office.audit.refuse = "down"
    with pytest.raises(UnavailableError):
        office.run()
    office.audit.refuse = None
    assert office.run(now=NOW + PATIENCE + timedelta(seconds=1)).sent == 0
    office.receive(finding(model="new"))
    office.run(now=NOW + PATIENCE * 2)
    assert ["car-loan" in message.text for message in office.notifier.sent] == [True, False]


def test_the_trail_holds_no_address(office: Office) -> None:
    office.receive(finding())
    office.run()
    assert "example.org" not in str([entry.model_dump() for entry in office.audit.entries])
    assert office.store.get(Key("digests", "x")) is None
