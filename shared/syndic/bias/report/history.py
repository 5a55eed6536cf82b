"""The nouns of a trend: windows one after the other, and where a disparity began or ceased."""

from __future__ import annotations

from pydantic import Field

from syndic.bias.models import Estimate, Verdict
from syndic.bias.policy.model import Metric
from syndic.checks.history.older import OlderPeriods
from syndic.models import Finite, Moment, Noun, TimeWindow


class TrendGroup(Noun):
    """One group in one window of a trend."""

    n: int | None
    selection_rate: Estimate
    disparate_impact: Estimate
    verdict: Verdict


class TrendLook(Noun):
    """What all windows up to this one said of a comparison. Its limits hold at all times together."""

    attributes: tuple[str, ...]
    group: str
    compared_with: str
    metric: Metric
    e: Finite = Field(description="e-value with the error shared by all of the report")
    effect: Estimate
    threshold: Finite
    verdict: Verdict


class TrendPoint(Noun):
    """One window of a trend."""

    window: TimeWindow
    report_id: str
    verdict: Verdict
    attributes: dict[str, dict[str, TrendGroup]]
    looks: tuple[TrendLook, ...] = Field(default=(), description="over all windows up to this one")
    needed: Finite | None = Field(default=None, description="the e-value that makes a finding; null: nothing cumulates")
    version: str | None = Field(default=None, description="what serves: a new one starts anew")


class Crossing(Noun):
    """A judged disparity that began or ceased to be beyond its threshold, from one window to the next."""

    at: Moment
    attribute: str
    group: str
    metric: Metric
    direction: str = Field(description="began or ceased")
    before: Finite | None
    after: Finite | None
    threshold: Finite
    report_id: str


class BiasHistory(Noun):
    """The trend of one outcome, oldest window first, and its threshold crossings."""

    model_id: str
    outcome: str
    points: tuple[TrendPoint, ...]
    crossings: tuple[Crossing, ...]
    older: OlderPeriods = Field(
        default=OlderPeriods(), description="what stands for windows before these that are gone"
    )
    next_token: str | None = None
