"""Rows become a baseline summary, once for each baseline."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import (
    ALWAYS_LISTED,
    EDGES,
    IDENTIFIER,
    LEVELS,
    STEPS,
    WATCHED_LEVELS,
    Baseline,
    CategoricalBaseline,
    ColumnBaseline,
    Floats,
    Ints,
    NumericBaseline,
)
from syndic.errors import InvalidInputError
from syndic.models import ColumnRole, Intake
from syndic.models.intake_words import lost_records
from syndic.windows import Categories, Column, Window

LEVEL_TEXT: Final = 64
ROWS: Final = 4_000_000
NOT_MEASURED: Final = frozenset({ColumnRole.ROW_ID, ColumnRole.IGNORED, ColumnRole.LABEL, ColumnRole.PROTECTED})


def shorten(level: str) -> str:
    """A level as it is kept: the text, or its first characters and a hash when it is long."""
    if len(level) <= LEVEL_TEXT:
        return level
    digest = hashlib.sha256(level.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{level[: LEVEL_TEXT - 17]}~{digest}"


def summarise(pieces: Iterable[Window], *, limit: int = ROWS) -> Baseline:
    """The baseline of all rows of some windows.

    The result depends on the rows only, not on how they are split. Memory stays bounded: of more than `limit` rows
    every second, fourth, ... is used, and `sampled_every` says so.

    Raises:
        InvalidInputError: No rows, or a column that is numeric in one piece and categorical in another.
    """
    sample = _Sample(limit)
    roles: dict[str, ColumnRole] = {}
    for piece in pieces:
        roles.update({spec.name: spec.role for spec in piece.specs})
        sample.add(piece, [name for name in piece.columns if roles.get(name) not in NOT_MEASURED])
    if sample.rows == 0:
        raise InvalidInputError("the baseline has no rows")
    columns: dict[str, ColumnBaseline] = {}
    for name in sorted(sample.numbers.keys() | sample.levels.keys()):
        columns[name] = sample.summary(name)
    return Baseline(
        rows=sample.rows,
        columns=columns,
        roles={name: role for name, role in sorted(roles.items()) if name in columns},
        sampled_every=sample.every,
        intake=sample.intake if lost_records(sample.intake) else None,
    )


class _Sample:
    """Collects the values of each column, all of them or every k-th."""

    def __init__(self, limit: int) -> None:
        self.limit, self.every, self.rows, self.offered = limit, 1, 0, 0
        self.numbers: dict[str, list[Floats]] = {}
        self.levels: dict[str, _LevelCount] = {}
        self.unread: Counter[str] = Counter()
        self.intake = Intake()

    def add(self, piece: Window, names: Iterable[str]) -> None:
        self.unread.update(piece.intake.unread)
        self.intake = self.intake.plus(piece.intake)
        first = -self.offered % self.every
        self.offered += piece.rows
        for name in names:
            column = piece.columns[name]
            self._check_kind(name, column)
            if isinstance(column, Categories):
                self.levels.setdefault(name, _LevelCount()).add(column)
            else:
                self.numbers.setdefault(name, []).append(column[first :: self.every])
        self.rows += len(range(first, piece.rows, self.every))
        while self.rows > self.limit:
            self._thin()

    def summary(self, name: str) -> ColumnBaseline:
        if name in self.levels:
            found: ColumnBaseline = self.levels[name].summary()
            unread = self.unread[name]
        else:
            found = summarise_numbers(np.concatenate(self.numbers[name]))
            unread = self.unread[name] // self.every
        return replace(found, missing=max(0, found.missing - unread)) if unread else found

    def _thin(self) -> None:
        self.every *= 2
        self.numbers = {name: [np.concatenate(parts)[::2].copy()] for name, parts in self.numbers.items()}
        self.rows = (self.rows + 1) // 2

    def _check_kind(self, name: str, column: Column) -> None:
        if name in (self.numbers if isinstance(column, Categories) else self.levels):
            raise InvalidInputError(f"column {name!r} is numeric in one piece of the baseline and text in another")


class _LevelCount:
    """Counts levels in bounded memory. Levels are let go by falling rank only when more are watched than allowed."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.missing = self.present = 0
        self.overflowed = False

    def add(self, column: Categories) -> None:
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
        self.missing += len(column) - int(counts.sum())
        self.present += int(counts.sum())
        known, levels = self.counts, column.levels
        for place, number in zip(np.flatnonzero(counts).tolist(), counts[counts > 0].tolist(), strict=True):
            level = levels[place]
            text = level if len(level) <= LEVEL_TEXT else shorten(level)
            known[text] = known.get(text, 0) + number
        if len(known) > WATCHED_LEVELS:
            self.overflowed = True
            # Two sorts by plain keys, the second one stable: by falling count, then by text.
            kept = sorted(sorted(known), key=known.__getitem__, reverse=True)[: WATCHED_LEVELS // 2]
            self.counts = {level: known[level] for level in kept}

    def summary(self) -> CategoricalBaseline:
        ranked = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        if len(ranked) > LEVELS or len(ranked) > IDENTIFIER * self.present:
            # Some of the values that occur once say nothing unless they are all of them.
            repeated = sum(count > 1 for _, count in ranked)
            ranked = ranked[: min(LEVELS, max(ALWAYS_LISTED, repeated))]
        counts = np.array([count for _, count in ranked], np.int64)
        distinct = max(len(self.counts), WATCHED_LEVELS if self.overflowed else 0)
        return CategoricalBaseline(
            levels=tuple(level for level, _ in ranked),
            counts=counts,
            other=self.present - int(counts.sum()),
            distinct=distinct,
            missing=self.missing,
        )


def summarise_numbers(values: Floats) -> NumericBaseline:
    """The summary of a numeric column, NaN being missing."""
    ordered = np.sort(values)
    present = int(np.searchsorted(ordered, np.inf, side="right"))
    return summarise_weighted(ordered[:present], None, missing=len(values) - present)


def summarise_weighted(ordered: Floats, weights: Ints | None, *, missing: int, exact: bool = True) -> NumericBaseline:
    """The summary of rising values without NaN, each counted once or `weights` times."""
    if len(ordered) == 0:
        nothing = np.zeros(0, np.int64)
        return NumericBaseline(
            np.zeros(0), nothing, nothing, 0, missing, 0, 0.0, 0.0, None, None, 0.0, 0.0, 0, integer_like=False
        )
    firsts = np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))
    totals = np.arange(len(ordered) + 1) if weights is None else np.concatenate(([0], np.cumsum(weights)))
    present = int(totals[-1])
    below, at_or_below = totals[firsts], totals[np.concatenate((firsts[1:], [len(ordered)]))]
    kept = _quantile_places(at_or_below, present)
    edges = ordered[firsts[kept]] + 0.0  # + 0.0 makes -0.0 one with 0.0
    finite = ordered[np.isfinite(ordered)]
    weight = None if weights is None else weights[np.isfinite(ordered)]
    infinite = present - (len(finite) if weight is None else int(weight.sum()))
    mean, std = _moments(finite, weight)
    with np.errstate(over="ignore"):  # distances of the largest floats are infinite, and have no Wasserstein distance
        tails = _tail(edges[0] - finite, weight), _tail(finite - edges[-1], weight)
    return NumericBaseline(
        edges=edges,
        at_or_below=at_or_below[kept].astype(np.int64),
        below=below[kept].astype(np.int64),
        present=present,
        missing=missing,
        infinite=infinite,
        mean=mean,
        std=std,
        low=float(finite[0]) if len(finite) else None,
        high=float(finite[-1]) if len(finite) else None,
        tail_below=tails[0],
        tail_above=tails[1],
        distinct=len(firsts),
        integer_like=bool(len(finite) > 0 and np.all(finite == np.rint(finite))),
        exact=exact,
    )


def _quantile_places(at_or_below: Ints, present: int) -> NDArray[np.intp]:
    """Which of the distinct values become edges: all when they are few, else the quantiles 1/1,030 ... 1,029/1,030."""
    if len(at_or_below) <= EDGES:
        return np.arange(len(at_or_below))
    # The quantile at k/STEPS is the smallest value with at least that share of the values at or below it.
    wanted = (np.arange(1, STEPS, dtype=np.int64) * present + STEPS - 1) // STEPS
    return np.unique(np.searchsorted(at_or_below, wanted, side="left"))


def _moments(finite: Floats, weights: Ints | None) -> tuple[float, float]:
    if len(finite) == 0:
        return 0.0, 0.0
    size = float(np.max(np.abs(finite))) or 1.0  # so that squares of huge or tiny values stay in range
    scaled = finite / size
    mean = float(np.average(scaled, weights=weights))
    variance = float(np.average((scaled - mean) ** 2, weights=weights))
    if finite[0] == finite[-1]:
        return float(finite[0]), 0.0
    return mean * size, math.sqrt(variance) * size


def _tail(distances: Floats, weights: Ints | None) -> float:
    """The sum of the distances beyond an edge, those within it being negative."""
    beyond = np.maximum(distances, 0.0)
    return float(beyond.sum() if weights is None else (beyond * weights).sum())
