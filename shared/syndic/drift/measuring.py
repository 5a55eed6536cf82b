"""All measures of one column from its counts, each either a number or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from syndic.drift.baseline import Baseline, CategoricalBaseline, Floats, NumericBaseline
from syndic.drift.counts import COARSE, FINE, CategoricalCounts, Counts, NumericCounts
from syndic.drift.exact import ks_exact, wasserstein_exact
from syndic.drift.histograms import category_histogram, number_histogram
from syndic.drift.measures import (
    Bins,
    category_bins,
    chi_square,
    jensen_shannon,
    ks_p_value,
    ks_statistic,
    l_infinity,
    missing_test,
    numeric_bins,
    pooled,
    psi,
    psi_null_mean,
    psi_null_point,
    wasserstein,
)
from syndic.drift.models import ChiSquareTest, Histogram, KsTest, Missing, Moments, Unseen
from syndic.models import ColumnKind

_SHOWN_EXAMPLES = 5
_NUMERIC = "the column is numeric"
_CATEGORICAL = "the column is categorical"


Rows = Callable[[str], tuple[Floats, Floats]]
"""The values of a numeric column before and now, where both are at hand."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers of one column. `tests` holds the p of each test that could be made, by its name."""

    kind: ColumnKind
    baseline_rows: int
    current_rows: int
    not_comparable: str | None = None
    psi: float | None = None
    psi_null_point: float | None = None
    psi_excess: float = 0.0
    ks: KsTest = field(default_factory=lambda: KsTest(reason=_CATEGORICAL))
    chi_square: ChiSquareTest = field(default_factory=lambda: ChiSquareTest(reason=_NUMERIC))
    wasserstein: float | None = None
    jensen_shannon: float | None = None
    l_infinity: float | None = None
    missing: Missing = field(default_factory=Missing)
    unseen: Unseen | None = None
    undefined: dict[str, str] = field(default_factory=dict)
    tests: dict[str, float] = field(default_factory=dict)
    baseline_moments: Moments | None = None
    current_moments: Moments | None = None
    histogram: Histogram | None = None


def measure(name: str, baseline: Baseline, counts: Counts, buckets: int, rows: Rows | None = None) -> Measured:
    """Measure one column of a baseline; exactly where the rows of both sides are at hand."""
    known, current = baseline.columns[name], counts.columns.get(name)
    kind = baseline.kind(name)
    before = known.present + known.missing
    if name in counts.other_kinds:
        came = counts.other_kinds[name].value
        return _nothing(kind, before, counts.rows, f"the baseline is {kind.value}, the window came as {came}")
    if current is None:
        return _nothing(kind, before, counts.rows, "the window does not have this column")
    after = current.present + current.missing
    if before == 0 or after == 0:
        unread = before > 0 and name in counts.intake.unread
        empty = f"the {'baseline' if before == 0 else 'window'} has no rows"
        why = "the side of the calls that holds it could not be read" if unread else empty
        return _nothing(kind, before, after, why, missing=unread)
    if isinstance(known, NumericBaseline) and isinstance(current, NumericCounts):
        counted = _measure_numbers(known, current, before, after, buckets)
        return counted if rows is None or counted.ks.statistic is None else _exactly(counted, *rows(name))
    if isinstance(known, CategoricalBaseline) and isinstance(current, CategoricalCounts):
        return _measure_categories(known, current, before, after)
    return _nothing(kind, before, after, "the window was counted on another baseline")


def _exactly(counted: Measured, baseline: Floats, current: Floats) -> Measured:
    """The measures that a summary only bounds, from the values themselves."""
    statistic, p_value = ks_exact(baseline, current)
    distance = None if counted.wasserstein is None else wasserstein_exact(baseline, current)
    return replace(
        counted,
        ks=KsTest(statistic=statistic, p_value=p_value, max_error=0.0),
        l_infinity=statistic,
        wasserstein=distance,
        tests={**counted.tests, "ks": p_value},
    )


def _nothing(kind: ColumnKind, before: int, after: int, reason: str, *, missing: bool = True) -> Measured:
    names = ("psi", "wasserstein", "jensen_shannon", "l_infinity")
    return Measured(
        kind=kind,
        baseline_rows=before,
        current_rows=after,
        not_comparable=reason if missing else None,
        ks=KsTest(reason=reason),
        chi_square=ChiSquareTest(reason=reason),
        undefined=dict.fromkeys((*names, "missing"), reason),
    )


def _measure_numbers(known: NumericBaseline, current: NumericCounts, before: int, after: int, buckets: int) -> Measured:
    if known.identifier:
        return _nothing(ColumnKind.NUMERIC, before, after, "the values are running numbers: an identifier")
    bins = numeric_bins(known, current, _buckets(buckets, after))
    undefined: dict[str, str] = {}
    tests: dict[str, float] = {}
    empty = "the baseline" if not known.present else "the window" if not current.present else None
    if empty:
        ks = KsTest(reason=f"{empty} has no present value")
        gap = None
        undefined["l_infinity"] = f"{empty} has no present value"
    else:
        gap = ks_statistic(known, current)
        tests["ks"] = ks_p_value(gap, known.present, current.present)
        ks = KsTest(statistic=gap, p_value=tests["ks"], max_error=known.gap)
    distance = None if empty else wasserstein(known, current)
    if distance is None:
        undefined["wasserstein"] = _no_distance(known, current, empty)
    p_missing = missing_test(known, current)
    if p_missing is not None:
        tests["missing"] = p_missing
    filled = _filled(bins)
    return Measured(
        kind=ColumnKind.NUMERIC,
        baseline_rows=before,
        current_rows=after,
        psi=psi(bins),
        psi_null_point=psi_null_point(before, after, filled),
        psi_excess=max(0.0, psi(bins) - psi_null_mean(before, after, filled)),
        ks=ks,
        wasserstein=distance,
        jensen_shannon=jensen_shannon(bins),
        l_infinity=gap,
        missing=Missing(baseline=known.missing / before, current=current.missing / after, p_value=p_missing),
        undefined=undefined,
        tests=tests,
        baseline_moments=Moments(
            mean=known.mean if known.low is not None else None,
            std=known.std if known.low is not None else None,
            min=known.low,
            max=known.high,
            infinite=known.infinite,
        ),
        current_moments=_current_moments(known, current),
        histogram=number_histogram(known, current),
    )


def _measure_categories(known: CategoricalBaseline, current: CategoricalCounts, before: int, after: int) -> Measured:
    if known.identifier:
        said = f"nearly every row has a value of its own ({known.distinct} or more values): an identifier"
        return _nothing(ColumnKind.CATEGORICAL, before, after, said)
    if known.dates:
        said = "the values are dates or times: a later window cannot hold the same ones"
        return _nothing(ColumnKind.CATEGORICAL, before, after, said)
    bins = category_bins(known, current)
    sparse = pooled(bins)
    undefined = {"wasserstein": _CATEGORICAL}
    if _filled(sparse) >= 2:
        statistic, degrees, p = chi_square(sparse)
        test = ChiSquareTest(statistic=statistic, degrees=degrees, p_value=p)
        tests = {"chi_square": p}
    else:
        test = ChiSquareTest(reason="there is only one category after sparse ones are pooled")
        tests = {}
    value = psi(sparse)
    return Measured(
        kind=ColumnKind.CATEGORICAL,
        baseline_rows=before,
        current_rows=after,
        psi=value,
        psi_null_point=psi_null_point(before, after, _filled(sparse)),
        psi_excess=max(0.0, value - psi_null_mean(before, after, _filled(sparse))),
        chi_square=test,
        jensen_shannon=jensen_shannon(bins),
        l_infinity=l_infinity(bins),
        missing=Missing(baseline=known.missing / before, current=current.missing / after),
        unseen=_unseen(known, current, after),
        undefined=undefined,
        tests=tests,
        histogram=category_histogram(known, current),
    )


def _buckets(buckets: int, rows: int) -> int:
    """Fewer buckets for few rows, so that at least five are expected in each."""
    return max(2, min(buckets, rows // 5))


def _filled(bins: Bins) -> int:
    return int(np.count_nonzero(bins.baseline + bins.current))


def _no_distance(known: NumericBaseline, current: NumericCounts, empty: str | None) -> str:
    if empty:
        return f"{empty} has no present value"
    if known.infinite or current.infinite:
        return "infinite values have no finite distance"
    if known.std:
        return "the values are too large for a distance between them"
    return "the baseline is constant: it has no standard deviation to measure in"


def _unseen(known: CategoricalBaseline, current: CategoricalCounts, after: int) -> Unseen:
    if not known.complete:
        return Unseen(
            reason=f"the baseline has more than the {len(known.levels)} values that are kept: "
            f"an unlisted value may be a rare or a new one"
        )
    frequent = sorted(current.examples.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN_EXAMPLES]
    return Unseen(share=current.unlisted / after, examples=tuple(level for level, _ in frequent))


def _current_moments(known: NumericBaseline, current: NumericCounts) -> Moments:
    finite = current.present - current.infinite
    if finite == 0:
        return Moments(infinite=current.infinite)
    scale = known.std or 1.0
    mean = current.total / FINE / finite
    variance = max(0.0, current.squares / COARSE / finite - mean * mean)
    return Moments(
        mean=_finite(known.mean + scale * mean),
        std=_finite(scale * variance**0.5),
        min=current.low,
        max=current.high,
        infinite=current.infinite,
    )


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
