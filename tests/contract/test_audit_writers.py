"""Many writers of one trail on DynamoDB, each a process: nothing is lost or doubled, whoever sequences meanwhile.

Writers hand over as the functions do; two sequencers compete without a lease, which is more than is deployed; readers
compare what they saw with what they see later. ``SYNDIC_PROOF=1`` (``make proof``) runs 32 writers of 250 entries.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from syndic.adapters.aws import DynamoStore
from syndic.audit.batches import Tree, hashes_between, read_tree, tree_at
from syndic.audit.chain import leaf_of
from syndic.audit.inbox import Inbox, waiting_in
from syndic.audit.search import Wanted, search_entries
from syndic.audit.sequencer import sequence
from syndic.audit.tree import Leaves, consistency_proof, is_consistent
from syndic.audit.verify import verify
from syndic.errors import UnavailableError
from syndic.models import AuditEntry
from tests.contract import clouds
from tests.proof import ALL

pytestmark = [pytest.mark.emulator, pytest.mark.timeout(3600 if ALL else 300)]

WRITERS, ENTRIES = (32, 250) if ALL else (4, 25)
READERS: Final = 2
SEQUENCERS: Final = 2
LONGEST: Final = 3000  # seconds after which a process that was forgotten ends by itself

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
    while time.monotonic() < end:
        last = Path(stop).exists()
        try:
            taken += sequence(store).entries
        except UnavailableError:  # the other was quicker each time: what waits goes on waiting
            continue
        if last and not waiting_in(store, most=1).keys:
            return taken
        time.sleep(0.02)
    raise AssertionError("was never told to stop")


def _read(place: Place, stop: str) -> list[tuple[int, bytes]]:
    """Sizes and roots as they were seen, each shown to continue the one seen before it."""
    store, seen, end = _store(place), [(0, b"")], time.monotonic() + LONGEST
    while time.monotonic() < end and not Path(stop).exists():
        tree = read_tree(store)
        if tree.head.size != seen[-1][0]:
            _continues(store, seen[-1], tree)
            seen.append((tree.head.size, tree.frontier.root))
        time.sleep(0.1)
    return seen[1:]


def _continues(store: DynamoStore, old: tuple[int, bytes], tree: Tree) -> None:
    size, root = old
    assert tree.head.size >= size, "the trail became shorter"
    if size == 0:
        return
    assert tree_at(store, size).frontier.root == root, f"the tree of {size} entries became another"
    nodes = Leaves([leaf_of(one) for one in hashes_between(store, 0, tree.head.size)])
    proof = consistency_proof(nodes, size, tree.head.size)
    assert is_consistent(size, root, tree.head.size, tree.frontier.root, proof)


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
    assert {(size, tree_at(store, size).frontier.root) for size, _ in seen} == set(seen)


def _numbers(store: DynamoStore, actor: str) -> list[object]:
    """A writer's entries in order of their own time."""
    numbers: list[object] = []
    token: str | None = None
    while True:
        page = search_entries(store, Wanted(actor=actor), limit=100, token=token)
        numbers += [one.entry.details["number"] for one in page.entries]
        if (token := page.next_token) is None:
            return numbers[::-1]
