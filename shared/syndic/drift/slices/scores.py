"""What is compared of a target: its rank, its spread, or the share of a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from syndic.drift.baseline.model import Floats
from syndic.drift.slices.plan import ERROR, Cut, Plan

RANK: Final = "rank in the baseline"
SPREAD: Final = "distance from the middle rank in the baseline"


@dataclass(frozen=True, slots=True)
class Score:
    """A number of each part of a target, whose mean is compared."""

    what: str
    values: Floats  # by part of the target; NaN: such rows do not count
    is_share: bool


def scores_of(target: str, plan: Plan) -> list[Score]:
    """What is compared of a target of a plan."""
    if target == ERROR:
        return [Score("share of wrong predictions", np.array([0.0, 1.0]), is_share=True)]
    cut = next(one for one in plan.targets if one.name == target)
    if not cut.numeric:
        return [Score(f"share of {word}", _only(place, cut), is_share=True) for place, word in enumerate(cut.words)]
    present = cut.size - 1
    missing = Score(f"share of {cut.words[-1]}", _only(cut.size - 1, cut), is_share=True)
    if present == 2:
        return [Score(f"share of {cut.words[1]}", _only(1, cut), is_share=True), missing]
    if present < 2:
        return [missing]
    ranks = np.append(np.arange(present) / (present - 1), [np.nan, np.nan])
    return [
        Score(RANK, ranks, is_share=False),
        Score(SPREAD, np.abs(2.0 * ranks - 1.0), is_share=False),
        missing,
    ]


def _only(place: int, cut: Cut) -> Floats:
    alone: Floats = np.eye(cut.size + 1)[place]
    return alone
