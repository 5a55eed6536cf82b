"""The registry follows a source's listing: what is new, changed, gone, or unknown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.discovery.keys import source_key
from syndic.discovery.models import KnownSource, ModelNote
from syndic.discovery.tags import OWNER, WINDOW, read_tags, with_labels
from syndic.errors import StaleWriteError
from syndic.models import AuditEntry, Endpoint, Presence, RegisteredModel, to_json
from syndic.ports import ABSENT, AuditTrail, Key, Record, Store
from syndic.records import model_key, model_record

ACTOR: Final = "syndic/discovery"
SEEN_EVERY: Final = timedelta(hours=6)  # how often `last_seen_at` is written when nothing else changed
DEPARTED_FOR: Final = timedelta(days=45)  # how long the last files of a model that is gone are still looked at
_TRIES: Final = 10


@dataclass(slots=True)
class Outcome:
    """What following the sources did so far."""

    registered: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unavailable: dict[str, str] = field(default_factory=dict)
    notes: list[ModelNote] = field(default_factory=list)
    ids: dict[str, None] = field(default_factory=dict)  # models whose files are looked at, in order


class Registry:
    """Writes what discovery knows of models. An audit entry is appended before the write that it tells of.

    A run that ends between the two is repeated and tells twice; the other order could lose the entry.
    """

    def __init__(self, store: Store, audit: AuditTrail, *, now: datetime) -> None:
        self._store, self._audit, self._now = store, audit, now

    def follow(self, name: str, endpoints: Collection[Endpoint], outcome: Outcome) -> None:
        """Take a complete listing into account."""
        present = self._known(name)
        known = KnownSource.model_validate(present.body) if present else KnownSource(name=name)
        listed = {endpoint.model_id: endpoint for endpoint in endpoints}
        # Before anything else the source must know what it may have to miss in the next run.
        present = self._remember(present, known.model_copy(update={"listed": _union(known.listed, listed)}))
        for endpoint in listed.values():
            self._see(endpoint, outcome)
        missing = [one for one in known.listed if one not in listed]
        for one in missing:
            if self._mark(one, Presence.GONE, "model.gone"):
                outcome.gone.append(one)
        departed = {one: at for one, at in known.departed.items() if one not in listed}
        departed |= dict.fromkeys(missing, self._now)
        departed = {one: at for one, at in departed.items() if self._now - at < DEPARTED_FOR}
        if known.unavailable is not None:
            self._tell("source.available", f"source/{name}")
        self._remember(present, KnownSource(name=name, listed=tuple(sorted(listed)), departed=departed))
        outcome.ids |= dict.fromkeys([*listed, *departed])

    def miss(self, name: str, reason: str, outcome: Outcome) -> None:
        """A source could not be read: what it listed before is unknown now, not gone."""
        present = self._known(name)
        known = KnownSource.model_validate(present.body) if present else KnownSource(name=name)
        outcome.unavailable[name] = reason
        if known.unavailable is None:
            self._tell("source.unavailable", f"source/{name}", reason=reason)
        for one in known.listed:
            self._mark(one, Presence.UNKNOWN, "model.unknown")
            outcome.unknown.append(one)
        self._remember(present, known.model_copy(update={"unavailable": reason}))
        outcome.ids |= dict.fromkeys([*known.listed, *known.departed])

    def _see(self, endpoint: Endpoint, outcome: Outcome) -> None:
        wishes = read_tags(endpoint.tags)
        endpoint = with_labels(endpoint, wishes)
        outcome.notes += [ModelNote(model_id=endpoint.model_id, note=text) for text in wishes.refused]
        for _ in range(_TRIES):
            record = self._store.get(model_key(endpoint.model_id))
            before = RegisteredModel.model_validate(record.body) if record else None
            after = seen(endpoint, before, now=self._now)
            if before == after:
                return
            if before is None:
                self._tell("model.registered", f"model/{after.id}", resource_id=endpoint.resource_id)
            elif fields := changed_fields(before, after):
                self._tell("model.changed", f"model/{after.id}", fields=fields)
            if self._put(model_record(after), record):
                if before is None:
                    outcome.registered.append(after.id)
                elif changed_fields(before, after):
                    outcome.changed.append(after.id)
                return
        raise StaleWriteError(f"model {endpoint.model_id} was changed by others at each of {_TRIES} tries")

    def _mark(self, model_id: str, presence: Presence, action: str) -> bool:
        for _ in range(_TRIES):
            record = self._store.get(model_key(model_id))
            if record is None:
                return False
            model = RegisteredModel.model_validate(record.body)
            if model.presence is presence:
                return False
            self._tell(action, f"model/{model_id}")
            if self._put(model_record(model.model_copy(update={"presence": presence})), record):
                return True
        raise StaleWriteError(f"model {model_id} was changed by others at each of {_TRIES} tries")

    def _known(self, name: str) -> Record | None:
        return self._store.get(source_key(name))

    def _remember(self, present: Record | None, known: KnownSource) -> Record | None:
        body: Mapping[str, Any] = to_json(known)
        if present is not None and present.body == body:
            return present
        key: Key = source_key(known.name)
        return self._store.put(Record(key, body), expect=present.etag if present else ABSENT)

    def _put(self, record: Record, present: Record | None) -> bool:
        try:
            self._store.put(record, expect=present.etag if present else ABSENT)
        except StaleWriteError:
            return False
        return True

    def _tell(self, action: str, subject: str, **details: Any) -> None:
        self._audit.append(AuditEntry(action=action, actor=ACTOR, subject=subject, at=self._now, details=details))


def seen(endpoint: Endpoint, before: RegisteredModel | None, *, now: datetime) -> RegisteredModel:
    """The registered model after its endpoint was seen.

    A tag sets the owner and the window when the model is registered and whenever the tag changes; in between a
    person's word in the registry stands.
    """
    wishes = read_tags(endpoint.tags)
    if before is None:
        return RegisteredModel(
            id=endpoint.model_id,
            name=endpoint.name,
            cloud=endpoint.cloud,
            owner=wishes.owner,
            tags=endpoint.tags,
            endpoint=endpoint,
            registered_at=now,
            last_seen_at=now,
            **({"window": wishes.window} if wishes.window else {}),
        )
    update: dict[str, Any] = {"endpoint": endpoint, "tags": endpoint.tags, "presence": Presence.PRESENT}
    earlier = before.endpoint.tags if before.endpoint else {}
    wished = ((OWNER, "owner", wishes.owner), (WINDOW, "window", wishes.window))
    update |= {
        name: value for tag, name, value in wished if value is not None and earlier.get(tag) != endpoint.tags.get(tag)
    }
    after = before.model_copy(update=update)
    if after != before or before.last_seen_at is None or now - before.last_seen_at >= SEEN_EVERY:
        after = after.model_copy(update={"last_seen_at": now})
    return after


def changed_fields(before: RegisteredModel, after: RegisteredModel) -> list[str]:
    """Names of the fields that differ, the time of sight aside; the endpoint's own fields one by one."""
    names = [name for name in type(before).model_fields if name not in {"last_seen_at", "endpoint"}]
    fields = [name for name in names if getattr(before, name) != getattr(after, name)]
    if before.endpoint is not None and after.endpoint is not None:
        fields += [
            f"endpoint.{name}"
            for name in type(before.endpoint).model_fields
            if getattr(before.endpoint, name) != getattr(after.endpoint, name)
        ]
    elif before.endpoint != after.endpoint:
        fields.append("endpoint")
    return fields


def _union(first: Collection[str], second: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted({*first, *second}))
