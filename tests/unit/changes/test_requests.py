"""A request and evidence that are known are not read twice, and a loop reads again when somebody was quicker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.changes import request_once
from syndic.errors import StaleWriteError
from syndic.models import AuditEntry, Evidence, EvidenceStatus, to_json
from syndic.ports import ABSENT, Key, Record, Write
from syndic.records import evidence_key, put_evidence, renew_evidence, retried_at
from tests.unit.registry.case import NOW

KEY = Key("model.m", "asked.checks")


class Counting(MemoryStore):
    """Counts reads of one key and of many, and transactions; lets somebody come in between before one."""

    reads = many = together = 0
    between: Callable[[], object] | None = None

    def get(self, key: Key) -> Record | None:
        self.reads += 1
        return super().get(key)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        self.many += 1
        return {key: record for key in keys if (record := super(Counting, self).get(key)) is not None}

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        self.together += 1
        between, self.between = self.between, None
        if between is not None:
            between()
        return super().put_together(writes)


def ask(store: MemoryStore, audit: MemoryAudit, who: str = "ada") -> bool:
    entry = AuditEntry(action="checks.requested", actor=who, subject="model/m", at=NOW)
    read = store.get_many([KEY])
    return request_once(KEY, {"by": who}, entry, store=store, audit=audit, now=NOW, read=read)


def test_what_was_read_with_other_things_is_not_read_again() -> None:
    store, audit = Counting(), MemoryAudit()
    assert [ask(store, audit), ask(store, audit, "bob")] == [True, True]
    assert store.reads == 0
    assert ask(store, audit, "bob") is False, "the same person asks again"
    assert len(audit.entries) == 2


def test_whoever_came_in_between_is_seen() -> None:
    store, audit = Counting(), MemoryAudit()
    stale = store.get_many([KEY])
    ask(store, audit)
    entry = AuditEntry(action="checks.requested", actor="ada", subject="model/m", at=NOW)
    told = request_once(KEY, {"by": "ada"}, entry, store=store, audit=audit, now=NOW, read=stale)
    assert told is False, "the request that came in between was the same"
    assert len(audit.entries) == 1


def test_a_step_begins_with_what_was_read_and_reads_when_that_is_stale() -> None:
    store = Counting()
    seen: list[str | None] = []

    def step(present: Record | None) -> int:
        seen.append(None if present is None else present.body["by"])
        store.put(Record(KEY, {"by": "me"}), expect=present.etag if present else ABSENT)
        return len(seen)

    store.put(Record(KEY, {"by": "another"}))
    assert retried_at(KEY, step, store=store, read={}, what="the thing") == 2
    assert (seen, store.reads) == ([None, "another"], 1)

    def never(present: Record | None) -> None:
        raise StaleWriteError("again")

    with pytest.raises(StaleWriteError, match="the thing was changed by others at each of"):
        retried_at(KEY, never, store=store, what="the thing")


def test_evidence_that_is_renewed_is_read_once_and_never_put_over_newer() -> None:
    store = Counting()

    def found(hours: int, sha256: str) -> Evidence:
        return Evidence(
            kind="alerts.handled", model_id="m", status=EvidenceStatus.PASSING, summary="all", source="alerts",
            sha256=sha256 * 64, produced_at=NOW + timedelta(hours=hours),
        )  # fmt: skip

    every = timedelta(days=1)
    assert renew_evidence(store, (found(0, "a"),), every=every)
    assert not renew_evidence(store, (found(2, "a"),), every=every), "it says the same"
    assert renew_evidence(store, (found(3, "b"),), every=every)
    assert (store.reads, store.many, store.together) == (0, 3, 2)
    assert not renew_evidence(store, (found(1, "c"),), every=every)
    assert store.get(evidence_key("m", "alerts.handled")).body["sha256"] == "b" * 64


def test_all_that_is_shown_of_a_model_is_renewed_at_once_and_newer_that_comes_in_between_stays() -> None:
    store = Counting()

    def found(kind: int, hours: int) -> Evidence:
        return Evidence(
            kind=f"kind.{kind}", model_id="m", status=EvidenceStatus.PASSING, summary="all", source="registers",
            sha256=f"{kind % 10}" * 64, produced_at=NOW + timedelta(hours=hours),
        )  # fmt: skip

    every = timedelta(hours=1)
    assert len(renew_evidence(store, (found(kind, 0) for kind in range(50)), every=every)) == 50
    assert (store.reads, store.many, store.together) == (0, 1, 2)
    store.between = lambda: put_evidence(store, found(7, 9))
    assert renew_evidence(store, [found(kind, 2) for kind in range(9)], every=every) == [
        f"kind.{kind}" for kind in range(9) if kind != 7
    ]
    assert store.get(evidence_key("m", "kind.7")).body == to_json(found(7, 9))
    assert renew_evidence(store, [], every=every) == []
