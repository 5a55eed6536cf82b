"""Texts that nearly all differ: identifiers, or amounts that nobody could read.

An identifier is new in every row, so setting it aside keeps nothing quiet. An amount in an unknown unit is as various,
and its change is just what must not be missed: so what may be one is told apart, and no answer is given for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from syndic.windows.cells.number_spellings import spelled

_PARTS: Final = re.compile(r"(?P<before>\D*?)(?P<body>\d(?:[\d., '\u00a0\u2009\u202f\u2019]*\d)?)(?P<after>\D*)")
_SEVERAL: Final = re.compile(r"[(\[]?[-+]?\d+\.\d+(?:\s?[;,|]\s?[-+]?\d+\.\d+)+[)\]]?")  # such as two coordinates
_JOINING: Final = "-_#@:/.\\"  # what joins the number of a code to the rest of it
_MOST: Final = 0.5
_DENSE: Final = 20  # of n numbers drawn from a range r about n^2 / 2r pairs are equal: ten were expected


def may_be_amounts(texts: Sequence[str], *, unique: bool) -> bool:
    """Whether different texts hold numbers that may be amounts, so that calling them identifiers would be a guess.

    Amounts have decimals or groups of thousands (``DM 15.104,52``), a unit behind them (``450 bps``), a sign that is
    no letter before them (``~6578``), or a word that a space parts from them, unless these are sequential numbers
    (``user 17``). Texts with spaces that each hold a digit in any other way may be too. Codes, whose parts are joined
    (``id-1234``, ``A0007``, a UUID, an address, a host) are not.

    Args:
        texts: The different texts, or some hundred of them.
        unique: Whether no two rows have the same.
    """
    plain = [_with_plain_digits(text.strip()) for text in texts]
    found = [_PARTS.fullmatch(text) for text in plain]
    running = unique and _running(found)
    odd = sum(_amount(text, match, running=running) for text, match in zip(plain, found, strict=True))
    return odd > _MOST * len(texts)


def _amount(text: str, match: re.Match[str] | None, *, running: bool) -> bool:
    if match is None:
        return (" " in text and any(map(str.isdecimal, text))) or _SEVERAL.fullmatch(text) is not None
    before, body, after = match["before"], match["body"], match["after"]
    joined = bool(before.strip("-+ ")) and before[-1] in _JOINING
    if joined or (after and after[0] in _JOINING):
        return False
    if not body.isdecimal():
        return spelled(body) is not None
    word = any(map(str.isalpha, before))
    if after.strip("'\" "):
        return not word or " " in before
    return bool(before.strip()) and (not word or (before[-1].isspace() and not running))


def _running(found: Sequence[re.Match[str] | None]) -> bool:
    """Whether the numbers behind one and the same word are too dense for chance."""
    parts = {(match["before"], match["after"]) if match else None for match in found}
    numbers = [int(match["body"]) for match in found if match is not None and match["body"].isdecimal()]
    if len(parts) != 1 or len(numbers) < len(found) or len(set(numbers)) < len(numbers):
        return False
    return max(numbers) - min(numbers) < len(numbers) ** 2 / _DENSE


def _with_plain_digits(text: str) -> str:
    """Digits of any script as ASCII, and the Arabic marks as the ones they stand for."""
    if text.isascii():
        return text
    marks = {"\u066b": ".", "\u066c": ","}
    return "".join(marks.get(c, str(unicodedata.decimal(c)) if c.isdecimal() else c) for c in text)
