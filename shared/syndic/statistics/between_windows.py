"""How much shares vary between windows of one process beyond the chance of sampling, and how far a next one may lie.

A window's share of each bin has two sources of variation: which rows happened to come (multinomial, 1 / rows), and what
the window itself is like. The second is estimated by the method of moments: the covariance of the windows' shares less
what sampling adds. Deviations are in chi-distance, ``(share - usual) / sqrt(usual)``, whose sum of squares is about a
PSI.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.statistics.window_limits import RARELY, Shown, Variation, settle
from syndic.statistics.window_scores import Scores, kurtosis, memory

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_WINDOWS: Final = 8
FEWEST_ROWS: Final = 10.0
"""Rows of the median window from which anything can be said of how windows vary."""

_EMPTY: Final = 0.95  # of a share that is gone, how much of it counts as gone
_NOTHING: Final = 1e-12
_SURE: Final = 3.09  # standard errors of sampling that a single window's deviation is reduced by


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """What one row adds to a window's deviations by sampling: its covariance, and its values with their chances."""

    covariance: Floats
    values: Floats
    chances: Floats

    def fourth(self, along: Floats) -> float:
        """Fourth cumulant of a row's squared length along some directions; nothing is known of rows that are alike."""
        scores = self.values @ along
        scores = scores - self.chances @ scores
        covariance = (scores * self.chances[:, None]).T @ scores
        squares = (scores**2).sum(axis=1)
        normal = float(np.trace(covariance)) ** 2 + 2.0 * float((covariance**2).sum())
        return float(self.chances @ squares**2) - normal


def variation(
    counts: Ints,
    times: Ints,
    parts: Ints,
    *,
    sampling: Floats | None = None,
    design: float = 1.0,
    expected: float = 0.5,
    share: bool = False,
) -> Variation | None:
    """Estimate how windows' shares vary beyond sampling from their counts; None with too few windows or rows.

    Of windows that only sampling tells apart nothing is left, but for one estimate in some hundreds.

    Args:
        counts: Windows x bins.
        times: When each window began, in lengths of a window, rising.
        parts: Which part of the season each lies in: a window is compared with all windows of its part.
        sampling: Covariance that one row adds to a window's counts by sampling, bins x bins, where rows of one person
            or session are alike. Left out: that of `design` rows that count as one.
        design: Rows that count as one.
        expected: Rows of a bin in the median window, under which it is joined to its neighbour.
        share: The two bins are a share and the rest: deviations are in chi-distance however far, and nothing is taken
            for chance that may be more, by a standard error. What few rows hide of a rare value would ring else.

    Raises:
        ValueError: The arrays differ in the number of windows.

    Source: Searle, Casella & McCulloch, Variance Components, 1992, for the moments; `_beyond` and `_effective` name
    theirs.

    Example:
        >>> hours = np.arange(40)
        >>> found = variation(np.array([[40, 60], [60, 40]] * 20), hours, 0 * hours)
        >>> found.windows, round(found.total, 3), round(found.limit(0.001, 100, 4000), 2)
        (40, 0.031, 0.54)
    """
    if not len(counts) == len(times) == len(parts):
        raise ValueError("counts, times and parts are of the same windows")
    total = counts.sum(axis=1)
    chosen = _usable(total, parts)
    if chosen is None:
        return None
    rows, place, alike = total[chosen], np.unique(parts[chosen], return_inverse=True)[1], _alike(parts[chosen])
    joining = _joining(counts[chosen], float(np.median(rows)), expected)
    deviations, plain, sure, usual = _deviations(counts[chosen] @ joining, rows, place, alike)
    deviations = plain if share else deviations
    root = np.sqrt(usual)
    if sampling is None:
        chance = design * (np.eye(len(root)) - np.outer(root, root))
    else:
        chance = joining.T @ sampling @ joining / np.outer(root, root)
    row = _Row(chance, np.diag(1.0 / root), usual)
    return settle(_estimate((deviations, plain, sure), row, rows, times[chosen], parts=place, alike=alike, share=share))


def variation_of_means(means: Floats, rows: Ints, times: Ints, parts: Ints, *, design: float = 1.0) -> Variation | None:
    """`variation` of the windows' means of one number, in standard deviations of a row; `rows` by window.

    Raises:
        ValueError: The arrays differ in the number of windows.

    Source: as `variation`.

    Example:
        >>> hours = np.arange(40)
        >>> found = variation_of_means(np.array([-0.2, 0.2] * 20), 0 * hours + 100, hours, 0 * hours)
        >>> found.windows, round(found.total, 3)
        (40, 0.031)
    """
    if not len(means) == len(rows) == len(times) == len(parts):
        raise ValueError("means, rows, times and parts are of the same windows")
    chosen = _usable(rows, parts)
    if chosen is None:
        return None
    some, place, alike = rows[chosen], np.unique(parts[chosen], return_inverse=True)[1], _alike(parts[chosen])
    totals = np.bincount(place, means[chosen] * some) / np.bincount(place, some)
    grown = np.sqrt(alike / (alike - 1.0))
    deviations = ((means[chosen] - totals[place]) * grown)[:, None]
    row = _Row(np.array([[design]]), np.zeros((1, 1)), np.ones(1))
    return settle(
        _estimate((deviations, deviations, np.ones(len(some))), row, some, times[chosen], parts=place, alike=alike)
    )


def _usable(rows: Ints, parts: Ints) -> NDArray[np.intp] | None:
    """Windows with rows, of a part of the season that has others; None when they are too few or too small."""
    some = np.flatnonzero(rows > 0)
    some = some[_alike(parts[some]) > 1] if len(some) else some
    return some if len(some) >= FEWEST_WINDOWS and np.median(rows[some]) >= FEWEST_ROWS else None


def _alike(parts: Ints) -> Ints:
    """How many windows are in each one's part of the season."""
    _, place, number = np.unique(parts, return_inverse=True, return_counts=True)
    return number[place]


def _estimate(
    seen: tuple[Floats, Floats, Floats],
    row: _Row,
    rows: Ints,
    times: Ints,
    *,
    parts: Ints,
    alike: Ints,
    share: bool = False,
) -> Shown:
    """What deviations show beyond what sampling adds to them, by each row: see `_deviations` for what is `seen`."""
    deviations, plain, sure = seen
    weights = 1.0 / (1.0 / rows + 1.0 / np.median(rows))
    weights = weights / weights.sum()
    effective = 1.0 / float((weights**2).sum())
    covariance = (deviations * weights[:, None]).T @ deviations
    noise = float((weights / rows).sum()) * row.covariance
    beyond = _at_most if share else _beyond
    values, vectors = np.linalg.eigh(beyond(covariance, noise, effective))
    kept = values > _NOTHING
    spread, directions = values[kept][::-1], vectors[:, kept][:, ::-1]
    leading = spread >= 0.05 * np.max(spread, initial=0.0)
    along = directions[:, leading]
    sampling = np.einsum("ij,ij->j", along, row.covariance @ along)
    squares = ((deviations @ along) ** 2).sum(axis=1) * sure
    order = np.argsort(-squares, kind="stable")
    ranks = [rank for rank in RARELY if rank <= len(rows)] if len(along.T) else []
    along_them = Scores(spread[leading], sampling, rows, weights)
    remembered = memory(plain @ along, times, along_them)
    tail = kurtosis(plain @ along, row.fourth(along), remembered[0], along_them)
    return Shown(
        between=(directions * spread) @ directions.T,
        chance=row.covariance,
        spread=spread[leading],
        sampling=sampling,
        farthest=tuple((float(squares[order[rank - 1]]), float(rows[order[rank - 1]])) for rank in ranks),
        correlation=remembered[0],
        correlation_error=remembered[1],
        kurtosis=tail[0],
        kurtosis_error=tail[1],
        effective=effective,
        windows=len(rows),
        parts=int(np.max(parts)) + 1,
        alike=float(np.mean(alike)),
        gap=_gap(parts, times),
        few_rows=float(np.quantile(rows, 0.05)),
        usual_rows=float(1.0 / (weights / rows).sum()),
        leading=(plain @ along[:, :1])[:, 0] if len(along.T) else np.zeros(0),
    )


def _beyond(covariance: Floats, noise: Floats, windows: float) -> Floats:
    """What a covariance of so many windows shows beyond that of sampling.

    In units of the noise, principal variances up to ``(1 + sqrt(bins / windows))^2`` are its chance (Marchenko &
    Pastur 1967); larger ones are reduced by what chance adds to them: Donoho, Gavish & Johnstone, Annals of Statistics
    46, 2018.
    """
    sizes, axes = np.linalg.eigh(noise)
    some = sizes > 1e-9 * max(float(sizes[-1]), 1e-300)
    root, axes = np.sqrt(sizes[some]), axes[:, some]
    values, vectors = np.linalg.eigh((axes.T @ covariance @ axes) / np.outer(root, root))
    ratio = len(values) / windows
    middle = values + 1.0 - ratio
    square = np.maximum(0.0, middle**2 - 4.0 * values)
    true = np.where(values > (1.0 + math.sqrt(ratio)) ** 2, (middle + np.sqrt(square)) / 2.0 - 1.0, 0.0)
    directions = (axes * root) @ vectors
    return (directions * np.maximum(0.0, true)) @ directions.T


def _at_most(covariance: Floats, noise: Floats, windows: float) -> Floats:
    """What the covariance of a share may show beyond that of sampling: a standard error more than it does."""
    chance = float(np.trace(noise))
    found = max(0.0, float(np.trace(covariance)) - chance) + chance * math.sqrt(2.0 / windows)
    return noise * (found / chance) if chance > 0.0 else 0.0 * noise


def _joining(counts: Ints, typical: float, expected: float) -> Floats:
    """Bins x fewer bins: those with too few rows to be normal, even in sum, are joined to a neighbour."""
    shares = counts.sum(axis=0) / counts.sum()
    places, carried, place = [], 0.0, -1
    for share in shares.tolist():
        if place < 0 or carried * typical >= expected:
            place, carried = place + 1, 0.0
        carried += share
        places.append(place)
    if place > 0 and carried * typical < expected:
        places = [min(one, place - 1) for one in places]
    found = np.zeros((len(places), max(places) + 1))
    found[np.arange(len(places)), places] = 1.0
    return found[:, (counts @ found).any(axis=0)]


def _deviations(counts: Floats, rows: Ints, parts: Ints, alike: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    """Each window's deviation from its part of the season, made as large as from a part without the window.

    Where it is beyond sampling its square is the bin's part of PSI: of a rare value that comes in bursts the square of
    the chi-distance would be many times that. Second are the deviations in chi-distance all the same, third the part of
    each window's PSI that is left when it is one standard error of its own sampling smaller, and last what is usual.
    """
    totals = np.zeros((int(np.max(parts)) + 1, counts.shape[1]))
    np.add.at(totals, parts, counts)
    usual = totals / totals.sum(axis=1, keepdims=True)
    whole = counts.sum(axis=0) / counts.sum()
    own = np.maximum(usual[parts], 0.5 * whole)  # a bin that a part has hardly any rows of
    change = counts / rows[:, None] - usual[parts]
    grown = np.sqrt(alike / np.maximum(1, alike - 1))
    ratio = np.maximum(change / own, -_EMPTY)
    surely = np.abs(change) > _SURE * np.sqrt(own / rows[:, None])
    far = np.where(surely, ratio, 1.0)
    as_psi = np.where(surely, np.sqrt(np.log1p(far) / far), 1.0)
    plain = change / np.sqrt(own) * grown[:, None]
    shares = np.maximum(counts / rows[:, None], 0.5 / rows[:, None])
    logs = np.log(shares / own)
    slope = logs + 1.0 - own / shares
    error = ((shares * slope**2).sum(axis=1) - (shares * slope).sum(axis=1) ** 2) / rows
    psi = ((shares - own) * logs).sum(axis=1)
    sure = np.maximum(0.0, 1.0 - np.sqrt(np.maximum(0.0, error)) / np.maximum(psi, _NOTHING))
    return plain * as_psi, plain, sure, whole


def _gap(parts: Ints, times: Ints) -> float:
    """Windows from one of a part of the season to the next of it."""
    order = np.argsort(parts, kind="stable")
    same = np.diff(parts[order]) == 0
    return float(np.median(np.diff(times[order])[same])) if same.any() else 1.0
