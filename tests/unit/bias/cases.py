"""Windows, policies and reports for the tests of fairness."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from syndic.bias.counting.tally import add_up, make_plan, tally
from syndic.bias.models import BiasReport
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.bias.report.build import Identity, make_report
from syndic.windows import Categories, Window

NOW = datetime(2026, 1, 2, tzinfo=UTC)
IDENTITY = Identity("report", "0" * 64, NOW)


def texts(values: Sequence[str | None]) -> Categories:
    """A categorical column."""
    levels: dict[str, int] = {}
    codes = [-1 if value is None else levels.setdefault(value, len(levels)) for value in values]
    return Categories(np.array(codes, np.int32), tuple(levels))


def numbers(values: Sequence[float | None]) -> np.ndarray:
    """A numeric column."""
    return np.array([np.nan if value is None else value for value in values], float)


def window(**columns: Sequence[object]) -> Window:
    """A window of columns: texts become categories, numbers stay numbers."""
    made = {}
    for name, values in columns.items():
        if isinstance(values, np.ndarray):
            made[name] = values.astype(float)
        elif any(isinstance(value, str) for value in values):
            made[name] = texts(list(values))
        else:
            made[name] = numbers(list(values))
    return Window(len(next(iter(made.values()))), made)


def counted_rows(cells: dict[str, tuple[int, int]]) -> Window:
    """Rows of groups with (selected, rows): the columns are group and prediction."""
    groups, decisions = [], []
    for name, (selected, rows) in cells.items():
        groups += [name] * rows
        decisions += [1.0] * selected + [0.0] * (rows - selected)
    return window(group=groups, prediction=decisions)


def policy(*protected: ProtectedAttribute | str, **changes: object) -> BiasPolicy:
    """A policy on the columns prediction and label with 1 as the favourable value."""
    attributes = tuple(
        ProtectedAttribute(name=attribute) if isinstance(attribute, str) else attribute for attribute in protected
    )
    fields = {"prediction": "prediction", "label": "label", "favourable": ("1",), **changes}
    return BiasPolicy(protected_attributes=attributes, **fields)


def report(rows: Window | Sequence[Window], rules: BiasPolicy, outcome: str = "prediction") -> BiasReport:
    """The report on rows, or on several pieces of them."""
    plan = make_plan(rules)
    pieces = [rows] if isinstance(rows, Window) else list(rows)
    return make_report(add_up([tally(piece, plan) for piece in pieces], plan), plan, rules, outcome, IDENTITY)


def random_rows(random: np.random.Generator, rows: int, groups: int = 3) -> Window:
    """Random groups, labels and decisions that depend on each other."""
    group = random.integers(0, groups, rows)
    label = random.random(rows) < 0.3 + 0.4 * random.random()
    decision = random.random(rows) < np.where(label, 0.6, 0.3) + 0.05 * group
    return Window(
        rows,
        {
            "group": Categories(group.astype(np.int32), tuple(f"g{i}" for i in range(groups))),
            "label": label.astype(float),
            "prediction": decision.astype(float),
        },
    )
