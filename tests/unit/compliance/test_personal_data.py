"""What the platform keeps of the people who use it: a copy, and a record of processing that names every place."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from syndic.adapters.memory import MemoryBus, MemoryStore
from syndic.assessment import AttestationDecision
from syndic.audit.log import AuditLog
from syndic.compliance import personal_data
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.people.attest import attest
from syndic.compliance.people.remediate import open_remediation
from syndic.compliance.personal_data import RECORD_OF_PROCESSING, personal_data_of
from syndic.errors import InvalidInputError
from syndic.models import Cloud, RegisteredModel, to_json
from syndic.ports import Record
from syndic.records import model_key

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
MODEL = "car-loan-4d5e6f"


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    audit, bus = AuditLog(store), MemoryBus()
    model = RegisteredModel(
        id=MODEL, name="car-loan", cloud=Cloud.AWS, owner="Ada@Example.org", registered_at=NOW,
        description="Ada asked for it", tags={"contact": "grace"},
    )  # fmt: skip
    store.put(Record(model_key(MODEL), to_json(model)))
    attest(
        MODEL, "human_oversight", role="model owner", decision=AttestationDecision.AFFIRMED, store=store, audit=audit,
        bus=bus, actor="ada", roles=frozenset({"model owner"}), now=NOW,
    )  # fmt: skip
    evaluate_model(MODEL, store=store, audit=audit, bus=bus, now=NOW)
    open_remediation(
        MODEL, "gdpr", "GDPR-30", title="Record it", owner="ada@example.org", due=date(2026, 12, 1), store=store,
        audit=audit, actor="grace", now=NOW,
    )  # fmt: skip
    return store


def look(store: MemoryStore, *names: str) -> personal_data.PersonalData:
    return personal_data_of(names, store=store, audit=AuditLog(store), actor="dora", now=NOW)


def test_every_record_that_names_a_person_is_found(store: MemoryStore) -> None:
    found = look(store, "ada", "ada@example.org")
    fields = {(one.partition.split(".")[0], field) for one in found.mentions for field in one.fields}

    assert found.complete
    assert fields == {
        ("models", "owner"),
        ("attestations", "signer"),
        ("evidence", "facts.signer"),
        ("remediation", "owner"),
        ("audit", "entry.actor"),
    }


def test_others_are_not_in_it_and_words_in_texts_are_not_names(store: MemoryStore) -> None:
    found = look(store, "grace")

    assert {field for one in found.mentions for field in one.fields} == {"tags.contact", "opened_by", "entry.actor"}
    assert "description" not in {field for one in look(store, "ada").mentions for field in one.fields}


def test_looking_is_in_the_audit_trail_without_the_name(store: MemoryStore) -> None:
    look(store, "ada")
    entry = store.query("audit", prefix="entry.", descending=True, limit=1).records[0].body["entry"]

    assert (entry["action"], entry["actor"]) == ("personal_data.exported", "dora")
    assert "ada" not in str(entry).replace("data", "")


def test_more_than_can_be_shown_is_said(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal_data, "MOST", 2)
    found = look(store, "ada", "ada@example.org")

    assert (len(found.mentions), found.complete) == (2, False)


@pytest.mark.parametrize("names", [(), ("",), ("ab",)])
def test_nobody_is_not_a_person(store: MemoryStore, names: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError, match="names"):
        look(store, *names)


def test_the_record_of_processing_names_every_partition_that_is_looked_at() -> None:
    told = " ".join(place.kept_in for place in RECORD_OF_PROCESSING)

    words = set(re.findall(r"[a-z_.]+", told))

    assert {*personal_data.OF_A_MODEL, *personal_data.SHARED} <= words
    assert all(place.erasable or place.why_not for place in RECORD_OF_PROCESSING)
