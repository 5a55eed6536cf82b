from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_functions.schedules import FIELDS, Field, parse_schedule, resolve, timer_schedule
from syndic.errors import InvalidInputError

START = datetime(2026, 3, 4, 6, 30, 15, tzinfo=UTC)  # a Wednesday
NAMES = (
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
)


def allowed(field: Field, text: str) -> set[int]:
    """A field's meaning said slowly: try each value against each item."""
    return {
        value
        for value in range(field.lowest, field.highest + 1)
        if any(holds(field, one, value) for one in text.split(","))
    }


def holds(field: Field, item: str, value: int) -> bool:
    span, slash, step = item.partition("/")
    first, dash, last = span.partition("-")
    if first == "*":
        low, high = field.lowest, field.highest
    else:
        low = number(field, first)
        high = number(field, last) if dash else (field.highest if slash else low)
    return low <= value <= high and (value - low) % int(step or 1) == 0


def number(field: Field, text: str) -> int:
    names = {"month": [None, *NAMES[0]], "day of week": NAMES[1]}.get(field.name, [])
    return names.index(text.lower()) if text.lower() in names else int(text)


def fires(texts: list[str], moment: datetime) -> bool:
    parts = (moment.second, moment.minute, moment.hour, moment.day, moment.month, moment.isoweekday() % 7)
    return all(part in allowed(field, text) for field, text, part in zip(FIELDS, texts, parts, strict=True))


@st.composite
def field_texts(draw: st.DrawFn, field: Field) -> str:
    value = st.integers(field.lowest, field.highest)
    names = {"month": NAMES[0], "day of week": NAMES[1]}.get(field.name)

    def said(number_: int) -> str:
        if names and draw(st.booleans()):
            name = names[number_ - field.lowest]
            return name.upper() if draw(st.booleans()) else name.title()
        return str(number_)

    items = []
    for _ in range(draw(st.integers(1, 3))):
        low, high = sorted((draw(value), draw(value)))
        span = draw(st.sampled_from(["*", said(low), f"{said(low)}-{said(high)}"]))
        items.append(span + draw(st.sampled_from(["", f"/{draw(st.integers(1, 70))}"])))
    return ",".join(items)


@given(st.data())
def test_a_field_allows_what_its_slow_definition_allows(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(FIELDS))
    text = data.draw(field_texts(field))

    assert field.read(text, "schedule") == allowed(field, text)


@given(st.data())
def test_next_firing_is_the_first_second_that_matches(data: st.DataObject) -> None:
    """Seconds, minutes and hours by trying every second of two hours; the day is always allowed."""
    hour = data.draw(st.sampled_from(["*", "6", "6-7", "*/2", "7", "5,6,7"]))
    texts = [data.draw(field_texts(FIELDS[0])), data.draw(field_texts(FIELDS[1])), hour, "*", "*", "*"]
    start = START + timedelta(seconds=data.draw(st.integers(0, 3600)))
    sets = [allowed(field, text) for field, text in zip(FIELDS, texts, strict=True)]
    found = parse_schedule(" ".join(texts)).next_after(start)

    moments = (start + timedelta(seconds=number_) for number_ in range(1, 7200))
    expected = next(
        (one for one in moments if one.second in sets[0] and one.minute in sets[1] and one.hour in sets[2]), None
    )
    if expected is None:
        assert found >= start + timedelta(seconds=7200)
        assert fires(texts, found)
    else:
        assert found == expected


@given(st.data())
def test_next_day_is_the_first_that_matches(data: st.DataObject) -> None:
    """Day, month and day of week by trying every day of four years."""
    texts = ["0", "0", "0", *(data.draw(field_texts(field)) for field in FIELDS[3:])]
    days, months, weekdays = (allowed(field, text) for field, text in zip(FIELDS[3:], texts[3:], strict=True))
    if min(days) > max(calendar.monthrange(2028, month)[1] for month in months):
        with pytest.raises(InvalidInputError, match="no month of"):
            parse_schedule(" ".join(texts))
        return
    schedule = parse_schedule(" ".join(texts))
    start = datetime(2026, 3, 4, tzinfo=UTC)
    later = (start + timedelta(days=number_) for number_ in range(1, 1461))
    expected = next(
        (one for one in later if one.day in days and one.month in months and one.isoweekday() % 7 in weekdays), None
    )
    found = schedule.next_after(start)

    assert fires(texts, found)
    assert found == expected if expected else found > start + timedelta(days=1460)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 * * * *", datetime(2026, 3, 4, 7, tzinfo=UTC)),
        ("0 */15 * * * *", datetime(2026, 3, 4, 6, 45, tzinfo=UTC)),
        ("0 15 5 * * *", datetime(2026, 3, 5, 5, 15, tzinfo=UTC)),
        ("0 30 9 * * Mon-Fri", datetime(2026, 3, 4, 9, 30, tzinfo=UTC)),
        ("0 0 0 13 * fri", datetime(2026, 3, 13, tzinfo=UTC)),
        ("0 0 0 1 jan *", datetime(2027, 1, 1, tzinfo=UTC)),
        ("0 0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("*/20 * * * * *", datetime(2026, 3, 4, 6, 30, 20, tzinfo=UTC)),
    ],
)
def test_next_firing(text: str, expected: datetime) -> None:
    assert parse_schedule(text).next_after(START) == expected


def test_a_moment_of_another_zone_and_its_microseconds_are_reckoned_in_utc() -> None:
    moment = datetime(2026, 3, 4, 8, 0, 0, 1, tzinfo=timezone(timedelta(hours=2)))

    assert parse_schedule("0 0 * * * *").next_after(moment) == datetime(2026, 3, 4, 7, tzinfo=UTC)


@pytest.mark.parametrize("weekday", range(7))
def test_the_longest_wait_of_the_calendar_is_found(weekday: int) -> None:
    """29 February on a given day of the week: 2100 is no leap year, so some come only after 40 years."""
    leap_days = [datetime(year, 2, 29, tzinfo=UTC) for year in range(2076, 2200, 4) if calendar.isleap(year)]
    after = datetime(2076, 3, 1, tzinfo=UTC)
    schedule = parse_schedule(f"0 0 0 29 2 {weekday}")

    for expected in (one for one in leap_days if one > after and one.isoweekday() % 7 == weekday):
        assert schedule.next_after(after) == expected
        after = expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "six are needed"),
        ("0 * * * *", "5 fields"),
        ("0 0 0 0 * * *", "7 fields"),
        ("nonsense", "1 fields"),
        ("60 * * * * *", "second: 60 is not in 0-59"),
        ("0 -5 * * * *", "minute"),
        ("0 0 24 * * *", "hour: 24 is not in 0-23"),
        ("0 0 0 0 * *", "day: 0 is not in 1-31"),
        ("0 0 0 * 13 *", "month: 13 is not in 1-12"),
        ("0 0 0 * * 7", "day of week: 7 is not in 0-6"),
        ("0 0 0 * * Funday", "day of week: 'Funday' is no number and no name"),
        ("0 0 x * * *", "hour: 'x' is no number"),
        ("0 */0 * * * *", "minute: the step of '*/0' is 0"),
        ("0 0 5-1 * * *", "hour: the range '5-1' runs backwards"),
        ("0 1, * * * *", "minute: '' is no value"),
        ("0 0 0 L * *", "day"),
        ("0 0 0 ? * *", "day: '?' is no value"),
        ("0 0 ٣ * * *", "hour"),
        ("0 0 ² * * *", "hour"),
        ("0 0 0 31 2,4 *", "day: no month of '2,4' has a day 31"),
        ("01:00:00", "1 fields"),
    ],
)
def test_an_expression_that_is_none_is_refused_by_field(text: str, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says.replace("*", r"\*").replace("?", r"\?")) as caught:
        parse_schedule(text, where="app setting SYNDIC_X_SCHEDULE")

    assert "SYNDIC_X_SCHEDULE" in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_a_schedule_or_one_clear_refusal(text: str) -> None:
    try:
        schedule = parse_schedule(text)
    except InvalidInputError:
        return
    assert schedule.next_after(START) > START


def test_a_setting_stands_for_the_expression() -> None:
    settings = {"SYNDIC_DISCOVERY_SCHEDULE": "0 0 * * * *"}

    assert timer_schedule("%SYNDIC_DISCOVERY_SCHEDULE%", settings) == parse_schedule("0 0 * * * *")
    assert resolve("0 %A% * * * *", {"A": "5"}) == "0 5 * * * *"


def test_a_missing_setting_and_a_wrong_one_are_named() -> None:
    with pytest.raises(InvalidInputError, match="app setting SYNDIC_DISCOVERY_SCHEDULE"):
        timer_schedule("%SYNDIC_DISCOVERY_SCHEDULE%", {})
    with pytest.raises(InvalidInputError, match=r"app setting SYNDIC_DISCOVERY_SCHEDULE.*hour"):
        timer_schedule("%SYNDIC_DISCOVERY_SCHEDULE%", {"SYNDIC_DISCOVERY_SCHEDULE": "0 0 99 * * *"})
