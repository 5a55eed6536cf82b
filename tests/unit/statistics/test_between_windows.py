"""What windows show beyond sampling, and how far a next one may lie."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from syndic.statistics.across_columns import together
from syndic.statistics.between_windows import variation, variation_of_means
from syndic.statistics.quadratic_forms import upper_point

LEVEL = 1e-5
DECILES = np.array([stats.norm.ppf(k / 10) for k in range(1, 10)])


def deciles(effects: NDArray[np.float64], rows: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Counts of normal rows in deciles, for windows whose means are the effects."""
    edges = np.concatenate(([-np.inf], DECILES, [np.inf]))
    shares = np.diff(stats.norm.cdf(edges[None, :] - effects[:, None]), axis=1)
    return np.array([random.multinomial(rows, share) for share in shares])


@pytest.mark.parametrize("level", [0.05, 1e-3, 1e-5])
@pytest.mark.parametrize("bins", [1, 4, 9])
def test_an_upper_point_is_that_of_chi_square_and_of_f(bins: int, level: float) -> None:
    assert upper_point([1.0] * bins, level) == pytest.approx(stats.chi2.isf(level, bins), rel=0.02)
    expected = bins * stats.f.isf(level, bins, 40)
    assert upper_point([1.0] * bins, level, 40.0) == pytest.approx(expected, rel=0.03)


def test_an_upper_point_of_unequal_weights_is_that_of_a_simulation() -> None:
    random = np.random.default_rng(1)
    drawn = (random.standard_normal((400_000, 3)) ** 2 * [1.0, 0.3, 0.1]).sum(axis=1)
    for level in (0.05, 0.001):
        assert upper_point([1.0, 0.3, 0.1], level) == pytest.approx(float(np.quantile(drawn, 1 - level)), rel=0.03)


def test_windows_that_sampling_alone_tells_apart_vary_in_nothing_else() -> None:
    random = np.random.default_rng(2)
    hours = np.arange(400)
    found = [variation(deciles(np.zeros(400), 60, random), hours, 0 * hours) for _ in range(40)]
    assert sum(one is not None and one.total > 0 for one in found) <= 6
    limit = found[0].limit(LEVEL, 2000, 50_000) if found[0] else math.nan
    assert limit == pytest.approx((1 / 2000 + 1 / 50_000) * stats.chi2.isf(LEVEL, 9), rel=0.05)


@pytest.mark.parametrize("memory", [0.0, 0.9])
@pytest.mark.parametrize("rows", [70, 2000])
def test_the_spread_between_windows_is_found_whatever_their_rows(rows: int, memory: float) -> None:
    random = np.random.default_rng(3)
    totals, correlations = [], []
    for _ in range(12):
        effects = np.zeros(720)
        for hour in range(1, 720):
            effects[hour] = memory * effects[hour - 1] + math.sqrt(1 - memory**2) * random.standard_normal()
        hours = np.arange(720)
        found = variation(deciles(0.2 * effects, rows, random), hours, 0 * hours)
        assert found is not None
        totals.append(found.total)
        correlations.append(found.correlation)
    assert np.mean(totals) == pytest.approx(0.04, rel=0.2)
    assert np.mean(correlations) == pytest.approx(memory, abs=0.08)


def test_a_season_is_no_variation_between_its_own_windows() -> None:
    random = np.random.default_rng(4)
    hours = np.arange(720)
    counts = deciles(0.5 * np.sin(2 * np.pi * hours / 24), 70, random)
    whole, parts = variation(counts, hours, 0 * hours), variation(counts, hours, hours % 24)
    assert whole is not None
    assert parts is not None
    assert whole.total > 0.08
    assert parts.total < 0.01


def test_bursts_move_the_limit_beyond_the_largest_of_them() -> None:
    random = np.random.default_rng(5)
    hours = np.arange(720)
    burst = np.where(hours % 60 < 2, 0.3, 0.01)
    counts = np.column_stack((random.binomial(200, burst), 0 * hours))
    counts[:, 1] = 200 - counts[:, 0]
    found = variation(counts, hours, 0 * hours)
    assert found is not None
    assert found.heaviness > 1.5
    usual = counts[:, 0].sum() / counts.sum()
    assert found.limit(LEVEL, 200, 40_000) > (0.3 - usual) * math.log(0.3 / usual)


def test_fewer_windows_or_rows_say_less_or_nothing() -> None:
    random = np.random.default_rng(6)
    few = np.arange(6)
    assert variation(deciles(np.zeros(6), 1000, random), few, 0 * few) is None
    assert variation(deciles(np.zeros(100), 5, random), np.arange(100), np.zeros(100, np.int64)) is None
    limits = []
    for windows in (30, 720):
        hours = np.arange(windows)
        means = 0.3 * random.standard_normal(windows)
        found = variation_of_means(means / np.std(means) * 0.3, 0 * hours + 500, hours, 0 * hours)
        assert found is not None
        limits.append(found.limit(LEVEL, 500, 10_000))
    assert limits[0] > 1.3 * limits[1]
    with pytest.raises(ValueError, match="same windows"):
        variation(deciles(np.zeros(10), 100, random), few, few)


def autoregressive(random: np.random.Generator, memory: float, hours: int) -> NDArray[np.float64]:
    effects = random.standard_normal(hours)
    for hour in range(1, hours):
        effects[hour] = memory * effects[hour - 1] + math.sqrt(1 - memory**2) * effects[hour]
    return effects


def test_columns_tell_each_other_how_long_windows_remember() -> None:
    random = np.random.default_rng(11)
    hours = np.arange(72)
    alone = [
        variation(deciles(0.2 * autoregressive(random, 0.8, 72), 300, random), hours, 0 * hours) for _ in range(30)
    ]
    known = [one for one in alone if one is not None]
    drawn = together(known)
    assert len(known) == len(drawn) == 30
    assert np.std([one.correlation for one in drawn]) < 0.3 * np.std([one.correlation for one in known])
    assert np.mean([one.correlation for one in drawn]) == pytest.approx(0.8, abs=0.08)


@pytest.mark.parametrize(("together_by", "fewest", "most"), [(0.0, 300.0, 2000.0), (1.0, 1.0, 60.0)])
def test_columns_that_move_together_tell_no_more_than_one(together_by: float, fewest: float, most: float) -> None:
    random = np.random.default_rng(14)
    hours = np.arange(72)
    shared = autoregressive(random, 0.5, 72)
    effects = [
        0.2 * (together_by * shared + math.sqrt(1 - together_by**2) * autoregressive(random, 0.5, 72))
        for _ in range(30)
    ]
    found = [variation(deciles(one, 500, random), hours, 0 * hours) for one in effects]
    drawn = together([one for one in found if one is not None])
    assert fewest < np.median([one.degrees for one in drawn]) < most


def test_long_tails_that_no_column_shows_are_seen_in_many() -> None:
    random = np.random.default_rng(12)
    hours = np.arange(720)

    def limits(effects: list[NDArray[np.float64]]) -> float:
        found = [variation(deciles(0.1 * one, 70, random), hours, 0 * hours) for one in effects]
        drawn = together([one for one in found if one is not None])
        return float(np.median([one.limit(LEVEL, 2000, 50_000) for one in drawn]))

    normal = limits([random.standard_normal(720) for _ in range(25)])
    long = limits([random.standard_t(6, 720) / math.sqrt(1.5) for _ in range(25)])
    assert long > 1.4 * normal
    assert normal < 1.3 * 0.01 * stats.norm.isf(LEVEL / 2) ** 2


def test_a_tail_grows_by_factors() -> None:
    """A shift of the mean by 0.8 makes 6 % of 1 % above the 99 % point, which is no more unusual than the shift."""
    random = np.random.default_rng(13)
    hours = np.arange(720)
    above = stats.norm.sf(stats.norm.isf(0.01 / 1.05) - 0.2 * random.standard_normal(720))
    counts = np.array([[(n := random.binomial(500, share)), 500 - n] for share in above])
    found = variation(counts, hours, 0 * hours, share=True)
    assert found is not None
    share = counts[:, 0].sum() / counts.sum()
    limit = found.growth_limit(share, 2.0 * stats.norm.sf(4.0), 2000, 360_000)
    assert stats.norm.sf(stats.norm.isf(0.01) - 0.8) - 0.01 < limit < 0.15
    assert math.sqrt(found.limit(2.0 * stats.norm.sf(4.0), 2000, 360_000) * share * (1 - share)) < limit
    assert found.growth_limit(0.0, LEVEL, 2000, 360_000) == 0.0
