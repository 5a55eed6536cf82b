"""Of two clients who edit one record the second gets 412, on every PUT and PATCH of the access table."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.access.permissions import TABLE
from functions.api.handler import handler
from functions.api.preconditions import NOT_THERE, RECORDS
from syndic.records import get_model, model_record
from tests.edges.access.test_api_access import BODIES, filler
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.registers import inventoried
from tests.edges.registers.register_of_persons import oversight
from tests.edges.registers.registering import LEVELS
from tests.edges.tokens import RULES
from tests.edges.world import MODEL, World

# A configuration sets many records, each of which has its own path and ETag; `dry_run` shows what it would change.
UPDATES = sorted(route for route in TABLE if route[0] in {"PUT", "PATCH"} and route[1] != "/config")
OTHERS: dict[tuple[str, str], dict[str, Any]] = {
    **inventoried.OTHERS,
    ("PATCH", "/models/<model_id>"): {"domain": "insurance"},
    ("PATCH", "/models/<model_id>/compliance-status"): {"status": "retired", "reason": "as the board decided"},
    ("PUT", "/models/<model_id>/risk-profile"): {"level": "high", "reason": "on second thoughts"},
    ("PUT", "/models/<model_id>/approval-policy"): {"name": "strict"},
    ("PUT", "/retention"): {"hourly_days": 500},
    ("PUT", "/models/<model_id>/drift/policy"): {"psi_threshold": 0.3},
    ("PUT", "/models/<model_id>/gateway"): {"backends": {"*": {"kind": "mlflow", "address": "https://n.example.org"}}},
    ("PUT", "/models/<model_id>/quality/policy"): {"rejected_tolerance": 0.1},
    ("PUT", "/models/<model_id>/bias/policy"): {"favourable": ["no"], "protected_attributes": [{"name": "sex"}]},
    ("PUT", "/models/<model_id>/classifications/<questionnaire>"): {
        "answers": {"personal_data": True, "basis": "consent"}
    },
    ("PATCH", "/requests/<person_request_id>"): {"note": "wants the reasons too"},
    ("PATCH", "/processing-records/<processing_id>"): {"contents": {"recipients": ["auditors"]}},
    ("PUT", "/assignments/<assignment_id>/trainings"): {"trainings": [oversight(World()).id]},
    ("PUT", "/policy-documents/<policy_id>/text"): {
        "version": "3",
        "location": "https://docs.example.org/9",
        "sha256": "7" * 64,
    },
    ("PUT", "/policy-documents/<policy_id>/readers"): {"readers": ["otto@example.org"]},
    ("PUT", "/compliance/frameworks/<framework_id>/applicability"): {
        "decisions": {"LL144-audit": {"taken": True, "reason": "Somebody is hired there after all."}}
    },
    ("PATCH", "/models/<model_id>/remediations/<remediation_id>"): {"note": "begun by another"},
    ("PATCH", "/alerts/<alert_id>"): {"note": "seen by another"},
    ("PUT", "/alerts/people/<member>"): {"person": "otto@example.org"},
    ("PUT", "/alerts/rules/<rule>"): {"title": "no run", "absent": {"evidence": "bias.run", "after": "4d"}},
    ("PUT", "/alerts/routes"): {"route": {"receiver": "on-call", "repeat_interval": "1d"}},
    ("PUT", "/alerts/receivers/<receiver>"): {"channel": "teams", "secret": "other"},
    ("PATCH", "/incidents/<incident_id>"): {"description": "It was another."},
    ("PUT", "/incidents/<incident_id>/assessment"): {},
    ("PATCH", "/incidents/<incident_id>/measures/<measure_id>"): {"due": "2031-01-01"},
    ("PATCH", "/risks/<risk_id>"): {"vulnerable": False},
    ("PUT", "/risks/<risk_id>/assessment"): {"inherent": LEVELS},
    ("PATCH", "/risks/<risk_id>/controls/<control_id>"): {"due": "2031-01-01"},
    ("PATCH", "/users/<user>"): {"enabled": True},
    ("PUT", "/users/<user>/roles"): {"roles": []},
    ("PUT", "/auth/issuers/<issuer>"): {**RULES, "audience": "another"},
}
"""What the second client wants instead, where that is another thing than the first one's."""


@pytest.fixture
def ask(wire: Callable[[str], World], context: Context) -> Callable[..., dict[str, Any]]:
    world = wire("checked")
    fill = filler(world)

    def send(method: str, path: str, body: Any = None, person: str = "admin", **headers: str) -> dict[str, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            named["content-type"] = "application/json"
        sent = None if body is None else json.dumps(body)
        answer = handler(api_request(method, PREFIX + fill(path), headers=named, body=sent, person=person), context)
        return {
            "status": answer["statusCode"],
            "etag": (answer["multiValueHeaders"].get("ETag") or [None])[0],
            "body": json.loads(answer["body"]),
        }

    send.world = world  # type: ignore[attr-defined]
    return send


def shown(ask: Callable[..., dict[str, Any]], path: str) -> dict[str, Any]:
    """What a client reads before it edits: the same path, or the next above that is one to read."""
    answer = ask("GET", path)
    return shown(ask, path.rpartition("/")[0]) if answer["status"] == 405 else answer


@pytest.mark.parametrize("route", UPDATES, ids=" ".join)
def test_of_two_who_edit_one_record_the_second_is_told(
    route: tuple[str, str], ask: Callable[..., dict[str, Any]]
) -> None:
    method, path = route
    assert path in RECORDS, "a route that changes a record has it in functions/api/preconditions.py"
    before = shown(ask, path)
    seen = before["etag"] or NOT_THERE
    assert before["status"] == 404 or before["etag"], "what is read to be edited has an ETag"

    first = ask(method, path, BODIES[route], if_match=seen)
    second = ask(method, path, OTHERS[route], if_match=seen)

    assert first["status"] == 200, first
    assert second["status"] == 412, second
    after = shown(ask, path)
    assert after["etag"] == first["etag"] != seen, "nothing of the first change is lost"
    third = ask(method, path, OTHERS[route], if_match=after["etag"])
    assert third["status"] in {200, 409}, third  # 409: an alert that somebody acknowledged
    assert ask(method, path, BODIES[route])["status"] in {200, 409}, "without a condition all is as before"


def test_a_change_that_comes_between_looking_and_writing_is_not_overwritten(
    ask: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world: World = ask.world  # type: ignore[attr-defined]
    seen = ask("GET", "/models/<model_id>")["etag"]
    write = type(world.store).put_together
    overtaken = []

    def late(store: Any, writes: Any) -> Any:
        if not overtaken:
            overtaken.append(1)
            other = get_model(store, MODEL).model_copy(update={"domain": "insurance"})
            store.put(model_record(other))
        return write(store, writes)

    monkeypatch.setattr(type(world.store), "put_together", late)

    assert ask("PATCH", "/models/<model_id>", {"domain": "credit"}, if_match=seen)["status"] == 412
    assert get_model(world.store, MODEL).domain == "insurance"


def test_a_change_that_was_made_and_whose_answer_was_lost_is_answered(ask: Callable[..., dict[str, Any]]) -> None:
    seen = ask("GET", "/models/<model_id>")["etag"]
    first = ask("PATCH", "/models/<model_id>", {"domain": "credit"}, if_match=seen)
    again = ask("PATCH", "/models/<model_id>", {"domain": "credit"}, if_match=seen)

    assert (again["status"], again["body"], again["etag"]) == (200, first["body"], first["etag"])


def test_the_etag_is_of_what_is_there_not_of_when_it_was_written(ask: Callable[..., dict[str, Any]]) -> None:
    world: World = ask.world  # type: ignore[attr-defined]
    before = ask("GET", "/models/<model_id>")["etag"]
    world.store.put(model_record(get_model(world.store, MODEL)))  # as discovery writes an endpoint that is as it was

    assert ask("GET", "/models/<model_id>")["etag"] == before


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("*", 200),
        ('"0000", {etag}', 200),
        ("W/{etag}", 412),
        ('"0000"', 412),
        ("0000", 400),
        ("", 400),
        ('"open', 400),
    ],
)
def test_if_match_is_read_as_the_standard_says(given: str, status: int, ask: Callable[..., dict[str, Any]]) -> None:
    seen = ask("GET", "/models/<model_id>")["etag"]
    answer = ask("PATCH", "/models/<model_id>", {"domain": "credit"}, if_match=given.replace("{etag}", seen))
    assert answer["status"] == status, answer


def test_a_star_wants_a_record(ask: Callable[..., dict[str, Any]]) -> None:
    given = {"answers": {"personal_data": True, "basis": "contract"}}
    path = "/models/<model_id>/classifications/<questionnaire>"

    assert ask("PUT", path, given, if_match="*")["status"] == 412
    assert ask("PUT", path, given, if_match=NOT_THERE)["status"] == 200
    assert ask("PUT", path, {"answers": {"personal_data": False}}, if_match="*")["status"] == 200


def test_a_condition_where_nothing_has_an_etag_is_refused(ask: Callable[..., dict[str, Any]]) -> None:
    answer = ask("POST", "/models", {"name": "Scoring", "owner": "olga@example.org"}, if_match='"0000"')

    assert answer["status"] == 400
    assert "If-Match" in answer["body"]["detail"]
