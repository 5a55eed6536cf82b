"""A change is one commit: what is written and what has to be told of it go into the store together.

A use case reads, decides and describes a `Change`: the records to write with their conditions, and the audit entries,
evidence and events that tell of it. `commit` writes the records and, beside the first of them, all that is still to be
told, in one transaction of their partition; then it tells and takes the note away. Whoever dies in between leaves the
note: the next writer of that record tells it first, so that nothing is told out of order, a retry that finds the change
done tells it (`finish`), and `sweep` on the schedule tells what nobody came back for.

Telling twice is once: the trail takes an entry's id once, evidence is kept once by what it says and how new it is, and
an event is what it says, which its receivers take once.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import Field, JsonValue

from syndic.attribution import Attributing
from syndic.canonical import canonical_json, sha256_of
from syndic.errors import InvalidInputError, StaleWriteError, SyndicError, TooLargeError
from syndic.idempotency import KeyedStore
from syndic.model_marks import marks_for
from syndic.models import AuditEntry, Event, Evidence, Noun, to_json
from syndic.ports import ABSENT, EventBus, Key, Listing, Readable, Record, Sequencer, Store, Write
from syndic.records import ASIDE, put_evidence, retried_at

log = logging.getLogger(__name__)

UNTOLD: Final = "untold"
"""Partition in which every note of something untold is listed, the oldest first."""

GRACE: Final = timedelta(minutes=1)
"""A younger note is still being told by its writer: the sweeper leaves it."""

AGAIN: Final = timedelta(minutes=15)
"""The same person who asks for the same thing within this time asks again because no answer came: it is done once."""

ENTRY_LIMIT: Final = 65_535
"""Bytes of an audit entry in canonical form, as of an entry of a C2SP log: hashes and aggregates are no larger."""

_TIME: Final = "%Y%m%dT%H%M%S.%fZ"
_TRIES: Final = 10


class NumberedEntry(Noun):
    """An audit entry with the id by which the trail knows whether it has it."""

    id: str
    entry: AuditEntry


class Telling(Noun):
    """What is to be told of a change, as it is stored until it was told."""

    entries: tuple[NumberedEntry, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.entries or self.evidence or self.events)

    def joined(self, then: Telling) -> Telling:
        """This, then that."""
        return Telling(
            entries=(*self.entries, *then.entries),
            evidence=(*self.evidence, *then.evidence),
            events=(*self.events, *then.events),
        )


class Swept(Noun):
    """What one sweep did."""

    told: int = Field(default=0, description="changes whose writer had died and that were told now")
    left: int = Field(default=0, description="changes that could not be told yet")


@dataclass(frozen=True, slots=True)
class Change:
    """What one use case changes.

    Args:
        writes: Records of one partition with their conditions, at least one of which is conditional when anything is
            told. The first is what the change is about: changes of it are told in their order.
        at: The time of the change.
        entries: For the audit trail.
        evidence: For compliance, kept unless newer is there.
        events: For the other concerns. They are published by the first of those who tell that has a bus.
        untold: What an earlier release left untold inside the record (`syndic.record_versions`); told first.
        on: What the change is about, when that is not the first record: changes on it are told in their order.
    """

    writes: Sequence[Write]
    at: datetime
    entries: Sequence[AuditEntry] = ()
    evidence: Sequence[Evidence] = ()
    events: Sequence[Event] = ()
    untold: Telling = field(default_factory=Telling)
    on: Key | None = None

    @property
    def about(self) -> Key:
        """Key of the record that the change is about."""
        return self.on or self.writes[0].record.key

    @property
    def _main(self) -> Write:
        """The write of that record; the first, when it is not written itself."""
        return next((one for one in self.writes if one.record.key == self.about), self.writes[0])

    def telling(self, audit: Sequencer | None = None) -> Telling:
        """What is to be told. An entry's id is the same whenever the same change is told, and no other change has it.

        Args:
            audit: The trail that is to take it. One that is `Attributing` adds who asked, which no id depends on.

        Raises `InvalidInputError` for an entry that has no canonical form or is too large, before anything is written.
        """
        if not (self.entries or self.evidence or self.events):
            return self.untold
        if all(write.expect is None for write in self.writes):
            raise InvalidInputError("a change that is told needs a condition, which tells it from others")
        written = [[write.record.key.partition, write.record.key.sort, write.expect] for write in self.writes]
        try:
            digest = sha256_of({"written": written, "entries": [to_json(entry) for entry in self.entries]})
            entries = audit.attributed(self.entries, self._main) if isinstance(audit, Attributing) else self.entries
        except ValueError as error:  # NaN, an integer beyond 2^53, half a surrogate pair
            raise InvalidInputError(f"has no canonical form: {error}", where="audit entry") from error
        for entry in entries:
            size = len(canonical_json(to_json(entry)))
            if size > ENTRY_LIMIT:
                raise InvalidInputError(
                    f"has {size} bytes, the limit is {ENTRY_LIMIT}", where=f"audit entry {entry.action}"
                )
        numbered = (NumberedEntry(id=f"{digest[:40]}.{number}", entry=entry) for number, entry in enumerate(entries))
        told = Telling(entries=tuple(numbered), evidence=tuple(self.evidence), events=tuple(self.events))
        return self.untold.joined(told)


def commit(change: Change, *, store: Store, audit: Sequencer, bus: EventBus | None = None) -> tuple[Record, ...]:
    """Write a change with all that is to be told of it, tell it, and mark it told; returns the records written.

    Without contention that is three writes of the store: the change, the trail's, and the mark.

    Raises:
        StaleWriteError: A condition does not hold; nothing was written. Read again and decide again (`retried`).
        InvalidInputError: An entry cannot be hashed; nothing was written.
        ConflictError: It was committed before under the request's idempotency key; nothing was written.
        UnavailableError: Nothing was written, or what was written is told later.
    """
    telling = change.telling(audit)
    marks = marks_for(change.writes)
    if telling.is_empty:
        return tuple(store.put_together([*marks, *change.writes])[len(marks) :])
    place = untold_key(change.about)
    expect, carried = ABSENT, Telling()
    if isinstance(store, KeyedStore):
        marks += store.marks_for(change.about, change.writes, [entry.action for entry in change.entries])
    for _ in range(_TRIES):
        note = _record(place, carried.joined(telling), change.at)
        try:
            *written, kept = store.put_together([*marks, *change.writes, Write(note, expect)])
        except StaleWriteError:
            left = store.get(place)
            if left is None:
                raise
            rest = _finish(left, store=store, audit=audit, bus=bus)
            expect = ABSENT if rest is None else rest.etag
            carried = Telling() if rest is None else Telling.model_validate(rest.body["telling"])
        else:
            _finish(kept, store=store, audit=audit, bus=bus)
            return tuple(written[len(marks) :])
    raise StaleWriteError(f"record {change.about.partition} {change.about.sort} is changed by many at once: try again")


def finish(about: Key, *, store: Store, audit: Sequencer, bus: EventBus | None = None) -> None:
    """Tell what is still untold of a record: a retry that finds its change done calls this before it returns it."""
    left = store.get(untold_key(about))
    if left is not None:
        _finish(left, store=store, audit=audit, bus=bus)


def request_once(
    key: Key,
    body: Mapping[str, JsonValue],
    entry: AuditEntry,
    events: Sequence[Event] = (),
    *,
    store: Store,
    audit: Sequencer,
    bus: EventBus | None = None,
    now: datetime,
    read: Readable | None = None,
) -> bool:
    """Tell of a request that changes no record of its own; asked for again within `AGAIN` it is told once.

    Returns whether it was told now.

    Args:
        key: Where the newest such request is kept, so that it can be known again.
        body: What was asked for, by whom.
        entry: For the audit trail.
        events: For those who do what was asked for.
        store: Records.
        audit: The trail.
        bus: Tells the others.
        now: The time of asking.
        read: What was read a moment ago, the key among it: it is not read again unless somebody came in between.
    """

    def step(present: Record | None) -> bool:
        same = present is not None and present.body["request"] == dict(body)
        if same and present is not None and now - datetime.fromisoformat(str(present.body["at"])) < AGAIN:
            finish(key, store=store, audit=audit, bus=bus)
            return False
        asked = Record(key, {"request": dict(body), "at": now.isoformat()})
        writes = (Write(asked, present.etag if present else ABSENT),)
        commit(Change(writes, now, entries=(entry,), events=events), store=store, audit=audit, bus=bus)
        return True

    return retried_at(key, step, store=store, read=read, what=f"request {key.partition} {key.sort}")


def sweep(*, store: Store, audit: Sequencer, bus: EventBus, now: datetime, most: int = 500) -> Swept:
    """Tell what writers left untold when they died, the oldest first. Trouble with one keeps up no other."""
    told = left = 0
    token: str | None = None
    while told + left < most:
        page = store.query(UNTOLD, end=_moment(now - GRACE), limit=min(100, most), token=token)
        for record in page.records:
            try:
                _finish(record, store=store, audit=audit, bus=bus)
            except SyndicError as error:
                left += 1
                log.warning("change could not be told", extra={"partition": record.key.partition, "reason": str(error)})
            else:
                told += 1
        token = page.next_token
        if token is None:
            break
    if told:
        log.info("changes told by the sweeper", extra={"told": told, "left": left})
    return Swept(told=told, left=left)


def untold_key(about: Key) -> Key:
    """Key of the note of what is untold of a record: beside it, after all that a concern looks through."""
    return Key(about.partition, f"{ASIDE}untold.{hashlib.sha256(about.sort.encode()).hexdigest()[:32]}")


def _finish(note: Record, *, store: Store, audit: Sequencer, bus: EventBus | None) -> Record | None:
    """Tell a note and take it away. Returns what is left of it when there is no bus for its events."""
    telling = Telling.model_validate(note.body["telling"])
    if telling.entries:
        audit.take({one.id: one.entry for one in telling.entries})
    for one in telling.evidence:
        put_evidence(store, one)
    if telling.events and bus is None:
        if not (telling.entries or telling.evidence):
            return note
        rest = Record(note.key, {"telling": to_json(Telling(events=telling.events))}, listings=note.listings)
        try:
            return store.put(rest, expect=note.etag)
        except StaleWriteError:  # somebody else told it meanwhile
            return store.get(note.key)
    if telling.events and bus is not None:
        _publish(telling.events, bus)
    try:
        store.discard(note)
    except StaleWriteError:
        return store.get(note.key)
    return None


def _publish(events: Sequence[Event], bus: EventBus) -> None:
    """Hand over events. One that the bus can never carry is said in the log, for it would keep up all that follow."""
    try:
        bus.publish(events)
    except (TooLargeError, InvalidInputError) as error:
        if len(events) == 1:
            log.error("event can never be carried", extra={"event": events[0].type, "reason": str(error)})  # noqa: TRY400
            return
        for event in events:
            _publish([event], bus)


def _record(place: Key, telling: Telling, at: datetime) -> Record:
    # Of this writing alone: whoever told the note before takes away its listing, and not that of the next one.
    listing = Listing(UNTOLD, f"{_moment(at)}.{secrets.token_hex(8)}")
    return Record(place, {"telling": to_json(telling)}, listings=(listing,))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_TIME)
