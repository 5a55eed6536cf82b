"""Counts add up: whatever the split and the order, the report is the same."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndic.drift.baseline.codec import column_bytes, from_bytes, to_bytes
from syndic.drift.baseline.model import Baseline, CategoricalBaseline, NumericBaseline
from syndic.drift.baseline.summary import summarise, summarise_numbers
from syndic.drift.count_window import count_pieces
from syndic.drift.counts.codec import counts_from_bytes, counts_to_bytes
from syndic.drift.counts.count_rows import count
from syndic.drift.counts.model import FINE, Counts, NumericCounts
from syndic.drift.counts.multivariate import fit
from syndic.drift.models import DriftPolicy, DriftReport
from syndic.drift.report.build import compare
from syndic.errors import InvalidInputError
from syndic.windows import Window
from syndic.windows.tables.dataframe import from_columns
from tests.unit.drift.shapes import SHAPES, sample

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def table(rows: int, seed: int, shift: float = 0.0) -> Window:
    random = np.random.default_rng(seed)
    columns: dict[str, np.ndarray] = {}
    for shape in SHAPES:
        values = sample(shape, rows, shift, random)
        values[random.random(rows) < 0.05] = np.nan
        columns[shape] = values
    columns["far"] = sample("normal", rows, 0.0, random) * 10.0 ** random.integers(0, 9, rows)
    columns["infinite"] = np.where(random.random(rows) < 0.02, np.inf, random.normal(size=rows))
    levels = np.array([f"level-{place}" for place in range(40)], object)
    columns["text"] = levels[random.integers(0, 30 + int(10 * (shift > 0)), rows)]
    return from_columns(columns)


def report(baseline: Baseline, counts: Counts) -> DriftReport:
    return compare(baseline, counts, DriftPolicy(min_samples=1), baseline_sha256="b", inputs_sha256="i" * 20, now=NOW)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 800),
    st.lists(st.floats(0, 1), max_size=6),
    st.sampled_from([0.0, 0.5, 3.0]),
    st.randoms(use_true_random=False),
)
def test_the_report_is_identical_for_every_split_and_order(seed, rows, cuts, shift, random) -> None:  # type: ignore[no-untyped-def]
    baseline = summarise([table(700, seed)])
    window = table(rows, seed + 1, shift)
    whole = report(baseline, count(window, baseline))
    places = list(range(rows))
    random.shuffle(places)
    edges = sorted({0, rows, *(int(cut * rows) for cut in cuts)})
    parts = [np.array(places[a:b], np.intp) for a, b in itertools.pairwise(edges)]
    pieces = [count(window.take(part), baseline) for part in parts]
    total = Counts()
    for piece in pieces:
        total = total.plus(counts_from_bytes(counts_to_bytes(piece)))
    assert report(baseline, total).model_dump_json(exclude={"intake"}) == whole.model_dump_json(exclude={"intake"})


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_the_baseline_is_identical_for_every_split(seed: int, sizes: list[int]) -> None:
    window = table(sum(sizes), seed)
    edges = np.cumsum([0, *sizes])
    pieces = [window.take(np.arange(a, b)) for a, b in itertools.pairwise(edges)]
    assert to_bytes(summarise(pieces)) == to_bytes(summarise([window]))


def test_moments_of_the_window_are_right_even_far_from_the_baseline() -> None:
    random = np.random.default_rng(4)
    baseline = summarise([from_columns({"x": random.normal(5, 2, 5000)})])
    for values in (random.normal(5, 2, 3000), random.normal(5e6, 2e6, 3000), np.full(10, -7.0)):
        found = report(baseline, count(from_columns({"x": values}), baseline)).features["x"].current_moments
        assert found is not None
        assert found.mean == pytest.approx(values.mean(), rel=1e-5, abs=1e-5)
        assert found.std == pytest.approx(values.std(), rel=1e-3, abs=0.01)
        assert (found.min, found.max) == (values.min(), values.max())


def test_sums_are_kept_as_whole_numbers_of_any_size() -> None:
    baseline = summarise_numbers(np.random.default_rng(1).normal(size=1000))
    counts = count(from_columns({"x": np.array([1e300, -7.0, 1e18])}), Baseline(3, {"x": baseline}))
    column = counts.columns["x"]
    assert isinstance(column, NumericCounts)
    assert abs(column.total) > 2**64 * FINE
    assert counts_from_bytes(counts_to_bytes(counts)).columns["x"].total == column.total  # type: ignore[union-attr]


def test_counts_of_another_baseline_do_not_add() -> None:
    one, other = summarise([table(500, 1)]), summarise([table(600, 2)])
    with pytest.raises(InvalidInputError, match="different baselines"):
        count(table(10, 3), one).plus(count(table(10, 3), other))


def test_a_baseline_survives_storing_and_is_small() -> None:
    window = table(30_000, 9)
    baseline = summarise([window])
    data = to_bytes(baseline)
    again = from_bytes(data)
    assert to_bytes(again) == data
    for name, column in baseline.columns.items():
        assert column_bytes(column) <= 16 * 1024, name
        other = again.columns[name]
        if isinstance(column, NumericBaseline) and isinstance(other, NumericBaseline):
            assert other.edges.tobytes() == column.edges.tobytes()
            assert other.at_or_below.tolist() == column.at_or_below.tolist()
            assert other.below.tolist() == column.below.tolist()


def test_sixteen_kilobytes_hold_for_a_column_of_billions_of_rows() -> None:
    random = np.random.default_rng(0)
    edges = np.sort(random.normal(size=1029) * 10.0 ** random.integers(-200, 200, 1029))
    ties, gaps = random.integers(0, 4_000_000, 1029), random.integers(0, 4_000_000, 1029)
    at_or_below = np.cumsum(ties + gaps)
    column = NumericBaseline(
        edges,
        at_or_below,
        at_or_below - ties,
        int(at_or_below[-1]) + 5,
        7,
        0,
        1.0,
        1.0,
        -1.0,
        1.0,
        1.0,
        1.0,
        99,
        integer_like=False,
    )
    assert column_bytes(column) <= 16 * 1024


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: data[:-9], "cut short"),
        (lambda data: data[:200], "cut short"),
        (lambda data: data.replace(b"BASELINE 1\n", b"BASELINE 9\n"), "format 9"),
        (lambda data: b"PK\x03\x04" + data, "not a baseline"),
        (lambda data: b"", "not a baseline"),
    ],
)
def test_a_spoiled_baseline_is_refused_with_the_reason(spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    data = to_bytes(summarise([table(100, 2)]))
    with pytest.raises(InvalidInputError, match=said):
        from_bytes(spoil(data))


def test_spoiled_counts_are_refused() -> None:
    baseline = summarise([table(100, 2)])
    data = counts_to_bytes(count(table(50, 3), baseline))
    for spoiled in (data[:-1], data[:3], b"x" + data):
        with pytest.raises(InvalidInputError, match=r"cut short|version"):
            counts_from_bytes(spoiled)


def test_rows_over_the_limit_are_sampled_evenly_and_said_so() -> None:
    values = np.arange(40_000.0)
    pieces = [from_columns({"x": values[start : start + 3_000]}) for start in range(0, 40_000, 3_000)]
    baseline = summarise(pieces, limit=10_000)
    assert baseline.sampled_every == 4
    assert baseline.rows == 10_000
    column = baseline.columns["x"]
    assert isinstance(column, NumericBaseline)
    assert column.present == baseline.rows
    assert column.mean == pytest.approx(values.mean(), rel=0.001)


def test_correlations_that_break_are_found_although_no_column_moves() -> None:
    random = np.random.default_rng(8)

    def related(rows: int, broken: bool) -> Window:
        base = random.normal(size=rows)
        other = random.normal(size=rows) if broken else base
        return from_columns(
            {
                "a": base + 0.3 * random.normal(size=rows),
                "b": other + 0.3 * random.normal(size=rows),
                "c": other * 0.5 + 0.1 * random.normal(size=rows),
                "d": random.normal(size=rows),
            }
        )

    rows = related(4000, broken=False)
    plain = summarise([rows])
    from dataclasses import replace

    baseline = from_bytes(to_bytes(replace(plain, reconstruction=fit([rows], plain))))
    policy = DriftPolicy(multivariate=True)

    def verdict(window: Window) -> DriftReport:
        counts = count_pieces(
            [window.take(np.arange(0, 700)), window.take(np.arange(700, 1500))], baseline, multivariate=True
        )
        return compare(baseline, counts, policy, baseline_sha256="b", inputs_sha256="i" * 20, now=NOW)

    same, changed = verdict(related(1500, broken=False)), verdict(related(1500, broken=True))
    assert same.multivariate is not None
    assert changed.multivariate is not None
    assert same.multivariate.verdict == "no_drift"
    assert changed.multivariate.verdict == "drift"
    assert changed.drifted == ()
    assert changed.verdict == "drift"


def test_a_categorical_baseline_lists_every_level_while_they_are_few_enough() -> None:
    levels = [f"v{place:05d}" for place in range(2000) for _ in range(3 + 5 * (place < 10))]
    column = summarise([from_columns({"c": np.array(levels, object)})]).columns["c"]
    assert isinstance(column, CategoricalBaseline)
    assert (len(column.levels), column.other, column.complete) == (2000, 0, True)


@pytest.mark.parametrize(("distinct", "repeated", "listed"), [(6000, 10, 512), (6000, 900, 900), (9000, 5000, 4096)])
def test_of_more_levels_the_frequent_are_listed_and_the_rest_pooled(distinct: int, repeated: int, listed: int) -> None:
    levels = [f"v{place:05d}" for place in range(distinct) for _ in range(1 + 2 * (place < repeated))]
    column = summarise([from_columns({"c": np.array(levels, object)})]).columns["c"]
    assert isinstance(column, CategoricalBaseline)
    assert len(column.levels) == listed
    assert column.levels[0] == "v00000"
    assert column.present == len(levels)
    assert column.other == len(levels) - int(column.counts.sum())
    assert column.distinct == distinct
    assert not column.complete
