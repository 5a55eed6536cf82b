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

_ZONE = r"(?:Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2})?"
_TIME = rf"(?:,?[T ]\s*\d{{1,2}}[:.]\d{{2}}(?::?\d{{2}}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*{_ZONE})?"
_DAY = r"(?P<d>\d{1,2})"
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
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
_SINCE_1970: Final = {"seconds": 1.0, "milliseconds": 1e3, "microseconds": 1e6, "nanoseconds": 1e9}
_EARLIEST, _LATEST = 946_684_800.0, 2_524_608_000.0  # 2000-01-01 and 2050-01-01
_SPAN = 5 * 366 * 86_400.0
_YEARS = range(1900, 2101)
_FEW_TIMES, _FEW_DAYS, _FEW_MONTHS = 10, 2, 4


def _digits(*names: str) -> str:
    widths = {"y": r"(?P<y>\d{4})", "yy": r"(?P<yy>\d{2})", "m": r"(?P<m>\d{1,2})", "d": r"(?P<d>\d{1,2})"}
    return r"(?P<s>[-/. ])".join([widths[names[0]], ""]) + r"(?P=s)".join(widths[name] for name in names[1:])


_SPELLINGS: Final[tuple[tuple[re.Pattern[str], int], ...]] = tuple(
    (re.compile(pattern), fewest)
    for pattern, fewest in (
        (_digits("y", "m", "d") + _TIME, 1),
        (_digits("d", "m", "y") + _TIME, 1),
        (_digits("m", "d", "y") + _TIME, 1),
        # Two digits for the year look like other codes of three pairs, so more of them must fit.
        (r"(?P<d>\d{2})(?P<s>[-/.])(?P<m>\d{2})(?P=s)(?P<yy>\d{2})" + _TIME, 5),
        (r"(?P<m>\d{1,2})(?P<s>/)(?P<d>\d{1,2})(?P=s)(?P<yy>\d{2})" + _TIME, 5),
        (r"(?P<yy>\d{2})(?P<s>[-/.])(?P<m>\d{2})(?P=s)(?P<d>\d{2})" + _TIME, 5),
        (r"(?P<y>\d{4})[-/.](?P<m>\d{2})", 1),
        (r"(?P<m>\d{2})[-/.](?P<y>\d{4})", 1),
        (r"(?P<y>\d{4})-?W(?P<w>\d{2})(?:-?[1-7])?", 1),
        (r"(?P<y>\d{4})[- ]?Q(?P<q>[1-4])", 1),
        (rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th)?\.?[-/ ]?\s?(?:de )?{_MONTH}[-/ ,]?\s?(?:de )?(?P<y>\d{{4}}){_TIME}", 1),
        (rf"{_WEEKDAY}{_DAY}[-/ ]{_MONTH}[-/ ](?P<yy>\d{{2}}){_TIME}", 1),
        (rf"{_WEEKDAY}{_MONTH}\s{_DAY}(?:st|nd|rd|th)?,?\s(?P<y>\d{{4}}){_TIME}", 1),
        (rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+\d{{2}}:\d{{2}}:\d{{2}}(?:\s[A-Z]{{3,4}})?\s(?P<y>\d{{4}})", 1),
        (rf"(?P<y>\d{{4}})[-/ ]{_MONTH}[-/ ]{_DAY}{_TIME}", 1),
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
    if int(parts.get("H") or 0) > 23 or int(parts.get("M") or 0) > 59:
        return False
    month = _month(parts["month"]) if parts.get("month") else int(parts.get("m") or 1)
    return _is_day(year, month, int(parts.get("d") or 1))


def _month(name: str) -> int:
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _MONTHS.get(letters[:4]) or _MONTHS.get(letters[:3], 0)


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
    if len(values) < _FEW_DAYS or not np.isfinite(values).all() or np.min(values) < 190_001:
        return None
    low, high = float(np.min(values)), float(np.max(values))
    for name, scale in _SINCE_1970.items():
        within = low >= _EARLIEST * scale and high < _LATEST * scale and high - low <= _SPAN * scale
        if within and len(values) >= _FEW_TIMES and bool(np.any(np.mod(values, 1e3 * scale) != 0)):
            return f"{name} since 1970"
    if not bool(np.all(values == np.rint(values))):
        return None
    for low_end, high_end, read, fewest in _WRITTEN:
        if low >= low_end and high < high_end and len(values) >= fewest:
            return "dates written as numbers" if all(read(f"{value:.0f}") for value in values.tolist()) else None
    return None


def range_of_dates(values: NDArray[np.float64]) -> tuple[float, float]:
    """The smallest and the largest number that can be a date like these, for which `numbers_as_dates` has a name."""
    low, high = float(np.min(values)), float(np.max(values))
    for scale in _SINCE_1970.values():
        if low >= _EARLIEST * scale and high < _LATEST * scale:
            return _EARLIEST * scale, _LATEST * scale
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
