"""An `Archive`, and a `CaptureReader` and `CaptureWriter`, in memory."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from typing import Self

from syndic.adapters.blocks import BLOCK, inflate, skip
from syndic.adapters.documents import check_name
from syndic.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError, UnavailableError
from syndic.models import CaptureConfig, Endpoint, TimeWindow
from syndic.models.capture_paths import captured_hour, first_folder, holds, hour_path
from syndic.ports import TABLE_LIMIT, ListedPart, ObjectInfo


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryArchive:
    """Objects by name. `clock` gives the time of each write."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._objects: dict[str, tuple[bytes, ObjectInfo]] = {}
        self._locked: set[str] = set()
        self._lock = threading.RLock()

    def put(self, name: str, data: bytes, *, content_type: str, locked: bool = False) -> ObjectInfo:  # noqa: ARG002
        """Write an object; a locked one only once."""
        check_name(name)
        with self._lock:
            present = self._objects.get(name)
            if present is not None and (locked or name in self._locked):
                if present[0] != data:
                    raise ConflictError(f"archive object {name} is written once and has other content")
                return present[1]
            info = _info(f"memory://archive/{name}", data, self._clock())
            self._objects[name] = (bytes(data), info)
            if locked:
                self._locked.add(name)
        return info

    def get(self, name: str) -> bytes:
        """The object's bytes."""
        check_name(name)
        try:
            return self._objects[name][0]
        except KeyError:
            raise NotFoundError(f"the archive has no object {name}") from None

    def list(self, prefix: str, *, after: str = "") -> Iterator[ObjectInfo]:
        """Objects whose name begins with `prefix` and comes after `after`, by name."""
        with self._lock:
            objects = sorted(self._objects.items())
            found = [info for name, (_, info) in objects if name.startswith(prefix) and name > after]
        yield from found

    def link(self, name: str, *, seconds: int = 300) -> str:
        """An address that names its end; nothing answers there."""
        self.get(name)
        return f"https://archive.invalid/{name}?expires={int(self._clock().timestamp()) + seconds}"


class MemoryCaptures:
    """Captured files by address.

    Set `refuse` to a reason and every call raises `UnavailableError`, as when access was withdrawn. `page` is how many
    files a call lists.
    """

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self.refuse: str | None = None
        self.page = 1000
        self._clock = clock
        self._objects: dict[str, tuple[bytes, ObjectInfo]] = {}

    def add(self, uri: str, data: bytes, *, modified: datetime | None = None) -> ObjectInfo:
        """Keep a file under its full address, replacing one that is there."""
        info = _info(uri, data, modified or self._clock())
        self._objects[uri] = (bytes(data), info)
        return info

    def capture(
        self,
        endpoint: Endpoint,
        hour: datetime,
        data: bytes,
        *,
        name: str = "00-00-000-0.jsonl",
        variant: str = "AllTraffic",
        modified: datetime | None = None,
    ) -> ObjectInfo:
        """Keep a capture file where SageMaker would write it: ``<uri>/<endpoint>/<variant>/yyyy/mm/dd/hh/<name>``."""
        if endpoint.capture is None:
            raise InvalidInputError("the endpoint captures nothing", where=f"endpoint {endpoint.name}")
        path = f"{endpoint.capture.uri.rstrip('/')}/{endpoint.name}/{variant}/{hour_path(hour)}/{name}"
        return self.add(path, data, modified=modified)

    @property
    def place(self) -> str:
        """Address below which is kept what was sent to the API."""
        return "s3://received/captures"

    def put(self, uri: str, data: bytes) -> None:
        """Write an object."""
        self._answer()
        self.add(uri, data)

    def upload_link(self, uri: str, *, size: int, seconds: int = 900) -> str:
        """An address that names what may be sent and until when; nothing answers there."""
        ends = int(self._clock().timestamp()) + seconds
        return f"https://uploads.invalid/{uri.removeprefix('s3://')}?size={size}&expires={ends}"

    def look_at(self, uri: str) -> ObjectInfo | None:
        """The object as it is now."""
        self._answer()
        return self._objects[uri][1] if uri in self._objects else None

    def rewrite(self, item: ObjectInfo, data: bytes) -> ObjectInfo:
        """Write other bytes in its place."""
        present = self.look_at(item.uri)
        if present is None:
            raise NotFoundError(f"there is no object {item.uri}")
        if present.etag != item.etag:
            raise ConflictError(f"{item.uri} was replaced since it was looked at")
        return self.add(item.uri, data)

    def remove(self, item: ObjectInfo) -> None:
        """Remove it."""
        present = self.look_at(item.uri)
        if present is not None and present.etag != item.etag:
            raise ConflictError(f"{item.uri} was replaced since it was looked at")
        self._objects.pop(item.uri, None)

    def expire(self, *, hour: datetime) -> None:
        """Delete the captures of an hour, as a life cycle rule does."""
        for uri in [uri for uri in self._objects if captured_hour(uri) == hour]:
            del self._objects[uri]

    def label(self, capture: CaptureConfig, hour: datetime, data: bytes, *, name: str = "labels.jsonl") -> ObjectInfo:
        """Keep a ground truth file at the hour in which its labels were collected."""
        if capture.labels_uri is None:
            raise InvalidInputError("the capture has no place for labels", where="labels_uri")
        return self.add(f"{capture.labels_uri.rstrip('/')}/{hour_path(hour)}/{name}", data)

    def objects(
        self,
        endpoint: Endpoint,
        capture: CaptureConfig,
        window: TimeWindow,
        *,
        variants: Collection[str] | None = None,
    ) -> Iterator[ObjectInfo]:
        """Capture files whose hour lies in the window, by name."""
        root = f"{capture.uri.rstrip('/')}/{endpoint.name}/"
        yield from (
            item
            for item in self._below(root)
            if holds(window, item.uri)
            and (variants is None or item.uri.removeprefix(root).partition("/")[0] in variants)
        )

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        """Ground truth files collected in the window, by name."""
        if capture.labels_uri is not None:
            yield from (item for item in self._below(capture.labels_uri.rstrip("/") + "/") if holds(window, item.uri))

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        """A part of all capture files: `page` of them a call."""
        left = [one for one in self._below(f"{capture.uri.rstrip('/')}/{endpoint.name}/") if one.uri > (after or "")]
        files = tuple(left[: self.page * calls])
        return ListedPart(files, files[-1].uri if len(left) > len(files) else None)

    def recent(
        self, endpoint: Endpoint, capture: CaptureConfig, *, hour: datetime, variants: Collection[str], span: str
    ) -> Iterator[ObjectInfo]:
        """Capture files of some variants from an hour's folder on."""
        root = f"{capture.uri.rstrip('/')}/{endpoint.name}/"
        for variant in variants:
            start = f"{root}{variant}/{first_folder(hour, span)}"
            yield from (item for item in self._below(f"{root}{variant}/") if item.uri > start)

    def below(self, endpoint: Endpoint, uri: str) -> Iterator[ObjectInfo]:  # noqa: ARG002
        """Every object whose address begins so."""
        yield from self._below(uri)

    def of(self, endpoint: Endpoint) -> Self:  # noqa: ARG002
        """Itself: all files are opened alike."""
        return self

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        """The object's bytes in blocks; a ``.gz`` object is inflated and `offset` counts inflated bytes."""
        data = self._read(item.uri)
        blocks = (data[at : at + BLOCK] for at in range(0, len(data), BLOCK))
        yield from skip(inflate(blocks, uri=item.uri) if item.uri.endswith(".gz") else blocks, offset)

    def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
        """A whole small object."""
        data = self._read(uri)
        if len(data) > limit:
            raise TooLargeError(f"{uri} has {len(data)} bytes, at most {limit} are read at once")
        return data

    def _read(self, uri: str) -> bytes:
        self._answer()
        try:
            return self._objects[uri][0]
        except KeyError:
            raise NotFoundError(f"there is no object {uri}") from None

    def _below(self, prefix: str) -> list[ObjectInfo]:
        self._answer()
        return [info for uri, (_, info) in sorted(self._objects.items()) if uri.startswith(prefix)]

    def _answer(self) -> None:
        if self.refuse is not None:
            raise UnavailableError(self.refuse)


def gzipped(data: bytes) -> bytes:
    """Data as a gzip file, the same bytes each time."""
    return gzip.compress(data, mtime=0)


def _info(uri: str, data: bytes, modified: datetime) -> ObjectInfo:
    return ObjectInfo(uri, len(data), hashlib.md5(data, usedforsecurity=False).hexdigest(), modified)
