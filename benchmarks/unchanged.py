"""What counting all models and a copy of a person's data ask of the store, when few of many models changed.

    .venv/bin/python benchmarks/unchanged.py [MODELS ...]

Calls of the store, which are time on DynamoDB, and CPU in this process with the store in memory.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from benchmarks.registry import NOW, Counted, model, records  # noqa: E402
from syndic.adapters.memory import MemoryAudit, MemoryStore  # noqa: E402
from syndic.changes import Change, commit  # noqa: E402
from syndic.compliance.person_index import keep_person_index  # noqa: E402
from syndic.compliance.personal_data import personal_data_of  # noqa: E402
from syndic.models import RegisteredModel  # noqa: E402
from syndic.ports import Write  # noqa: E402
from syndic.records import model_key, model_record  # noqa: E402
from syndic.registry.overview import keep_overview  # noqa: E402

CHANGED = (0, 10, 100)


def main(models: int) -> None:
    """Print calls and CPU for each number of changed models."""
    store, calls = MemoryStore(), Counter[str]()
    for number in range(models):
        for record in records(number):
            store.put(record)
    counted = Counted(store, calls)
    count = lambda: keep_overview(counted, now=NOW, daily=True)  # type: ignore[arg-type]  # noqa: E731
    index = lambda: keep_person_index(counted, now=NOW)  # type: ignore[arg-type]  # noqa: E731
    tell(models, "first count", count, calls)
    tell(models, "first index", index, calls)
    for changed in CHANGED:
        for number in range(changed):
            change(store, model(number * 4).id, changed)
        tell(models, f"copy, {changed} changed", lambda: copy(counted), calls)
        tell(models, f"count, {changed} changed", count, calls)
        tell(models, f"index, {changed} changed", index, calls)


def copy(store: object) -> None:
    """The copy of somebody whom one model names."""
    audit = MemoryAudit()
    personal_data_of(["somebody@example.org"], store=store, audit=audit, actor="dora", now=NOW)  # type: ignore[arg-type]


def change(store: MemoryStore, model_id: str, number: int) -> None:
    """Somebody else becomes the owner."""
    record = store.get(model_key(model_id))
    assert record is not None  # noqa: S101 - it was written above
    owner = f"owner{number}@example.org"
    changed = RegisteredModel.model_validate(record.body).model_copy(update={"owner": owner})
    commit(
        Change((Write(model_record(changed), record.etag),), NOW + timedelta(hours=1)), store=store, audit=MemoryAudit()
    )


def tell(models: int, what: str, done: Callable[[], object], calls: Counter[str]) -> None:
    """Do it and print what it took."""
    calls.clear()
    began = time.process_time()
    done()
    cpu = (time.process_time() - began) * 1000
    each = ", ".join(f"{count} {name}" for name, count in sorted(calls.items()))
    print(f"{models:7} models  {what:20} {sum(calls.values()):7} calls {cpu:9.1f} ms   {each}")


if __name__ == "__main__":
    for size in [int(one) for one in sys.argv[1:]] or [1_000, 10_000]:
        main(size)
