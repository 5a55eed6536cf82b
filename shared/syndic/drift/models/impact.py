"""Whether drift did harm: one record that joins a window's drift with how the model did."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from syndic.drift.models.comparison import Verdict
from syndic.models import Finite, Noun, TimeWindow


class Harm(StrEnum):
    """The answer to "did it hurt?"."""

    HURT = "hurt"  # a metric is worse than in windows without drift, or under its declared level
    NOT_SEEN = "not_seen"  # performance is known, and no metric is
    UNKNOWN = "unknown"  # no labels and no expectation, or nothing to compare with


class MetricChange(Noun):
    """One metric beside what windows without drift let expect of it."""

    metric: str
    now: Finite
    before: Finite | None = Field(default=None, description="mean of windows without drift; null: too few")
    change: Finite | None = None
    low: Finite | None = Field(default=None, description="of the change's 95 % interval, over all metrics together")
    high: Finite | None = None
    below_level: bool = Field(default=False, description="its whole interval misses the declared level")
    worse: bool = False


class Impact(Noun):
    """A window's drift and performance, joined."""

    window: TimeWindow
    drift: Verdict
    drifted: tuple[str, ...]
    confirmed: tuple[str, ...] = ()
    harm: Harm
    reason: str
    source: Literal["realised", "expected"] | None = Field(
        default=None, description="by labels, or by what the scores let expect where none came"
    )
    about: TimeWindow | None = Field(
        default=None, description="window whose performance it is; an earlier one of the same trouble, if need be"
    )
    compared_with: int = Field(default=0, description="windows without drift that it is compared with")
    metrics: tuple[MetricChange, ...] = ()


class ImpactHistory(Noun):
    """The windows of a model, oldest first, each with its drift and performance."""

    model_id: str
    windows: tuple[Impact, ...]
    next_token: str | None = None
