"""Which columns hold dates and times, however they are written. A later window cannot hold the same ones.

A date says when a row came into being, so a window is no random sample of a baseline's dates. Taking other values for
dates would keep a real change quiet: so every value of a column must fit, all in one spelling, and numbers must be such
as nothing else is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

_ZONE = r"(?:Z|Uhr|h|(?:[A-Z]{3,4})?(?:[+-]\d{2}(?::?\d{2})?)?(?:\s\([^()]*\))?)"
_TIME = rf"(?:(?:,?[T ]\s*|:)\d{{1,2}}[:.]\d{{2}}(?::?\d{{2}}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*{_ZONE})?"
_DAY = r"(?P<d>\d{1,2})"
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_NTH = r"(?:st|nd|rd|th|er|\.)?"
_YEAR = r"(?P<y>\d{4})(?:\s(?:\u0433|r)\.?)?"  # Russian and Polish write a letter for "year" behind it
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen",
            "feb fev",
            "mar mrt maa",
            "apr abr avr",
            "may mai mei mag",
            "jun giu juin",
            "jul lug juil",
            "aug ago aou",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez dic",
        ),
        1,
    )
    for name in names.split()
}
# Months of other languages: which one does not matter, that it is one does.
_OTHER_MONTHS: Final = frozenset(
    re.findall(
        r"\w+",
        "sty lut kwi cze lip sie wrz paz lis gru "  # Polish
        "oca sub nis haz tem agu eyl eki kas ara "  # Turkish
        "led uno bre dub kve cer srp zar rij pro "  # Czech
        "ian iun iul maj noi des szep "  # Romanian, Norwegian, Hungarian
        "tam hel huh tou kes hei elo syy lok jou "  # Finnish
        "\u044f\u043d\u0432 \u0444\u0435\u0432 \u043c\u0430\u0440 \u0430\u043f\u0440 \u043c\u0430\u044f "  # Russian
        "\u043c\u0430\u0438 \u0438\u044e\u043d \u0438\u044e\u043b \u0430\u0432\u0433 \u0441\u0435\u043d "
        "\u043e\u043a\u0442 \u043d\u043e\u044f \u0434\u0435\u043a",
    )
)
_SINCE_1970: Final = {"seconds": 1.0, "milliseconds": 1e3, "microseconds": 1e6, "nanoseconds": 1e9}
_EARLIEST, _LATEST = 946_684_800.0, 2_524_608_000.0  # 2000-01-01 and 2050-01-01
_SPAN = 5 * 366 * 86_400.0
_YEARS = range(1900, 2101)
_FEW_TIMES, _FEW_DAYS, _FEW_MONTHS = 10, 2, 4


def _digits(*names: str) -> str:
    widths = {"y": r"(?P<y>\d{4})", "yy": r"(?P<yy>\d{2})", "m": r"(?P<m>\d{1,2})", "d": r"(?P<d>\d{1,2})"}
    return r"(?P<s>[-/._: ])\s?".join([widths[names[0]], ""]) + r"(?P=s)\s?".join(widths[name] for name in names[1:])


_SPELLINGS: Final[tuple[tuple[re.Pattern[str], int], ...]] = tuple(
    (re.compile(pattern), fewest)
    for pattern, fewest in (
        (_digits("y", "m", "d") + _TIME, 1),
        (_digits("d", "m", "y") + _TIME, 1),
        (_digits("m", "d", "y") + _TIME, 1),
        (r"(?P<y>\d{4})\.\s?(?P<m>\d{1,2})\.\s?(?P<d>\d{1,2})\." + _TIME, 1),
        (r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})\." + _TIME, 1),
        (
            r"(?P<y>\d{4})\s?[\u5e74\ub144]\s?(?P<m>\d{1,2})\s?[\u6708\uc6d4](?:\s?(?P<d>\d{1,2})\s?[\u65e5\uc77c])?"
            + _TIME,
            1,
        ),
        (r"(?P<y>\d{4})-(?P<j>\d{3})", 5),
        # Two digits for the year look like other codes of three pairs, so more of them must fit.
        (r"(?P<d>\d{2})(?P<s>[-/.])(?P<m>\d{2})(?P=s)(?P<yy>\d{2})" + _TIME, 5),
        (r"(?P<m>\d{1,2})(?P<s>/)(?P<d>\d{1,2})(?P=s)(?P<yy>\d{2})" + _TIME, 5),
        (r"(?P<yy>\d{2})(?P<s>[-/.])(?P<m>\d{2})(?P=s)(?P<d>\d{2})" + _TIME, 5),
        (r"(?P<y>\d{4})[-/.](?P<m>\d{2})", 1),
        (r"(?P<m>\d{2})[-/.](?P<y>\d{4})", 1),
        (r"(?P<y>\d{4})[-/ ]?(?:W|KW|CW)(?P<w>\d{1,2})(?:-?[1-7])?", 1),
        (r"(?:W|KW|CW)\s?(?P<w>\d{1,2})[-/ ](?P<y>\d{4})", 1),
        (r"(?:FY\s?)?(?P<y>\d{4})[-/ ]?[QHST](?P<q>[1-4])", 1),
        (r"[QHST](?P<q>[1-4])[-/ ]?(?:FY\s?)?(?P<y>\d{4})", 1),
        (r"(?:FY\s?)?(?P<yy>\d{2})[-/ ]?[QH](?P<q>[1-4])", 2),
        (r"[QH](?P<q>[1-4])[-/ ](?:FY\s?)?(?P<yy>\d{2})", 2),
        (rf"{_MONTH}[-/ ](?P<yy>\d{{2}})", 2),
        (rf"{_WEEKDAY}{_DAY}{_NTH}[-/ ]?\s?(?:de )?{_MONTH}[-/ ,]?\s?(?:de )?{_YEAR}{_TIME}", 1),
        (rf"{_WEEKDAY}{_DAY}[-/ ]{_MONTH}[-/ ](?P<yy>\d{{2}}){_TIME}", 1),
        (rf"{_WEEKDAY}{_MONTH}\s{_DAY}(?:st|nd|rd|th)?,?\s(?P<y>\d{{4}}){_TIME}", 1),
        (rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+\d{{2}}:\d{{2}}:\d{{2}}(?:\s[A-Z]{{3,4}})?\s(?P<y>\d{{4}})", 1),
        (rf"(?P<y>\d{{4}})\.?[-/ ]{_MONTH}[-/ ]{_DAY}\.?{_TIME}", 1),
        (rf"{_MONTH}[-/ ,]\s?(?P<y>\d{{4}})", 1),
        (r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?:\d{2}(?:\.\d+)?)?Z?)?", _FEW_DAYS),
    )
)


def are_dates(texts: Sequence[str]) -> bool:
    """Whether all texts are dates or times in one spelling, a year being part of it.

    Years with months, weeks or quarters count; times of day, weekdays, months and years alone do not: they come again.
    One text is enough; where the year has two digits five different ones must fit, and two of digits alone
    (``20240301``).
    """
    if not texts or not any(letter.isdigit() for letter in texts[0]):
        return False
    return any(len(texts) >= fewest and all(_fits(pattern, text) for text in texts) for pattern, fewest in _SPELLINGS)


def is_date(text: str) -> bool:
    """Whether a text is a date or a time in any spelling. Of a single one that is a guess: codes may look like it."""
    return any(_fits(pattern, text) for pattern, _ in _SPELLINGS)


def _fits(pattern: re.Pattern[str], text: str) -> bool:
    match = pattern.fullmatch(text)
    if match is None:
        return False
    parts = match.groupdict()
    year = int(parts["y"]) if parts.get("y") else 2000 + int(parts["yy"])
    if year not in _YEARS or not 0 <= int(parts.get("w") or 1) <= 53:
        return False
    if not 1 <= int(parts.get("j") or 1) <= 366:
        return False
    if int(parts.get("H") or 0) > 23 or int(parts.get("M") or 0) > 59:
        return False
    month = _month(parts["month"]) if parts.get("month") else int(parts.get("m") or 1)
    return _is_day(year, month, int(parts.get("d") or 1))


def _month(name: str) -> int:
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    other = int(not _OTHER_MONTHS.isdisjoint((letters[:4], letters[:3])))  # as if of 31 days
    return _MONTHS.get(letters[:4]) or _MONTHS.get(letters[:3], other)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def numbers_as_dates(values: NDArray[np.float64]) -> str | None:
    """What kind of dates all numbers are, for instance ``seconds since 1970``, or None when they are numbers.

    - ``20240301`` and ``20240301120000``: whole numbers that are each a day of the calendar from 1900 to 2100, at least
      two different ones; ``202403``: at least four.
    - Seconds, milli-, micro- or nanoseconds since 1970: all between the years 2000 and 2050 and within five years of
      each other, at least ten different ones, and not all round (of thousands of seconds), as frequencies and
      amounts are.

    Args:
        values: The different values, or enough of them.
    """
    if len(values) < _FEW_DAYS or np.min(values) < 10_101 or not np.isfinite(values).all():
        return None
    low, high = float(np.min(values)), float(np.max(values))
    for name, scale in _SINCE_1970.items():
        within = low >= _EARLIEST * scale and high < _LATEST * scale and high - low <= _SPAN * scale
        if within and len(values) >= _FEW_TIMES and bool(np.any(np.mod(values, 1e3 * scale) != 0)):
            return f"{name} since 1970"
    if not bool(np.all(values == np.rint(values))):
        return None
    if _short_days(values):
        return "dates written as numbers"
    for low_end, high_end, read, fewest in _WRITTEN:
        if low >= low_end and high < high_end and len(values) >= fewest:
            return "dates written as numbers" if all(read(f"{value:.0f}") for value in values.tolist()) else None
    return None


def _short_days(values: NDArray[np.float64]) -> bool:
    """Whether numbers are days as ``240131``: ten or more, all in the calendar, with the gap between two months.

    Of whole numbers a twenty-eighth are days, but those between the 28th of a month and the next 1st never: numbers
    that lie close together fill that gap.
    """
    if len(values) < _FEW_TIMES or float(np.max(values)) > 491_231:
        return False
    texts = [f"{value:06.0f}" for value in values.tolist()]
    months = {text[:4] for text in texts}
    return len(months) > 1 and all(_is_day(2000 + int(t[:2]), int(t[2:4]), int(t[4:])) for t in texts)


def may_be_dates(texts: Sequence[str]) -> bool:
    """Whether texts in no known spelling may be dates: each has one year of few, and other digits or few words."""
    found = [_YEAR_WITHIN.split(text) for text in texts]
    if len(texts) < _FEW_DAYS or any(len(parts) != 3 for parts in found):
        return False
    rest = [parts[0] + " " + parts[2] for parts in found]
    words = {word for text in rest for word in _WORD.findall(text)}
    numbers = [len(number) for text in rest for number in _NUMBER.findall(text)]
    return len({parts[1] for parts in found}) <= _FEW_YEARS and len(words) <= _FEW_WORDS and max(numbers, default=0) < 3


_YEAR_WITHIN: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_WORD: Final = re.compile(r"[^\W\d_]+")
_NUMBER: Final = re.compile(r"\d+")
_FEW_YEARS, _FEW_WORDS = 3, 24


def range_of_dates(values: NDArray[np.float64]) -> tuple[float, float]:
    """The smallest and the largest number that can be a date like these, for which `numbers_as_dates` has a name."""
    low, high = float(np.min(values)), float(np.max(values))
    for scale in _SINCE_1970.values():
        if low >= _EARLIEST * scale and high < _LATEST * scale:
            return _EARLIEST * scale, _LATEST * scale
    if _short_days(values):
        return 10_101.0, 500_000.0
    return next((low_end, high_end) for low_end, high_end, *_ in _WRITTEN if low >= low_end and high < high_end)


def _compact(text: str) -> bool:
    return _fits(_SPELLINGS[-1][0], text)


def _compact_month(text: str) -> bool:
    return int(text[:4]) in _YEARS and 1 <= int(text[4:]) <= 12


_WRITTEN: Final[tuple[tuple[float, float, Callable[[str], bool], int], ...]] = (
    (190_001, 210_101, _compact_month, _FEW_MONTHS),
    (19_000_101, 21_010_101, _compact, _FEW_DAYS),
    (190_001_010_000, 210_101_010_000, _compact, _FEW_DAYS),
    (19_000_101_000_000, 21_010_101_000_000, _compact, _FEW_DAYS),
)
