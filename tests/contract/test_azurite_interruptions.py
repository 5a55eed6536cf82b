"""Table Storage has no transaction over two partitions, so a listing is another write than its record.

Here each write is ended, or crossed by another writer, at every single call that it makes to the service.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from azure.data.tables import TableClient
from azure.storage.blob import ContainerClient

from syndic.adapters.azure import TableStore, tables
from syndic.errors import ConflictError
from syndic.ports import ABSENT, Key, Listing, Record, Store, Write
from tests.proof import share

pytestmark = pytest.mark.emulator
LARGE = {"text": random.Random(1).randbytes(20_000).hex()}  # noqa: S311 - only has to be hard to compress
PLACES = ("open", "closed", "all")


class Killed(BaseException):
    """The process ended here."""


def kill() -> None:
    raise Killed


class Interrupted:
    """A client that calls `at_last` once, before its call number `calls`, and is dead or goes on afterwards."""

    def __init__(self, client: Any, clock: Clock) -> None:
        self._client, self._clock = client, clock

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)
        if not callable(real):
            return real

        def call(*given: Any, **named: Any) -> Any:
            self._clock.tick()
            return real(*given, **named)

        return call


@dataclass
class Clock:
    """Counts the calls of a store."""

    left: int
    at_last: Callable[[], None]
    struck: bool = False

    def tick(self) -> None:
        if self.left == 0:
            self.struck = True
            self.left = -1
            self.at_last()
        elif self.left > 0:
            self.left -= 1


@dataclass
class Place:
    """A partition of its own, with its listings."""

    table: TableClient
    blobs: ContainerClient
    here: str

    @property
    def store(self) -> TableStore:
        return TableStore(self.table, blobs=self.blobs, sleep=lambda _: None)

    def interrupted(self, calls: int, at_last: Callable[[], None]) -> tuple[TableStore, Clock]:
        clock = Clock(calls, at_last)
        clients = Interrupted(self.table, clock), Interrupted(self.blobs, clock)
        return TableStore(clients[0], blobs=clients[1], sleep=lambda _: None), clock  # type: ignore[arg-type]

    def record(self, name: str, version: int, *listed: str, large: bool = False) -> Record:
        listings = tuple(Listing(f"{self.here}.{at}", "1") for at in listed)
        return Record(Key(self.here, name), {"v": version, **(LARGE if large else {})}, listings=listings)

    def seen(self) -> dict[str, list[tuple[str, int]]]:
        """The records, and where each is listed, as readers find them."""
        store = self.store
        found = {"": store.query(self.here).records}
        found |= {at: store.query(f"{self.here}.{at}").records for at in PLACES}
        backwards = {at: store.query(f"{self.here}.{at}", descending=True).records for at in PLACES}
        assert {at: set(map(_name, found[at])) for at in PLACES} == {
            at: set(map(_name, backwards[at])) for at in PLACES
        }
        return {at: sorted(map(_name, records)) for at, records in found.items()}

    def rows(self) -> int:
        """Rows in all partitions, those that no reader takes included."""
        names = [self.here, *(f"{self.here}.{at}" for at in PLACES)]
        return sum(len(list(self.table.query_entities(f"PartitionKey eq '{name}'"))) for name in names)


def _name(record: Record) -> tuple[str, int]:
    return record.key.sort, record.body["v"]


def consistent(seen: dict[str, list[tuple[str, int]]], place: Place) -> bool:
    """Whether each record is listed exactly where it says."""
    said: dict[str, list[tuple[str, int]]] = {at: [] for at in PLACES}
    for record in place.store.query(place.here).records:
        for listing in record.listings:
            said[listing.partition.removeprefix(f"{place.here}.")].append(_name(record))
    return {at: sorted(names) for at, names in said.items()} == {at: seen[at] for at in PLACES}


@pytest.fixture
def new_place(
    plain_azure_table: TableClient, container: ContainerClient, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Place]:
    monkeypatch.setattr(tables, "INLINE_LIMIT", 10_000)  # bodies move at once; large ones are slow to write 1,000 times
    return lambda: Place(plain_azure_table, container, f"test.{uuid.uuid4().hex[:12]}")


Step = Callable[[Store, Place], object]


def _etag(store: Store, place: Place, name: str) -> str:
    record = store.get(Key(place.here, name))
    return record.etag if record else ABSENT


STEPS: dict[str, Step] = {
    "create": lambda store, at: store.put(at.record("a", 2, "open", "all"), expect=_etag(store, at, "a")),
    "overwrite": lambda store, at: store.put(at.record("a", 3, "closed", "all")),
    "relist under a condition": lambda store, at: store.put(at.record("a", 4, "closed"), expect=_etag(store, at, "a")),
    "large": lambda store, at: store.put(at.record("a", 5, "all", large=True)),
    "unlist": lambda store, at: store.put(at.record("a", 6)),
    "delete": lambda store, at: store.delete(Key(at.here, "a")),
    "together": lambda store, at: store.put_together(
        [Write(at.record("a", 7, "closed", "all")), Write(at.record("b", 7, "open")), Write(at.record("c", 7))]
    ),
}
STARTS: dict[str, Sequence[tuple[str, int, tuple[str, ...], bool]]] = {
    "nothing": (),
    "a listed record": (("a", 1, ("open", "all"), False),),
    "a large listed record": (("a", 1, ("open", "closed"), True), ("b", 1, ("all",), False)),
}


def begin(place: Place, start: str) -> None:
    for name, version, listed, large in STARTS[start]:
        place.store.put(place.record(name, version, *listed, large=large))


@pytest.mark.parametrize(("start", "step"), share(list(product(STARTS, STEPS)), 2))
def test_a_process_may_end_at_any_call(new_place: Callable[[], Place], start: str, step: str) -> None:
    whole = new_place()
    begin(whole, start)
    before = whole.seen()
    STEPS[step](whole.store, whole)
    after = whole.seen()
    for calls in range(60):
        place = new_place()
        begin(place, start)
        store, clock = place.interrupted(calls, kill)
        try:
            STEPS[step](store, place)
        except Killed:
            assert place.seen() in (before, after)
            STEPS[step](place.store, place)
        assert place.seen() == after
        if not clock.struck:
            break
    else:
        raise AssertionError("it never ended")
    assert calls >= 1


@pytest.mark.parametrize(
    ("start", "crossing", "step"),
    share(list(product(["nothing", "a large listed record"], ["overwrite", "delete", "together"], STEPS)), 4),
)
def test_another_writer_may_come_between_any_two_calls(
    new_place: Callable[[], Place], start: str, step: str, crossing: str
) -> None:
    for calls in range(60):
        place = new_place()
        begin(place, start)
        store, clock = place.interrupted(calls, lambda place=place: STEPS[crossing](place.store, place))
        try:
            STEPS[step](store, place)
        except ConflictError:
            assert clock.struck
        assert consistent(place.seen(), place)
        if not clock.struck:
            break
    else:
        raise AssertionError("it never ended")


def test_writers_that_are_not_interrupted_leave_no_row_behind(new_place: Callable[[], Place]) -> None:
    place = new_place()
    store = TableStore(place.table, blobs=place.blobs)  # waits between tries: without, a busy machine starves one

    def write(i: int) -> None:
        for step in list(STEPS.values())[i % 3 :: 2]:
            try:
                step(store, place)
            except ConflictError:
                continue

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(16)))
    seen = place.seen()
    assert consistent(seen, place)
    assert place.rows() == sum(map(len, seen.values()))
