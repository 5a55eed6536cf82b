"""The loss of a regression that the inputs let expect where the truth is not known, with what the truth may show.

A row's loss is modelled as a sum of steps: an input is cut at quantiles of the reference, and each part adds its own
amount, and so do pairs of inputs (least squares, with a little ridge). All that is needed of rows are sums, so pieces
and parts of a reference add up. It supposes that the loss at given inputs is what it was: concept drift breaks that.

Source: the direct loss estimation of NannyML (Kuberski et al. 2022) for the idea, with steps in place of boosted trees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syndic.statistics.expected import INDEPENDENT, Expected, student_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


_BLOCK = 4096  # rows whose steps are laid out at a time


class LossSums(NamedTuple):
    """What a part of a reference says of the loss, as sums over its rows.

    Attributes:
        rows: How many.
        gram: ``[step, step]``, products of the steps.
        moved: ``[step, 2]``, the steps times the absolute and the squared error.
        losses: ``[2]``, sums of both.
        squares: ``[2]``, sums of their squares.
    """

    rows: int
    gram: Floats
    moved: Floats
    losses: Floats
    squares: Floats


def cut_points(values: Floats, parts: int = 10) -> Floats:
    """Edges between equally frequent parts of an input, rising; missing and infinite values are left out.

    Source: the definition of quantiles.

    Example:
        >>> cut_points(np.arange(100.0), 4).tolist()
        [24.75, 49.5, 74.25]
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return np.zeros(0)
    return np.unique(np.quantile(known, np.arange(1, parts) / parts))


def steps_of(columns: Sequence[Ints], sizes: Sequence[int]) -> Ints:
    """The step that each row is on in each input: ``[row, input]``, numbered through all inputs.

    Args:
        columns: Of each input the part that each row is in, 0 to its size - 1.
        sizes: How many parts each input has.

    Source: indicator coding.

    Example:
        >>> steps_of([np.array([0, 1]), np.array([2, 0])], [2, 3]).tolist()
        [[0, 4], [1, 2]]
    """
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    return np.stack([column + start for column, start in zip(columns, starts, strict=True)], axis=1)


def loss_sums(steps: Ints, size: int, errors: Floats) -> LossSums:
    """The sums of some rows.

    Args:
        steps: As `steps_of` gives them.
        size: How many steps there are.
        errors: ``[row]``, prediction minus truth.

    Source: the normal equations.

    Example:
        >>> loss_sums(np.array([[0], [1]]), 2, np.array([1.0, -2.0])).losses.tolist()
        [3.0, 5.0]
    """
    loss = np.stack([np.abs(errors), errors**2], axis=1)
    gram, moved = np.zeros((size, size)), np.zeros((size, 2))
    for start in range(0, len(errors), _BLOCK):
        some = steps[start : start + _BLOCK]
        held = np.zeros((len(some), size))
        np.put_along_axis(held, some, 1.0, axis=1)
        gram += held.T @ held
        moved += held.T @ loss[start : start + _BLOCK]
    return LossSums(len(errors), gram, moved, loss.sum(axis=0), (loss**2).sum(axis=0))


def pairs_of(columns: Sequence[Ints], size: int) -> list[Ints]:
    """Each two inputs as one, so that what they do together has steps of its own: `size` times `size` of them.

    Args:
        columns: Of each input the part that each row is in, 0 to `size` - 1.
        size: How many parts each has.

    Source: interaction terms of a linear model.

    Example:
        >>> pairs_of([np.array([0, 1]), np.array([1, 1])], 2)[0].tolist()
        [1, 3]
    """
    return [one * size + other for place, one in enumerate(columns) for other in columns[place + 1 :]]


def influence(column: Ints, errors: Floats) -> float:
    """The share of the variance of the absolute error that lies between the parts of an input: 0 none, 1 all.

    Args:
        column: The part that each row is in.
        errors: ``[row]``.

    Source: Pearson's correlation ratio.

    Example:
        >>> influence(np.array([0, 0, 1, 1]), np.array([1.0, -1.0, 2.0, -2.0]))
        1.0
    """
    loss = np.abs(errors)
    rows = np.maximum(1, np.bincount(column))
    between = np.bincount(column, loss) / rows
    spread = float(((loss - loss.mean()) ** 2).sum())
    return float((rows * (between - loss.mean()) ** 2)[np.bincount(column) > 0].sum()) / spread if spread > 0 else 0.0


def added(parts: Sequence[LossSums]) -> LossSums:
    """The sums of several parts together.

    Source: sums add up.

    Example:
        >>> one = loss_sums(np.array([[0]]), 1, np.array([2.0]))
        >>> added([one, one]).rows
        2
    """
    return LossSums(*(sum(found[1:], found[0]) for found in zip(*parts, strict=True)))


def expected_loss(
    parts: Sequence[LossSums], held: Floats, rows: int, *, confidence: float = 0.95
) -> dict[str, Expected]:
    """MAE and RMSE that are expected of some rows.

    Args:
        parts: Of the reference, at least 5: their differences from each other beyond chance are in the interval.
        held: ``[step]``, the share of the rows that is on each step.
        rows: How many rows.
        confidence: Of the intervals.

    Source: least squares; the moment estimator of DerSimonian & Laird 1986 for the variance between parts.

    Example:
        >>> parts = [loss_sums(np.array([[0], [0], [1], [1]]), 2, np.array([0.9, 1.1, 2.8, 3.2])) for _ in range(6)]
        >>> [round(limit, 1) for limit in expected_loss(parts, np.array([0.5, 0.5]), 100)["mae"]]
        [2.0, 1.8, 2.2]
    """
    whole = added(parts)
    excess: list[Floats] = []
    for place, part in enumerate(parts):
        rest = added([one for other, one in enumerate(parts) if other != place])
        value, error = _predicted(rest, np.diag(part.gram) / max(1, part.rows), part.rows)
        seen = part.losses / max(1, part.rows)
        excess.append((np.log(np.maximum(seen, 1e-300)) - np.log(value)) ** 2 - (error / value) ** 2)
    between = np.maximum(0.0, np.mean(excess, axis=0))
    value, error = _predicted(whole, held, rows)
    half = student_quantile(confidence, min(len(parts), INDEPENDENT)) * np.sqrt((error / value) ** 2 + between)
    found = {}
    for place, (name, power) in enumerate((("mae", 1.0), ("rmse", 0.5))):
        middle = float(value[place])
        low, high = (middle * math.exp(sign * min(700.0, float(half[place]))) for sign in (-1, 1))
        found[name] = Expected(middle**power, low**power, high**power)
    return found


def _predicted(sums: LossSums, held: Floats, rows: int) -> tuple[Floats, Floats]:
    """Mean losses of rows on those steps, and the standard error of what they will be."""
    mean = sums.losses / sums.rows
    moved = sums.moved - np.diag(sums.gram)[:, None] * mean  # about the mean, which ridge then draws towards
    ridge = sums.gram + np.eye(len(sums.gram)) * max(1.0, 1e-6 * sums.rows)
    weights = np.linalg.solve(ridge, np.column_stack((moved, held)))
    value = np.maximum(mean + held @ weights[:, :2], 0.05 * mean)
    whole = sums.squares - sums.rows * mean**2
    left = (whole - (weights[:, :2] * moved).sum(axis=0)) / max(1, sums.rows - len(sums.gram))
    left = np.maximum(left, 1e-12 * (sums.squares / sums.rows))
    return value, np.sqrt(left / max(1, rows) + left * max(0.0, float(held @ weights[:, 2])))
