"""Numeric columns over their quantile bins, all columns together: a call for each costs more than what it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from syndic.drift.baseline.model import Baseline, NumericBaseline
from syndic.drift.counts.model import Counts, NumericCounts
from syndic.drift.measures.bands import alone_from, surely_listed
from syndic.drift.measures.distances import Bins, numeric_bins
from syndic.statistics import many_tables
from syndic.statistics.two_sample import ChiSquare


@dataclass(frozen=True, slots=True)
class OverBins:
    """What a column's bins say. `chi_square` is None where they must be banded first: some have too few rows."""

    bins: Bins
    psi: float
    jensen_shannon: float
    chi_square: ChiSquare | None


def over_bins(names: Iterable[str], baseline: Baseline, counts: Counts, buckets: int) -> dict[str, OverBins]:
    """The measures of those columns that have no missing value and no empty bin; others are measured one by one."""
    alike: defaultdict[int, dict[str, Bins]] = defaultdict(dict)
    for name in names:
        known, current = baseline.columns.get(name), counts.columns.get(name)
        if not (isinstance(known, NumericBaseline) and isinstance(current, NumericCounts)):
            continue
        if not (known.present and current.present) or known.missing or current.missing:
            continue
        bins = numeric_bins(known, current, buckets_for(buckets, current.present))
        if len(bins.baseline) > 1:
            alike[len(bins.baseline)][name] = bins
    found: dict[str, OverBins] = {}
    for columns in alike.values():
        found |= _measured(columns)
    return found


def buckets_for(buckets: int, rows: int) -> int:
    """Fewer buckets for few rows, so that at least five are expected in each."""
    return max(2, min(buckets, rows // 5))


def _measured(columns: dict[str, Bins]) -> dict[str, OverBins]:
    before = np.array([bins.baseline for bins in columns.values()])
    after = np.array([bins.current for bins in columns.values()])
    full = (before > 0).all(axis=1) & (after > 0).all(axis=1)
    before, after = before[full], after[full]
    if not len(before):
        return {}
    fewest = (before + after).min(axis=1).tolist()
    rows = zip(before.sum(axis=1).tolist(), after.sum(axis=1).tolist(), strict=True)
    alone = [
        least >= alone_from(one, other, surely_listed(0, one / (one + other)))
        for least, (one, other) in zip(fewest, rows, strict=True)
    ]
    tables = before, after
    distances, tests = many_tables.jensen_shannon_of_each(*tables), many_tables.chi_square_of_each(*tables)
    numbers = zip(many_tables.psi_of_each(*tables), distances, tests, alone, strict=True)
    names = [name for name, whole in zip(columns, full.tolist(), strict=True) if whole]
    return {
        name: OverBins(columns[name], psi, distance, test if every else None)
        for name, (psi, distance, test, every) in zip(names, numbers, strict=True)
    }
