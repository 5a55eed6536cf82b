"""What the core asks of a capture format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from syndic.models import CaptureSchema
from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows.partitions import Part
from syndic.windows.rejected import OnReject
from syndic.windows.window import Window


class Glimpse(NamedTuple):
    """One side of a record that is looked at without a schema.

    Attributes:
        answers: Whether it is the side of what the model answered.
        rows: Reads its rows: objects, or lists without names. Raises `UnusableError`.
    """

    answers: bool
    rows: Callable[[], Iterable[Any]]


class Format(Protocol):
    """Reads one format of captured traffic. Records that cannot be used are counted and never stop the reading."""

    @property
    def mark(self) -> bytes:
        """Bytes that only lines of this format have, by which a table is told from captured traffic."""

    def recognises(self, line: bytes) -> bool:
        """Whether a line is a record of this format."""

    def glimpse(self, line: bytes) -> tuple[Glimpse, ...]:
        """The sides that a line holds; none where it is no record that can be read."""

    def parse(
        self, blocks: Iterable[bytes], schema: CaptureSchema, *, source: str, on_reject: OnReject | None = None
    ) -> Iterator[Window]:
        """Rows of one finished file, in pieces of bounded size."""

    def read(
        self,
        objects: Iterable[ObjectInfo],
        schema: CaptureSchema,
        *,
        captures: CaptureReader,
        on_reject: OnReject | None = None,
        root: str | None = None,
        own: frozenset[str] | None = None,
    ) -> Iterator[Window]:
        """Rows of some files; records repeated in any of them count once.

        Payloads that lie beside their records are read below `root` only. With `own`, records of these files alone are
        counted, and the others are read to find the other side of calls.
        """

    def whole_calls(self, lines: bytes) -> bytes:
        """Lines of files that were read at their beginning alone, less those whose other side is not among them."""

    def parts(self, objects: Sequence[ObjectInfo]) -> tuple[Part, ...]:
        """A window's files in parts that workers read apart, in the order of the files; their counts add up."""
