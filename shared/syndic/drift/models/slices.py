"""Slices of a window: where drift or error concentrates."""

from __future__ import annotations

from pydantic import Field

from syndic.models import Finite, Noun


class Slice(Noun):
    """Rows that meet one or two conditions, and how their change differs from that of all other rows."""

    conditions: tuple[str, ...] = Field(description="one or two, in words")
    target: str = Field(description="column that changes there, or the model's error")
    what: str = Field(description="of the target: its rank in the baseline, its spread, or the share of a value")
    rows: int = Field(description="rows of the window in it")
    share: Finite = Field(description="of the window's rows, 0 to 1")
    share_before: Finite | None = Field(default=None, description="of the baseline's rows; null: error of the window")
    inside: Finite = Field(description="change inside; of error, its mean inside")
    outside: Finite = Field(description="the same outside")
    effect: Finite = Field(description="inside less outside")
    low: Finite = Field(description="of the effect's 95 % interval, considering that it was chosen of many")
    high: Finite
    p_adjusted: Finite = Field(description="Benjamini-Hochberg over all slices that were looked at")


class Slices(Noun):
    """The slices that were found, the clearest first, at most ten."""

    slices: tuple[Slice, ...] = ()
    looked_at: int = Field(description="comparisons that were made")
    columns: tuple[str, ...] = Field(description="columns that conditions were taken of")
    targets: tuple[str, ...]
    left_out: tuple[str, ...] = Field(default=(), description="columns that no condition was taken of: too many")
