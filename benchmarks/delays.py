"""How late a busy machine wakes those who wait, so that a comparison of moments can allow for it."""

from __future__ import annotations

import bisect
import math
import threading
import time
from typing import Final, Self

PROBE: Final = 0.05
"""Every so many seconds it is measured."""

AROUND: Final = 1.0
"""What is late within so many seconds counts for a moment."""


class Delays:
    """How late this machine wakes whoever waits, measured while the sequences are played.

    Args:
        interval: Seconds from a tick of a group's timer to the next.
        wait: Seconds until the first.
    """

    def __init__(self, *, interval: float, wait: float) -> None:
        self.started = 0.0  # of the sequences, by the monotonic clock
        self._interval, self._wait = interval, wait
        self._late: list[tuple[float, float]] = []
        self._posts: list[tuple[float, float]] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._measure, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _measure(self) -> None:
        wanted = time.monotonic()
        while not self._done.is_set():
            wanted += PROBE
            time.sleep(max(0.0, wanted - time.monotonic()))
            woken = time.monotonic()
            self._late.append((woken - self.started, woken - wanted))
            wanted = max(wanted, woken - PROBE)

    def posted(self, at: float, took: float) -> None:
        """An alert was handed over, which took so long."""
        self._posts.append((at, took))

    def late(self, at: float) -> float:
        """By how much a message at a moment may be late: the sum over the ticks of its group's timer until then."""
        ticks = (at - turn * self._interval for turn in range(int(at / self._interval) + 1))
        return sum(_most(self._late, tick) for tick in ticks) + self.early(at)

    def early(self, at: float) -> float:
        """How long handing alerts over took in the interval before."""
        return max((took for when, took in self._posts if at - self._interval - self._wait <= when <= at), default=0.0)

    def summary(self) -> str:
        """The median and the greatest lateness."""
        found = sorted(late for _, late in self._late)
        return f"threads woke {found[len(found) // 2]:.3f} s late in the median, {found[-1]:.3f} s at most"


def _most(found: list[tuple[float, float]], at: float) -> float:
    first = bisect.bisect_left(found, (at - AROUND, -1.0))
    last = bisect.bisect_right(found, (at + AROUND, math.inf))
    return max((late for _, late in found[first:last]), default=0.0)
