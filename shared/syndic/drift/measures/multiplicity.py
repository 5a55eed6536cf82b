"""Corrections for many tests in one run. None of them is a verdict."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def benjamini_hochberg(p_values: Mapping[Name, float]) -> dict[Name, float]:
    """Adjusted p values: rejecting those at most q keeps the expected share of false rejections at most q.

    Step-up; valid for independent and for positively dependent tests. Source: Benjamini & Hochberg, JRSS B 57, 1995.
    """
    ranked = sorted(p_values.items(), key=lambda item: item[1], reverse=True)
    size, smallest = len(ranked), 1.0
    adjusted = {}
    for place, (name, p) in enumerate(ranked):
        smallest = min(smallest, p * size / (size - place))
        adjusted[name] = smallest
    return adjusted


def holm(p_values: Mapping[Name, float]) -> dict[Name, float]:
    """Adjusted p values: rejecting those at most q keeps the chance of any false rejection at most q.

    Step-down; valid under any dependence. Source: Holm, Scandinavian Journal of Statistics 6, 1979.
    """
    ranked = sorted(p_values.items(), key=lambda item: item[1])
    size, largest = len(ranked), 0.0
    adjusted = {}
    for place, (name, p) in enumerate(ranked):
        largest = max(largest, min(1.0, p * (size - place)))
        adjusted[name] = largest
    return adjusted
