"""Which models' records may name a person: of every text in them that could be a name, 32 bits of its hash.

So a copy of what is kept of a person reads the records of the models that matter, and of those that changed since. The
organisation's records are indexed as a model's are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any, Final

from syndic.assessment import ORGANISATION
from syndic.model_marks import NAMES, partitions_marked
from syndic.models import RegisteredModel, to_json
from syndic.ports import Store
from syndic.projections import Projection, changed_since, keep, values_of
from syndic.records import iterate, list_models

OF_A_MODEL: Final = partitions_marked(NAMES)
"""Partitions of a model whose records may name a person, besides the model's own record."""

SHORTEST, LONGEST = 3, 254
"""Characters of a name that can be asked for."""


def models_naming(names: Collection[str], store: Store) -> list[str]:
    """The models whose records may hold one of some names, in small letters, and the organisation if its may.

    Every model and the organisation while there is no index.
    """
    known = values_of(PERSONS, store)
    if known is None:
        return [*(model.id for model in list_models(store)), ORGANISATION]
    wanted = [f" {_digest(name)}" for name in names]
    found = {model for model, digests in known.items() if any(one in digests for one in wanted)}
    return sorted(found | changed_since(PERSONS, store))


def _digests(store: Store, model: RegisteredModel, now: datetime) -> str:  # noqa: ARG001 - nothing here ends by itself
    return _digests_of([to_json(model)], model.id, store)


def _digests_of(bodies: list[Any], identity: str, store: Store) -> str:
    bodies += [record.body for kind in OF_A_MODEL for record in iterate(store, f"{kind}.{identity}")]
    return "".join(f" {one}" for one in sorted({_digest(name) for body in bodies for name in _possible_names(body)}))


def _possible_names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        name = value.strip().casefold()
        if SHORTEST <= len(name) <= LONGEST:
            yield name
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _possible_names(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _possible_names(inner)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


PERSONS: Final = Projection(NAMES, 2, _digests, lambda store, _now: _digests_of([], ORGANISATION, store))


def keep_person_index(store: Store, *, now: datetime, over: Callable[[], bool] | None = None) -> bool:
    """Bring the index up to date. Made for schedules; False when `over` said before the end that the time is over."""
    return keep(PERSONS, store, now=now, over=over)
