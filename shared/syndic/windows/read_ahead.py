"""Many small files are fetched side by side: a store answers in tens of milliseconds, and a window has thousands."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import cache
from typing import Final

from syndic.models import CaptureConfig, Endpoint, TimeWindow
from syndic.ports import TABLE_LIMIT, CaptureReader, ListedPart, ObjectInfo

AT_ONCE: Final = 16
FEW: Final = 4
"""Files that are read one after the other."""

SMALL: Final = 2 * 1024 * 1024
"""Bytes of a file that is fetched ahead: so at most 32 MiB wait."""


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="read-ahead")


class ReadAhead:
    """A capture reader that fetches the next small files while one is read. It is told which will be opened."""

    def __init__(self, captures: CaptureReader, items: Sequence[ObjectInfo]) -> None:
        self._captures = captures
        self._next = deque(item for item in items if item.size <= SMALL)
        self._coming: dict[ObjectInfo, Future[list[bytes]]] = {}

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        """The file's bytes; what fetching it ahead raised is raised here, where it is read."""
        while self._next and len(self._coming) < AT_ONCE:
            ahead = self._next.popleft()
            self._coming[ahead] = _pool().submit(_fetch, self._captures, ahead)
        coming = None if offset else self._coming.pop(item, None)
        if coming is None:
            yield from self._captures.open(item, offset=offset)
        else:
            yield from coming.result()

    def objects(
        self,
        endpoint: Endpoint,
        capture: CaptureConfig,
        window: TimeWindow,
        *,
        variants: Collection[str] | None = None,
    ) -> Iterator[ObjectInfo]:
        """As the reader behind it."""
        return self._captures.objects(endpoint, capture, window, variants=variants)

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        """As the reader behind it."""
        return self._captures.labels(capture, window)

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        """As the reader behind it."""
        return self._captures.part(endpoint, capture, after=after, calls=calls)

    def recent(
        self, endpoint: Endpoint, capture: CaptureConfig, *, hour: datetime, variants: Collection[str], span: str
    ) -> Iterator[ObjectInfo]:
        """As the reader behind it."""
        return self._captures.recent(endpoint, capture, hour=hour, variants=variants, span=span)

    def below(self, endpoint: Endpoint, uri: str) -> Iterator[ObjectInfo]:
        """As the reader behind it."""
        return self._captures.below(endpoint, uri)

    def of(self, endpoint: Endpoint) -> CaptureReader:
        """As the reader behind it."""
        return self._captures.of(endpoint)

    def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
        """As the reader behind it."""
        return self._captures.table(uri, limit=limit)


def read_ahead(captures: CaptureReader, items: Sequence[ObjectInfo]) -> CaptureReader:
    """A reader of these files that fetches some of them ahead, in the order in which they are given."""
    return captures if len(items) <= FEW else ReadAhead(captures, items)


def _fetch(captures: CaptureReader, item: ObjectInfo) -> list[bytes]:
    return list(captures.open(item))
