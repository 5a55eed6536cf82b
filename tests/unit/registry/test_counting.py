"""Counting all models, and finding who is named in their records, reads what changed and nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.changes import Change, commit
from syndic.compliance.person_index import keep_person_index, models_naming
from syndic.compliance.personal_data import personal_data_of
from syndic.models import Cloud, Evidence, EvidenceStatus, RegisteredModel
from syndic.ports import ABSENT, Write
from syndic.projections import SHARDS, keep, values_of
from syndic.records import evidence_key, model_key, model_record, put_evidence
from syndic.registry.overview import COUNTED, Overview, governance_overview, keep_overview

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
FEW, MANY = 30, 300


class Counted(MemoryStore):
    """A store that counts what is asked of it, and the records that come back."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    def __getattribute__(self, name: str) -> Any:
        if name in {"get", "get_many", "query", "put", "put_together", "delete_together"}:
            object.__getattribute__(self, "asked")[name] += 1
        return object.__getattribute__(self, name)


def registry(models: int) -> Counted:
    store = Counted()
    for number in range(models):
        one = RegisteredModel(
            id=f"m-{number:04}", name=f"model {number}", cloud=Cloud.AWS, owner=f"team{number}@example.org",
            registered_at=NOW,
        )  # fmt: skip
        store.put(model_record(one))
        store.put_together([Write(found(store, one.id, EvidenceStatus.PASSING), ABSENT)])
    keep_overview(store, now=NOW, daily=True)
    keep_person_index(store, now=NOW)
    return store


def evidence(model: str, status: EvidenceStatus, *, kind: str = "drift.run", sha256: str = "0" * 64) -> Evidence:
    return Evidence(
        kind=kind, model_id=model, status=status, summary="found", facts={}, source="test", sha256=sha256,
        produced_at=NOW,
    )  # fmt: skip


def found(store: MemoryStore, model: str, status: EvidenceStatus) -> Any:
    put_evidence(other := MemoryStore(), evidence(model, status))
    return other.get(evidence_key(model, "drift.run"))


def owned_by(owner: str, model: str, store: MemoryStore) -> None:
    record = store.get(model_key(model))
    assert record is not None
    changed = RegisteredModel.model_validate(record.body).model_copy(update={"owner": owner})
    write = Write(model_record(changed), record.etag)
    commit(Change((write,), NOW), store=store, audit=MemoryAudit())


def asked_for_a_recount(store: Counted) -> Counter[str]:
    store.asked.clear()
    counted = keep_overview(store, now=NOW + timedelta(hours=1), daily=True)
    asked = store.asked.copy()
    assert counted == governance_overview(store, now=NOW + timedelta(hours=1))
    return asked


def asked_for_a_copy(store: Counted, name: str) -> tuple[Counter[str], set[str]]:
    store.asked.clear()
    copy = personal_data_of([name], store=store, audit=MemoryAudit(), actor="dora", now=NOW)
    return store.asked.copy(), {one.sort for one in copy.mentions if one.partition == "models"}


def test_what_did_not_change_is_not_read_again_however_many_models_there_are() -> None:
    few, many = registry(FEW), registry(MANY)
    assert asked_for_a_recount(few) == asked_for_a_recount(many)
    assert asked_for_a_copy(few, "team7@example.org") == asked_for_a_copy(many, "team7@example.org")
    assert asked_for_a_copy(many, "team7@example.org")[1] == {"m-0007"}
    for store in (few, many):
        owned_by("Grace@example.org", "m-0009", store)
        put_evidence(store, evidence("m-0011", EvidenceStatus.FAILING))
    assert asked_for_a_copy(few, "grace@example.org") == asked_for_a_copy(many, "grace@example.org")
    assert asked_for_a_copy(many, "grace@example.org")[1] == {"m-0009"}
    assert asked_for_a_recount(few) == asked_for_a_recount(many)


def test_a_check_that_ends_as_before_marks_nothing_and_another_end_or_signer_does() -> None:
    store = registry(1)
    put_evidence(store, evidence("m-0000", EvidenceStatus.PASSING, sha256="1" * 64))
    assert asked_for_a_recount(store)["delete_together"] == 0
    put_evidence(store, evidence("m-0000", EvidenceStatus.FAILING, sha256="2" * 64))
    assert asked_for_a_recount(store)["delete_together"] == 1
    keep_person_index(store, now=NOW)
    for digit in "34":  # signed by another person, with the same end
        put_evidence(store, evidence("m-0000", EvidenceStatus.PASSING, kind="attested", sha256=digit * 64))
        store.asked.clear()
        keep_person_index(store, now=NOW)
        assert store.asked["delete_together"] == 1


def test_who_was_named_and_is_no_more_is_not_looked_for() -> None:
    store = registry(FEW)
    owned_by("grace@example.org", "m-0003", store)
    assert models_naming({"grace@example.org"}, store) == ["m-0003"]
    keep_person_index(store, now=NOW)
    assert models_naming({"grace@example.org"}, store) == ["m-0003"]
    assert models_naming({"team3@example.org"}, store) == []


def test_a_first_count_that_takes_long_goes_on_where_it_stopped() -> None:
    store = registry(0)
    for number in range(MANY):
        store.put(model_record(RegisteredModel(id=f"n-{number}", name="n", cloud=Cloud.AWS, registered_at=NOW)))
    another = type(COUNTED)(COUNTED.kind, COUNTED.form + 1, COUNTED.value)
    steps = 1
    while not keep(another, store, now=NOW, over=lambda: True):
        assert values_of(another, store) is None
        steps += 1
    assert steps == SHARDS
    assert len(values_of(another, store) or {}) == MANY


def test_what_waits_ends_by_itself_between_two_changes() -> None:
    ended = {"cloud": "aws", "status": "draft", "risk": "high", "presence": "present", "stages": {}, "checks": "none"}
    store = registry(1)
    key = next(key for key in store._kept if key.partition == "projections.counts" and key.sort.startswith("shard"))
    record = store.get(key)
    assert record is not None
    ends = [(NOW + timedelta(hours=hours)).isoformat() for hours in (1, 3)]
    store.put(type(record)(key, {"models": {"m-0000": {**ended, "waiting": ends}}}))
    counted = [keep_overview(store, now=NOW + timedelta(hours=hours), daily=True) for hours in (0, 2, 4)]
    assert [one.pending_approvals if isinstance(one, Overview) else None for one in counted] == [2, 1, 0]


def test_a_reader_that_is_slower_puts_nothing_older_over_what_is_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    store = registry(1)
    put_evidence(store, evidence("m-0000", EvidenceStatus.INCONCLUSIVE))
    put = store.put

    def overtaken(record: Any, *, expect: str | None = None) -> Any:
        monkeypatch.setattr(store, "put", put)
        put_evidence(store, evidence("m-0000", EvidenceStatus.FAILING).model_copy(update={"produced_at": NOW}))
        keep(COUNTED, store, now=NOW)  # another schedule, between reading the model and writing its value
        return put(record, expect=expect)

    monkeypatch.setattr(store, "put", overtaken)
    assert keep(COUNTED, store, now=NOW)
    assert (values_of(COUNTED, store) or {})["m-0000"]["checks"] == "failing"
