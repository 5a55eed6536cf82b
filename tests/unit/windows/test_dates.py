"""Dates are told from numbers and codes, however they are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndic.windows.cells.dates import are_dates, numbers_as_dates

SPELLINGS: dict[str, str] = {
    "iso": "%Y-%m-%d",
    "iso time": "%Y-%m-%d %H:%M:%S",
    "iso T and Z": "%Y-%m-%dT%H:%M:%S.%fZ",
    "iso with zone": "%Y-%m-%dT%H:%M:%S+02:00",
    "day first": "%d/%m/%Y",
    "month first": "%m/%d/%Y",
    "dots": "%d.%m.%Y",
    "dots and time": "%d.%m.%Y %H:%M",
    "year first": "%Y/%m/%d",
    "short month": "%d-%b-%Y",
    "short month and year": "%d-%b-%y",
    "long month": "%d %B %Y",
    "American": "%B %d, %Y",
    "clock of twelve": "%m/%d/%Y %I:%M %p",
    "mail": "%a, %d %b %Y %H:%M:%S +0000",
    "C": "%a %b %d %H:%M:%S %Y",
    "month": "%Y-%m",
    "month in words": "%b %Y",
    "compact": "%Y%m%d",
    "compact time": "%Y%m%dT%H%M%SZ",
    "two digits": "%d.%m.%y",
    "week": "%G-W%V",
    "week first": "W%V/%G",
    "day of the year": "%Y-%j",
    "underscores": "%Y_%m_%d",
    "colons": "%Y:%m:%d %H:%M:%S",
    "Hungarian": "%Y.%m.%d.",
    "Korean": "%Y. %m. %d.",
    "Chinese": "%Y\u5e74%m\u6708%d\u65e5",
    "dot behind": "%d.%m.%Y.",
    "German with a time": "%d.%m.%Y %H:%M Uhr",
    "month and short year": "%b-%y",
    "JavaScript": "%a %b %d %Y %H:%M:%S GMT+0100 (Central European Standard Time)",
    "Apache": "%d/%b/%Y:%H:%M:%S +0000",
}

_FIRST, _LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2060-01-01")
times = st.lists(st.datetimes(_FIRST, _LAST), min_size=8, max_size=30, unique_by=lambda d: d.date())


@pytest.mark.parametrize("spelling", SPELLINGS)
@settings(max_examples=20, deadline=None)
@given(moments=times)
def test_dates_are_dates_in_every_spelling(spelling: str, moments: list[datetime]) -> None:
    texts = list({moment.strftime(SPELLINGS[spelling]) for moment in moments})
    if len(texts) >= 5:
        assert are_dates(texts)
    assert not are_dates([*texts, "unknown"])


@pytest.mark.parametrize(
    "texts",
    [
        ["1.2.3", "1.2.4"],
        ["10.0.0.1", "10.0.0.2"],
        ["12:30", "13:45"],
        ["Mon", "Tue"],
        ["Jan", "Feb"],
        ["2023", "2024"],
        ["14/13/2024", "15/13/2024"],
        ["30/02/2024"],
        ["18-25", "26-40"],
        ["12-34-56", "11-12-13", "01-02-03", "09-08-07", "10-11-12"],
        ["20240101"],
        ["20241301", "20240101"],
        ["A 5 2024", "B 6 2024"],
        ["2024-13", "2024-01"],
        ["1990-2000", "2000-2010"],
        ["north", "south"],
        ["A-24", "B-25"],
        ["2024-367", "2024-400", "2024-401", "2024-402", "2024-403"],
        ["31 apples 2024", "3 pears 2024"],
        [],
    ],
)
def test_other_texts_are_none(texts: list[str]) -> None:
    assert not are_dates(texts)


@pytest.mark.parametrize(
    "texts",
    [
        ["14. Januar 2024", "3. März 2024"],
        ["14 août 2024"],
        ["3 de mayo de 2024"],
        ["1er janvier 2024", "12 février 2024"],
        ["31 stycznia 2024", "22 maja 2024", "1 października 2024"],
        ["7 april 2023", "1 oktober 2023", "3 maj 2023"],
        ["18 Şubat 2023", "3 Kas\u0131m 2023", "31 Ağustos 2023"],
        ["26 \u0430\u043f\u0440\u0435\u043b\u044f 2023", "1 \u043c\u0430\u044f 2023 \u0433."],
        ["Q1 2024", "Q2 2024"],
        ["FY23Q1", "FY23Q2"],
        ["2023H1", "2023H2"],
        ["2024. január 1."],
    ],
)
def test_months_of_other_languages(texts: list[str]) -> None:
    assert are_dates(texts)


@pytest.mark.parametrize("scale", [1, 1e3, 1e6, 1e9])
@pytest.mark.parametrize("seed", range(3))
def test_seconds_since_1970(scale: float, seed: int) -> None:
    dice = np.random.default_rng(seed)
    start = datetime(2003 + 13 * seed, 5, 1, tzinfo=UTC).timestamp()
    hours = np.sort(dice.choice(24 * 300, 40, replace=False)).astype(float)
    assert numbers_as_dates((start + 3_600 * hours) * scale) is not None


def test_days_of_six_digits_are_told_from_numbers_near_each_other() -> None:
    days = [datetime(2023, 1, 5, tzinfo=UTC) + timedelta(days=2 * place) for place in range(60)]
    assert numbers_as_dates(np.array([float(f"{day:%y%m%d}") for day in days])) == "dates written as numbers"
    assert numbers_as_dates(np.arange(230_105.0, 230_205.0)) is None
    assert numbers_as_dates(np.arange(230_101.0, 230_129.0)) is None


def test_days_and_months_as_numbers() -> None:
    days = [datetime(2024, 1, 28, tzinfo=UTC) + timedelta(days=place) for place in range(9)]
    assert numbers_as_dates(np.array([float(f"{day:%Y%m%d}") for day in days])) == "dates written as numbers"
    assert numbers_as_dates(np.array([float(f"{day:%Y%m%d}123000") for day in days])) == "dates written as numbers"
    assert numbers_as_dates(np.array([202311, 202312, 202401, 202402.0])) == "dates written as numbers"


NUMBERS: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "amounts about twenty million": lambda dice: np.round(dice.normal(20e6, 3e5, 300)),
    "loans about 200,000": lambda dice: np.round(dice.normal(200_000, 3_000, 300)),
    "round loans": lambda dice: np.round(dice.normal(200_000, 3_000, 300), -3),
    "revenue of billions": lambda dice: np.round(dice.lognormal(21.2, 0.3, 300)),
    "frequencies": lambda dice: 1e6 * np.round(dice.normal(1_700, 20, 300)),
    "hashes": lambda dice: dice.integers(0, 2**32, 300).astype(float),
    "telephones": lambda dice: dice.integers(2 * 10**9, 10**10, 300).astype(float),
    "years": lambda dice: dice.integers(1950, 2024, 300).astype(float),
    "ages": lambda dice: dice.integers(18, 90, 300).astype(float),
    "codes of eight digits": lambda dice: dice.integers(10**7, 10**8, 300).astype(float),
    "a few large ones": lambda _: np.array([1.7e9, 1.8e9]),
    "infinite": lambda _: np.array([np.inf, -np.inf, 20240101, 20240102]),
    "none": lambda _: np.zeros(0),
}


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("seed", range(5))
def test_other_numbers_are_none(kind: str, seed: int) -> None:
    values = np.unique(NUMBERS[kind](np.random.default_rng(seed)))
    assert numbers_as_dates(values) is None
