"""The nouns of fairness reports. Policies are in `syndic.bias.policy.model` and named here too."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field, JsonValue, model_validator

from syndic.bias.policy.model import (
    OTHER,
    UNKNOWN,
    BiasPolicy,
    Comparison,
    Metric,
    MetricRule,
    ProtectedAttribute,
    Provenance,
    SideFile,
)
from syndic.models import Finite, Intake, Moment, Noun, TimeWindow

__all__ = [
    "OTHER",
    "UNKNOWN",
    "AttributeBias",
    "BiasPolicy",
    "BiasReport",
    "BiasRows",
    "Comparison",
    "Estimate",
    "GroupBias",
    "Hint",
    "HintGroup",
    "Judgement",
    "Look",
    "Looks",
    "Metric",
    "MetricRule",
    "ProtectedAttribute",
    "Provenance",
    "RowsNeeded",
    "SideFile",
    "Verdict",
    "WorstOff",
]


class Verdict(StrEnum):
    """The combined answer: is the difference beyond chance, and is it beyond the threshold?"""

    ADVERSE_IMPACT_INDICATED = "adverse_impact_indicated"  # the ratio of selection rates: beyond threshold and chance
    DISPARITY_INDICATED = "disparity_indicated"  # another measure is beyond its threshold, and beyond chance
    INCONCLUSIVE = "inconclusive"  # the numbers are too small to tell
    DIFFERENCE_UNDER_THRESHOLD = "difference_under_threshold"  # beyond chance, but within the threshold: review
    NO_INDICATION = "no_indication"  # within the threshold, interval included
    NOT_ASSESSABLE = "not_assessable"  # no attribute declared, too few rows, or undefined: the reason says which


BEYOND = frozenset({Verdict.ADVERSE_IMPACT_INDICATED, Verdict.DISPARITY_INDICATED})
"""What is a finding: beyond the threshold and beyond chance."""

WORST_FIRST = (
    Verdict.ADVERSE_IMPACT_INDICATED,
    Verdict.DISPARITY_INDICATED,
    Verdict.INCONCLUSIVE,
    Verdict.DIFFERENCE_UNDER_THRESHOLD,
    Verdict.NO_INDICATION,
    Verdict.NOT_ASSESSABLE,
)


class Estimate(Noun):
    """A number with its 95 % interval, or no number and the reason. Never NaN.

    `p_adjusted` tests "no difference from the reference", corrected over the groups (Holm); it is null for plain
    rates. An open side of an interval (a ratio without upper limit) is null while `value` is there.
    """

    value: Finite | None = None
    low: Finite | None = None
    high: Finite | None = None
    p_adjusted: Finite | None = None
    reason: str | None = None
    method: str | None = Field(default=None, description="how the interval was made")

    @model_validator(mode="after")
    def _number_or_reason(self) -> Self:
        if self.value is None and not self.reason:
            msg = "an estimate without a value needs a reason"
            raise ValueError(msg)
        return self


class RowsNeeded(Noun):
    """How many rows it takes until one can tell, if what was observed is true: an estimate, not a promise."""

    rows: int | None = Field(description="rows of all groups together; null: more rows of this kind would not tell")
    times: Finite | None = Field(default=None, description="as a multiple of the rows there are")
    windows: int | None = Field(default=None, description="windows as large as these; null: not counted in windows")
    reason: str


class Judgement(Noun):
    """One disparity judged by its rule."""

    verdict: Verdict
    reason: str
    threshold: Finite
    shared: bool = Field(
        default=False, description="a finding also when all attributes and combinations of the report share the error"
    )
    rows_needed: RowsNeeded | None = Field(default=None, description="where it cannot be told yet")


class GroupBias(Noun):
    """One group: its counts, its rates, and its disparities from the reference.

    `confusion` holds true_positive, false_positive, true_negative and false_negative counts of labelled rows.
    `rates` holds selection_rate, true_positive_rate, false_positive_rate, true_negative_rate, false_negative_rate,
    precision, negative_predictive_value, accuracy, base_rate, treatment_ratio; of scores scoring_rate, auc, ... .
    The disparities that the contract names are fields; the others are in `disparities`, by metric.
    """

    n: int | None = Field(description="rows with a decision; null in an export when suppressed")
    share: Finite | None
    selected: int | None = None
    labelled: int | None = None
    suppressed: bool = False
    is_reference: bool = False
    confusion: dict[str, int] | None = None
    selection_rate: Estimate
    disparate_impact: Estimate
    demographic_parity_difference: Estimate
    equal_opportunity_difference: Estimate
    predictive_parity_difference: Estimate
    rates: dict[str, Estimate] = Field(default_factory=dict)
    disparities: dict[str, Estimate] = Field(default_factory=dict)
    judgements: dict[str, Judgement] = Field(default_factory=dict)
    verdict: Verdict
    reason: str

    def disparity(self, metric: Metric) -> Estimate | None:
        """The estimate of a disparity, wherever it is kept."""
        if metric.value in GroupBias.model_fields:
            found: Estimate = getattr(self, metric.value)
            return found
        return self.disparities.get(metric.value)


class WorstOff(Noun):
    """The group that is worst off by a disparity, among those large enough to be rated."""

    group: str
    metric: str
    value: Finite
    compared_with: str


class AttributeBias(Noun):
    """One protected attribute, or one combination of several (`attributes` names them)."""

    attributes: tuple[str, ...]
    comparison: Comparison
    reference: str | None = Field(description="the group compared with; 'rest' for everybody else; null: none")
    groups: dict[str, GroupBias]
    worst_off: WorstOff | None = None
    gap: Estimate | None = Field(default=None, description="lowest selection rate over highest, of rated groups")
    verdict: Verdict
    reason: str
    unjudged: tuple[str, ...] = Field(default=(), description="groups whose selection could not be judged: no pass")
    caveat: str | None = None


class BiasRows(Noun):
    """How many rows were looked at. ``read == used + without_outcome``."""

    read: int
    used: int
    without_outcome: int = 0
    labelled: int = 0
    label_coverage: Finite | None = Field(default=None, description="share of used rows with a label; null: no labels")
    unknown: dict[str, int] = Field(default_factory=dict, description="rows whose protected attribute is missing")


class HintGroup(Noun):
    """One group's part in a hint."""

    threshold: Finite
    selection_rate: Finite
    rate: Finite = Field(description="the rate that is equalised")
    accuracy: Finite | None = None


class Hint(Noun):
    """Score thresholds per group that would equalise a rate, and what that costs. An aid to thought, not an advice.

    Different thresholds by protected attribute are unlawful in several fields of law: the note says so.
    """

    attribute: str
    metric: Metric
    target: Finite
    common_threshold: Finite
    groups: dict[str, HintGroup]
    gap_before: Finite
    gap_after: Finite
    selections_before: int
    selections_after: int
    accuracy_before: Finite | None = None
    accuracy_after: Finite | None = None
    note: str


class Look(Noun):
    """A group over all windows that were counted, beside its reference: evidence that holds however often it is read.

    `e` is an e-value of "no difference": under no difference it exceeds c at any time with probability at most 1/c.
    `e_own` is what is left when the groups and measures of this attribute share the error, `e_shared` when all
    attributes and combinations of the report do. The limits hold at all times together, for this comparison.
    """

    attributes: tuple[str, ...]
    group: str
    compared_with: str = Field(description="the reference group, or 'rest' for everybody else")
    metric: Metric
    rows: int | None = Field(description="rows of the group that count for the rate; null or rounded where shown")
    reference_rows: int | None
    windows: int
    e: Finite
    e_own: Finite
    e_shared: Finite
    effect: Estimate = Field(description="cumulated ratio or difference, stratified by window (Mantel-Haenszel)")
    best_off: str | None = Field(default=None, description="group with the highest cumulated rate, unless one is named")
    to_best_off: Finite | None = Field(default=None, description="the group's cumulated rate over that one's")
    threshold: Finite
    verdict: Verdict = Field(description="with the error shared by all of the report")
    own_verdict: Verdict = Field(description="of this attribute's own claim")
    reason: str
    rows_needed: RowsNeeded | None = None


class Looks(Noun):
    """All windows of one version of the model under one set of rules, read as often as one likes."""

    verdict: Verdict
    reason: str
    since: Moment | None = Field(default=None, description="windows before it do not count; null: all do")
    version: str = Field(description="what serves, as the cloud names it: a new one starts anew")
    windows: int
    needed: Finite = Field(description="the e-value that makes a finding")
    not_counted: str | None = Field(default=None, description="why this window was not added")
    looks: tuple[Look, ...]


class BiasReport(Noun):
    """One examination of one outcome in one window. Its JSON is what the command line prints."""

    id: str
    model_id: str | None = None
    model_name: str | None = None
    owner: str | None = None
    outcome: str
    column: str | None = None
    favourable: tuple[str, ...]
    favourable_label: tuple[str, ...] = Field(default=(), description="labels that were read as favourable")
    window: TimeWindow | None = None
    verdict: Verdict
    reason: str
    rows: BiasRows
    attributes: dict[str, AttributeBias] = Field(default_factory=dict)
    intersections: dict[str, AttributeBias] = Field(default_factory=dict, description="by the names, joined by ' & '")
    unjudged: tuple[str, ...] = Field(
        default=(), description="what the policy asks for and could not be judged, with reasons: never a pass"
    )
    overall: dict[str, Estimate] = Field(default_factory=dict, description="rates of all used rows")
    details: dict[str, JsonValue] = Field(default_factory=dict, description="strata, score resolution, consistency")
    hints: tuple[Hint, ...] = ()
    looks: Looks | None = Field(default=None, description="over all windows; null: of a file, or nothing to cumulate")
    warnings: tuple[str, ...] = ()
    policy: BiasPolicy
    intake: Intake | None = None
    inputs_sha256: str
    revision: int = 1
    checked_at: Moment


OUTCOMES = ("prediction", "score", "value", "label")
"""The order in which outcomes are told: what the model does, then what is on record and is not its doing."""


def in_order(reports: Iterable[BiasReport]) -> tuple[BiasReport, ...]:
    """Reports on several outcomes, what the model does first."""
    return tuple(sorted(reports, key=lambda report: OUTCOMES.index(report.outcome)))
