"""Names for captured rows that bring none: guessed from the table beside them, and given up when the values object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.windows.cells.cell import MISSING_TEXTS, plain_number
from syndic.windows.tables.capture_schemas import FoundSide
from syndic.windows.window import Categories, Column, Window, missing_in

_FEWEST: Final = 10  # present values, before a column may contradict anything
_INSIDE: Final = 0.05  # share of values within the other table's range, below which the two are not the same thing
_FRACTIONAL: Final = 0.5  # share of fractions in a column that holds whole numbers in the other table
_CLEARLY: Final = 0.5  # another order must leave at most this share of the distance
_BEYOND_CHANCE: Final = 1.95  # of the KS distance, at a level of 0.001


@dataclass(frozen=True, slots=True)
class Names:
    """Names of both sides' columns that have none of their own.

    Attributes:
        inputs: In captured order; used where the inputs are unnamed.
        outputs: In captured order; used where the outputs are unnamed.
        guessed: Those taken from the other table.
        unnamed: Those made up.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    guessed: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


def names_for(inputs: FoundSide, outputs: FoundSide, beside: Window | None) -> Names:
    """Names by position from the table beside, where their number fits; ``input_0`` ... and ``output_0`` ... elsewhere.

    Columns that one side names itself are not given to the other.
    """
    given, answered = inputs.unnamed, outputs.unnamed
    made_in = tuple(f"input_{place}" for place in range(given))
    made_out = tuple(f"output_{place}" for place in range(answered))
    known = tuple(beside.columns) if beside is not None else ()
    if known[:given] == made_in and set(known) <= {*made_in, *made_out, *inputs.names, *outputs.names}:
        return Names(made_in, made_out, unnamed=(*made_in, *made_out))
    free = tuple(name for name in known if name not in inputs.names and name not in outputs.names)
    if given and len(free) < given and set(known[given:]) <= set(outputs.names):
        free = known[:given]  # the outputs repeat inputs by name
    if given + answered and len(free) == given + answered:
        return Names(free[:given], free[given:], guessed=free)
    if given and len(free) == given:
        return Names(free, made_out, guessed=free, unnamed=made_out)
    return Names(made_in, made_out, unnamed=(*made_in, *made_out))


def contradiction(window: Window, beside: Window, names: Names) -> str | None:
    """Why columns named by position cannot be the ones whose names they got; None when nothing speaks against it."""
    for name in names.guessed:
        if name in window.columns and name in beside.columns:
            wrong = _differs(beside.columns[name], window.columns[name])
            if wrong is not None:
                return f"{name} {wrong}"
    inputs = [name for name in names.inputs if name in names.guessed]
    outputs = [name for name in names.outputs if name in names.guessed]
    return _better_order(window, beside, inputs, outputs) if inputs and outputs else None


def _differs(before: Column, now: Column) -> str | None:
    present = ~missing_in(now)
    if present.sum() < _FEWEST or missing_in(before).all():
        return None
    if isinstance(before, Categories):
        return _other_values(before, now, present)
    if isinstance(now, Categories):
        return "is a number there and text here"
    old, new = before[np.isfinite(before)], now[np.isfinite(now)]
    return _other_range(old, new) if old.size and new.size >= _FEWEST else None


def _other_range(old: NDArray[np.float64], new: NDArray[np.float64]) -> str | None:
    low, high = float(np.min(old)), float(np.max(old))
    if ((new >= low) & (new <= high)).mean() < _INSIDE:
        return f"goes from {low:.6g} to {high:.6g} there and from {np.min(new):.6g} to {np.max(new):.6g} here"
    if (old == np.rint(old)).all() and (new != np.rint(new)).mean() > _FRACTIONAL:
        return "holds whole numbers there and fractions here"
    return None


def _other_values(before: Categories, now: Column, present: NDArray[np.bool_]) -> str | None:
    levels = {before.levels[code] for code in np.unique(before.codes[before.codes >= 0]).tolist()}
    if not isinstance(now, Categories):
        return None if any(map(_is_number, levels)) else "is text there and a number here"
    if len(levels) > 0.5 * int((before.codes >= 0).sum()):
        return None  # nearly every row has a value of its own, so that none need come again
    here = {now.levels[code] for code in np.unique(now.codes[present]).tolist()}
    return None if here & levels else "has none of its values here"


def _is_number(text: str) -> bool:
    return text in MISSING_TEXTS or plain_number(text) is not None


def _better_order(window: Window, beside: Window, inputs: Sequence[str], outputs: Sequence[str]) -> str | None:
    """Whether the columns fit clearly better with the output elsewhere than last, as when the label comes first."""
    known, moved, width = (*inputs, *outputs), len(inputs), len(outputs)
    captured = [window.columns.get(name) for name in known]
    there = [beside.columns.get(name) for name in known]
    straight = [_distance(one, other) for one, other in zip(captured, there, strict=True)]
    shifted = [_distance(captured[place], there[place + width]) for place in range(moved)]
    sizes = [len(column) for column in (*captured, *there) if column is not None]
    chance = _BEYOND_CHANCE * float(np.sqrt(2 / max(1, min(sizes))))
    total = sum(straight)
    for first in range(moved):
        answers = sum(_distance(captured[moved + place], there[first + place]) for place in range(width))
        other = sum(straight[:first]) + answers + sum(shifted[first:])
        if other < _CLEARLY * total and total - other > chance:
            return f"the values fit better with {' and '.join(known[first : first + width])} as the output"
    return None


def _distance(one: Column | None, other: Column | None) -> float:
    """The largest gap between two distribution functions, or half the sum of gaps of shares; 1 for text and numbers."""
    if one is None or other is None:
        return 1.0
    if isinstance(one, Categories) != isinstance(other, Categories):
        return 1.0
    if isinstance(one, Categories) or isinstance(other, Categories):
        shares = [_shares(column) for column in (one, other) if isinstance(column, Categories)]
        return sum(abs(shares[0].get(key, 0.0) - shares[1].get(key, 0.0)) for key in {*shares[0], *shares[1]}) / 2
    first, second = (np.sort(column[np.isfinite(column)]) for column in (one, other))
    if not first.size or not second.size:
        return 1.0
    points = np.concatenate([first, second])
    gaps = first.searchsorted(points, "right") / first.size - second.searchsorted(points, "right") / second.size
    return float(np.abs(gaps).max())


def _shares(column: Categories) -> dict[str, float]:
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
    total = max(1, int(counts.sum()))
    return {level: count / total for level, count in zip(column.levels, counts.tolist(), strict=True)}
