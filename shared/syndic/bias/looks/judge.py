"""Judging all windows together: is the evidence enough, and is the cumulated effect beyond the threshold?"""

from __future__ import annotations

import math
from collections.abc import Mapping

from syndic.bias.looks.ledger import Course, Evidence, Ledger
from syndic.bias.looks.tables import judged_rates, parts_of
from syndic.bias.models import BEYOND, BiasReport, Estimate, Look, Looks, RowsNeeded, Verdict
from syndic.bias.policy.model import BiasPolicy, Comparison, MetricRule
from syndic.bias.verdict.severity import beyond_verdict, distance, within, worst
from syndic.statistics.anytime import (
    difference_limits,
    log_evidence,
    log_odds_limits,
    rate_limits,
    ratio_limits,
    strongest,
)

LARGEST = 1e300  # of an e-value that is shown
_ODDS_ERROR, _RATE_ERROR = 0.04, 0.01  # the limits of an effect join two confidence sequences: 5 % together


def judge_looks(ledger: Ledger, report: BiasReport, not_counted: str | None, *, labels: bool) -> Looks:
    """What all windows together say, by the report's policy. Pure."""
    policy, rates = report.policy, judged_rates(report.policy, report.outcome, labels=labels)
    found: list[Look] = []
    for name, part in parts_of(report).items():
        course = ledger.courses.get(name)
        for rate, rule in rates.items():
            for group, comparison in (course.rates.get(rate, {}) if course else {}).items():
                if course is not None and comparison.counts[1] and comparison.counts[3]:
                    best = _best_off(course.rates[rate], policy) if part.comparison is Comparison.BEST_OFF else None
                    found.append(_look(part.attributes, (course, best), (group, rule), comparison, policy))
    verdict, reason = _together(found)
    since = [course.since for name, course in ledger.courses.items() if name in parts_of(report) and course.since]
    return Looks(
        verdict=verdict,
        reason=reason,
        since=max([*since, *([ledger.since] if ledger.since else [])], default=None),
        version=ledger.version,
        windows=ledger.windows,
        needed=policy.evidence,
        not_counted=not_counted,
        looks=tuple(found),
    )


def _look(
    attributes: tuple[str, ...],
    beside: tuple[Course, tuple[str, float] | None],
    asked: tuple[str, MetricRule],
    found: Evidence,
    policy: BiasPolicy,
) -> Look:
    (course, best), (group, rule) = beside, asked
    a, n, _, m = found.counts
    log_e = log_evidence(a, found.kappa)
    log_own, log_shared = log_e + math.log(found.own), log_e + math.log(found.shared)
    effect, zero = _effect(found, rule)
    beyond, inside = within(effect, rule.metric, rule.threshold)
    to_best = None if best is None or best[0] == group or best[1] <= 0 else a / n / best[1]
    worse = to_best is not None and effect.value is not None and effect.value < (1 if rule.metric.is_ratio else 0)
    if worse and best is not None and to_best is not None:
        short = to_best < rule.threshold if rule.metric.is_ratio else best[1] * (1 - to_best) > rule.threshold
        beyond, inside = beyond or short, inside and not short
    beyond = beyond or zero
    least = min(n, m)
    needed = math.log(policy.evidence)
    if least < policy.minimum_group_size:
        verdict = own = Verdict.NOT_ASSESSABLE
        reason = f"{least} rows of one side, fewer than the minimum of {policy.minimum_group_size}"
    else:
        verdict = _verdict(rule, log_shared >= needed, beyond=beyond, inside=inside)
        own = _verdict(rule, log_own >= needed, beyond=beyond, inside=inside)
        reason = _reason(effect, rule, (log_shared, log_own), policy, (beyond, verdict, own), found)
    look = Look(
        attributes=attributes,
        group=group,
        compared_with=course.reference,
        metric=rule.metric,
        rows=n,
        reference_rows=m,
        windows=found.windows,
        e=_shown(log_e),
        e_own=_shown(log_own),
        e_shared=_shown(log_shared),
        effect=effect,
        best_off=best[0] if best is not None and to_best is not None else None,
        to_best_off=to_best,
        threshold=rule.threshold,
        verdict=verdict,
        own_verdict=own,
        reason=reason,
    )
    if verdict not in {Verdict.INCONCLUSIVE, Verdict.NOT_ASSESSABLE}:
        return look
    return look.model_copy(update={"rows_needed": _rows_needed(look, found, needed - math.log(found.shared), policy)})


def _best_off(known: Mapping[str, Evidence], policy: BiasPolicy) -> tuple[str, float] | None:
    """The group with the highest cumulated rate of those large enough, and that rate."""
    rated = {
        name: one.counts[0] / one.counts[1] for name, one in known.items() if one.counts[1] >= policy.minimum_group_size
    }
    return max(rated.items(), key=lambda pair: pair[1]) if rated else None


def _effect(found: Evidence, rule: MetricRule) -> tuple[Estimate, bool]:
    """The cumulated effect with its confidence sequence; and whether nobody of the reference succeeded."""
    a, _, b, m = found.counts
    odds = log_odds_limits(a, found.kappa, _ODDS_ERROR)
    rate = rate_limits(b, m, _RATE_ERROR)
    method = "confidence sequence: conditional mixture for the odds, beta-binomial for the reference"
    above, below, weight = found.weighed
    if not rule.metric.is_ratio:
        low, high = difference_limits(odds, rate)
        value = (above - below) / weight
        return Estimate(value=value, low=min(low, value), high=max(high, value), method=method), False
    low, high = ratio_limits(odds, rate)
    if b == 0:
        reason = "nobody of the reference" if a else "nobody, neither here nor in the reference,"
        return Estimate(reason=f"undefined: {reason} was selected", low=low, method=method), a > 0
    value = above / below
    return (
        Estimate(
            value=value, low=min(low, value), high=max(high, value) if math.isfinite(high) else None, method=method
        ),
        False,
    )


def _verdict(rule: MetricRule, proven: bool, *, beyond: bool, inside: bool) -> Verdict:  # noqa: FBT001
    if proven:
        return beyond_verdict(rule.metric) if beyond else Verdict.DIFFERENCE_UNDER_THRESHOLD
    return Verdict.NO_INDICATION if inside and not beyond else Verdict.INCONCLUSIVE


def _reason(  # noqa: PLR0917
    effect: Estimate,
    rule: MetricRule,
    evidence: tuple[float, float],
    policy: BiasPolicy,
    answer: tuple[bool, Verdict, Verdict],
    found: Evidence,
) -> str:
    beyond, verdict, own = answer
    word = "ratio" if rule.metric.is_ratio else rule.metric.value.replace("_", " ")
    value = effect.reason if effect.value is None else f"{effect.value:.3f}"
    low, high = ("open" if limit is None else f"{limit:.3f}" for limit in (effect.low, effect.high))
    said = f"{word} {value} ({low} to {high} at all times) over {windows_in_words(found.windows)}"
    said += f"; {_place(rule, beyond=beyond)}"
    said += f"; e = {_shown(evidence[0]):.3g} of the {policy.evidence:g} needed"
    if own in BEYOND and verdict not in BEYOND:
        said += (
            f". By itself this claim is proven (e = {_shown(evidence[1]):.3g}); the report's attributes and "
            "combinations share the error"
        )
    return said


def windows_in_words(number: int) -> str:
    """How many windows, as people say it."""
    return "1 window" if number == 1 else f"{number} windows"


def _place(rule: MetricRule, *, beyond: bool) -> str:
    if not rule.metric.is_ratio:
        return f"{'more than' if beyond else 'at most'} {rule.threshold:g} apart"
    least, most = f"{rule.threshold:g}", f"{1 / rule.threshold:g}"
    return f"outside {least} to {most}" if beyond else f"between {least} and {most}"


def _rows_needed(look: Look, found: Evidence, needed: float, policy: BiasPolicy) -> RowsNeeded:
    """At the observed effect the evidence grows in proportion to the rows, less what the mixture costs.

    `needed` is the logarithm that the evidence has to reach.
    """
    rows = (look.rows or 0) + (look.reference_rows or 0)
    a, n, _, m = found.counts
    if look.verdict is Verdict.NOT_ASSESSABLE:
        times, why = policy.minimum_group_size / max(1, min(n, m)), "until the smaller side has the minimum size"
    else:
        peak = strongest(a, found.kappa)
        cost = max(peak - log_evidence(a, found.kappa), 1.0)
        if peak < 0.5:
            return RowsNeeded(rows=None, reason="what is observed is no difference: more rows like these prove none")
        times = max(1.0, (needed + cost) / peak)
        why = "until the evidence is enough, if the observed difference is the true one"
    return RowsNeeded(
        rows=math.ceil(rows * times), times=times, windows=math.ceil(max(1, look.windows) * times), reason=why
    )


def _together(looks: list[Look]) -> tuple[Verdict, str]:
    """The verdict of all comparisons: a combination counts only when it is a finding."""
    if not looks:
        return Verdict.NOT_ASSESSABLE, "no window was added yet"
    told = [look for look in looks if len(look.attributes) == 1 or look.verdict in BEYOND]
    verdict = worst([look.verdict for look in told])
    telling = max(
        (look for look in told if look.verdict is verdict),
        key=lambda look: distance(look.metric, look.effect.value, look.threshold),
        default=None,
    )
    if telling is None:
        return Verdict.NOT_ASSESSABLE, "no attribute could be compared yet"
    names = " & ".join(telling.attributes)
    return verdict, f"{names}: {telling.group} beside {telling.compared_with}: {telling.reason}"


def _shown(log_e: float) -> float:
    return min(LARGEST, math.exp(min(log_e, 690.0)))
