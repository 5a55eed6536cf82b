"""How far a disparity is from its threshold, and which of several is the gravest. Pure."""

from __future__ import annotations

import math

from syndic.bias.models import WORST_FIRST, Estimate, GroupBias, Verdict
from syndic.bias.policy.model import Metric


def beyond_verdict(metric: Metric) -> Verdict:
    """What it is called when a measure is beyond its threshold and beyond chance.

    "Adverse impact" is the term of 29 CFR 1607.4(D) for the ratio of selection rates, and is kept for it.
    """
    return Verdict.ADVERSE_IMPACT_INDICATED if metric.is_ratio else Verdict.DISPARITY_INDICATED


def distance(metric: Metric, value: float | None, threshold: float) -> float:
    """How far a value is from "no difference", in units of what its threshold allows: above 1 is beyond it.

    So disparities of different measures can be put in order. A ratio counts on both sides; an undefined value is
    infinitely far (nobody in the reference was selected).
    """
    if value is None:
        return math.inf
    if not metric.is_ratio:
        return abs(value) / threshold
    ratio = min(value, 1 / value) if value > 0 else 0.0
    return (1 - ratio) / (1 - threshold) if threshold < 1 else math.inf if ratio < 1 else 0.0


def gravity(group: GroupBias) -> float:
    """The distance of the gravest disparity that gave a group its verdict; 0 without one."""
    found = [0.0]
    for name, judgement in group.judgements.items():
        estimate = group.disparity(Metric(name))
        if (
            judgement.verdict is group.verdict
            and estimate is not None
            and judgement.verdict is not Verdict.NOT_ASSESSABLE
        ):
            found.append(distance(Metric(name), estimate.value, judgement.threshold))
    return max(found)


def within(estimate: Estimate, metric: Metric, threshold: float) -> tuple[bool, bool]:
    """Whether a value is beyond the threshold, and whether the whole interval is within it. Both sides."""
    value = estimate.value if estimate.value is not None else math.nan
    low = -math.inf if estimate.low is None else estimate.low
    high = math.inf if estimate.high is None else estimate.high
    least, most = (threshold, 1 / threshold) if metric.is_ratio else (-threshold, threshold)
    # A hair's breadth, so that 4/5 against 1 is not under 0.8 by a rounding of the last bit.
    hair = 1e-12
    return value < least - hair or value > most + hair, low >= least - hair and high <= most + hair


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict of a whole from those of its parts; what could not be assessed does not hide what could."""
    return next((verdict for verdict in WORST_FIRST if verdict in verdicts), Verdict.NOT_ASSESSABLE)
