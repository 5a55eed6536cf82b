"""Hours, windows and folders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndic.discovery.coverage import cover, empty_windows, hours_in, windows_in
from syndic.models import CALENDAR, TimeWindow, WindowLength
from syndic.models.capture_paths import (
    beginning_folders,
    captured_hour,
    captured_span,
    covering_prefixes,
    holds,
    hour_path,
    longest_span,
    outlasts,
)

START = datetime(2019, 12, 30, tzinfo=UTC)
HOURS = st.integers(0, 24 * 70).map(lambda hours: START + timedelta(hours=hours))


@given(st.lists(HOURS, max_size=40), st.integers(0, 40))
def test_runs_hold_exactly_the_hours_in_any_order_and_portion(hours: list[datetime], cut: int) -> None:
    runs = cover((), hours)
    assert hours_in(runs) == len(set(hours))
    assert cover(cover((), hours[cut:]), hours[:cut]) == runs
    assert all(before.end < after.start for before, after in pairwise(runs))
    assert cover(runs, hours) == runs


@given(st.lists(HOURS, min_size=1, max_size=30), st.sampled_from(CALENDAR))
def test_every_window_between_the_first_and_the_last_hour_is_covered_or_empty(
    hours: list[datetime], length: WindowLength
) -> None:
    runs = cover((), hours)
    covered = {
        window.start for window in windows_in(runs, length, since=min(hours), until=max(hours) + timedelta(hours=1))
    }
    empty = {window.start for window in empty_windows(runs, length)}
    assert covered == {length.around(hour).start for hour in hours}
    assert not covered & empty
    window, every = length.around(min(hours)), set()
    while window.start <= max(hours):
        every.add(window.start)
        window = length.around(window.end)
    assert covered | empty == every


@settings(max_examples=60)
@given(HOURS, st.integers(0, 24 * 65), st.integers(0, 59))
def test_prefixes_hold_each_hour_of_a_window_once_and_nothing_else(start: datetime, hours: int, minutes: int) -> None:
    window = TimeWindow(start=start + timedelta(minutes=minutes), end=start + timedelta(hours=hours))
    prefixes = list(covering_prefixes(window))
    for offset in range(-25, hours + 26):
        hour = start + timedelta(hours=offset)
        inside = window.start <= hour < window.end
        path = f"{hour_path(hour)}/file.jsonl"
        assert sum(path.startswith(prefix) for prefix in prefixes) == int(inside)
        assert holds(window, f"s3://b/p/{path}") == inside
    assert prefixes == sorted(prefixes)


RATES = {"minute": "%Y/%m/%d/%H/%M", "hour": "%Y/%m/%d/%H", "day": "%Y/%m/%d", "month": "%Y/%m", "year": "%Y"}


@settings(max_examples=100)
@given(HOURS, st.integers(0, 24 * 800), st.integers(0, 59), st.sampled_from(list(RATES)), st.data())
def test_files_of_any_rolling_rate_are_listed_once_and_in_the_window_in_which_their_span_begins(
    start: datetime, hours: int, minutes: int, rate: str, data: st.DataObject
) -> None:
    window = TimeWindow(start=start + timedelta(minutes=minutes), end=start + timedelta(hours=hours))
    moment = start + timedelta(hours=data.draw(st.integers(-30, hours + 30)), minutes=minutes)
    if data.draw(st.booleans()):  # near the year's or the month's beginning, where folders begin
        moment = moment.replace(day=1, hour=data.draw(st.integers(0, 2)))
    path = f"{moment.strftime(RATES[rate])}/file.jsonl"
    span = datetime.strptime(moment.strftime(RATES[rate]), RATES[rate]).replace(tzinfo=UTC)
    inside = window.start <= span.replace(minute=0) < window.end
    below = sum(path.startswith(prefix) for prefix in covering_prefixes(window))
    directly = sum(path.rsplit("/", 1)[0] + "/" == folder for folder in beginning_folders(window))
    assert below + directly == int(inside)
    assert holds(window, f"https://a/c/p/{path}") == inside


def test_an_hour_that_begins_nothing_longer_needs_one_listing() -> None:
    assert list(beginning_folders(WindowLength.HOUR.around(START + timedelta(hours=5)))) == []
    assert list(beginning_folders(WindowLength.HOUR.around(START))) == ["2019/12/30/"]
    assert list(beginning_folders(WindowLength.MONTH.around(START))) == []
    new_year = datetime(2020, 1, 1, tzinfo=UTC)
    assert list(beginning_folders(WindowLength.HOUR.around(new_year))) == ["2020/01/01/", "2020/01/", "2020/"]
    assert list(beginning_folders(WindowLength.MONTH.around(new_year))) == ["2020/"]


def test_a_month_is_one_listing() -> None:
    assert list(covering_prefixes(WindowLength.MONTH.around(START))) == ["2019/12/"]
    assert list(covering_prefixes(WindowLength.DAY.around(START))) == ["2019/12/30/"]
    assert len(list(covering_prefixes(WindowLength.WEEK.around(START)))) == 7


def test_the_hour_is_read_from_the_folder() -> None:
    hour = datetime(2019, 4, 1, 7, tzinfo=UTC)
    assert captured_hour("s3://b/p/car-loan/AllTraffic/2019/04/01/07/12-00-abc.jsonl") == hour
    assert captured_hour("https://a.blob.core.windows.net/c/2019/04/01/x.jsonl") == hour.replace(hour=0)
    assert captured_hour("https://a/c/2019/04/01/07/59/x.jsonl") == hour
    assert captured_hour("https://a/c/2019/04/x.jsonl") == hour.replace(hour=0)
    assert captured_hour("https://a/c/2019/x.jsonl") == datetime(2019, 1, 1, tzinfo=UTC)
    for wrong in (
        "s3://b/2019/02/30/00/x",
        "s3://b/2019/13/x",
        "s3://b/2019/4/x",
        "s3://b/0000/x",
        "s3://b/x.jsonl",
        "s3://b/2019/04/01/07/",
        "",
        "s3://b/2019/04/01/24/x",
    ):
        assert captured_hour(wrong) is None


def test_the_depth_of_a_folder_tells_the_span_of_its_files() -> None:
    spans = [
        captured_span(f"https://a/c/{folder}/x.jsonl") for folder in ("2019", "2019/04", "2019/04/01", "2019/04/01/07")
    ]
    assert spans == ["year", "month", "day", "hour"]
    assert captured_span("s3://b/2019/04/01/07/30/x") == "minute"
    assert captured_span("s3://b/latest/x") is None
    assert longest_span(["hour", "month", "day"]) == "month"
    assert longest_span([]) is None


@pytest.mark.parametrize(
    ("span", "window", "longer"),
    [
        ("day", "day", False),
        ("day", "hour", True),
        ("month", "week", True),
        ("day", "week", False),
        ("year", "month", True),
    ],
)
def test_a_file_outlasts_a_window_when_it_may_hold_two(span: str, window: str, longer: bool) -> None:
    assert outlasts(span, WindowLength(window)) is longer
