"""Scores of a window counted by predicted class and label, and the windows whose labels have come: the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from syndic.models import TimeWindow
from syndic.quality.models import Performance
from syndic.statistics.calibration import BINS, bin_of
from syndic.windows import Categories, Column, level_text
from syndic.windows.cells.vocabulary import spelled

Counts = NDArray[np.int64]

WINDOWS: Final = 24  # of the reference, the newest
_WORDS: Final = 20  # classes that are told apart


@dataclass(slots=True)
class Scored:
    """Counts of scores by (predicted class, label), each by its spelling; an empty label has not come.

    A window with a score that is no chance between 0 and 1, or with many classes, is not counted.
    """

    counts: dict[tuple[str, str], Counts] = field(default_factory=dict)
    usable: bool = True

    def add(self, score: Column | None, prediction: Column | None, label: Column | None) -> None:
        """Add the rows of a piece. `label`: as it was joined; None when none came."""
        if not self.usable or score is None or prediction is None or isinstance(score, Categories):
            self.usable = False
            return
        known = np.isfinite(score)
        if known.any() and (np.min(score[known]) < 0 or np.max(score[known]) > 1):
            self.usable = False
            return
        called, words = _words(prediction)
        truth, labels = _words(label) if label is not None else (np.full(len(score), -1), [])
        if len(words) > _WORDS or len(labels) > _WORDS:
            self.usable = False
            return
        bins = bin_of(np.where(known, score, 0.0))
        for place, word in enumerate(words):
            for other, said in enumerate([*labels, ""]):
                rows = known & (called == place) & (truth == (other if said else -1))
                if rows.any():
                    found = np.bincount(bins[rows], minlength=BINS)
                    self.counts[word, said] = self.counts.get((word, said), np.zeros(BINS, np.int64)) + found

    def merge(self, other: Scored) -> None:
        """Add the counts of other rows."""
        self.usable = self.usable and other.usable
        for words, counts in other.counts.items():
            self.counts[words] = self.counts.get(words, np.zeros(BINS, np.int64)) + counts

    def called(self, positive: str) -> Counts:
        """All rows: ``[bin, predicted]``."""
        found = np.zeros((BINS, 2), np.int64)
        for (word, _), counts in self.counts.items():
            found[:, int(word == spelled(positive))] += counts
        return found

    def labelled(self, positive: str, performance: Performance | None) -> Counts | None:
        """Rows whose labels have come: ``[bin, predicted, label]``; None when words of both sides are not the same."""
        if performance is None or performance.positive is None or performance.confusion is None:
            return None
        found = np.zeros((BINS, 2, 2), np.int64)
        for (word, said), counts in self.counts.items():
            if said:
                found[:, int(word == spelled(positive)), int(said == spelled(positive))] += counts
        cells = found.sum(axis=0)
        same = int(cells[1, 1]) == performance.confusion["true_positive"]
        return found if same and int(cells[0, 0]) == performance.confusion["true_negative"] else None


def _words(column: Column) -> tuple[NDArray[np.int64], list[str]]:
    """The class of each row, -1 where it is missing, and the classes by their spelling."""
    if isinstance(column, Categories):
        texts, codes = [spelled(level) for level in column.levels], column.codes.astype(np.int64)
    else:
        values, inverse = np.unique(column, return_inverse=True)
        texts = [spelled(level_text(value) or "") for value in values.tolist()]
        codes = np.where(np.isnan(column), -1, inverse).astype(np.int64)
    words = list(dict.fromkeys(texts))
    lookup = np.array([words.index(text) for text in texts] + [-1], np.int64)
    return lookup[codes], words


@dataclass(frozen=True, slots=True)
class Reference:
    """Windows of one version of a model whose labels have come, by their key."""

    version: str
    positive: str
    parts: Mapping[str, Counts] = field(default_factory=dict)

    def without(self, window: TimeWindow) -> list[Counts]:
        """The parts in the order of time, apart from one window."""
        return [self.parts[key] for key in sorted(self.parts) if key != window.key]

    def to_json(self) -> dict[str, Any]:
        """Plain values; only cells that hold rows."""
        parts = {}
        for key, table in self.parts.items():
            flat = table.ravel()
            held = np.flatnonzero(flat)
            parts[key] = [held.tolist(), flat[held].tolist()]
        return {"version": self.version, "positive": self.positive, "parts": parts}


def read_reference(body: Mapping[str, Any] | None, version: str) -> Reference | None:
    """The reference as it was kept; None when there is none of this version."""
    if body is None or body["version"] != version:
        return None
    parts = {}
    for key, (places, counts) in body["parts"].items():
        table = np.zeros(4 * BINS, np.int64)
        table[places] = counts
        parts[key] = table.reshape(BINS, 2, 2)
    return Reference(version, body["positive"], parts)


def with_window(known: Reference | None, window: TimeWindow, table: Counts, positive: str, version: str) -> Reference:
    """The reference with one more window, or another count of it; the newest `WINDOWS` are kept."""
    parts = dict(known.parts) if known is not None and known.positive == positive else {}
    parts[window.key] = table
    return Reference(version, positive, {key: parts[key] for key in sorted(parts)[-WINDOWS:]})
