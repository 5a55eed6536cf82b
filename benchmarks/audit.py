"""The audit trail: from commit to its place under load, and what verifying costs.

    make bench-audit            (or: python benchmarks/audit.py [--seconds 60] [--rate 300] [--entries 1000000])

Latencies are simulated on the store in memory: 8 ms a read or single write, 25 ms a transaction. Writers commit at a
steady rate, each in its own thread; one sequencer runs as it does in the cloud: again as soon as something waits. The
time of an entry runs from the call of its commit until the entry can be listed.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from syndic.adapters.memory import MemoryArchive, MemoryStore  # noqa: E402
from syndic.audit.appending.inbox import Inbox  # noqa: E402
from syndic.audit.appending.sequencer import sequence  # noqa: E402
from syndic.audit.models import Verification  # noqa: E402
from syndic.audit.public.export import ENTRIES, package, unzipped  # noqa: E402
from syndic.audit.public.publish import Published, publish  # noqa: E402
from syndic.audit.search import get_entry  # noqa: E402
from syndic.audit.signed.notes import verifier_of  # noqa: E402
from syndic.audit.tree.batches import batch_record, hashes_between, read_tree, tree_at  # noqa: E402
from syndic.audit.verification.offline import verify_export  # noqa: E402
from syndic.audit.verification.trail import verify  # noqa: E402
from syndic.changes import Change, commit  # noqa: E402
from syndic.models import AuditEntry  # noqa: E402
from syndic.ports import ABSENT, Key, Record, Write  # noqa: E402
from syndic.tasks.trail import AT_ONCE  # noqa: E402
from tests.unit.audit.tampering import Key as LogKey  # noqa: E402

AT = datetime(2026, 11, 21, tzinfo=UTC)
READ, TRANSACTION = 0.008, 0.025


class Slow(MemoryStore):
    """Waits as a table over the network does."""

    kept_at: dict[str, float]

    def __init__(self) -> None:
        super().__init__()
        self.kept_at = {}

    def get(self, key: Key) -> Record | None:
        time.sleep(READ)
        return super().get(key)

    def get_many(self, keys: Any) -> Any:
        time.sleep(READ)
        return {key: record for key in keys if (record := MemoryStore.get(self, key)) is not None}

    def query(self, *args: Any, **options: Any) -> Any:
        time.sleep(READ)
        return super().query(*args, **options)

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        time.sleep(READ)
        return super().put(record, expect=expect)

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        time.sleep(READ)
        super().delete(key, expect=expect)

    def put_together(self, writes: Any) -> Any:
        time.sleep(TRANSACTION)
        done = super().put_together(writes)
        now = time.perf_counter()
        for one in done:
            if one.key.partition == "audit":
                self.kept_at[one.body["entry"]["subject"]] = now
        return done

    def delete_together(self, keys: Any) -> None:
        time.sleep(TRANSACTION)
        super().delete_together(keys)


def entry(subject: str, number: int) -> AuditEntry:
    details: dict[str, Any] = {"number": number, "psi": 0.1 + number % 7 / 8, "status": "failing"}
    return AuditEntry(
        action="drift.checked",
        actor="syndic/drift",
        subject=subject,
        at=AT + timedelta(seconds=number),
        details=details,
    )


def load(seconds: float, rate: float) -> None:
    """Commit at a steady rate; say how long entries took to their places and how long writers took."""
    store, total = Slow(), int(seconds * rate)
    committed: dict[str, float] = {}
    took: list[float] = []
    stop = threading.Event()

    def run() -> None:
        with ThreadPoolExecutor(AT_ONCE) as own:

            def at_once(calls: Any) -> list[Any]:
                return [one.result() for one in [own.submit(call) for call in calls]]

            while not stop.is_set():
                if not sequence(store, each=at_once).entries:
                    time.sleep(0.01)

    def write(number: int) -> None:
        subject = f"model/m{number}"
        change = Change(
            (Write(Record(Key(f"things.{number}", "it"), {"n": number}), ABSENT),),
            AT,
            entries=(entry(subject, number),),
        )
        committed[subject] = time.perf_counter()
        commit(change, store=store, audit=Inbox(store))
        took.append(time.perf_counter() - committed[subject])

    sequencer = threading.Thread(target=run)
    sequencer.start()
    begin = time.perf_counter()
    with ThreadPoolExecutor(64) as pool:
        for number in range(total):
            wait = begin + number / rate - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            pool.submit(write, number)
    written = time.perf_counter() - begin
    while len(store.kept_at) < total and time.perf_counter() - begin < seconds * 3 + 30:
        time.sleep(0.05)
    stop.set()
    sequencer.join()
    lags = sorted(store.kept_at[subject] - at for subject, at in committed.items())
    took.sort()
    if len(lags) < total:
        raise RuntimeError(f"{total - len(lags)} entries are not in the trail")
    print(
        f"{total} changes in {written:.1f} s ({total / written:.0f}/s): from commit to sequenced and listed "
        f"p50 {statistics.median(lags):.2f} s, p95 {lags[int(total * 0.95)]:.2f} s, max {lags[-1]:.2f} s; "
        f"a writer p50 {statistics.median(took) * 1000:.0f} ms, p95 {took[int(total * 0.95)] * 1000:.0f} ms"
    )


def filled(count: int) -> MemoryStore:
    store = MemoryStore()
    inbox = Inbox(store)
    for start in range(0, count, 1000):
        inbox.append(*(entry(f"model/m{number % 50}", number) for number in range(start, min(start + 1000, count))))
        sequence(store)
    return store


def leaves_only(count: int) -> MemoryStore:
    """A trail without the contents of its entries: nothing looks at those that were verified before."""
    store = MemoryStore()
    for start in range(0, count, 400):
        hashes = [hashlib.sha256(str(one).encode()).hexdigest() for one in range(start, min(start + 400, count))]
        store.put(batch_record(read_tree(store), hashes))
    return store


def timed(what: str, call: Callable[[], object]) -> float:
    """Print how long a call took, in all and on the processor: other work on the machine is in the first only.

    Returns seconds on the processor.
    """
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{what}: {wall:.2f} s, {cpu:.2f} s of them on the processor, {grown >> 10} MB more memory")
    return cpu


def hashed(lines: list[bytes]) -> None:
    """The five hashes of each entry and nothing else: of its file, its content, its place, its leaf and a node."""
    for line in lines:
        hashlib.sha256(line).digest()
        for size in (len(line), 160, 33, 65):
            hashlib.sha256(line[:size]).digest()


def verification(large: int, many: int = 100_000) -> None:
    """Time a whole verification of 100,000 entries, and one of a large trail of which 1,000 are new."""
    key = LogKey()
    store, archive = leaves_only(large), MemoryArchive()
    old = published(store, archive, key)
    inbox = Inbox(store)
    inbox.append(*(entry(f"model/m{number % 50}", large + number) for number in range(1000)))
    sequence(store)

    def new() -> None:
        since = tree_at(store, large)
        intact(verify(store, since=since, checkpoints=(old.checkpoint,)))

    timed(f"a trail of {large} entries, 1,000 of them new", new)
    store, archive = filled(many), MemoryArchive()
    found = published(store, archive, key)
    entries = [get_entry(store, index) for index in range(many)]
    leaves = list(hashes_between(store, 0, many))
    data = package(entries, leaves, note=str(found.note), key=str(verifier_of(key)), asked={})
    del entries, leaves
    whole = timed(f"an export of {many} entries ({len(data) >> 20} MB)", lambda: verify_export(data, where="export"))
    lines = unzipped(data, where="export")[ENTRIES].splitlines()
    alone = timed("the hashes of it alone", lambda: hashed(lines))
    print(f"verifying an export takes {whole / alone:.1f} times its hashes alone")
    stored = timed(
        f"a trail of {many} entries in the store, contents and listings",
        lambda: intact(verify(store, checkpoints=(found.checkpoint,))),
    )
    print(f"verifying the store takes {stored / alone:.1f} times its hashes alone")


def published(store: MemoryStore, archive: MemoryArchive, key: LogKey) -> Published:
    found = publish(store, archive, key)
    if found is None:
        raise RuntimeError("nothing was published")
    return found


def intact(result: Verification) -> None:
    if not result.intact:
        raise RuntimeError(str(result.problems[0]))


def main() -> None:
    """Print a line for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--entries", type=int, default=1_000_000)
    asked = parser.parse_args()
    load(asked.seconds, asked.rate)
    verification(asked.entries)


if __name__ == "__main__":
    main()
