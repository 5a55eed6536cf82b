"""What the core asks of a cloud: a few Protocols. `syndic.adapters` implements them, tests/contract holds them to it.

Every method raises `syndic.errors.UnavailableError` when the service behind it does not answer or refuses the call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from syndic.models import AuditEntry, CaptureConfig, CaptureFormat, CheckRequested, Endpoint, Event, TimeWindow

TABLE_LIMIT: Final = 256 * 1024 * 1024
"""Bytes of a captured object that is read as a whole."""

# --- Store -------------------------------------------------------------------------------------------

ABSENT: Final = "absent"
"""Expectation: the record must not exist yet (create once)."""


@dataclass(frozen=True, slots=True)
class Key:
    r"""A record's place. `partition` groups what is read together; `sort` orders it, as text.

    Both are 1 to 512 visible ASCII characters (no space) without ``/ \\ # ? %``, so that every store takes them; an
    adapter refuses others with `InvalidInputError`. Concerns build keys only in their own ``keys.py`` or use cases;
    docs/keys.md lists them all.
    """

    partition: str
    sort: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A second place where a record is found by `Store.query`: a secondary index entry, kept in step by the store."""

    partition: str
    sort: str


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON document at a key. `etag` changes with each write; it is empty on a record never stored."""

    key: Key
    body: Mapping[str, Any]
    etag: str = ""
    listings: tuple[Listing, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some records in sort order and, when there may be more, the token that continues after them."""

    records: tuple[Record, ...]
    next_token: str | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A write with its condition. `expect`: None = whatever is there, `ABSENT`, or the etag that must be there."""

    record: Record
    expect: str | None = None


class Store(Protocol):
    """Documents by key, with conditional writes. Results, registry, policies, findings and the audit trail."""

    def get(self, key: Key) -> Record | None:
        """The record at a key, read consistently, or None."""

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records at some keys, each read consistently, by key; without those that are not there.

        As few calls as the service allows: on DynamoDB one for each 100 keys.
        """

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write a record and its listings; returns it with its new etag.

        Raises `StaleWriteError` when `expect` does not hold. Bodies of any size up to 8 MiB: adapters move large ones
        to their object store.
        """

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write 1 to 90 records of ONE partition, all or none. Raises `StaleWriteError` when any condition fails.

        Records and listings together are at most 99.
        """

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Remove a record and its listings. Absent is fine unless an etag is expected."""

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Remove 1 to 90 records of ONE partition, all or none, whatever is there. Absent is fine.

        Records and listings together are at most 99.
        """

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        start: str | None = None,
        end: str | None = None,
        descending: bool = False,
        limit: int = 100,
        token: str | None = None,
    ) -> Page:
        """Records of a partition in sort order, one page.

        `prefix` limits sort keys to those that begin with it; `start` (inclusive) and `end` (exclusive) to a
        range. A listing is found under its own partition and sort; the record returned is the listed one, with its
        own key. `token` is opaque, only valid with the same arguments; a wrong one raises `InvalidInputError`.
        """


# --- Archive and captures ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object in an object store. `modified` and `etag` tell whether it changed since it was read."""

    uri: str
    size: int
    etag: str
    modified: datetime


class Archive(Protocol):
    """Syndic's own object store: baselines, report files, quarantined lines, evidence packages."""

    def put(self, name: str, data: bytes, *, content_type: str, locked: bool = False) -> ObjectInfo:
        """Write an object under a name such as ``baselines/<model>/<sha>.json``.

        `locked` writes once: an object of the same name and other content raises `ConflictError`.
        """

    def get(self, name: str) -> bytes:
        """The object's bytes. Raises `NotFoundError`."""

    def list(self, prefix: str, *, after: str = "") -> Iterator[ObjectInfo]:
        """Objects whose name begins with `prefix` and comes after `after`, by name."""

    def link(self, name: str, *, seconds: int = 300) -> str:
        """A time-limited address from which a browser may fetch the object."""


class CaptureReader(Protocol):
    """Reads captured traffic and ground truth where the endpoint's cloud keeps them. Never writes."""

    def objects(self, endpoint: Endpoint, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        """Capture files whose hour lies in the window, by name. Follows the layout of `capture.format`."""

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        """Ground truth files collected in a window (the label's time, not the prediction's)."""

    def hours(self, endpoint: Endpoint, capture: CaptureConfig, *, since: datetime | None) -> Iterator[ObjectInfo]:
        """All capture files modified after `since`, by name; `since` None lists everything."""

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        """The object's bytes in blocks of at most 8 MiB, from an offset.

        A compressed (.gz) object is inflated and `offset` counts inflated bytes. Raises `InvalidInputError` when the
        compressed data is damaged or cut (after the blocks before the damage), `TooLargeError` when it inflates to
        over 2 GiB, `NotFoundError` when the object has gone.
        """

    def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
        """A whole small object (a baseline table, a side file). Raises `NotFoundError`.

        One over `limit` bytes is not read: raises `TooLargeError`.
        """


# --- the rest ----------------------------------------------------------------------------------------


class ModelSource(Protocol):
    """A place where models run."""

    @property
    def name(self) -> str:
        """Such as ``sagemaker 123456789012/eu-central-1``; shown to people."""

    def endpoints(self) -> Iterator[Endpoint]:
        """Every endpoint, page by page. Raises `SourceUnavailableError` with the reason; never returns half a list."""


class EventBus(Protocol):
    """Tells the other concerns. At least once, in no order."""

    def publish(self, events: Sequence[Event]) -> None:
        """Hand over all events or raise `UnavailableError`."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a person."""

    to: str
    subject: str
    text: str
    html: str
    dedupe_id: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Notifier(Protocol):
    """Sends messages to people."""

    def send(self, message: Message) -> str:
        """Send one message and return the service's id of it.

        Raises `NotSentError` or `InvalidInputError` when it was certainly not sent. After any other error it may have
        been, and it is not sent again.
        """


class Sequencer(Protocol):
    """Takes what is told of changes to the audit trail (`syndic.changes`).

    In a cloud it puts entries where they wait for the sequencer, which alone may append: no writer waits for another.
    """

    def take(self, entries: Mapping[str, AuditEntry]) -> None:
        """Hand over the entries whose id the trail does not have yet, in order; handed over again they are not again.

        Ids are 1 to 200 characters that a key may have. Raises `UnavailableError`: then some may have been taken.
        """


class AuditTrail(Sequencer, Protocol):
    """The one port through which every change, finding and decision is appended."""

    def append(self, *entries: AuditEntry) -> None:
        """Hand over entries in order, each once. Raises `InvalidInputError` for one that has no canonical form."""


class SigningKey(Protocol):
    """An Ed25519 key that signs checkpoints of the audit trail; its private half never leaves where it is kept."""

    @property
    def name(self) -> str:
        """The name of the log, such as ``syndic.example.org/audit``: an address without scheme, no space, no plus."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public half."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of a signature (RFC 8032, not prehashed) over at most 4,096 bytes."""


class MapRunner(Protocol):
    """Runs a window that is too large for one function: one worker per captured object, results merged."""

    @property
    def formats(self) -> frozenset[CaptureFormat]:
        """Of which captures it runs windows."""

    def start(self, request: CheckRequested, items: Sequence[ObjectInfo]) -> str:
        """Start the run and return its name; starting the same request and items again is the same run."""
