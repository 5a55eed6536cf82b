"""Judging rollback conditions: each holds, is broken or undecided, with the numbers. A missing number is never good.

A condition is broken only when the lower bound of what was measured is above the limit. It holds when there is enough
traffic and the measured value is within the limit. In between it is undecided: more traffic will tell.

The same condition is looked at again and again while a deployment runs. Look number n is judged at the significance
``significance / (n (n + 1))``; these add up to `significance`, so over the whole deployment a condition that truly
holds takes the version back with at most that chance, however often it is looked at (Bonferroni).
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Final, Literal

from syndic.registry.deployments.models import ConditionAnswer, Judgement, Verdict, rules
from syndic.registry.models import RollbackConditions
from syndic.statistics.binomial import difference_lower_limit, lower_limit
from syndic.statistics.ranks import median_lower_limit, median_ratio, median_ratio_lower_limit
from syndic.traffic import LatencyPoint, VariantNumbers

RULE_OF_THREE: Final = 3
"""With 3/p trials and no event the share is below p with 95 % (Hanley and Lippman-Hand, JAMA 249, 1983)."""

Percentile = Literal["p50", "p95"]


def significance_of(look: int) -> float:
    """The significance at which look number `look`, counted from 1, is judged."""
    return rules().limits.significance / (look * (look + 1))


def judge(
    conditions: RollbackConditions, *, new: VariantNumbers, old: VariantNumbers, look: int, now: datetime
) -> Judgement:
    """Judge every condition that is set. `old` is what the old version did, in the same span or before the shift."""
    alpha = significance_of(look)
    answers: list[ConditionAnswer] = []
    if conditions.error_rate is not None:
        answers.append(_error_rate(conditions, conditions.error_rate, new, alpha))
    if conditions.error_rate_spike is not None:
        answers.append(_error_rise(conditions, conditions.error_rate_spike, new, old, alpha))
    if conditions.performance_degradation is not None:
        answers.append(_slower(conditions, conditions.performance_degradation, new, old, alpha))
    if conditions.latency_p50_ms is not None:
        answers.append(_latency("p50", conditions.latency_p50_ms, new, alpha))
    if conditions.latency_p95_ms is not None:
        answers.append(_latency("p95", conditions.latency_p95_ms, new, alpha))
    return Judgement(conditions=tuple(answers), invocations=new.invocations, judged_at=now)


def least_invocations(conditions: RollbackConditions, limit: float) -> int:
    """How many invocations are needed to judge a share against a limit."""
    return max(conditions.min_invocations, math.ceil(RULE_OF_THREE / limit) if limit > 0 else 0)


def _error_rate(conditions: RollbackConditions, limit: float, new: VariantNumbers, alpha: float) -> ConditionAnswer:
    name, needed = "error_rate", least_invocations(conditions, limit)
    if new.invocations is None or new.errors_5xx is None:
        return _undecided(name, limit, "the cloud has no number of invocations or of 5xx answers of the new version")
    calls, errors = new.invocations, min(new.errors_5xx, new.invocations)
    if calls == 0:
        return _undecided(name, limit, "the new version was not called yet")
    share, least = errors / calls, lower_limit(errors, calls, alpha)
    seen = f"{errors} of {calls} calls ended in 5xx ({share:.2%}, at least {least:.2%}); the limit is {limit:.2%}"
    return _answer(name, share, least, limit, seen, short=_short(calls, needed))


def _error_rise(
    conditions: RollbackConditions, limit: float, new: VariantNumbers, old: VariantNumbers, alpha: float
) -> ConditionAnswer:
    name, needed = "error_rate_spike", least_invocations(conditions, limit)
    counts = (_failed(new), _failed(old))
    if new.invocations is None or old.invocations is None or counts[0] is None or counts[1] is None:
        return _undecided(name, limit, "the cloud has no number of invocations or of errors of one of the versions")
    if new.invocations == 0 or old.invocations == 0:
        which = "new" if new.invocations == 0 else "old"
        return _undecided(name, limit, f"the {which} version was not called: there is nothing to compare")
    rise = counts[0] / new.invocations - counts[1] / old.invocations
    least = difference_lower_limit((counts[0], new.invocations), (counts[1], old.invocations), alpha)
    seen = (
        f"{counts[0]} of {new.invocations} calls ended in 4xx or 5xx, {counts[1]} of {old.invocations} at the old "
        f"version: a rise of {rise:+.2%}, at least {least:+.2%}; the limit is {limit:+.2%}"
    )
    return _answer(name, rise, least, limit, seen, short=_short(min(new.invocations, old.invocations), needed))


def _failed(numbers: VariantNumbers) -> int | None:
    if numbers.errors_4xx is None or numbers.errors_5xx is None or numbers.invocations is None:
        return None
    return min(numbers.errors_4xx + numbers.errors_5xx, numbers.invocations)


def _slower(
    conditions: RollbackConditions, limit: float, new: VariantNumbers, old: VariantNumbers, alpha: float
) -> ConditionAnswer:
    name, percentile = "performance_degradation", conditions.latency_percentile
    ours, theirs = _minutes(new.latency, percentile), _minutes(old.latency, percentile)
    calls = _least_calls(percentile)
    few = f"{len(ours)} minutes of the new and {len(theirs)} of the old version had {calls} calls or more"
    least_minutes = rules().limits.minutes_least
    if min(len(ours), len(theirs)) < least_minutes:
        return _undecided(name, limit, f"{few}; {least_minutes} of each are needed to compare")
    rise, bound = median_ratio(ours, theirs) - 1, median_ratio_lower_limit(ours, theirs, alpha)
    if bound is None:
        return _undecided(name, limit, f"{few}: too few to tell a slower version from chance", value=rise)
    least = bound - 1
    seen = (
        f"the {percentile} latency of {len(ours)} minutes is {rise:+.1%} of the old version's ({len(theirs)} minutes), "
        f"at least {least:+.1%}; the limit is {limit:+.1%}"
    )
    return _answer(name, rise, least, limit, seen)


def _latency(percentile: Percentile, limit: float, new: VariantNumbers, alpha: float) -> ConditionAnswer:
    name, minutes = f"latency_{percentile}_ms", _minutes(new.latency, percentile)
    few = f"{len(minutes)} minutes had {_least_calls(percentile)} calls or more"
    least = median_lower_limit(minutes, alpha)
    if least is None or len(minutes) < rules().limits.minutes_least:
        return _undecided(name, limit, f"{few}: too few to judge the latency")
    middle = sorted(minutes)[len(minutes) // 2]
    seen = (
        f"the {percentile} latency of {len(minutes)} minutes is {middle:.0f} ms in the middle, "
        f"at least {least:.0f} ms; the limit is {limit:.0f} ms"
    )
    return _answer(name, middle, least, limit, seen)


def _minutes(points: tuple[LatencyPoint, ...], percentile: Percentile) -> list[float]:
    """The minutes whose percentile means something. A percentile of three calls is only their slowest one."""
    values = [
        point.p50 if percentile == "p50" else point.p95
        for point in points
        if point.invocations >= _least_calls(percentile)
    ]
    return [value for value in values if value is not None and value > 0]


def _least_calls(percentile: Percentile) -> int:
    limits = rules().limits
    return limits.minutes_p50 if percentile == "p50" else limits.minutes_p95


def _short(calls: int, needed: int) -> str | None:
    return None if calls >= needed else f"{calls} calls are too few to pass; {needed} are needed"


def _answer(
    name: str, value: float, lower: float, limit: float, seen: str, *, short: str | None = None
) -> ConditionAnswer:
    if lower > limit:
        verdict, reason = Verdict.BROKEN, seen
    elif short is not None:
        verdict, reason = Verdict.UNDECIDED, f"{seen}; {short}"
    elif value > limit:
        verdict, reason = Verdict.UNDECIDED, f"{seen}; above the limit, but it may be chance"
    else:
        verdict, reason = Verdict.HOLDS, seen
    return ConditionAnswer(name=name, verdict=verdict, reason=reason, value=value, lower=lower, limit=limit)


def _undecided(name: str, limit: float, reason: str, *, value: float | None = None) -> ConditionAnswer:
    return ConditionAnswer(name=name, verdict=Verdict.UNDECIDED, reason=reason, limit=limit, value=value)
