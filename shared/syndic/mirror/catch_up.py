"""Following one side's changes: what was changed since the mark is carried over, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import ValidationError

from syndic.errors import InvalidInputError, StaleWriteError, TooLargeError
from syndic.mirror.keys import CHANGES, from_time, time_of
from syndic.mirror.models import Carried, LeftOut, Mark
from syndic.mirror.replicate import Carrier
from syndic.mirror.rules import keys_in, partitions_of
from syndic.models import to_json
from syndic.ports import ABSENT, Key, Record

MARGIN: Final = timedelta(minutes=15)  # how late a noted change may be made, or a note become visible
MOST_AHEAD: Final = timedelta(days=1)  # a note further ahead was written by a broken clock and moves no mark
KEPT_FOR: Final = timedelta(days=35)  # as long as a table can be restored to an earlier time
MOST: Final = 2000  # records looked at in one run and direction, so that a run ends in time
MOST_TIDIED: Final = 500
MOST_LEFT_OUT: Final = 200
_PAGE: Final = 100
UNREAD: Final = datetime.min.replace(tzinfo=UTC)


class Follower:
    """Carries changes from a sender to a receiver. The mark lies with the receiver and moves after each page.

    Times of changes are compared with each other, not with the reader's clock. A change is noted before it is made, so
    each is read twice: at once, and again after `MARGIN`.
    """

    def __init__(self, carrier: Carrier, mark_at: Key, *, now: datetime, most: int = MOST) -> None:
        self._carrier, self._mark_at, self._now, self._most = carrier, mark_at, now, most
        record = carrier.target.get(mark_at)
        self._etag = ABSENT if record is None else record.etag
        self._mark = Mark() if record is None else Mark.model_validate(record.body)
        self._stored = record is not None
        self._left_out = {Key(one.partition, one.sort): one for one in self._mark.left_out}
        self._looked_at = 0
        self._written = 0

    def follow(self) -> Carried:
        """Carry over what waits, at most `most` records."""
        if not self._stored:
            self._save(Mark(through=self._newest(), copying=""))
        self._take(list(self._left_out))
        complete = (self._mark.copying is None or self._copy()) and self._catch_up()
        self._save(self._mark)
        return Carried(
            looked_at=self._looked_at,
            written=self._written,
            complete=complete,
            left_out=tuple(self._left_out.values()),
        )

    def tidy(self) -> int:
        """Remove changes that were passed long ago; returns how many."""
        if self._mark.through is None:
            return 0
        source, end = self._carrier.source, from_time(time_of(self._mark.through) - KEPT_FOR)
        removed = 0
        while removed < MOST_TIDIED:
            page = source.query(CHANGES, end=end, limit=_PAGE)
            if not page.records:
                break
            for record in page.records:
                source.delete(record.key)
            removed += len(page.records)
        return removed

    def _newest(self) -> str | None:
        end = from_time(self._now + MOST_AHEAD)
        records = self._carrier.source.query(CHANGES, end=end, descending=True, limit=1).records
        return records[0].key.sort if records else None

    def _copy(self) -> bool:
        """Carry over everything, page by page; changes made meanwhile are followed afterwards."""
        source, owner, saved_at = self._carrier.source, self._carrier.owner, self._looked_at
        begun, token = self._mark.copying or "", self._mark.page
        for partition in partitions_of(source, owner):
            if partition < begun:
                continue
            token = token if partition == begun else None
            while True:
                enough = self._looked_at >= self._most
                if enough or self._looked_at - saved_at >= _PAGE:
                    self._save(self._mark.model_copy(update={"copying": partition, "page": token}))
                    saved_at = self._looked_at
                if enough:
                    return False
                keys, token = keys_in(source, partition, owner, token=token)
                self._take(keys)
                self._looked_at += 1  # the listing itself
                if token is None:
                    break
        self._save(self._mark.model_copy(update={"copying": None, "page": None}))
        return True

    def _catch_up(self) -> bool:
        start = None if self._mark.through is None else from_time(time_of(self._mark.through) - MARGIN)
        token: str | None = None
        while True:
            page = self._carrier.source.query(CHANGES, start=start, limit=_PAGE, token=token)
            if page.records:
                self._take_page(page.records)
            token = page.next_token
            if token is None:
                return True
            if self._looked_at >= self._most:
                return False

    def _take_page(self, records: Iterable[Record]) -> None:
        recent, through = dict(self._mark.recent), self._mark.through
        ahead = from_time(self._now + MOST_AHEAD)
        keys: dict[Key, None] = {}
        for record in records:
            change = record.key.sort
            if change < ahead:
                through = max(through or "", change)
            first_read = recent.get(change, UNREAD)
            if first_read is None or (first_read is not UNREAD and self._now - first_read < MARGIN):
                continue
            recent[change] = self._now if first_read is UNREAD else None
            keys[Key(str(record.body["partition"]), str(record.body["sort"]))] = None
        self._take(keys)
        since = "" if through is None else from_time(time_of(through) - MARGIN)
        kept = {change: at for change, at in recent.items() if change >= since}
        self._save(self._mark.model_copy(update={"through": through, "recent": kept}))

    def _take(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._looked_at += 1
            try:
                self._written += self._carrier.carry(key)
            except (InvalidInputError, TooLargeError, StaleWriteError, ValidationError) as error:
                # One record must not keep the others away; what is wrong with it is in the report and the mark.
                reason = f"{type(error).__name__}: {error}"[:500]
                if key in self._left_out or len(self._left_out) < MOST_LEFT_OUT:
                    self._left_out[key] = LeftOut(partition=key.partition, sort=key.sort, reason=reason)
            else:
                self._left_out.pop(key, None)

    def _save(self, mark: Mark) -> None:
        mark = mark.model_copy(update={"left_out": tuple(self._left_out.values())})
        if self._stored and mark == self._mark:
            return
        written = self._carrier.target.put(Record(self._mark_at, to_json(mark)), expect=self._etag)
        self._mark, self._etag, self._stored = mark, written.etag, True
