"""Whom alerts reach: matchers, the tree, muting, times in a zone, escalation, and a trial on the past."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from syndic.alerting.life import change_alert
from syndic.alerting.models import AlertChange
from syndic.alerting.models.routing import Routing, SilenceSettings, TimeInterval
from syndic.alerting.routing.escalation import time_within
from syndic.alerting.routing.intervals import check_interval, holds
from syndic.alerting.routing.kept import (
    add_silence,
    end_silence,
    get_routing,
    list_silences,
    routing_versions,
    set_routing,
)
from syndic.alerting.routing.matchers import read_matcher
from syndic.alerting.routing.tree import compile_routing
from syndic.alerting.telling.run import route_now
from syndic.alerting.telling.trial import try_routing
from syndic.errors import InvalidInputError
from syndic.models import Concern, Severity
from tests.unit.alerting.makers import NOW, finding
from tests.unit.alerting.test_receivers import MINUTES, Office

HOUR = timedelta(hours=1)


@pytest.fixture
def office() -> Office:
    office = Office()
    for name in ("first", "second", "third"):
        office.receiver(name, channel="slack", severity="low")
    return office


def route(office: Office, routing: dict[str, Any]) -> None:
    wanted = Routing.model_validate({"route": {"receiver": "owners"}, **routing})
    set_routing(wanted, store=office.store, audit=office.audit, actor="ada", now=office.now)


def told(office: Office) -> list[str]:
    """Whom the messages went to, by the secret that names the receiver's channel, in the order of the receivers."""
    groups, _ = route_now(office.store, {one.name: one for one in receivers(office)}, office.now)
    return sorted(group.receiver for group in groups.groups.values() if group.firing)


def receivers(office: Office) -> list[Any]:
    from syndic.alerting.receivers import list_receivers

    return list(list_receivers(office.store))


@pytest.mark.parametrize(
    ("text", "value", "holds_"),
    [
        ('severity="high"', "high", True), ("severity=high", "high", True), ('severity!="high"', "high", False),
        ('severity=~"hi.*"', "high", True), ('severity=~"hig"', "high", False), ('severity!~"low|high"', "high", False),
        ('severity=~"low|high"', "high", True), (' severity = "a\\"b" ', 'a"b', True), ('severity=""', "", True),
        ('severity=~"[a-h]{3,4}i?"', "h", False),
    ],
)  # fmt: skip
def test_matchers_mean_what_alertmanagers_mean(text: str, value: str, *, holds_: bool) -> None:
    assert read_matcher(text, where="m").holds({"severity": value}) is holds_
    assert read_matcher('other!=""', where="m").holds({"severity": value}) is False, "a label that is missing is empty"


HOSTILE = ('a=~"(a+)+b"', 'a=~"(a|a)*b"', 'a=~"(?=a)"', 'a=~"\\1"', 'a=~"(a{1,9}){1,9}"', 'a=~"["', 'a=~"a*a*a*a*a*b"',
           "a", "=b", "a=~b=c d", '"a"="b"', "a" * 301 + "=b", 'a="b', "a==b,c=d")  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_matcher_that_is_none_or_could_take_years_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^route\.matchers\[0\]"):
        read_matcher(text, where="route.matchers[0]")


def test_the_slowest_matcher_that_is_taken_is_quick() -> None:
    slow = read_matcher('a=~".*a.*a.*a.*b"', where="m")
    start = time.process_time()
    assert not slow.holds({"a": "a" * 5_000})
    assert time.process_time() - start < 20


def test_the_first_route_that_matches_takes_it_unless_it_goes_on(office: Office) -> None:
    office.receive(finding(0, Severity.CRITICAL), finding(0, Severity.HIGH, concern=Concern.BIAS))
    routes = [
        {"receiver": "second", "matchers": ["severity=critical"]},
        {"receiver": "third", "matchers": ['concern=~"bias|drift"']},
    ]
    route(office, {"route": {"receiver": "first", "routes": routes}})
    assert told(office) == ["second", "third"]
    route(office, {"route": {"receiver": "first", "routes": [{**routes[0], "continue": True}, routes[1]]}})
    groups, _ = route_now(office.store, {one.name: one for one in receivers(office)}, office.now)
    assert {group.receiver: len(group.firing) for group in groups.groups.values()} == {"second": 1, "third": 2}
    route(office, {"route": {"receiver": "first", "routes": routes[:1]}})
    assert told(office) == ["first", "second"]
    assert [one.version for one in routing_versions(office.store)] == [3, 2, 1]
    set_routing(None, store=office.store, audit=office.audit, actor="ada", now=office.now)
    assert get_routing(office.store).version == 4
    assert told(office) == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("routing", "where"),
    [
        ({"route": {"receiver": "nobody"}}, "route.receiver"),
        ({"route": {}}, "route.receiver"),
        ({"route": {"receiver": "owners", "group_by": ["modle"]}}, r"route.group_by\[0\].*did you mean 'model'"),
        ({"route": {"receiver": "owners", "routes": [{"matchers": ['sevirity="high"']}]}}, r"did you mean 'severity'"),
        ({"inhibit_rules": [{"source_matchers": ["model=a"], "target_matchers": ["tag_=b"]}]}, r"target_matchers\[0\]"),
        ({"inhibit_rules": [{"source_matchers": ["model=a"], "target_matchers": ["tag_team=b"], "equal": ["x"]}]},
         r"inhibit_rules\[0\].equal\[0\]"),
        ({"route": {"receiver": "owners", "matchers": ["a=b"]}}, "route.matchers"),
        ({"route": {"receiver": "owners", "continue": True}}, "route.continue"),
        ({"route": {"receiver": "owners", "routes": [{"matchers": ["a"]}]}}, r"route.routes\[0\].matchers\[0\]"),
        ({"route": {"receiver": "owners", "routes": [{"mute_time_intervals": ["x"]}]}}, r"routes\[0\].mute_time"),
        ({"route": {"receiver": "owners", "group_interval": "1h", "repeat_interval": "5m"}}, "route.repeat_interval"),
        ({"route": {"receiver": "owners", "escalate": [{"after": "1h", "receiver": "x"}]}}, r"escalate\[0\].receiver"),
        ({"inhibit_rules": [{"source_matchers": ["a"], "target_matchers": ["b=c"]}]}, r"source_matchers\[0\]"),
        ({"time_intervals": [{"name": "n", "time_intervals": [{"location": "Europe/Nowhere"}]}]}, "location"),
        ({"time_intervals": [{"name": "n", "time_intervals": [{"weekdays": ["friday:monday"]}]}]}, "weekdays"),
        ({"time_intervals": [{"name": "n", "time_intervals": [{"days_of_month": ["0"]}]}]}, "days_of_month"),
        ({"time_intervals": [{"name": "n", "time_intervals": []}] * 2}, r"time_intervals\[1\].name"),
    ],
)  # fmt: skip
def test_a_routing_that_is_wrong_names_the_field(office: Office, routing: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidInputError, match=where):
        route(office, routing)
    assert office.entries("routing") == []


@pytest.mark.parametrize("text", ["5", "-5m", "1x", "", "m", "1e3s", "400d", "5 m"])
def test_a_length_of_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Routing.model_validate({"route": {"receiver": "owners", "group_wait": text}})


def test_a_tree_too_deep_is_refused() -> None:
    tree: dict[str, Any] = {}
    for _ in range(11):
        tree = {"routes": [tree]}
    with pytest.raises(InvalidInputError, match="deeper"):
        compile_routing(Routing.model_validate({"route": {"receiver": "owners", **tree}}), frozenset())


def test_missing_data_inhibits_drift_of_the_same_model_and_nothing_else(office: Office) -> None:
    rule = {
        "source_matchers": ["concern=quality", "severity=high"],
        "target_matchers": ["concern=drift"],
        "equal": ["model"],
    }
    route(office, {"route": {"receiver": "first", "group_by": ["model", "concern"]}, "inhibit_rules": [rule]})
    office.receive(finding(), finding(model="b"), finding(0, Severity.HIGH, concern=Concern.QUALITY))

    def firing() -> list[str]:
        found, _ = route_now(office.store, {one.name: one for one in receivers(office)}, office.now)
        return sorted(one.id for group in found.groups.values() for one in group.firing)

    assert firing() == ["b-123abc.drift", "car-loan-123abc.quality"]
    office.receive(*(finding(i, Severity.NONE, concern=Concern.QUALITY) for i in (1, 2)))
    assert firing() == ["b-123abc.drift", "car-loan-123abc.drift"]


def test_a_silence_keeps_quiet_while_it_lasts_is_on_record_and_ends(office: Office) -> None:
    route(office, {"route": {"receiver": "first", "group_wait": "0s"}})
    office.receive(finding())
    common: dict[str, Any] = {"store": office.store, "audit": office.audit, "actor": "ada"}
    settings = SilenceSettings(matchers=('model=~"car-.*"',), ends_at=NOW + HOUR, comment="moving")
    silence = add_silence(settings, now=office.now, **common)
    assert add_silence(settings, now=office.now + MINUTES, **common) == silence, "asked again it is the same"
    assert office.run().sent == 0
    assert office.run(after=HOUR).sent == 1
    later = SilenceSettings(matchers=("severity=critical",), ends_at=office.now + 2 * HOUR, comment="again")
    other = add_silence(later, now=office.now, **common)
    end_silence(other.id, now=office.now, **common)
    end_silence(other.id, now=office.now + MINUTES, **common)
    assert list_silences(office.store, office.now + MINUTES) == []
    assert office.entries("silence") == ["silence.created", "silence.created", "silence.ended"]
    for wrong in (
        {"matchers": ('model=~".*"',)},
        {"ends_at": office.now},
        {"ends_at": office.now + timedelta(days=400)},
    ):
        with pytest.raises(InvalidInputError):
            add_silence(later.model_copy(update=wrong), now=office.now, **common)


BERLIN = {
    "times": [{"start_time": "09:00", "end_time": "17:00"}],
    "weekdays": ["monday:friday"],
    "location": "Europe/Berlin",
}
OFFICE_HOURS = TimeInterval.model_validate({"name": "office", "time_intervals": [BERLIN]})


@pytest.mark.parametrize(
    ("moment", "within"),
    [
        ("2026-03-27T08:00:00+00:00", True), ("2026-03-27T07:59:00+00:00", False),  # winter: 9 in Berlin is 8 in UTC
        ("2026-03-30T07:00:00+00:00", True), ("2026-03-30T06:59:00+00:00", False),  # summer: it is 7
        ("2026-03-27T16:00:00+00:00", False), ("2026-03-29T10:00:00+00:00", False),
    ],
)  # fmt: skip
def test_times_are_those_of_the_zone_in_summer_and_winter(moment: str, *, within: bool) -> None:
    assert holds(OFFICE_HOURS, datetime.fromisoformat(moment)) is within


def test_the_end_of_a_month_is_counted_from_its_end() -> None:
    days = TimeInterval.model_validate(
        {"name": "n", "time_intervals": [{"days_of_month": ["-1"], "months": ["february"]}]}
    )
    check_interval(days, where="")
    assert [day for day in range(1, 29) if holds(days, datetime(2026, 2, day, tzinfo=UTC))] == [28]


@pytest.mark.parametrize(("day", "hours"), [(27, 8), (29, 23), (25, 25)])
def test_hours_are_counted_as_they_pass_when_the_clocks_change(day: int, hours: int) -> None:
    month = 10 if hours == 25 else 3
    whole = TimeInterval.model_validate(
        {"name": "n", "time_intervals": [{"location": "Europe/Berlin", "days_of_month": [str(day)]}]}
    )
    found = OFFICE_HOURS if hours == 8 else whole
    start = datetime(2026, month, day, tzinfo=UTC) - 3 * HOUR
    assert time_within(found, start, start + 30 * HOUR, enough=100 * HOUR) == hours * HOUR


def test_a_chain_tells_the_next_one_in_business_hours_until_somebody_acknowledges(office: Office) -> None:
    """Opened on the Friday before the clocks change: two hours of work later it is Monday."""
    chain = [{"after": "30m", "receiver": "second"}, {"after": "2h", "receiver": "third", "within": "office"}]
    routing = {
        "route": {"receiver": "first", "group_wait": "0s", "repeat_interval": "0s", "escalate": chain},
        "time_intervals": [OFFICE_HOURS.model_dump(mode="json")],
    }
    office.now = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)  # 16:00 in Berlin, an hour before the end of work
    route(office, routing)
    office.receive(finding())
    seen: list[tuple[str, datetime]] = []
    for _ in range(4 * 70):
        before = len(office.channels.sent)
        office.run(after=3 * MINUTES)
        seen += [(office.now.strftime("%a %H:%M"), office.now) for _ in office.channels.sent[before:]]
    assert [when for when, _ in seen] == ["Fri 15:15", "Fri 15:30", "Mon 08:00"]

    quiet = Office()
    quiet.now = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
    for name in ("first", "second", "third"):
        quiet.receiver(name, channel="slack", severity="low")
    route(quiet, routing)
    quiet.receive(finding())
    quiet.run()
    change_alert("car-loan-123abc.drift", AlertChange(), by="bo", store=quiet.store, audit=quiet.audit, now=quiet.now)
    for _ in range(12):
        quiet.run(after=8 * HOUR)
    assert len(quiet.channels.sent) == 1, "acknowledged, the chain ends"


def test_a_trial_says_how_often_it_would_have_told(office: Office) -> None:
    for day in range(3):
        at = NOW - timedelta(days=20 - 4 * day)
        office.receive(finding(0, Severity.HIGH, model=f"m{day}", found_at=at))
        office.receive(finding(1, Severity.CRITICAL, model=f"m{day}", found_at=at + timedelta(days=2)))
    office.receive(finding(0, Severity.HIGH, model="old", found_at=NOW - timedelta(days=40)))
    wanted = Routing.model_validate(
        {"route": {"receiver": "owners", "group_wait": "0s", "repeat_interval": "0s", "routes": [
            {"receiver": "second", "matchers": ["severity=critical"]}]}}
    )  # fmt: skip
    before = office.store._writes
    found = try_routing(wanted, store=office.store, now=NOW)
    assert {one.receiver: one.messages for one in found.receivers} == {"owners": 3, "second": 3}
    assert (found.alerts, found.untold) == (3, 0)
    assert office.store._writes == before
    assert not office.channels.sent
    nobody = Routing.model_validate(
        {"route": {"receiver": "third", "routes": [{"receiver": "third", "matchers": ['model="b"']}]}}
    )
    office.receiver("third", channel="slack", severity="critical", owners=["somebody@example.org"])
    assert try_routing(nobody, store=office.store, now=NOW).untold == 3
    with pytest.raises(InvalidInputError, match=re.escape("route.receiver")):
        try_routing(Routing.model_validate({"route": {"receiver": "x"}}), store=office.store, now=NOW)
