"""The files that a window is read from: captured traffic, and the ground truth that has come for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from syndic.canonical import sha256_of
from syndic.models import Moment, Noun
from syndic.ports import ObjectInfo


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
