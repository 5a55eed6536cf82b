"""Counts and a policy become a report. Pure: no clock, no store, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from pydantic import JsonValue

from syndic.bias.counting.tally import Plan, Tally
from syndic.bias.counting.tensor import ABSENT, CountTensor
from syndic.bias.counting.vocabulary import Reading, doubtful_decisions, read_labels, why_no_decisions
from syndic.bias.measures.bootstrap import with_bootstrap
from syndic.bias.measures.families import Family, families
from syndic.bias.measures.mitigation import hints
from syndic.bias.measures.ranking import score_details, score_extras
from syndic.bias.measures.rates import Measures, confusion, measure
from syndic.bias.measures.regression import regression_extras
from syndic.bias.measures.strata import strata_extras
from syndic.bias.models import BEYOND, AttributeBias, BiasReport, BiasRows, Estimate, GroupBias, Verdict
from syndic.bias.policy.model import UNKNOWN, BiasPolicy, Metric
from syndic.bias.report.estimates import Context, assemble
from syndic.bias.report.remarks import remarks
from syndic.bias.verdict.rows_read import of_what_was_read
from syndic.bias.verdict.severity import gravity, worst
from syndic.bias.verdict.summaries import number
from syndic.bias.verdict.unjudged import (
    attributes_not_judged,
    rows_without_outcome,
    said_of_set_aside,
    what_was_not_judged,
    with_doubt,
)
from syndic.models import TimeWindow
from syndic.windows.cells.vocabulary import listed

JUDGED_OF_SCORES = frozenset(
    {Metric.DISPARATE_IMPACT, Metric.DEMOGRAPHIC_PARITY, Metric.SCORING_RATE, Metric.AUC, Metric.CALIBRATION}
)
"""Being above the median is not a decision: error rates of it are not judged."""

NO_ATTRIBUTE = "fairness not assessable: no protected attribute declared"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report it is, of which inputs and when."""

    report_id: str
    inputs_sha256: str
    checked_at: datetime
    model_id: str | None = None
    model_name: str | None = None
    owner: str | None = None
    window: TimeWindow | None = None
    revision: int = 1


def make_report(
    tally: Tally,
    plan: Plan,
    policy: BiasPolicy,
    outcome: str,
    identity: Identity,
    *,
    details: Mapping[str, JsonValue] | None = None,
) -> BiasReport:
    """Examine one outcome. Every answer carries its reason; what cannot be assessed is said.

    Args:
        tally: The counts of all rows.
        plan: How they were counted.
        policy: The rules.
        outcome: ``prediction``, ``label``, ``score`` or ``value``.
        identity: Whose report it is.
        details: Numbers that need the rows themselves, such as the consistency.
    """
    as_read = tally
    reading = Reading(tally) if outcome == "value" else read_labels(tally, policy)
    tally = reading.tally
    tensor = _examined(tally, policy, outcome)
    # Labels that could not be read are still there, and are no missing ones.
    rows = _rows(_examined(as_read if reading.obstacle else tally, policy, outcome), policy, outcome)
    reason = _not_assessable(tally, plan, policy, outcome, rows, reading)
    column = {"label": plan.label, "score": plan.score}.get(outcome, plan.prediction)
    report = BiasReport(
        id=identity.report_id,
        model_id=identity.model_id,
        model_name=identity.model_name,
        owner=identity.owner,
        outcome=outcome,
        column=column,
        favourable=policy.favourable if outcome in {"prediction", "label"} else (),
        favourable_label=reading.favourable,
        window=identity.window,
        verdict=Verdict.NOT_ASSESSABLE,
        reason=reason or "",
        rows=rows,
        warnings=remarks(tally, plan, policy, outcome, tensor, rows, reading),
        policy=policy,
        intake=tally.intake,
        inputs_sha256=identity.inputs_sha256,
        revision=identity.revision,
        checked_at=identity.checked_at,
    )
    if reason:
        return of_what_was_read(report)
    decided = _without_undecided(tensor)
    found, measures = _measured(decided, policy)
    context = _context(tally, policy, outcome, _why_no_labels(policy, outcome, rows, reading), found)
    caveats = {attribute.name: attribute.caveat for attribute in policy.protected_attributes}
    parts: dict[str, AttributeBias] = {}
    start = 0
    for family in found:
        part = slice(start, start + len(family.groups))
        parts[family.name] = assemble(family, measures, part, context, caveats.get(family.name))
        start = part.stop
    singles = {attribute.name for attribute in policy.protected_attributes}
    attributes = {name: part for name, part in parts.items() if name in singles}
    asked = frozenset(Metric) - context.unjudged if plan.label and outcome in {"prediction", "score"} else frozenset()
    unjudged = what_was_not_judged(
        attributes, policy, frozenset(metric for metric in asked if metric.needs_labels), context.label_reason
    )
    # Labels that have not come yet are no reason to doubt what was found of the decisions; the evidence says so.
    doubtful = unjudged if reading.obstacle or reading.strange or context.label_reason is None else ()
    doubt = doubtful_decisions(tally, policy) if outcome == "prediction" else None
    undecided = (*rows_without_outcome(tensor, policy, outcome), *([doubt] if doubt else []))
    verdict, why = _verdict(parts, (*undecided, *doubtful))
    groups = tuple(sentence for part in attributes.values() for sentence in part.unjudged)
    unjudged = (*undecided, *attributes_not_judged(attributes, rows), *groups, *unjudged)
    overall = _overall(decided, context)
    computed = score_details(tally.scores, policy) if outcome == "score" and tally.scores else {}
    selected = overall.get("selection_rate")
    found_report = report.model_copy(
        update={
            "verdict": verdict,
            "reason": why,
            "unjudged": unjudged,
            "warnings": (
                *(one for one in report.warnings if not any(one in said for said in unjudged)),
                *said_of_set_aside(attributes, policy),
            ),
            "attributes": attributes,
            "intersections": {name: part for name, part in parts.items() if name not in singles},
            "overall": overall,
            "details": {**(details or {}), **computed},
            "hints": hints(tally.scores, attributes, policy, selection_rate=selected.value)
            if selected is not None and selected.value is not None and outcome in {"prediction", "score"}
            else (),
        }
    )
    return of_what_was_read(found_report)


def _examined(tally: Tally, policy: BiasPolicy, outcome: str) -> CountTensor:
    if outcome == "score":
        if tally.scores is None:
            return CountTensor.empty(tally.tensor.axes)
        return tally.scores.above_median(favours=policy.favourable_scores)
    return tally.tensor.with_decision("label" if outcome == "label" else "prediction")


def _measured(decided: CountTensor, policy: BiasPolicy) -> tuple[tuple[Family, ...], Measures]:
    found = families(decided, policy)
    if not found:
        empty = np.zeros((0, 3, 3), np.int64)
        return found, measure(empty, empty)
    counts = np.concatenate([family.counts for family in found])
    reference = np.concatenate([family.reference_counts for family in found])
    measures = measure(counts, reference)
    if policy.intervals == "bootstrap":
        measures = with_bootstrap(measures, decided, found, policy)
    return found, measures


def _without_undecided(tensor: CountTensor) -> CountTensor:
    """Rows without a decision count nowhere, and a group that has only such rows is not a group."""
    counts = tensor.counts.copy()
    counts[:, :, ABSENT] = 0
    kept = counts.any(axis=(1, 2))
    return replace(tensor, cells=tensor.cells[kept], counts=counts[kept])


def _rows(tensor: CountTensor, policy: BiasPolicy, outcome: str) -> BiasRows:
    decided = tensor.counts[:, :, :ABSENT]
    used = int(decided.sum())
    labelled = int(decided[:, :ABSENT].sum())
    unknown = {}
    for attribute in policy.protected_attributes:
        part = tensor.over([attribute.name])
        unknown[attribute.name] = sum(
            int(counts[:, :ABSENT].sum())
            for names, counts in zip(part.names(), part.counts, strict=True)
            if names[0] == UNKNOWN
        )
    return BiasRows(
        read=tensor.rows,
        used=used,
        without_outcome=tensor.rows - used,
        labelled=labelled,
        label_coverage=labelled / used if used and labelled and outcome != "label" else None,
        unknown=unknown,
    )


def _not_assessable(  # noqa: PLR0917
    tally: Tally, plan: Plan, policy: BiasPolicy, outcome: str, rows: BiasRows, reading: Reading
) -> str | None:
    """Why nothing can be said at all, or None."""
    if not policy.protected_attributes:
        return NO_ATTRIBUTE
    column = {"label": plan.label, "score": plan.score}.get(outcome, plan.prediction)
    if column is None:
        return f"fairness not assessable: neither the policy nor the capture schema names a {outcome} column"
    named = policy.favourable or (policy.favourable_label if outcome == "label" else ())
    if outcome in {"prediction", "label"} and not named:
        return "fairness not assessable: the policy does not name the favourable value"
    if not rows.used:
        return f"fairness not assessable: no row has a value in the {outcome} column {column!r}"
    obstacle = {"prediction": why_no_decisions(tally, policy), "label": reading.obstacle}.get(outcome)
    return f"fairness not assessable: {obstacle}" if obstacle else None


def _context(
    tally: Tally, policy: BiasPolicy, outcome: str, label_reason: str | None, found: tuple[Family, ...]
) -> Context:
    """What this outcome adds to, and withholds from, the measures of the tensor."""
    if outcome == "value":
        reason = "the outcome is a number, not a decision"
        extras = regression_extras(tally.moments, found)
        return Context(policy, reason, reason, **extras)
    if outcome == "score" and tally.scores is not None:
        extras = score_extras(tally.scores, found, policy)
        return Context(policy, label_reason, **extras, unjudged=frozenset(Metric) - JUDGED_OF_SCORES)
    if policy.stratifier is not None:
        return Context(policy, label_reason, extra=strata_extras(_examined(tally, policy, outcome), found, policy))
    return Context(policy, label_reason)


def _why_no_labels(policy: BiasPolicy, outcome: str, rows: BiasRows, reading: Reading) -> str | None:
    if outcome == "label":
        return "the label is the outcome examined here; there is no other truth to compare it with"
    if reading.obstacle:
        return reading.obstacle
    if not rows.labelled:
        return "no row has a label"
    if rows.label_coverage is not None and rows.label_coverage < policy.minimum_label_coverage:
        return (
            f"labels cover {rows.label_coverage:.1%} of the rows, under the minimum of "
            f"{policy.minimum_label_coverage:.0%}"
            + (f" (those that say {listed(reading.strange)} are read as missing)" if reading.strange else "")
        )
    return None


def _overall(tensor: CountTensor, context: Context) -> dict[str, Estimate]:
    """The rates of all rows with a decision together."""
    if context.selection_reason is not None:
        return {}
    whole = tensor.counts.sum(axis=0, keepdims=True)
    rates = measure(whole, np.zeros_like(whole)).rates
    labelled = confusion(whole).tp + confusion(whole).fn + confusion(whole).fp + confusion(whole).tn
    shown = {}
    for name, found in rates.items():
        value = number(found.value[0])
        if value is None or (name != "selection_rate" and (context.label_reason or not labelled[0])):
            continue
        shown[name] = Estimate(
            value=value, low=number(found.low[0]), high=number(found.high[0]), method=found.method(0)
        )
    return shown


def _verdict(parts: Mapping[str, AttributeBias], unjudged: tuple[str, ...]) -> tuple[Verdict, str]:
    """The verdict of all families: the worst of the attributes, raised by a combination that is beyond chance.

    "The model is unfair" is one claim, for which all of them share the error: an attribute that is proven by itself
    only is inconclusive here, and stays a finding of its own. Of several families with that verdict the gravest is
    told. Where something that was asked for could not be judged, "nothing found" is not the answer.
    """
    if not parts:
        return Verdict.NOT_ASSESSABLE, NO_ATTRIBUTE
    answers = {name: _shared_verdict(part) for name, part in parts.items()}
    counted = {name: part for name, part in parts.items() if len(part.attributes) == 1 or answers[name] in BEYOND}
    verdict = worst([answers[name] for name in counted])
    telling = [(name, part) for name, part in counted.items() if answers[name] is verdict]
    name, part = max(telling, key=lambda one: max(map(gravity, _telling_groups(one[1])), default=0.0))
    reason = f"{name}: {part.reason}"
    if part.verdict in BEYOND and verdict not in BEYOND:
        reason += (
            f". That is proven for {name} by itself; for a finding on the model its {len(parts)} attributes and "
            "combinations share the error, and it is not"
        )
    return with_doubt(verdict, reason, unjudged)


def _shared_verdict(part: AttributeBias) -> Verdict:
    """A family's verdict when all families share the error."""
    if part.verdict not in BEYOND:
        return part.verdict
    proven = [one for group in part.groups.values() for one in group.judgements.values() if one.shared]
    return worst([one.verdict for one in proven]) if proven else Verdict.INCONCLUSIVE


def _telling_groups(part: AttributeBias) -> list[GroupBias]:
    return [group for group in part.groups.values() if group.verdict is part.verdict]
