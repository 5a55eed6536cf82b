"""What a person decides about drift before the data are seen: thresholds, samples, persistence, season."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Self

from pydantic import Field, model_validator

from syndic.models import Finite, Rules, Severity, WindowLength
from syndic.policy import WindowPolicy

MAJOR_PSI: Final = 0.25
MAJOR_GAP: Final = 0.5


class Season(StrEnum):
    """Which part of the baseline a window is compared with, so that like meets like."""

    AUTO = "auto"  # what the baseline was set with; where that is auto, what its own windows show
    NONE = "none"  # the whole baseline
    WEEKDAY = "weekday"  # the same day of the week, UTC; for windows of an hour or a day
    HOUR = "hour"  # the same hour of the day, UTC; for windows of an hour
    WEEKDAY_HOUR = "weekday_hour"  # the same hour of the week, UTC; for windows of an hour


class SeverityBands(Rules):
    """PSI above which a change is called low, medium, high or critical."""

    low: Finite = Field(default=0.05, ge=0)
    medium: Finite = Field(default=0.10, ge=0)
    high: Finite = Field(default=0.15, ge=0)
    critical: Finite = Field(default=0.25, ge=0)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.low <= self.medium <= self.high <= self.critical:
            msg = "severity levels must rise from low over medium and high to critical"
            raise ValueError(msg)
        return self

    def severity(self, psi: float) -> Severity:
        """The band a PSI lies in."""
        for severity in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW):
            if psi > float(getattr(self, severity.value)):
                return severity
        return Severity.NONE


class Persistence(Rules):
    """Drift becomes a finding when `windows` of the last `of` windows show it."""

    windows: int = Field(ge=1)
    of: int = Field(ge=1, le=100)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.windows > self.of:
            msg = f"persistence asks for {self.windows} of {self.of} windows, which cannot be"
            raise ValueError(msg)
        return self


class ImpactRules(Rules):
    """What harm makes of the severity of a drift finding."""

    hurt: Severity | None = Field(
        default=Severity.HIGH, description="at least this where performance fell; null: it changes nothing"
    )
    not_seen: Severity | None = Field(
        default=None, description="at most this where labels show no harm; null: it changes nothing"
    )


class FeatureRule(Rules):
    """What differs for one feature. Left out is as in the policy."""

    psi_threshold: Finite | None = Field(default=None, gt=0)
    distance_threshold: Finite | None = Field(default=None, gt=0, le=1)
    share_threshold: Finite | None = Field(default=None, gt=0)
    min_samples: int | None = Field(default=None, ge=1)
    severity_levels: SeverityBands | None = None
    ignore: bool = False


class DriftPolicy(WindowPolicy):
    """How a model's drift is judged.

    A feature drifts when its effect size is over a threshold (PSI over `psi_threshold`, or, where it is set, the
    largest gap between the two distributions over `distance_threshold`), PSI is also over its own small-sample
    null point, and a test is significant after the correction over all tests of the run. It also drifts when the
    share of missing or infinite values, of values that are rare or new, or of values far out in a tail changes that
    much by PSI, or by more than `share_threshold`, and the test of that share is significant.
    """

    concern = "drift"

    psi_threshold: Finite | None = Field(default=0.1, gt=0, description="null: PSI does not decide")
    distance_threshold: Finite | None = Field(
        default=None, gt=0, le=1, description="largest gap of the distribution functions, or of a category's share"
    )
    share_threshold: Finite | None = Field(
        default=None,
        gt=0,
        description="change of the share of missing, infinite, rare or new, or far-out values that matters; left out: "
        "half of psi_threshold, or distance_threshold without one",
    )
    buckets: int = Field(default=10, ge=2, le=50, description="quantile bins of PSI")
    significance: Finite = Field(default=0.005, gt=0, lt=1, description="false discovery rate of a run")
    paging_significance: Finite = Field(default=0.05, gt=0, lt=1, description="family-wise (Holm) level for paging")
    min_samples: int = Field(default=200, ge=1, description="rows that baseline and window each need")
    severity_levels: SeverityBands = SeverityBands()
    persistence: Persistence | None = Field(
        default=None,
        description="left out: 2 of 3 for windows of an hour or a day, 1 of 1 for longer ones and for batch jobs",
    )
    season: Season = Season.AUTO
    alarm_budget: Finite = Field(
        default=0.3,
        gt=0,
        le=100,
        description="windows a month, over all columns, that may be beyond the limits learnt from the baseline's own "
        "windows although nothing changed",
    )
    impact: ImpactRules = ImpactRules()
    slices: bool = Field(
        default=False,
        description="say of each window in which slices (one or two conditions) drift and wrong predictions "
        "concentrate; the baseline has to be set after this was asked for",
    )
    multivariate: bool = Field(default=False, description="also compare the reconstruction error of a PCA")
    features: tuple[str, ...] | None = Field(default=None, description="only these; left out: all")
    rules: dict[str, FeatureRule] = Field(default_factory=dict, description="by feature")
    evidence_days: int = Field(default=35, ge=1, description="after how many days evidence of a run expires")
    notes: dict[str, str] = Field(default_factory=dict, description="settings kept as given, which change nothing here")

    @model_validator(mode="after")
    def _decides(self) -> Self:
        if self.psi_threshold is None and self.distance_threshold is None:
            msg = "set psi_threshold or distance_threshold: without an effect size every large window would drift"
            raise ValueError(msg)
        return self

    def persistence_for(self, length: WindowLength) -> Persistence:
        """The persistence that holds for windows of a length. Nobody wants to wait a second month for an answer."""
        if self.persistence is not None:
            return self.persistence
        short = length in {WindowLength.HOUR, WindowLength.DAY}
        return Persistence(windows=2, of=3) if short else Persistence(windows=1, of=1)

    def hollow_limits(self, features: Iterable[str]) -> list[str]:
        """Limits that even a major shift of a feature stays inside, by feature; one that it exceeds is enough.

        Major is a PSI over 0.25 (Siddiqi, Credit Risk Scorecards, 2006) or a gap of more than half of all values.
        """
        found = []
        for name, rule in self.rules_of(features).items():
            if rule.ignore:
                continue
            psi, gap = rule.psi_threshold, rule.distance_threshold
            if (psi is None or psi > MAJOR_PSI) and (gap is None or gap > MAJOR_GAP):
                limits = [("psi_threshold", psi), ("distance_threshold", gap)]
                found.append(f"{name}: {', '.join(f'{limit} {value:g}' for limit, value in limits if value)}")
        return found

    def rules_of(self, features: Iterable[str]) -> dict[str, FeatureRule]:
        """The rules of some features; those without one of their own share one."""
        common: dict[bool, FeatureRule] = {}
        found = {}
        for name in features:
            ignored = self.features is not None and name not in self.features
            if name in self.rules:
                found[name] = self.rule(name)
            else:
                found[name] = common[ignored] if ignored in common else common.setdefault(ignored, self.rule(name))
        return found

    def rule(self, feature: str) -> FeatureRule:
        """The rule of a feature with everything filled in."""
        own = self.rules.get(feature, FeatureRule())
        psi = own.psi_threshold or self.psi_threshold
        distance = own.distance_threshold or self.distance_threshold
        return FeatureRule(
            psi_threshold=psi,
            distance_threshold=distance,
            share_threshold=own.share_threshold or self.share_threshold or (psi / 2.0 if psi is not None else distance),
            min_samples=own.min_samples or self.min_samples,
            severity_levels=own.severity_levels or self.severity_levels,
            ignore=own.ignore or (self.features is not None and feature not in self.features),
        )
