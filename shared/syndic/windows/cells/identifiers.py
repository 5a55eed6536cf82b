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
_DIGITS: Final = re.compile(r"\d+")
_JOINING: Final = "-_#@:/.\\"  # what joins the number of a code to the rest of it
# A number with decimals: 47.25 as in (47.25, 8.5), but neither 10.0.1.2 nor the Chrome/96.25 of a program.
_DECIMAL: Final = re.compile(rf"(?<![\w.{re.escape(_JOINING)}])-?\d+([.\u00b7])\d+(?!\1?\d)")
_GROUPED: Final = re.compile(r"-?[1-9]\d{0,2}(?:_\d{3})+")  # as programmers write thousands
_MEASURED: Final = re.compile(  # 5'11", 40x60, 12m30s
    r"[-+]?(?:0|[1-9]\d*)(?:(?:[^\W\d_]{1,3}|[\u00d7*'\"\u2019\u2032\u2033\u00b0\u00b1])\d+)+\D*"
)
_JOINED: Final = re.compile(r"\w-\w")  # B-AB 123
_MASKED: Final = re.compile(r"[*xX\u2022#\s]+")
_CODE: Final = re.compile(r"\d-\d")  # (964) 818-5535
_MOST: Final = 0.5
_VARIOUS: Final = 0.25  # of the texts: with more wordings than that they are prose, not numbers in a frame
_FEW_WORDINGS: Final = 12
_DENSE: Final = 20  # of n numbers drawn from a range r about n^2 / 2r pairs are equal: ten were expected


def may_be_amounts(texts: Sequence[str], *, unique: bool) -> bool:
    """Whether different texts hold numbers that may be amounts, so that calling them identifiers would be a guess.

    Amounts have decimals or groups of thousands (``DM 15.104,52``), a unit behind them (``450 bps``), a sign that is
    no letter before them (``~6578``), or a word that a space parts from them, unless these are sequential numbers
    (``user 17``). So have several numbers in one text, with decimals (``(47.25, 8.5)``) or units (``5'11"``,
    ``40x60``, ``12 lb 3 oz``). Codes, whose parts are joined (``id-1234``, ``A0007``, a UUID, an address, a host, a
    telephone number) or masked, are not, and neither are texts whose words vary as their numbers do: addresses, titles.

    Args:
        texts: The different texts, or some hundred of them.
        unique: Whether no two rows have the same.
    """
    plain = [_with_plain_digits(text.strip()) for text in texts]
    if len({_DIGITS.sub("0", text) for text in plain}) > max(_VARIOUS * len(plain), _FEW_WORDINGS):
        return False
    found = [_PARTS.fullmatch(text) for text in plain]
    running = unique and _running(found)
    odd = sum(_amount(text, match, running=running) for text, match in zip(plain, found, strict=True))
    return odd > _MOST * len(texts)


def _amount(text: str, match: re.Match[str] | None, *, running: bool) -> bool:
    if match is None:
        return _measures(text)
    before, body, after = match["before"], match["body"], match["after"]
    joined = bool(before.strip("-+ ")) and (before[-1] in _JOINING or _JOINED.search(before) is not None)
    if joined or (after and after[0] in _JOINING):
        return False
    if not body.isdecimal():
        return spelled(body) is not None or any((_DECIMAL.search(text), _MEASURED.fullmatch(text)))
    word = any(map(str.isalpha, before))
    if after.strip("'\" "):
        return not word or " " in before
    if _MASKED.fullmatch(before):
        return False
    return bool(before.strip()) and (not word or (before[-1].isspace() and not running))


def _measures(text: str) -> bool:
    """Whether a text of several numbers, with other signs between them, may be a measure of something."""
    if _DECIMAL.search(text) or _GROUPED.fullmatch(text) or _MEASURED.fullmatch(text):
        return True
    return " " in text and any(map(str.isdecimal, text)) and not _CODE.search(text)


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
