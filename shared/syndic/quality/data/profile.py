"""A window's data as mergeable counts against what is expected of each column."""

from __future__ import annotations

import heapq
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.models import ColumnKind, ColumnRole, Intake
from syndic.quality.models import Expectation
from syndic.windows import Categories, Window

EXAMPLES: Final = 10
HASHED_ROWS: Final = 4_000_000
_UNMEASURED: Final = frozenset({ColumnRole.ROW_ID, ColumnRole.IGNORED, ColumnRole.LABEL})
_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """Counts of one column."""

    kind: ColumnKind
    rows: int
    missing: int
    infinite: int = 0
    outside: int = 0
    unseen: int = 0
    examples: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    seen: frozenset[str] = frozenset()  # at most two values: enough to know whether there is only one

    @property
    def constant(self) -> bool:
        """Whether all present values are the same."""
        if self.kind is ColumnKind.NUMERIC:
            return self.low is not None and self.low == self.high and not self.infinite
        return len(self.seen) == 1

    def plus(self, other: ColumnProfile) -> ColumnProfile:
        """The counts of both."""
        return ColumnProfile(
            kind=self.kind,
            rows=self.rows + other.rows,
            missing=self.missing + other.missing,
            infinite=self.infinite + other.infinite,
            outside=self.outside + other.outside,
            unseen=self.unseen + other.unseen,
            examples=tuple(sorted({*self.examples, *other.examples})[:EXAMPLES]),
            low=min((x for x in (self.low, other.low) if x is not None), default=None),
            high=max((x for x in (self.high, other.high) if x is not None), default=None),
            seen=frozenset(sorted(self.seen | other.seen)[:2]),
        )


@dataclass(slots=True)
class Profile:
    """Counts of all columns of a window, piece by piece."""

    expected: Mapping[str, Expectation]
    ignored: frozenset[str] = frozenset()
    rows: int = 0
    columns: dict[str, ColumnProfile] = field(default_factory=dict)
    mistyped: dict[str, ColumnKind] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    intake: Intake = field(default_factory=Intake)
    hashes: list[NDArray[np.uint64]] = field(default_factory=list)
    fine: bool = False  # whether a column has values fine enough that equal rows are no chance

    def add(self, piece: Window) -> None:
        """Count one more piece."""
        self.rows += piece.rows
        self.intake = self.intake.plus(piece.intake)
        unmeasured = {spec.name for spec in piece.specs if spec.role in _UNMEASURED}
        fairness = {spec.name for spec in piece.specs if spec.role is ColumnRole.PROTECTED}  # no baseline keeps these
        names = [name for name in piece.columns if name not in unmeasured]
        for name in names:
            if name in self.ignored:
                continue
            expected = self.expected.get(name)
            if self.expected and expected is None and name not in fairness:
                self.new.add(name)
            kind = piece.kind(name)
            if expected is not None and kind is not expected.kind and not _all_missing(piece, name):
                self.mistyped[name] = kind
                continue
            found = _column(piece, name, expected)
            unread = min(found.missing, piece.intake.unread.get(name, 0))
            if unread:  # not missing in the data: the side that holds it could not be read
                found = replace(found, rows=found.rows - unread, missing=found.missing - unread)
            known = self.columns.get(name)
            self.columns[name] = found if known is None or known.kind is not found.kind else known.plus(found)
        self._hash(piece, names)

    def merge(self, other: Profile) -> None:
        """Add the counts of other rows, which were counted against the same expectations."""
        self.rows += other.rows
        self.intake = self.intake.plus(other.intake)
        for name, found in other.columns.items():
            known = self.columns.get(name)
            self.columns[name] = found if known is None or known.kind is not found.kind else known.plus(found)
        self.mistyped |= other.mistyped
        self.new |= other.new
        self.fine = self.fine or other.fine
        if self.rows > HASHED_ROWS:
            self.hashes.clear()
        else:
            self.hashes += other.hashes

    @property
    def duplicates(self) -> int | None:
        """Rows that repeat another row of the window; None when there were too many to compare."""
        if self.rows > HASHED_ROWS:
            return None
        if not self.hashes:
            return 0
        every = np.sort(np.concatenate(self.hashes))  # several times quicker than `np.unique`, which fills a table
        return self.rows - 1 - int(np.count_nonzero(every[1:] != every[:-1]))

    def _hash(self, piece: Window, names: list[str]) -> None:
        if self.rows > HASHED_ROWS:
            self.hashes.clear()
        if self.rows > HASHED_ROWS or piece.rows == 0:
            return
        mixed = np.zeros(piece.rows, np.uint64)
        for name in sorted(names):
            column = piece.columns[name]
            if isinstance(column, Categories):
                levels = [zlib.crc32(level.encode("utf-8", "surrogatepass")) + 1 for level in column.levels]
                part = np.array([*levels, 0], np.uint64)[column.codes]
            else:
                part = (column + 0.0).view(np.uint64)
                self.fine = self.fine or bool(np.any(column[np.isfinite(column)] % 1 != 0))
            mixed = (mixed ^ (part * _PRIME)) * _PRIME
            mixed ^= mixed >> np.uint64(29)
        self.hashes.append(mixed)


def _all_missing(piece: Window, name: str) -> bool:
    column = piece.columns[name]
    return bool(column.missing.all() if isinstance(column, Categories) else np.isnan(column).all())


def _column(piece: Window, name: str, expected: Expectation | None) -> ColumnProfile:
    column = piece.columns[name]
    if isinstance(column, Categories):
        return _categories(column, expected)
    low, high = (float(np.min(column)), float(np.max(column))) if len(column) else (math.nan, math.nan)
    present = finite = column
    if not (math.isfinite(low) and math.isfinite(high)):  # NaN if any is
        present = column[~np.isnan(column)]
        finite = present[np.isfinite(present)]
        if len(finite):
            low, high = float(np.min(finite)), float(np.max(finite))
    outside = 0
    if expected is not None and expected.low is not None and len(finite) and low < expected.low:
        outside += int(np.count_nonzero(finite < expected.low))
    if expected is not None and expected.high is not None and len(finite) and high > expected.high:
        outside += int(np.count_nonzero(finite > expected.high))
    return ColumnProfile(
        kind=ColumnKind.NUMERIC,
        rows=len(column),
        missing=len(column) - len(present),
        infinite=len(present) - len(finite),
        outside=outside,
        low=low if len(finite) else None,
        high=high if len(finite) else None,
    )


def _categories(column: Categories, expected: Expectation | None) -> ColumnProfile:
    counts = np.bincount(column.codes + np.int32(1), minlength=len(column.levels) + 1)
    used: list[int] = np.flatnonzero(counts[1:]).tolist()
    unseen, examples = 0, []
    if expected is not None and expected.values is not None:
        known = set(expected.values)
        unknown = [place for place in used if column.levels[place] not in known]
        unseen = int(counts[1:][unknown].sum())
        examples = heapq.nsmallest(EXAMPLES, (column.levels[place][:64] for place in unknown))
    return ColumnProfile(
        kind=ColumnKind.CATEGORICAL,
        rows=len(column),
        missing=int(counts[0]),
        unseen=unseen,
        examples=tuple(examples),
        seen=frozenset(heapq.nsmallest(2, (column.levels[place] for place in used))),
    )
