"""What is kept over all models, a value for each: only models that changed since are read again.

Values lie in `SHARDS` records by a hash of the model's id. A shard is read before the models and written under the
condition that nobody wrote it since, so a slower reader cannot put an older value over a newer one. The first time, and
when the form of the values is another, every model is read, shard by shard.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from syndic.assessment import ORGANISATION
from syndic.model_marks import marks_of
from syndic.models import RegisteredModel
from syndic.ports import ABSENT, Key, Readable, Record, Store
from syndic.records import ASIDE, MODELS, find_model, iterate, retried_at

SHARDS: Final = 64
SHARD: Final = "shard."
TOGETHER: Final = 45
"""Marks that are removed at once: each has a listing, and a transaction takes 99 places."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A value for each model.

    Args:
        kind: Whose marks say that a model changed; the values lie below ``projections.<kind>``.
        form: Another number has every model read anew.
        value: Reads the value of a model, as JSON, as of a time.
        organisation: Reads the value of the organisation, where it is kept among the models'.
    """

    kind: str
    form: int
    value: Callable[[Store, RegisteredModel, datetime], Any]
    organisation: Callable[[Store, datetime], Any] | None = None


def keep(projection: Projection, store: Store, *, now: datetime, over: Callable[[], bool] | None = None) -> bool:
    """Bring the values up to date. False when `over` said before the end that the time is over: call again."""
    over = over or (lambda: False)
    begun = _filled(projection, store)
    if begun < SHARDS:
        known: dict[int, set[str]] = defaultdict(set)
        for place in store.list_places(MODELS, end=ASIDE):
            known[_shard(place.own_sort)].add(place.own_sort)
        if projection.organisation is not None:
            known[_shard(ORGANISATION)].add(ORGANISATION)
        for shard in sorted(one for one in known if one >= begun):
            _renew(projection, shard, known[shard], store, now, whole=True)
            if over() and shard + 1 < SHARDS:
                return _fill_to(shard + 1, projection, store)
        _fill_to(SHARDS, projection, store)
    marked: dict[int, list[tuple[str, Key]]] = defaultdict(list)
    for model, mark in marks_of(store, projection.kind):
        marked[_shard(model)].append((model, mark))
    for number, (shard, marks) in enumerate(sorted(marked.items()), start=1):
        _renew(projection, shard, {model for model, _ in marks}, store, now)
        _take_away([mark for _, mark in marks], store)
        if over() and number < len(marked):
            return False
    return True


def values_of(projection: Projection, store: Store) -> dict[str, Any] | None:
    """The values by model, as they were kept last. None: not every model was read yet."""
    # One query: a service that counts reads by the KB rounds up once, and not for each of many shards that hold little.
    found = {record.key: record for record in iterate(store, _partition(projection))}
    if _filled(projection, found) < SHARDS:
        return None
    del found[_state_key(projection)]
    return {model: value for record in found.values() for model, value in record.body["models"].items()}


def changed_since(projection: Projection, store: Store) -> set[str]:
    """The models that changed since their values were kept."""
    return {model for model, _ in marks_of(store, projection.kind)}


def _renew(
    projection: Projection, shard: int, models: Collection[str], store: Store, now: datetime, *, whole: bool = False
) -> None:
    def step(present: Record | None) -> None:
        before: Mapping[str, Any] = {} if whole or present is None else present.body["models"]
        found = {one: find_model(store, one) for one in sorted(models)}
        fresh = {one: projection.value(store, model, now) for one, model in found.items() if model is not None}
        if ORGANISATION in found and projection.organisation is not None:
            fresh[ORGANISATION] = projection.organisation(store, now)
        body = {"models": {**{one: value for one, value in before.items() if one not in found}, **fresh}}
        if present is None or present.body != body:
            store.put(Record(key, body), expect=present.etag if present else ABSENT)

    key = _shard_key(projection, shard)
    retried_at(key, step, store=store, what=f"{key.partition} {key.sort}")


def _take_away(marks: Sequence[Key], store: Store) -> None:
    """Remove marks, those of a partition together."""
    placed: dict[str, list[Key]] = defaultdict(list)
    for mark in marks:
        placed[mark.partition].append(mark)
    for keys in placed.values():
        for first in range(0, len(keys), TOGETHER):
            store.delete_together(keys[first : first + TOGETHER])


def _fill_to(shard: int, projection: Projection, store: Store) -> bool:
    store.put(Record(_state_key(projection), {"form": projection.form, "filled": shard}))
    return False


def _filled(projection: Projection, store: Readable) -> int:
    """How many shards have every model."""
    record = store.get(_state_key(projection))
    if record is None or record.body["form"] != projection.form:
        return 0
    return int(record.body["filled"])


def _shard(model: str) -> int:
    return hashlib.sha256(model.encode()).digest()[0] % SHARDS


def _shard_key(projection: Projection, shard: int) -> Key:
    return Key(_partition(projection), f"{SHARD}{shard:02d}")


def _state_key(projection: Projection) -> Key:
    return Key(_partition(projection), "filled")


def _partition(projection: Projection) -> str:
    return f"projections.{projection.kind}"
