"""Two tables become an expected performance: a reference with labels, and rows whose labels may not have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.quality.models import ExpectedPerformance
from syndic.quality.performance.expected import called_of, expect_classes, expect_loss, table_of
from syndic.quality.policy.model import QualityPolicy
from syndic.statistics.expected_loss import cut_points, influence, loss_sums, pairs_of, steps_of
from syndic.windows import Categories, Column, Window
from syndic.windows.cells.vocabulary import find_value, spelled

Floats = NDArray[np.float64]

_PARTS, _MOST_PARTS, _MOST_LOSS_PARTS, _LEAST_PART = 10, 50, 20, 100
_PAIRED, _COARSE = 8, 5  # inputs that tell most of the error are also taken in pairs, in so many parts each
_LEVELS = 50  # values of a categorical input that make a step of their own


@dataclass(frozen=True, slots=True)
class Roles:
    """Which columns are what. Without a score the prediction is a number, and its loss is expected."""

    label: str
    prediction: str
    score: str | None = None
    positive: str = "1"
    ignored: tuple[str, ...] = ()


def expect_file(reference: Window, current: Window, roles: Roles, policy: QualityPolicy) -> ExpectedPerformance:
    """What the model is expected to reach on the current rows, by the reference's labels.

    The reference is taken in parts as large as the current rows, at least ten, in the order of its rows, which should
    be that of time. Rows without a score, a prediction or (in the reference) a label are left out.

    Raises:
        InvalidInputError: A column is not there or of the wrong kind, a score is not between 0 and 1, or the positive
            class never occurs in the reference.
    """
    if roles.score is None:
        return _loss(reference, current, roles, policy)
    known = _known(reference.column(roles.label))
    scores, called, usable = _scored(reference, roles)
    rows = np.flatnonzero(usable & known)
    label = _is_positive(reference.column(roles.label), roles, "reference")
    pieces = np.array_split(rows, parts_for(len(rows), current.rows))
    parts = [table_of(scores[part], called[part], label[part]) for part in pieces]
    scores, called, usable = _scored(current, roles)
    labelled = None
    if roles.label in current.columns:
        held = usable & _known(current.column(roles.label))
        label = _is_positive(current.column(roles.label), roles, None)
        labelled = table_of(scores[held], called[held], label[held])
    return expect_classes(parts, called_of(scores[usable], called[usable]), policy, labelled=labelled)


def parts_for(reference: int, rows: int, *, most: int = _MOST_PARTS) -> int:
    """Into how many parts a reference is taken for a window of so many rows.

    What differs from part to part is added to the interval. Between parts that are longer than the window, what changes
    from one window to the next would be averaged out, and the interval too short.
    """
    wanted = min(reference // max(1, rows), reference // _LEAST_PART, most)
    return max(_PARTS, wanted)


def _scored(rows: Window, roles: Roles) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Scores, predicted classes, and which rows have both."""
    scores = rows.numeric(roles.score or "")
    prediction = rows.column(roles.prediction)
    usable = np.isfinite(scores) & _known(prediction)
    if usable.any() and (np.min(scores[usable]) < 0 or np.max(scores[usable]) > 1):
        raise InvalidInputError("the scores are no chances between 0 and 1", column=roles.score)
    return np.where(usable, scores, 0.0), _is_positive(prediction, roles, None), usable


def _known(column: Column) -> NDArray[np.bool_]:
    return ~column.missing if isinstance(column, Categories) else np.isfinite(column)


def _is_positive(column: Column, roles: Roles, required: str | None) -> NDArray[np.bool_]:
    """Whether each value is the positive class, by its spelling."""
    if isinstance(column, Categories):
        found = find_value(roles.positive, column.levels)
        wanted = [
            place for place, level in enumerate(column.levels) if spelled(level) == spelled(found or roles.positive)
        ]
        positive = np.isin(column.codes, wanted)
    else:
        try:
            positive = column == float({"true": "1", "false": "0"}.get(roles.positive.lower(), roles.positive))
        except ValueError:
            positive = np.zeros(len(column), np.bool_)
    if required is not None and not positive.any():
        raise InvalidInputError(
            f"no label of the {required} is the positive class {roles.positive!r}", column=roles.label
        )
    return np.asarray(positive, np.bool_)


def _loss(reference: Window, current: Window, roles: Roles, policy: QualityPolicy) -> ExpectedPerformance:
    """By the inputs and the prediction, cut at the reference's tenths."""
    errors = reference.numeric(roles.prediction) - reference.numeric(roles.label)
    names = [
        name for name in reference.columns if name not in {roles.label, *roles.ignored} and name in current.columns
    ]
    stray = sorted({*roles.ignored} - {*reference.columns, *reference.set_aside})
    if stray:
        raise InvalidInputError(f"the reference has no column {stray[0]!r}", where="--ignore")
    rows = np.flatnonzero(np.isfinite(errors))
    coded = [_coded(reference.column(name), current.column(name)) for name in names]
    telling = sorted(coded, key=lambda one: -influence(one.coarse[0][rows], errors[rows]))[:_PAIRED]
    sizes = [one.size for one in coded] + [_COARSE**2] * (len(telling) * (len(telling) - 1) // 2)
    before, after = (
        steps_of([one.fine[side] for one in coded] + pairs_of([one.coarse[side] for one in telling], _COARSE), sizes)
        for side in (0, 1)
    )
    total = sum(sizes)
    pieces = np.array_split(rows, parts_for(len(rows), current.rows, most=_MOST_LOSS_PARTS))
    parts = [loss_sums(before[part], total, errors[part]) for part in pieces]
    usable = np.isfinite(current.numeric(roles.prediction))
    now = after[usable]
    outside = max((float(one.odd[usable].mean()) for one in coded), default=0.0) if usable.any() else 0.0
    held = np.bincount(now.ravel(), minlength=total) / max(1, len(now))
    seen = None
    if roles.label in current.columns:
        missed = current.numeric(roles.prediction) - current.numeric(roles.label)
        missed = missed[np.isfinite(missed)]
        if len(missed) >= policy.min_labels:
            seen = {"mae": float(np.abs(missed).mean()), "rmse": float(np.sqrt((missed**2).mean()))}
    return expect_loss(parts, held, len(now), policy, outside=outside, seen=seen)


class _Coded(NamedTuple):
    """An input in `size` parts and in few, before and now; `odd` rows are off what the reference has."""

    fine: tuple[NDArray[np.int64], NDArray[np.int64]]
    coarse: tuple[NDArray[np.int64], NDArray[np.int64]]
    size: int
    odd: NDArray[np.bool_]


def _coded(before: Column, after: Column) -> _Coded:
    if isinstance(before, Categories) and isinstance(after, Categories):
        counts = np.bincount(before.codes[before.codes >= 0], minlength=len(before.levels))
        frequent = [before.levels[place] for place in np.argsort(-counts, kind="stable").tolist()]
        strange = np.array([level not in before.levels for level in after.levels] + [False])
        size = min(len(frequent), _LEVELS) + 1
        fine, coarse = (
            (_levels(before, frequent, most), _levels(after, frequent, most)) for most in (size - 1, _COARSE - 1)
        )
        return _Coded(fine, coarse, size, strange[after.codes])
    if isinstance(before, Categories) or isinstance(after, Categories):
        raise InvalidInputError("a column is numeric in one table and text in the other")
    cuts = cut_points(before)
    size = len(cuts) + 2
    few = cut_points(before, _COARSE)
    odd = np.zeros(len(after), np.bool_)
    known = before[np.isfinite(before)]
    if len(known):
        odd = np.isfinite(after) & ((after < np.min(known)) | (after > np.max(known)))
    return _Coded(
        (_places(before, cuts, size - 1), _places(after, cuts, size - 1)),
        (_places(before, few, _COARSE - 1), _places(after, few, _COARSE - 1)),
        size,
        odd,
    )


def _levels(column: Categories, frequent: Sequence[str], most: int) -> NDArray[np.int64]:
    """The place of each value among the most frequent ones; the others and the missing share the last."""
    kept = {level: place for place, level in enumerate(frequent[:most])}
    return np.array([kept.get(level, most) for level in column.levels] + [most])[column.codes]


def _places(values: Floats, cuts: Floats, missing: int) -> NDArray[np.int64]:
    return np.where(np.isfinite(values), np.searchsorted(cuts, values, side="right"), missing).astype(np.int64)
