"""A window as people read it: whole days with their last one, hours as they begin and end, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syndic.models import TimeWindow

CASES = [
    (datetime(2019, 4, 1, tzinfo=UTC), datetime(2019, 5, 1, tzinfo=UTC), "2019-04-01 to 2019-04-30 (UTC)"),
    (datetime(2019, 4, 1, tzinfo=UTC), datetime(2019, 4, 2, tzinfo=UTC), "2019-04-01 (UTC)"),
    (
        datetime(2019, 4, 1, 23, tzinfo=UTC),
        datetime(2019, 4, 2, tzinfo=UTC),
        "2019-04-01 23:00 to 2019-04-02 00:00 UTC",
    ),
]


@pytest.mark.parametrize(("start", "end", "words"), CASES)
def test_a_window_is_named_by_its_days_or_hours(start: datetime, end: datetime, words: str) -> None:
    assert TimeWindow(start=start, end=end).words == words
