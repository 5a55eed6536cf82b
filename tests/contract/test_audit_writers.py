"""Many writers of one trail on DynamoDB, each a process: nothing is lost or doubled, whoever sequences meanwhile.

Writers hand over as the functions do; two sequencers compete without a lease, which is more than is deployed; readers
compare what they saw with what they see later. ``SYNDIC_PROOF=1`` (``make proof``) runs 32 writers of 250 entries.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from syndic.adapters.aws import DynamoStore
from syndic.audit.appending.inbox import Inbox, waiting_in
from syndic.audit.appending.sequencer import sequence
from syndic.audit.search import Wanted, search_entries
from syndic.audit.tree.batches import hashes_between, read_tree
from syndic.audit.tree.chain import leaf_of
from syndic.audit.tree.merkle import EMPTY_ROOT, Leaves, consistency_proof, is_consistent, root_of
from syndic.audit.verification.trail import verify
from syndic.errors import UnavailableError
from syndic.models import AuditEntry
from tests.contract import clouds
from tests.proof import ALL

pytestmark = [pytest.mark.emulator, pytest.mark.timeout(2 * 3600 if ALL else 300)]

WRITERS, ENTRIES = (32, 250) if ALL else (4, 25)
READERS: Final = 2
SEQUENCERS: Final = 2
LONGEST: Final = 7200  # seconds after which a process that was forgotten ends by itself

Place = tuple[str, str, str]


def _store(place: Place) -> DynamoStore:
    url, table, bucket = place
    return DynamoStore(clouds.client("dynamodb", url), table, s3=clouds.client("s3", url), bucket=bucket)


def _write(place: Place, writer: int, entries: int) -> None:
    """Hand over one entry after the other, each fifth of them twice as who got no answer does."""
    inbox = Inbox(_store(place))
    for number in range(entries):
        entry = AuditEntry(
            action="model.changed", actor=f"writer-{writer}", subject=f"model/m{number % 7}",
            at=datetime.now(UTC), details={"number": number},
        )  # fmt: skip
        handed = {f"w{writer}.{number}": entry}
        inbox.take(handed)
        if number % 5 == 0:
            inbox.take(handed)


def _sequence(place: Place, stop: str) -> int:
    """Sequence until the file `stop` is there and nothing waits."""
    store, taken, end = _store(place), 0, time.monotonic() + LONGEST
    pick = random.Random()  # noqa: S311 - waits of a test
    while time.monotonic() < end:
        last = Path(stop).exists()
        try:
            taken += sequence(store).entries
        except UnavailableError:  # the other was quicker each time: what waits goes on waiting
            last = False
        if last and not waiting_in(store, most=1).keys:
            return taken
        time.sleep(pick.uniform(0, 0.5))
    raise AssertionError("was never told to stop")


def _read(place: Place, stop: str) -> list[tuple[int, bytes]]:
    """Sizes and roots as they were seen, each shown by a proof to continue the one seen before it."""
    store, seen, leaves, end = _store(place), [(0, EMPTY_ROOT)], list[bytes](), time.monotonic() + LONGEST
    stopped = False
    while time.monotonic() < end and not stopped:
        stopped = Path(stop).exists()  # then one look is left: a slow machine may have let this process begin late
        begin = time.monotonic()
        size, root = _state(store)
        if size != len(leaves):
            assert size > len(leaves), "the trail became shorter"
            leaves += [leaf_of(one) for one in hashes_between(store, len(leaves), size)]
            nodes = Leaves(leaves)
            assert root_of(nodes, size) == root, "the leaves do not give the root"
            assert is_consistent(*seen[-1], size, root, consistency_proof(nodes, seen[-1][0], size))
            seen.append((size, root))
        # The emulator looks at every record of a partition for each query, one query after the other.
        time.sleep(max(0.1, 4 * (time.monotonic() - begin)))
    return seen[1:]


def _state(store: DynamoStore) -> tuple[int, bytes]:
    tree = read_tree(store)
    return tree.head.size, tree.frontier.root


def test_many_processes_lose_and_double_nothing(aws: str, bucket: str, tmp_path: Path) -> None:
    name = f"trail-{tmp_path.name}"[:60]
    clouds.client("dynamodb", aws).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    place, stop = (aws, name, bucket), tmp_path / "stop"
    begin = time.monotonic()
    with ProcessPoolExecutor(
        WRITERS + READERS + SEQUENCERS, mp_context=multiprocessing.get_context("spawn")
    ) as processes:
        try:
            readers = [processes.submit(_read, place, str(stop)) for _ in range(READERS)]
            sequencers = [processes.submit(_sequence, place, str(stop)) for _ in range(SEQUENCERS)]
            writers: list[Future[None]] = [
                processes.submit(_write, place, writer, ENTRIES) for writer in range(WRITERS)
            ]
            for one in writers:
                one.result()
        finally:
            stop.touch()
        taken = sum(one.result() for one in sequencers)
        seen = [pair for one in readers for pair in one.result()]
    store = _store(place)
    found = verify(store)
    print(f"{WRITERS} x {ENTRIES}: {taken} entries, {len(seen)} states seen, {time.monotonic() - begin:.0f} s")  # noqa: T201 - figures of the proof
    assert found.intact, found.problems
    assert found.head.size == WRITERS * ENTRIES == taken
    for writer in range(WRITERS):
        assert _numbers(store, f"writer-{writer}") == list(range(ENTRIES)), "lost, doubled or out of order"
    assert seen, "no reader saw anything"
    nodes = Leaves([leaf_of(one) for one in hashes_between(store, 0, found.head.size)])
    assert {(size, root_of(nodes, size)) for size, _ in seen} == set(seen), "a state that was seen became another"


def _numbers(store: DynamoStore, actor: str) -> list[object]:
    """A writer's entries in order of their own time."""
    numbers: list[object] = []
    token: str | None = None
    while True:
        page = search_entries(store, Wanted(actor=actor), limit=100, token=token)
        numbers += [one.entry.details["number"] for one in page.entries]
        if (token := page.next_token) is None:
            return numbers[::-1]
