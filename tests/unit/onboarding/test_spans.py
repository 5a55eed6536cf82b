"""Windows and baselines from the volume of traffic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syndic.models import WindowLength
from syndic.onboarding.spans import MOST_BYTES, baseline_of, complete_days, window_for

DAY = timedelta(days=1)
START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "length"),
    [(24_000, "hour"), (23_999, "day"), (1000, "day"), (999, "week"), (143, "week"), (142, "month"), (0, "month")],
)
def test_the_shortest_window_with_enough_rows(rows: int, length: str) -> None:
    assert window_for(rows) == WindowLength(length)


def test_only_whole_days_are_complete() -> None:
    noon, late = START + DAY / 2, START + 3 * DAY + timedelta(hours=22)
    assert [one.start for one in complete_days(noon, late)] == [START + DAY, START + 2 * DAY]
    assert [one.start for one in complete_days(START, START + timedelta(hours=23))] == [START]
    assert complete_days(noon, noon) == ()


def test_a_baseline_is_of_whole_weeks_where_it_can_be() -> None:
    days = complete_days(START, START + 40 * DAY)
    for count, wanted in ((40, 28), (27, 14), (13, 7), (5, 5), (1, 1)):
        found = baseline_of(tuple((day, 10) for day in days[:count]))
        assert found is not None
        assert (found.start, found.end - found.start) == (START, wanted * DAY)
    heavy = tuple((day, MOST_BYTES // 10) for day in days)
    found = baseline_of(heavy)
    assert found is not None
    assert found.end - found.start == 7 * DAY
    assert baseline_of(((days[0], MOST_BYTES + 1),)) is None
    assert baseline_of(((days[0], 0), (days[1], 10))) is None
    gap = baseline_of(((days[0], 10), (days[1], 0), (days[2], 10)))
    assert gap is not None
    assert gap.end - gap.start == DAY
    assert baseline_of(()) is None
