"""What a person decides about quality: limits for the data, and the levels a model is declared to reach."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Self

from pydantic import Field, model_validator

from syndic.models import Finite, Rules, Written
from syndic.policy import WindowPolicy


class Metric(StrEnum):
    """Measures of a model against ground truth."""

    ACCURACY = "accuracy"
    PRECISION = "precision"
    RECALL = "recall"
    F1 = "f1"
    AUC = "auc"
    BRIER = "brier"
    RMSE = "rmse"
    MAE = "mae"

    @property
    def is_error(self) -> bool:
        """Whether smaller is better."""
        return self in {Metric.BRIER, Metric.RMSE, Metric.MAE}


HALF: Final = 0.5
GUESSED: Final = {
    Metric.ACCURACY: 0.1, Metric.PRECISION: 0.1, Metric.RECALL: 0.1, Metric.F1: 0.1, Metric.AUC: 0.5,
    Metric.BRIER: 0.25,
}  # fmt: skip
"""Levels that say nothing: AUC of any constant score, Brier score of answering one half, a tenth right of the rest,
which is the least that guessing among ten classes reaches."""


class ColumnRule(Rules):
    """Limits of one column, instead of what its baseline lets expect."""

    max_missing: Finite | None = Field(default=None, ge=0, le=1, description="largest share of missing values")
    low: Finite | None = None
    high: Finite | None = None
    values: tuple[Written, ...] | None = Field(default=None, description="the values that may occur")
    ignore: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            msg = f"low {self.low} is over high {self.high}"
            raise ValueError(msg)
        return self


class QualityPolicy(WindowPolicy):
    """How a model's data and predictions are examined.

    A share is over its limit only when the lower end of its interval is, and what a window has or lacks beside its
    baseline is an issue only when chance would bring it in few windows: small windows are not blamed for chance.
    """

    concern = "quality"

    min_samples: int = Field(default=50, ge=1, description="rows a window needs before its data are judged")
    min_labels: int = Field(default=50, ge=2, description="labelled rows needed before the model is judged")
    missing_tolerance: Finite = Field(default=0.05, ge=0, le=1, description="over the baseline's share")
    infinite_tolerance: Finite = Field(
        default=0.001, ge=0, le=1, description="over the baseline's share of infinite values, where it has any"
    )
    significance: Finite = Field(
        default=0.001, gt=0, lt=1, description="chance that a check calls out an unchanged window, over all its columns"
    )
    range_tolerance: Finite = Field(default=0.01, ge=0, le=1, description="share of values outside the expected range")
    unseen_tolerance: Finite = Field(default=0.01, ge=0, le=1, description="share of values that are not expected")
    duplicate_tolerance: Finite = Field(default=0.1, ge=0, le=1, description="share of rows that repeat another row")
    columns: dict[str, ColumnRule] = Field(default_factory=dict)
    positive: Written | None = Field(default=None, description="the class that precision, recall and AUC are about")
    positive_label: Written | None = Field(
        default=None, description="the label of that class, where labels are not spelled like predictions"
    )
    levels: dict[Metric, Finite] = Field(default_factory=dict, description="declared levels, such as accuracy: 0.9")
    evidence_days: int = Field(default=35, ge=1)

    @property
    def hollow_limits(self) -> list[str]:
        """Limits of the data that even a window of which half is wrong stays inside."""
        limits = ("missing_tolerance", "range_tolerance", "unseen_tolerance")
        return [f"{name} {value:g}" for name in limits if (value := getattr(self, name)) >= HALF]

    @property
    def hollow_levels(self) -> list[str]:
        """The declared levels, where guessing reaches every one of them; RMSE and MAE have no such level."""
        guessed = [
            level >= GUESSED[metric] if metric.is_error else level <= GUESSED[metric]
            for metric, level in self.levels.items()
            if metric in GUESSED
        ]
        hollow = bool(guessed) and len(guessed) == len(self.levels) and all(guessed)
        return [f"{metric} {level:g}" for metric, level in self.levels.items()] if hollow else []
