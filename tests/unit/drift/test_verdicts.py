"""Verdicts on the columns people really have: rare, new, tied, infinite and far-out values, and long tails.

Each kind has the case it was reported with, and a seeded one over other sizes, levels and names. Shares of windows are
over seeds that are fixed here, and their limits leave room for chance: `make bench-alarms` has the exact figures.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from syndic.cli.shell.frame import run
from syndic.drift.baseline.codec import from_bytes, to_bytes
from syndic.drift.baseline.expectations import expectations
from syndic.drift.baseline.model import Baseline, CategoricalBaseline
from syndic.drift.baseline.summary import summarise
from syndic.drift.count_window import count_pieces
from syndic.drift.counts.count_rows import count
from syndic.drift.measures.bands import Values as Binned
from syndic.drift.measures.novelty import none_replaced
from syndic.drift.models import DriftPolicy, FeatureDrift, FeatureRule, Verdict
from syndic.drift.verdict.judge import judge
from syndic.models import Severity
from syndic.windows import Window
from syndic.windows.tables.dataframe import from_columns

Values = NDArray[np.float64] | NDArray[np.object_]


def feature(before: Values, now: Values, policy: DriftPolicy | None = None) -> FeatureDrift:
    baseline = summarise([from_columns({"c": before})])
    return judge(baseline, count(from_columns({"c": now}), baseline), policy or DriftPolicy()).features["c"]


def drifts(draw: Callable[[np.random.Generator], tuple[Values, Values]], windows: int, seed: int = 0) -> int:
    """In how many windows, each with a baseline of its own, there is drift."""
    random = np.random.default_rng(seed)
    return sum(feature(*draw(random)).verdict is Verdict.DRIFT for _ in range(windows))


def levels(random: np.random.Generator, shares: NDArray[np.float64], rows: int, name: str = "v") -> NDArray[np.object_]:
    drawn = random.choice(len(shares), rows, p=shares / shares.sum())
    return np.array([f"{name}{level}" for level in drawn.tolist()], object)


def plans(random: np.random.Generator, rows: int, names: tuple[str, ...]) -> NDArray[np.object_]:
    return np.asarray(random.choice(np.array(names, object), rows, p=[0.4, 0.3, 0.2, 0.1]))


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


# Long tails


def zipf(size: int) -> NDArray[np.float64]:
    return 1.0 / np.arange(1, size + 1)


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


def _moved(shares: NDArray[np.float64], where: str) -> NDArray[np.float64]:
    """A fifth of the mass moved from rows at random into the rare half, or to values that were never there."""
    shares = shares / shares.sum()
    if where == "tail":
        tail = np.arange(len(shares)) >= min(len(shares) // 2, 512)
        return 0.8 * shares + 0.2 * tail / tail.sum()
    return np.append(0.8 * shares, np.full(40, 0.2 / 40))


@pytest.mark.parametrize("size", [200, 2_000, 50_000])
@pytest.mark.parametrize("where", ["tail", "new"])
def test_a_fifth_of_the_mass_moved_into_the_tail_is_found(size: int, where: str) -> None:
    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        return levels(random, zipf(size), 10_000), levels(random, _moved(zipf(size), where), 500)

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


def test_numbers_that_repeat_are_found_when_they_are_replaced_by_those_between_them() -> None:
    random = np.random.default_rng(5)
    before, now = (np.asarray(2.0 * random.integers(0, 180, 500) + odd, np.float64) for odd in (0, 1))
    found = feature(before, now)
    assert found.verdict is Verdict.DRIFT
    assert "new" in found.decided_by
    assert found.new is not None
    assert (found.new.current, found.new.baseline < 0.2) == (1.0, True)


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
                window = from_columns({"c": levels(random, _moved(shares, "new"), 1_000)})
                found += judge(baseline, count(window, baseline), DriftPolicy()).verdict is Verdict.DRIFT
    assert quiet >= 39
    assert found >= 18


# Numbers with ties


def test_a_count_that_is_nearly_always_zero_and_gets_a_new_value_is_found() -> None:
    before = np.repeat([0.0, 1.0], [398, 2])
    found = feature(before, np.repeat([0.0, 1.0, 3.0], [358, 2, 40]))
    assert found.verdict is Verdict.DRIFT
    assert found.ks.p_adjusted is None
    assert found.chi_square.p_adjusted is not None or found.rare is not None


@pytest.mark.parametrize(("before", "now", "rows"), [(0.01, 0.08, 500), (0.01, 0.08, 300), (0.02, 0.12, 500)])
def test_a_flag_has_the_same_verdict_as_a_number_and_as_text(before: float, now: float, rows: int) -> None:
    random = np.random.default_rng(7)
    found = 0
    for _ in range(30):
        old, new = random.random(10_000) < before, random.random(rows) < now
        number = feature(old.astype(float), new.astype(float))
        text = feature(*(np.array(["no", "yes"], object)[side.astype(int)] for side in (old, new)))
        assert (number.verdict, number.severity) == (text.verdict, text.severity)
        assert number.psi == pytest.approx(text.psi)
        found += number.verdict is Verdict.DRIFT
    assert found >= 24


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 20), st.sampled_from([2_000, 20_000]), st.sampled_from([300, 1_000]))
def test_few_valued_numbers_and_their_texts_have_one_verdict(seed: int, size: int, before: int, now: int) -> None:
    random = np.random.default_rng(seed)
    shares = random.dirichlet(np.full(size, 0.5))
    other = shares if seed % 2 else random.dirichlet(np.full(size, 0.5))
    old, new = random.choice(size, before, p=shares), random.choice(size, now, p=other)
    number = feature(old.astype(float), new.astype(float))
    text = feature(*(np.array([f"v{x}" for x in side.tolist()], object) for side in (old, new)))
    assert number.verdict is text.verdict
    assert number.value_psi == pytest.approx(text.psi)
    if text.chi_square.p_value is None:
        assert number.chi_square.p_value is None
    else:
        assert number.chi_square.p_value == pytest.approx(text.chi_square.p_value)


@pytest.mark.parametrize("kind", ["zero-inflated", "poisson", "flag", "rounded", "mixed"])
def test_tied_numbers_are_quiet_when_nothing_changed(kind: str) -> None:
    def column(random: np.random.Generator, rows: int) -> Values:
        return {
            "zero-inflated": np.where(random.random(rows) < 0.97, 0.0, random.integers(1, 5, rows)),
            "poisson": random.poisson(4.0, rows).astype(float),
            "flag": (random.random(rows) < 0.02).astype(float),
            "rounded": np.round(random.exponential(2.0, rows)),
            "mixed": np.where(random.random(rows) < 0.7, 0.0, random.exponential(1.0, rows)),
        }[kind]

    assert drifts(lambda random: (column(random, 3_000), column(random, 400)), 60) <= 3


# Infinite values


@pytest.mark.parametrize(("before", "now"), [(0.0, 0.125), (0.125, 0.0), (0.0, 0.03), (0.02, 0.2)])
@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_a_changed_share_of_infinite_values_is_drift(before: float, now: float, value: float) -> None:
    random = np.random.default_rng(3)
    old, new = random.exponential(1.0, 4_000), random.exponential(1.0, 600)
    old[: int(4_000 * before)], new[: int(600 * now)] = value, value
    found = feature(old, new)
    assert found.verdict is Verdict.DRIFT
    assert "infinite" in found.decided_by
    assert "of the values are infinite" in found.reason
    assert found.infinite is not None
    assert (found.infinite.baseline, found.infinite.current) == (pytest.approx(before), pytest.approx(now, abs=0.002))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.3), st.sampled_from([300, 2_000]))
def test_an_unchanged_share_of_infinite_values_is_quiet(seed: int, share: float, rows: int) -> None:
    random = np.random.default_rng(seed)

    def draw(size: int) -> Values:
        return np.where(random.random(size) < share, np.inf, random.exponential(1.0, size))

    found = feature(draw(5_000), draw(rows))
    assert "infinite" not in found.decided_by or (found.infinite and found.infinite.p_value > 1e-5)


def test_expectations_say_which_share_of_the_baseline_is_infinite() -> None:
    values = np.array([1.0, np.inf, np.nan, -np.inf, 2.0, 3.0, 4.0, 5.0])
    texts = np.array(["a", "b"] * 4, object)
    known = expectations(summarise([from_columns({"number": values, "text": texts})]))
    assert known["number"]["infinite"] == 0.25
    assert "infinite" not in known["text"]


# Tails


@pytest.mark.parametrize("kind", ["normal", "lognormal", "uniform", "whole"])
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("before", [1_000, 20_000])
def test_a_twentieth_of_the_rows_ten_deviations_away_is_drift(kind: str, sign: float, before: int) -> None:
    random = np.random.default_rng(5)

    def column(rows: int) -> NDArray[np.float64]:
        drawn = {
            "normal": lambda: random.normal(size=rows),
            "lognormal": lambda: random.lognormal(0.0, 1.0, rows),
            "uniform": lambda: random.random(rows),
            "whole": lambda: np.rint(random.normal(0.0, 60.0, rows)),
        }[kind]()
        return np.asarray(drawn, np.float64)

    old, new = column(before), column(1_500)
    new = new + sign * 10.0 * old.std() * (random.random(1_500) < 0.06)
    found = feature(old, new)
    assert found.verdict is Verdict.DRIFT
    assert {"tail", "rare"} & set(found.decided_by)
    assert found.tail is not None
    assert ("above" if sign > 0 else "below") in found.tail.what
    assert found.tail.what in found.reason or "rare" in found.decided_by


@pytest.mark.parametrize("kind", ["cauchy", "lognormal", "normal"])
def test_heavy_tails_are_quiet_when_nothing_changed(kind: str) -> None:
    def column(random: np.random.Generator, rows: int) -> Values:
        return {
            "cauchy": random.standard_cauchy(rows),
            "lognormal": random.lognormal(0.0, 2.0, rows),
            "normal": random.normal(size=rows),
        }[kind]

    assert drifts(lambda random: (column(random, 2_000), column(random, 500)), 60) <= 2


def test_p_of_the_tails_is_no_smaller_than_it_may_be() -> None:
    """Of 500 unchanged windows, about 1 % at most have a p under 0.01, ties or not."""
    random = np.random.default_rng(11)
    for column in (random.standard_cauchy, lambda rows: np.round(random.exponential(9.0, rows))):
        small = 0
        for _ in range(500):
            found = feature(column(1_500), column(400))
            small += found.tail is not None and found.tail.p_value < 0.01
        assert small <= 11


# The policy decides


@pytest.mark.parametrize(("before", "now", "rows"), [(0.1, 0.2, 10_000), (0.01, 0.07, 1_000), (0.5, 0.65, 1_000)])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_missing_values_are_judged_by_their_share_as_infinite_ones_are(
    before: float, now: float, rows: int, value
) -> None:  # type: ignore[no-untyped-def]
    def column(random: np.random.Generator, size: int, share: float) -> Values:
        return np.where(random.random(size) < share, value, random.normal(size=size))

    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        return column(random, 50_000, before), column(random, rows, now)

    assert drifts(draw, 6) == 6


@pytest.mark.parametrize(("before", "now"), [(1_000, 500), (10_000, 300), (50_000, 1_000)])
@pytest.mark.parametrize("change", ["narrower", "two humps"])
def test_a_change_of_spread_or_shape_with_a_large_psi_is_proven_by_deciles(before: int, now: int, change: str) -> None:
    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        drawn = random.normal(size=now)
        after = (
            0.55 * drawn if change == "narrower" else np.where(drawn < 0, -1.0, 1.0) + 0.35 * random.normal(size=now)
        )
        return random.normal(size=before), after

    assert drifts(draw, 10) >= 9


def test_continuous_numbers_are_quiet_when_nothing_changed() -> None:
    shapes: list[Callable[[np.random.Generator, int], Values]] = [
        lambda random, rows: random.normal(size=rows),
        lambda random, rows: random.lognormal(0, 1.5, rows),
        lambda random, rows: random.integers(0, 100, rows) * 1.0,
        lambda random, rows: np.where(random.random(rows) < 0.1, np.nan, random.normal(size=rows)),
    ]
    for place, shape in enumerate(shapes):
        for before, now in ((1_000, 200), (10_000, 300)):
            assert drifts(lambda random: (shape(random, before), shape(random, now)), 60, seed=place) <= 2  # noqa: B023


@pytest.mark.parametrize("size", [300, 600, 1_000])
def test_a_new_value_among_hundreds_of_levels_is_found(size: int) -> None:
    def draw(random: np.random.Generator) -> tuple[Values, Values]:
        now = levels(random, np.ones(size), 500)
        now[random.random(500) < 0.1] = "new"
        return levels(random, np.ones(size), 50_000), now

    assert drifts(draw, 12) >= 11


def test_share_threshold_is_half_of_the_psi_threshold_unless_it_is_set() -> None:
    rule = FeatureRule(psi_threshold=0.4)
    assert DriftPolicy().rule("x").share_threshold == pytest.approx(0.05)
    assert DriftPolicy(rules={"x": rule}).rule("x").share_threshold == pytest.approx(0.2)
    assert DriftPolicy(share_threshold=0.3).rule("x").share_threshold == 0.3
    assert DriftPolicy(psi_threshold=None, distance_threshold=0.1).rule("x").share_threshold == 0.1


def test_a_higher_threshold_silences_the_shares_too() -> None:
    random = np.random.default_rng(2)
    old, new = random.normal(size=5_000), random.normal(size=500)
    new[:30] = 50.0
    assert feature(old, new).verdict is Verdict.DRIFT
    assert feature(old, new, DriftPolicy(psi_threshold=3.0)).verdict is Verdict.NO_DRIFT


def _mixed(random: np.random.Generator, rows: int) -> Window:
    numbers = random.normal(size=rows)
    numbers[random.random(rows) < 0.05] = np.inf
    numbers[random.random(rows) < 0.05] = 40.0
    return from_columns(
        {
            "number": numbers,
            "flag": (random.random(rows) < 0.05).astype(float),
            "text": levels(random, zipf(3_000), rows),
        }
    )


def _splits(window: Window, random: np.random.Generator) -> Iterator[Window]:
    places = random.permutation(window.rows)
    for part in np.array_split(places, 7):
        yield window.take(part)


def test_every_share_is_the_same_whatever_the_split_and_survives_storing() -> None:
    random = np.random.default_rng(6)
    baseline = from_bytes(to_bytes(summarise([_mixed(random, 4_000)])))
    window = _mixed(random, 900)
    whole = judge(baseline, count(window, baseline), DriftPolicy())
    parts = judge(baseline, count_pieces(_splits(window, random), baseline), DriftPolicy())
    assert {name: json.loads(f.model_dump_json()) for name, f in whole.features.items()} == {
        name: json.loads(f.model_dump_json()) for name, f in parts.features.items()
    }
    number = whole.features["number"]
    assert number.tail is not None
    assert number.infinite is not None
