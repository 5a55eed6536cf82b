"""Syndic's own objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
