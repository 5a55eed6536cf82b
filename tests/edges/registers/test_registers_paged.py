"""200 entries of each register, by page: each once and what is due first before, by API, client and command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from syndic.erasure.store import read_progress, save
from syndic.registers.entries import get_entry, open_entry
from syndic.registers.register import Register
from syndic.registers.table import REGISTERS
from tests.edges.calling import Gateway
from tests.edges.commands.test_commands import Api, syndic
from tests.edges.registers import inventoried, register_of_persons, registering
from tests.edges.world import MODEL, World

__all__ = ["syndic"]  # its fixture
pytestmark = pytest.mark.enable_socket

MOST: Final = 200
BODIES: Final = {**registering.BODIES, **inventoried.BODIES, **register_of_persons.BODIES}
LISTS: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    # where: under which name the list is, the kind of entry, the command
    "/incidents": ("incidents", "incident", ("incidents", "list")),
    "/risks": ("risks", "risk", ("risks", "list")),
    "/requests": ("requests", "request", ("requests", "list")),
    "/processing-records": ("records", "processing", ("records", "list")),
    "/trainings": ("trainings", "training", ("training", "list")),
    "/assignments": ("assignments", "assignment", ("training", "assignments")),
    "/policy-documents": ("policies", "policy_document", ("policies", "list")),
    "/systems": ("systems", "system", ("systems", "list")),
    "/vendors": ("vendors", "vendor", ("vendors", "list")),
}


def fill(world: World, register: Register[Any], first: str) -> None:
    """199 more like the first one: what each of them shows is computed once by others' tests."""
    quick, like = replace(register, evidence=None), get_entry(register, world.store, first)
    for number in range(1, MOST):
        open_entry(
            quick, {"number": number}, lambda own: like.model_copy(update=own), store=world.store, audit=world.audit,
            bus=world.bus, actor="olga", now=world.now(),
        )  # fmt: skip


def walked(page: Callable[[str], dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Every entry, by pages of 70."""
    found: list[dict[str, Any]] = []
    token, pages = "", 0
    while pages < 4:
        answer = page(token)
        found += [one.get("entry", one) | {"standing": one["standing"]} for one in answer[name]]
        token, pages = answer["next_token"], pages + 1
        if token is None:
            break
    return found


def test_every_register_with_a_list_of_its_own_is_here() -> None:
    per_model = {"plan", "conformity", "modification", "form", "registration"}  # one model has few
    assert {one.kind for one in REGISTERS} == {kind for _, kind, _ in LISTS.values()} | per_model


@pytest.mark.parametrize("path", LISTS)
def test_200_entries_are_paged_each_once(path: str, syndic: Api) -> None:
    name, kind, command = LISTS[path]
    client = Gateway().client()
    register = next(one for one in REGISTERS if one.kind == kind)
    made = client.request("POST", path, body=BODIES["POST", path])
    fill(syndic.world, register, made.get("entry", made)["id"])

    def by_client(token: str) -> dict[str, Any]:
        query = {"limit": "70", **({"token": token} if token else {})}
        answer: dict[str, Any] = client.request("GET", path, query=query)
        return answer

    def by_command(token: str) -> dict[str, Any]:
        more = ("--token", token) if token else ()
        answer: dict[str, Any] = json.loads(syndic(*command, "--limit", "70", *more, "--json"))
        return answer

    found = walked(by_client, name)
    assert len({one["id"] for one in found}) == len(found) == MOST
    due = [one["standing"]["due"] or "9999" for one in found]
    assert due == sorted(due)
    assert [one["id"] for one in walked(by_command, name)] == [one["id"] for one in found]


def test_the_calendar_holds_200_dates_of_a_register_and_says_that_it_is_whole(syndic: Api) -> None:
    client = Gateway().client()
    made = client.request("POST", "/risks", body=BODIES["POST", "/risks"])
    register = next(one for one in REGISTERS if one.kind == "risk")
    fill(syndic.world, register, made["id"])
    found = client.request("GET", "/calendar", query={"days": "366"})
    assert sum(one["register_name"] == "risks" for one in found["due"]) == MOST
    assert found["whole"]


def test_200_erasures_are_paged_each_once_the_newest_first(syndic: Api) -> None:
    world, client = syndic.world, Gateway().client()
    asked = {"model_id": MODEL, "older_than_days": 400, "reason": "the period ended"}
    first = client.request("POST", "/erasures", body=asked)["id"]
    _, like = read_progress(world.store, first)
    for number in range(2, MOST + 1):
        at = like.erasure.asked_at + timedelta(minutes=number)
        other = like.erasure.model_copy(update={"id": f"{MODEL}.e{number:08d}", "asked_at": at})
        save(
            like.model_copy(update={"erasure": other}), None, at=at, store=world.store, audit=world.audit, bus=world.bus
        )

    def by(query: dict[str, str]) -> list[str]:
        found, token = list[str](), ""
        for _ in range(4):
            page = client.request("GET", "/erasures", query=query | ({"token": token} if token else {}))
            found += [one["id"] for one in page["erasures"]]
            if (token := page["next_token"]) is None:
                break
        return found

    newest_first = [f"{MODEL}.e{number:08d}" for number in range(MOST, 0, -1)]
    assert by({"limit": "70"}) == by({"limit": "70", "model_id": MODEL}) == newest_first
    assert by({"limit": "70", "model_id": "other-000000"}) == []
    shown = json.loads(syndic("erase", "list", "--limit", "70", "--json"))
    assert [one["id"] for one in shown["erasures"]] == newest_first[:70]
    rest = json.loads(syndic("erase", "list", "--limit", "100", "--token", shown["next_token"], "--json"))
    assert [one["id"] for one in rest["erasures"]] == newest_first[70:170]
