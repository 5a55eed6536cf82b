"""Measures against scipy and against slow definitions written here from the formulas."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special, stats
from scipy.spatial import distance

from syndic.drift.baseline.model import NumericBaseline
from syndic.drift.baseline.summary import summarise_numbers
from syndic.drift.counts.cells import quantile_places
from syndic.drift.counts.count_rows import count_categories, count_numbers
from syndic.drift.measures.bands import banded, category_values, surely_listed
from syndic.drift.measures.distances import Bins, gaps, ks_statistic, numeric_bins, wasserstein
from syndic.drift.measures.shares import Share, larger_share, same_share
from syndic.errors import InvalidInputError
from syndic.statistics import two_sample
from syndic.statistics.multiplicity import benjamini_hochberg, holm
from syndic.statistics.special import chi_square_point, chi_square_sf, kolmogorov_sf
from syndic.statistics.two_by_two import fisher
from syndic.statistics.two_sample import chi_square, jensen_shannon, kolmogorov_smirnov, l_infinity, psi, psi_null_point
from syndic.windows.tables.dataframe import categories_of
from tests.unit.drift.shapes import Pair, pairs

CASES = settings(max_examples=500, deadline=None)


def scipy_ks(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """scipy's statistic. Its p, which is not asked for here, divides by zero for a handful of values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(stats.ks_2samp(before, after, method="asymp").statistic)


def present(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[~np.isnan(values)]


@CASES
@given(pairs())
def test_exact_ks_and_wasserstein_equal_scipy(pair: Pair) -> None:
    before, after = present(pair.before), present(pair.after)
    if not len(before) or not len(after):
        with pytest.raises(InvalidInputError, match="without any value"):
            kolmogorov_smirnov(pair.before, pair.after)
        return
    statistic, p = kolmogorov_smirnov(pair.before, pair.after)
    assert statistic == pytest.approx(scipy_ks(before, after), abs=1e-12)
    size = len(before) * len(after) / (len(before) + len(after))
    assert p == pytest.approx(special.kolmogorov(math.sqrt(size) * statistic), abs=1e-9)
    found = two_sample.wasserstein(pair.before, pair.after)
    if before.min() == before.max():
        assert found is None
    else:
        assert found is not None
        # scipy's own sum is exact to a few units in the last place of the values themselves.
        scale = max(1.0, float(np.abs(before).max()) / before.std())
        wanted = stats.wasserstein_distance(before - before[0], after - before[0]) / before.std()
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-13 * scale)


@CASES
@given(pairs())
def test_summary_ks_is_within_a_thousandth_under_the_exact_one(pair: Pair) -> None:
    before, after = present(pair.before), present(pair.after)
    if not len(before) or not len(after):
        return
    summary = summarise_numbers(pair.before)
    found = ks_statistic(gaps(summary, count_numbers(pair.after, summary)))
    exact = scipy_ks(before, after)
    assert found <= exact + 1e-12
    assert exact - found <= summary.gap + 1e-12
    assert summary.gap <= 1 / 1024
    if len(np.unique(before)) <= 1029 and set(after) <= set(before):
        assert found == pytest.approx(exact, abs=1e-12)


def slow_psi(before: list[str], after: list[str]) -> float:
    """PSI from the rows' bin names, by the formula; an empty bin counts half a row."""
    e, a = Counter(before), Counter(after)
    names = sorted(e.keys() | a.keys())
    e_counts = [e[name] or 0.5 for name in names]
    a_counts = [a[name] or 0.5 for name in names]
    total = 0.0
    for one, other in zip(e_counts, a_counts, strict=True):
        share_e, share_a = one / sum(e_counts), other / sum(a_counts)
        total += (share_a - share_e) * (math.log(share_a) - math.log(share_e))
    return total


def bin_names(
    values: NDArray[np.float64], summary: NumericBaseline, buckets: int, baseline: NDArray[np.float64]
) -> list[str]:
    """The name of each row's bin: that of its quantiles, and its side of a value that the baseline has there alone."""
    edges = [float(summary.edges[place]) for place in quantile_places(summary, buckets)]

    def bucket(value: float) -> int:
        return sum(value > edge for edge in edges)

    held: dict[int, Counter[float]] = {}
    for value in present(baseline).tolist():
        held.setdefault(bucket(value), Counter())[value] += 1

    def name(value: float) -> str:
        if math.isnan(value):
            return "missing"
        inside = held.get(bucket(value), Counter())
        alone = min(inside) if len(inside) == 1 else None
        if alone is None or (inside[alone] < 5 and not summary.constant) or value == alone:
            return str(bucket(value))
        return f"{bucket(value)} {'below' if value < alone else 'above'}"

    return [name(value) for value in values.tolist()]


@CASES
@given(pairs(largest=600), st.integers(2, 20))
def test_psi_and_jensen_shannon_of_numbers_equal_the_slow_definitions(pair: Pair, buckets: int) -> None:
    summary = summarise_numbers(pair.before)
    bins = numeric_bins(summary, count_numbers(pair.after, summary), buckets)
    if not len(present(pair.before)):
        return
    before = pair.before
    names = bin_names(before, summary, buckets, before), bin_names(pair.after, summary, buckets, before)
    assert psi(*bins.sides) == pytest.approx(slow_psi(*names), abs=1e-9)
    every = sorted({*names[0], *names[1]})
    e, a = ([Counter(side)[name] for name in every] for side in names)
    assert jensen_shannon(*bins.sides) == pytest.approx(distance.jensenshannon(e, a, base=2), abs=1e-7)
    assert jensen_shannon(*bins.sides) ** 2 == pytest.approx(distance.jensenshannon(e, a, base=2) ** 2, abs=1e-9)


def test_psi_edges_are_the_baseline_deciles() -> None:
    values = np.random.default_rng(3).normal(size=5_000)
    summary = summarise_numbers(values)
    edges = summary.edges[quantile_places(summary, 10)]
    wanted = np.quantile(values, np.arange(1, 10) / 10, method="inverted_cdf")
    assert edges.tolist() == wanted.tolist()


def slow_bins(before: list[str], after: list[str]) -> dict[str, str]:
    """The bin of each value, from the rows of both sides: alone, in a band of like frequency, or rare."""
    known, both = set(before), Counter(before + after)
    total, smaller = len(before) + len(after), min(len(before), len(after)) / (len(before) + len(after))
    surely = 1
    while (len(after) / total) ** surely > 1e-3:
        surely += 1
    bands: dict[int, list[str]] = {}
    found = {}
    for value, rows in both.items():
        if value not in known:
            found[value] = "rare"
        elif rows * smaller >= 5 and rows >= surely:
            found[value] = value
        else:
            bands.setdefault(math.floor(math.log2(rows / surely)) if rows >= surely else -1, []).append(value)
    carried: list[str] = []
    few, last = bands.pop(-1, []), None
    for band in sorted(bands, reverse=True):
        carried += bands[band]
        if sum(both[value] for value in carried) * smaller < 5:
            continue
        last = f"band {band}"
        found |= dict.fromkeys(carried, last)
        carried = []
    return found | dict.fromkeys(few, "rare") | dict.fromkeys(carried, last or "rare")


@CASES
@given(
    st.lists(st.sampled_from("aaaaaaaabbbbccdefgh"), min_size=1, max_size=400),
    st.lists(st.sampled_from("aaaaaaaabbbbccdefghxyz"), min_size=1, max_size=400),
)
def test_categorical_measures_equal_scipy_and_the_slow_definitions(before: list[str], after: list[str]) -> None:
    from syndic.drift.baseline.summary import _LevelCount

    counter = _LevelCount()
    counter.add(categories_of(before))
    summary = counter.summary()
    found = banded(category_values(summary, count_categories(categories_of(after), summary)))
    bins, names = found.bins, slow_bins(before, after)
    sides = [names[value] for value in before], [names[value] for value in after]
    assert psi(*bins.sides) == pytest.approx(slow_psi(*sides), abs=1e-9)
    every = sorted({*sides[0], *sides[1]})
    e, a = ([Counter(side)[name] for name in every] for side in sides)
    assert sorted(zip(e, a, strict=True)) == sorted(zip(bins.baseline.tolist(), bins.current.tolist(), strict=True))
    assert l_infinity(*bins.sides) == pytest.approx(
        max(abs(x / sum(e) - y / sum(a)) for x, y in zip(e, a, strict=True)), abs=1e-12
    )
    assert (found.rare.baseline, found.rare.current) == tuple(Counter(side)["rare"] for side in sides)
    kept = [
        name for name in every if name != "rare" or found.rare.rows * min(len(before), len(after)) >= 5 * sum(e + a)
    ]
    table = np.array([[Counter(side)[name] for name in kept] for side in sides])
    if len(kept) > 1 and table.sum(axis=1).all():
        wanted = stats.chi2_contingency(table, correction=False)
        assert wanted.expected_freq.min() >= 5 or len(kept) < len(every)
        statistic, degrees, p = found.chi_square() or (None, None, None)
        assert (statistic, degrees) == (pytest.approx(wanted.statistic, abs=1e-9), wanted.dof)
        assert p == pytest.approx(wanted.pvalue, abs=1e-9)
    else:
        assert found.chi_square() is None


@pytest.mark.parametrize(
    ("listed", "share"), [(0, 0.99), (0, 0.5), (0, 0.09), (1, 0.9), (7, 0.3), (60, 0.8), (300, 0.8)]
)
def test_a_value_that_is_surely_listed_is_seldom_overlooked(listed: int, share: float) -> None:
    rows = math.ceil(surely_listed(listed, share))
    assert stats.binom.cdf(listed, rows, share) <= 1.5e-3
    assert stats.binom.cdf(listed, int(0.9 * rows) - 1, share) > 1e-3


@CASES
@given(pairs())
def test_summary_wasserstein_is_close_to_the_exact_one(pair: Pair) -> None:
    before, after = present(pair.before), present(pair.after)
    if len(before) < 2 or not len(after) or before.min() == before.max() or pair.shape == "huge":
        return
    summary = summarise_numbers(pair.before)
    counted = count_numbers(pair.after, summary)
    found = wasserstein(summary, counted, gaps(summary, counted))
    exact = two_sample.wasserstein(pair.before, pair.after)
    assert found is not None
    assert exact is not None
    # Rows of the window between two edges are taken as spread evenly: at most the share there times the gap's width.
    widths = np.diff(summary.edges) / summary.std
    inner = np.histogram(after, np.append(summary.edges, np.inf))[0][:-1] / len(after) if len(widths) else np.zeros(0)
    bound = float(np.sum(widths * (inner + 2 / 1030))) + 1e-9
    beyond = [x for x in after if x < summary.edges[0] or x > summary.edges[-1]]
    if not beyond:
        assert abs(found - exact) <= bound
    else:
        assert found <= exact + bound


@settings(max_examples=300, deadline=None)
@given(st.floats(0, 40), st.integers(1, 400))
def test_closed_forms_equal_scipy(x: float, degrees: int) -> None:
    assert kolmogorov_sf(x) == pytest.approx(special.kolmogorov(x), abs=1e-12)
    assert chi_square_sf(x * 10, degrees) == pytest.approx(special.chdtrc(degrees, x * 10), rel=1e-9, abs=1e-14)
    assert chi_square_point(0.95, degrees) == pytest.approx(stats.chi2.ppf(0.95, degrees), rel=1e-9)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_corrections_equal_their_definitions(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(stats.false_discovery_control(p_values).tolist(), abs=1e-12)
    ranked, running = sorted(p_values), 0.0
    strict = sorted(holm(p_values))
    for place, p in enumerate(ranked):
        running = max(running, min(1.0, p * (len(ranked) - place)))
        assert strict[place] == pytest.approx(running, abs=1e-12)


def test_the_null_point_holds_for_samples_without_change() -> None:
    random = np.random.default_rng(11)
    baseline = summarise_numbers(random.normal(size=20_000))
    under = 0
    for _ in range(400):
        current = count_numbers(random.normal(size=1_000), baseline)
        under += psi(*numeric_bins(baseline, current, 10).sides) <= psi_null_point(20_000, 1_000, 10)
    assert 0.92 <= under / 400 <= 0.98


def test_equal_shares_of_different_sizes_give_zero() -> None:
    bins = Bins(np.array([100, 300, 600]), np.array([10, 30, 60]))
    assert psi(*bins.sides) == pytest.approx(0.0, abs=1e-15)
    assert jensen_shannon(*bins.sides) == pytest.approx(0.0, abs=1e-9)
    assert chi_square(*bins.sides).statistic == pytest.approx(0.0, abs=1e-12)


def test_an_empty_bin_counts_half_a_row() -> None:
    bins = Bins(np.array([900, 100]), np.array([1000, 0]))
    share = 0.5 / 1000.5
    wanted = (share - 0.1) * math.log(share / 0.1) + ((1 - share) - 0.9) * math.log((1 - share) / 0.9)
    assert psi(*bins.sides) == pytest.approx(wanted, abs=1e-12)


def test_a_zero_one_column_that_flips_is_not_hidden_by_tied_edges() -> None:
    baseline = summarise_numbers(np.repeat([0.0, 1.0], [900, 100]))
    bins = numeric_bins(baseline, count_numbers(np.repeat([0.0, 1.0], [100, 900]), baseline), 10)
    assert [count for count in bins.baseline.tolist() if count] == [900, 100]
    assert [count for count in bins.current.tolist() if count] == [100, 900]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda x: np.where(x == 0, -1.0, x), id="zeros became -1"),
        pytest.param(lambda x: x * 100.0, id="ones became 100"),
        pytest.param(lambda x: x * 0.5, id="ones became 0.5"),
    ],
)
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_new_values_beside_those_of_a_flag_are_not_hidden_in_their_bins(
    changed: Callable[[NDArray[np.float64]], NDArray[np.float64]], share: float
) -> None:
    flag = np.repeat([0.0, 1.0], [1000 - int(1000 * share), int(1000 * share)])
    baseline = summarise_numbers(flag)
    assert psi(*numeric_bins(baseline, count_numbers(flag, baseline), 10).sides) == 0.0
    assert psi(*numeric_bins(baseline, count_numbers(changed(flag), baseline), 10).sides) > 0.25


@CASES
@given(st.integers(1, 30_000), st.integers(1, 800), st.integers(0, 20), st.integers(0, 20))
def test_the_exact_tests_of_a_share_equal_scipy(before: int, after: int, had: int, has: int) -> None:
    had, has = min(had, before), min(has, after)
    table = [[has, after - has], [had, before - had]]
    share = Share(had, before, has, after)
    assert fisher(share.baseline, share.baseline_rows, share.current, share.current_rows) == pytest.approx(
        stats.fisher_exact(table)[1], rel=1e-8
    )
    more = stats.fisher_exact(table, alternative="greater")[1]
    if has * before > had * after:
        assert larger_share(share) == pytest.approx(more, rel=1e-7)
    else:
        assert larger_share(share) == 1.0


def test_a_share_of_large_counts_is_tested_by_chi_square() -> None:
    share = Share(5_000, 50_000, 1_200, 10_000)
    wanted = stats.chi2_contingency([[5_000, 45_000], [1_200, 8_800]], correction=False).pvalue
    assert same_share(share) == pytest.approx(wanted, rel=1e-9)
    assert same_share(Share(0, 50, 0, 50)) is None
    assert same_share(Share(50, 50, 50, 50)) is None


def test_one_missing_value_in_a_small_window_is_no_proof() -> None:
    """Chi-square would say 4e-19: one value of 250 is missing, none of 20,000."""
    assert same_share(Share(0, 20_000, 1, 250)) == pytest.approx(250 / 20_250)
