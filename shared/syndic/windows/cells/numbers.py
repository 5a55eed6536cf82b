"""Rows of plain CSV numbers, many payloads at once.

The JSON parser reads them: many rows in one call, as one list of numbers. Where both grammars allow a number they give
exactly Python's `float` of its text. What that parser refuses is left to a slower reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

_NUMBERS = msgspec.json.Decoder(list[float])
_OPTIONAL_NUMBERS = msgspec.json.Decoder(list[float | None])
_Decoder = msgspec.json.Decoder[list[float]] | msgspec.json.Decoder[list[float | None]]
_BATCH = 64  # payloads parsed in one call: a payload that fails costs its batch a second look

_LOOKED_AT = 256  # fractions of a column that tell whether it was widened
_LEAST = 20  # different fractions without which it cannot be told
_EXACT = 22  # the largest power of ten that 64 bits hold exactly


def read_number_rows(texts: Sequence[str], width: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Payloads as (rows, `width`), and which of them are not exactly one row of numbers.

    Args:
        texts: Payloads without line breaks at their end.
        width: Numbers in a row. Empty fields, ``nan`` and ``null`` are missing values: NaN.
    """
    values = np.empty((len(texts), width))
    bad = np.zeros(len(texts), np.bool_)
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        numbers = _batch(batch, width)
        if numbers is not None:
            values[start : start + len(batch)] = numbers
            continue
        bad[start : start + len(batch)] = True
        values[start : start + len(batch)] = np.nan
        for places, decoder in _shapes(batch, width):
            here = np.array(places, np.intp) + start
            given = [texts[place] if decoder is _NUMBERS else _with_nulls(texts[place]) for place in here.tolist()]
            values[here], bad[here] = _halved(given, width, decoder)
    return values, bad


def _batch(texts: Sequence[str], width: int) -> NDArray[np.float64] | None:
    """All payloads in one call, or None when any is not one row of numbers without gaps."""
    joined = ",".join(texts)
    # A line break is white space to JSON, so "1\n,2" must not get there; nor must one field too many here hide one
    # too few there.
    fits = {text.count(",") for text in texts} == {width - 1} if width > 1 else joined.count(",") == len(texts) - 1
    if not fits or "\n" in joined or "\r" in joined:
        return None
    try:
        numbers = _NUMBERS.decode(f"[{joined}]")
    except (msgspec.DecodeError, UnicodeError):
        return None
    return np.fromiter(numbers, np.float64, len(numbers)).reshape(len(texts), width)


def _shapes(texts: Sequence[str], width: int) -> Iterator[tuple[list[int], _Decoder]]:
    """Places of the payloads that are one line of the right number of fields: those without gaps, then the others."""
    fitting = [
        place
        for place, text in enumerate(texts)
        if text.count(",") == width - 1 and text and "\n" not in text and "\r" not in text
    ]
    sparse = [place for place in fitting if _lacks_values(texts[place])]
    yield (fitting if not sparse else sorted(set(fitting).difference(sparse))), _NUMBERS
    yield sparse, _OPTIONAL_NUMBERS


def _lacks_values(text: str) -> bool:
    """Whether some field may be missing: an empty one, or one with a letter n, as in nan and null."""
    return ",," in text or text[0] == "," or text[-1] == "," or "n" in text or "N" in text


def _with_nulls(text: str) -> str:
    text = f",{text},".replace("nan", "null").replace("NaN", "null").replace(",,", ",null,").replace(",,", ",null,")
    return text[1:-1]


def _halved(texts: Sequence[str], width: int, decoder: _Decoder) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Rows and which payloads failed, by halving until those that fail stand alone."""
    try:
        flat = decoder.decode(f"[{','.join(texts)}]")
    except (msgspec.DecodeError, UnicodeError):
        if len(texts) == 1:
            return np.full((1, width), np.nan), np.ones(1, np.bool_)
        half = len(texts) // 2
        one, other = _halved(texts[:half], width, decoder), _halved(texts[half:], width, decoder)
        return np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]])
    return np.array(flat, dtype=np.float64).reshape(len(texts), width), np.zeros(len(texts), np.bool_)


def as_written(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers of 32 bits that a server widened before it wrote them, as the numbers they stand for.

    A model that computes in 32 bits answers 39.4 as 39.400001525878906, which no file of training data holds. Every
    number of such a column is one of 32 bits and most use all of those bits, which numbers of 64 bits do by chance in
    one of 2^29 cases and halves, quarters and the like do not. Each becomes the shortest decimal that 32 bits tell from
    its neighbours; other columns are returned as they are.
    """
    fractions = values[: 4 * _LOOKED_AT]
    fractions = fractions[np.isfinite(fractions) & (fractions != np.floor(fractions))][:_LOOKED_AT]
    with np.errstate(over="ignore", under="ignore"):
        short = fractions.astype(np.float32)
        if (short != fractions).any():  # nearly always
            return values
        full = np.count_nonzero(short.view(np.uint32) & 63)
        if len(np.unique(short)) < _LEAST or 2 * full < len(short):
            return values
        left = np.isfinite(values) & (values != np.floor(values)) & (values.astype(np.float32) == values)
        written = values.copy()
        places = np.floor(np.log10(np.abs(values, where=left, out=np.ones_like(values))))
        for digits in (6, 7):  # of nearly all numbers, and fast
            scale = 10.0 ** np.clip(digits - 1.0 - places, -_EXACT, _EXACT)
            rounded = np.round(np.where(left, values, 0.0) * scale) / scale
            found = left & (rounded.astype(np.float32) == values)
            written[found] = rounded[found]
            left &= ~found
    written[left] = values[left].astype(np.float32).astype(np.str_).astype(np.float64)
    return written
