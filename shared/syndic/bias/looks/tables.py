"""What a report gives to the evidence over all windows: two numbers for each rate and group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from syndic.bias.measures.families import REST
from syndic.bias.models import AttributeBias, BiasReport, GroupBias
from syndic.bias.policy.model import JOIN, UNKNOWN, BiasPolicy, Comparison, Metric, MetricRule
from syndic.canonical import sha256_of
from syndic.models import to_json

Table = dict[str, tuple[int, int]]
"""By group: successes and rows of one rate."""

RATES: Final[Mapping[Metric, tuple[str, ...]]] = {
    Metric.DISPARATE_IMPACT: ("selection_rate",),
    Metric.DEMOGRAPHIC_PARITY: ("selection_rate",),
    Metric.SCORING_RATE: ("selection_rate",),
    Metric.EQUAL_OPPORTUNITY: ("true_positive_rate",),
    Metric.FALSE_POSITIVE_RATE: ("false_positive_rate",),
    Metric.EQUALIZED_ODDS: ("true_positive_rate", "false_positive_rate"),
    Metric.PREDICTIVE_PARITY: ("precision",),
    Metric.FALSE_OMISSION: ("false_omission_rate",),
    Metric.ACCURACY_PARITY: ("accuracy",),
}
"""The rates that a metric compares. Only proportions of rows are cumulated; other metrics are judged by window."""

_LABELLED: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "true_positive_rate": (("true_positive",), ("true_positive", "false_negative")),
    "false_positive_rate": (("false_positive",), ("false_positive", "true_negative")),
    "precision": (("true_positive",), ("true_positive", "false_positive")),
    "false_omission_rate": (("false_negative",), ("false_negative", "true_negative")),
    "accuracy": (
        ("true_positive", "true_negative"),
        ("true_positive", "true_negative", "false_positive", "false_negative"),
    ),
}


def judged_rates(policy: BiasPolicy, outcome: str, *, labels: bool) -> dict[str, MetricRule]:
    """The rates that the policy judges of an outcome, each with the first of its rules; the ratio before others.

    `labels`: rows have a label, or will have one.
    """
    found: dict[str, MetricRule] = {}
    rules = sorted(
        policy.fairness_metrics, key=lambda rule: (not rule.metric.is_ratio, len(RATES.get(rule.metric, ())))
    )
    for rule in rules:
        for rate in RATES.get(rule.metric, ()) if rule.enabled else ():
            if rate == "selection_rate" or (labels and outcome == "prediction"):
                found.setdefault(rate, rule)
    return found


def table_of(part: AttributeBias, rate: str) -> Table:
    """Successes and rows of each known group. Groups without such rows are left out."""
    found = {}
    for name, group in part.groups.items():
        counts = _counts(group, rate)
        if UNKNOWN not in name.split(JOIN) and counts is not None and counts[1]:
            found[name] = counts
    return found


def _counts(group: GroupBias, rate: str) -> tuple[int, int] | None:
    if rate == "selection_rate":
        return None if group.selected is None or group.n is None else (group.selected, group.n)
    if group.confusion is None:
        return None
    over, under = _LABELLED[rate]
    return sum(group.confusion[cell] for cell in over), sum(group.confusion[cell] for cell in under)


def reference_of(part: AttributeBias) -> str:
    """What the groups are compared with over all windows: a named group, the larger of two, else everybody else.

    The best-off group is chosen by the data that would then test it, so it cannot be a reference here. Sizes are given
    and tell nothing of who is selected.
    """
    if part.comparison is Comparison.NAMED:
        return part.reference or ""
    sizes = {name: rows for name, (_, rows) in table_of(part, "selection_rate").items()}
    if part.comparison is Comparison.BEST_OFF and len(sizes) == 2:
        return max(sorted(sizes), key=lambda name: sizes[name])
    return REST if sizes else ""


def sides(table: Table, group: str, reference: str) -> tuple[int, int, int, int]:
    """Successes and rows of a group, and of what it is compared with."""
    own = table.get(group, (0, 0))
    others = [found for name, found in table.items() if name != group and reference in {REST, name}]
    return (*own, sum(over for over, _ in others), sum(under for _, under in others))


def signature(policy: BiasPolicy, part: AttributeBias, outcome: str) -> str:
    """The hash of all rules by which the rows of a family are counted; thresholds are not among them."""
    attributes = [to_json(attribute) for attribute in policy.protected_attributes if attribute.name in part.attributes]
    for fields in attributes:
        fields.pop("caveat")
    return sha256_of(
        [
            outcome,
            attributes,
            list(policy.favourable),
            list(policy.favourable_label),
            [policy.prediction, policy.label, policy.score, policy.favourable_scores],
        ]
    )


def parts_of(report: BiasReport) -> dict[str, AttributeBias]:
    """All families of a report by name."""
    return {**report.attributes, **report.intersections}
