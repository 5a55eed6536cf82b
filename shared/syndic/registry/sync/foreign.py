"""A registry that only the other cloud can read, as this cloud knows it: what was listed there, carried by the mirror.

The other cloud's side is `syndic.registry.sync.export`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from pydantic import Field, ValidationError

from syndic.errors import NotFoundError, StaleWriteError
from syndic.models import Noun, to_json
from syndic.ports import ABSENT, Record, Store
from syndic.records import iterate
from syndic.registry.keys import FOREIGN, listed_key, listed_prefix, relayed_key, told_key
from syndic.registry.models import RequestState
from syndic.registry.sync.importer import ForeignVersion, Unsound

_SOURCES: Final = "source."


class RelayedSource(Noun):
    """What is known of a relayed registry itself. Written next to it."""

    name: str
    unavailable: str | None = None  # the reason, while it cannot be read
    listed_through: str | None = None  # the last model of a listing that did not end yet
    told_through: str | None = None  # sort key of what it was told last, while more waits
    troubles: tuple[Unsound, ...] = ()  # models that could not be listed, versions that could not be told


class Listed(Noun):
    """Something that a relayed registry listed: a version, or what could not be read as one. Written next to it."""

    model: str
    version: ForeignVersion | None = None
    unsound: Unsound | None = None


class Tagging(Noun):
    """Tags that a version of a relayed registry is to be given. Written where people decide."""

    source: str
    foreign_id: str
    tags: dict[str, str] = Field(default_factory=dict)


class RelayedRegistry:
    """An `ApprovingRegistry` over records: lists what was listed next to it, and keeps what it is to be told."""

    def __init__(self, name: str, store: Store) -> None:
        self.name, self._store = name, store

    def versions(self, *, after: str | None = None) -> Iterator[ForeignVersion | Unsound]:
        """What was listed last, and what keeps the registry from being read or told."""
        done = "" if after is None else listed_key(self.name, after).sort
        records = chain(
            filter(None, [self._store.get(relayed_key(self.name))]),
            iterate(self._store, FOREIGN, prefix=listed_prefix(self.name), start=done or None),
        )
        for record in records:
            if record.key.sort == done:
                continue
            try:
                yield from _said(record)
            except ValidationError as error:  # written by a newer version of Syndic: it must hide no other
                first = error.errors()[0]
                where = f"{self.name}, record {record.key.sort}"
                yield Unsound(where=where, reason=f"{'.'.join(map(str, first['loc']))}: {first['msg']}")

    def tell_approval(
        self,
        foreign_id: str,
        state: RequestState,  # noqa: ARG002 - versions there have no state of their own: a tag names it
        *,
        reason: str,  # noqa: ARG002 - the tags lead to the request, which has it
        tags: Mapping[str, str],
    ) -> bool:
        """Keep the tags for the registry; returns whether they are others than before.

        Raises:
            NotFoundError: The registry does not list the version any more.
        """
        if self._store.get(listed_key(self.name, foreign_id)) is None:
            raise NotFoundError(f"{self.name}: the version is not there")
        key = told_key(self.name, foreign_id)
        body = to_json(Tagging(source=self.name, foreign_id=foreign_id, tags=dict(tags)))
        present = self._store.get(key)
        if present is not None and present.body == body:
            return False
        try:
            self._store.put(Record(key, body), expect=present.etag if present else ABSENT)
        except StaleWriteError:  # another run told it meanwhile; the next one compares again
            return False
        return True


def _said(record: Record) -> Iterator[ForeignVersion | Unsound]:
    if record.key.sort.startswith(_SOURCES):
        known = RelayedSource.model_validate(record.body)
        if known.unavailable is not None:
            yield Unsound(where=known.name, reason=f"what was listed before is kept: {known.unavailable}")
        yield from known.troubles
        return
    listed = Listed.model_validate(record.body)
    yield from (one for one in (listed.version, listed.unsound) if one is not None)


def relayed_registries(store: Store) -> list[RelayedRegistry]:
    """The registries of the other cloud of which something is known here."""
    return [RelayedRegistry(str(record.body["name"]), store) for record in iterate(store, FOREIGN, prefix=_SOURCES)]
