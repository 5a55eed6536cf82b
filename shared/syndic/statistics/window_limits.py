"""How far a next window may lie, from what the windows of one process showed: `Variation` and its limits.

What windows show is estimated in `between_windows` for one column. Columns of one service share what a single one
hardly tells, and `across_columns` draws the estimates of each to those of all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.statistics.quadratic_forms import upper_point

Floats = NDArray[np.float64]

MOST_CORRELATED: Final = 0.98
FEWEST_DEGREES: Final = 3.0
RARELY: Final = {1: 0.0513, 2: 0.355, 3: 0.818, 5: 1.97, 10: 5.43, 20: 13.3}
"""Expected number of events with which that many or more happen in one case of twenty (Poisson)."""

_NOTHING: Final = 1e-12
_FAR: Final = 1e-5
_FARTHEST_ODDS: Final = 50.0
_BURSTS: Final = (
    1.0  # kurtosis from which the windows are usual ones and a few that are not: t with 6 degrees of freedom
)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the windows of one column showed, before anything is made of it.

    Attributes:
        between: Covariance of the windows' deviations beyond sampling, bins x bins, in units of PSI.
        chance: Covariance that one row adds by sampling, bins x bins, in the same units.
        spread: Leading principal variances of `between`, and `sampling` what one row adds along them.
        farthest: The squared deviations along them of the windows that are 1st, 2nd, 3rd ... farthest (`RARELY`), and
            the rows of each.
        correlation, correlation_error: From one window to the next, and its standard error.
        kurtosis, kurtosis_error: By how much squared deviations vary more than normal ones, 0 when they do not.
        effective: Windows that count, by their rows.
        windows: Windows there are.
        parts: Parts of the season, `alike` windows in the part of a window, and `gap` windows from one of them to the
            next.
        few_rows: Rows that one window in twenty is under, and `usual_rows` those of a usual one.
        leading: Deviations of the windows along the leading direction.
    """

    between: Floats
    chance: Floats
    spread: Floats
    sampling: Floats
    farthest: tuple[tuple[float, float], ...]
    correlation: float
    correlation_error: float
    kurtosis: float
    kurtosis_error: float
    effective: float
    windows: int
    parts: int
    alike: float
    gap: float
    few_rows: float
    usual_rows: float
    leading: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False)
class Variation:
    """How windows vary beyond sampling.

    Attributes:
        between: Covariance of the windows' deviations beyond sampling, bins x bins, in units of PSI.
        chance: Covariance that one row adds by sampling, bins x bins, in the same units.
        degrees: Degrees of freedom of `between`, autocorrelation considered.
        tail: Degrees of freedom of Student's t with tails as long as the deviations have; infinite: normal.
        heaviness: How much further out the farthest windows lie than deviations of that covariance and tail would, as a
            factor of the squared deviation; 1: no further.
        correlation: From one window to the next.
        windows: Windows it was estimated from.
        few_rows: Rows that one window in twenty is under: a window with fewer may vary more, by the ratio.
        shown: What it was made of.
    """

    between: Floats
    chance: Floats
    degrees: float
    tail: float
    heaviness: float
    correlation: float
    windows: int
    few_rows: float
    shown: Shown

    @property
    def total(self) -> float:
        """The mean PSI of a window against what is usual when a window has endless rows."""
        return float(np.trace(self.between))

    @property
    def kurtosis(self) -> float:
        """By how much squared deviations of that tail vary more than normal ones."""
        return 2.0 / (self.tail - 4.0) if math.isfinite(self.tail) else 0.0

    def limit(self, level: float, rows: int, usual_rows: int, growth: float = 1.0) -> float:
        """The PSI that a window of `rows` rows is over with a chance of at most `level`, nothing having changed.

        `usual_rows` are the rows that what is usual is known from; what sampling adds is `growth` times that of the
        windows it was estimated from, where rows that are alike come in larger groups.
        """
        between, sampling = self._parts(rows, usual_rows, growth)
        uncertain, certain = float(np.trace(between)), float(np.trace(sampling))
        part = ((certain + uncertain) / uncertain) ** 2 if uncertain > 0.0 else math.inf
        return _point(np.linalg.eigvalsh(between + sampling), level, self.degrees, self.tail, part)

    def growth_limit(self, share: float, level: float, rows: int, usual_rows: int, growth: float = 1.0) -> float:
        """How much a share grows with a chance of at most `level`, of a variation of two bins: the share, and the rest.

        What windows are like moves a share by factors, small ones upward much more than down: a shift of a normal
        column by 0.8 of its deviations makes six rows of one in its tail. So effects are normal in the log of the odds,
        with the variance that was found; sampling adds its own.
        """
        between, sampling = (float(np.trace(one)) for one in self._parts(rows, usual_rows, growth))
        between /= self.heaviness  # the odds have the long tail
        if between + sampling <= 0.0 or not 0.0 < share < 1.0:
            return 0.0
        far = self.limit(level, rows, usual_rows, growth) / (self.heaviness * between + sampling)
        apart = share * (1.0 - share)
        odds = share / (1.0 - share) * math.exp(min(_FARTHEST_ODDS, math.sqrt(far * math.log1p(between / apart))))
        return min(1.0 - share, math.hypot(odds / (1.0 + odds) - share, math.sqrt(far * sampling * apart)))

    def _parts(self, rows: int, usual_rows: int, growth: float) -> tuple[Floats, Floats]:
        """What the window itself and the sampling of its rows add to the covariance of a deviation."""
        sampling = growth * (1.0 / max(1, rows) + 1.0 / max(1, usual_rows)) * self.chance
        return max(1.0, self.few_rows / max(1, rows)) * self.heaviness * self.between, sampling


def settle(
    shown: Shown, correlation: float | None = None, kurtosis: float | None = None, *, more: float = 0.0
) -> Variation:
    """What follows from what windows showed, with their own correlation and kurtosis or those given.

    `more` degrees of freedom are known of the size of the variation from elsewhere.

    Where the kurtosis is larger than that of any such tail, the windows may be usual ones and a few that are not: how
    far those lie is seen, and the limit goes beyond the farthest as it goes beyond the farthest of normal ones, unless
    that of the longest tail is nearer.

    Source: Bartlett, Supplement to the Journal of the Royal Statistical Society 8, 1946, for what correlated windows
    count as; Student's t with that kurtosis for the tail.

    Example:
        >>> shown = Shown(np.array([[0.04]]), np.eye(1), np.array([0.04]), np.ones(1), (), 0.9, 0.1, 0.5, 0.1,
        ...     effective=720.0, windows=720, parts=1, alike=720.0, gap=1.0, few_rows=70.0, usual_rows=1e9)
        >>> found = settle(shown, correlation=0.8, kurtosis=0.0)
        >>> round(found.degrees), found.tail, settle(shown, kurtosis=0.5).tail
        (158, inf, 8.0)
    """
    r = min(MOST_CORRELATED, max(0.0, shown.correlation if correlation is None else correlation))
    degrees, wider = _effective(shown, r)
    degrees += more
    bulge = shown.kurtosis - shown.kurtosis_error if kurtosis is None else kurtosis
    spread, tail = wider * shown.spread, _tail_of(bulge)
    heaviness = _heaviness(shown, spread, degrees, tail)
    if bulge >= _BURSTS and len(spread):
        burst = _heaviness(shown, spread, degrees, math.inf)
        reach = [h * _point(spread, _FAR, degrees, t) for h, t in ((heaviness, tail), (burst, math.inf))]
        if burst > 1.0 and reach[1] < reach[0]:
            heaviness, tail = burst, math.inf
    return Variation(
        between=wider * shown.between,
        chance=shown.chance,
        degrees=degrees,
        tail=tail,
        heaviness=heaviness,
        correlation=r,
        windows=shown.windows,
        few_rows=shown.few_rows,
        shown=shown,
    )


def _tail_of(kurtosis: float) -> float:
    """Degrees of freedom of the t whose squares vary that much more than normal ones: ``4 + 2 / kurtosis``."""
    return math.inf if kurtosis <= 0.0 else 4.0 + 2.0 / min(_BURSTS, kurtosis)


def _point(variances: Floats, level: float, degrees: float, tail: float, part: float = 1.0) -> float:
    """The upper point of a sum of squares whose variances have some degrees of freedom, and whose terms have a tail.

    `part` is how many times fewer of both a sum has of which only a part is uncertain and has the tail: the excess of
    its fourth moment falls that much.
    """
    known, long = degrees * part, 4.0 + (tail - 4.0) * part
    if math.isfinite(long):
        variances = variances * ((long - 2.0) / long)
        known = 1.0 / (1.0 / known + 1.0 / long)
    return upper_point(variances[variances > 0.0].tolist(), level, known)


def _effective(shown: Shown, correlation: float) -> tuple[float, float]:
    """Degrees of freedom of a variance of correlated windows, and by how much it is too small for a next window.

    Of an autoregressive process of first order n windows count as ``n (1 - r^2) / (1 + r^2)`` for a variance and as
    ``n (1 - r) / (1 + r)`` for a mean (Bartlett 1946); sampling of few rows hides more of the variance. Their own mean
    follows them: the spread about it is too small.
    """
    noise = float(shown.sampling.sum()) / max(_NOTHING, float(shown.spread.sum())) / shown.usual_rows
    apart = (1.0 + correlation**2) / (1.0 - correlation**2) + 2.0 * noise + noise**2
    degrees = shown.effective / apart
    within = correlation ** max(1.0, shown.gap)
    followed = min(0.5, (1.0 + within) / (1.0 - within) / max(1.0, shown.alike))
    degrees = max(FEWEST_DEGREES, degrees - shown.parts * min(1.0, degrees / max(1.0, shown.effective)))
    return degrees, (1.0 + followed) / (1.0 - followed) * (1.0 - 1.0 / max(2.0, shown.alike))


def _heaviness(shown: Shown, spread: Floats, degrees: float, tail: float) -> float:
    """How much farther out the farthest windows are than such a tail lets expect: bursts make a few very unlike others.

    The k-th farthest is compared with the point that the k-th of such windows is over in one of twenty cases only.
    """
    found = 1.0
    if not len(spread):
        return found
    for (rank, rarely), (far, rows) in zip(RARELY.items(), shown.farthest, strict=False):
        if rank > shown.windows // 4:
            break
        level, sampling = min(0.4, rarely / shown.windows), shown.sampling / rows
        part = (1.0 + float(sampling.sum()) / float(spread.sum())) ** 2
        expected = _point(spread + sampling, level, degrees, tail, part)
        if far > expected:
            found = max(found, 1.0 + (far - expected) / _point(spread, level, degrees, tail))
    return found
