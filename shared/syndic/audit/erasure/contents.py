"""Erasing contents of entries, and the legal holds that keep them.

An erasure is an entry itself: it names the entries whose contents go, and why. The sequencer, which alone may, takes
contents and salts away once that entry has its place. Leaves stay, so the trail verifies as before, and what is missing
is known to be erased and not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from syndic.audit.erasure.erased import ERASED, indices_of
from syndic.audit.keys import HOLDS, entry_index, entry_key, subject_partition, subjects_of
from syndic.audit.models import LoggedEntry
from syndic.audit.search import Wanted
from syndic.canonical import sha256_of
from syndic.changes import AGAIN, Change, commit, finish
from syndic.errors import ConflictError, NotFoundError
from syndic.models import AuditEntry, Moment, Noun, to_json
from syndic.ports import ABSENT, AuditTrail, Key, Record, Store, Write
from syndic.records import iterate, retried

MOST: Final = 2000
"""Contents erased at once: their numbers fit an entry, and the sequencer's time."""

HELD: Final = "audit.hold_placed"
RELEASED: Final = "audit.hold_lifted"
LASTING: Final = frozenset({ERASED, HELD, RELEASED})
"""What is said of erasures and holds is never erased."""

SUBJECT: Final = "audit/contents"
_PLACES: Final = 90


class Hold(Noun):
    """What nobody may erase, since when and why."""

    subject: str
    reason: str
    by: str
    at: Moment


class Holds(Noun):
    """All legal holds, and the erasure that was asked for last."""

    held: tuple[Hold, ...] = ()
    asked: str = ""
    asked_at: Moment | None = None
    entries: int = 0
    more: bool = False

    def of(self, subject: str) -> Hold | None:
        """The hold on a subject."""
        return next((one for one in self.held if one.subject == subject), None)


class Erasure(Noun):
    """What was asked to be erased. It is done once the entry that says so has its place, within a minute."""

    entries: int = Field(description="entries whose contents go")
    more: bool = Field(description="whether there are more: ask again")


def erase_contents(subject: str, *, reason: str, store: Store, audit: AuditTrail, actor: str, now: datetime) -> Erasure:
    """Have the contents and salts of a subject's entries erased, at most 2,000 of them.

    Asked for again at once it is done once.

    Raises:
        NotFoundError: The trail has no content about it.
        ConflictError: A legal hold is on it, or on something else that one of the entries is about.
    """
    asked = sha256_of([actor, subject, reason])

    def step() -> Erasure:
        present, holds = _holds(store)
        if holds.asked == asked and holds.asked_at is not None and now - holds.asked_at < AGAIN and not holds.more:
            finish(HOLDS, store=store, audit=audit)
            return Erasure(entries=holds.entries, more=holds.more)
        found, more = _about(store, subject)
        _refuse_held(holds, subject, found)
        if not found:
            raise NotFoundError("the audit trail has no content about this subject, or what there is still waits")
        told = AuditEntry(
            action=ERASED, actor=actor, subject=SUBJECT, at=now, reason=reason,
            details={"indices": [one.index for one in found]},
        )  # fmt: skip
        kept = holds.model_copy(update={"asked": asked, "asked_at": now, "entries": len(found), "more": more})
        _commit(kept, present, told, store=store, audit=audit, now=now)
        return Erasure(entries=len(found), more=more)

    return retried(step, what="the legal holds")


def set_hold(
    subject: str, *, held: bool, reason: str, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> Holds:
    """Place a legal hold on a subject, or lift it; nothing happens when it is so already."""

    def step() -> Holds:
        present, holds = _holds(store)
        if (holds.of(subject) is not None) is held:
            finish(HOLDS, store=store, audit=audit)
            return holds
        others = tuple(one for one in holds.held if one.subject != subject)
        mine = (Hold(subject=subject, reason=reason, by=actor, at=now),) if held else ()
        kept = holds.model_copy(update={"held": others + mine})
        told = AuditEntry(action=HELD if held else RELEASED, actor=actor, subject=subject, at=now, reason=reason)
        _commit(kept, present, told, store=store, audit=audit, now=now)
        return kept

    return retried(step, what="the legal holds")


def list_holds(store: Store) -> tuple[Hold, ...]:
    """All legal holds, the oldest first."""
    return _holds(store)[1].held


def take_contents_away(store: Store, entries: Iterable[AuditEntry]) -> None:
    """Take away what entries call erased, once they have their places: the sequencer's. Done again it does nothing."""
    wanted = dict.fromkeys(
        entry_key(index) for entry in entries if entry.action == ERASED for index in sorted(indices_of(entry))
    )
    keys = list(wanted)
    for start in range(0, len(keys), _PLACES):
        found = store.get_many(keys[start : start + _PLACES])
        for group in _together([one for one in found.values() if _may_go(one.body)]):
            store.delete_together(group)


def _together(records: Sequence[Record]) -> Iterator[list[Key]]:
    """Keys of records that with their listings are few enough for one transaction."""
    group: list[Key] = []
    places = 0
    for record in records:
        size = 1 + 5  # an entry has at most five listings
        if group and places + size > _PLACES:
            yield group
            group, places = [], 0
        group.append(record.key)
        places += size
    if group:
        yield group


def _may_go(body: Mapping[str, Any]) -> bool:
    entry = body.get("entry")
    return not isinstance(entry, Mapping) or entry.get("action") not in LASTING


def _about(store: Store, subject: str) -> tuple[list[LoggedEntry], bool]:
    found: list[LoggedEntry] = []
    wanted = Wanted(subject=subject)
    for record in iterate(store, subject_partition(subject)):
        logged = LoggedEntry.model_validate(record.body)
        if logged.index != entry_index(record.key) or logged.entry.action in LASTING or not wanted.fits(logged.entry):
            continue
        if len(found) == MOST:
            return found, True
        found.append(logged)
    return found, False


def _refuse_held(holds: Holds, subject: str, found: Sequence[LoggedEntry]) -> None:
    about = {subject, *(one for logged in found for one in subjects_of(logged.entry))}
    for hold in holds.held:
        if hold.subject in about:
            raise ConflictError(f"{hold.subject} is under legal hold since {hold.at:%Y-%m-%d}: {hold.reason[:200]}")


def _holds(store: Store) -> tuple[Record | None, Holds]:
    present = store.get(HOLDS)
    return present, Holds() if present is None else Holds.model_validate(present.body)


def _commit(
    kept: Holds, present: Record | None, told: AuditEntry, *, store: Store, audit: AuditTrail, now: datetime
) -> None:
    """Holds and erasures write one record under its condition: between looking and erasing nobody places a hold."""
    write = Write(Record(HOLDS, to_json(kept)), ABSENT if present is None else present.etag)
    commit(Change((write,), now, entries=(told,)), store=store, audit=audit)
