"""Numbers written for people, such as ``1.234,56``, ``(5 %)`` or ``$1,234``: one cell under both decimal marks.

What a mark means is settled by a whole column, never by one cell: `decimal_marks`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from syndic.windows.cells.cell import MISSING_TEXTS, plain_number

POINT: Final = "."
COMMA: Final = ","

_SPACES = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
_APOSTROPHES = "\u2019\u2018\u02bc\u2032\uff07"
_MINUS = "\u2212\u2012\u2013\ufe63\uff0d"
_TRANSLATED = {
    **{ord(letter): " " for letter in _SPACES},
    **{ord(letter): "'" for letter in _APOSTROPHES},
    **{ord(letter): "-" for letter in _MINUS},
    **dict(zip(range(0xFF08, 0xFF0F), "()*+,-.", strict=True)),  # the full-width forms
    0xFF05: "%",
    0xFF04: "$",
    0xFFE5: "\u00a5",
    0xFFE1: "\u00a3",
}

# Currencies that have three decimals: with them 1.234 may be an amount and a fraction alike.
THREE_DECIMALS: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_CODES: Final = re.findall(
    r"\w+",
    "AED ARS AUD BDT BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GHS HKD HUF IDR ILS INR ISK JPY KES KRW KZT LKR "
    "MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD UYU VND ZAR",
)
_SIGNS: Final = {
    "$": "$", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "R$": "BRL", "\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "\u00a5", "\u20b9": "INR", "Rs.": "INR",
    "Rs": "INR", "\u20bd": "RUB", "\u20a9": "KRW", "\u20ba": "TRY", "\u20ab": "VND", "\u20aa": "ILS", "\u20a6": "NGN",
    "\u20b1": "PHP", "\u0e3f": "THB", "\u20b4": "UAH", "\u20b8": "KZT", "Fr.": "CHF", "SFr.": "CHF", "kr": "kr",
    "kr.": "kr", "z\u0142": "PLN", "K\u010d": "CZK", "Ft": "HUF", "lei": "RON", "\u20a8": "INR", "\u00a2": "cent",
}  # fmt: skip
_PER: Final = {"%": "per cent", "\u2030": "per mille"}
UNITS: Final = {**{code: code for code in (*_CODES, *THREE_DECIMALS)}, **_SIGNS, **_PER}
"""What may stand before or after a number, and the unit that it means."""

_UNIT = "|".join(re.escape(sign) for sign in sorted(UNITS, key=len, reverse=True))
_CELL = re.compile(
    rf"(?P<sign>[-+])?\s*(?P<before>{_UNIT})?\s*(?P<inner>[-+])?\s*"
    r"(?P<body>[.,]?\d(?:[\d., ']*\d)?[.,]?)(?P<power>[eE][-+]?\d{1,3})?"
    rf"(?P<minus>\s?-)?\s*(?P<after>{_UNIT})?(?P<last>-)?"
)
_BRACKETS = re.compile(rf"(?P<before>{_UNIT})?\s*\((?P<inside>[^()]*)\)\s*(?P<after>{_UNIT})?")
_NO_CENTS = re.compile(r"(?<=\d[.,])--?(?=\D*$)")  # 5,- and 5.- are five, not minus five
_GROUPED = {  # the integer part, by its decimal mark: one kind of separator, in threes or, with commas, as in India
    POINT: re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+|(?:'\d{3})+)|[1-9]\d?(?:,\d{2})+,\d{3}"),
    COMMA: re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?: \d{3})+|(?:'\d{3})+)"),
}


@dataclass(frozen=True, slots=True)
class Spelled:
    """One cell that is a number.

    Attributes:
        by_point: Its value when the point is the decimal mark; None when it is no number then.
        by_comma: Its value when the comma is.
        unit: The currency or share it is written in, None without one.
        marks: The separators in it: of ``. , ' `` and the space.
    """

    by_point: float | None
    by_comma: float | None
    unit: str | None = None
    marks: str = ""

    @property
    def certain(self) -> bool:
        """Whether both marks give the same number."""
        return self.by_point == self.by_comma or (
            self.by_point is not None
            and self.by_comma is not None
            and math.isnan(self.by_point)
            and math.isnan(self.by_comma)
        )

    def value(self, decimal: str) -> float | None:
        """The number by a decimal mark."""
        return self.by_point if decimal == POINT else self.by_comma


def spelled(text: str) -> Spelled | None:
    """A cell as a number written by a machine or for people, or None when it is none.

    Missing texts are NaN. Currency signs and codes, per cent and per mille may stand before or after it; negative are
    a minus before or after it and brackets around it. Separators of thousands are the comma, the point, spaces of
    every width and apostrophes, in threes, or with commas in India's twos.
    """
    text = text.strip()
    if not text.isascii():
        text = text.translate(_TRANSLATED).strip()
    if text in MISSING_TEXTS:
        return Spelled(math.nan, math.nan)
    text = _NO_CENTS.sub("", text)
    match = _CELL.fullmatch(text)
    negative = False
    outer: list[str | None] = []
    if match is None:
        brackets = _BRACKETS.fullmatch(text)
        match = _CELL.fullmatch(brackets["inside"].strip()) if brackets else None
        if brackets is None or match is None:
            value = plain_number(text)  # inf and the like
            return None if value is None else Spelled(value, value)
        negative, outer = True, [brackets["before"], brackets["after"]]
    signs = [sign.strip() for sign in (match["sign"], match["inner"], match["minus"], match["last"]) if sign]
    units = {UNITS[sign] for sign in (match["before"], match["after"], *outer) if sign}
    if len(signs) + negative > 1 or len(units) > 1:
        return None
    factor = -1.0 if negative or signs == ["-"] else 1.0
    body, power = match["body"], match["power"] or ""
    values = [_value(body, power, mark, factor) for mark in (POINT, COMMA)]
    if values == [None, None]:
        return None
    marks = "".join(mark for mark in ".,' " if mark in body)
    return Spelled(values[0], values[1], next(iter(units), None), marks)


def _value(body: str, power: str, mark: str, factor: float) -> float | None:
    whole, _, fraction = body.partition(mark)
    if fraction and not fraction.isdigit():
        return None
    if whole and not whole.isdigit():
        if not _GROUPED[mark].fullmatch(whole):
            return None
        whole = "".join(letter for letter in whole if letter.isdigit())
    if not whole and not fraction:
        return None
    return factor * float(f"{whole or '0'}.{fraction or '0'}{power}")
