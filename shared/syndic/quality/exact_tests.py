"""How improbable a window's count is when nothing changed since the baseline. Pure functions; each names its source."""

from __future__ import annotations

import math


def excess_probability(found: int, rows: int, known: int, known_rows: int) -> float:
    """The chance that a window has at least so many marked rows when it is like its baseline: 0 to 1.

    Fisher's exact test, one-sided: of the marked rows of both sides together, as many as this or more fall into the
    window by chance alone. It holds whatever the true share is, and however few rows the baseline has.

    Args:
        found: Marked rows of the window.
        rows: Rows of the window.
        known: Marked rows of the baseline.
        known_rows: Rows of the baseline.

    Source: Fisher, Journal of the Royal Statistical Society 98, 1935.
    """
    marked, others = found + known, rows + known_rows - found - known
    if found == 0 or rows == 0 or known_rows == 0:
        return 1.0
    term = math.exp(_choose(rows, found) + _choose(known_rows, known) - _choose(rows + known_rows, marked))
    total, place = term, found
    while place < min(rows, marked) and (term > total * 1e-16 or place * (rows + known_rows) < marked * rows):
        term *= (rows - place) * (marked - place) / ((place + 1) * (others - rows + place + 1))
        total, place = total + term, place + 1
    return min(1.0, total)


def absence_probability(rows: int, known: int, known_rows: int) -> float:
    """The chance that a window has no marked row when it is like its baseline: 0 to 1.

    The same test with nothing found. For a large baseline it is ``(1 - known / known_rows) ** rows``.
    """
    if known <= 0:
        return 1.0
    return math.exp(_choose(known_rows, known) - _choose(rows + known_rows, known))


def _choose(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)
