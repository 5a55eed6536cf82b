"""Carrying one record from its owner's cloud to the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from syndic.canonical import canonical_json
from syndic.errors import InvalidInputError, StaleWriteError
from syndic.mirror.rules import GOVERNED, crosses, model_of
from syndic.models import Cloud, RegisteredModel
from syndic.ports import ABSENT, Key, Record, Store
from syndic.records import MODELS, find_model, model_record

Merge = Callable[[RegisteredModel, RegisteredModel | None], RegisteredModel]
"""The receiver's model after it was told of the sender's: ``merge(theirs, ours)``."""
_TRIES = 10


def governed(theirs: RegisteredModel, ours: RegisteredModel | None) -> RegisteredModel:
    """Azure's model after AWS told it what people decided. What Azure observed stays."""
    if ours is None:
        return theirs
    return ours.model_copy(update={name: getattr(theirs, name) for name in GOVERNED})


@dataclass(slots=True)
class Carrier:
    """Brings the receiver's records to the state of the sender's; conditional writes, so that nothing is lost."""

    owner: Cloud  # of what is carried: the sender
    source: Store
    target: Store
    merge: Merge
    _clouds: dict[str, Cloud | None] = field(default_factory=dict)

    def carry(self, key: Key) -> bool:
        """Carry a record as it is now; returns whether anything had to be written.

        Raises:
            InvalidInputError: The record is not the sender's to change.
            StaleWriteError: Others changed it at each try.
        """
        if not crosses(key, self.owner):
            raise InvalidInputError("is not this cloud's to change", where=f"{key.partition} {key.sort}")
        about = model_of(key)
        if about is not None and self._cloud_of(about) not in {None, Cloud.AZURE}:
            raise InvalidInputError("is about a model that does not run in Azure", where=f"{key.partition} {key.sort}")
        for _ in range(_TRIES):
            given, present = self.source.get(key), self.target.get(key)
            wanted = self._wanted(key, given, present)
            try:
                if wanted is None:
                    if present is None:
                        return False
                    self.target.delete(key, expect=present.etag)
                elif present is not None and _same(wanted, present):
                    return False
                else:
                    self.target.put(wanted, expect=present.etag if present else ABSENT)
            except StaleWriteError:
                continue
            return True
        raise StaleWriteError(f"record {key.partition} {key.sort} was changed by others at each of {_TRIES} tries")

    def _wanted(self, key: Key, given: Record | None, present: Record | None) -> Record | None:
        if key.partition != MODELS:
            return None if given is None else Record(key, given.body, listings=given.listings, expires=given.expires)
        if given is None:  # no model is ever deleted: this side has lost it, or does not know it yet
            return present
        theirs = RegisteredModel.model_validate(given.body)
        if theirs.id != key.sort or theirs.cloud is not Cloud.AZURE:  # its own record would be written elsewhere
            raise InvalidInputError("is not the record of this model in Azure", where=f"{key.partition} {key.sort}")
        ours = None if present is None else RegisteredModel.model_validate(present.body)
        return model_record(self.merge(theirs, ours))

    def _cloud_of(self, model_id: str) -> Cloud | None:
        """Where a model runs, as AWS knows it: AWS holds every model."""
        if model_id not in self._clouds:
            model = find_model(self.target if self.owner is Cloud.AZURE else self.source, model_id)
            if model is None:
                return None
            self._clouds[model_id] = model.cloud
        return self._clouds[model_id]


def _same(one: Record, other: Record) -> bool:
    return set(one.listings) == set(other.listings) and canonical_json(one.body) == canonical_json(other.body)
