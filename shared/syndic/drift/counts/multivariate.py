"""Multivariate drift: do the columns still hang together as they did? By reconstruction error of a PCA.

A PCA is fitted on the standardised numeric columns of the baseline. A window whose columns each look right but whose
correlations changed is reconstructed worse (or better) than the baseline was.
Source: the method NannyML calls data reconstruction; Jolliffe, Principal Component Analysis, 2002.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from syndic.drift.baseline.model import Baseline, Floats, NumericBaseline, Reconstruction
from syndic.drift.counts.model import COARSE, FINE, ErrorSums
from syndic.windows import Categories, Window

EXPLAINED = 0.65
"""Share of the variance that the kept components explain at least."""

MOST_COLUMNS = 200
_BLOCK = 4_096
_FAR = 20.0  # standard deviations; a more extreme outlier would alone decide the error


def fit(pieces: Iterable[Window], baseline: Baseline) -> Reconstruction | None:
    """Fit on the rows the baseline was made of. None with fewer than three usable columns or too few rows."""
    names = tuple(
        name
        for name, column in baseline.columns.items()
        if isinstance(column, NumericBaseline) and column.std > 0 and not column.infinite
    )[:MOST_COLUMNS]
    if len(names) < 3 or baseline.rows < 10 * len(names):
        return None
    kept = [piece for piece in pieces if all(_numeric(piece, name) for name in names)]
    products = np.zeros((len(names), len(names)))
    rows = 0
    for piece in kept:
        for block in _blocks(piece, baseline, names):
            products += block.T @ block
            rows += len(block)
    if rows == 0:
        return None
    values, vectors = np.linalg.eigh(products / rows)
    order = np.argsort(values)[::-1]
    explained = np.cumsum(values[order]) / values.sum()
    size = min(int(np.searchsorted(explained, EXPLAINED)) + 1, len(names) - 1)
    components = np.round(vectors[:, order[:size]], 12)
    errors = np.concatenate([_errors(block, components) for piece in kept for block in _blocks(piece, baseline, names)])
    return Reconstruction(names, components, float(errors.mean()), float(errors.std()), rows)


def error_sums(piece: Window, baseline: Baseline, reconstruction: Reconstruction) -> ErrorSums:
    """Sums of the errors of a piece's rows; no row when a column is missing from the piece."""
    if not all(_numeric(piece, name) for name in reconstruction.columns):
        return ErrorSums()
    total = squares = rows = 0
    for block in _blocks(piece, baseline, reconstruction.columns):
        errors = _errors(block, reconstruction.components)
        rows += len(errors)
        total += int(np.rint(errors * FINE).sum())
        squares += int(np.rint(errors * errors * COARSE).sum())
    return ErrorSums(rows, total, squares)


def row_errors(piece: Window, baseline: Baseline, reconstruction: Reconstruction) -> Floats | None:
    """The reconstruction error of each row; None when a column is missing from the piece."""
    if not piece.rows or not all(_numeric(piece, name) for name in reconstruction.columns):
        return None
    blocks = _blocks(piece, baseline, reconstruction.columns)
    return np.concatenate([_errors(block, reconstruction.components) for block in blocks])


def error_change(reconstruction: Reconstruction, sums: ErrorSums) -> tuple[float, float, float]:
    """Mean error of the window, its change in baseline standard deviations, and p of no change.

    0 change: the columns hang together as before. p is of the two-sample z test of the mean error, two-sided.
    """
    mean = sums.total / FINE / sums.rows
    variance = max(0.0, sums.squares / COARSE / sums.rows - mean * mean)
    spread = reconstruction.error_std or 1.0
    error = math.sqrt(reconstruction.error_std**2 / reconstruction.rows + variance / sums.rows)
    z = abs(mean - reconstruction.error_mean) / error if error > 0 else 0.0
    return round(mean, 6), round((mean - reconstruction.error_mean) / spread, 6), math.erfc(z / math.sqrt(2.0))


def _numeric(piece: Window, name: str) -> bool:
    return name in piece.columns and not isinstance(piece.columns[name], Categories)


def _blocks(piece: Window, baseline: Baseline, names: tuple[str, ...]) -> Iterable[Floats]:
    for start in range(0, piece.rows, _BLOCK):
        block = np.empty((min(_BLOCK, piece.rows - start), len(names)))
        for place, name in enumerate(names):
            known = baseline.columns[name]
            column = piece.numeric(name)[start : start + _BLOCK]
            if isinstance(known, NumericBaseline):
                block[:, place] = (column - known.mean) / known.std
        yield np.clip(np.nan_to_num(block, nan=0.0), -_FAR, _FAR)


def _errors(block: Floats, components: Floats) -> Floats:
    rest: Floats = block - (block @ components) @ components.T
    return np.sqrt((rest * rest).sum(axis=1))
