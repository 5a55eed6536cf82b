"""Lines that could not be used: the closed list of reasons, and the account of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from syndic.models import Intake


class Reason(StrEnum):
    """Why a record was not used. One word each; the list is closed and part of reports."""

    TOO_LONG = "too_long"  # a line over the stated limit
    ENCODING = "encoding"  # not UTF-8
    JSON = "json"  # the line is not JSON, or is nested too deeply
    ENVELOPE = "envelope"  # JSON, but not a capture record
    CONTENT_TYPE = "content_type"  # a payload of a kind that has no rows: an image, an archive
    PAYLOAD = "payload"  # the payload is not what its content type says
    EMPTY = "empty"  # the payload holds no row
    COLUMNS = "columns"  # a row has other columns than the schema
    TYPE = "type"  # text where the schema has a number, or a list where it has a value
    ROWS = "rows"  # inputs and outputs of one call differ in their number of rows
    TIME = "time"  # a time that cannot be read
    ID = "id"  # a label that names no prediction
    DUPLICATE = "duplicate"  # this record was already read in this window
    BLOB = "blob"  # the payload is kept elsewhere, the record only points to it
    TRUNCATED = "truncated"  # a compressed object ends too early or is damaged


NO_TEXT: Final = "not a capture record: a payload has no text in a known encoding"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was not used. It holds no captured value; the line itself is found by source and offset.

    Attributes:
        source: The object's address.
        line: Line number in the object, from 1.
        offset: Byte offset of the line in the object (in the inflated bytes of a compressed one).
        reason: From the closed list.
        detail: What exactly was wrong, without captured values.
    """

    source: str
    line: int
    offset: int
    reason: Reason
    detail: str


OnReject = Callable[[Rejected], None]
"""Called for each rejected record, as it is found."""


class UnusableError(ValueError):
    """A record cannot be used. Raised and caught inside this package only, once for each rejected record."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


@dataclass(slots=True)
class Account:
    """Counts records while they are read. ``read == used + rejected`` because `read` is their sum."""

    on_reject: OnReject | None = None
    objects: int = 0
    used: int = 0
    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    partial: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    echoes: dict[str, int] = field(default_factory=dict)
    answered: tuple[str, ...] = ()

    def lack(self, fault: UnusableError) -> None:
        """Count a record that is used without its side that has this fault."""
        self.partial[fault.reason.value] += 1
        self._remember(fault.reason, fault.detail)

    def miss(self, names: Iterable[str], rows: int) -> None:
        """Count rows that lack these columns because their side could not be read."""
        for name in names:
            self.unread[name] += rows

    def _remember(self, reason: Reason, detail: str) -> None:
        """Keep the example that comes first by its text: the same one in whatever order a window is read."""
        self.examples[reason.value] = min(detail, self.examples.get(reason.value, detail))

    def reject(self, rejected: Rejected) -> None:
        """Count a rejected record and hand it on."""
        self.reasons[rejected.reason.value] += 1
        self._remember(rejected.reason, rejected.detail)
        if self.on_reject is not None:
            self.on_reject(rejected)

    def reject_all(self, rejected: Rejected, records: int) -> None:
        """Count so many records that cannot be used for one reason, and hand on the first."""
        if records > 0:
            self.reject(rejected)
            self.reasons[rejected.reason.value] += records - 1

    def take(self) -> Intake:
        """What was counted since the last time, and start again from nothing."""
        rejected = self.reasons.total()
        intake = Intake(
            objects=self.objects,
            read=self.used + rejected,
            used=self.used,
            rejected=rejected,
            reasons=dict(sorted(self.reasons.items())),
            partial=self.partial.total(),
            partial_reasons=dict(sorted(self.partial.items())),
            unread=dict(sorted(self.unread.items())),
            examples=dict(sorted(self.examples.items())),
            echoes=dict(sorted(self.echoes.items())),
            answered=self.answered if self.rows else (),
            rows=self.rows,
        )
        self.objects = self.used = self.rows = 0
        for kept in (self.reasons, self.partial, self.unread, self.examples, self.echoes):
            kept.clear()
        return intake
