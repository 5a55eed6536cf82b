"""Under one key one change is made, however many ask at the same moment."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.audit.log import AuditLog
from syndic.audit.search import list_entries
from syndic.changes import Change, commit
from syndic.errors import ConflictError
from syndic.idempotency import KEPT_OPEN, Answer, KeyedStore, ReusedKeyError, claim, keep_answer
from syndic.models import AuditEntry
from syndic.ports import ABSENT, Key, Record, Write
from syndic.records import retried

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
COUNTER = Key("things.a", "counter")


def claimed(store: MemoryStore, **more: Any) -> Any:
    return claim("ada", "k-1", more or {"do": "it"}, store=store, now=NOW)


def count_up(store: Any) -> int:
    """A verb that knows nothing again: each call counts one further."""

    def step() -> int:
        present = store.get(COUNTER)
        number = 1 + (int(present.body["number"]) if present else 0)
        entry = AuditEntry(action="counted", actor="ada", subject="thing/a", at=NOW, details={"number": number})
        writes = (Write(Record(COUNTER, {"number": number}), present.etag if present else ABSENT),)
        commit(Change(writes, NOW, entries=(entry,)), store=store, audit=AuditLog(store, sleep=lambda _: None))
        return number

    return retried(step, what="the counter")


@pytest.mark.parametrize("many", [2, 8])
def test_of_many_at_the_same_moment_one_makes_it(many: int) -> None:
    store = MemoryStore()
    start, outcomes = threading.Barrier(many), list[object]()

    def run() -> None:
        mine = claimed(store)
        start.wait()
        try:
            outcomes.append(count_up(KeyedStore(store, mine, now=NOW)))
        except ConflictError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=run) for _ in range(many)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert store.get(COUNTER).body == {"number": 1}  # type: ignore[union-attr]
    assert [one for one in outcomes if isinstance(one, int)] == [1]
    assert len(list_entries(store, limit=100).entries) == 1


def test_without_a_key_each_call_counts() -> None:
    store = MemoryStore()

    assert [count_up(store), count_up(store)] == [1, 2]


def test_the_first_answer_counts() -> None:
    store = MemoryStore()
    first, second = claimed(store), claimed(store)

    assert keep_answer(first, Answer(201, "one"), store=store) == Answer(201, "one")
    assert keep_answer(second, Answer(201, "two"), store=store) == Answer(201, "one")
    assert claimed(store).answer == Answer(201, "one")


def test_a_key_means_one_request() -> None:
    store = MemoryStore()
    claimed(store)

    with pytest.raises(ReusedKeyError, match="another request"):
        claimed(store, do="something else")


def test_a_claim_that_was_left_is_taken_up_for_a_quarter_of_an_hour() -> None:
    store = MemoryStore()
    claimed(store)
    later = {"store": store, "now": NOW + KEPT_OPEN - timedelta(seconds=1)}

    assert claim("ada", "k-1", {"do": "it"}, **later).asked_at == NOW
    with pytest.raises(ConflictError, match="not known"):
        claim("ada", "k-1", {"do": "it"}, store=store, now=NOW + KEPT_OPEN)
