"""Every POST with an Idempotency-Key, sent three times, makes one thing and is answered the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions import wiring
from functions.api.access.authorization import PREFIX
from functions.api.access.permissions import TABLE
from functions.api.handler import handler
from functions.api.request_scope import NOT_KEPT
from syndic.adapters.memory import MemoryStore
from syndic.audit.keys import PARTITION, TREE
from syndic.audit.log import AuditLog
from syndic.errors import UnavailableError
from syndic.idempotency import CLAIMS, KEPT_FOR, KEPT_OPEN, forget
from syndic.records import list_models
from tests.edges.access.test_api_access import BODIES, SIGNED, filler, query_of
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import World

POSTS = sorted(route for route in TABLE if route[0] == "POST" and TABLE[route])
NEW = {"name": "Scoring", "owner": "olga@example.org"}


def send(
    world: World, route: tuple[str, str], context: Any = Context(), *, body: Any = None, key: str | None = "k-1",  # noqa: B008
    person: str | None = None, fill: Callable[[str], str] = str, query: str = "",
) -> dict[str, Any]:  # fmt: skip
    method, path = route
    sent = BODIES[route] if body is None else body
    if route == ("POST", "/models") and "owner" not in sent:
        sent = {**sent, "owner": "olga@example.org"}
    headers = {"content-type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    who = person or SIGNED.get(route, "admin")
    event = api_request(method, PREFIX + fill(path), query=query, headers=headers, body=json.dumps(sent), person=who)
    return handler(event, context)


def made(world: World) -> dict[str, Any]:
    """Everything that is there, but for the keys themselves: records, the trail, events, archived objects.

    Of the trail it is what entries say: their salts, and so their hashes, are random.
    """
    records = {
        # A key whose secret was lost with its answer is given another; it stays the one key.
        f"{key.partition} {key.sort}": {k: v for k, v in json.loads(kept.body).items() if k != "secret_sha256"}
        for key, kept in world.store._kept.items()
        if not key.partition.startswith(f"{CLAIMS}.") and not key.sort.startswith("~~") and key.partition != TREE
    }
    records = {name: body["entry"] if name.startswith(f"{PARTITION} ") else body for name, body in records.items()}
    events = {json.dumps(one.model_dump(mode="json"), sort_keys=True) for one in world.bus.published}
    return {"records": records, "events": events, "objects": set(world.archive._objects)}


@pytest.mark.parametrize("route", POSTS, ids=" ".join)
def test_three_times_with_one_key_makes_one_thing(route: tuple[str, str], wire: Callable[[str], World]) -> None:
    world = wire("checked")
    fill = filler(world)
    before = made(world)
    first = send(world, route, fill=fill)
    once = made(world)
    world.moment += timedelta(hours=3)  # long after what a verb knows again by itself
    again = [send(world, route, fill=fill) for _ in range(2)]

    assert first["statusCode"] < 300, first
    assert (once != before) is (
        route not in {("POST", path) for path in NOT_KEPT} or "personal" in route[1] or route[1] == "/keys"
    )
    if route[1] in NOT_KEPT:
        assert {one["statusCode"] for one in again} <= {first["statusCode"], 409}
    else:
        assert [(one["statusCode"], one["body"]) for one in again] == [(first["statusCode"], first["body"])] * 2
        assert all(one["multiValueHeaders"]["Idempotent-Replayed"] == ["true"] for one in again)
    assert made(world) == once


def test_one_key_for_another_request_is_refused(wire: Callable[[str], World]) -> None:
    world = wire("governed")
    first = send(world, ("POST", "/models"), body=NEW)
    other = send(world, ("POST", "/models"), body={**NEW, "name": "Pricing"})

    assert first["statusCode"] == 201
    assert other["statusCode"] == 422
    assert "another request" in other["body"]
    assert [one.name for one in list_models(world.store) if one.cloud == "other"] == ["Scoring"]


def test_a_key_is_its_senders_own(wire: Callable[[str], World]) -> None:
    world = wire("governed")
    send(world, ("POST", "/models"), body=NEW)
    other = send(world, ("POST", "/models"), body={"name": "Pricing"}, person="model_owner")

    assert other["statusCode"] == 201


def test_a_key_is_forgotten_after_a_day_with_all_its_marks(wire: Callable[[str], World]) -> None:
    world = wire("governed")
    send(world, ("POST", "/models"), body=NEW)
    assert len(world.store.query(CLAIMS).records) == 2, "the claim, and the mark beside the model"
    world.moment += KEPT_FOR
    assert send(world, ("POST", "/models"), body={**NEW, "name": "Pricing"})["statusCode"] == 201

    world.moment += timedelta(seconds=1)
    assert forget(store=world.store, now=world.now()) == 1, "the mark of yesterday; the claim was made anew"
    world.moment += KEPT_FOR
    assert forget(store=world.store, now=world.now()) == 2
    assert not world.store.query(CLAIMS).records


def test_what_was_refused_is_not_kept_and_makes_nothing(wire: Callable[[str], World]) -> None:
    world = wire("governed")
    path = ("POST", "/models/<model_id>/rollback")
    fill = {"<model_id>": "nobody"}
    unknown = send(world, path, fill=lambda text: text.replace("<model_id>", fill["<model_id>"]))

    assert unknown["statusCode"] == 404
    assert not world.store.query(CLAIMS).records


@pytest.mark.parametrize("key", ["", "x" * 256, "söl", '""'])
def test_a_key_that_is_none_is_refused(key: str, wire: Callable[[str], World]) -> None:
    world = wire("governed")
    event = api_request(
        "POST", f"{PREFIX}/models", headers={"content-type": "application/json", "Idempotency-Key": key},
        body=json.dumps(NEW), person="admin",
    )  # fmt: skip

    assert handler(event, Context())["statusCode"] == 400
    assert not [one for one in list_models(world.store) if one.name == "Scoring"]


class _Dying:
    """A store that fails for good after so many writes: the process that was in the middle has died."""

    def __init__(self, store: MemoryStore, writes: int) -> None:
        self._store, self._left = store, writes

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name not in {"put", "put_together", "delete"}:
            return found

        def write(*args: Any, **options: Any) -> Any:
            if self._left <= 0:
                raise UnavailableError("gone")
            self._left -= 1
            return found(*args, **options)

        return write


class _Half:
    """A world whose store dies."""

    def __init__(self, world: World, writes: int) -> None:
        self._world, self.store = world, _Dying(world.store, writes)

    @property
    def audit(self) -> AuditLog:
        return AuditLog(self.store, sleep=lambda _: None)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)


@pytest.mark.parametrize("writes", range(6))
@pytest.mark.parametrize("route", [("POST", "/compliance/reports"), ("POST", "/models")], ids=" ".join)
def test_who_died_in_the_middle_is_taken_up_as_of_then(
    route: tuple[str, str], writes: int, wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report asked for again in another minute is another report, but not under one key."""
    world = wire("checked")
    clean = wire("checked")
    send(clean, route)
    monkeypatch.setattr(wiring, "wired", lambda: _Half(world, writes))
    send(world, route)
    monkeypatch.setattr(wiring, "wired", lambda: world)
    world.moment += KEPT_OPEN / 2
    again = send(world, route)

    assert again["statusCode"] < 300
    if writes:
        assert made(world) == made(clean)


def test_what_was_begun_long_ago_and_never_answered_is_not_begun_again(
    wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = wire("checked")
    monkeypatch.setattr(wiring, "wired", lambda: _Half(world, 2))
    send(world, ("POST", "/compliance/reports"))
    monkeypatch.setattr(wiring, "wired", lambda: world)
    world.moment += KEPT_OPEN
    before = made(world)

    assert send(world, ("POST", "/compliance/reports"))["statusCode"] == 409
    assert made(world) == before


def test_an_unknown_query_parameter_is_refused_everywhere(wire: Callable[[str], World]) -> None:
    world = wire("checked")
    fill = filler(world)
    answers = {}
    for method, path in sorted(TABLE):
        body = BODIES.get((method, path))
        event = api_request(
            method, PREFIX + fill(path), query=f"{query_of((method, path))}&sorted=by_magic".strip("&"),
            headers={"content-type": "application/json"},
            body=None if body is None else json.dumps(body), person=SIGNED.get((method, path), "admin"),
        )  # fmt: skip
        answer = handler(event, Context())
        where = [one["where"] for one in json.loads(answer["body"]).get("errors", ())]
        answers[method, path] = (answer["statusCode"], "query.sorted" in where)

    assert set(answers.values()) == {(422, True)}, {
        key: value for key, value in answers.items() if value != (422, True)
    }
