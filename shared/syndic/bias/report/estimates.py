"""From measured arrays to the nouns of a report: estimates with reasons, judgements, verdicts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from syndic.bias.measures.families import Family, combinations
from syndic.bias.measures.rates import RATES, Confusion, Floats, Measured, Measures, confusion
from syndic.bias.models import BEYOND, AttributeBias, Estimate, GroupBias, Judgement, Verdict
from syndic.bias.policy.model import BiasPolicy, Metric
from syndic.bias.verdict.rows_needed import rows_needed
from syndic.bias.verdict.rules import NO_OUTCOMES, Rated, adjusted, combine, rated
from syndic.bias.verdict.severity import worst
from syndic.bias.verdict.summaries import number, summarise
from syndic.bias.verdict.unjudged import groups_not_judged, with_doubt

NAMED = (
    Metric.DISPARATE_IMPACT,
    Metric.DEMOGRAPHIC_PARITY,
    Metric.EQUAL_OPPORTUNITY,
    Metric.PREDICTIVE_PARITY,
)
"""Disparities that are fields of `GroupBias`."""

SELECTION = frozenset({Metric.DISPARATE_IMPACT, Metric.DEMOGRAPHIC_PARITY, Metric.SCORING_RATE})
"""Disparities that are one and the same test: of selection rates."""

RATIOS = frozenset({Metric.DISPARATE_IMPACT, Metric.SCORING_RATE})

LABEL_RATES = frozenset(RATES) - {"selection_rate"} | {"treatment_ratio"}


@dataclass(frozen=True, slots=True)
class Context:
    """What is the same for all groups of a report.

    Attributes:
        policy: The rules.
        label_reason: Why label-based numbers are withheld; None when they are given.
        selection_reason: Why selection rates are withheld (a numeric outcome); None when they are given.
        extra: Further disparities by family name, measured elsewhere (scores, strata, regression).
        extra_rates: Further rates, likewise.
        unjudged: Metrics that are shown but not judged for this outcome.
    """

    policy: BiasPolicy
    label_reason: str | None = None
    selection_reason: str | None = None
    extra: Mapping[str, Mapping[Metric, Measured]] = field(default_factory=dict)
    extra_rates: Mapping[str, Mapping[str, Measured]] = field(default_factory=dict)
    unjudged: frozenset[Metric] = frozenset()

    def withheld(self, metric: Metric) -> str | None:
        """Why a metric is not given for want of labels, or None. Mean errors are simply undefined without."""
        return self.label_reason if metric.needs_labels and metric not in NO_OUTCOMES else None


@dataclass(frozen=True, slots=True)
class Scene:
    """One family while its groups are put together: `tests` tests share the allowed error with each other."""

    family: Family
    context: Context
    abilities: Mapping[Metric, Rated]
    p_values: Mapping[Metric, Floats]
    tests: int


def sliced(measured: Measured, part: slice) -> Measured:
    """The groups of one family."""
    return Measured(
        measured.value[part],
        measured.low[part],
        measured.high[part],
        None if measured.p is None else measured.p[part],
        None if measured.special is None else measured.special[part],
        measured.methods,
    )


def assemble(family: Family, measures: Measures, part: slice, context: Context, caveat: str | None) -> AttributeBias:
    """The report on one family of groups."""
    policy = context.policy
    disparities = {metric: sliced(found, part) for metric, found in measures.disparities.items()}
    disparities.update(context.extra.get(family.name, {}))
    rates = {name: sliced(found, part) for name, found in measures.rates.items()}
    rates.update(context.extra_rates.get(family.name, {}))
    abilities = {metric: rated(family, measures, part, metric, policy) for metric in disparities}
    p_values = {
        metric: adjusted(found.p, abilities[metric], family.comparison)
        for metric, found in disparities.items()
        if found.p is not None
    }
    tests = _tests(disparities, abilities, context) * _siblings(family, policy)
    scene = Scene(family, context, abilities, p_values, tests)
    cells = confusion(family.counts)
    total = max(1, int(cells.rows.sum()))
    groups: dict[str, GroupBias] = {}
    for i, name in enumerate(family.groups):
        estimates = {metric: _disparity(scene, i, metric, found) for metric, found in disparities.items()}
        judgements = {
            metric: judgement
            for metric, estimate in estimates.items()
            if (judgement := _judge(scene, i, metric, estimate)) is not None
        }
        verdict, reason = _group_verdict(family, i, judgements)
        labelled = int(cells.tp[i] + cells.fp[i] + cells.tn[i] + cells.fn[i])
        shown = {
            key: _rate(key, found, i, context)
            for key, found in rates.items()
            if key == "selection_rate" or not (key in LABEL_RATES and context.label_reason)
        }
        groups[name] = GroupBias(
            n=int(cells.rows[i]),
            share=int(cells.rows[i]) / total,
            selected=int(cells.selected[i]) if context.selection_reason is None else None,
            labelled=labelled,
            is_reference=family.reference == i,
            confusion=_confusion(cells, i) if labelled and context.label_reason is None else None,
            selection_rate=shown["selection_rate"],
            disparate_impact=estimates[Metric.DISPARATE_IMPACT],
            demographic_parity_difference=estimates[Metric.DEMOGRAPHIC_PARITY],
            equal_opportunity_difference=estimates[Metric.EQUAL_OPPORTUNITY],
            predictive_parity_difference=estimates[Metric.PREDICTIVE_PARITY],
            rates=shown,
            # What is withheld for want of labels is said once, in the two fields above.
            disparities={
                metric.value: found
                for metric, found in estimates.items()
                if metric not in NAMED and not context.withheld(metric)
            },
            judgements={metric.value: found for metric, found in judgements.items()},
            verdict=verdict,
            reason=reason,
        )
    if context.selection_reason is not None:
        return summarise(family, groups, None, caveat)
    impact, ability = disparities[Metric.DISPARATE_IMPACT], abilities[Metric.DISPARATE_IMPACT]
    proven = [ratio is not None and ratio.verdict in BEYOND for ratio in _ratios(groups)]
    part_found = summarise(family, groups, ability.able | np.array(proven, bool), caveat)
    doubts = groups_not_judged(part_found, policy, _corrected_for_all(impact, family))
    verdict, reason = with_doubt(part_found.verdict, part_found.reason, doubts)
    return part_found.model_copy(update={"verdict": verdict, "reason": reason, "unjudged": doubts})


def _ratios(groups: Mapping[str, GroupBias]) -> list[Judgement | None]:
    return [group.judgements.get(Metric.DISPARATE_IMPACT.value) for group in groups.values()]


def _corrected_for_all(impact: Measured, family: Family) -> dict[str, float]:
    """Bonferroni's correction for every group there is, also for those that are too small to be judged."""
    p = np.full(len(family.groups), np.nan) if impact.p is None else impact.p
    compared = np.flatnonzero(family.compared).tolist()
    return {family.groups[i]: min(1.0, float(p[i]) * max(1, family.tests)) for i in compared}


def _tests(disparities: Mapping[Metric, Measured], abilities: Mapping[Metric, Rated], context: Context) -> int:
    """How many different tests the judged metrics make: they share the error that is allowed."""
    names = set()
    for metric in disparities:
        rule = context.policy.rule(metric)
        if rule and abilities[metric].tests and not context.withheld(metric) and metric not in context.unjudged:
            names.add("selection" if metric in SELECTION else metric.value)
    return max(1, len(names))


def _siblings(family: Family, policy: BiasPolicy) -> int:
    """How many families share the allowed error with this one: the combinations do, which were all looked through.

    An attribute is a claim of its own, as in 29 CFR 1607.4: declaring more of them must not dilute its test.
    """
    return max(1, len(combinations(policy))) if len(family.attributes) > 1 else 1


def sharers(family: Family, policy: BiasPolicy) -> int:
    """By how much the error is divided further for the finding "the model is unfair".

    It is one claim of the whole report: half of the error goes to the attributes and half to the combinations, where
    there are any. The combinations share their half already.
    """
    halves = 2 if combinations(policy) else 1
    return halves * (1 if len(family.attributes) > 1 else len(policy.protected_attributes))


def _confusion(cells: Confusion, i: int) -> dict[str, int]:
    names = {"true_positive": "tp", "false_positive": "fp", "true_negative": "tn", "false_negative": "fn"}
    return {name: int(getattr(cells, key)[i]) for name, key in names.items()}


def _rate(name: str, found: Measured, i: int, context: Context) -> Estimate:
    if name in LABEL_RATES and context.label_reason:
        return Estimate(reason=context.label_reason)
    if name == "selection_rate" and context.selection_reason:
        return Estimate(reason=context.selection_reason)
    value = number(found.value[i])
    if value is None:
        return Estimate(reason=f"undefined: no rows to divide by in {RATES.get(name, name.replace('_', ' '))}")
    return Estimate(value=value, low=number(found.low[i]), high=number(found.high[i]), method=found.method(i))


def _disparity(scene: Scene, i: int, metric: Metric, found: Measured) -> Estimate:
    p = scene.p_values.get(metric)
    reason = _why_withheld(scene.family, i, metric, scene.context)
    if reason:
        return Estimate(reason=reason)
    value = number(found.value[i])
    p_adjusted = None if p is None else number(p[i])
    if value is None:
        return Estimate(p_adjusted=p_adjusted, reason=_why_undefined(metric, found, i))
    return Estimate(
        value=value, low=number(found.low[i]), high=number(found.high[i]), p_adjusted=p_adjusted, method=found.method(i)
    )


def _why_withheld(family: Family, i: int, metric: Metric, context: Context) -> str | None:
    if context.withheld(metric):
        return context.withheld(metric)
    if metric in SELECTION and context.selection_reason:
        return context.selection_reason
    if family.missing_reference:
        return family.missing_reference
    if family.reference == i:
        return "this is the reference group"
    return None


def _why_undefined(metric: Metric, found: Measured, i: int) -> str:
    if metric in {Metric.DISPARATE_IMPACT, Metric.SCORING_RATE}:
        if math.isinf(found.high[i]):
            return "undefined: nobody in the reference was selected (the inverse ratio is 0)"
        return "undefined: nobody was selected, neither here nor in the reference (0/0)"
    return f"undefined: the group or its reference has no rows that count for the {metric.value.replace('_', ' ')}"


def _judge(scene: Scene, i: int, metric: Metric, estimate: Estimate) -> Judgement | None:
    policy, ability = scene.context.policy, scene.abilities[metric]
    rule = policy.rule(metric)
    if rule is None or metric in scene.context.unjudged or scene.family.reference == i:
        return None
    if metric in SELECTION and scene.context.selection_reason is not None:
        return None
    zero = metric in SELECTION and metric.is_ratio and estimate.value is None and "inverse" in (estimate.reason or "")
    alpha = policy.significance / scene.tests
    found = combine(estimate, metric, rule.threshold, alpha=alpha, zero_reference=zero)
    p = estimate.p_adjusted
    if found.verdict in BEYOND and p is not None and p < alpha / sharers(scene.family, policy):
        found = found.model_copy(update={"shared": True})
    proven = ability.exact[i] and found.verdict in BEYOND  # few are expected, yet the exact test needs no more
    withheld = estimate.reason and estimate.p_adjusted is None and metric.needs_labels
    if i in ability.reasons and not proven and not withheld:
        found = Judgement(verdict=Verdict.NOT_ASSESSABLE, reason=ability.reasons[i], threshold=rule.threshold)
    needed = rows_needed(
        found,
        estimate,
        metric,
        alpha=alpha / max(1, scene.family.tests),
        rows=int(confusion(scene.family.counts).rows.sum()),
        short=ability.short.get(i),
    )
    return found.model_copy(update={"rows_needed": needed})


def _group_verdict(family: Family, i: int, judgements: Mapping[Metric, Judgement]) -> tuple[Verdict, str]:
    """The verdict on selection, raised by any other judged disparity that is beyond threshold and chance."""
    if family.reference == i:
        return Verdict.NOT_ASSESSABLE, "the reference group: the others are compared with it"
    if not family.known[i]:
        return Verdict.NOT_ASSESSABLE, "the protected attribute of these rows is not known"
    if not judgements:
        return Verdict.NOT_ASSESSABLE, family.missing_reference or "the policy judges no metric of this outcome"
    beyond = [metric for metric, found in judgements.items() if found.verdict in BEYOND]
    if beyond:
        # Ratio and difference of selection rates are one trouble: the ratio tells it.
        told = [metric for metric in beyond if not (metric is Metric.DEMOGRAPHIC_PARITY and set(beyond) & RATIOS)]
        told.sort(key=lambda metric: metric not in RATIOS)  # what gives "adverse impact" its name is said first
        verdict = worst([judgements[metric].verdict for metric in told])
        return verdict, "; and ".join(judgements[metric].reason for metric in told)
    first = next(judgements[metric] for metric in (*NAMED, *judgements) if metric in judgements)
    return first.verdict, first.reason
