"""Captured traffic, and the runs over windows of it that are too large for one function."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from pydantic import JsonValue

from syndic.models import CaptureConfig, CaptureFormat, CountRequested, Endpoint, TimeWindow
from syndic.ports.archive import ObjectInfo

TABLE_LIMIT: Final = 256 * 1024 * 1024
"""Bytes of a captured object that is read as a whole."""


@dataclass(frozen=True, slots=True)
class ListedPart:
    """Some captured files by name, and after what the listing goes on; None: these were the last."""

    files: tuple[ObjectInfo, ...]
    after: str | None = None


class CaptureReader(Protocol):
    """Reads captured traffic and ground truth where the endpoint's cloud keeps them. Never writes."""

    def objects(
        self,
        endpoint: Endpoint,
        capture: CaptureConfig,
        window: TimeWindow,
        *,
        variants: Collection[str] | None = None,
    ) -> Iterator[ObjectInfo]:
        """Capture files whose hour lies in the window, by name. Follows the layout of `capture.format`.

        `variants`: the folders below the endpoint's that are known to hold all of them; None: whichever there ever
        were, which have to be looked for first.
        """

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        """Ground truth files collected in a window (the label's time, not the prediction's)."""

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        """A part of all capture files, in any folder, by at most so many calls of the store; `after` None: the first.

        `after` is what an earlier part of the same endpoint said, however long ago.
        """

    def recent(
        self, endpoint: Endpoint, capture: CaptureConfig, *, hour: datetime, variants: Collection[str], span: str
    ) -> Iterator[ObjectInfo]:
        """Capture files of some variants whose folder's span ends after an hour began, in no order.

        The calls that it takes grow with what lies there, not with the history before it.

        Args:
            endpoint: The endpoint.
            capture: Where its files lie.
            hour: The first hour.
            variants: Names of the folders below the endpoint's: variants, or deployments.
            span: The longest that a folder stands for: ``hour``, ``day``, ``month`` or ``year``.
        """

    def below(self, endpoint: Endpoint, uri: str) -> Iterator[ObjectInfo]:
        """Every object whose address begins so, where the endpoint's cloud keeps its files, by name."""

    def of(self, endpoint: Endpoint) -> CaptureReader:
        """A reader that opens files of an endpoint which another process listed: where its cloud keeps them."""

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


class CaptureEraser(Protocol):
    """Changes and removes captured objects, each only while it is the one that was looked at."""

    def look_at(self, uri: str) -> ObjectInfo | None:
        """The object as it is now, or None."""

    def rewrite(self, item: ObjectInfo, data: bytes) -> ObjectInfo:
        """Write other bytes in place of an object, of the same type and encryption.

        Raises `ConflictError` when it is another object by now, `NotFoundError` when it has gone.
        """

    def remove(self, item: ObjectInfo) -> None:
        """Remove an object; one that has gone is fine. Raises `ConflictError` when it is another object by now."""


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
    """Runs a window that is too large for one function: a worker for each part of it, results merged."""

    @property
    def formats(self) -> frozenset[CaptureFormat]:
        """Of which captures it runs windows."""

    def start(self, run: str, request: CountRequested, items: Sequence[Mapping[str, JsonValue]]) -> str:
        """Start the run of a name, whose plan and parts (`items`) are in the archive, and return its name.

        One that runs is left to run; one that ended is started again. Raises `ConflictError` when that was too often.
        """
