"""All measures of one column from its counts, each either a number or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypedDict

import numpy as np

from syndic.drift.baseline.model import Baseline, CategoricalBaseline, Floats, NumericBaseline
from syndic.drift.counts.histograms import category_histogram, number_histogram
from syndic.drift.counts.model import CategoricalCounts, Counts, NumericCounts
from syndic.drift.counts.moments import baseline_moments, current_moments
from syndic.drift.measures.aside import Aside, categories_aside, numbers_aside
from syndic.drift.measures.bands import Banded, Values, banded, category_values, number_values, of_bins
from syndic.drift.measures.deciles import OverBins, buckets_for, over_bins
from syndic.drift.measures.distances import Bins, gaps, ks_statistic, numeric_bins, wasserstein
from syndic.drift.measures.shares import Share, same_share
from syndic.drift.measures.signs import (
    Sign,
    category_signs,
    examples_of,
    kept_whole,
    largest_tie,
    missing_sign,
    number_signs,
    of_groups,
)
from syndic.drift.models import ChiSquareTest, Histogram, KsTest, Missing, Moments, Unseen
from syndic.models import ColumnKind
from syndic.statistics import two_sample
from syndic.statistics.special import chi_square_sf

FEW_VALUES: Final = 20
"""Numbers with no more distinct values in the baseline are compared value by value, as categories are."""

TIED: Final = 0.05
"""From this share of one value on, the KS test is too careful, and chi-square over the bins takes its place."""

_MANY: Final = 10  # values of one to five expected rows from which they are tested one by one too
_NUMERIC = "the column is numeric"
_TOO_LARGE: Final = "the values are too large for a distance between them"
_CATEGORICAL = "the column is categorical"

Rows = Callable[[str], tuple[Floats, Floats]]
"""The values of a numeric column before and now, where both are available."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers of one column. `tests` holds the p of each test that could be made, by its name.

    `value_psi` compares values one by one which the deciles or bands of `psi` may hold together. `signs` are the
    shares that are judged on their own, by the name of their test. `design` rows count as one in tests and null points.
    """

    kind: ColumnKind
    baseline_rows: int
    current_rows: int
    not_comparable: str | None = None
    other_kind: bool = False
    psi: float | None = None
    psi_null_point: float | None = None
    psi_excess: float = 0.0
    value_psi: float | None = None
    value_psi_null_point: float | None = None
    ks: KsTest = field(default_factory=lambda: KsTest(reason=_CATEGORICAL))
    chi_square: ChiSquareTest = field(default_factory=lambda: ChiSquareTest(reason=_NUMERIC))
    wasserstein: float | None = None
    jensen_shannon: float | None = None
    l_infinity: float | None = None
    missing: Missing = field(default_factory=Missing)
    unseen: Unseen | None = None
    undefined: dict[str, str] = field(default_factory=dict)
    tests: dict[str, float] = field(default_factory=dict)
    signs: Mapping[str, Sign] = field(default_factory=dict)
    design: float = 1.0
    baseline_moments: Moments | None = None
    current_moments: Moments | None = None
    histogram: Histogram | None = None


def measure_columns(
    names: Sequence[str], baseline: Baseline, counts: Counts, buckets: int, rows: Rows | None = None
) -> dict[str, Measured]:
    """Measure columns of a baseline; exactly where the rows of both sides are available."""
    binned = over_bins(names, baseline, counts, buckets)
    return {name: measure(name, baseline, counts, buckets, rows=rows, binned=binned.get(name)) for name in names}


def measure(
    name: str,
    baseline: Baseline,
    counts: Counts,
    buckets: int,
    *,
    rows: Rows | None = None,
    binned: OverBins | None = None,
) -> Measured:
    """Measure one column. What its bins say may be known already (`over_bins`)."""
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
    design = baseline.design(name, counts.group_size)
    if isinstance(known, NumericBaseline) and isinstance(current, NumericCounts):
        counted = _measure_numbers(known, current, before, after, buckets=buckets, design=design, binned=binned)
        return counted if rows is None or counted.ks.statistic is None else _exactly(counted, *rows(name))
    if isinstance(known, CategoricalBaseline) and isinstance(current, CategoricalCounts):
        return _measure_categories(known, current, before, after, design)
    return _nothing(kind, before, after, "the window was counted on another baseline")


def _exactly(counted: Measured, baseline: Floats, current: Floats) -> Measured:
    """The measures that a summary only bounds, from the values themselves."""
    statistic, p_value = two_sample.kolmogorov_smirnov(baseline, current)
    if counted.design > 1.0:
        p_value = _ks_p(statistic, counted.baseline_rows, counted.current_rows, counted.design)
    distance = None if counted.wasserstein is None else two_sample.wasserstein(baseline, current)
    undefined = dict(counted.undefined)
    if distance is None:
        undefined.setdefault("wasserstein", _TOO_LARGE)
    tests = {**counted.tests, "ks": p_value} if "ks" in counted.tests else counted.tests
    return replace(
        counted,
        ks=counted.ks.model_copy(update={"statistic": statistic, "p_value": p_value, "max_error": 0.0}),
        l_infinity=statistic,
        wasserstein=distance,
        undefined=undefined,
        tests=tests,
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


def _left(kind: ColumnKind, before: int, after: int, aside: Aside) -> Measured:
    """A column that is not compared. What became something else is of another kind: nothing is known of it."""
    found = _nothing(kind, before, after, aside.reason)
    return replace(found, other_kind=True) if aside.changed else found


def _measure_numbers(
    known: NumericBaseline,
    current: NumericCounts,
    before: int,
    after: int,
    *,
    buckets: int,
    design: float,
    binned: OverBins | None,
) -> Measured:
    aside = numbers_aside(known, current, after)
    if aside is not None:
        return _left(ColumnKind.NUMERIC, before, after, aside)
    missing = Share(known.missing, before, current.missing, after)
    bins = numeric_bins(known, current, buckets_for(buckets, after)) if binned is None else binned.bins
    empty = "the baseline" if not known.present else "the window" if not current.present else None
    tests: dict[str, float] = {}
    signs: dict[str, Sign] = {}
    test = ChiSquareTest(reason=_NUMERIC)
    gap = alone = distance = None
    if empty:
        ks = KsTest(reason=f"{empty} has no present value")
    else:
        values = number_values(known, current)
        whole = banded(values) if kept_whole(known) else None
        alone = whole if known.distinct <= FEW_VALUES else None
        between = gaps(known, current)
        gap, distance = ks_statistic(between), wasserstein(known, current, between)
        ks = KsTest(statistic=gap, p_value=_ks_p(gap, known.present, current.present, design), max_error=known.gap)
        if alone is not None or (known.exact and largest_tie(known) >= TIED):
            test = _chi_square(alone or banded(of_bins(bins, present=not missing.rows)), tests, design)
        elif ks.p_value is not None:
            tests["ks"] = ks.p_value
            _by_deciles(known, bins, missing, tests, design=design, binned=binned)
        signs = number_signs(known, current, values, whole, few=alone is not None)
    undefined = {"l_infinity": f"{empty} has no present value"} if empty else {}
    if distance is None:
        undefined["wasserstein"] = _no_distance(known, current, empty)
    value_bins = None if alone is None else _with_missing(alone.bins, missing)
    return Measured(
        kind=ColumnKind.NUMERIC,
        baseline_rows=before,
        current_rows=after,
        **_effect(bins, before, after, design, binned),
        value_psi=None if value_bins is None else two_sample.psi(*value_bins.sides),
        value_psi_null_point=None
        if value_bins is None
        else design * two_sample.psi_null_point(before, after, _filled(value_bins)),
        ks=ks,
        chi_square=test,
        wasserstein=distance,
        l_infinity=gap,
        missing=_missing(missing, tests, design),
        undefined=undefined,
        tests=tests,
        signs=of_groups(missing_sign(missing) | signs, design),
        design=design,
        baseline_moments=baseline_moments(known),
        current_moments=current_moments(known, current),
        histogram=number_histogram(known, current),
    )


def _measure_categories(
    known: CategoricalBaseline, current: CategoricalCounts, before: int, after: int, design: float
) -> Measured:
    aside = categories_aside(known, current, after)
    if aside is not None:
        return _left(ColumnKind.CATEGORICAL, before, after, aside)
    missing = Share(known.missing, before, current.missing, after)
    values = category_values(known, current)
    binned = banded(values)
    bins = _with_missing(binned.bins, missing)
    tests: dict[str, float] = {}
    test = _chi_square(binned, tests, design)
    value_psi, null_point = _many_values(values, binned, tests, design)
    return Measured(
        kind=ColumnKind.CATEGORICAL,
        baseline_rows=before,
        current_rows=after,
        **_effect(bins, before, after, design),
        value_psi=value_psi,
        value_psi_null_point=null_point,
        chi_square=test,
        l_infinity=two_sample.l_infinity(*bins.sides),
        missing=_missing(missing, tests, design),
        unseen=_unseen(known, current, after),
        undefined={"wasserstein": _CATEGORICAL},
        tests=tests,
        signs=of_groups(missing_sign(missing) | category_signs(known, current, values, binned), design),
        design=design,
        histogram=category_histogram(known, current),
    )


class _Effect(TypedDict):
    psi: float
    psi_null_point: float
    psi_excess: float
    jensen_shannon: float


def _effect(bins: Bins, before: int, after: int, design: float, binned: OverBins | None = None) -> _Effect:
    filled = _filled(bins)
    value = two_sample.psi(*bins.sides) if binned is None else binned.psi
    return {
        "psi": value,
        "psi_null_point": design * two_sample.psi_null_point(before, after, filled),
        "psi_excess": max(0.0, value - design * two_sample.psi_null_mean(before, after, filled)),
        "jensen_shannon": two_sample.jensen_shannon(*bins.sides) if binned is None else binned.jensen_shannon,
    }


def _filled(bins: Bins) -> int:
    return int(np.count_nonzero(bins.baseline + bins.current))


def _ks_p(gap: float, before: int, after: int, design: float) -> float:
    """P of the KS statistic, `design` rows counting as one."""
    return two_sample.kolmogorov_smirnov_p(gap, before / design, after / design)


def _fewer(found: tuple[float, int, float], design: float) -> tuple[float, int, float]:
    """A chi-square test of rows of which `design` count as one: Rao and Scott's first-order correction (1984)."""
    statistic, degrees, _ = found
    return (
        found
        if design <= 1.0 or degrees < 1
        else (statistic / design, degrees, chi_square_sf(statistic / design, degrees))
    )


def _chi_square(values: Banded, tests: dict[str, float], design: float) -> ChiSquareTest:
    """The test over the values, which is one of the column's tests when it can be made."""
    found = values.chi_square()
    if found is None:
        return ChiSquareTest(reason="no more than one category is frequent enough to be compared")
    statistic, degrees, p = _fewer(found, design)
    tests["chi_square"] = p
    return ChiSquareTest(statistic=statistic, degrees=degrees, p_value=p)


def _by_deciles(
    known: NumericBaseline,
    bins: Bins,
    missing: Share,
    tests: dict[str, float],
    *,
    design: float,
    binned: OverBins | None,
) -> None:
    """Chi-square over the deciles, beside KS: a change of spread or shape has a large PSI and a small gap.

    Not on a baseline that was rebuilt from a sketch, whose deciles are off by the sketch's error.
    """
    if not known.exact:
        return
    found: tuple[float, int, float] | None = None if binned is None else binned.chi_square
    if found is None:
        found = banded(of_bins(bins, present=not missing.rows)).chi_square()
    if found is not None:
        tests["deciles"] = _fewer(found, design)[2]


def _many_values(
    values: Values, binned: Banded, tests: dict[str, float], design: float
) -> tuple[float | None, float | None]:
    """PSI over values that bands hold together, less what chance adds to it, and its null point.

    Such as 200 values of a like frequency, of which 40 stop: the bands do not see it. Chi-square holds its level over
    many bins of one to five expected rows, and PSI is about ``(1/N + 1/M)`` times it. None where the bands hold few.
    """
    finer = banded(values, expected=1.0)
    if finer.alone < binned.alone + _MANY:
        return None, None
    found = finer.chi_square()
    if found is None:
        return None, None
    statistic, degrees, _ = found
    tests["values"] = _fewer(found, design)[2]
    before, after = values.rows
    chance = design * (1.0 / before + 1.0 / after) * degrees
    null_point = design * two_sample.psi_null_point(before, after, degrees + 1) - chance
    return max(0.0, (1.0 / before + 1.0 / after) * statistic - chance), null_point


def _missing(share: Share, tests: dict[str, float], design: float) -> Missing:
    """The shares of missing values, and their test when any value is missing."""
    p = same_share(share.thinned(design))
    if p is not None:
        tests["missing"] = p
    return Missing(baseline=share.before, current=share.now, p_value=p)


def _with_missing(bins: Bins, missing: Share) -> Bins:
    """The bins, and a last one of missing values when there are any."""
    if not missing.rows:
        return bins
    return Bins(np.append(bins.baseline, missing.baseline), np.append(bins.current, missing.current))


def _no_distance(known: NumericBaseline, current: NumericCounts, empty: str | None) -> str:
    if empty:
        return f"{empty} has no present value"
    if known.infinite or current.infinite:
        return "infinite values have no finite distance"
    if known.std:
        return _TOO_LARGE
    return "the baseline is constant: it has no standard deviation to measure in"


def _unseen(known: CategoricalBaseline, current: CategoricalCounts, after: int) -> Unseen:
    if not known.complete:
        return Unseen(
            reason=f"the baseline has more than the {len(known.levels)} values that are kept: "
            f"an unlisted value may be a rare or a new one"
        )
    return Unseen(share=current.unlisted / after, examples=examples_of(current))
