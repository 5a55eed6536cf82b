"""Routing and silences as they are kept: set on record, each version in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.alerting.keys import ROUTING, SILENCES, routing_key, routing_version_key, silence_key
from syndic.alerting.models.routing import OWNERS, KeptRouting, Route, Routing, Silence, SilenceSettings, as_written
from syndic.alerting.receivers import list_receivers
from syndic.alerting.routing.labels import check_labels, check_matchers
from syndic.alerting.routing.matchers import Matcher
from syndic.alerting.routing.tree import Node, compile_routing, read_all
from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, AuditTrail, Listing, Record, Store, Write
from syndic.records import iterate, retried

LONGEST_SILENCE: Final = timedelta(days=366)
MOST_SILENCES: Final = 200
DEFAULT_INTERVAL: Final = timedelta(minutes=5)


def get_routing(store: Store, *, receivers: Iterable[str] | None = None, also: str | None = None) -> KeptRouting:
    """The routing in force. Where nobody has set one, owners and each receiver are told by their own conditions.

    `receivers`: names of all receivers, where they were read. `also`: one that is not set yet, to be told like them.
    """
    record = store.get(routing_key())
    if record is not None and record.body["routing"] is not None:
        return KeptRouting.model_validate(record.body)
    version = int(record.body["version"]) if record else 0
    names = receivers if receivers is not None else (one.name for one in list_receivers(store))
    told = list(dict.fromkeys([OWNERS, *names, *([also] if also else [])]))
    routes = tuple(Route(receiver=name, goes_on=True) for name in told)
    none = timedelta()
    root = Route(receiver=OWNERS, group_wait=none, group_interval=DEFAULT_INTERVAL, repeat_interval=none, routes=routes)
    return KeptRouting.model_construct(routing=root_of(root), version=version, changed_at=None, changed_by=None)


def root_of(route: Route) -> Routing:
    """A routing of one tree alone. The number of receivers is bounded elsewhere."""
    return Routing.model_construct(route=route, inhibit_rules=(), time_intervals=())


def compiled(store: Store, routing: Routing, *, where: str = "") -> Node:
    """The tree of a routing. Raises `InvalidInputError` that names the field."""
    return compile_routing(routing, frozenset(one.name for one in list_receivers(store)), where=where)


def set_routing(routing: Routing | None, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> KeptRouting:
    """Set the routing; None: receivers' own conditions decide again. The same again changes nothing.

    Raises `InvalidInputError` that names the field.
    """
    if routing is not None:
        compiled(store, routing)
        check_labels(routing)
    key = routing_key()

    def step() -> KeptRouting:
        stored = store.get(key)
        present = stored.body["routing"] if stored else None
        wanted = None if routing is None else to_json_by_alias(routing)
        if present == wanted:
            finish(key, store=store, audit=audit)
            return get_routing(store)
        version = (int(stored.body["version"]) if stored else 0) + 1
        body: dict[str, JsonValue] = {
            "routing": wanted, "version": version, "changed_at": now.isoformat(), "changed_by": actor,
        }  # fmt: skip
        entry = AuditEntry(
            action="routing.changed",
            actor=actor,
            subject="alerting/routing",
            at=now,
            details={"version": version, "routing_sha256": sha256_of(wanted)},
        )
        writes = (
            Write(Record(key, body), stored.etag if stored else ABSENT),
            Write(Record(routing_version_key(version), body), ABSENT),
        )
        commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)
        return get_routing(store)

    return retried(step, what="the routing of alerts")


def routing_versions(store: Store) -> Iterator[KeptRouting]:
    """Every version that was ever set, the newest first. A version that removed it is left out."""
    for record in sorted(iterate(store, ROUTING, prefix="v"), key=lambda one: one.key.sort, reverse=True):
        if record.body["routing"] is not None:
            yield KeptRouting.model_validate(record.body)


def to_json_by_alias(routing: Routing) -> dict[str, JsonValue]:
    """A routing as it is stored: as people write it."""
    return as_written(routing)


def list_silences(store: Store, now: datetime) -> list[Silence]:
    """Silences that are in force or begin later, the first to end first."""
    start = _moment(now)
    return [Silence.model_validate(one.body) for one in iterate_from(store, SILENCES, start)]


def iterate_from(store: Store, partition: str, start: str) -> Iterator[Record]:
    """Records of a partition from a place on."""
    token: str | None = None
    while True:
        page = store.query(partition, start=start, token=token)
        yield from page.records
        token = page.next_token
        if token is None:
            return


def get_silence(store: Store, identity: str) -> Silence:
    """A silence. Raises `NotFoundError`."""
    record = store.get(silence_key(identity))
    if record is None:
        raise NotFoundError(f"there is no silence {identity}")
    return Silence.model_validate(record.body)


def check_silence(settings: SilenceSettings, now: datetime) -> tuple[Matcher, ...]:
    """The matchers of a silence.

    Raises `InvalidInputError` for a matcher that is none, one that matches everything, or a time out of bounds.
    """
    matchers = read_all(settings.matchers, where="matchers")
    check_matchers(matchers, where="matchers")
    if all(one.holds({}) for one in matchers):
        raise InvalidInputError("would match every alert: one of them has to ask for something", where="matchers")
    if not max(settings.starts_at or now, now) < settings.ends_at <= now + LONGEST_SILENCE:
        raise InvalidInputError("is not after it starts and within a year", where="ends_at")
    return tuple(matchers)


def add_silence(settings: SilenceSettings, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> Silence:
    """Keep alerts that match quiet for a time. The same again within a quarter of an hour is the same silence.

    Raises what `check_silence` does.
    """
    check_silence(settings, now)
    starts = settings.starts_at or now
    present = list_silences(store, now)
    asked = (settings.matchers, settings.ends_at, settings.comment, actor)
    for one in present:
        if (
            one.matchers,
            one.ends_at,
            one.comment,
            one.created_by,
        ) == asked and now - one.created_at < DEFAULT_INTERVAL * 3:
            finish(silence_key(one.id), store=store, audit=audit)
            return one
    if len(present) >= MOST_SILENCES:
        raise InvalidInputError(f"there are {MOST_SILENCES} silences already", where="silence")
    said = [
        *settings.matchers,
        starts.isoformat(),
        settings.ends_at.isoformat(),
        settings.comment,
        actor,
        now.isoformat(),
    ]
    identity = hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    silence = Silence(
        id=identity,
        matchers=settings.matchers,
        starts_at=starts,
        ends_at=settings.ends_at,
        comment=settings.comment,
        created_by=actor,
        created_at=now,
    )
    _write(silence, None, "silence.created", store=store, audit=audit, actor=actor, now=now)
    return silence


def end_silence(identity: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> Silence:
    """End a silence now. Ended again it is ended. Raises `NotFoundError`."""

    def step() -> Silence:
        stored = store.get(silence_key(identity))
        if stored is None:
            raise NotFoundError(f"there is no silence {identity}")
        silence = Silence.model_validate(stored.body)
        if silence.ends_at <= now:
            finish(silence_key(identity), store=store, audit=audit)
            return silence
        ended = silence.model_copy(update={"ends_at": now, "starts_at": min(silence.starts_at, now)})
        _write(ended, stored, "silence.ended", store=store, audit=audit, actor=actor, now=now)
        return ended

    return retried(step, what=f"silence {identity}")


def _write(
    silence: Silence,
    stored: Record | None,
    action: str,
    *,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> None:
    entry = AuditEntry(
        action=action,
        actor=actor,
        subject=f"silence/{silence.id}",
        at=now,
        details={
            "matchers_sha256": sha256_of(list(silence.matchers)),
            "starts_at": silence.starts_at.isoformat(),
            "ends_at": silence.ends_at.isoformat(),
        },
    )
    listing = Listing(SILENCES, f"{_moment(silence.ends_at)}.{silence.id}")
    record = Record(silence_key(silence.id), to_json(silence), listings=(listing,))
    write = Write(record, stored.etag if stored else ABSENT)
    commit(Change((write,), now, entries=(entry,)), store=store, audit=audit)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
