"""Columns that are not compared: identifiers and dates, whose values are new in every window, and what nobody can read.

A column is set aside for what the baseline's values are. When the window's are something else, setting it aside would
keep a change quiet: so that is looked at, and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from syndic.drift.baseline.model import CategoricalBaseline, ColumnBaseline, NumericBaseline
from syndic.drift.counts.model import CategoricalCounts, ColumnCounts, NumericCounts
from syndic.windows.cells.dates import range_of_dates

STRAY: Final = 0.05
"""Rows of another sort that a column of dates or identifiers may have and be one."""

_FEWEST: Final = 20  # rows of identifiers from which repetition says anything


@dataclass(frozen=True, slots=True)
class Aside:
    """Why a column is not compared, and whether its values are no longer of the sort that is the reason for it."""

    reason: str
    changed: bool = False


def numbers_aside(known: NumericBaseline, current: NumericCounts, after: int) -> Aside | None:
    """Why a numeric column is not compared, None when it is. `after` are the window's rows."""
    if known.identifier:
        return _identifiers(known, current, "the values are sequential identifiers", "are not whole numbers")
    if not known.dates:
        return None
    if not current.present:
        return _empty("dates or times")
    said = f"the values are dates or times ({known.dates}): a later window cannot hold the same ones"
    low, high = range_of_dates(known.edges)
    early = current.under if current.low is not None and current.low < low else 0
    late = current.over if current.high is not None and current.high >= high else 0
    return _dates(said, early + late, after)


def categories_aside(known: CategoricalBaseline, current: CategoricalCounts, after: int) -> Aside | None:
    """Why a categorical column is not compared, None when it is. `after` are the window's rows."""
    if known.dates:
        if not current.present:
            return _empty("dates or times")
        return _dates("the values are dates or times: a later window cannot hold the same ones", current.unlike, after)
    if known.identifier:
        if known.amounts:
            return Aside(
                f"nearly every row has a text of its own, such as {known.levels[0]!r}, that may be an amount which "
                "could not be read: whether it changed cannot be told; write plain numbers, or declare its kind"
            )
        said = f"nearly every row has a value of its own ({known.distinct} or more values): an identifier"
        return _identifiers(known, current, said, "are numbers where none was, or none where all were")
    if current.present and not current.counts.any() and known.perhaps_dates:
        return Aside(
            f"the values look like dates in a spelling that is not known, such as {known.levels[0]!r}, and the window "
            "has none of the baseline's: whether more than the time changed cannot be told; declare the kind to compare"
        )
    return None


def _dates(reason: str, undated: int, after: int) -> Aside:
    if undated <= STRAY * after:
        return Aside(reason)
    return Aside(
        f"the baseline holds dates or times, and {undated} of {after} values of the window are none", changed=True
    )


def _empty(what: str) -> Aside:
    return Aside(f"the baseline holds {what}, and the window has no value at all", changed=True)


def _identifiers(known: ColumnBaseline, current: ColumnCounts, reason: str, unlike: str) -> Aside:
    """Identifiers, unless the window's values repeat or look otherwise: then they became something else."""
    if not current.present:
        return _empty("identifiers")
    if current.unlike > STRAY * current.present:
        said = f"{current.unlike} of {current.present} values of the window {unlike}"
        return Aside(f"the baseline holds identifiers, and {said}", changed=True)
    repeats = _repeats(current)
    rows = max(known.present, current.present)
    usual = max(0.0, 1.0 - known.distinct / rows)  # in as many rows as the baseline or fewer; in more, they add up
    if current.present >= _FEWEST and repeats > (1.0 + usual) / 2.0 * current.present:
        said = f"at least {repeats} of {current.present} rows of the window repeat the value of another one"
        return Aside(f"the baseline holds identifiers, and {said}", changed=True)
    return Aside(reason)


def _repeats(current: ColumnCounts) -> int:
    """Rows that repeat another row's value, or fewer: as their pieces saw it, or as the values show that are listed."""
    if isinstance(current, NumericCounts):
        listed, others = current.at_or_below - current.below, 0
    else:
        listed, others = current.counts, sum(count - 1 for count in current.examples.values())
    return max(current.repeats, int(np.maximum(listed - 1, 0).sum()) + others)
