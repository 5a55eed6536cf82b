"""Verdicts of numbers and of every share: spread, tails, infinite and missing values, thresholds, splits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from syndic.drift.baseline.codec import from_bytes, to_bytes
from syndic.drift.baseline.expectations import expectations
from syndic.drift.baseline.summary import summarise
from syndic.drift.count_window import count_pieces
from syndic.drift.counts.count_rows import count
from syndic.drift.models import DriftPolicy, FeatureRule, Verdict
from syndic.drift.verdict.judge import judge
from syndic.windows import Window
from syndic.windows.tables.dataframe import from_columns
from tests.unit.drift.judged import Values, drifts, feature, levels, zipf


def test_numbers_that_repeat_are_found_when_they_are_replaced_by_those_between_them() -> None:
    random = np.random.default_rng(5)
    before, now = (np.asarray(2.0 * random.integers(0, 180, 500) + odd, np.float64) for odd in (0, 1))
    found = feature(before, now)
    assert found.verdict is Verdict.DRIFT
    assert "new" in found.decided_by
    assert found.new is not None
    assert (found.new.current, found.new.baseline < 0.2) == (1.0, True)


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
