"""The calendar: what is due of whom, from signatures, documents, remediations and every register."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.assessment import ORGANISATION
from syndic.cli.registers.calendar import as_icalendar
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.people.remediate import open_remediation
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import Cloud, Evidence, EvidenceStatus, RegisteredModel, to_json
from syndic.records import model_record, put_evidence
from syndic.registers.assignments.register import ASSIGNMENTS, NewAssignment, accept, propose_assignment, renew
from syndic.registers.entries import change_entry
from syndic.registers.requests.register import NewRequest, receive_request
from syndic.registers.training.register import TRAININGS, NewTraining, end, record_training
from syndic.tasks.duties.calendar import MOST, Calendar, calendar_of
from syndic.tasks.duties.people_at_work import refuse_rested_on, trained_until

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)


@pytest.fixture
def common() -> dict[str, Any]:
    store = MemoryStore()
    for name in ("credit", "fraud"):
        model = RegisteredModel(id=name, name=name, cloud=Cloud.AWS, registered_at=NOW, owner=f"{name}@example.org")
        store.put(model_record(model))
    return {"store": store, "audit": MemoryAudit(), "bus": MemoryBus(), "actor": "cora", "now": NOW}


def shown(common: dict[str, Any], days: int = 90, **wanted: Any) -> Calendar:
    return calendar_of(common["store"], now=NOW, ahead=timedelta(days=days), **wanted)


def kept(common: dict[str, Any], kind: str, about: str, at: datetime, ends: datetime | None, **facts: Any) -> None:
    put_evidence(
        common["store"],
        Evidence(
            kind=kind, model_id=about, status=EvidenceStatus.PASSING, summary="fine", facts=facts, source="test",
            sha256="0" * 64, produced_at=at, expires_at=ends,
        ),
    )  # fmt: skip


def test_everything_that_is_due_is_in_it_once_with_whom_it_is_due_of(common: dict[str, Any]) -> None:
    soon, past, far = NOW + timedelta(days=9), NOW - timedelta(days=9), NOW + timedelta(days=99)
    kept(common, "attestation.dpia", "credit", past, soon, signer="dora")
    kept(common, "attestation.consent", "credit", past, far, signer="dora")
    kept(common, "attestation.ai_policy", ORGANISATION, past, past, signer="cora")
    kept(common, "attestation.old", ORGANISATION, past, NOW - timedelta(days=500), signer="cora")
    kept(common, "drift.run", "credit", past, soon)
    kept(common, "document.privacy_notice", "fraud", NOW - timedelta(days=720), None)  # counts for 730 days
    told = {name: common[name] for name in ("store", "audit", "actor", "now")}
    run = {name: common[name] for name in ("store", "audit", "bus", "now")}
    evaluate_model("fraud", frameworks=[built_in()["gdpr"]], **run)
    open_remediation("fraud", "gdpr", "GDPR-30", title="Enter it", owner="fred", due=soon.date(), **told)
    receive_request(
        NewRequest.model_validate({"right": "access", "reference": "p-1", "channel": "email", "owner": "dora"}),
        **common,
    )
    found = shown(common)
    assert [(one.kind, one.who, one.overdue) for one in found.due] == [
        ("signature", "cora", True),
        ("signature", "dora", False),
        ("remediation", "fred", False),
        ("document", "fraud@example.org", False),
        ("register", "dora", False),
    ]
    assert found.whole
    assert [one.kind for one in shown(common, owner="DORA").due] == ["signature", "register"]
    assert {one.model_id for one in shown(common, model_id="fraud").due} <= {"fraud", None}
    assert shown(common, days=1).due[0].overdue


def test_what_does_not_fit_is_said(common: dict[str, Any]) -> None:
    for number in range(MOST + 1):
        kept(common, f"attestation.t{number:04d}", ORGANISATION, NOW, NOW + timedelta(days=1), signer="cora")
    found = shown(common)
    assert (len(found.due), found.whole) == (MOST, False)


def test_a_file_for_a_calendar_folds_and_escapes_and_names_things_the_same_again(common: dict[str, Any]) -> None:
    kept(common, "attestation.dpia", "credit", NOW, NOW + timedelta(days=9), signer="dora")
    due = [to_json(one) for one in shown(common).due]
    due[0]["what"] = "Größe, Länge; \\ and\nmore: " + "ü" * 60
    text, again = as_icalendar(due, now=NOW), as_icalendar(due, now=NOW + timedelta(days=1))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert "SUMMARY:Größe\\, Länge\\; \\\\ and\\nmore: " + "ü" * 60 in whole
    uids = [[line for line in one.split("\r\n") if line.startswith("UID")] for one in (text, again)]
    assert uids[0] == uids[1]


def test_no_title_breaks_out_of_its_line_in_a_file_for_a_calendar() -> None:
    evil = "Read it\r\nEND:VEVENT\r\nATTACH:https://evil.example.org\x0b\x0c\x85\u2028\x00\x1b[2J\u202e"
    due = {"on": "2026-03-04", "who": evil, "what": evil, "link": "risks/1"}
    text = as_icalendar([due], now=NOW)
    assert [line for line in text.splitlines() if line.startswith(("END:VEVENT", "ATTACH"))] == ["END:VEVENT"]
    assert all(sign.isprintable() for line in text.split("\r\n") for sign in line)


def test_no_training_ends_while_an_assignment_rests_on_it(common: dict[str, Any]) -> None:
    took = NewTraining.model_validate(
        {"person": "ana", "role": "overseer", "subject": "human_oversight", "title": "Basics",
         "completed_on": "2026-03-01"}
    )  # fmt: skip
    one, other = (record_training(took.model_copy(update={"title": title}), **common) for title in ("One", "Other"))
    assert trained_until(common["store"], "Ana", (one.id, other.id)) == date(2027, 3, 1)
    with pytest.raises(InvalidInputError, match="another person"):
        trained_until(common["store"], "bo", (one.id,))
    with pytest.raises(InvalidInputError, match="no training"):
        trained_until(common["store"], "ana", ("0" * 16,))
    new = NewAssignment.model_validate(
        {"person": "ana", "duty": "human_oversight", "model_ids": ["credit"], "owner": "cora",
         "trainings": [one.id, other.id]}
    )  # fmt: skip
    duty = propose_assignment(new, one.valid_until, **common)
    change_entry(ASSIGNMENTS, duty.id, lambda it: accept(it, frozenset({"ana"}), now=NOW), action="accepted", **common)
    for rested in (one, other):
        with pytest.raises(ConflictError, match=duty.id):
            refuse_rested_on(common["store"], rested)
    change_entry(
        ASSIGNMENTS, duty.id, lambda it: renew(it, (other.id,), other.valid_until, now=NOW), action="renewed", **common
    )
    refuse_rested_on(common["store"], one)
    change_entry(TRAININGS, one.id, lambda it: end(it, "it was wrong", now=NOW), action="ended", **common)
    with pytest.raises(InvalidInputError, match="was ended"):
        trained_until(common["store"], "ana", (one.id,))
