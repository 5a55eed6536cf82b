"""Whoever is shown something sensitive is in the access log; whoever was refused or looked elsewhere is not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX, is_sensitive
from functions.api.access.permissions import TABLE
from functions.api.handler import handler
from syndic.adapters.memory import MemoryStore
from syndic.audit.reads import WantedReads, list_reads
from syndic.errors import UnavailableError
from syndic.ports import Record
from tests.edges.access.test_api_access import BODIES, filler, query_of
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import World

YEAR = timedelta(days=365)
DESCRIPTION = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text("utf-8"))
SENSITIVE = sorted(route for route in TABLE if is_sensitive(*route))


def send(
    route: tuple[str, str], fill: Callable[[str], str] = str, *, person: str = "admin", query: str | None = None
) -> dict[str, Any]:
    method, path = route
    body = json.dumps(BODIES[route]) if method != "GET" else None
    asked = query_of(route) if query is None else query
    headers = {"content-type": "application/json"}
    event = api_request(method, PREFIX + fill(path), query=asked, headers=headers, body=body, person=person)
    return handler(event, Context())


def reads(world: World, **wanted: Any) -> list[tuple[str, str, str]]:
    page = list_reads(world.store, WantedReads(**wanted), kept_for=YEAR, now=world.now())
    return [(one.actor, one.method, one.route) for one in page.reads]


@pytest.mark.parametrize("route", SENSITIVE, ids=" ".join)
def test_each_sensitive_answer_is_one_record(route: tuple[str, str], wire: Callable[[str], World]) -> None:
    world = wire("checked")
    fill = filler(world)
    answer = send(route, fill)
    if answer["statusCode"] < 400:
        assert reads(world) == [("ada", *route)]
    else:
        assert reads(world) == [], answer
        assert answer["statusCode"] in {404, 409}, "what these tests ask for is there, or was not made yet"
    assert send(route, fill, person="groupless")["statusCode"] == 403
    assert len(reads(world)) <= 1, "who is refused saw nothing"


def names_in(schema: Any, seen: set[str]) -> Iterator[str]:
    """The names of an answer's fields, at any depth."""
    if isinstance(schema, list):
        for one in schema:
            yield from names_in(one, seen)
    elif isinstance(schema, dict):
        reference = schema.get("$ref", "").rpartition("/")[2]
        if reference and reference not in seen:
            seen.add(reference)
            yield from names_in(DESCRIPTION["components"]["schemas"][reference], seen)
        yield from schema.get("properties", {})
        for one in schema.values():
            yield from names_in(one, seen) if isinstance(one, dict | list) else ()


def test_every_answer_that_names_persons_is_sensitive() -> None:
    """What somebody was taught, may do, has read or is called elsewhere. Owners and actors only say whom to ask."""
    shown = {}
    for method, route in TABLE:
        path = PREFIX + re.sub("<(.*?)>", r"{\1}", route)
        operation = DESCRIPTION["paths"].get(path, {}).get(method.lower(), {})
        if method == "GET":
            content = operation.get("responses", {}).get("200", {}).get("content", {})
            shown[route] = {"person", "email", "member"} & set(names_in(content, set()))
    assert len([route for route in shown if shown[route]]) >= 10
    assert [route for route in shown if shown[route] and not is_sensitive("GET", route)] == []


def test_other_answers_are_not_logged(wire: Callable[[str], World]) -> None:
    world = wire("checked")
    for route in (("GET", "/models"), ("GET", "/health"), ("GET", "/audit/verify")):
        assert send(route)["statusCode"] == 200
    assert reads(world) == []


def test_what_was_read_is_said_and_what_was_shown_or_sent_is_not(wire: Callable[[str], World]) -> None:
    world = wire("checked")
    send(("GET", "/audit-logs"), query="actor=setup&limit=2")
    send(("POST", "/compliance/personal-data"))
    first, second = list_reads(world.store, WantedReads(), kept_for=YEAR, now=world.now()).reads
    by_path = {one.path: one for one in (first, second)}
    found = by_path[f"{PREFIX}/audit-logs"]
    assert (found.role, found.request, found.query) == ("admin", "request-1", {"actor": "setup", "limit": "2"})
    assert by_path[f"{PREFIX}/compliance/personal-data"].query == {}


def test_auditors_search_it_and_owners_do_not(wire: Callable[[str], World]) -> None:
    world = wire("checked")
    send(("GET", "/audit"))
    send(("GET", "/audit-logs"), person="auditor")
    route = ("GET", "/access-log")
    assert send(route, person="model_owner")["statusCode"] == 403
    shown = json.loads(send(route, person="auditor", query=f"path={PREFIX}/audit&actor=ada")["body"])
    assert [one["path"] for one in shown["reads"]] == [f"{PREFIX}/audit"], "audit-logs is not below audit"
    page = json.loads(send(route, person="auditor", query="limit=1")["body"])
    assert len(page["reads"]) == 1
    assert page["next_token"]
    assert send(route, person="auditor", query="from=2026-03-04T00:00:00")["statusCode"] == 400
    assert ("aura", *route) in reads(world), "who reads this log is in it"


def test_it_forgets_and_the_table_is_told_when(wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch) -> None:
    world, kept = wire("checked"), []
    put = MemoryStore.put

    def spy(self: MemoryStore, record: Record, *, expect: str | None = None) -> Record:
        kept.append(record)
        return put(self, record, expect=expect)

    monkeypatch.setattr(MemoryStore, "put", spy)
    send(("GET", "/audit"))
    (record,) = kept
    assert record.expires == world.moment + YEAR
    world.moment += YEAR + timedelta(seconds=1)
    assert reads(world) == []


def test_an_answer_is_given_though_nobody_can_note_it(
    wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    world = wire("checked")

    def refuse(*_: Any, **__: Any) -> None:
        raise UnavailableError("the table is away")

    monkeypatch.setattr(MemoryStore, "put", refuse)
    assert send(("GET", "/audit"))["statusCode"] == 200
    (said,) = [one for one in caplog.records if one.message == "read was not logged"]
    assert (said.actor, said.path) == ("ada", f"{PREFIX}/audit")
    assert "ReadsNotLogged" in capsys.readouterr().out
    assert reads(world) == []
