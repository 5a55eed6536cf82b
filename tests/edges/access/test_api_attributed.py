"""An audit entry of a request says in what role it was asked for, by which request, and from what to what."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.audit.log import AuditLog
from syndic.audit.public.export import row_of, table_of
from syndic.audit.search import list_entries
from syndic.audit.verification.trail import verify
from syndic.canonical import sha256_of
from syndic.changes import sweep
from syndic.errors import UnavailableError
from syndic.models import AuditEntry, to_json
from syndic.records import model_key
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, NOW, World


def send(method: str, path: str, body: Any = None, person: str = "model_owner") -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    sent = None if body is None else json.dumps(body)
    return handler(api_request(method, PREFIX + path, query="", headers=headers, body=sent, person=person), Context())


def digest(world: World) -> str:
    record = world.store.get(model_key(MODEL))
    assert record is not None
    return sha256_of(dict(record.body))


def newest(world: World) -> AuditEntry:
    return list_entries(world.store, limit=1).entries[0].entry


def test_who_asked_in_what_role_and_what_it_changed(wire: Callable[[str], World]) -> None:
    world = wire("governed")
    before = digest(world)
    assert send("PATCH", f"/models/{MODEL}", {"domain": "credit"})["statusCode"] == 200

    entry = newest(world)
    assert (entry.actor, entry.role, entry.request) == ("olga", "model_owner", "request-1")
    assert (entry.before, entry.after) == (before, digest(world))
    assert before != digest(world)
    shown = json.loads(send("GET", "/audit-logs", person="auditor")["body"])["entries"][0]["entry"]
    assert shown["role"] == "model_owner"
    assert verify(world.store).intact


def test_what_is_new_has_no_before(wire: Callable[[str], World]) -> None:
    world = wire("governed")
    assert send("POST", "/models", {"name": "Scoring", "owner": "olga@example.org"})["statusCode"] == 201
    entry = newest(world)
    assert entry.before is None
    assert entry.after is not None


def test_the_reason_that_was_given_is_the_entrys(wire: Callable[[str], World]) -> None:
    world = wire("governed")
    alert = {"action": "model.changed", "actor": "olga", "subject": "model/m", "at": NOW}
    AuditLog(world.store).append(AuditEntry.model_validate({**alert, "details": {"reason": "=1+1"}}))
    (logged,) = list_entries(world.store, limit=1).entries
    (row,) = csv.DictReader(io.StringIO(table_of([row_of(logged)]).decode()))
    assert row["reason"] == "'=1+1", "earlier entries have it in their details"


def test_whoever_tells_it_in_the_end_says_who_asked(
    wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = wire("governed")

    def dies(*_: Any) -> None:
        raise UnavailableError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(AuditLog, "take", dies)
        assert send("PATCH", f"/models/{MODEL}", {"domain": "credit"})["statusCode"] == 503
    swept = sweep(store=world.store, audit=AuditLog(world.store), bus=world.bus, now=NOW + timedelta(hours=1))

    assert swept.told == 1
    told = newest(world)
    assert (told.action, told.role, told.request) == ("model.changed", "model_owner", "request-1")


def test_an_entry_of_before_is_written_and_hashed_as_it_was(wire: Callable[[str], World]) -> None:
    world = wire("governed")
    assert all(set(to_json(one.entry)) == {"action", "actor", "subject", "at", "details"}
               for one in list_entries(world.store).entries)  # fmt: skip
