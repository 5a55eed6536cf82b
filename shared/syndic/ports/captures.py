"""Captured traffic, and the runs over windows of it that are too large for one function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, Protocol

from syndic.models import CaptureConfig, CaptureFormat, CheckRequested, Endpoint, TimeWindow
from syndic.ports.archive import ObjectInfo

TABLE_LIMIT: Final = 256 * 1024 * 1024
"""Bytes of a captured object that is read as a whole."""


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


class CaptureWriter(Protocol):
    """Keeps traffic that was sent to the API, where the readers of captures find it."""

    @property
    def place(self) -> str:
        """Address below which it is kept."""

    def put(self, uri: str, data: bytes) -> None:
        """Write an object below `place`. The same bytes again change nothing."""

    def upload_link(self, uri: str, *, size: int, seconds: int = 900) -> str:
        """A time-limited address to which somebody may PUT an object below `place` of exactly `size` bytes."""


class MapRunner(Protocol):
    """Runs a window that is too large for one function: one worker per captured object, results merged."""

    @property
    def formats(self) -> frozenset[CaptureFormat]:
        """Of which captures it runs windows."""

    def start(self, request: CheckRequested, items: Sequence[ObjectInfo]) -> str:
        """Start the run and return its name; starting the same request and items again is the same run."""
