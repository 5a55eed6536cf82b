"""Two tables become an expected performance: a reference with labels, and rows whose labels may not have come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.quality.models import ExpectedPerformance
from syndic.quality.performance.expected import called_of, expect_classes, expect_loss, table_of
from syndic.quality.policy.model import QualityPolicy
from syndic.statistics.expected_loss import cut_points, loss_sums, steps_of
from syndic.windows import Categories, Column, Window
from syndic.windows.cells.vocabulary import find_value, spelled

Floats = NDArray[np.float64]

PARTS = 10
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

    The reference is taken in ten parts in the order of its rows, which should be that of time. Rows without a score, a
    prediction or (in the reference) a label are left out.

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
    parts = [table_of(scores[part], called[part], label[part]) for part in np.array_split(rows, PARTS)]
    scores, called, usable = _scored(current, roles)
    labelled = None
    if roles.label in current.columns:
        held = usable & _known(current.column(roles.label))
        label = _is_positive(current.column(roles.label), roles, None)
        labelled = table_of(scores[held], called[held], label[held])
    return expect_classes(parts, called_of(scores[usable], called[usable]), policy, labelled=labelled)


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
    coded = [_coded(reference.column(name), current.column(name)) for name in names]
    sizes = [size for _, _, size, _ in coded]
    rows = np.flatnonzero(np.isfinite(errors))
    steps = steps_of([before for before, _, _, _ in coded], sizes)
    total = sum(sizes)
    parts = [loss_sums(steps[part], total, errors[part]) for part in np.array_split(rows, PARTS)]
    usable = np.isfinite(current.numeric(roles.prediction))
    now = steps_of([after for _, after, _, _ in coded], sizes)[usable]
    outside = max((float(odd[usable].mean()) for _, _, _, odd in coded), default=0.0) if usable.any() else 0.0
    held = np.bincount(now.ravel(), minlength=total) / max(1, len(now))
    seen = None
    if roles.label in current.columns:
        missed = current.numeric(roles.prediction) - current.numeric(roles.label)
        missed = missed[np.isfinite(missed)]
        if len(missed) >= policy.min_labels:
            seen = {"mae": float(np.abs(missed).mean()), "rmse": float(np.sqrt((missed**2).mean()))}
    return expect_loss(parts, held, len(now), policy, outside=outside, seen=seen)


def _coded(before: Column, after: Column) -> tuple[NDArray[np.int64], NDArray[np.int64], int, NDArray[np.bool_]]:
    """The parts of an input before and now, how many there are, and which rows now are off what the reference has."""
    if isinstance(before, Categories) and isinstance(after, Categories):
        counts = np.bincount(before.codes[before.codes >= 0], minlength=len(before.levels))
        kept = {
            before.levels[place]: i for i, place in enumerate(np.argsort(-counts, kind="stable")[:_LEVELS].tolist())
        }
        size = len(kept) + 1
        places = [np.array([kept.get(level, size - 1) for level in one.levels] + [size - 1]) for one in (before, after)]
        strange = np.array([level not in before.levels for level in after.levels] + [False])
        return places[0][before.codes], places[1][after.codes], size, strange[after.codes]
    if isinstance(before, Categories) or isinstance(after, Categories):
        raise InvalidInputError("a column is numeric in one table and text in the other")
    cuts = cut_points(before)
    size = len(cuts) + 2
    coded = [np.where(np.isfinite(one), np.searchsorted(cuts, one, side="right"), size - 1) for one in (before, after)]
    known = before[np.isfinite(before)]
    odd = np.zeros(len(after), np.bool_)
    if len(known):
        odd = np.isfinite(after) & ((after < np.min(known)) | (after > np.max(known)))
    return coded[0], coded[1], size, odd
