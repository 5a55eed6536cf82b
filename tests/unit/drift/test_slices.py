"""Where drift and error concentrate: slices that were planted, and rows in which nothing changed."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from syndic.cli.__main__ import main
from syndic.drift.baseline.summary import summarise
from syndic.drift.models.slices import Slices
from syndic.drift.slices.count import SliceCounts, count_slices
from syndic.drift.slices.find import find_slices
from syndic.drift.slices.plan import MOST_COLUMNS, Plan, plan_slices
from syndic.errors import InvalidInputError
from syndic.windows import Categories, Column, Window
from syndic.windows.tables.dataframe import from_columns

REGIONS = ("north", "south", "east", "abroad")
BEFORE, NOW = 8000, 4000


def made(seed: int, rows: int) -> Window:
    random = np.random.default_rng(seed)
    region = random.choice(4, rows, p=[0.4, 0.32, 0.2, 0.08])
    columns = {
        "region": Categories(region.astype(np.int32), REGIONS),
        "age": random.integers(18, 80, rows).astype(float),
        "amount": np.where(random.random(rows) < 0.05, np.nan, random.lognormal(0, 1, rows)),
        "score": random.beta(2, 3, rows),
    }
    return from_columns(columns)


def regions(window: Window) -> NDArray[np.int32]:
    column = window.columns["region"]
    assert isinstance(column, Categories)
    return column.codes


def with_score(window: Window, inside: NDArray[np.bool_], by: float) -> Window:
    score = np.asarray(window.columns["score"])
    return replace(window, columns={**window.columns, "score": np.where(inside, score + by, score)})


BASELINE = summarise([made(0, BEFORE)])
PLAN = plan_slices(BASELINE, ["score"], moved=["score"])


def counted(window: Window, plan: Plan = PLAN, wrong: NDArray[np.bool_] | None = None) -> SliceCounts:
    return count_slices(window.columns, window.rows, plan, wrong=wrong)


def found(window: Window) -> Slices:
    return find_slices(PLAN, counted(window), counted(made(0, BEFORE)))


def test_a_planted_slice_comes_first_with_its_size_effect_and_interval() -> None:
    now = made(1, NOW)
    one = found(with_score(now, regions(now) == 3, 0.15)).slices[0]
    assert one.conditions == ("region = abroad",)
    assert (one.target, one.what) == ("score", "rank in the baseline")
    assert one.rows == int((regions(now) == 3).sum())
    assert one.share_before == pytest.approx(0.08, abs=0.01)
    assert one.low <= one.inside - one.outside <= one.high
    assert one.low > 0.1
    both = (regions(now) == 1) & (np.asarray(now.columns["age"]) > 64)
    two = found(with_score(now, both, -0.25)).slices[0]
    assert two.conditions == ("age > 64", "region = south")
    assert two.high < -0.1


def test_what_did_not_change_and_what_all_rows_did_are_no_slices() -> None:
    listed = [len(found(made(seed, NOW)).slices) for seed in range(2, 32)]
    assert sum(size > 0 for size in listed) <= 3
    now = made(40, NOW)
    assert found(with_score(now, np.ones(NOW, np.bool_), 0.1)).slices == ()


def test_wrong_predictions_are_found_where_they_are() -> None:
    now, random = made(50, NOW), np.random.default_rng(51)
    plan = plan_slices(BASELINE, [])
    wrong = random.random(NOW) < np.where(regions(now) == 3, 0.3, 0.1)
    answer = find_slices(plan, counted(now, plan, wrong))
    assert answer.targets == ("error",)
    assert answer.slices[0].conditions == ("region = abroad",)
    assert answer.slices[0].inside == pytest.approx(0.3, abs=0.06)
    assert answer.slices[0].share_before is None
    assert find_slices(plan, counted(now, plan, random.random(NOW) < 0.1)).slices == ()
    rare = np.zeros(NOW, np.bool_)
    rare[np.flatnonzero(regions(now) == 3)[:9]] = True
    assert find_slices(plan, counted(now, plan, rare)).slices == ()


def test_counts_of_pieces_add_up() -> None:
    now = made(60, NOW)
    order = np.random.default_rng(61).permutation(NOW)
    total = SliceCounts()
    for start in range(0, NOW, 700):
        total = total.plus(counted(now.take(order[start : start + 700])))
    whole = counted(now)
    assert total.rows == whole.rows
    assert all(np.array_equal(total.tables[place], table) for place, table in whole.tables.items())
    assert all(table.sum() == NOW for table in whole.tables.values())
    with pytest.raises(InvalidInputError, match="different slices"):
        total.plus(counted(now, plan_slices(BASELINE, ["amount"])))


def test_columns_that_came_as_another_kind_or_not_at_all_are_no_slice() -> None:
    now = made(70, NOW)
    strange: dict[str, Column] = {
        "region": np.arange(NOW, dtype=float),
        "age": Categories(np.zeros(NOW, np.int32), ("old",)),
        "score": np.full(NOW, np.nan),
    }
    answer = find_slices(PLAN, count_slices(strange, NOW, PLAN), counted(made(0, BEFORE)))
    assert answer.slices == ()
    assert find_slices(PLAN, counted(now.take(np.arange(0))), counted(made(0, BEFORE))).slices == ()
    many = from_columns({f"x{place}": np.arange(50.0) % 7 for place in range(MOST_COLUMNS + 3)})
    plan = plan_slices(summarise([many]), [])
    assert (len(plan.conditions), plan.left_out) == (MOST_COLUMNS, ("x7", "x8", "x9"))


def run(command: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_command_lists_slices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now, random = made(80, NOW), np.random.default_rng(81)
    for name, window in (("before", made(0, BEFORE)), ("now", with_score(now, regions(now) == 3, 0.2))):
        label = random.integers(0, 2, window.rows)
        wrong = (regions(window) == 2) & (random.random(window.rows) < 0.4)
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*window.columns, "label", "class"])
            texts = [REGIONS[code] for code in regions(window)]
            numbers = [np.asarray(window.columns[column]) for column in ("age", "amount", "score")]
            writer.writerows(zip(texts, *numbers, label, np.where(wrong, 1 - label, label), strict=True))
    command = ["drift", "--baseline", str(tmp_path / "before.csv"), "--current", str(tmp_path / "now.csv")]
    assert run([*command, "--slices", "--error", "class", "label", "--format", "json"]) in {0, 1}
    report = json.loads(capsys.readouterr().out)
    assert report["slices"]["slices"][0]["conditions"] == ["region = abroad"]
    assert report["error_slices"]["slices"][0]["conditions"] == ["region = east"]
    run([*command, "--slices"])
    said = capsys.readouterr().out
    assert "Where the change concentrates: 1 of" in said
    assert "region = abroad" in said
    assert run([*command, "--slices", "--error", "class", "amount"]) == 2
    assert "different values are no classes" in capsys.readouterr().err
