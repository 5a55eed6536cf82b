"""The nouns of a trend: windows one after the other, and where a disparity began or ceased."""

from __future__ import annotations

from pydantic import Field

from syndic.bias.models import Estimate, Verdict
from syndic.bias.policy.model import Metric
from syndic.models import Finite, Moment, Noun, TimeWindow


class TrendGroup(Noun):
    """One group in one window of a trend."""

    n: int | None
    selection_rate: Estimate
    disparate_impact: Estimate
    verdict: Verdict


class TrendPoint(Noun):
    """One window of a trend."""

    window: TimeWindow
    report_id: str
    verdict: Verdict
    attributes: dict[str, dict[str, TrendGroup]]


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
