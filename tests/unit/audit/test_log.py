"""The trail is contiguous, and no change of what is written stays unseen."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.audit.appending.inbox import Inbox, waiting_in
from syndic.audit.appending.sequencer import sequence
from syndic.audit.keys import PARTITION, TREE, batch_key, entry_key
from syndic.audit.log import AuditLog
from syndic.audit.models import Fault, Head, Verification
from syndic.audit.search import get_entry, list_entries, read_head
from syndic.audit.tree.chain import chain, entry_hash
from syndic.audit.verification.trail import verify
from syndic.errors import InvalidInputError, NotFoundError, StaleWriteError, UnavailableError
from syndic.models import AuditEntry, to_json
from syndic.ports import Key, Record, Write
from tests.unit.audit.tampering import (
    AT,
    body,
    delete,
    edit,
    entry,
    hide,
    log_of,
    move,
    overwrite,
    rehash_to_the_end,
    swap,
    truncate,
    wipe,
)


def faults(result: Verification) -> set[Fault]:
    assert result.intact == (not result.problems)
    return {problem.fault for problem in result.problems}


def test_a_clean_log_is_intact() -> None:
    for count in (0, 1, 2, 45, 46, 130):
        store = log_of(count)
        result = verify(store, known=read_head(store))
        assert result.intact
        assert result.head == read_head(store)
        assert result.head.size == count


def test_entries_get_contiguous_places_and_each_names_the_one_before() -> None:
    store = log_of(100)
    entries = [get_entry(store, i) for i in range(100)]
    assert [one.index for one in entries] == list(range(100))
    assert [one.entry for one in entries] == [entry(i) for i in range(100)]
    assert all(b.previous == a.hash for a, b in pairwise(entries))
    assert entries[0].previous == "0" * 64


def test_the_hash_of_an_entry_is_fixed_for_all_time() -> None:
    # sha256 of {"entry":{...},"index":0,"previous":"000..."} in RFC 8785 form, as written by hand:
    fixed = AuditEntry(action="a", actor="b", subject="c", at=AT, details={"z": 1.0, "a": "ü"})
    text = (
        '{"entry":{"action":"a","actor":"b","at":"2026-11-21T00:00:00Z","details":{"a":"ü","z":1},"subject":"c"},'
        '"index":0,"previous":"' + "0" * 64 + '"}'
    )

    assert entry_hash(0, to_json(fixed), "0" * 64) == hashlib.sha256(text.encode()).hexdigest()


def rehash(store: MemoryStore, index: int, size: int) -> None:
    content = body(store, index)
    content["entry"]["actor"] = "somebody"
    content["hash"] = entry_hash(index, content["entry"], content["previous"], content["salt"])
    overwrite(store, index, content)


def test_what_a_fault_is_called() -> None:
    def after(tamper, **options: Head) -> set[Fault]:
        store = log_of(10)
        tamper(store, 4, 10)
        return faults(verify(store, **options))

    assert after(edit) == {Fault.EDITED}
    assert after(delete) == {Fault.MISSING}
    assert after(swap) == {Fault.EDITED, Fault.MISPLACED, Fault.HIDDEN}
    assert after(rehash) >= {Fault.REWRITTEN}
    assert after(rehash_to_the_end) == set(), "without a known head a log written anew cannot be told"
    known = read_head(log_of(10))
    assert after(rehash_to_the_end, known=known) == {Fault.REWRITTEN}
    assert after(truncate, known=known) == {Fault.TRUNCATED}
    assert after(wipe, known=known) == {Fault.TRUNCATED}
    assert after(hide) == {Fault.MISPLACED, Fault.HIDDEN}
    assert after(move) == {Fault.MISPLACED, Fault.HIDDEN}


def test_a_known_head_of_an_earlier_time_still_holds() -> None:
    store = log_of(10)
    known = read_head(store)
    AuditLog(store).append(entry(10), entry(11))
    assert verify(store, known=known).intact
    rehash_to_the_end(store, 3, 12)
    assert Fault.REWRITTEN in faults(verify(store, known=known))


def test_an_entry_whose_content_is_gone_is_missed() -> None:
    store = log_of(10)
    store.delete(entry_key(9))
    assert faults(verify(store)) == {Fault.MISSING}


def test_an_entry_added_past_the_head_is_seen() -> None:
    store = log_of(3)
    (forged,) = chain(read_head(store), [entry(3)])
    overwrite(store, 3, to_json(forged))
    assert faults(verify(store)) == {Fault.BEYOND_HEAD}


def test_leaves_that_were_changed_are_seen() -> None:
    for change in ({"hashes": ["0" * 64] * 5}, {"peaks": ["0" * 64] * 2}, {"previous": "1" * 64}, {"first": 3}, {}):
        store = log_of(5)
        record = store.get(batch_key(0))
        assert record is not None
        store.put(Record(record.key, {**record.body, **change} if change else {}))
        assert not verify(store).intact, change


@pytest.mark.parametrize("content", [{}, {"index": 1}, {"entry": []}, {"index": "x", "hash": None}])
def test_what_is_no_entry_is_said_and_stops_nothing(content: dict) -> None:
    store = log_of(5)
    overwrite(store, 2, content)
    assert Fault.UNREADABLE in faults(verify(store))
    store.put(Record(Key(PARTITION, "entry.zzz"), content))
    assert Fault.UNREADABLE in faults(verify(store))


def test_random_changes_of_one_character_are_all_found() -> None:
    pick = random.Random(7)  # noqa: S311 - choices of a test
    clean = log_of(6)
    known = read_head(clean)
    for _ in range(400):
        store = log_of(6)
        index = pick.randrange(6)
        text = json.dumps(body(store, index))
        at = pick.randrange(len(text))
        changed = text[:at] + chr((ord(text[at]) + pick.randrange(1, 90)) % 95 + 32) + text[at + 1 :]
        try:
            content = json.loads(changed)
        except ValueError:
            continue
        if not isinstance(content, dict) or content == body(store, index):
            continue
        overwrite(store, index, content)
        assert not verify(store, known=known).intact, changed


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(comment="approved"),
        lambda content: content.update(salt=content["salt"].upper()),
        lambda content: content.update(salt=content["salt"][:2] + " " + content["salt"][2:]),
        lambda content: content.update(entry=list(content["entry"].items())),
    ],
    ids=["a field beside it", "salt in capitals", "salt with a blank", "a list of fields"],
)
def test_an_entry_has_one_form_and_nothing_lies_beside_it(change) -> None:
    store = log_of(6)
    content = body(store, 3)
    change(content)
    overwrite(store, 3, content)
    assert Fault.UNREADABLE in faults(verify(store))


def test_writers_at_once_get_contiguous_places_and_lose_nothing() -> None:
    store = MemoryStore()

    def write(worker: int) -> None:
        log = AuditLog(store)
        for i in range(10):
            log.append(entry(worker * 100 + i))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))
    result = verify(store)
    assert result.intact
    assert result.head.size == 160
    kept = [get_entry(store, i).entry.details["i"] for i in range(160)]
    assert sorted(kept) == sorted(worker * 100 + i for worker in range(16) for i in range(10))


def test_verifying_while_others_write_finds_no_fault() -> None:
    store = log_of(5)
    log = AuditLog(store)

    class Busy(MemoryStore):
        def query(self, *args: object, **options: object):
            log.append(entry(1), entry(2))
            return store.query(*args, **options)

        def list_places(self, *args: object, **options: object):
            log.append(entry(1), entry(2))
            return store.list_places(*args, **options)

        def get(self, key: Key):
            return store.get(key)

    assert verify(Busy()).intact


def test_a_trail_that_is_always_taken_gives_up_and_says_so() -> None:
    class Taken(MemoryStore):
        def put_together(self, writes: list[Write]):
            raise StaleWriteError("taken")

    waits: list[float] = []
    with pytest.raises(UnavailableError):
        AuditLog(Taken(), sleep=waits.append, jitter=lambda: 1.0).append(entry(1))
    assert waits[:3] == [0.01, 0.02, 0.04]
    assert max(waits) == 0.5


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**60])
def test_what_has_no_canonical_form_is_refused_and_nothing_is_written(value: float) -> None:
    store = MemoryStore()
    with pytest.raises((InvalidInputError, ValueError)):
        AuditLog(store).append(entry(1), entry(2, bad=value))
    assert verify(store).head.size == 0


def test_entries_are_listed_newest_first_in_pages_and_by_subject() -> None:
    store = log_of(10)
    first = list_entries(store, limit=4)
    rest = list_entries(store, limit=10, token=first.next_token)
    assert [one.index for one in (*first.entries, *rest.entries)] == list(range(9, -1, -1))
    assert [one.index for one in list_entries(store, subject="model/m1").entries] == [7, 4, 1]
    assert list_entries(store, subject="model/none").entries == ()


def test_an_entry_that_is_not_there_is_not_found() -> None:
    for index in (-1, 5, 10**13):
        with pytest.raises(NotFoundError):
            get_entry(log_of(5), index)


class Overtaken(MemoryStore):
    """At the `at`-th batch of leaves somebody else is quicker, or the process dies."""

    def __init__(self, at: int, *, dies: bool) -> None:
        super().__init__()
        self.at, self.dies, self.batches = at, dies, 0

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        if writes[0].record.key.partition == TREE:
            self.batches += 1
            if self.batches == self.at:
                if self.dies:
                    raise UnavailableError("died")
                raise StaleWriteError("somebody else was quicker")
        return super().put_together(writes)


@pytest.mark.parametrize("dies", [False, True], ids=["overtaken", "dies"])
@pytest.mark.parametrize("at", [1, 2, 4, 5, 9])
def test_whoever_comes_between_the_batches_of_a_round_loses_and_doubles_nothing(at: int, dies: bool) -> None:
    store = Overtaken(at, dies=dies)
    inbox = Inbox(store)
    for number in range(700):
        inbox.take({f"id.{number}": entry(number, subject="model/one")})
    taken = 0
    for _ in range(2):
        try:
            taken += sequence(store, sleep=lambda seconds: None).entries
        except UnavailableError:
            continue
    result = verify(store)
    assert (result.intact, result.head.size) == (True, 700)
    assert dies or taken == 700
    assert [get_entry(store, index).entry.details["i"] for index in range(700)] == list(range(700))
    assert not waiting_in(store, most=1).keys
