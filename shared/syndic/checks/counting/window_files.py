"""The files that a window is read from: captured traffic, and the ground truth that has come for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from syndic.canonical import sha256_of
from syndic.models import Moment, Noun, RegisteredModel, TimeWindow
from syndic.ports import CaptureReader, ObjectInfo


class ListedFile(Noun):
    """A file as it was listed, in messages and in plans."""

    uri: str
    size: int
    etag: str
    modified: Moment

    @classmethod
    def of(cls, item: ObjectInfo) -> Self:
        """From how the ports name it."""
        return cls(uri=item.uri, size=item.size, etag=item.etag, modified=item.modified)

    @property
    def info(self) -> ObjectInfo:
        """As the ports name it."""
        return ObjectInfo(self.uri, self.size, self.etag, self.modified)


@dataclass(frozen=True, slots=True)
class WindowFiles:
    """Files of a window, as they were when they were listed.

    Attributes:
        objects: Captured traffic.
        labels: Ground truth collected since the window began.
    """

    objects: tuple[ObjectInfo, ...] = ()
    labels: tuple[ObjectInfo, ...] = ()

    @property
    def bytes(self) -> int:
        """Bytes of captured traffic."""
        return sum(item.size for item in self.objects)

    @property
    def digest(self) -> str:
        """The hash of which files these are."""
        return sha256_of([printed(self.objects), printed(self.labels)])


def printed(items: Iterable[ObjectInfo]) -> list[list[str | int]]:
    """What tells files from others, in one order, for hashes."""
    return sorted([item.uri, item.etag, item.size] for item in items)


def list_files(
    model: RegisteredModel,
    window: TimeWindow,
    *,
    captures: CaptureReader,
    now: datetime,
    variants: Collection[str] | None = None,
) -> WindowFiles:
    """List a window's files. Labels are filed by the hour in which they were collected: up to the running one.

    None where the model's traffic is not captured. `variants`: the only ones that can have files of the window.
    """
    capture = model.endpoint.capture if model.endpoint else None
    if model.endpoint is None or capture is None:
        return WindowFiles()
    objects = tuple(captures.objects(model.endpoint, capture, window, variants=variants))
    labels: tuple[ObjectInfo, ...] = ()
    if capture.labels_uri is not None and model.capture_schema is not None and model.capture_schema.label:
        span = TimeWindow(start=window.start, end=max(now, window.end) + timedelta(hours=1))
        labels = tuple(captures.labels(capture, span))
    return WindowFiles(objects, labels)
