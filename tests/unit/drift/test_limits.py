"""Limits learnt from the baseline's own windows, the season they show, and rows that are alike."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from syndic.cli.__main__ import main
from syndic.drift.baseline.codec import from_bytes, summaries_from_bytes, summaries_to_bytes, to_bytes
from syndic.drift.baseline.own_windows import WEEK, OwnWindows
from syndic.drift.counts.by_window import own_windows
from syndic.drift.counts.codec import counts_from_bytes, counts_to_bytes
from syndic.drift.counts.count_rows import count
from syndic.drift.measures.shares import Share
from syndic.drift.measures.usual import usual
from syndic.drift.models import BaselineSource, DriftPolicy, FeatureDrift, Verdict
from syndic.drift.policy.model import Season
from syndic.drift.summaries import Summaries, summarise_windows, times_of
from syndic.drift.verdict.judge import judge
from syndic.errors import InvalidInputError
from syndic.windows import Categories, Window
from syndic.windows.tables.dataframe import categories_of, from_columns

HOURS = 528  # 22 days
START = np.datetime64("2026-01-05T00", "h")


def rows(hours: NDArray[np.int64], effects: NDArray[np.float64], seed: int, step: float = 0.0) -> Window:
    """A number whose mean depends on the hour, one that does not, and a text."""
    random = np.random.default_rng(seed)
    columns = {
        "moving": random.standard_normal(len(hours)) + effects[hours] + step,
        "still": random.standard_normal(len(hours)),
        "text": Categories(random.integers(0, 4, len(hours)).astype(np.int32), ("a", "b", "c", "d")),
    }
    window = from_columns(columns)
    return replace(window, times=(START + hours.astype("timedelta64[h]")).astype("datetime64[ms]"))


def walk(size: float, seed: int = 1) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    effects = np.zeros(HOURS + 100)
    for hour in range(1, len(effects)):
        effects[hour] = 0.8 * effects[hour - 1] + 0.6 * random.standard_normal()
    return size * effects


def learnt(effects: NDArray[np.float64], each: int = 100) -> Summaries:
    window = rows(np.repeat(np.arange(HOURS), each), effects, 2)
    return summarise_windows(lambda: [window])


def test_an_hour_within_the_usual_variation_is_quiet_and_a_step_beyond_it_is_drift() -> None:
    effects = walk(0.25)
    known = learnt(effects)
    assert known.season is Season.NONE
    plain = judge(known.baseline, count(rows(np.full(2000, 10), effects * 0 + 0.5, 3), known.baseline), DriftPolicy())
    assert plain.features["moving"].verdict is Verdict.DRIFT
    own = usual(known.baseline, 1)
    now = count(rows(np.full(2000, 10), effects * 0 + 0.5, 3), known.baseline)
    feature = judge(known.baseline, now, DriftPolicy(), usual=own).features["moving"]
    assert feature.verdict is Verdict.NO_DRIFT
    assert feature.limit is not None
    assert feature.limit.value == feature.limit.learnt
    assert "up to which the baseline's own 528 hours vary (policy: 0.1)" in feature.reason
    assert feature.limit.windows == HOURS
    stepped = count(rows(np.full(2000, 10), effects * 0, 4, step=1.5), known.baseline)
    judged = judge(known.baseline, stepped, DriftPolicy(), usual=own)
    assert judged.drifted == ("moving",)
    assert judged.usual is not None
    assert (judged.usual.hours, judged.usual.windows) == (1, HOURS)


def test_a_column_that_does_not_vary_keeps_the_policys_threshold() -> None:
    known = learnt(walk(0.25))
    shifted = from_columns({"still": np.random.default_rng(5).standard_normal(2000) + 0.5})
    judged = judge(known.baseline, count(shifted, known.baseline), DriftPolicy(), usual=usual(known.baseline, 1))
    feature = judged.features["still"]
    assert feature.verdict is Verdict.DRIFT
    assert feature.limit is not None
    assert feature.limit.value == 0.1


@pytest.mark.parametrize(
    ("effects", "season"),
    [
        (0.4 * np.sin(2 * np.pi * np.arange(HOURS + 100) / 24), Season.HOUR),
        (np.where(np.arange(HOURS + 100) // 24 % 7 >= 5, 0.6, 0.0), Season.WEEKDAY),
        (walk(0.2), Season.NONE),
        (np.zeros(HOURS + 100), Season.NONE),
    ],
)
def test_the_season_is_what_comes_again(effects: NDArray[np.float64], season: Season) -> None:
    known = learnt(effects)
    assert known.season is season
    assert len(known.parts) == {Season.HOUR: 24, Season.WEEKDAY: 7, Season.NONE: 0}[season]


def test_own_windows_are_the_same_however_the_rows_are_split() -> None:
    whole = rows(np.repeat(np.arange(50), 40), walk(0.2), 6)
    baseline = summarise_windows(lambda: [whole]).baseline
    order = np.random.default_rng(7).permutation(whole.rows)
    pieces = [whole.take(order[start : start + 97]) for start in range(0, whole.rows, 97)]
    one, other = own_windows([whole], baseline), own_windows(pieces, baseline)
    assert one is not None
    assert other is not None
    assert np.array_equal(one.starts, other.starts)
    assert all(np.array_equal(one.cells[name], other.cells[name]) for name in baseline.columns)
    assert np.array_equal(one.rows, np.full(50, 40))
    assert (one.cells["moving"][:, :-1].sum(axis=1) == 40).all()


def test_longer_windows_are_sums_and_weeks_begin_on_mondays() -> None:
    own = OwnWindows(1, np.arange(96, 96 + 400), np.ones(400, np.int64), {"x": np.ones((400, 3), np.int64)})
    weeks = own.by(WEEK)
    assert weeks is not None
    assert weeks.starts.tolist() == [96, 264, 432]
    assert weeks.rows.tolist() == [168, 168, 64]
    assert weeks.by(1) is None
    assert own.newest(10).starts[0] == 486


def test_a_summary_keeps_its_windows_and_an_earlier_one_is_read() -> None:
    window = replace(rows(np.repeat(np.arange(48), 30), walk(0.2), 8))
    groups = categories_of([f"p{place // 5}" for place in range(window.rows)])
    known = summarise_windows(lambda: [window], groups=("person", lambda: [groups]))
    data = to_bytes(known.baseline)
    again = from_bytes(data)
    assert data.startswith(b"SYNDIC-BASELINE 2\n")
    assert to_bytes(again) == data
    assert again.windows is not None
    assert known.baseline.windows is not None
    assert np.array_equal(again.windows.starts, known.baseline.windows.starts)
    assert again.grouping is not None
    assert again.grouping.column == "person"
    earlier = to_bytes(replace(known.baseline, windows=None, grouping=None))
    assert earlier.startswith(b"SYNDIC-BASELINE 1\n")
    assert from_bytes(earlier).windows is None
    with pytest.raises(InvalidInputError, match="has format 3, this program reads up to 2"):
        from_bytes(data.replace(b"SYNDIC-BASELINE 2", b"SYNDIC-BASELINE 3"))
    season = learnt(0.5 * np.sin(2 * np.pi * np.arange(HOURS + 100) / 24), 60)
    stored = summaries_to_bytes(season.baseline, season.season.value, season.parts)
    whole, name, parts = summaries_from_bytes(stored)
    assert (name, len(parts), whole.rows) == ("hour", 24, season.baseline.rows)
    with pytest.raises(InvalidInputError, match="cut short"):
        summaries_from_bytes(stored[:-9])


def people(total: int, seed: int, shift: float = 0.0) -> tuple[Window, Categories]:
    """Rows of people who have twenty rows each, alike by 0.9."""
    random = np.random.default_rng(seed)
    own = np.repeat(random.standard_normal(total // 20), 20)
    values = np.sqrt(0.9) * own + np.sqrt(0.1) * random.standard_normal(total) + shift
    return from_columns({"x": values}), categories_of(np.repeat(np.arange(total // 20), 20).tolist())


def test_rows_of_one_person_count_as_fewer() -> None:
    window, groups = people(20_000, 9)
    baseline = summarise_windows(lambda: [window], groups=("person", lambda: [groups])).baseline
    assert baseline.grouping is not None
    assert (baseline.grouping.groups, baseline.grouping.size) == (1000, 20.0)
    plain = summarise_windows(lambda: [window]).baseline
    alone = with_groups = 0
    for seed in range(40):
        now, who = people(600, 100 + seed)
        alone += judge(plain, count(now, plain), DriftPolicy()).verdict is Verdict.DRIFT
        now = replace(now, columns={**now.columns, "person": who})
        counts = counts_from_bytes(counts_to_bytes(count(now, baseline)))
        assert counts.group_size == 20.0
        assert not counts.new
        with_groups += judge(baseline, counts, DriftPolicy()).verdict is Verdict.DRIFT
    assert alone >= 10
    assert with_groups <= 3
    moved, who = people(2000, 999, shift=1.0)
    moved = replace(moved, columns={**moved.columns, "person": who})
    feature = judge(baseline, count(moved, baseline), DriftPolicy()).features["x"]
    assert feature.verdict is Verdict.DRIFT
    assert 5.0 < feature.design < 20.0


def test_rows_that_all_have_a_person_of_their_own_change_nothing() -> None:
    window, _ = people(4000, 10)
    groups = categories_of(list(range(4000)))
    baseline = summarise_windows(lambda: [window], groups=("person", lambda: [groups])).baseline
    now, _ = people(2000, 11)
    with_one, without = (
        judge(one, count(now, one), DriftPolicy()) for one in (baseline, replace(baseline, grouping=None))
    )
    assert with_one.features == without.features


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (categories_of(["2024-03-01T12:30:00Z", "2024-03-01 14:30:00+02:00", None]), "2024-03-01T12:30:00.000"),
        (np.array([1709296200.0, np.nan]), "2024-03-01T12:30:00.000"),
        (np.array([1709296200000.0]), "2024-03-01T12:30:00.000"),
    ],
)
def test_times_are_iso_texts_or_seconds(values: Categories | NDArray[np.float64], first: str) -> None:
    assert str(times_of(values, "at")[0]) == first


def test_what_is_no_time_is_refused_with_the_column() -> None:
    with pytest.raises(InvalidInputError, match="'yesterday' is no time: write ISO 8601"):
        times_of(categories_of(["2024-03-01T12:30:00Z", "yesterday"]), "at")
    with pytest.raises(InvalidInputError, match="no times since 1970"):
        times_of(np.array([np.inf]), "at")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            {"window": {"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"}, "time_column": "t"},
            "time_column",
        ),
        ({"statistics_uri": "s3://b/s.json", "group_column": "p"}, "group_column"),
        ({"uri": "s3://b/t.csv", "season": "hour"}, "time_column"),
    ],
)
def test_a_source_that_cannot_be_is_refused(source: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        BaselineSource.model_validate(source)


def code(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def csv_of(path: Path, window: Window) -> Path:
    assert window.times is not None
    text = window.categorical("text").values()
    lines = [
        f"{time}Z,{moving:.4f},{still:.4f},{level}"
        for time, moving, still, level in zip(
            window.times.astype("datetime64[s]"), window.numeric("moving"), window.numeric("still"), text, strict=True
        )
    ]
    path.write_text("at,moving,still,text\n" + "\n".join(lines) + "\n")
    return path


def test_the_command_sets_a_baseline_with_its_season_and_drift_compares_like_with_like(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    effects = 0.8 * np.sin(2 * np.pi * np.arange(HOURS + 100) / 24)
    train = csv_of(tmp_path / "train.csv", rows(np.repeat(np.arange(240), 60), effects, 12))
    now = csv_of(tmp_path / "now.csv", rows(np.full(1500, 246), effects, 13))
    out = tmp_path / "train.baseline"
    assert code(["baseline", "set", str(train), "--out", str(out), "--time-column", "at", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["season"], len(facts["parts"])) == ("hour", 24)
    assert facts["own_windows"] == {"hours": 1, "windows": 240}
    assert sorted(facts["columns"]) == ["moving", "still", "text"]
    compare = ["drift", "--baseline", str(out), "--current", str(now), "--json"]
    assert code([*compare, "--time-column", "at"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["usual"]["season"] == "hour"
    assert "compared with its part of the season: h06" in report["warnings"]
    assert code([*compare, "--season", "weekday"]) == 2
    assert "set it again" in capsys.readouterr().err
    assert code(["baseline", "set", str(train)]) == 2
    assert "--out FILE" in capsys.readouterr().err
    assert code(["baseline", "set", str(train), "--out", str(out), "--season", "hour"]) == 2
    assert "--time-column" in capsys.readouterr().err


def test_how_many_rows_until_it_can_be_told() -> None:
    random = np.random.default_rng(20)
    baseline = summarise_windows(lambda: [from_columns({"x": random.standard_normal(5000)})]).baseline
    everything = random.standard_normal(4000) + 0.4

    def judged(rows: int, minimum: int) -> FeatureDrift:
        counts = count(from_columns({"x": everything[:rows]}), baseline)
        return judge(baseline, counts, DriftPolicy(min_samples=minimum)).features["x"]

    few = judged(80, 200)
    assert few.verdict is Verdict.NOT_ENOUGH_DATA
    assert few.rows_needed == 200
    strict = judged(80, 100)
    assert strict.rows_needed is not None
    assert judged(strict.rows_needed, 100).rows_needed is None
    assert judged(2000, 200).rows_needed is None
    small = summarise_windows(lambda: [from_columns({"x": random.standard_normal(100)})]).baseline
    column = judge(small, count(from_columns({"x": everything}), small), DriftPolicy()).features["x"]
    assert (column.verdict, column.rows_needed) == (Verdict.NOT_ENOUGH_DATA, None)


def test_a_share_of_a_season_that_is_larger_than_that_of_the_whole_has_a_limit_too() -> None:
    random = np.random.default_rng(5)
    hours = np.repeat(np.arange(HOURS), 60)
    daily = 0.5 * np.sin(2 * np.pi * (hours % 24) / 24)
    noise = 0.25 * random.standard_normal(HOURS)[hours]
    nothing = random.random(len(hours)) < 1 / (1 + np.exp(-1.0 - daily - noise))
    values = np.where(nothing, 0.0, random.random(len(hours)))
    window = from_columns({"amount": values, "other": random.standard_normal(len(hours)) + daily})
    window = replace(window, times=(START + hours.astype("timedelta64[h]")).astype("datetime64[ms]"))
    known = summarise_windows(lambda: [window], season=Season.HOUR)
    own = usual(known.baseline, 1, Season.HOUR)
    assert own is not None
    column = own.columns["amount"]
    for part in known.parts.values():
        whole = part.columns["amount"]
        filled = round(whole.present * float((1.0 - np.mean(values == 0.0)) * 1.05))  # a little more than in the whole
        limit = column.share_limit("rare", Share(filled, filled, whole.present, whole.present), 0, 1e-5)
        assert limit is not None
        assert 0.1 < limit < 0.6


def test_what_lasts_for_a_day_shows_in_days_where_it_hides_in_the_few_rows_of_hours() -> None:
    random = np.random.default_rng(6)
    hours = np.repeat(np.arange(30 * 24), 25)
    away, daily = hours // 24 % 10 == 9, 0.3 * np.sin(2 * np.pi * (hours % 24) / 24)
    window = from_columns({"x": random.standard_normal(len(hours)) + daily + 0.25 * away})
    window = replace(window, times=(START + hours.astype("timedelta64[h]")).astype("datetime64[ms]"))
    own = usual(summarise_windows(lambda: [window], season=Season.HOUR).baseline, 1, Season.HOUR)
    assert own is not None
    column = own.columns["x"]
    alone = replace(column, days=None).psi_limit(1e-5, 2000, 18000)
    both = column.psi_limit(1e-5, 2000, 18000)
    assert alone is not None
    assert both is not None
    assert both > 0.25**2 > alone
