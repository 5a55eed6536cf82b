"""The count tensor: how many rows of each group have which label and which decision. All metrics are read off it.

Counts are integers, so pieces add up to the same tensor whatever the split. Only combinations of groups that occur
are kept, so a thousand groups cost what their rows cost, not their product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError

Counts = NDArray[np.int64]

UNFAVOURABLE: Final = 0
FAVOURABLE: Final = 1
ABSENT: Final = 2
"""Places on the label and the decision axis."""

BLOCK = 1 << 16
"""Rows counted at a time: the codes of a block stay in the processor's cache."""

DENSE_LIMIT = 1 << 20
"""Cells above which combinations are found by sorting instead of one array of all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class CountTensor:
    """Counts by group, label and decision.

    Attributes:
        axes: The attributes, in the policy's order.
        levels: For each axis the names of its groups, sorted.
        cells: One row for each combination that occurs: a position in `levels` for each axis. Sorted.
        counts: ``[cell, label, decision]``; positions are `UNFAVOURABLE`, `FAVOURABLE`, `ABSENT`.
    """

    axes: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    cells: NDArray[np.int64]
    counts: Counts

    @classmethod
    def empty(cls, axes: Sequence[str]) -> Self:
        """A tensor without rows."""
        return cls(tuple(axes), ((),) * len(axes), np.zeros((0, len(axes)), np.int64), np.zeros((0, 3, 3), np.int64))

    @property
    def rows(self) -> int:
        """All rows counted, those without a decision included."""
        return int(self.counts.sum())

    def plus(self, other: CountTensor) -> CountTensor:
        """The counts of both. Groups that only one of them has are new groups."""
        if self.axes != other.axes:
            raise InvalidInputError(f"counts by {self.axes} cannot be added to counts by {other.axes}")
        levels = tuple(tuple(sorted({*mine, *theirs})) for mine, theirs in zip(self.levels, other.levels, strict=True))
        cells = np.concatenate([_placed(part, levels) for part in (self, other)])
        return _gathered(self.axes, levels, cells, np.concatenate([self.counts, other.counts]))

    def over(self, axes: Sequence[str]) -> CountTensor:
        """The counts by some of the axes only; the others are summed away."""
        places = [self.axes.index(axis) for axis in axes]
        return _gathered(tuple(axes), tuple(self.levels[place] for place in places), self.cells[:, places], self.counts)

    def relabelled(self, some: CountTensor, label: int) -> CountTensor:
        """The same rows with some of them, which are among them, under another label."""
        moved = np.zeros_like(some.counts)
        moved[:, label, :] = some.counts.sum(axis=1)
        return self.plus(replace(some, counts=moved - some.counts))

    def names(self) -> list[tuple[str, ...]]:
        """The groups of each cell, by name."""
        return [tuple(self.levels[axis][place] for axis, place in enumerate(cell)) for cell in self.cells.tolist()]

    def with_decision(self, source: str) -> CountTensor:
        """The same rows with the label as the decision looked at (``"label"``), or unchanged (``"prediction"``)."""
        if source == "prediction":
            return self
        counts = np.zeros_like(self.counts)
        counts[:, ABSENT, :] = self.counts.sum(axis=2)
        return CountTensor(self.axes, self.levels, self.cells, counts)

    def to_json(self) -> dict[str, Any]:
        """Plain values: to carry a piece's counts from one worker to another."""
        return {
            "axes": list(self.axes),
            "levels": [list(level) for level in self.levels],
            "cells": self.cells.tolist(),
            "counts": self.counts.reshape(-1, 9).tolist(),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The tensor that `to_json` described."""
        axes = tuple(value["axes"])
        return cls(
            axes,
            tuple(tuple(level) for level in value["levels"]),
            np.array(value["cells"], np.int64).reshape(-1, len(axes)),
            np.array(value["counts"], np.int64).reshape(-1, 3, 3),
        )


def _placed(tensor: CountTensor, levels: tuple[tuple[str, ...], ...]) -> NDArray[np.int64]:
    """The tensor's cells as positions in other levels, which hold all of its own."""
    cells = tensor.cells.copy()
    for axis, (mine, wanted) in enumerate(zip(tensor.levels, levels, strict=True)):
        position = {name: place for place, name in enumerate(wanted)}
        lookup = np.array([position[name] for name in mine], np.int64)
        if len(mine):
            cells[:, axis] = lookup[cells[:, axis]]
    return cells


def _gathered(
    axes: tuple[str, ...], levels: tuple[tuple[str, ...], ...], cells: NDArray[np.int64], counts: Counts
) -> CountTensor:
    """A tensor of rows of cells that may repeat: equal ones are added."""
    if not len(cells):
        return CountTensor(axes, levels, cells, counts)
    keys = np.zeros(len(cells), np.int64)
    for axis, level in enumerate(levels):
        keys = keys * max(len(level), 1) + cells[:, axis]
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    return CountTensor(axes, levels, cells[order][starts], np.add.reduceat(counts[order], starts, axis=0))


def count_codes(
    axes: Sequence[str],
    levels: Sequence[Sequence[str]],
    codes: Sequence[NDArray[Any]],
    labels: NDArray[Any] | None,
    decisions: NDArray[Any] | None,
) -> CountTensor:
    """Count rows that are already codes.

    Args:
        axes: Names of the attributes.
        levels: Names of each attribute's groups; distinct, in the order of its codes.
        codes: For each attribute one non-negative integer a row, below the number of its levels.
        labels: 0 unfavourable, 1 favourable, 2 absent, for each row; None: there are no labels.
        decisions: The same for the decisions.
    """
    sizes = [len(level) for level in levels]
    total = 9 * int(np.prod(sizes, dtype=object)) if sizes else 9
    if total >= 1 << 62:
        raise InvalidInputError("the protected attributes have too many groups to be crossed; declare groups or bins")
    rows = len(codes[0]) if codes else len(labels if labels is not None else decisions)  # type: ignore[arg-type]
    columns = [*codes, labels, decisions]
    places = [*sizes, 3, 3]
    dense = np.zeros(total, np.int64) if total <= DENSE_LIMIT else None
    width = np.dtype(np.uint16 if total <= 1 << 16 else np.int64)
    found: list[tuple[NDArray[np.int64], Counts]] = []
    for start in range(0, rows, BLOCK):
        keys = _keys(columns, places, start, min(start + BLOCK, rows), width)
        if dense is not None:
            dense += np.bincount(keys, minlength=total)
        else:
            values, counts = np.unique(keys, return_counts=True)
            found.append((values.astype(np.int64), counts))
    if dense is not None:
        tables = dense.reshape(-1, 3, 3)
        kept = np.flatnonzero(tables.any(axis=(1, 2)))
        return _sorted_levels(axes, levels, kept, tables[kept])
    keys = np.concatenate([piece for piece, _ in found] or [np.zeros(0, np.int64)])
    kept, inverse = np.unique(keys // 9, return_inverse=True)
    tables = np.zeros((len(kept), 9), np.int64)
    np.add.at(tables, (inverse, keys % 9), np.concatenate([count for _, count in found] or [np.zeros(0, np.int64)]))
    return _sorted_levels(axes, levels, kept, tables.reshape(-1, 3, 3))


def _keys(
    columns: Sequence[NDArray[Any] | None], places: Sequence[int], start: int, end: int, width: np.dtype[Any]
) -> NDArray[Any]:
    """One integer for each row: its place in the dense tensor."""
    keys = np.zeros(end - start, width)
    scratch = np.empty(end - start, width)
    for column, size in zip(columns, places, strict=True):
        keys *= width.type(size)
        if column is None:
            keys += width.type(ABSENT)
        else:
            np.copyto(scratch, column[start:end], casting="unsafe")
            keys += scratch
    return keys


def _sorted_levels(
    axes: Sequence[str], levels: Sequence[Sequence[str]], places: NDArray[np.int64], counts: Counts
) -> CountTensor:
    """Cells of dense places, with each axis's groups in the order of their names."""
    cells = np.empty((len(places), len(levels)), np.int64)
    rest = places.copy()
    for axis in range(len(levels) - 1, -1, -1):
        rest, cells[:, axis] = np.divmod(rest, len(levels[axis]))
    named: list[tuple[str, ...]] = []
    for axis, level in enumerate(levels):
        # Groups without a row are dropped: a piece's tensor must not depend on what its columns could have held.
        seen = np.unique(cells[:, axis]).tolist()
        names = sorted({level[place] for place in seen})
        position = {name: place for place, name in enumerate(names)}
        lookup = np.zeros(len(level), np.int64)
        for place in seen:
            lookup[place] = position[level[place]]
        cells[:, axis] = lookup[cells[:, axis]]
        named.append(tuple(names))
    return _gathered(tuple(axes), tuple(named), cells, counts)
