"""Buttons in Slack, through the real handler: who may, once, and what becomes of the message."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.alerting.alerts import get_alert
from syndic.alerting.chat.people import remove_person, set_person
from syndic.alerting.life import change_alert
from syndic.alerting.models import ActionName, AlertChange, AlertState
from syndic.alerting.receivers import remove_receiver, set_receiver
from syndic.alerting.telling.run import tell_everybody
from syndic.errors import NotSentError
from syndic.models import Severity
from syndic.ports import Offer
from tests.edges.alerting.slack import CHAT, MEMBER, pressed, signed
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, NOW, World

ALERT = f"{MODEL}.bias"
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    found = wire("checked")
    common: dict[str, Any] = {"store": found.store, "audit": found.audit, "actor": "setup", "now": NOW}
    set_receiver(CHAT.model_copy(update={"severity": Severity.LOW}), channels=found.channels, **common)
    set_person(MEMBER, "ada", **common)
    return found


def press(payload: Any, *, app: str = "slack-signing", headers: dict[str, str] | None = None, **options: Any) -> Any:
    given, body = signed(payload, NOW, **options)
    path = f"{PREFIX}/slack/{app}/actions"
    answer = handler(api_request("POST", path, headers=given | (headers or {}), body=body), Context())
    return answer["statusCode"], json.loads(answer["body"])


def whispered(world: World) -> str:
    return world.channels.whispered[-1][1]


def told(world: World) -> str:
    """The message that tells of the alerts: its id."""
    tell_everybody(
        store=world.store, channels=world.channels, notifier=None, audit=world.audit,
        dashboard_url="https://syndic.example.org", fallback=None, now=NOW,
    )  # fmt: skip
    (record,) = world.store.query("chat.messages.open").records
    return str(record.body["message"])


def of_message(message: str, offer: Offer, **options: Any) -> dict[str, Any]:
    """The payload of a button of a message that was sent."""
    ts = message.partition(":")[2]
    return pressed(offer.alert, episode=offer.episode, severity=offer.severity, ts=ts, **options)


def offered(world: World) -> Offer:
    (offer,) = [one.offer for one in world.channels.sent[-1][1].matters if one.offer and one.offer.alert == ALERT]
    return offer


def trail(world: World) -> list[Any]:
    found = world.store.query("audit", prefix="entry.", descending=True, limit=9).records
    return [one.body["entry"] for one in found]


def test_a_button_acknowledges_for_the_person_and_the_same_message_says_so(world: World) -> None:
    message = told(world)
    assert press(of_message(message, offered(world))) == (200, {"done": True})
    alert = get_alert(world.store, ALERT, NOW)
    (changed, now_says), *_ = world.channels.updated
    matter = next(one for one in now_says.matters if one.standing)
    entry = next(one for one in trail(world) if one["action"] == "alert.acknowledged")

    assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, "ada")
    assert changed == message
    assert matter.standing == "acknowledged by ada, 4 March 2026, 06:00 UTC"
    assert matter.offer is None
    assert matter.link is not None
    assert matter.link.startswith("https://syndic.example.org/#/models/")
    assert entry["actor"] == "ada"
    assert entry["details"]["place"] == "T0123ABCD/C0123ABCD"
    assert entry["details"]["member"] == MEMBER


@pytest.mark.parametrize(("button", "hours"), [(1, 4), (2, 24)])
def test_a_button_snoozes(world: World, button: int, hours: int) -> None:
    assert press(pressed(ALERT, button=button)) == (200, {"done": True})
    until = get_alert(world.store, ALERT, NOW).snoozed_until

    assert until == NOW + timedelta(hours=hours, minutes=1)
    assert get_alert(world.store, ALERT, NOW).snoozed_by == "ada"


def _nobody(world: World) -> None:
    remove_person(MEMBER, store=world.store, audit=world.audit, actor="setup", now=NOW)


def _gone(world: World) -> None:
    world.directory.delete("ada")


def _disabled(world: World) -> None:
    world.directory.set_enabled("ada", enabled=False)


def _roleless(world: World) -> None:
    world.directory.set_roles("ada", ["auditor"])


def _not_the_owner(world: World) -> None:
    set_person(MEMBER, "otto", store=world.store, audit=world.audit, actor="setup", now=NOW)


def _taken(world: World, *, action: ActionName = ActionName.ACKNOWLEDGE) -> None:
    until = LATER if action is ActionName.SNOOZE else None
    note = "seen to" if action is ActionName.RESOLVE else ""
    wanted = AlertChange(action=action, until=until, note=note)
    change_alert(ALERT, wanted, by="olga", store=world.store, audit=world.audit, now=NOW)


@pytest.mark.parametrize(
    ("before", "options", "said"),
    [
        (_nobody, {}, "does not know who you are"),
        (lambda _: None, {"member": "T0123ABCD-U0MALLORY"}, "does not know who you are"),
        (lambda _: None, {"member": "T0OTHER-U0456EFGH"}, "does not know who you are"),
        (_gone, {}, "does not know who you are"),
        (_disabled, {}, "does not know who you are"),
        (_roleless, {}, "Only the model's owner or an admin"),
        (_not_the_owner, {}, "Only the model's owner or an admin"),
        (_taken, {}, "olga has acknowledged it already"),
        (lambda world: _taken(world, action=ActionName.SNOOZE), {}, "olga has snoozed it already"),
        (lambda world: _taken(world, action=ActionName.RESOLVE), {}, "is over"),
        (lambda _: None, {"severity": Severity.LOW}, "has become worse"),
        (lambda _: None, {"episode": NOW - timedelta(days=90)}, "is over"),
        (lambda _: None, {"sent": NOW - timedelta(days=14)}, "older than 14 days"),
        (lambda _: None, {"sent": NOW + timedelta(days=400)}, "open the alert"),
    ],
)
def test_who_may_not_changes_nothing_and_is_told_alone(
    world: World, before: Callable[[World], None], options: dict[str, Any], said: str
) -> None:
    before(world)
    alert, entries = get_alert(world.store, ALERT, NOW), trail(world)
    assert press(pressed(ALERT, **options)) == (200, {"done": False})

    assert said in whispered(world)
    assert "Nothing was changed." in whispered(world)
    assert get_alert(world.store, ALERT, NOW) == alert
    assert trail(world) == entries
    assert not world.channels.updated


def test_of_an_alert_that_is_gone_the_person_is_told(world: World) -> None:
    assert press(pressed("nobody.drift")) == (200, {"done": False})
    assert "not there any more" in whispered(world)


def test_the_same_person_twice_is_once(world: World) -> None:
    assert press(pressed(ALERT)) == (200, {"done": True})
    payload = pressed(ALERT)
    payload["trigger_id"] = "2"
    assert press(payload) == (200, {"done": True})

    assert [one.action for one in get_alert(world.store, ALERT, NOW).actions] == [ActionName.ACKNOWLEDGE]


def test_a_request_is_carried_out_once_whoever_sends_it_again(world: World) -> None:
    assert press(pressed(ALERT))[0] == 200
    change_alert(ALERT, AlertChange(action=ActionName.REOPEN), by="olga", store=world.store, audit=world.audit, now=NOW)
    status, problem = press(pressed(ALERT))

    assert (status, problem["code"]) == (409, "conflict")
    assert get_alert(world.store, ALERT, NOW).state is AlertState.OPEN


FORGED: dict[str, dict[str, Any]] = {
    "another secret": {"secret": "0" * 32},
    "too old": {"age": timedelta(seconds=301)},
    "of the future": {"age": -timedelta(seconds=301)},
    "no signature": {"headers": {"X-Slack-Signature": ""}},
    "another version": {"headers": {"X-Slack-Signature": "v1=" + "0" * 64}},
    "another time": {"headers": {"X-Slack-Request-Timestamp": str(int(NOW.timestamp()) + 1)}},
    "a time that is none": {"headers": {"X-Slack-Request-Timestamp": "1e9"}},
    "an app that nobody has": {"app": "slack-other"},
}


@pytest.mark.parametrize("name", FORGED)
def test_what_slack_did_not_sign_within_five_minutes_gets_nowhere(world: World, name: str) -> None:
    status, problem = press(pressed(ALERT), **FORGED[name])

    assert (status, problem["code"]) == (401, "not_signed_in")
    assert get_alert(world.store, ALERT, NOW).state is AlertState.OPEN
    assert not world.channels.whispered


def test_a_request_of_four_and_a_half_minutes_is_taken(world: World) -> None:
    assert press(pressed(ALERT), age=timedelta(seconds=299)) == (200, {"done": True})


def test_an_app_cannot_press_the_buttons_of_another(world: World) -> None:
    other = CHAT.model_copy(update={"name": "other", "options": {**CHAT.options, "signing_secret": "slack-other"}})
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "setup", "now": NOW}
    set_receiver(other, channels=world.channels, **common)
    assert press(pressed(ALERT, receiver="other"))[0] == 404
    remove_receiver("other", **common)
    assert press(pressed(ALERT, receiver="other"))[0] == 404

    assert get_alert(world.store, ALERT, NOW).state is AlertState.OPEN


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        ({"type": "view_submission"}, 200),
        ({"type": "block_actions", "actions": []}, 200),
        ({"type": "block_actions", "actions": [{"action_id": "syndic_open", "value": "x"}]}, 200),
        ({"type": "block_actions", "actions": [{"action_id": "syndic_acknowledge", "value": "[1]"}]}, 400),
        ({"type": "block_actions", "actions": [{"action_id": "syndic_acknowledge", "value": "[" * 9_000}]}, 400),
        ({**pressed(ALERT), "user": {"id": "../../x"}}, 400),
        ({**pressed(ALERT), "channel": None}, 400),
        ("no object", 400),
    ],
)
def test_of_what_is_no_button_of_ours_nothing_is_done(world: World, payload: Any, status: int) -> None:
    assert press(payload)[0] == status
    assert get_alert(world.store, ALERT, NOW).state is AlertState.OPEN


def test_slack_that_does_not_answer_keeps_nobody_from_acknowledging(world: World) -> None:
    message = told(world)
    world.channels.refuse = NotSentError("slack is busy", after=30.0)
    assert press(of_message(message, offered(world))) == (200, {"done": True})
    assert get_alert(world.store, ALERT, NOW).state is AlertState.ACKNOWLEDGED
    world.channels.refuse = None
    told(world)

    assert [one for one, _ in world.channels.updated] == [message], "the next run brought it up to date"
    told(world)
    assert len(world.channels.updated) == 1, "once"


def test_a_message_follows_what_is_done_elsewhere_until_it_is_over(world: World) -> None:
    message = told(world)
    _taken(world, action=ActionName.SNOOZE)
    told(world)
    says = world.channels.updated[-1][1]
    assert [one.standing for one in says.matters if one.offer is None] == [
        "snoozed by olga until 4 March 2026, 08:00 UTC"
    ]
    for alert in world.store.query("episodes.state.open").records:
        wanted = AlertChange(action=ActionName.RESOLVE, note="justified")
        change_alert(alert.key.sort, wanted, by="olga", store=world.store, audit=world.audit, now=NOW)
    _taken(world, action=ActionName.RESOLVE)
    tell_everybody(
        store=world.store, channels=world.channels, notifier=None, audit=world.audit, dashboard_url=None,
        fallback=None, now=NOW,
    )  # fmt: skip

    assert {one.standing.partition(":")[0] for one in world.channels.updated[-1][1].matters if one.standing} == {
        "resolved by olga"
    }
    assert world.channels.updated[-1][0] == message
    assert not world.store.query("chat.messages.open").records
