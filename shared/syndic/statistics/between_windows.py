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

from syndic.statistics.quadratic_forms import upper_point

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_WINDOWS: Final = 8
FEWEST_ROWS: Final = 10.0
"""Rows of the median window from which anything can be said of how windows vary."""

_EMPTY: Final = 0.95  # of a share that is gone, how much of it counts as gone
_NOTHING: Final = 1e-12
_SURE: Final = 3.09  # standard errors of sampling that a single window's deviation is reduced by
_MOST_CORRELATED: Final = 0.98
_FEWEST_DEGREES: Final = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Variation:
    """How windows vary beyond sampling.

    Attributes:
        between: Covariance of the windows' deviations beyond sampling, bins x bins, in units of PSI.
        chance: Covariance that one row adds by sampling, bins x bins, in the same units.
        degrees: Degrees of freedom of `between`, autocorrelation considered.
        heaviness: How much further out the farthest windows lie than normal deviations of that covariance would, as a
            factor of the squared deviation; 1: no further.
        correlation: From one window to the next.
        windows: Windows it was estimated from.
        few_rows: Rows that one window in twenty is under: a window with fewer may vary more, by the ratio.
    """

    between: Floats
    chance: Floats
    degrees: float
    heaviness: float
    correlation: float
    windows: int
    few_rows: float

    @property
    def total(self) -> float:
        """The mean PSI of a window against what is usual when a window has endless rows."""
        return float(np.trace(self.between))

    def limit(self, level: float, rows: int, usual_rows: int, growth: float = 1.0) -> float:
        """The PSI that a window of `rows` rows is over with a chance of at most `level`, nothing having changed.

        `usual_rows` are the rows that what is usual is known from; what sampling adds is `growth` times that of the
        windows it was estimated from, where rows that are alike come in larger groups.
        """
        sampling = growth * (1.0 / max(1, rows) + 1.0 / max(1, usual_rows)) * self.chance
        fewer = max(1.0, self.few_rows / max(1, rows))
        between = fewer * self.heaviness * self.between
        uncertain, certain = float(np.trace(between)), float(np.trace(sampling))
        degrees = self.degrees * ((certain + uncertain) / uncertain) ** 2 if uncertain > 0.0 else math.inf
        weights = np.linalg.eigvalsh(between + sampling)
        return upper_point(weights[weights > 0.0].tolist(), level, degrees)


def variation(
    counts: Ints,
    times: Ints,
    parts: Ints,
    *,
    sampling: Floats | None = None,
    design: float = 1.0,
    expected: float = 0.5,
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

    Raises:
        ValueError: The arrays differ in the number of windows.

    Source: Searle, Casella & McCulloch, Variance Components, 1992, for the moments; `_beyond` and `_effective` name
    theirs.

    Example:
        >>> hours = np.arange(40)
        >>> found = variation(np.array([[40, 60], [60, 40]] * 20), hours, 0 * hours)
        >>> found.windows, round(found.total, 3), round(found.limit(0.001, 100, 4000), 2)
        (40, 0.031, 0.5)
    """
    if not len(counts) == len(times) == len(parts):
        raise ValueError("counts, times and parts are of the same windows")
    total = counts.sum(axis=1)
    chosen = _usable(total, parts)
    if chosen is None:
        return None
    rows, place, alike = total[chosen], np.unique(parts[chosen], return_inverse=True)[1], _alike(parts[chosen])
    joining = _joining(counts[chosen], float(np.median(rows)), expected)
    deviations, usual = _deviations(counts[chosen] @ joining, rows, place, alike)
    root = np.sqrt(usual)
    if sampling is None:
        chance = design * (np.eye(len(root)) - np.outer(root, root))
    else:
        chance = joining.T @ sampling @ joining / np.outer(root, root)
    return _estimate(deviations, chance, rows, times[chosen], parts=place, alike=alike)


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
    return _estimate(deviations, np.array([[design]]), some, times[chosen], parts=place, alike=alike)


def _usable(rows: Ints, parts: Ints) -> NDArray[np.intp] | None:
    """Windows with rows, of a part of the season that has others; None when they are too few or too small."""
    some = np.flatnonzero(rows > 0)
    some = some[_alike(parts[some]) > 1] if len(some) else some
    return some if len(some) >= FEWEST_WINDOWS and np.median(rows[some]) >= FEWEST_ROWS else None


def _alike(parts: Ints) -> Ints:
    """How many windows are in each one's part of the season."""
    _, place, number = np.unique(parts, return_inverse=True, return_counts=True)
    return number[place]


def _estimate(deviations: Floats, chance: Floats, rows: Ints, times: Ints, *, parts: Ints, alike: Ints) -> Variation:
    """The variation of deviations beyond `chance`, the covariance that one row adds by sampling."""
    weights = 1.0 / (1.0 / rows + 1.0 / np.median(rows))
    weights = weights / weights.sum()
    effective = 1.0 / float((weights**2).sum())
    covariance = (deviations * weights[:, None]).T @ deviations
    noise = float((weights / rows).sum()) * chance
    values, vectors = np.linalg.eigh(_beyond(covariance, noise, effective))
    kept = values > _NOTHING
    spread, directions = values[kept][::-1], vectors[:, kept][:, ::-1]
    correlation = _correlation(deviations, times, directions, covariance - noise)
    degrees, wider = _effective(effective, correlation, float(np.mean(alike)), parts, times)
    spread = spread * wider
    leading = spread >= 0.05 * np.max(spread, initial=0.0)
    one_row = float(np.trace(directions[:, leading].T @ chance @ directions[:, leading]))
    return Variation(
        between=(directions * spread) @ directions.T,
        chance=chance,
        degrees=degrees,
        heaviness=_heaviness(deviations @ directions[:, leading], one_row / rows, spread[leading], degrees),
        correlation=correlation,
        windows=len(rows),
        few_rows=float(np.quantile(rows, 0.05)),
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


def _deviations(counts: Floats, rows: Ints, parts: Ints, alike: Ints) -> tuple[Floats, Floats]:
    """Each window's deviation from its part of the season, made as large as from a part without the window.

    Where it is beyond sampling its square is the bin's part of PSI: of a rare value that comes in bursts the square of
    the chi-distance would be many times that.
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
    return change / np.sqrt(own) * as_psi * grown[:, None], whole


def _correlation(deviations: Floats, times: Ints, directions: Floats, beyond: Floats) -> float:
    """Correlation of neighbouring windows along the principal directions; sampling adds nothing to their covariance."""
    variance = float(np.trace(directions.T @ beyond @ directions))
    if variance <= 0.0:
        return 0.0
    next_to = np.flatnonzero(np.diff(times) == 1)
    if len(next_to) < FEWEST_WINDOWS:
        return 0.0
    scores = deviations @ directions
    products = (scores[next_to] * scores[next_to + 1]).mean(axis=0)
    return float(np.clip(products.sum() / variance, 0.0, _MOST_CORRELATED))


def _effective(windows: float, correlation: float, alike: float, parts: Ints, times: Ints) -> tuple[float, float]:
    """Degrees of freedom of a variance of correlated windows, and by how much it is too small for a next window.

    Of an autoregressive process of first order n windows count as ``n (1 - r^2) / (1 + r^2)`` for a variance and as
    ``n (1 - r) / (1 + r)`` for a mean (Bartlett 1946). Their own mean follows them: the spread about it is too small.
    """
    degrees = windows * (1.0 - correlation**2) / (1.0 + correlation**2)
    order = np.argsort(parts, kind="stable")
    same = np.diff(parts[order]) == 0
    gap = float(np.median(np.diff(times[order])[same])) if same.any() else 1.0
    within = correlation ** max(1.0, gap)
    followed = min(0.5, (1.0 + within) / (1.0 - within) / max(1.0, alike))
    lost = int(np.max(parts)) + 1
    degrees = max(_FEWEST_DEGREES, degrees - lost * min(1.0, degrees / max(1.0, windows)))
    return degrees, (1.0 + followed) / (1.0 - followed) * (1.0 - 1.0 / max(2.0, alike))


def _heaviness(scores: Floats, sampling: Floats, spread: Floats, degrees: float) -> float:
    """How much farther out the farthest windows are than normal ones: bursts make a few very unlike the others.

    `scores` are the deviations along the leading directions, and `sampling` what chance adds to their squares. Each
    window's deviation is reduced by what sampling may explain of it. The k-th farthest is compared with the point that
    the k-th of normal windows is over in one of twenty cases only.
    """
    if not len(spread):
        return 1.0
    beyond = np.sort(np.maximum(0.0, np.sqrt((scores**2).sum(axis=1)) - _SURE * np.sqrt(sampling)) ** 2)[::-1]
    found = 1.0
    for rank, rarely in _RARELY.items():
        if rank > len(beyond) // 4:
            break
        point = upper_point(spread.tolist(), min(0.4, rarely / len(beyond)), degrees)
        if point > 0.0:
            found = max(found, float(beyond[rank - 1]) / point)
    return found


_RARELY: Final = {1: 0.0513, 2: 0.355, 3: 0.818, 5: 1.97, 10: 5.43, 20: 13.3}
"""Expected number of events with which that many or more happen in one case of twenty (Poisson)."""
