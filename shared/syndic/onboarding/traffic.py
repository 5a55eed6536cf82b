"""What was seen of a model's traffic, and how the beginning of its files is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from syndic.errors import InvalidInputError, NotFoundError, TooLargeError
from syndic.models import TimeWindow
from syndic.onboarding.models import Seen
from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows.tables.captures import FoundRows

FILES: Final = 12
BYTES: Final = 256 * 1024
"""Of each file that is looked into: columns show in its first lines."""

Listed = Callable[[TimeWindow], Iterable[ObjectInfo]]
"""The model's captured files of a span of time, or of a batch job."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Rows that were looked at, and what makes a baseline.

    Attributes:
        found: The rows, with the columns that they have.
        seen: How much was looked at.
        baseline: The days, or the batch job, of a baseline; None: none can be proposed.
        lack: What is to be asked about the baseline.
        about_columns: What is to be asked about the columns, beside what the rows themselves tell.
    """

    found: FoundRows
    seen: Seen
    baseline: TimeWindow | None
    lack: str | None = None
    about_columns: tuple[str, ...] = ()


def beginning(item: ObjectInfo, captures: CaptureReader) -> bytes:
    """The first whole lines of a file. One that went away, or is damaged at its beginning, has none."""
    taken = b""
    try:
        for block in captures.open(item):
            taken += block
            if len(taken) >= BYTES:
                break
    except (NotFoundError, InvalidInputError, TooLargeError):
        pass  # what came before the damage is as good as any
    whole = taken if len(taken) < BYTES else taken[: taken.rfind(b"\n", 0, BYTES) + 1]
    return whole if not whole or whole.endswith(b"\n") else whole + b"\n"
