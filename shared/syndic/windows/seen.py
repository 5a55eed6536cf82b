"""Which records of a window were read already: clouds deliver at least once, and a row counts once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FLAGS = 1 << 22  # bytes
_RECENT = 1 << 15  # ids


class Seen:
    """The record ids of one window, at 8 bytes each and 4 MiB besides.

    It keeps 64-bit hashes, not the ids: among ten million records the chance that any two different ones are taken
    for the same is under one in 100,000.
    """

    def __init__(self) -> None:
        self._flags = np.zeros(_FLAGS, np.bool_)  # whether any hash with these low bits was met
        self._recent: set[int] = set()
        self._runs: list[NDArray[np.int64]] = []  # sorted, each at least twice as long as the next

    def first(self, ids: Sequence[str | None], *, kind: str = "") -> NDArray[np.bool_]:
        """Whether each id is met for the first time; from now on it has been met. None is always new.

        Ids of another `kind` are other ids.
        """
        hashes = np.fromiter(map(hash, ids), np.int64, len(ids)) ^ np.int64(hash(kind))
        first = np.ones(len(ids), np.bool_)
        if len(set(ids)) != len(ids):
            _, places = np.unique(hashes, return_index=True)
            first[:] = False
            first[places] = True
        slots = hashes & (_FLAGS - 1)
        maybe = np.flatnonzero(self._flags[slots])
        if maybe.size:
            first[maybe] &= ~self._met(hashes[maybe])
        self._flags[slots] = True
        if None in ids:
            unnamed = np.fromiter((record_id is None for record_id in ids), np.bool_, len(ids))
            self._keep(hashes[first & ~unnamed])
            return first | unnamed
        self._keep(hashes[first])
        return first

    def _met(self, hashes: NDArray[np.int64]) -> NDArray[np.bool_]:
        met = np.zeros(len(hashes), np.bool_)
        recent = self._recent
        if recent:
            met |= np.fromiter((value in recent for value in hashes.tolist()), np.bool_, len(hashes))
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, hashes), len(run) - 1)
            met |= run[places] == hashes
        return met

    def _keep(self, hashes: NDArray[np.int64]) -> None:
        self._recent.update(hashes.tolist())
        if len(self._recent) < _RECENT:
            return
        run = np.sort(np.fromiter(self._recent, np.int64, len(self._recent)))
        self._recent = set()
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")
        self._runs.append(run)
