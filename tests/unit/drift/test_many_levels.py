"""Verdicts of categories: new levels, long tails, values that come back and values that stop."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from syndic.cli.shell.frame import run
from syndic.drift.baseline.model import Baseline, CategoricalBaseline
from syndic.drift.baseline.summary import summarise
from syndic.drift.counts.count_rows import count
from syndic.drift.measures.bands import Values as Binned
from syndic.drift.measures.novelty import none_replaced
from syndic.drift.models import DriftPolicy, Verdict
from syndic.drift.verdict.judge import judge
from syndic.models import Severity
from syndic.windows.tables.dataframe import from_columns
from tests.unit.drift.judged import Values, drifts, feature, levels, moved, plans, zipf

# A level that is renamed or new


@pytest.mark.parametrize("rows", [200, 500, 1_000, 1_500, 2_000, 5_000])
def test_a_level_under_another_name_is_found_in_a_window_of_any_size(rows: int) -> None:
    random = np.random.default_rng(rows)
    before = plans(random, 50_000, ("gold", "silver", "bronze", "basic"))
    found = feature(before, plans(random, rows, ("gold", "silver", "bronze", "BASIC")))
    assert (found.verdict, found.severity) == (Verdict.DRIFT, Severity.CRITICAL)
    assert "rare" in found.decided_by
    assert "new to the baseline, such as 'BASIC'" in found.reason
    assert found.rare is not None
    assert found.rare.baseline == 0.0
    assert found.unseen is not None
    assert found.rare.current == found.unseen.share


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 60),
    st.sampled_from([1_000, 10_000, 50_000]),
    st.sampled_from([400, 1_000, 4_000]),
    st.floats(0.08, 0.4),
    st.sampled_from(["", "  ", "Ünï ", "<b>", "x" * 90]),
)
def test_a_new_level_of_some_weight_is_found_whatever_the_others(seed, size, before, now, share, name) -> None:  # type: ignore[no-untyped-def]
    random = np.random.default_rng(seed)
    shares = random.dirichlet(np.ones(size))
    window = levels(random, shares, now, name)
    window[random.random(now) < share] = f"{name}new"
    found = feature(levels(random, shares, before, name), window)
    assert found.verdict is Verdict.DRIFT
    assert "rare" in found.decided_by


def test_a_new_level_of_a_twentieth_is_found() -> None:
    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        window = levels(random, np.ones(8), 500)
        window[random.random(500) < 0.05] = "new"
        return levels(random, np.ones(8), 10_000), window

    assert drifts(draw, 30) >= 28


def test_the_command_prints_the_share_of_new_values_that_decided(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    random = np.random.default_rng(1)
    for name, last in (("before", "basic"), ("now", "BASIC")):
        rows = plans(random, 4_000 if name == "before" else 500, ("gold", "silver", "bronze", last))
        (tmp_path / f"{name}.csv").write_text("plan\n" + "\n".join(rows) + "\n")
    given = ["drift", "--baseline", str(tmp_path / "before.csv"), "--current", str(tmp_path / "now.csv")]
    assert run(given) == 1
    assert "% of the values are new to the baseline, such as 'BASIC', in the baseline 0 %" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("shares", "before", "now"),
    [
        (zipf(200), 1_000, 500),
        (zipf(5_000), 5_000, 1_000),
        (zipf(5_000), 5_000, 5_000),
        (np.ones(600), 2_000, 500),
        (np.ones(1_000), 5_000, 2_000),
        (np.ones(2_000), 5_000, 500),
        (zipf(2_000), 5_000, 2_000),
        (zipf(20_000), 5_000, 2_000),
        (zipf(50_000), 50_000, 1_000),
    ],
    ids=lambda value: f"{len(value)} levels" if isinstance(value, np.ndarray) else str(value),
)
def test_text_with_many_levels_is_quiet_when_nothing_changed(shares, before, now) -> None:  # type: ignore[no-untyped-def]
    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        return levels(random, shares, before), levels(random, shares, now)

    assert drifts(draw, 25) <= 2


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 3_000), st.floats(0.0, 2.0), st.integers(500, 20_000))
def test_p_of_an_unchanged_long_tail_is_hardly_ever_tiny(seed: int, size: int, slope: float, before: int) -> None:
    random = np.random.default_rng(seed)
    shares = 1.0 / np.arange(1, size + 1) ** slope
    found = feature(levels(random, shares, before), levels(random, shares, 800))
    tests = [found.chi_square.p_value, *(share.p_value for share in (found.rare, found.new) if share)]
    assert all(p is None or p > 1e-6 for p in tests)


@pytest.mark.parametrize("size", [200, 2_000, 50_000])
@pytest.mark.parametrize("where", ["tail", "new"])
def test_a_fifth_of_the_mass_moved_into_the_tail_is_found(size: int, where: str) -> None:
    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        return levels(random, zipf(size), 10_000), levels(random, moved(zipf(size), where), 500)

    assert drifts(draw, 12) >= 10


def test_values_of_like_frequency_that_stop_are_found_although_each_is_rare() -> None:
    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        return levels(random, np.ones(200), 10_000), levels(random, np.repeat([0.0, 1.0], [40, 160]), 500)

    assert drifts(draw, 12) == 12


@pytest.mark.parametrize("size", [20, 180, 250, 2_000])
@pytest.mark.parametrize("share", [1.0, 0.5])
def test_values_replaced_by_new_ones_are_found_in_windows_as_small_as_their_baseline(size: int, share: float) -> None:
    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        rows = max(500, 2 * size)
        before, now, other = (levels(random, np.ones(size), rows, name) for name in ("A", "A", "B"))
        return before, np.where(random.random(rows) < share, other, now)

    assert drifts(draw, 6) == 6


@pytest.mark.parametrize(
    ("shares", "before", "now"),
    [
        (np.ones(20), 300, 300),
        (np.ones(180), 500, 500),
        (np.ones(250), 500, 5_000),
        (zipf(200), 500, 500),
        (zipf(2_000), 2_000, 2_000),
    ],
    ids=lambda value: f"{len(value)} levels" if isinstance(value, np.ndarray) else str(value),
)
def test_p_of_values_that_come_back_as_they_should_keeps_its_level(shares, before, now) -> None:  # type: ignore[no-untyped-def]
    random = np.random.default_rng(6)
    found = [feature(levels(random, shares, before), levels(random, shares, now)) for _ in range(200)]
    p_values = [one.new.p_value for one in found if one.new is not None]
    assert sum(p is not None and p < 0.05 for p in p_values) <= 18  # of 200: 10 expected, 18 by chance in 1 of 100
    assert sum(one.verdict is Verdict.DRIFT for one in found) <= 3


def test_the_bound_is_exact_where_no_value_comes_back() -> None:
    """Of m rows on both sides, half the chance each, at least one before: none is after in 1 of 2^m - 1 cases."""
    counts = np.array([2, 2, 3, 4], np.int64)
    found = none_replaced(Binned(counts, np.zeros(4, np.int64), 0, 11))
    assert found == pytest.approx(math.prod(1.0 / (2.0**m - 1.0) for m in (2, 2, 3, 4)), rel=1e-6)


def test_a_baseline_of_an_earlier_version_lists_512_levels_and_is_judged_without_false_alarm() -> None:
    """Its list was chosen by its own counts: what is near the end of it goes into the pool of rare values."""
    random = np.random.default_rng(4)

    def earlier(rows: int, shares: NDArray[np.float64]) -> CategoricalBaseline:
        whole = summarise([from_columns({"c": levels(random, shares, rows)})]).columns["c"]
        assert isinstance(whole, CategoricalBaseline)
        return CategoricalBaseline(
            levels=whole.levels[:512],
            counts=whole.counts[:512],
            other=whole.present - int(whole.counts[:512].sum()),
            distinct=whole.distinct,
            missing=whole.missing,
        )

    quiet = found = 0
    for shares in (np.ones(600), np.ones(2_000), zipf(2_000), zipf(20_000)):
        for _ in range(10):
            baseline = Baseline(5_000, {"c": earlier(5_000, shares)})
            same = judge(baseline, count(from_columns({"c": levels(random, shares, 1_000)}), baseline), DriftPolicy())
            quiet += same.verdict is Verdict.NO_DRIFT
            if shares[0] != shares[-1]:
                window = from_columns({"c": levels(random, moved(shares, "new"), 1_000)})
                found += judge(baseline, count(window, baseline), DriftPolicy()).verdict is Verdict.DRIFT
    assert quiet >= 39
    assert found >= 18


@pytest.mark.parametrize("size", [300, 600, 1_000])
def test_a_new_value_among_hundreds_of_levels_is_found(size: int) -> None:
    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        now = levels(random, np.ones(size), 500)
        now[random.random(500) < 0.1] = "new"
        return levels(random, np.ones(size), 50_000), now

    assert drifts(draw, 12) >= 11
