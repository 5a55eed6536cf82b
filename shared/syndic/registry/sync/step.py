"""Reading another registry a step at a time: a step that ends early is gone on with by the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from syndic.ports import Record, Store
from syndic.registry.keys import read_key
from syndic.registry.sync.importer import ForeignVersion, Unsound
from syndic.registry.sync.writeback import ApprovingRegistry


class Step:
    """A `ForeignRegistry` that goes on after the last version of the step before, and ends when `over` says so.

    A registry of any size is read whole in turn; one that is read in a single step is begun anew by each.
    """

    def __init__(self, registry: ApprovingRegistry, store: Store, *, over: Callable[[], bool]) -> None:
        self.name, self._registry, self._store, self._over = registry.name, registry, store, over
        record = store.get(read_key(registry.name))
        self._began = self._after = None if record is None else str(record.body["after"])

    def versions(self) -> Iterator[ForeignVersion | Unsound]:
        """The versions of this step."""
        for item in self._registry.versions(after=self._after):
            yield item  # whoever breaks off here has not taken it
            if isinstance(item, ForeignVersion) and item.foreign_id is not None:
                self._after = item.foreign_id
                if self._over():
                    return
        self._after = None

    def keep(self) -> bool:
        """Remember where the next step goes on; returns whether all was read."""
        if self._after != self._began:
            if self._after is None:
                self._store.delete(read_key(self.name))
            else:
                self._store.put(Record(read_key(self.name), {"source": self.name, "after": self._after}))
        return self._after is None
