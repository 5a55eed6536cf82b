"""The daily verification as evidence: what was intact once must go on being so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syndic.adapters.memory import MemoryStore
from syndic.assessment import ORGANISATION
from syndic.audit.daily import record_verification
from syndic.audit.keys import entry_key
from syndic.audit.log import AuditLog
from syndic.models import AuditEntry, Evidence, EvidenceStatus, to_json
from syndic.ports import Record
from syndic.records import list_evidence, put_evidence

NOW = datetime(2026, 11, 21, 5, 15, tzinfo=UTC)


def entry(number: int) -> AuditEntry:
    return AuditEntry(action="drift.checked", actor="syndic/drift", subject="model/m", at=NOW, details={"n": number})


def filled(*numbers: int) -> MemoryStore:
    store = MemoryStore()
    for number in numbers:
        AuditLog(store).append(entry(number))
    return store


def evidence(store: MemoryStore) -> Evidence:
    (found,) = list_evidence(store, ORGANISATION)
    return found


def test_an_intact_trail_passes_with_its_size() -> None:
    store = filled(1, 2, 3)
    assert record_verification(store=store, now=NOW).intact
    assert evidence(store).status is EvidenceStatus.PASSING
    assert evidence(store).summary == "3 entries, chain intact"
    AuditLog(store).append(entry(4))
    assert record_verification(store=store, now=NOW + timedelta(days=1)).intact
    assert evidence(store).facts["intact_size"] == 4


def test_an_empty_trail_is_intact_and_may_grow() -> None:
    store = MemoryStore()
    assert record_verification(store=store, now=NOW).intact
    AuditLog(store).append(entry(1))
    assert record_verification(store=store, now=NOW + timedelta(days=1)).intact


def test_an_edited_entry_fails_and_the_first_fault_is_told() -> None:
    store = filled(1, 2, 3)
    record = store.get(entry_key(1))
    assert record is not None
    store.put(Record(record.key, {**record.body, "entry": to_json(entry(9))}))
    assert not record_verification(store=store, now=NOW).intact
    assert evidence(store).status is EvidenceStatus.FAILING
    assert "edited at entry 1" in evidence(store).summary


def test_a_trail_written_anew_fails_today_and_tomorrow() -> None:
    store = filled(1, 2, 3)
    record_verification(store=store, now=NOW)
    forged = filled(1, 7, 3, 4)
    for key in [key for key in store._kept if key.partition in {"audit", "trail"}]:
        store.delete(key)
    for key in [key for key in forged._kept if key.partition in {"audit", "trail"}]:
        record = forged.get(key)
        assert record is not None
        store.put(record)
    for day in (1, 2):
        assert not record_verification(store=store, now=NOW + timedelta(days=day)).intact
        assert evidence(store).status is EvidenceStatus.FAILING
        assert evidence(store).facts["intact_size"] == 3


def test_a_trail_that_was_emptied_fails() -> None:
    store = filled(1, 2)
    record_verification(store=store, now=NOW)
    for key in [key for key in store._kept if key.partition in {"audit", "trail"}]:
        store.delete(key)
    assert not record_verification(store=store, now=NOW + timedelta(days=1)).intact


def test_evidence_of_another_hand_is_no_known_head() -> None:
    store = filled(1)
    other = Evidence(
        kind="audit.verified", model_id=ORGANISATION, status=EvidenceStatus.PASSING, summary="imported",
        source="import", sha256="5" * 64, produced_at=NOW - timedelta(days=1),
    )  # fmt: skip
    put_evidence(store, other)
    assert record_verification(store=store, now=NOW).intact
    assert evidence(store).facts["intact_size"] == 1
