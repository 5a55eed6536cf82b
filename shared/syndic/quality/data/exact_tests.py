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
    if found == 0 or rows == 0 or known_rows == 0:
        return 1.0
    marked, every = found + known, rows + known_rows
    if found * every > rows * marked:
        return min(1.0, _tail(found, rows, marked, every, step=1))
    return max(0.0, 1.0 - _tail(found - 1, rows, marked, every, step=-1))


def _tail(place: int, rows: int, marked: int, every: int, *, step: int) -> float:
    """The chance of `place` marked rows and of all beyond it, seen from the most probable number."""
    least, most = max(0, rows + marked - every), min(rows, marked)
    if not least <= place <= most:
        return 0.0
    term = math.exp(_choose(marked, place) + _choose(every - marked, rows - place) - _choose(every, rows))
    total = term
    while least <= place + step <= most and term > total * 1e-16:
        upper = max(place, place + step)  # the ratio of neighbouring terms, either way
        ratio = (rows - upper + 1) * (marked - upper + 1) / (upper * (every - marked - rows + upper))
        term *= ratio if step > 0 else 1 / ratio
        total, place = total + term, place + step
    return total


def absence_probability(rows: int, known: int, known_rows: int) -> float:
    """The chance that a window has no marked row when it is like its baseline: 0 to 1.

    The same test with nothing found. For a large baseline it is ``(1 - known / known_rows) ** rows``.
    """
    if known <= 0:
        return 1.0
    return math.exp(_choose(known_rows, known) - _choose(rows + known_rows, known))


def _choose(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)
