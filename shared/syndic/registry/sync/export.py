"""Relaying a registry that only this cloud can read.

Each version it lists is kept as one record, which the mirror carries to where people decide; what was decided there is
written back as tags. The other cloud's side is `syndic.registry.sync.foreign`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from pydantic import ValidationError

from syndic.canonical import sha256_of
from syndic.errors import NotFoundError, UnavailableError
from syndic.models import Noun, to_json
from syndic.ports import Key, Record, Store, Write
from syndic.records import iterate
from syndic.registry.keys import FOREIGN, TOLD, listed_key, listed_prefix, relayed_key, told_prefix
from syndic.registry.sync.foreign import Listed, RelayedSource, Tagging
from syndic.registry.sync.importer import OWN_TAGS, ForeignVersion, Unsound

MOST: Final = 1500  # models listed and versions written in one run; the next one goes on
MOST_TOLD: Final = 200  # versions that a run tries to write back
MOST_FAILED: Final = 5  # models that cannot be listed before a run gives up
MOST_TROUBLES: Final = 50  # reasons that are kept
_SAVED_EVERY: Final = 100
_TOGETHER: Final = 40


class ListedRegistry(Protocol):
    """A registry that is listed model by model and takes tags. Each call raises `UnavailableError`."""

    @property
    def name(self) -> str:
        """Stable name of the registry, part of the imported models' identity."""

    def models(self) -> Mapping[str, str | None]:
        """The description of every model by its name."""

    def versions_of(self, model: str, about: str | None) -> Iterator[ForeignVersion | Unsound]:
        """Every version of a model, and every one that is not sound. None of a model that is not there."""

    def tag(self, model: str, version: str, tags: Mapping[str, str]) -> bool:
        """Set tags on a version and change nothing else; returns whether they were others. Raises `NotFoundError`."""


class Relayed(Noun):
    """What a run did for a registry."""

    source: str
    listed: int = 0  # models
    kept: int = 0  # records written
    removed: int = 0
    told: int = 0
    complete: bool = True  # False: more models wait than one run takes on
    unavailable: str | None = None
    unsound: tuple[Unsound, ...] = ()
    untold: tuple[Unsound, ...] = ()


def relay(registry: ListedRegistry, *, store: Store, most: int = MOST) -> Relayed:
    """List a registry's versions into records, then write back what it is to be told.

    A record is written when it changed and removed when its version is no longer listed. What cannot be read leaves
    the records as they are. A run that ends anywhere is completed by the next one.
    """
    known = _known(store, registry.name)
    try:
        models = registry.models()
    except UnavailableError as error:
        _remember(store, known, unavailable=str(error))
        return Relayed(source=registry.name, unavailable=str(error))
    listing = _Listing(registry, store, known, _digests(store, registry.name), most)
    listing.take(models)
    done = Relayed(
        source=registry.name,
        listed=listing.listed,
        kept=listing.kept,
        removed=listing.removed,
        complete=listing.known.listed_through is None and listing.unavailable is None,
        unavailable=listing.unavailable,
        unsound=(*listing.unlisted, *listing.unsound),
    )
    if listing.unavailable is not None:
        _remember(store, listing.known, unavailable=listing.unavailable)
        return done
    told, untold, through = _tell(registry, store, listing.known)
    troubles = (*listing.unlisted, *untold)[:MOST_TROUBLES]
    _remember(store, listing.known, unavailable=None, told_through=through, troubles=troubles)
    return done.model_copy(update={"told": told, "untold": untold})


@dataclass(slots=True)
class _Listing:
    """One run through a registry's models, from where the one before it ended."""

    registry: ListedRegistry
    store: Store
    known: RelayedSource
    held: dict[str, tuple[str, str]]  # model and digest of each record, by its sort key
    most: int
    listed: int = 0
    kept: int = 0
    removed: int = 0
    unavailable: str | None = None
    unlisted: list[Unsound] = field(default_factory=list)
    unsound: list[Unsound] = field(default_factory=list)

    def take(self, models: Mapping[str, str | None]) -> None:
        """Bring the records of models to what is listed now."""
        self._remove(sort for sort, (model, _) in self.held.items() if model not in models)
        of_model: dict[str, list[str]] = {}
        for sort, (model, _) in self.held.items():
            of_model.setdefault(model, []).append(sort)
        through = self.known.listed_through
        for name in sorted(one for one in models if through is None or one > through):
            if self.listed + self.kept >= self.most or self.unavailable is not None:
                return
            self._take_model(name, models[name], of_model.get(name, []))
            self.known = self.known.model_copy(update={"listed_through": name})
            self.listed += 1
            if self.listed % _SAVED_EVERY == 0:
                _remember(self.store, self.known)
        self.known = self.known.model_copy(update={"listed_through": None})

    def _take_model(self, name: str, about: str | None, before: list[str]) -> None:
        found: dict[str, Listed] = {}
        try:
            for one in self.registry.versions_of(name, about):
                version, unsound = (one, None) if isinstance(one, ForeignVersion) else (None, one)
                identity = one.where if isinstance(one, Unsound) else one.foreign_id or one.version
                key = listed_key(self.registry.name, identity)
                found[key.sort] = Listed(model=name, version=version, unsound=unsound)
        except UnavailableError as error:
            # Its versions stay as they were known. One model that fails must hide no other; several are the registry.
            self.unlisted.append(Unsound(where=name, reason=str(error)))
            if len(self.unlisted) >= MOST_FAILED:
                self.unavailable = f"{MOST_FAILED} models could not be listed, the last one: {error}"
            return
        self.unsound += [listed.unsound for listed in found.values() if listed.unsound is not None]
        self._keep(found)
        self._remove(sort for sort in before if sort not in found)

    def _keep(self, found: Mapping[str, Listed]) -> None:
        bodies = {sort: to_json(listed) for sort, listed in found.items()}
        changed = [
            Write(Record(Key(FOREIGN, sort), body))
            for sort, body in bodies.items()
            if self.held.get(sort, ("", ""))[1] != sha256_of(body)
        ]
        for first in range(0, len(changed), _TOGETHER):
            self.store.put_together(changed[first : first + _TOGETHER])
        self.kept += len(changed)

    def _remove(self, sorts: Iterable[str]) -> None:
        for sort in sorts:
            self.store.delete(Key(FOREIGN, sort))
            self.removed += 1


def _tell(registry: ListedRegistry, store: Store, known: RelayedSource) -> tuple[int, tuple[Unsound, ...], str | None]:
    """Write back what differs from what was listed last.

    Returns how much was written, what could not be, and where the next run begins when more waits.
    """
    told, tried, untold = 0, 0, []
    through: str | None = None
    for record in _from(iterate(store, TOLD, prefix=told_prefix(registry.name)), known.told_through):
        if tried >= MOST_TOLD:
            break
        try:
            version, tags = _wanted(record, registry.name, store)
        except ValidationError as error:  # written by a newer version of Syndic
            untold.append(Unsound(where=f"record {record.key.sort}", reason=str(error.errors()[0]["msg"])))
            continue
        if version is None or tags.items() <= version.tags.items():
            continue
        tried, through = tried + 1, record.key.sort
        try:
            told += registry.tag(version.model, version.version, tags)
        except (NotFoundError, UnavailableError) as error:
            untold.append(Unsound(where=f"{version.model} version {version.version}", reason=str(error)))
    return told, tuple(untold), through if tried >= MOST_TOLD else None


def _wanted(record: Record, source: str, store: Store) -> tuple[ForeignVersion | None, dict[str, str]]:
    """A version as it is listed, None when it is not (the other cloud says so), and the tags that it is to be given."""
    wanted = Tagging.model_validate(record.body)
    listed = store.get(listed_key(source, wanted.foreign_id))
    version = None if listed is None else Listed.model_validate(listed.body).version
    return version, {key: value for key, value in wanted.tags.items() if key.startswith(OWN_TAGS)}


def _from(records: Iterable[Record], through: str | None) -> Iterator[Record]:
    """Those after the one with which the run before ended, then those up to it."""
    earlier = []
    for record in records:
        if through is not None and record.key.sort <= through:
            earlier.append(record)
        else:
            yield record
    yield from earlier


def _known(store: Store, name: str) -> RelayedSource:
    record = store.get(relayed_key(name))
    return RelayedSource(name=name) if record is None else RelayedSource.model_validate(record.body)


def _remember(store: Store, known: RelayedSource, **changes: Any) -> RelayedSource:
    known = known.model_copy(update=changes)
    key, body = relayed_key(known.name), to_json(known)
    present = store.get(key)
    if present is None or present.body != body:
        store.put(Record(key, body))
    return known


def _digests(store: Store, name: str) -> dict[str, tuple[str, str]]:
    return {
        record.key.sort: (str(record.body.get("model")), sha256_of(record.body))
        for record in iterate(store, FOREIGN, prefix=listed_prefix(name))
    }
