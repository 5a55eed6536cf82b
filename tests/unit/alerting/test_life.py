"""What people do to alerts: each step holds until it is over, is on record, and is done once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from syndic.alerting.alerts import get_alert
from syndic.alerting.life import change_alert, change_alerts, wake_snoozed
from syndic.alerting.models import Alert, AlertChange, AlertState
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from syndic.models import Severity
from tests.unit.alerting.makers import NOW, finding
from tests.unit.alerting.test_alerts import Desk

ALERT = "car-loan-123abc.drift"
LATER = NOW + timedelta(hours=1)


class Life(Desk):
    def do(self, action: str = "acknowledge", *, by: str = "ada", now: Any = LATER, **fields: Any) -> Alert:
        wanted = AlertChange.model_validate({"action": action, **fields})
        return change_alert(ALERT, wanted, by=by, store=self.store, audit=self.audit, now=now)

    def at(self, now: Any) -> Alert:
        return get_alert(self.store, ALERT, now)


@pytest.fixture
def life() -> Life:
    life = Life()
    life.receive(finding(0, Severity.HIGH))
    return life


def test_a_snooze_ends_by_itself_and_the_trail_says_so(life: Life) -> None:
    until = NOW + timedelta(days=2)
    snoozed = life.do("snooze", until=until, note="waiting for the dealer")
    assert (snoozed.state, snoozed.snoozed_until, snoozed.snoozed_by) == (AlertState.SNOOZED, until, "ada")
    common = {"store": life.store, "audit": life.audit}
    assert wake_snoozed(now=until - timedelta(seconds=1), **common) == 0
    assert life.at(until).state is AlertState.OPEN, "though nobody has looked since"
    assert wake_snoozed(now=until, **common) == 1
    assert wake_snoozed(now=until, **common) == 0
    assert life.audit.actions == ["alert.opened", "alert.snoozed", "alert.woken"]
    assert life.audit.entries[1].details["until"] == until.isoformat()


@pytest.mark.parametrize("action", ["acknowledge", "snooze", "resolve"])
def test_what_was_said_of_a_trouble_does_not_hold_when_it_gets_worse(life: Life, action: str) -> None:
    until = NOW + timedelta(days=9)
    said = life.do(action, note="seen", **({"until": until} if action == "snooze" else {}))
    assert said.state is not AlertState.OPEN
    life.receive(finding(1, Severity.HIGH))
    assert (life.at(LATER).state is AlertState.OPEN) is (action == "resolve"), "newer data open what was closed"
    life.receive(finding(2, Severity.CRITICAL))
    assert life.at(LATER).state is AlertState.OPEN


def test_a_person_resolves_with_a_reason_until_newer_data_say_otherwise(life: Life) -> None:
    resolved = life.do("resolve", note="a campaign; see ticket 7")
    assert (resolved.state, resolved.severity, resolved.resolved_by) == (AlertState.RESOLVED, Severity.NONE, "ada")
    life.receive(finding(0, Severity.HIGH, revision=1))
    assert life.at(LATER).state is AlertState.RESOLVED, "the same window again is no news"
    life.receive(finding(1, Severity.HIGH))
    assert life.at(LATER).state is AlertState.OPEN
    assert life.audit.actions == ["alert.opened", "alert.resolved", "alert.reopened"]


def test_who_cares_for_it_stays_through_everything(life: Life) -> None:
    life.do("assign", assignee="bo@example.org", by="ada")
    life.do("assign", assignee="bo@example.org", by="ada")
    life.receive(finding(1, Severity.CRITICAL))
    life.do("comment", note="asked")
    life.do("comment", note="asked")
    life.do("resolve", note="done")
    assert life.do("reopen").assignee == "bo@example.org"
    assert [(one.by, one.action.value) for one in life.at(LATER).actions] == [
        ("ada", "assign"), ("ada", "comment"), ("ada", "resolve"), ("ada", "reopen"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"action": "assign"}, "assignee"),
        ({"action": "assign", "assignee": "   "}, "assignee"),
        ({"action": "acknowledge", "assignee": "bo"}, "assignee"),
        ({"action": "snooze"}, "until"),
        ({"action": "snooze", "until": NOW}, "until"),
        ({"action": "snooze", "until": NOW + timedelta(days=91)}, "until"),
        ({"action": "resolve"}, "note"),
        ({"action": "comment", "note": " "}, "note"),
    ],
)
def test_what_makes_no_sense_names_its_field(life: Life, fields: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidInputError, match=where):
        life.do(**fields)
    assert life.audit.actions == ["alert.opened"]
    for wrong in ({"action": "delete"}, {"note": "x" * 2001}, {"until": "tomorrow"}, {"until": "2026-12-24T08:00:00"}):
        with pytest.raises(ValidationError):
            AlertChange.model_validate(wrong)


def test_what_is_over_is_not_acknowledged_and_what_is_open_not_reopened(life: Life) -> None:
    with pytest.raises(ConflictError):
        life.do("reopen")
    life.receive(*(finding(number, Severity.NONE) for number in (1, 2)))
    for action, more in (
        ("acknowledge", {}),
        ("assign", {"assignee": "bo"}),
        ("resolve", {"note": "x"}),
        ("reopen", {}),
    ):
        with pytest.raises(ConflictError):
            life.do(action, **more)
    with pytest.raises(NotFoundError):
        change_alert("nobody.drift", AlertChange(), by="ada", store=life.store, audit=life.audit, now=NOW)


def test_many_are_changed_each_for_itself(life: Life) -> None:
    life.receive(finding(model="german-credit"), finding(model="secret"))

    def require(model_id: str) -> None:
        if model_id.startswith("secret"):
            raise NotAllowedError("not yours")

    asked = [ALERT, "nobody.drift", "secret-123abc.drift", "german-credit-123abc.drift", ALERT]
    found = change_alerts(
        asked, AlertChange(), require=require, by="ada", store=life.store, audit=life.audit, now=LATER
    )
    assert [(one.id, one.alert.state.value if one.alert else one.problem) for one in found] == [
        (ALERT, "acknowledged"),
        ("nobody.drift", "no alert has the id 'nobody.drift'"),
        ("secret-123abc.drift", "not yours"),
        ("german-credit-123abc.drift", "acknowledged"),
    ]


@pytest.mark.parametrize("name", ["\u202eana@example.org", "ana\n", "\u2066x", "\x1b[2K", ""])
def test_whoever_cares_for_it_has_a_name_that_is_shown_as_it_is(name: str) -> None:
    with pytest.raises(ValidationError):
        AlertChange(assignee=name)
    assert AlertChange(assignee="Zoë Ørsted <zoe@example.org>").assignee
