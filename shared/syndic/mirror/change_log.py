"""The change log: which records were written lately, so that the other cloud need not look at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from syndic.forwarding import ForwardingStore
from syndic.mirror.keys import change_key
from syndic.mirror.rules import crosses, model_of, runs_in_azure
from syndic.models import Cloud
from syndic.ports import Key, Record, Store, Write
from syndic.records import MODELS, model_key

Wanted = Callable[[Key, Mapping[str, Any] | None], bool]
"""Whether a record's changes are noted, by its key and, when it is written, its body."""


class ChangeLog(ForwardingStore):
    """A store that notes each change of wanted records before it makes it.

    A change can therefore not be missed. A note whose change then failed does no harm: whoever reads it looks at the
    record as it is.
    """

    def __init__(self, store: Store, *, wanted: Wanted, clock: Callable[[], datetime]) -> None:
        super().__init__(store)
        self._wanted, self._clock = wanted, clock

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Note the change, then write."""
        self._note((record.key, record.body))
        return self._store.put(record, expect=expect)

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Note the changes, then write all or none."""
        self._note(*((write.record.key, write.record.body) for write in writes))
        return self._store.put_together(writes)

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Note the change, then remove."""
        self._note((key, None))
        self._store.delete(key, expect=expect)

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Note the changes, then remove all or none."""
        self._note(*((key, None) for key in keys))
        self._store.delete_together(keys)

    def put_each(self, records: Sequence[Record]) -> None:
        """Note the changes, then write each."""
        self._note(*((record.key, record.body) for record in records))
        self._store.put_each(records)

    def delete_each(self, keys: Sequence[Key]) -> None:
        """Note the changes, then remove each."""
        self._note(*((key, None) for key in keys))
        self._store.delete_each(keys)

    def discard(self, record: Record) -> None:
        """Note the change, then remove."""
        self._note((record.key, None))
        self._store.discard(record)

    def _note(self, *changed: tuple[Key, Mapping[str, Any] | None]) -> None:
        now = self._clock()
        notes = {
            change_key(key, now): {"partition": key.partition, "sort": key.sort}
            for key, body in changed
            if self._wanted(key, body)
        }
        if notes:
            self._store.put_together([Write(Record(key, body)) for key, body in notes.items()])


def azure_wants(key: Key, body: Mapping[str, Any] | None) -> bool:  # noqa: ARG001 - every model there is Azure's
    """What is noted in Azure: what it owns, of all its models."""
    return crosses(key, Cloud.AZURE)


class GovernedInAws:
    """What is noted in AWS: what governs the models that run in Azure, and nothing of AWS's own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, key: Key, body: Mapping[str, Any] | None) -> bool:
        """Whether the change of a record concerns Azure."""
        if not crosses(key, Cloud.AWS):
            return False
        if key.partition == MODELS and body is not None:
            return runs_in_azure(body)
        about = model_of(key)
        if about is None:
            return True
        model = self._store.get(model_key(about))
        return model is not None and runs_in_azure(model.body)
