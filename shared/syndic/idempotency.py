"""A request with a key of its sender's choice is done once, and answered the same for a day.

The key is claimed before the request is carried out. While it runs, the store is a `KeyedStore`: every change that is
committed through it carries a mark, a record beside the change's own and in the same transaction. Nobody can commit the
same change under the same key again, however many ask at the same moment and whoever died in between. When all is done
the answer is kept with the claim, and whoever asks again is given it.

Claims and marks are forgotten after a day (`forget`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from syndic.canonical import sha256_of
from syndic.errors import ConflictError, InvalidInputError, StaleWriteError
from syndic.forwarding import ForwardingStore
from syndic.ports import ABSENT, Key, Listing, Record, Store, Write
from syndic.records import ASIDE, retried

KEPT_FOR: Final = timedelta(days=1)
KEPT_OPEN: Final = timedelta(minutes=15)
"""As long as a claim without an answer may be taken up again: what is asked for twice in this time is known again."""

CLAIMS: Final = "keyed"
"""Partition in which every claim and every mark is listed, the oldest first."""


class ReusedKeyError(InvalidInputError):
    """The key was used for another request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: a status and a text."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that is being used by its sender for one request.

    `answer` is there when the request was carried out before. Without it, and asked for before `now`, its sender may
    have died in the middle: it is carried out as of `asked_at`, so that every verb knows again what it did then.
    """

    record: Record
    answer: Answer | None
    asked_at: datetime

    @property
    def id(self) -> str:
        """What marks of this claim carry: no other claim has it, even of the same key a day later."""
        return f"{self.record.body['id']}"


def claim(sender: str, key: str, request: Mapping[str, Any], *, store: Store, now: datetime) -> Claim:
    """Claim a key for a request.

    Args:
        sender: Whose key it is: two senders may choose the same.
        key: The key, any text.
        request: What is asked for, as JSON. Only its hash is kept.
        store: Records.
        now: The time of asking.

    Raises:
        ReusedKeyError: The sender used the key for another request within the last day.
        ConflictError: It was begun over a quarter of an hour ago and never answered.
    """
    name = hashlib.sha256(f"{sender}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()[:40]
    asked = sha256_of(dict(request))

    def step() -> Claim:
        present = store.get(Key(f"{CLAIMS}.{name}", "claim"))
        if present is None or now - datetime.fromisoformat(str(present.body["at"])) >= KEPT_FOR:
            fresh = {"id": f"{name[:24]}.{now:%Y%m%dT%H%M%S}", "request": asked, "at": now.isoformat(), "answer": None}
            record = Record(Key(f"{CLAIMS}.{name}", "claim"), fresh, listings=(_listing(name, now),))
            return Claim(store.put(record, expect=present.etag if present else ABSENT), None, now)
        if present.body["request"] != asked:
            raise ReusedKeyError("this key was used for another request within the last day", where="Idempotency-Key")
        kept, asked_at = present.body["answer"], datetime.fromisoformat(str(present.body["at"]))
        if kept is None and now - asked_at >= KEPT_OPEN:
            raise ConflictError("whether this request was carried out is not known: look, and ask with a new key")
        return Claim(present, None if kept is None else Answer(kept["status"], kept["body"]), asked_at)

    return retried(step, what="the idempotency key")


def keep_answer(mine: Claim, answer: Answer, *, store: Store) -> Answer:
    """Keep the answer of a request that was carried out; returns the one that counts, which is the first."""
    body = {**mine.record.body, "answer": {"status": answer.status, "body": answer.body}}
    try:
        store.put(Record(mine.record.key, body, listings=mine.record.listings), expect=mine.record.etag)
    except StaleWriteError:
        present = store.get(mine.record.key)
        kept = present.body["answer"] if present is not None and present.body["id"] == mine.id else None
        return answer if kept is None else Answer(kept["status"], kept["body"])
    return answer


def release(mine: Claim, *, store: Store) -> None:
    """Give a key back whose request was refused, so that it may be carried out later. What was marked stays marked."""
    with suppress(StaleWriteError):
        store.delete(mine.record.key, expect=mine.record.etag)


def forget(*, store: Store, now: datetime, most: int = 1000) -> int:
    """Remove claims and marks that are older than a day; returns how many."""
    removed = 0
    while removed < most:
        page = store.query(CLAIMS, end=_moment(now - KEPT_FOR), limit=100)
        for record in page.records:
            try:
                store.delete(record.key, expect=record.etag)
            except StaleWriteError:  # claimed anew at this moment
                continue
            removed += 1
        if page.next_token is None:
            break
    return removed


class KeyedStore(ForwardingStore):
    """A store through which one request is carried out under its claim."""

    def __init__(self, store: Store, claimed: Claim, *, now: datetime) -> None:
        super().__init__(store)
        self._claim, self._now = claimed, now
        self.changes = 0
        """Commits that were begun through it: without one, nothing was made."""

    def marks_for(self, about: Key, writes: Sequence[Write], actions: Sequence[str]) -> tuple[Write, ...]:
        """The mark that is to be written together with a change.

        Raises `ConflictError` when this change was committed under this claim and is not found done any more: somebody
        changed the record since. It is not made a second time.
        """
        self.changes += 1
        written = [[one.record.key.partition, one.record.key.sort] for one in writes]
        digest = sha256_of({"claim": self._claim.id, "written": written, "actions": list(actions)})[:40]
        place = Key(about.partition, f"{ASIDE}keyed.{digest}")
        if self._store.get(place) is not None:
            raise ConflictError("this request was carried out before, and what it made was changed since: read it")
        mark = Record(place, {"claim": self._claim.id}, listings=(_listing(digest, self._now),))
        return (Write(mark, ABSENT),)


def _listing(name: str, at: datetime) -> Listing:
    return Listing(CLAIMS, f"{_moment(at)}.{name}")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
