"""Legal periods: hours over a change to summer time, months that end sooner, and every state a clock can stand in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.errors import ConflictError, InvalidInputError
from syndic.registers.clocks import (
    ClockState,
    Period,
    end_of,
    extended,
    met,
    moved,
    next_due,
    soon_from,
    standing_of,
    start_clock,
    state_of,
    stopped,
)

NOW = datetime(2026, 3, 27, 10, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
THREE_DAYS = Period(hours=72)


def clock(period=THREE_DAYS, started_at=NOW):
    return start_clock("notify", "Tell the authority", period, legal_basis="GDPR Art. 33(1)", started_at=started_at)


def test_72_hours_over_a_change_to_summer_time_are_72_hours_and_another_time_on_the_wall():
    berlin = ZoneInfo("Europe/Berlin")
    started = datetime(2026, 3, 27, 11, 30, tzinfo=berlin)  # the clocks go forward on the 29th
    due = clock(started_at=started).due
    assert due.astimezone(UTC) - started.astimezone(UTC) == 72 * HOUR
    assert due.astimezone(berlin).strftime("%d %H:%M") == "30 12:30"
    autumn = clock(started_at=datetime(2026, 10, 24, 11, 30, tzinfo=berlin)).due
    assert autumn.astimezone(berlin).strftime("%d %H:%M") == "27 10:30"


@pytest.mark.parametrize(
    ("started", "period", "end"),
    [
        ("2026-01-31T08:00", Period(months=1), "2026-02-28T08:00"),
        ("2028-01-31T08:00", Period(months=1), "2028-02-29T08:00"),
        ("2026-12-31T08:00", Period(months=2), "2027-02-28T08:00"),
        ("2026-11-30T08:00", Period(months=3), "2027-02-28T08:00"),
        ("2026-12-20T23:59", Period(days=15), "2027-01-04T23:59"),
        ("2026-02-27T00:00", Period(days=2), "2026-03-01T00:00"),
    ],
)
def test_periods_end_in_the_calendar(started, period, end):
    found = end_of(datetime.fromisoformat(started).replace(tzinfo=UTC), period)
    assert found.strftime("%Y-%m-%dT%H:%M") == end


@given(
    st.integers(0, 20_000_000).map(lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.integers(1, 40),
    st.sampled_from(["Europe/Berlin", "Europe/Lisbon", "Europe/Helsinki", "UTC"]),
)
def test_a_clock_in_days_never_ends_after_the_law_s_by_more_than_the_hour_of_summer_time(started, days, zone):
    law = (started.astimezone(ZoneInfo(zone)).date() + timedelta(days=days + 1)).isoformat()
    end_by_law = datetime.fromisoformat(law).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    over = end_of(started, Period(days=days)) - end_by_law
    assert over <= HOUR
    if started.astimezone(ZoneInfo(zone)).hour < 23:
        assert over <= timedelta(0)


def test_a_clock_runs_is_due_soon_and_is_late_after_its_last_second():
    one = clock()
    assert state_of(one, NOW) is ClockState.RUNNING
    assert state_of(one, soon_from(one) - timedelta(seconds=1)) is ClockState.RUNNING
    assert soon_from(one) == one.due - 18 * HOUR
    assert state_of(one, soon_from(one)) is ClockState.DUE_SOON
    assert state_of(one, one.due) is ClockState.DUE_SOON
    assert state_of(one, one.due + timedelta(microseconds=1)) is ClockState.LATE
    assert standing_of(one, one.due + HOUR).seconds_left == -3600
    short = clock(Period(hours=24))
    assert soon_from(short) == short.due - 12 * HOUR  # a quarter would be six


def test_what_is_owed_at_once_is_due_soon_from_the_first_moment():
    one = clock(Period(days=15)).model_copy(update={"at_once_since": NOW + HOUR})
    assert state_of(one, NOW) is ClockState.RUNNING
    assert state_of(one, NOW + HOUR) is ClockState.DUE_SOON
    assert standing_of(one, NOW + HOUR).at_once
    assert not standing_of(met(one, NOW + HOUR), NOW + HOUR).at_once


def test_what_is_done_late_never_reads_as_done_in_time():
    one = clock()
    assert state_of(met(one, one.due), one.due) is ClockState.MET
    late = met(one, one.due + HOUR)
    assert state_of(late, NOW) is ClockState.MET_LATE
    assert met(late, NOW) == late  # what was done first stays
    assert stopped(late, because="withdrawn", at=NOW) == late
    with pytest.raises(InvalidInputError, match="before 2026-03-27"):
        met(one, NOW - HOUR)


def test_a_stopped_clock_says_why_and_owes_nothing():
    with pytest.raises(InvalidInputError, match="say why"):
        stopped(clock(), because="  ", at=NOW)
    one = stopped(clock(), because="no risk to persons", at=NOW)
    assert state_of(one, one.due + HOUR) is ClockState.STOPPED
    assert standing_of(one, one.due + HOUR).seconds_left == 0
    assert next_due([one, clock(Period(days=15))]) == NOW + timedelta(days=15)


def test_an_extension_needs_a_reason_and_comes_in_time():
    one = clock(Period(months=1))
    longer = extended(one, Period(months=2), because="forty requests", now=NOW)
    assert longer.due.strftime("%m-%d") == "06-27"
    with pytest.raises(ConflictError, match="its time is over"):
        extended(one, Period(months=2), because="forty requests", now=one.due + HOUR)
    assert moved(longer, NOW - 24 * HOUR).due.strftime("%m-%d") == "04-26"


def test_an_empty_period_and_an_end_beyond_all_calendars_are_refused():
    with pytest.raises(ValueError, match="longer than nothing"):
        Period()
    with pytest.raises(InvalidInputError, match="9999"):
        clock(Period(months=12), datetime(9999, 6, 1, tzinfo=UTC))
