"""Drift over several windows: history, trends, episodes, root causes."""

from __future__ import annotations

from pydantic import Field

from syndic.checks.history.older import OlderPeriods
from syndic.drift.models.comparison import Histogram, Verdict
from syndic.drift.models.impact import Impact
from syndic.models import ColumnRole, Finite, Noun, Severity, TimeWindow


class ColumnPoint(Noun):
    """One column in one window, as far as trends need it."""

    verdict: Verdict
    severity: Severity
    psi: Finite | None = None
    psi_null_point: Finite | None = None
    ks: Finite | None = None
    wasserstein: Finite | None = None
    jensen_shannon: Finite | None = None
    missing: Finite | None = None
    mean: Finite | None = None


class HistoryPoint(Noun):
    """One window in the history of a model."""

    window: TimeWindow
    report_id: str
    revision: int = 1
    verdict: Verdict
    severity: Severity
    rows: int
    drifted: tuple[str, ...] = Field(description="columns that drift in this window")
    confirmed: tuple[str, ...] = Field(default=(), description="those that the persistence rule confirms")
    recovered: tuple[str, ...] = Field(default=(), description="confirmed not long before, and quiet in this window")
    columns: dict[str, ColumnPoint]
    impact: Impact | None = Field(default=None, description="whether its drift did harm; null: no column drifts")


class Episode(Noun):
    """One trouble: a column that drifts in consecutive windows. Windows without an answer do not end it."""

    feature: str
    first: TimeWindow
    last: TimeWindow
    windows: int = Field(description="how many windows show it")
    ongoing: bool = Field(description="the newest answered window shows it")
    worst: Severity
    worst_psi: Finite | None


class DriftHistory(Noun):
    """The windows of a model, oldest first, and its episodes."""

    model_id: str
    points: tuple[HistoryPoint, ...]
    episodes: tuple[Episode, ...]
    older: OlderPeriods = Field(
        default=OlderPeriods(), description="what stands for windows before these that are gone"
    )
    next_token: str | None = None


class TrendPoint(ColumnPoint):
    """One window in the trend of one column."""

    window: TimeWindow
    report_id: str


class FeatureTrend(Noun):
    """One column over the windows, oldest first."""

    model_id: str
    feature: str
    threshold: Finite | None
    points: tuple[TrendPoint, ...]
    episodes: tuple[Episode, ...]
    older: OlderPeriods = Field(
        default=OlderPeriods(), description="what stands for windows before these that are gone"
    )


class RankedFeature(Noun):
    """A column's part in the drift of a window, and since when."""

    feature: str
    role: ColumnRole
    share: Finite
    psi: Finite | None
    severity: Severity
    reason: str
    since: TimeWindow | None = Field(description="first window over the threshold in the running episode")
    histogram: Histogram | None


class RootCause(Noun):
    """Which columns carry the drift of a window, when it began, and whether outputs and quality moved with it."""

    model_id: str
    window: TimeWindow
    report_id: str
    verdict: Verdict
    ranked: tuple[RankedFeature, ...]
    predictions_moved: bool | None = Field(description="null: no output is captured")
    predictions: str
    quality_moved: bool | None = Field(description="null: no measured quality for this window")
    quality: str
