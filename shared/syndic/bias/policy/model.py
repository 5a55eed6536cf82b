"""What a person decides before the data are seen: the outcome, the groups, the thresholds."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from syndic.models import Finite, Rules, Written
from syndic.policy import WindowPolicy

JOIN = " & "  # between the names of a combination and of its groups
UNKNOWN = "unknown"
"""The group of rows whose protected attribute is missing. Always reported, never a reference."""

OTHER = "other"
"""The group of rows whose value is in none of the groups or bands that the policy names."""

HALF: Final = 0.5
STRICTEST: Final = 1e-6
"""About five standard deviations: below it, hardly any data show that a difference is beyond chance."""


class Metric(StrEnum):
    """The disparities: a group against its reference, signed as group minus reference (or group over reference).

    Of selection rates, true positive rates and precision, below zero (or one) means that the group is worse off.
    The conditional demographic disparity keeps the sign of its authors: above zero, the group is worse off.
    """

    DISPARATE_IMPACT = "disparate_impact"
    DEMOGRAPHIC_PARITY = "demographic_parity_difference"
    EQUAL_OPPORTUNITY = "equal_opportunity_difference"
    FALSE_POSITIVE_RATE = "false_positive_rate_difference"
    EQUALIZED_ODDS = "equalized_odds_difference"
    PREDICTIVE_PARITY = "predictive_parity_difference"
    FALSE_OMISSION = "false_omission_rate_difference"
    ACCURACY_PARITY = "accuracy_difference"
    TREATMENT_EQUALITY = "treatment_equality_difference"
    CONDITIONAL_PARITY = "conditional_demographic_parity_difference"
    CONDITIONAL_DISPARITY = "conditional_demographic_disparity"
    SCORING_RATE = "scoring_rate_ratio"
    AUC = "auc_difference"
    CALIBRATION = "calibration_difference"
    MEAN = "mean_difference"
    MEAN_ERROR = "mean_error_difference"

    @property
    def is_ratio(self) -> bool:
        """Whether no difference is 1 (a ratio) rather than 0 (a difference)."""
        return self in {Metric.DISPARATE_IMPACT, Metric.SCORING_RATE}

    @property
    def is_of_shares(self) -> bool:
        """Whether it compares shares, so that a ratio or difference of one half is large whatever the units."""
        return self not in {Metric.TREATMENT_EQUALITY, Metric.MEAN, Metric.MEAN_ERROR}

    @property
    def needs_labels(self) -> bool:
        """Whether ground truth is needed."""
        return self not in {
            Metric.DISPARATE_IMPACT,
            Metric.DEMOGRAPHIC_PARITY,
            Metric.CONDITIONAL_PARITY,
            Metric.CONDITIONAL_DISPARITY,
            Metric.SCORING_RATE,
            Metric.MEAN,
        }


class Comparison(StrEnum):
    """What a group is compared with."""

    NAMED = "named"  # a group that the policy names
    BEST_OFF = "best_off"  # the group with the highest selection rate among those large enough
    REST = "rest"  # everybody else, the unknown excepted


class MetricRule(Rules):
    """A disparity that is judged. For ratios the threshold is the lower one, and its inverse the upper one."""

    metric: Metric
    threshold: Finite = Field(gt=0, description="ratios: below 1; differences: the largest difference that passes")
    enabled: bool = True

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        if self.metric.is_ratio and self.threshold > 1:
            msg = f"the threshold of {self.metric.value} is a ratio of at most 1, not {self.threshold}"
            raise ValueError(msg)
        return self

    @property
    def is_hollow(self) -> bool:
        """Whether a group with half of the other's share, or one half less, stays inside the threshold."""
        return self.threshold <= HALF if self.metric.is_ratio else self.threshold >= HALF


class SideFile(Rules):
    """A table that holds a protected attribute by row id, kept apart from the model's traffic."""

    uri: str
    id_column: str


class ProtectedAttribute(Rules):
    """One protected attribute: where it is found, how it is grouped and what its groups are compared with."""

    name: str = Field(min_length=1, max_length=128)
    column: str | None = Field(default=None, description="column of the capture or side file; the name when left out")
    groups: tuple[Written, ...] = Field(
        default=(), description="groups by value, or age bands such as 18-25, 60+, <=25"
    )
    bins: tuple[Finite, ...] = Field(default=(), description="upper edges, inclusive: 25,40 gives <=25, >25-40, >40")
    reference_group: Written | None = None
    compare_with: Comparison | None = Field(default=None, description="best_off unless a reference group is named")
    side_file: SideFile | None = None
    caveat: str | None = Field(default=None, description="a note on the data, repeated in each report")

    @property
    def comparison(self) -> Comparison:
        """What the groups are compared with."""
        if self.compare_with is not None:
            return self.compare_with
        return Comparison.NAMED if self.reference_group is not None else Comparison.BEST_OFF

    @property
    def source_column(self) -> str:
        """The column the values are taken from."""
        return self.column or self.name

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.groups and self.bins:
            msg = f"protected attribute {self.name}: give groups or bins, not both"
            raise ValueError(msg)
        if list(self.bins) != sorted(set(self.bins)):
            msg = f"protected attribute {self.name}: bins must rise"
            raise ValueError(msg)
        if self.compare_with is Comparison.NAMED and self.reference_group is None:
            msg = f"protected attribute {self.name}: compare_with is named, but no reference_group is"
            raise ValueError(msg)
        if self.groups and self.reference_group is not None and self.reference_group not in self.groups:
            msg = f"protected attribute {self.name}: the reference group {self.reference_group!r} is not in its groups"
            raise ValueError(msg)
        return self


class Provenance(Rules):
    """Where a preset's rules come from."""

    name: str
    title: str
    source: str
    dated: str
    verified_on: str
    note: str = ""


DEFAULT_METRICS = (
    MetricRule(metric=Metric.DISPARATE_IMPACT, threshold=0.8),
    MetricRule(metric=Metric.DEMOGRAPHIC_PARITY, threshold=0.1),
    MetricRule(metric=Metric.EQUAL_OPPORTUNITY, threshold=0.1),
    MetricRule(metric=Metric.PREDICTIVE_PARITY, threshold=0.1),
)

SMALLEST_RATIO: Final = 0.5
"""A threshold that names no metric is one of ratios from here on, else one of differences."""


def is_ratio(threshold: float) -> bool:
    """Whether a threshold that names no metric is one of ratios."""
    return threshold >= SMALLEST_RATIO


def with_threshold(rules: tuple[MetricRule, ...], threshold: float) -> tuple[MetricRule, ...]:
    """Rules, those of which the threshold is of the same kind with it."""
    return tuple(
        rule.model_copy(update={"threshold": threshold}) if rule.metric.is_ratio is is_ratio(threshold) else rule
        for rule in rules
    )


class BiasPolicy(WindowPolicy):
    """How a model's fairness is examined. Fixed and versioned before the data are seen.

    `outcomes` names the columns by role: ``prediction`` (the model's decisions), ``label`` (the ground truth looked
    at as a decision: the bias in the data), ``score`` (scoring rates above the overall median, calibration, AUC) or
    ``value`` (a numeric prediction: gaps of means and of errors). One report is made for each.
    """

    concern = "bias"

    favourable: tuple[Written, ...] = Field(
        default=(), description="values of prediction and label that favour the person"
    )
    favourable_label: tuple[Written, ...] = Field(
        default=(), description="labels that favour the person, where they are not spelled like predictions"
    )
    outcomes: tuple[str, ...] = Field(default=("prediction",), min_length=1)
    prediction: str | None = Field(default=None, description="column; the capture schema's prediction when left out")
    label: str | None = Field(default=None, description="column; the capture schema's label when left out")
    score: str | None = Field(default=None, description="column; the capture schema's score when left out")
    favourable_scores: Literal["high", "low"] = "high"
    protected_attributes: tuple[ProtectedAttribute, ...] = ()
    fairness_metrics: tuple[MetricRule, ...] = DEFAULT_METRICS
    intersectional: bool = True
    combinations: tuple[tuple[str, ...], ...] | None = Field(default=None, description="all pairs when left out")
    stratifier: str | None = Field(default=None, description="column within whose values selection is also compared")
    significance: Finite = Field(default=0.05, gt=0, lt=1, description="after correction over the groups")
    evidence: Finite = Field(
        default=20,
        gt=1,
        description="e-value over all windows that makes a finding: 20 is wrong in at most 5 % of models",
    )
    minimum_group_size: int = Field(default=30, ge=1)
    minimum_expected: Finite = Field(default=5, ge=0, description="expected count of each outcome in a rated group")
    intervals: Literal["closed_form", "bootstrap"] = "closed_form"
    minimum_share: Finite | None = Field(default=None, gt=0, lt=1, description="LL144: groups below it are not rated")
    minimum_label_coverage: Finite = Field(default=0.5, ge=0, le=1)
    suppress_below: int = Field(default=5, ge=0, description="smaller counts are hidden in exports; 0 hides none")
    replicates: int = Field(default=1000, ge=100, le=20_000, description="bootstrap replicates")
    seed: int = Field(default=20210521, ge=0)
    maximum_groups: int = Field(default=1000, ge=2, le=5000)
    preset: Provenance | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [attribute.name for attribute in self.protected_attributes]
        if len(set(names)) != len(names):
            msg = "a protected attribute is declared twice"
            raise ValueError(msg)
        unknown = set(self.outcomes) - {"prediction", "label", "score", "value"}
        if unknown:
            msg = f"outcomes are prediction, label, score or value, not {min(unknown)!r}"
            raise ValueError(msg)
        for combination in self.combinations or ():
            missing = [name for name in combination if name not in names]
            if missing:
                msg = f"a combination names {missing[0]!r}, which is not a protected attribute"
                raise ValueError(msg)
            if len(set(combination)) < 2:
                msg = "a combination names at least two different protected attributes"
                raise ValueError(msg)
        metrics = [rule.metric for rule in self.fairness_metrics]
        if len(set(metrics)) != len(metrics):
            msg = "a fairness metric is given twice"
            raise ValueError(msg)
        return self

    @property
    def hollow_limits(self) -> list[str]:
        """Limits by which nothing is found: all thresholds of shares together, a significance that no data reach."""
        shares = [rule for rule in self.fairness_metrics if rule.enabled and rule.metric.is_of_shares]
        hollow = all(rule.is_hollow for rule in shares)
        found = [f"{rule.metric.value} {rule.threshold:g}" for rule in shares if hollow]
        return [*found, *([f"significance {self.significance:g}"] if self.significance < STRICTEST else [])]

    def rule(self, metric: Metric) -> MetricRule | None:
        """The enabled rule of a metric, or None."""
        return next((rule for rule in self.fairness_metrics if rule.metric is metric and rule.enabled), None)
