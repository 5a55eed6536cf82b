"""What other score thresholds would do: computed from the score histogram, with what they cost.

A hint is arithmetic on the rows seen, not advice: different thresholds by protected attribute are unlawful in several
fields of law (in the United States for employment scores: 42 U.S.C. 2000e-2(l)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.score_histogram import ScoreCounts, grid_values
from syndic.bias.counting.tensor import FAVOURABLE, UNFAVOURABLE
from syndic.bias.models import BEYOND, AttributeBias, Hint, HintGroup
from syndic.bias.policy.model import UNKNOWN, BiasPolicy, Metric
from syndic.errors import InvalidInputError

Floats = NDArray[np.float64]

NOTE = (
    "Arithmetic on the rows seen. Using different thresholds by protected attribute may itself be unlawful: take legal "
    "advice first, and prefer finding the cause."
)

EQUALISED: Mapping[Metric, str] = {
    Metric.DISPARATE_IMPACT: "selection_rate",
    Metric.DEMOGRAPHIC_PARITY: "selection_rate",
    Metric.EQUAL_OPPORTUNITY: "true_positive_rate",
    Metric.FALSE_POSITIVE_RATE: "false_positive_rate",
}


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A group's outcomes at every possible threshold, the strictest first. Place 0 selects nobody."""

    thresholds: Floats
    selected: Floats
    true_positive: Floats
    false_positive: Floats
    rows: float
    positives: float
    negatives: float

    def rate(self, name: str) -> Floats | None:
        """The equalised rate at every threshold; None when it is undefined."""
        if name == "selection_rate":
            return self.selected / self.rows if self.rows else None
        if name == "true_positive_rate":
            return self.true_positive / self.positives if self.positives else None
        return self.false_positive / self.negatives if self.negatives else None

    def accuracy(self, place: int) -> float | None:
        """The share of right decisions among labelled rows."""
        labelled = self.positives + self.negatives
        if not labelled:
            return None
        right = self.true_positive[place] + self.negatives - self.false_positive[place]
        return float(right / labelled)


def curve(labels: NDArray[np.int64], keys: NDArray[np.int64], counts: NDArray[np.int64]) -> Curve:
    """The curve of a group; "selected" means a score of at least the threshold."""
    levels, place = np.unique(keys, return_inverse=True)
    down = slice(None, None, -1)

    def running(mask: NDArray[np.bool_]) -> Floats:
        per_level = np.bincount(place, weights=np.where(mask, counts, 0), minlength=len(levels))
        return np.concatenate([[0.0], np.cumsum(per_level[down])])

    everyone, good, bad = running(labels >= 0), running(labels == FAVOURABLE), running(labels == UNFAVOURABLE)
    above = grid_values(levels[-1:] + 1) if len(levels) else np.zeros(1)
    thresholds = np.concatenate([above, grid_values(levels)[down]])
    return Curve(thresholds, everyone, good, bad, everyone[-1], good[-1], bad[-1])


def hint(
    scores: ScoreCounts, attribute: str, metric: Metric, policy: BiasPolicy, *, common_threshold: float
) -> Hint | None:
    """Thresholds per group that bring a rate to what it is overall, and what that changes.

    The target is the rate of all rows at the common threshold, so that about as many are selected as before.

    Args:
        scores: The histogram; high scores must be the favourable ones.
        attribute: One protected attribute.
        metric: One of `EQUALISED`.
        policy: Groups under its minimum size keep the common threshold and are not in the hint.
        common_threshold: The threshold in use: scores from it on are selected.

    Returns:
        The hint, or None when fewer than two groups are large enough or the rate is undefined in one.

    Raises:
        InvalidInputError: The metric cannot be equalised by thresholds, or low scores are the favourable ones.
    """
    rate_name = EQUALISED.get(metric)
    if rate_name is None:
        raise InvalidInputError(f"{metric.value} cannot be equalised by thresholds alone")
    if policy.favourable_scores != "high":
        raise InvalidInputError("hints need scores of which high ones are favourable")
    curves = {names[0]: curve(*part) for names, part in scores.of_groups([attribute]).items() if names[0] != UNKNOWN}
    large = {name: found for name, found in curves.items() if found.rows >= policy.minimum_group_size}
    rates = {name: found.rate(rate_name) for name, found in large.items()}
    if len(large) < 2 or any(rate is None for rate in rates.values()):
        return None
    defined = {name: rate for name, rate in rates.items() if rate is not None}
    before = {name: _place(found, common_threshold) for name, found in large.items()}
    target = _overall_rate(large, before, rate_name)
    after = {name: int(np.argmin(np.abs(rate - target))) for name, rate in defined.items()}
    return Hint(
        attribute=attribute,
        metric=metric,
        target=target,
        common_threshold=common_threshold,
        groups={
            name: HintGroup(
                threshold=float(found.thresholds[after[name]]),
                selection_rate=float(found.selected[after[name]] / found.rows),
                rate=float(defined[name][after[name]]),
                accuracy=found.accuracy(after[name]),
            )
            for name, found in large.items()
        },
        gap_before=_gap(defined, before),
        gap_after=_gap(defined, after),
        selections_before=_selections(large, before),
        selections_after=_selections(large, after),
        accuracy_before=_accuracy(large, before),
        accuracy_after=_accuracy(large, after),
        note=NOTE,
    )


def threshold_selecting(scores: ScoreCounts, share: float) -> float:
    """The one threshold for all rows that selects the share nearest to the one given."""
    whole = curve(scores.labels, scores.keys, scores.counts)
    place = int(np.argmin(np.abs(whole.selected / max(1.0, whole.rows) - share)))
    return float(whole.thresholds[place])


def hints(
    scores: ScoreCounts | None, attributes: Mapping[str, AttributeBias], policy: BiasPolicy, *, selection_rate: float
) -> tuple[Hint, ...]:
    """Hints for each attribute that is beyond threshold and chance.

    The threshold in use is taken to be the one that selects as many rows as were selected.
    """
    if scores is None or policy.favourable_scores != "high" or not len(scores.counts):
        return ()
    common = threshold_selecting(scores, selection_rate)
    found = [
        hint(scores, name, metric, policy, common_threshold=common)
        for name, attribute in attributes.items()
        if attribute.verdict in BEYOND
        for metric in (Metric.DISPARATE_IMPACT, Metric.EQUAL_OPPORTUNITY)
    ]
    return tuple(one for one in found if one is not None)


def _place(found: Curve, threshold: float) -> int:
    """How many of the falling thresholds are at least the given one: the place that selects from it on."""
    return int((found.thresholds[1:] >= threshold).sum())


def _overall_rate(curves: Mapping[str, Curve], places: Mapping[str, int], rate: str) -> float:
    over = {"selection_rate": "selected", "true_positive_rate": "true_positive"}.get(rate, "false_positive")
    under = {"selection_rate": "rows", "true_positive_rate": "positives"}.get(rate, "negatives")
    hits = sum(float(getattr(found, over)[places[name]]) for name, found in curves.items())
    return hits / sum(float(getattr(found, under)) for found in curves.values())


def _gap(rates: Mapping[str, Floats], places: Mapping[str, int]) -> float:
    at = [float(rate[places[name]]) for name, rate in rates.items()]
    return max(at) - min(at)


def _selections(curves: Mapping[str, Curve], places: Mapping[str, int]) -> int:
    return sum(int(found.selected[places[name]]) for name, found in curves.items())


def _accuracy(curves: Mapping[str, Curve], places: Mapping[str, int]) -> float | None:
    labelled = sum(found.positives + found.negatives for found in curves.values())
    if not labelled:
        return None
    right = sum(
        float(found.true_positive[places[name]] + found.negatives - found.false_positive[places[name]])
        for name, found in curves.items()
    )
    return right / labelled
