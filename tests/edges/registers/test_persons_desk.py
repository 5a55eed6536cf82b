"""A person asks for erasure; data protection plans, looks, applies and answers, all on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.models import to_json
from syndic.records import evidence_key
from syndic.tasks import erasure
from syndic.tasks.duties.dates import record_organisation, record_registers, watch_registers
from tests.edges.commands.test_commands import Api, syndic
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.registers.register_of_persons import CONTENTS
from tests.edges.world import MODEL, NOW, OWNER, World

pytestmark = pytest.mark.enable_socket
__all__ = ["syndic"]
CAME = (NOW - timedelta(days=2)).isoformat()


def taken(world: World) -> None:
    """What the function of erasure does with its queue."""
    while waiting := world.bus.of("ErasureStepRequested"):
        world.bus.published.remove(waiting[0])
        erasure.take(json.dumps({"detail": to_json(waiting[0])}), world)


def printed(api: Api, *words: str, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(api(*words, "--json", **options))
    return found


def test_a_request_for_erasure_from_receipt_to_answer(syndic: Api, tmp_path: Path) -> None:
    world = syndic.world
    asked = printed(
        syndic, "requests", "receive", "--right", "erasure", "--reference", "p-17", "--owner", "dora@example.org",
        "--model", MODEL, "--received", CAME,
    )  # fmt: skip
    assert asked["standing"]["clocks"][0]["due"] == "2026-04-02T06:00:00Z"
    syndic("requests", "identity", asked["id"], "confirmed")
    names = tmp_path / "ids.txt"
    names.write_text("20260302-9\n20260302-10\n")
    plan = printed(
        syndic, "erase", "plan", MODEL, "--ids", str(names), "--reference", f"requests/{asked['id']}", "--reason",
        "asked by the person",
    )  # fmt: skip
    before = {uri: kept[0] for uri, kept in world.captures._objects.items()}
    taken(world)
    shown = syndic("erase", "show", plan["id"])
    assert "2 rows of 1 objects, 0 of which go whole" in shown
    assert {uri: kept[0] for uri, kept in world.captures._objects.items()} == before
    made = printed(syndic, "erase", "show", plan["id"])
    listed = printed(syndic, "erase", "show", plan["id"], "--objects")
    assert [one["lines"] for one in listed["objects"]] == [[10, 11]]
    syndic("erase", "apply", plan["id"], "--plan", "0" * 64, code=2)
    syndic("erase", "apply", plan["id"], "--plan", made["plan_sha256"])
    taken(world)
    assert "2 rows of 1 objects; 0 had become others" in syndic("erase", "show", plan["id"])
    lost = set(b"".join(before.values()).splitlines()) - {
        line for kept in world.captures._objects.values() for line in kept[0].splitlines()
    }
    assert len(lost) == 2
    done = printed(syndic, "requests", "answer", asked["id"], "--outcome", "granted", "--recipients-told")
    assert (done["state"], done["standing"]["clocks"][0]["state"]) == ("answered", "met")
    assert b"20260302-9" not in b"".join(
        kept.body
        for key, kept in world.store._kept.items()
        if key.partition.startswith(("erasures", "registers", "evidence"))
    )


def test_a_late_request_alerts_its_owner_and_flips_the_law(syndic: Api) -> None:
    world = syndic.world
    asked = printed(
        syndic, "requests", "receive", "--right", "access", "--reference", "p-18", "--owner", OWNER, "--received", CAME
    )
    record_organisation(world)
    kept = world.store.get(evidence_key("organisation", "requests.access"))
    assert kept is not None
    assert kept.body["status"] == "passing"
    world.moment = NOW + timedelta(days=40)
    assert watch_registers(world) == 1
    kept = world.store.get(evidence_key("organisation", "requests.access"))
    assert kept is not None
    assert (kept.body["status"], kept.body["facts"]["missed"]) == ("failing", [asked["id"]])
    assert "(late)" in syndic("requests", "list")
    due = printed(syndic, "calendar", "--owner", OWNER)["due"]
    assert [(one["overdue"], one["link"]) for one in due if one["register_name"]] == [(True, f"requests/{asked['id']}")]


def test_the_record_of_processing_names_what_is_missing_until_it_is_confirmed(syndic: Api, tmp_path: Path) -> None:
    one = printed(syndic, "records", "add", "--title", "Scoring", "--owner", OWNER, "--model", MODEL)
    assert {gap["field"] for gap in one["missing"]} >= {"purposes", "legal_basis", "retention", "security"}
    assert "data_categories: amount, sex (model/" in syndic("records", "show", one["id"])
    syndic("records", "confirm", one["id"], code=2)
    assert "is not complete" in syndic.err
    contents = tmp_path / "contents.yaml"
    contents.write_text(json.dumps(CONTENTS))
    syndic("records", "change", one["id"], "--from", str(contents))
    assert printed(syndic, "records", "confirm", one["id"])["state"] == "confirmed"
    kept = syndic.world.store.get(evidence_key(MODEL, "document.processing_record"))
    assert kept is not None
    assert kept.body["status"] == "passing"
    assert "MISSING" not in syndic("records", "export")
    assert syndic("records", "export", "--as", "csv").count("\n") == 2


def test_people_are_trained_assigned_and_read_what_is_in_force(syndic: Api, tmp_path: Path) -> None:
    took = printed(
        syndic, "training", "record", "--person", "ada", "--role", "overseer", "--subject", "human_oversight",
        "--title", "Oversight", "--completed", "2026-03-01",
    )  # fmt: skip
    wanted = (
        "training", "assign", "--person", "ada", "--model", MODEL, "--owner", OWNER, "--training", took["id"],
        "--authority", "may stop the system at any time", "--competence", "ten years of deciding on credit",
    )  # fmt: skip
    duty = printed(syndic, *wanted)
    syndic("training", "accept", duty["id"], by="model_owner", code=2)
    syndic("training", "accept", duty["id"])
    kept = syndic.world.store.get(evidence_key(MODEL, "oversight.assigned"))
    assert kept is not None
    assert kept.body["status"] == "passing"
    record_registers(syndic.world)
    text = tmp_path / "policy.md"
    syndic("policies", "template", "ai_use", "-o", str(text))
    policy = printed(syndic, "policies", "draft", "--template", "ai_use", "--owner", OWNER, "--reader", OWNER)
    put = ("policies", "put", policy["id"], "--file", str(text), "--version", "1", "--location", "https://x.example")
    syndic(*put, code=2)
    assert "brackets" in syndic.err
    text.write_text(text.read_text().replace("[organisation]", "Acme").replace("[function]", "the officer"))
    assert f"unread:   {OWNER}" in syndic(*put)
    assert "by nobody" in syndic("policies", "acknowledge", policy["id"], "--file", str(text), by="model_owner")
    file = tmp_path / "due.ics"
    syndic("calendar", "--days", "400", "--ics", str(file))
    lines = file.read_bytes().decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "SUMMARY:Use of artificial intelligence: Review the policy" in lines
    assert all(len(line.encode()) <= 75 for line in lines)


def test_200_entries_are_paged_each_once(wire: Callable[[str], World], context: Context) -> None:
    wire("governed")

    def send(method: str, path: str, query: str = "", body: Any = None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} if body else None
        text = json.dumps(body) if body else None
        answer = handler(
            api_request(method, PREFIX + path, query=query, headers=headers, body=text, person="admin"), context
        )
        assert answer["statusCode"] < 300, answer["body"]
        found: dict[str, Any] = json.loads(answer["body"])
        return found

    for number in range(200):
        body = {
            "right": "access" if number % 2 else "erasure", "reference": f"p-{number}", "channel": "portal",
            "received_at": (NOW - timedelta(hours=number)).isoformat(), "owner": OWNER,
        }  # fmt: skip
        send("POST", "/requests", body=body)
    seen: list[dict[str, Any]] = []
    query = "limit=70"
    while True:
        page = send("GET", "/requests", query)
        seen += page["requests"]
        if page["next_token"] is None:
            break
        query = f"limit=70&token={page['next_token']}"
    assert sorted(one["reference"] for one in seen) == sorted(f"p-{number}" for number in range(200))
    assert [one["standing"]["due"] for one in seen] == sorted(one["standing"]["due"] for one in seen)
    assert len(send("GET", "/requests", "limit=100&right=erasure")["requests"]) == 100
    assert send("GET", "/requests/counts")["by_state"] == {"received": 200}
