"""What every `Store` promises to many writers at once."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from syndic.errors import StaleWriteError
from syndic.ports import ABSENT, Key, Listing, Record, Store, Write
from tests.proof import ALL

WRITERS = 16 if ALL else 6


@pytest.fixture
def here() -> str:
    """A partition of its own for each test: the stores are shared."""
    return f"test.{uuid.uuid4().hex[:12]}"


def test_of_many_creators_one_wins(store: Store, here: str) -> None:
    barrier = threading.Barrier(16)

    def create(i: int) -> bool:
        barrier.wait()
        try:
            store.put(Record(Key(here, "a"), {"by": i}, listings=(Listing(f"{here}.l", "1"),)), expect=ABSENT)
        except StaleWriteError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(create, range(16)))
    assert won.count(True) == 1
    record = store.get(Key(here, "a"))
    assert record is not None
    assert record.body == {"by": won.index(True)}


def test_of_many_writers_that_read_the_same_version_one_wins_each_time(store: Store, here: str) -> None:
    present = store.put(Record(Key(here, "a"), {"round": 0, "by": None}))
    for turn in range(1, 6):
        barrier, read = threading.Barrier(16), present

        def write(i: int, turn: int = turn, read: Record = read, barrier: threading.Barrier = barrier) -> bool:
            barrier.wait()
            try:
                store.put(Record(read.key, {"round": turn, "by": i}), expect=read.etag)
            except StaleWriteError:
                return False
            return True

        with ThreadPoolExecutor(16) as pool:
            won = list(pool.map(write, range(16)))
        assert won.count(True) == 1
        found = store.get(Key(here, "a"))
        assert found is not None
        assert found.body == {"round": turn, "by": won.index(True)}
        present = found


def test_of_many_who_take_a_record_away_one_does(store: Store, here: str) -> None:
    present = store.put(Record(Key(here, "a"), {}, listings=(Listing(f"{here}.l", "1"),)))
    barrier = threading.Barrier(16)

    def take(_i: int) -> bool:
        barrier.wait()
        try:
            store.delete(present.key, expect=present.etag)
        except StaleWriteError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(take, range(16))).count(True) == 1
    assert store.get(present.key) is None
    assert store.query(f"{here}.l").records == ()


@pytest.mark.parametrize("listed", [False, True])
def test_no_update_is_lost(store: Store, here: str, listed: bool) -> None:
    store.put(Record(Key(here, "a"), {"n": 0, "rounds": []}))
    lost = threading.Event()

    def add(worker: int) -> None:
        for _ in range(4):
            for _ in range(500):
                record = store.get(Key(here, "a"))
                assert record is not None
                n = record.body["n"] + 1
                listings = (Listing(f"{here}.n", f"{n:04d}"),) if listed else ()
                changed = Record(record.key, {"n": n, "rounds": [*record.body["rounds"], worker]}, listings=listings)
                try:
                    store.put(changed, expect=record.etag)
                except StaleWriteError:
                    continue
                break
            else:
                lost.set()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(add, range(WRITERS)))
    assert not lost.is_set()
    record = store.get(Key(here, "a"))
    assert record is not None
    assert record.body["n"] == 4 * WRITERS
    assert sorted(record.body["rounds"]) == sorted(list(range(WRITERS)) * 4)
    assert [one.body["n"] for one in store.query(f"{here}.n").records] == ([4 * WRITERS] if listed else [])


def test_unconditional_writers_never_fail_or_leave_a_stray_listing(store: Store, here: str) -> None:
    def write(i: int) -> None:
        store.put(Record(Key(here, "a"), {"i": i}, listings=(Listing(f"{here}.l", f"{i:02d}"),)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(16)))
    record = store.get(Key(here, "a"))
    assert record is not None
    (listed,) = store.query(f"{here}.l").records
    assert listed == record
    assert record.listings == (Listing(f"{here}.l", f"{record.body['i']:02d}"),)


def test_together_many_writers_never_interleave(store: Store, here: str) -> None:
    def append(worker: int) -> None:
        for _ in range(500):
            head = store.get(Key(here, "head"))
            size = 0 if head is None else head.body["size"]
            entries = [Write(Record(Key(here, f"e{size + i:03d}"), {"by": worker}), ABSENT) for i in range(2)]
            try:
                store.put_together(
                    [
                        *entries,
                        Write(Record(Key(here, "head"), {"size": size + 2}), ABSENT if head is None else head.etag),
                    ]
                )
            except StaleWriteError:
                continue
            return
        raise AssertionError("never got its turn")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(8)))
    by = [record.body["by"] for record in store.query(here, prefix="e").records]
    assert len(by) == 16
    assert by[::2] == by[1::2]
    assert sorted(by[::2]) == list(range(8))
