"""A part of a window that a worker can read apart; the counts of all parts add up to those of the whole window."""

from __future__ import annotations

from dataclasses import dataclass

from syndic.ports import ObjectInfo


@dataclass(frozen=True, slots=True)
class Part:
    """Capture files that are counted together.

    Attributes:
        own: The files whose records this part counts.
        beside: Files read only to find the other side of calls that fell on both sides of an hour.
    """

    own: tuple[ObjectInfo, ...]
    beside: tuple[ObjectInfo, ...] = ()
