"""Findings become alerts: one for each model and concern that is in trouble, the same in any order."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.alerting.alerts import get_alert, list_alerts, receive_findings
from syndic.alerting.life import change_alert
from syndic.alerting.models import Alert, AlertChange, AlertState
from syndic.errors import UnavailableError
from syndic.models import Concern, Finding, FindingsChanged, Severity
from tests.unit.alerting.makers import NOW, finding, month


class Desk:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.audit = MemoryAudit()

    def receive(self, *findings: Finding) -> None:
        receive_findings(FindingsChanged(findings=findings), store=self.store, audit=self.audit, now=NOW)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        return list_alerts(self.store, now=NOW, limit=1000).alerts

    @property
    def alert(self) -> Alert:
        (alert,) = self.alerts
        return alert

    def acknowledge(self, note: str = "") -> Alert:
        wanted = AlertChange.model_construct(note=note) if len(note) > 2000 else AlertChange(note=note)
        return change_alert(
            self.alert.id, wanted, by="ada", store=self.store, audit=self.audit, now=NOW + timedelta(hours=1)
        )

    def contents(self) -> list[object]:
        """What is kept, but for what follows the order: when it was opened, and what was opened and withdrawn."""
        subjects = [dict(record.body) for record in self.store.query("alerts", limit=1000).records]
        episodes = [dict(record.body) for record in self.store.query("episodes").records]
        return [
            *subjects,
            *({**one, "opened_at": None} for one in episodes if one["severity"] != "none" or one["members"]),
        ]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_finding_opens_an_alert_that_says_everything(desk: Desk) -> None:
    desk.receive(finding())
    alert = desk.alert
    assert (alert.state, alert.severity, alert.worst) == (AlertState.OPEN, Severity.CRITICAL, Severity.CRITICAL)
    assert (alert.model_name, alert.subject, alert.measure) == ("car-loan", "car_value", "psi")
    assert (alert.value, alert.threshold) == (1.7, 0.25)
    assert (alert.first_seen, alert.last_seen) == (month(0).start, month(0).end)
    assert alert.windows == (month(0),)
    assert desk.audit.actions == ["alert.opened"]
    assert get_alert(desk.store, alert.id, NOW) == alert


def test_the_same_trouble_in_more_windows_is_one_alert(desk: Desk) -> None:
    desk.receive(*(finding(i) for i in range(3)))
    assert desk.alert.windows_seen == 3
    assert desk.alert.value == 1.72
    assert (desk.alert.first_seen, desk.alert.last_seen) == (month(0).start, month(2).end)
    assert desk.audit.actions == ["alert.opened"]


def test_findings_of_one_model_and_concern_at_one_time_are_one_alert_with_members(desk: Desk) -> None:
    desk.receive(finding(), finding(0, Severity.HIGH, subject="age"), finding(0, Severity.LOW, measure="ks"))
    desk.receive(finding(model="german-credit"), finding(concern=Concern.QUALITY))
    assert len(desk.alerts) == 3
    alert = get_alert(desk.store, "car-loan-123abc.drift", NOW)
    assert alert.findings == 3
    assert [(one.subject, one.measure) for one in alert.members] == [
        ("car_value", "psi"),
        ("age", "psi"),
        ("car_value", "ks"),
    ]
    assert desk.audit.actions == ["alert.opened"] * 3


def test_a_finding_that_comes_again_changes_nothing(desk: Desk) -> None:
    desk.receive(finding())
    etags = [record.etag for record in desk.store.query("alerts").records]
    desk.receive(finding(), finding())
    assert [record.etag for record in desk.store.query("alerts").records] == etags
    assert desk.audit.actions == ["alert.opened"]


def test_a_newer_finding_on_the_same_window_replaces_the_older_in_either_order(desk: Desk) -> None:
    desk.receive(finding(0, Severity.LOW, revision=1), finding(0, Severity.CRITICAL, revision=0))
    assert desk.alert.severity is Severity.LOW
    assert desk.alert.windows_seen == 1


def test_the_second_window_without_the_trouble_resolves_the_alert(desk: Desk) -> None:
    desk.receive(finding(0), finding(1, Severity.NONE))
    assert (desk.alert.state, desk.alert.severity, desk.alert.recovering) == (AlertState.OPEN, Severity.CRITICAL, True)
    desk.receive(finding(2, Severity.NONE))
    assert desk.alert.state is AlertState.RESOLVED
    assert desk.alert.severity is Severity.NONE
    assert desk.alert.worst is Severity.CRITICAL
    assert (desk.alert.first_seen, desk.alert.windows_seen) == (month(0).start, 1)
    assert desk.audit.actions == ["alert.opened", "alert.resolved"]


def test_an_older_window_that_is_well_resolves_nothing(desk: Desk) -> None:
    desk.receive(finding(2), finding(0, Severity.NONE), finding(1, Severity.NONE))
    assert desk.alert.state is AlertState.OPEN
    assert desk.alert.first_seen == month(2).start


def test_what_was_well_before_its_trouble_arrived_late_is_resolved(desk: Desk) -> None:
    desk.receive(finding(1, Severity.NONE), finding(2, Severity.NONE))
    assert desk.alerts == ()
    desk.receive(finding(0))
    assert desk.alert.state is AlertState.RESOLVED


def test_trouble_that_comes_back_is_a_new_episode_of_the_alert(desk: Desk) -> None:
    desk.receive(finding(0), *(finding(i, Severity.NONE) for i in (1, 2)))
    desk.receive(finding(3, Severity.HIGH))
    assert desk.alert.state is AlertState.OPEN
    assert desk.alert.first_seen == month(3).start
    assert desk.audit.actions == ["alert.opened", "alert.resolved", "alert.reopened"]
    assert [change.severity for change in desk.alert.history] == [Severity.CRITICAL, Severity.NONE, Severity.HIGH]


def test_subjects_that_were_always_well_are_no_alerts(desk: Desk) -> None:
    desk.receive(*(finding(i, Severity.NONE) for i in range(3)))
    assert desk.alerts == ()
    assert desk.audit.actions == []


def test_a_withdrawn_finding_leaves_no_alert_and_the_trail_says_so(desk: Desk) -> None:
    desk.receive(finding(0))
    desk.receive(finding(0, Severity.NONE, revision=1))
    assert desk.alerts == ()
    assert desk.audit.actions == ["alert.opened", "alert.resolved"]


def test_a_rise_and_a_fall_of_severity_are_told_to_the_trail(desk: Desk) -> None:
    for number, severity in enumerate([Severity.MEDIUM, Severity.CRITICAL, Severity.LOW]):
        desk.receive(finding(number, severity))
    assert desk.audit.actions == ["alert.opened", "alert.worsened", "alert.eased"]


def test_a_finding_without_a_window_is_placed_by_its_time(desk: Desk) -> None:
    desk.receive(finding(window=None, subject="documentation"))
    assert desk.alert.first_seen == desk.alert.last_seen == NOW
    assert desk.alert.windows == ()
    assert desk.alert.windows_seen == 1


SEVERITIES = st.sampled_from(list(Severity))


@settings(max_examples=60, deadline=None)
@given(
    seen=st.lists(st.tuples(st.integers(0, 5), SEVERITIES, st.integers(0, 2)), min_size=1, max_size=12),
    seed=st.integers(0, 10_000),
)
def test_the_order_and_the_number_of_arrivals_make_no_difference(seen: list, seed: int) -> None:
    findings = {(number, revision): finding(number, severity, revision=revision) for number, severity, revision in seen}
    straight, shuffled = Desk(), Desk()
    straight.receive(*findings.values())
    arrivals = [one for one in findings.values() for _ in range(3)]
    random.Random(seed).shuffle(arrivals)  # noqa: S311 - an order, no secret
    for one in arrivals:
        shuffled.receive(one)
    assert shuffled.contents() == straight.contents()
    assert [one.model_copy(update={"opened_at": None}) for one in shuffled.alerts] == [
        one.model_copy(update={"opened_at": None}) for one in straight.alerts
    ]


def test_many_writers_at_once_lose_no_window(desk: Desk) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda i: desk.receive(finding(i % 12)), range(48)))
    assert desk.alert.windows_seen == 12
    assert set(desk.audit.actions) == {"alert.opened"}, "once, or twice when two writers met; never not at all"


def test_an_entry_that_the_trail_refused_is_appended_the_next_time(desk: Desk) -> None:
    desk.audit.refuse = "down"
    with pytest.raises(UnavailableError):
        desk.receive(finding())
    desk.audit.refuse = None
    desk.receive(finding())
    desk.receive(finding())
    assert desk.audit.actions == ["alert.opened"]


def test_the_newest_sightings_are_kept_and_the_beginning_is_not_forgotten(desk: Desk) -> None:
    desk.receive(*(finding(i, Severity.HIGH) for i in range(230)))
    assert desk.alert.first_seen == month(0).start
    assert desk.alert.last_seen == month(229).end
    assert desk.alert.windows_seen == 200
    assert len(desk.alert.windows) == 24


# --- people ------------------------------------------------------------------------------------------


def test_an_acknowledged_alert_stays_quiet_until_it_grows_worse(desk: Desk) -> None:
    desk.receive(finding(0, Severity.HIGH))
    assert desk.acknowledge("known, the dealer changed its prices").state is AlertState.ACKNOWLEDGED
    desk.receive(finding(1, Severity.HIGH))
    assert (desk.alert.state, desk.alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, "ada")
    desk.receive(finding(2, Severity.CRITICAL))
    assert (desk.alert.state, desk.alert.acknowledged_by, desk.alert.note) == (AlertState.OPEN, None, "")
    assert desk.audit.actions == ["alert.opened", "alert.acknowledged", "alert.worsened"]
    assert desk.audit.entries[1].actor == "ada"


def test_an_acknowledgement_ends_with_its_episode(desk: Desk) -> None:
    desk.receive(finding(0, Severity.HIGH))
    desk.acknowledge()
    desk.receive(*(finding(i, Severity.NONE) for i in (1, 2)), finding(3, Severity.HIGH))
    assert desk.alert.state is AlertState.OPEN


def test_acknowledging_twice_is_told_once(desk: Desk) -> None:
    desk.receive(finding())
    assert desk.acknowledge("a") == desk.acknowledge("a")
    assert desk.acknowledge("b").note == "b"
    assert desk.audit.actions == ["alert.opened", "alert.acknowledged", "alert.acknowledged"]


def test_alerts_are_listed_worst_first_then_newest_and_paged(desk: Desk) -> None:
    wanted = [
        finding(3, Severity.CRITICAL, model="a"),
        finding(1, Severity.CRITICAL, model="b"),
        finding(5, Severity.HIGH, model="c"),
        finding(0, Severity.LOW, model="d"),
    ]
    desk.receive(*wanted[::-1], finding(6, model="e"), *(finding(i, Severity.NONE, model="e") for i in (7, 8)))
    first = list_alerts(desk.store, now=NOW, limit=3)
    rest = list_alerts(desk.store, now=NOW, limit=3, token=first.next_token)
    assert [alert.model_name for alert in (*first.alerts, *rest.alerts)] == ["a", "b", "c", "d", "e"]
    found = list_alerts(desk.store, now=NOW, severity=Severity.CRITICAL).alerts
    assert [one.model_name for one in found] == ["a", "b"]


def test_alerts_are_found_by_state_and_by_model(desk: Desk) -> None:
    over = [finding(i, Severity.NONE, concern=Concern.QUALITY) for i in (1, 2)]
    desk.receive(finding(), finding(model="german-credit"), finding(concern=Concern.QUALITY), *over)

    def found(**filters: object) -> list[str]:
        return sorted(one.id for one in list_alerts(desk.store, now=NOW, **filters).alerts)

    drift, other, quality = "car-loan-123abc.drift", "german-credit-123abc.drift", "car-loan-123abc.quality"
    assert found(state=AlertState.OPEN) == [drift, other]
    assert found(state=AlertState.RESOLVED) == [quality]
    assert found(state=AlertState.ACKNOWLEDGED) == []
    assert found(model_id="car-loan-123abc") == [drift, quality]
    assert found(model_id="car-loan-123abc", state=AlertState.OPEN) == [drift]
