"""What every `Store` promises."""

from __future__ import annotations

import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from syndic.errors import InvalidInputError, StaleWriteError, SyndicError, TooLargeError
from syndic.ports import ABSENT, Key, Listing, Record, Store, Write


@pytest.fixture
def here() -> str:
    """A partition of its own for each test: the stores are shared."""
    return f"test.{uuid.uuid4().hex[:12]}"


def sorts(records) -> list[str]:
    return [record.key.sort for record in records]


def fill(store: Store, partition: str, *names: str) -> None:
    for name in names:
        store.put(Record(Key(partition, name), {"name": name}))


def test_a_record_is_read_as_it_was_written(store: Store, here: str) -> None:
    body = {
        "number": 0.1,
        "big": 2**53,
        "text": "ok",
        "none": None,
        "yes": True,
        "list": [1, [2, {"deep": []}]],
        "e": {},
    }
    written = store.put(Record(Key(here, "a"), body))
    read = store.get(Key(here, "a"))
    assert read is not None
    assert read.body == body
    assert read.key == Key(here, "a")
    assert read.etag == written.etag != ""


def test_what_is_not_there_is_none(store: Store, here: str) -> None:
    assert store.get(Key(here, "nothing")) is None
    assert store.query(here).records == ()
    assert store.query(here).next_token is None


@pytest.mark.parametrize("text", ["Grüße 東京 🚀", '\u0000\u001f\u2028 \\ " / %', "\ud800 half a pair", "<script>'"])
def test_text_of_any_kind_survives(store: Store, here: str, text: str) -> None:
    store.put(Record(Key(here, "a"), {"text": text, text: 1}))
    record = store.get(Key(here, "a"))
    assert record is not None
    assert record.body == {"text": text, text: 1}


def test_each_write_gives_another_etag(store: Store, here: str) -> None:
    etags = {store.put(Record(Key(here, "a"), {})).etag for _ in range(5)}
    assert len(etags) == 5


def test_changing_what_was_read_or_written_changes_nothing_stored(store: Store, here: str) -> None:
    body = {"list": [1]}
    store.put(Record(Key(here, "a"), body))
    body["list"].append(2)
    first = store.get(Key(here, "a"))
    assert first is not None
    first.body["list"].append(3)
    again = store.get(Key(here, "a"))
    assert again is not None
    assert again.body == {"list": [1]}


def test_a_record_is_created_once(store: Store, here: str) -> None:
    store.put(Record(Key(here, "a"), {"by": 1}), expect=ABSENT)
    with pytest.raises(StaleWriteError):
        store.put(Record(Key(here, "a"), {"by": 2}), expect=ABSENT)
    record = store.get(Key(here, "a"))
    assert record is not None
    assert record.body == {"by": 1}


def test_an_old_etag_does_not_write(store: Store, here: str) -> None:
    first = store.put(Record(Key(here, "a"), {"v": 1}))
    second = store.put(Record(Key(here, "a"), {"v": 2}), expect=first.etag)
    with pytest.raises(StaleWriteError):
        store.put(Record(Key(here, "a"), {"v": 3}), expect=first.etag)
    with pytest.raises(StaleWriteError):
        store.put(Record(Key(here, "b"), {}), expect=second.etag)
    record = store.get(Key(here, "a"))
    assert record is not None
    assert record.body == {"v": 2}
    assert store.get(Key(here, "b")) is None


def test_deleting_takes_the_record_away_and_is_fine_when_absent(store: Store, here: str) -> None:
    store.put(Record(Key(here, "a"), {}))
    store.delete(Key(here, "a"))
    store.delete(Key(here, "a"))
    assert store.get(Key(here, "a")) is None


def test_deleting_expects_the_etag_it_is_given(store: Store, here: str) -> None:
    first = store.put(Record(Key(here, "a"), {"v": 1}))
    second = store.put(Record(Key(here, "a"), {"v": 2}))
    with pytest.raises(StaleWriteError):
        store.delete(Key(here, "a"), expect=first.etag)
    store.delete(Key(here, "a"), expect=second.etag)
    with pytest.raises(StaleWriteError):
        store.delete(Key(here, "a"), expect=second.etag)


def test_together_all_are_written_or_none(store: Store, here: str) -> None:
    present = store.put(Record(Key(here, "old"), {"v": 1}))
    new = [Write(Record(Key(here, f"n{i:02d}"), {"i": i}), ABSENT) for i in range(3)]
    with pytest.raises(StaleWriteError):
        store.put_together([*new, Write(Record(Key(here, "old"), {"v": 2}), "another")])
    assert sorts(store.query(here).records) == ["old"]
    written = store.put_together([*new, Write(Record(Key(here, "old"), {"v": 2}), present.etag)])
    assert sorts(written) == ["n00", "n01", "n02", "old"]
    for record in store.query(here).records:
        assert record in [Record(one.key, one.body, one.etag) for one in written]


def test_ninety_records_fit_together(store: Store, here: str) -> None:
    store.put_together([Write(Record(Key(here, f"{i:03d}"), {"i": i}), ABSENT) for i in range(90)])
    assert [record.body["i"] for record in store.query(here, limit=100).records] == list(range(90))


@pytest.mark.parametrize(
    "names", [[], ["a"] * 2, [f"{i}" for i in range(91)]], ids=["none", "the same key twice", "too many"]
)
def test_what_cannot_be_written_together_is_refused(store: Store, here: str, names: list[str]) -> None:
    with pytest.raises(InvalidInputError):
        store.put_together([Write(Record(Key(here, name), {})) for name in names])


def test_records_of_two_partitions_are_not_written_together(store: Store, here: str) -> None:
    with pytest.raises(InvalidInputError):
        store.put_together([Write(Record(Key(here, "a"), {})), Write(Record(Key(here + "x", "a"), {}))])


def test_records_come_in_the_order_of_their_keys(store: Store, here: str) -> None:
    names = ["b", "a", "a.", "a-", "A", "a0", "~", "!", "a!", "10", "9"]
    fill(store, here, *names)
    assert sorts(store.query(here).records) == sorted(names)
    assert sorts(store.query(here, descending=True).records) == sorted(names, reverse=True)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"prefix": "b"}, ["b", "b1", "b2", "b~"]),
        ({"start": "b1"}, ["b1", "b2", "b~", "c"]),
        ({"end": "b2"}, ["a", "b", "b1"]),
        ({"start": "b", "end": "c"}, ["b", "b1", "b2", "b~"]),
        ({"prefix": "b", "start": "b1", "end": "b2"}, ["b1"]),
        ({"prefix": "b", "end": "bb"}, ["b", "b1", "b2"]),
        ({"prefix": "b", "start": "c"}, []),
        ({"start": "c", "end": "a"}, []),
        ({"start": "b", "end": "b"}, []),
        ({"prefix": "x"}, []),
    ],
)
@pytest.mark.parametrize("descending", [False, True])
def test_prefix_and_range_choose(
    store: Store, here: str, arguments: dict[str, str], expected: list[str], descending: bool
) -> None:
    fill(store, here, "a", "b", "b1", "b2", "b~", "c")
    found = sorts(store.query(here, descending=descending, **arguments).records)
    assert found == (expected[::-1] if descending else expected)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_join_to_the_whole(store: Store, here: str, limit: int, descending: bool) -> None:
    names = [f"r{i}" for i in range(7)]
    fill(store, here, "a", *names, "z")
    found: list[str] = []
    token = None
    for _ in range(20):
        page = store.query(here, prefix="r", limit=limit, descending=descending, token=token)
        assert len(page.records) <= limit
        found += sorts(page.records)
        token = page.next_token
        if token is None:
            break
    assert found == (names[::-1] if descending else names)


def test_a_page_goes_on_where_it_stopped_although_records_came_and_went(store: Store, here: str) -> None:
    fill(store, here, "b", "d", "f")
    page = store.query(here, limit=2)
    store.delete(Key(here, "d"))
    fill(store, here, "a", "e")
    assert sorts(store.query(here, limit=9, token=page.next_token).records) == ["e", "f"]


@pytest.mark.parametrize("token", ["", "nonsense", "bm9uZQ", "WyJhIl0", "ü", "W10", "e30", "MQ", "A" * 5000])
def test_a_damaged_token_is_refused(store: Store, here: str, token: str) -> None:
    with pytest.raises(InvalidInputError):
        store.query(here, token=token)


def test_a_token_of_another_query_is_refused(store: Store, here: str) -> None:
    fill(store, here, "a1", "a2", "a3")
    token = store.query(here, prefix="a", limit=1).next_token
    assert token is not None
    for arguments in ({"prefix": ""}, {"prefix": "a", "descending": True}, {"prefix": "a", "end": "z"}):
        with pytest.raises(InvalidInputError):
            store.query(here, token=token, **arguments)
    with pytest.raises(InvalidInputError):
        store.query(here + "x", prefix="a", token=token)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_size_out_of_bounds_is_refused(store: Store, here: str, limit: int) -> None:
    with pytest.raises(InvalidInputError):
        store.query(here, limit=limit)


@pytest.mark.parametrize("bad", ["", "a/b", "a\\b", "a#b", "a?b", "a%b", "a b", "ä", "a\n", "\x7f", "x" * 513])
def test_keys_that_some_store_could_not_take_are_refused(store: Store, here: str, bad: str) -> None:
    for key in (Key(here, bad), Key(bad, "a")):
        with pytest.raises(InvalidInputError):
            store.put(Record(key, {}))
        with pytest.raises(InvalidInputError):
            store.get(key)
        with pytest.raises(InvalidInputError):
            store.delete(key)
    with pytest.raises(InvalidInputError):
        store.put(Record(Key(here, "a"), {}, listings=(Listing(here, bad),)))
    with pytest.raises(InvalidInputError):
        store.query(bad)


def test_the_longest_keys_are_taken(store: Store, here: str) -> None:
    key = Key((here + "p" * 512)[:512], "s" * 512)
    store.put(Record(key, {"v": 1}, listings=(Listing((here + "q" * 512)[:512], "l" * 512),)))
    assert store.get(key) is not None
    assert [record.key for record in store.query(key.partition).records] == [key]
    assert [record.key for record in store.query((here + "q" * 512)[:512]).records] == [key]


@pytest.mark.parametrize("body", [{"n": float("nan")}, {"n": float("inf")}, {"o": object()}, {"s": {1, 2}}])
def test_what_is_no_json_is_refused(store: Store, here: str, body: dict) -> None:
    with pytest.raises(InvalidInputError):
        store.put(Record(Key(here, "a"), body))
    assert store.get(Key(here, "a")) is None


def incompressible(size: int) -> str:
    return random.Random(1).randbytes(size // 2).hex()  # noqa: S311 - only has to be hard to compress


@pytest.mark.parametrize("size", [5_000, 360_000, 900_000, 8 * 1024 * 1024 - 100])
def test_large_bodies_are_kept_listed_replaced_and_deleted(store: Store, here: str, size: int) -> None:
    body = {"text": incompressible(size)}
    first = store.put(Record(Key(here, "a"), body, listings=(Listing(here + ".l", "1"),)), expect=ABSENT)
    assert store.get(Key(here, "a")) == first
    assert store.query(here + ".l").records[0].body == body
    second = store.put(Record(Key(here, "a"), {"small": 1}), expect=first.etag)
    assert store.get(Key(here, "a")) == second
    assert store.query(here + ".l").records == ()
    third = store.put(Record(Key(here, "a"), body), expect=second.etag)
    with pytest.raises(StaleWriteError):
        store.put(Record(Key(here, "a"), body), expect=second.etag)
    assert store.get(Key(here, "a")) == third
    store.delete(Key(here, "a"))
    assert store.get(Key(here, "a")) is None


def test_large_bodies_are_written_together(store: Store, here: str) -> None:
    bodies = [{"i": i, "text": incompressible(700_000)} for i in range(12)]
    store.put_together([Write(Record(Key(here, f"{i:02d}"), body), ABSENT) for i, body in enumerate(bodies)])
    assert [record.body for record in store.query(here).records] == bodies


def test_a_body_over_the_limit_is_refused(store: Store, here: str) -> None:
    with pytest.raises(TooLargeError):
        store.put(Record(Key(here, "a"), {"text": "x" * (8 * 1024 * 1024)}))


# --- listings ------------------------------------------------------------------------------------------


def test_a_record_is_found_where_it_is_listed_with_its_own_key(store: Store, here: str) -> None:
    for name, rank in (("a", "3"), ("b", "1"), ("c", "2")):
        store.put(Record(Key(here, name), {"name": name}, listings=(Listing(f"{here}.rank", rank),)))
    page = store.query(f"{here}.rank")
    assert [(record.key, record.body["name"]) for record in page.records] == [
        (Key(here, "b"), "b"),
        (Key(here, "c"), "c"),
        (Key(here, "a"), "a"),
    ]
    assert page.records[0] == store.get(Key(here, "b"))
    assert sorts(store.query(f"{here}.rank", start="2").records) == ["c", "a"]
    assert sorts(store.query(f"{here}.rank", end="2").records) == ["b"]
    assert sorts(store.query(f"{here}.rank", prefix="2").records) == ["c"]


def test_listings_follow_the_record(store: Store, here: str) -> None:
    def listed(state: str) -> list[str]:
        return sorts(store.query(f"{here}.{state}").records)

    record = Record(Key(here, "a"), {}, listings=(Listing(f"{here}.open", "1"), Listing(f"{here}.all", "1")))
    first = store.put(record, expect=ABSENT)
    assert (listed("open"), listed("closed"), listed("all")) == (["a"], [], ["a"])
    second = store.put(
        Record(Key(here, "a"), {"v": 2}, listings=(Listing(f"{here}.closed", "1"), Listing(f"{here}.all", "1"))),
        expect=first.etag,
    )
    assert (listed("open"), listed("closed"), listed("all")) == ([], ["a"], ["a"])
    assert store.query(f"{here}.all").records[0] == second
    store.put(Record(Key(here, "a"), {}, listings=(Listing(f"{here}.open", "9"),)))
    assert (listed("open"), listed("closed"), listed("all")) == (["a"], [], [])
    store.put(Record(Key(here, "a"), {}))
    assert (listed("open"), listed("closed"), listed("all")) == ([], [], [])
    store.put(record)
    store.delete(Key(here, "a"))
    assert (listed("open"), listed("closed"), listed("all")) == ([], [], [])


def test_a_failed_write_leaves_the_listings_as_they_were(store: Store, here: str) -> None:
    store.put(Record(Key(here, "a"), {}, listings=(Listing(f"{here}.l", "1"),)))
    with pytest.raises(StaleWriteError):
        store.put(Record(Key(here, "a"), {}, listings=(Listing(f"{here}.l", "2"),)), expect=ABSENT)
    with pytest.raises(StaleWriteError):
        store.put_together(
            [
                Write(Record(Key(here, "b"), {}, listings=(Listing(f"{here}.l", "3"),))),
                Write(Record(Key(here, "a"), {}, listings=()), "another"),
            ]
        )
    record = store.query(f"{here}.l").records
    assert sorts(record) == ["a"]
    assert record[0].listings == (Listing(f"{here}.l", "1"),)


def test_several_records_may_be_listed_at_one_place(store: Store, here: str) -> None:
    for name in ("b", "a", "c"):
        store.put(Record(Key(here, name), {}, listings=(Listing(f"{here}.l", "same"), Listing(f"{here}.l", "samf"))))
    whole = sorts(store.query(f"{here}.l").records)
    assert sorted(whole[:3]) == sorted(whole[3:]) == ["a", "b", "c"]
    first = store.query(f"{here}.l", limit=2)
    rest = store.query(f"{here}.l", token=first.next_token)
    assert sorts(first.records) + sorts(rest.records) == whole
    assert sorts(store.query(f"{here}.l", prefix="same").records) == whole[:3]
    assert sorts(store.query(f"{here}.l", end="samf").records) == whole[:3]


def test_listings_and_records_of_one_partition_stand_in_one_order(store: Store, here: str) -> None:
    store.put(Record(Key(here, "b"), {"own": True}))
    store.put(
        Record(Key(f"{here}.x", "other"), {}, listings=(Listing(here, "a"), Listing(here, "b"), Listing(here, "b!")))
    )
    assert sorts(store.query(here).records) == ["other", "b", "other", "other"]
    assert sorts(store.query(here, descending=True).records) == ["other", "other", "b", "other"]


def test_a_hundred_listed_records_come_in_one_page(store: Store, here: str) -> None:
    for start in (0, 45, 90):
        store.put_together(
            [
                Write(Record(Key(here, f"{i:03d}"), {"i": i}, listings=(Listing(f"{here}.l", f"{999 - i}"),)))
                for i in range(start, min(start + 45, 130))
            ]
        )
    page = store.query(f"{here}.l", limit=120)
    assert [record.body["i"] for record in page.records] == list(range(129, 9, -1))
    assert len(store.query(f"{here}.l", limit=120, token=page.next_token).records) == 10


# --- races ---------------------------------------------------------------------------------------------


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

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(add, range(16)))
    assert not lost.is_set()
    record = store.get(Key(here, "a"))
    assert record is not None
    assert record.body["n"] == 64
    assert sorted(record.body["rounds"]) == sorted(list(range(16)) * 4)
    assert [one.body["n"] for one in store.query(f"{here}.n").records] == ([64] if listed else [])


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


def test_errors_are_syndics_own(store: Store, here: str) -> None:
    with pytest.raises(SyndicError):
        store.put(Record(Key(here, "a"), {}), expect="unknown etag")
