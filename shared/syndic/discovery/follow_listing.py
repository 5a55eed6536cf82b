"""The registry follows a source's listing: what is new, changed, gone, or unknown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.changes import Change, commit
from syndic.discovery.keys import source_key
from syndic.discovery.models import KnownSource, ModelNote
from syndic.discovery.tags import OWNER, WINDOW, read_tags, with_labels
from syndic.models import (
    AuditEntry,
    Endpoint,
    ModelsDiscovered,
    Presence,
    RegisteredModel,
    WindowLength,
    to_json,
)
from syndic.ports import ABSENT, AuditTrail, EventBus, Record, Store, Write
from syndic.records import model_key, model_record, retried

ACTOR: Final = "syndic/discovery"
SEEN_EVERY: Final = timedelta(hours=6)  # how often `last_seen_at` is written when nothing else changed
DEPARTED_FOR: Final = timedelta(days=45)  # how long the last files of a model that is gone are still looked at


@dataclass(slots=True)
class Outcome:
    """What following the sources did so far."""

    registered: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unavailable: dict[str, str] = field(default_factory=dict)
    notes: list[ModelNote] = field(default_factory=list)


class Registry:
    """Writes what discovery knows of models, each change in one commit with its audit entry and its event."""

    def __init__(self, store: Store, audit: AuditTrail, bus: EventBus, *, now: datetime) -> None:
        self._store, self._audit, self._bus, self._now = store, audit, bus, now

    def follow(self, name: str, ids: Collection[str], outcome: Outcome) -> tuple[str, ...]:
        """Take a complete listing into account; returns the models that were listed before and are gone.

        They are remembered as gone for 45 days, and that is how often each run hands them on to be marked: a run that
        dies leaves none behind.
        """
        present = self._known(name)
        known = KnownSource.model_validate(present.body) if present else KnownSource(name=name)
        listed = dict.fromkeys(ids)
        missing = [one for one in known.listed if one not in listed]
        outcome.gone += missing
        departed = {one: at for one, at in known.departed.items() if one not in listed}
        departed |= dict.fromkeys(missing, self._now)
        departed = {one: at for one, at in departed.items() if self._now - at < DEPARTED_FOR}
        entries = () if known.unavailable is None else (self._entry("source.available", f"source/{name}"),)
        self._remember(present, KnownSource(name=name, listed=tuple(sorted(listed)), departed=departed), entries)
        return tuple(departed)

    def miss(self, name: str, reason: str, outcome: Outcome) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """A source could not be read: what it listed before is unknown now, not gone. Returns it, and what was gone."""
        present = self._known(name)
        known = KnownSource.model_validate(present.body) if present else KnownSource(name=name)
        outcome.unavailable[name] = reason
        outcome.unknown += known.listed
        entry = self._entry("source.unavailable", f"source/{name}", reason=reason)
        news = ModelsDiscovered(registered=(), gone=(), unavailable={name: reason})
        self._remember(
            present,
            known.model_copy(update={"unavailable": reason}),
            (entry,) if known.unavailable is None else (),
            news,
        )
        return known.listed, tuple(known.departed)

    def see(self, endpoint: Endpoint, outcome: Outcome, *, called: str | None = None) -> None:
        """An endpoint as it is now: its model is registered, or takes over what changed.

        What only the registry itself tells of is not written back to it, but for batch jobs that were just found: then
        it is said what their model is `called`.
        """
        wishes = read_tags(endpoint.tags)
        endpoint = with_labels(endpoint, wishes)
        outcome.notes += [ModelNote(model_id=endpoint.model_id, note=text) for text in wishes.refused]

        def step() -> None:
            record = self._store.get(model_key(endpoint.model_id))
            before = RegisteredModel.model_validate(record.body) if record else None
            own = endpoint.told or (endpoint.batch and called is None)
            if own and (before is None or before.endpoint != endpoint):
                return  # the registry itself was told something newer since the listing
            after = seen(endpoint, before, now=self._now, called=called)
            if before == after:
                return
            fields = changed_fields(before, after) if before else []
            entries: tuple[AuditEntry, ...] = ()
            if before is None:
                entries = (self._entry("model.registered", f"model/{after.id}", resource_id=endpoint.resource_id),)
            elif fields:
                entries = (self._entry("model.changed", f"model/{after.id}", fields=fields),)
            news = ModelsDiscovered(registered=(after.id,), gone=(), unavailable={}) if before is None else None
            if record is not None and not fields:  # it was seen again: nothing that is counted or looked up changed
                self._store.put(model_record(after), expect=record.etag)
                return
            self._commit(model_record(after), record, entries, news)
            if before is None:
                outcome.registered.append(after.id)
            if fields:
                outcome.changed.append(after.id)

        retried(step, what=f"model {endpoint.model_id}")

    def mark_gone(self, model_id: str) -> None:
        """A model that its source lists no more."""
        self._mark(
            model_id, Presence.GONE, "model.gone", ModelsDiscovered(registered=(), gone=(model_id,), unavailable={})
        )

    def mark_unknown(self, model_id: str) -> None:
        """A model whose source could not be read."""
        self._mark(model_id, Presence.UNKNOWN, "model.unknown", None)

    def _mark(self, model_id: str, presence: Presence, action: str, news: ModelsDiscovered | None) -> None:
        def step() -> None:
            record = self._store.get(model_key(model_id))
            if record is None:
                return
            model = RegisteredModel.model_validate(record.body)
            if model.presence is not presence:
                marked = model_record(model.model_copy(update={"presence": presence}))
                self._commit(marked, record, (self._entry(action, f"model/{model_id}"),), news)

        retried(step, what=f"model {model_id}")

    def _known(self, name: str) -> Record | None:
        return self._store.get(source_key(name))

    def _remember(
        self,
        present: Record | None,
        known: KnownSource,
        entries: tuple[AuditEntry, ...] = (),
        news: ModelsDiscovered | None = None,
    ) -> Record:
        body: Mapping[str, Any] = to_json(known)
        if present is not None and present.body == body:
            return present
        return self._commit(Record(source_key(known.name), body), present, entries, news)

    def _commit(
        self,
        record: Record,
        present: Record | None,
        entries: tuple[AuditEntry, ...],
        news: ModelsDiscovered | None = None,
    ) -> Record:
        change = Change(
            (Write(record, present.etag if present else ABSENT),), self._now, entries, events=(news,) if news else ()
        )
        return commit(change, store=self._store, audit=self._audit, bus=self._bus)[0]

    def _entry(self, action: str, subject: str, **details: Any) -> AuditEntry:
        return AuditEntry(action=action, actor=ACTOR, subject=subject, at=self._now, details=details)


def seen(
    endpoint: Endpoint, before: RegisteredModel | None, *, now: datetime, called: str | None = None
) -> RegisteredModel:
    """The registered model after its endpoint was seen.

    A tag sets the owner and the window when the model is registered and whenever the tag changes; in between a
    person's word in the registry stands.
    """
    wishes = read_tags(endpoint.tags)
    if before is None:
        return RegisteredModel(
            id=endpoint.model_id,
            name=called or endpoint.name,
            cloud=endpoint.cloud,
            owner=wishes.owner,
            tags=endpoint.tags,
            endpoint=endpoint,
            registered_at=now,
            last_seen_at=now,
            **({"window": window} if (window := WindowLength.JOB if endpoint.batch else wishes.window) else {}),
        )
    update: dict[str, Any] = {"endpoint": endpoint, "tags": endpoint.tags, "presence": Presence.PRESENT}
    earlier = before.endpoint.tags if before.endpoint else {}
    wished = ((OWNER, "owner", wishes.owner), (WINDOW, "window", wishes.window))
    update |= {
        name: value for tag, name, value in wished if value is not None and earlier.get(tag) != endpoint.tags.get(tag)
    }
    if endpoint.batch:
        update["window"] = WindowLength.JOB
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
