"""What every `Store` promises."""

from __future__ import annotations

import random
import secrets
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from syndic.errors import InvalidInputError, StaleWriteError, TooLargeError
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


def test_many_records_are_read_at_once_those_that_are_there(store: Store, here: str) -> None:
    fill(store, here, *(f"{number:03}" for number in range(130)))
    store.put(Record(Key(f"{here}.other", "large"), {"text": random.Random(1).randbytes(300_000).hex()}))  # noqa: S311
    keys = [*(Key(here, f"{number:03}") for number in range(140)), Key(f"{here}.other", "large"), Key(here, "000")]
    found = store.get_many(keys)
    assert set(found) == {*keys[:130], Key(f"{here}.other", "large")}
    assert all(record == store.get(key) for key, record in found.items())
    assert store.get_many([]) == {}
    with pytest.raises(InvalidInputError):
        store.get_many([Key(here, "a b")])


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


def test_records_are_removed_together_with_their_listings(store: Store) -> None:
    place = uuid.uuid4().hex
    keys = [Key(f"gone.{place}", str(number)) for number in range(5)]
    for key in keys[:4]:
        store.put(Record(key, {"n": 1}, listings=(Listing(f"listed.{place}", key.sort),)))

    store.delete_together([*keys[:3], keys[4]])

    assert [record.key for record in store.query(f"gone.{place}").records] == [keys[3]]
    assert [record.key for record in store.query(f"listed.{place}").records] == [keys[3]]
    store.delete_together(keys[:3])
    with pytest.raises(InvalidInputError):
        store.delete_together([keys[0], Key(f"other.{place}", "0")])
    with pytest.raises(InvalidInputError):
        store.delete_together([])


def test_records_are_written_and_removed_each_by_itself(store: Store) -> None:
    place = uuid.uuid4().hex
    records = [
        Record(Key(f"each.{place}", str(n)), {"n": n}, listings=(Listing(f"listed.{place}", str(n)),)) for n in range(7)
    ]
    store.put(Record(records[2].key, {"n": "earlier"}))

    store.put_each(records)
    store.put_each(records[:4])

    found = store.query(f"each.{place}").records
    assert [record.body["n"] for record in found] == [0, 1, "earlier", 3, 4, 5, 6]
    assert [one.listings for one in found if one.key != records[2].key] == [
        one.listings for one in records if one.key != records[2].key
    ]
    store.put(Record(Key(f"each.{place}", "bare"), {}))
    store.delete_each([Key(f"each.{place}", "bare"), Key(f"each.{place}", "never")])
    assert store.get(Key(f"each.{place}", "bare")) is None
    with pytest.raises(InvalidInputError):
        store.put_each([records[0], Record(Key(f"other.{place}", "0"), {})])
    with pytest.raises(InvalidInputError):
        store.delete_each([records[0].key, Key(f"other.{place}", "0")])


def test_a_record_is_discarded_with_its_listing_as_it_was_read(store: Store) -> None:
    place = uuid.uuid4().hex
    key, listing = Key(f"note.{place}", "a"), Listing(f"listed.{place}", "1")
    old = store.put(Record(key, {"n": 1}, listings=(listing,)))
    new = store.put(Record(key, {"n": 2}, listings=(Listing(f"listed.{place}", "2"),)), expect=old.etag)

    with pytest.raises(StaleWriteError):
        store.discard(old)
    assert [one.body for one in store.query(f"listed.{place}").records] == [{"n": 2}]
    (read,) = store.query(f"note.{place}").records
    assert read.etag == new.etag
    store.discard(read)
    assert store.get(key) is None
    assert not list(store.list_places(f"listed.{place}"))
    with pytest.raises(StaleWriteError):
        store.discard(read)
    large = store.put(Record(key, {"text": secrets.token_hex(400_000)}, listings=(listing,)))
    store.discard(large)
    assert store.get(key) is None


def test_a_record_knows_from_when_on_nobody_needs_it(store: Store, here: str) -> None:
    over = datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=timezone(timedelta(hours=2)))
    written = store.put(Record(Key(here, "a"), {}, listings=(Listing(f"{here}.listed", "1"),), expires=over))
    wanted = datetime(2026, 3, 4, 3, 6, 7, tzinfo=UTC)
    assert written.expires == wanted
    assert [one.expires for one in store.query(f"{here}.listed").records] == [wanted]
    read = store.get(Key(here, "a"))
    assert read is not None
    assert read.expires == wanted
    store.put(replace(read, expires=None), expect=read.etag)
    assert store.get_many([Key(here, "a")])[Key(here, "a")].expires is None


def test_only_what_is_over_is_removed_with_its_listings_and_only_in_the_range(store: Store, here: str) -> None:
    now = datetime(2026, 3, 4, tzinfo=UTC)
    for number in range(40):
        expires = (None, now - timedelta(seconds=1), now, now + timedelta(seconds=1))[number % 4]
        store.put(Record(Key(here, f"{number:03}"), {"n": number}, expires=expires))
    large = {"text": random.Random(1).randbytes(1_200_000).hex()}  # noqa: S311 - more than an entity or item holds
    store.put(Record(Key(here, "listed"), large, listings=(Listing(f"{here}.by", "x"),), expires=now))
    store.put(Record(Key(f"{here}.other", "o"), {}, listings=(Listing(here, "039.o"),), expires=now))
    assert store.remove_expired(here, now=now, start="200", end="300") == 0
    if store.remove_expired(here, now=now, end="004") == 0:  # DynamoDB does so by itself
        assert store.get(Key(here, "001")) is not None
        return
    assert sorts(store.query(here, end="008").records) == ["000", "003", "004", "005", "006", "007"]
    assert store.remove_expired(here, now=now, most=10) == 10
    assert store.remove_expired(here, now=now) == 20 - 2 - 10 + 1
    assert store.remove_expired(here, now=now) == 0
    left = [record for record in (*store.query(here, limit=200).records,) if record.key.partition == here]
    assert [record.body["n"] for record in left] == [n for n in range(40) if n % 4 in {0, 3}]
    assert store.query(f"{here}.by").records == ()
    assert store.get(Key(f"{here}.other", "o")) is not None, "a listing is not the record"
