"""The daily verification as evidence: what was intact once must go on being so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from syndic.adapters.memory import MemoryArchive, MemoryStore
from syndic.assessment import ORGANISATION
from syndic.audit.keys import entry_key
from syndic.audit.log import AuditLog
from syndic.audit.public.publish import publish
from syndic.audit.verification.daily import record_verification, verify_further
from syndic.models import AuditEntry, Evidence, EvidenceStatus, to_json
from syndic.ports import Record
from syndic.records import list_evidence, put_evidence
from tests.unit.audit.tampering import Key

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


def published(*sizes: int) -> tuple[MemoryStore, MemoryArchive]:
    """A trail that was published at some sizes."""
    store, archive, key = MemoryStore(), MemoryArchive(), Key()
    for before, size in pairwise((0, *sizes)):
        AuditLog(store).append(*(entry(number) for number in range(before, size)))
        publish(store, archive, key)
    return store, archive


def test_a_long_trail_is_verified_in_steps_that_end_at_checkpoints() -> None:
    store, archive = published(10, 20, 55, 60, 61)
    AuditLog(store).append(entry(61))
    steps = []
    more = True
    while more:
        found, more = verify_further(store=store, archive=archive, now=NOW, most=25)
        steps.append((found.since, found.head.size, evidence(store).status))
    assert [step[:2] for step in steps] == [(0, 20), (20, 55), (55, 62)]
    assert [step[2] for step in steps] == [EvidenceStatus.INCONCLUSIVE] * 2 + [EvidenceStatus.PASSING]
    again, more = verify_further(store=store, archive=archive, now=NOW, most=25)
    assert (again.since, again.intact, more) == (61, True, False)


@pytest.mark.parametrize("place", [5, 19, 20, 54, 61])
def test_what_was_edited_is_found_in_whichever_step_it_lies(place: int) -> None:
    store, archive = published(10, 20, 55, 60, 61)
    AuditLog(store).append(entry(61))
    record = store.get(entry_key(place))
    assert record is not None
    store.put(Record(record.key, {**record.body, "entry": to_json(entry(999))}))
    for _ in range(4):
        verify_further(store=store, archive=archive, now=NOW, most=25)
    assert evidence(store).status is EvidenceStatus.FAILING
    assert f"edited at entry {place}" in evidence(store).summary


def test_a_trail_that_was_cut_is_found_out_by_the_step_that_comes_by() -> None:
    store, archive = published(10, 20, 55)
    assert verify_further(store=store, archive=archive, now=NOW, most=15)[1]
    for key in [key for key in store._kept if key.partition in {"audit", "trail"}]:
        store.delete(key)
    for _ in range(3):
        verify_further(store=store, archive=archive, now=NOW, most=15)
    assert evidence(store).status is EvidenceStatus.FAILING
