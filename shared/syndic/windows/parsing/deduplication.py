"""Which records of a window were read already: clouds deliver at least once, and a row counts once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FLAGS = 1 << 22  # bytes
_NEW = 256  # arrays, of ids or of a single one


class Seen:
    """The record ids of one window, at 8 bytes each and 4 MiB besides.

    It keeps 64-bit hashes, not the ids: among ten million records the chance that any two different ones are taken
    for the same is under one in 100,000.
    """

    def __init__(self) -> None:
        self._flags = np.zeros(_FLAGS, np.bool_)  # a hash that was met has set two of them: most are told by that
        self._new: list[NDArray[np.int64]] = []  # met since the runs were last searched
        self._runs: list[NDArray[np.int64]] = []  # sorted, each at least twice as long as the next

    def first(self, ids: Sequence[str | None], *, kind: str = "") -> NDArray[np.bool_]:
        """Whether each id is met for the first time; from now on it has been met. None is always new.

        Ids of another `kind` are other ids.
        """
        hashes = np.fromiter(map(hash, ids), np.int64, len(ids)) ^ np.int64(hash(kind))
        first = np.ones(len(ids), np.bool_)
        ordered = np.sort(hashes)
        if (ordered[1:] == ordered[:-1]).any() and len(set(ids)) != len(ids):
            _, places = np.unique(hashes, return_index=True)
            first[:] = False
            first[places] = True
        low, high = hashes & (_FLAGS - 1), (hashes >> 32) & (_FLAGS - 1)
        maybe = np.flatnonzero(self._flags[low] & self._flags[high])
        if maybe.size:
            first[maybe] &= ~self._met(hashes[maybe])
        self._flags[low] = self._flags[high] = True
        named = np.ones(len(ids), np.bool_)
        if None in ids:
            named = np.fromiter((record_id is not None for record_id in ids), np.bool_, len(ids))
        self._new.append(hashes[first & named])
        if len(self._new) >= _NEW:
            self._sort()
        return first | ~named

    def _met(self, hashes: NDArray[np.int64]) -> NDArray[np.bool_]:
        self._sort()
        met = np.zeros(len(hashes), np.bool_)
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, hashes), len(run) - 1)
            met |= run[places] == hashes
        return met

    def _sort(self) -> None:
        """Make a run of what is new and merge it with those that are not long enough beside it."""
        run = np.sort(np.concatenate([*self._new, np.zeros(0, np.int64)]))
        self._new = []
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")
        if run.size:
            self._runs.append(run)
