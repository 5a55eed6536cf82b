"""What every `Store` promises of listings."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import pytest

from syndic.errors import StaleWriteError
from syndic.ports import ABSENT, Key, Listing, Record, Store, Write


@pytest.fixture
def here() -> str:
    """A partition of its own for each test: the stores are shared."""
    return f"test.{uuid.uuid4().hex[:12]}"


def sorts(records: Iterable[Record]) -> list[str]:
    return [record.key.sort for record in records]


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


def test_places_are_what_a_query_finds_in_its_order(store: Store, here: str) -> None:
    store.put(Record(Key(here, "b"), {"own": True}))
    for name in ("z", "y"):
        listings = tuple(Listing(here, sort) for sort in ("a", "b", "b!", "c~", "d"))
        store.put(Record(Key(f"{here}.x", name), {"n": name}, listings=listings))
    store.put(Record(Key(f"{here}.x", "gone"), {}, listings=(Listing(here, "b"),)))
    store.delete(Key(f"{here}.x", "gone"))
    for start, end in ((None, None), ("b", None), (None, "c"), ("b", "b!"), ("b!", "d"), ("e", None), ("d", "a")):
        places = list(store.list_places(here, start=start, end=end))
        found = store.query(here, start=start, end=end).records
        assert [place.key for place in places] == [record.key for record in found], (start, end)
        assert all((start or "") <= place.sort < (end or "~") for place in places)
    sorts_found = [place.sort for place in store.list_places(here)]
    assert sorts_found == ["a", "a", "b", "b", "b", "b!", "b!", "c~", "c~", "d", "d"]
    assert list(store.list_places(f"{here}.none")) == []


def test_places_of_several_pages_are_all_found(store: Store, here: str) -> None:
    many = 130
    for start in range(0, many, 45):
        store.put_together(
            [
                Write(Record(Key(here, f"{i:03d}"), {"text": "x" * 900}, listings=(Listing(f"{here}.l", f"{i:03d}"),)))
                for i in range(start, min(start + 45, many))
            ]
        )
    assert [place.sort for place in store.list_places(f"{here}.l")] == [f"{i:03d}" for i in range(many)]
