"""One new value among hundreds, codes that stop, identifiers that become something else: found, and no false alarm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from syndic.drift.baseline.model import Baseline
from syndic.drift.baseline.summary import summarise
from syndic.drift.count_window import count_pieces
from syndic.drift.counts.codec import counts_from_bytes, counts_to_bytes
from syndic.drift.measures.bands import Values
from syndic.drift.measures.turnover import newcomer, stopped
from syndic.drift.models import FeatureDrift, Verdict
from syndic.drift.policy.model import DriftPolicy
from syndic.drift.verdict.judge import judge
from syndic.windows import Categories, Window

Codes = NDArray[np.int64]


def zipf(levels: int) -> NDArray[np.float64]:
    shares = 1.0 / np.arange(1, levels + 1, dtype=np.float64)
    total: float = shares.sum()
    return np.divide(shares, total)


def alike(levels: int) -> NDArray[np.float64]:
    return np.full(levels, 1.0 / levels)


def text(codes: Codes) -> Categories:
    found, places = np.unique(codes, return_inverse=True)
    return Categories(places.astype(np.int32), tuple(f"v{code}" for code in found.tolist()))


def numbers(codes: Codes) -> NDArray[np.float64]:
    return codes.astype(np.float64) * 7.0


def texts(values: list[str]) -> Categories:
    levels = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return Categories(np.array([levels[value] for value in values], np.int32), tuple(levels))


def baseline_of(column: Categories | NDArray[np.float64]) -> Baseline:
    return summarise([Window(len(column), {"x": column})])


def judged(baseline: Baseline, *columns: Categories | NDArray[np.float64]) -> FeatureDrift:
    counts = count_pieces([Window(len(column), {"x": column}) for column in columns], baseline)
    again = counts_from_bytes(counts_to_bytes(counts))
    return judge(baseline, again, DriftPolicy()).features["x"]


@pytest.mark.parametrize("levels", [150, 900, 3_000])
@pytest.mark.parametrize("shares", [zipf, alike])
@pytest.mark.parametrize("share", [0.04, 0.08])
def test_a_new_value_that_many_rows_have_is_found_among_any_number_of_others(
    levels: int, shares: Callable[[int], NDArray[np.float64]], share: float
) -> None:
    dice = np.random.default_rng(levels)
    baseline = baseline_of(text(dice.choice(levels, 10_000, p=shares(levels))))
    codes = dice.choice(levels, 500, p=shares(levels))
    codes[: int(500 * share)] = levels + 1
    found = judged(baseline, text(codes))
    assert found.verdict is Verdict.DRIFT
    assert "newcomer" in found.decided_by
    assert f"'v{levels + 1}', which the baseline does not list" in found.reason


@pytest.mark.parametrize("form", [text, numbers])
@pytest.mark.parametrize("levels", [25, 80, 300])
@pytest.mark.parametrize(("gone", "mass"), [(1, 0.05), (1, 0.10), (4, 0.12)])
def test_codes_that_stop_are_found(
    form: Callable[[Codes], Categories | NDArray[np.float64]], levels: int, gone: int, mass: float
) -> None:
    dice = np.random.default_rng(levels + gone)
    shares = np.full(levels, (1 - mass) / (levels - gone))
    shares[:gone] = mass / gone
    after = np.where(np.arange(levels) < gone, 0.0, shares)
    baseline = baseline_of(form(dice.choice(levels, 10_000, p=shares)))
    found = judged(baseline, form(dice.choice(levels, 500, p=after / after.sum())))
    assert found.verdict is Verdict.DRIFT
    assert found.stopped is not None
    assert found.stopped.current == 0


def test_both_tests_hold_their_level_when_nothing_changed() -> None:
    dice = np.random.default_rng(20)
    called = {"newcomer": 0, "stopped": 0}
    runs = 400
    for run in range(runs):
        levels = int(dice.choice([30, 200, 1_500]))
        shares = (zipf if run % 2 else alike)(levels)
        before = dice.multinomial(int(dice.choice([800, 5_000])), shares)
        after = dice.multinomial(int(dice.choice([300, 1_200])), shares)
        listed = before > 0
        unlisted = {f"v{place}": int(after[place]) for place in np.flatnonzero(~listed & (after > 0))}
        values = Values(before[listed], after[listed], 0, sum(unlisted.values()))
        for name, found in (("newcomer", newcomer(values, unlisted)), ("stopped", stopped(values))):
            called[name] += found is not None and found.p <= 0.01
    assert max(called.values()) <= 10  # 4 expected at most; over 10 happens in 3 of 1,000 runs at the full level


def test_nothing_and_everything_are_answers_too() -> None:
    none = np.zeros(0, np.int64)
    assert newcomer(Values(none, none, 0, 0), {}) is None
    assert stopped(Values(none, none, 0, 0)) is None
    two = Values(np.array([500, 400]), np.array([0, 0]), 0, 600)
    all_gone = stopped(two)
    assert all_gone is not None
    assert all_gone.p < 1e-6
    assert stopped(replace(two, other_current=0)) is None  # a window without rows


IDENTIFIERS: dict[str, Callable[[np.random.Generator, int], Categories | NDArray[np.float64]]] = {
    "codes": lambda dice, size: texts([f"id-{value:012d}" for value in dice.integers(10**12, size=size).tolist()]),
    "hashes": lambda dice, size: texts([dice.bytes(16).hex() for _ in range(size)]),
    "running numbers": lambda dice, size: np.arange(size, dtype=np.float64) + float(dice.integers(10**6)),
    "mostly different": lambda dice, size: texts([f"k-{v}" for v in dice.integers(2 * size, size=size).tolist()]),
}
OTHERS: dict[str, Callable[[np.random.Generator, int], Categories | NDArray[np.float64]]] = {
    "few": lambda dice, size: texts([f"id-{value}" for value in dice.integers(4, size=size).tolist()]),
    "some hundred": lambda dice, size: texts([f"id-{value}" for value in dice.integers(size // 8, size=size).tolist()]),
    "one": lambda dice, size: texts(["none"] * size),
    "numbers as texts": lambda dice, size: texts([f"{value:.6f}" for value in dice.normal(5, 2, size).tolist()]),
    "nothing": lambda dice, size: Categories(np.full(size, -1, np.int32), ()),
}


@pytest.mark.parametrize("kind", IDENTIFIERS)
@pytest.mark.parametrize("size", [250, 2_000, 9_000])
def test_identifiers_stay_set_aside(kind: str, size: int) -> None:
    dice = np.random.default_rng(size)
    baseline = baseline_of(IDENTIFIERS[kind](dice, 3_000))
    counts = count_pieces([Window(size, {"x": IDENTIFIERS[kind](dice, size)})], baseline)
    found = judge(baseline, counts, DriftPolicy())
    assert found.features["x"].verdict is Verdict.NOT_COMPARABLE
    assert not found.mistyped_columns
    assert not found.not_judged


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("kind", ["codes", "hashes", "mostly different"])
@pytest.mark.parametrize("pieces", [1, 7])
def test_identifiers_that_became_something_else_are_named(kind: str, other: str, pieces: int) -> None:
    dice = np.random.default_rng(len(kind) + len(other))
    baseline = baseline_of(IDENTIFIERS[kind](dice, 3_000))
    columns = [OTHERS[other](np.random.default_rng(place), 200) for place in range(pieces)]
    counts = count_pieces([Window(200, {"x": column}) for column in columns], baseline)
    found = judge(baseline, counts, DriftPolicy())
    assert found.not_judged == ("x",)
    assert found.features["x"].reason.startswith("the baseline holds identifiers, and ")


@pytest.mark.parametrize(
    "values",
    [
        lambda dice: dice.integers(5, size=400).astype(float),
        lambda dice: dice.normal(5, 2, 400),
        lambda dice: np.full(400, 17.0),
    ],
)
def test_running_numbers_that_became_something_else_are_named(
    values: Callable[[np.random.Generator], NDArray[np.float64]],
) -> None:
    dice = np.random.default_rng(3)
    baseline = baseline_of(np.arange(2_000.0))
    found = judge(baseline, count_pieces([Window(400, {"x": values(dice)})], baseline), DriftPolicy())
    assert found.not_judged == ("x",)
