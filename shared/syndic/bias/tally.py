"""A piece of a window becomes counts; pieces add up. All that a report needs is in the sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from syndic.bias.grouping import NUMERIC_VALUES, Codes, code_groups, code_outcome, too_many_numbers, values_seen
from syndic.bias.moments import Moments, count_moments
from syndic.bias.policies import BiasPolicy, ProtectedAttribute
from syndic.bias.scores import ScoreCounts, count_scores
from syndic.bias.tensor import ABSENT, FAVOURABLE, CountTensor, count_codes
from syndic.errors import InvalidInputError, TooLargeError, UnknownReferenceError
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, Intake
from syndic.windows import Categories, Column, Window, missing_in


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns are read, resolved from a policy and the model's schema. None: there is no such column."""

    attributes: tuple[ProtectedAttribute, ...]
    favourable: tuple[str, ...]
    prediction: str | None = None
    label: str | None = None
    score: str | None = None
    stratifier: str | None = None
    regression: bool = False
    maximum_groups: int = 1000

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes of the tensor: the attributes and, last, the stratifier."""
        names = tuple(attribute.name for attribute in self.attributes)
        return names if self.stratifier is None else (*names, f"stratum:{self.stratifier}")


def make_plan(policy: BiasPolicy, schema: CaptureSchema | None = None) -> Plan:
    """Resolve a policy's columns."""

    def first(role: ColumnRole, kinds: frozenset[ColumnKind] = frozenset(ColumnKind)) -> str | None:
        columns = [column for column in schema.role(role) if column.kind in kinds] if schema else []
        return columns[0].name if columns else None

    return Plan(
        attributes=policy.protected_attributes,
        favourable=policy.favourable,
        prediction=policy.prediction or first(ColumnRole.PREDICTION),
        label=policy.label or first(ColumnRole.LABEL),
        score=policy.score or first(ColumnRole.SCORE, frozenset({ColumnKind.NUMERIC})),
        stratifier=policy.stratifier,
        regression="value" in policy.outcomes,
        maximum_groups=policy.maximum_groups,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Mergeable counts of some rows.

    Attributes:
        tensor: Groups x label x prediction.
        scores: Groups x label x score, when the plan reads a score.
        moments: Counts, means and spreads of values and errors by group, when the plan is a regression.
        intake: How the rows were read.
        seen: Some values of the prediction and of the label, by role, of pieces without a favourable one: for messages.
        absent: Columns that the plan names and that some piece did not have.
        numeric: Attributes whose groups are plain numbers.
    """

    tensor: CountTensor
    scores: ScoreCounts | None = None
    moments: Moments | None = None
    intake: Intake = field(default_factory=Intake)
    seen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    numeric: frozenset[str] = frozenset()

    def plus(self, other: Tally) -> Tally:
        """The counts of both."""
        tensor = self.tensor.plus(other.tensor)
        numeric = self.numeric | other.numeric
        for name in numeric:
            # The unknown may be one more group than there are numbers.
            if len(tensor.levels[tensor.axes.index(name)]) > NUMERIC_VALUES + 1:
                raise too_many_numbers(name)
        return Tally(
            tensor,
            self.scores.plus(other.scores) if self.scores and other.scores else self.scores or other.scores,
            self.moments.plus(other.moments) if self.moments and other.moments else self.moments or other.moments,
            self.intake.plus(other.intake),
            {role: _first(self.seen.get(role, ()), other.seen.get(role, ())) for role in {*self.seen, *other.seen}},
            self.absent | other.absent,
            numeric,
        )


def _first(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*mine, *theirs})[:12])


def add_up(tallies: Iterable[Tally], plan: Plan) -> Tally:
    """The sum of several tallies. Raises `TooLargeError` when an attribute has more groups than the plan allows."""
    total = reduce(Tally.plus, tallies, Tally(CountTensor.empty(plan.axes)))
    for axis, levels in zip(total.tensor.axes, total.tensor.levels, strict=True):
        _require_few(axis, levels, plan.maximum_groups)
    return total


def _require_few(name: str, levels: Sequence[str], most: int) -> None:
    # Beside the groups there may be the unknown and the others.
    if len(levels) > most + 2:
        raise TooLargeError(f"protected attribute {name!r} has more than {most} groups: declare groups or bins")


def tally(window: Window, plan: Plan) -> Tally:
    """Count one piece of a window.

    A named column that the piece does not have counts as missing in every row, and is named in `Tally.absent`.
    Raises `InvalidInputError` for a numeric protected attribute that needs bins and `TooLargeError` for one with more
    than the plan's `maximum_groups`.
    """
    absent: set[str] = set()

    def column(name: str | None) -> Column | None:
        if name is None:
            return None
        found = window.columns.get(name)
        if found is None and window.rows:
            absent.add(name)
        return found

    coded = [_coded(column(attribute.source_column), attribute, window.rows) for attribute in plan.attributes]
    for attribute, (_, levels) in zip(plan.attributes, coded, strict=True):
        _require_few(attribute.name, levels, plan.maximum_groups)
    numeric = frozenset(
        attribute.name
        for attribute in plan.attributes
        if not attribute.bins
        and not attribute.groups
        and isinstance(window.columns.get(attribute.source_column), np.ndarray)
    )
    if plan.stratifier is not None:
        coded.append(_coded(column(plan.stratifier), ProtectedAttribute(name=plan.stratifier), window.rows))
    codes, names = [part[0] for part in coded], [part[1] for part in coded]
    prediction, label = column(plan.prediction), column(plan.label)
    outcomes = [_outcome(found, plan, window.rows) for found in (label, prediction)]
    # Values are remembered only where the favourable one is missing: to say which there are.
    seen = {
        role: values_seen(found)
        for role, found, outcome in zip(("label", "prediction"), (label, prediction), outcomes, strict=True)
        if found is not None and not plan.regression and not (outcome == FAVOURABLE).any()
    }
    score = column(plan.score)
    if isinstance(score, Categories):
        raise InvalidInputError(f"the score column {plan.score!r} is not numeric")
    return Tally(
        count_codes(plan.axes, names, codes, *outcomes) if codes else _without_axes(outcomes),
        count_scores(plan.axes, names, codes, outcomes[0], score) if score is not None else None,
        count_moments(plan.axes, names, codes, prediction, label) if plan.regression else None,
        window.intake,
        seen,
        frozenset(absent),
        numeric,
    )


def _without_axes(outcomes: list[NDArray[np.uint8]]) -> CountTensor:
    """No attribute declared: one cell of all rows, so that they are at least counted."""
    everybody = count_codes(("all",), (("all",),), [np.zeros(len(outcomes[0]), np.uint8)], *outcomes)
    return replace(everybody, axes=(), levels=(), cells=everybody.cells[:, :0])


def _coded(column: Column | None, attribute: ProtectedAttribute, rows: int) -> tuple[Codes, tuple[str, ...]]:
    if column is None:
        return code_groups(Categories(np.full(rows, -1, np.int32), ()), attribute.model_copy(update={"bins": ()}))
    return code_groups(column, attribute)


def _outcome(column: Column | None, plan: Plan, rows: int) -> NDArray[np.uint8]:
    if column is None:
        return np.full(rows, ABSENT, np.uint8)
    if plan.regression:
        return np.where(missing_in(column), ABSENT, 0).astype(np.uint8)
    return code_outcome(column, plan.favourable)


def require_columns(window: Window, plan: Plan, *, source: str) -> None:
    """Raise `UnknownReferenceError` when a named column is not there: for tables, where a typing error is likely."""
    wanted = [plan.prediction, plan.label, plan.score, plan.stratifier]
    for name in [*wanted, *(attribute.source_column for attribute in plan.attributes if not attribute.side_file)]:
        if name is not None and name in window.refused:
            raise window.refused[name]
        if name is not None and name not in window.columns:
            known = ", ".join(sorted(window.columns)[:20]) or "none"
            raise UnknownReferenceError(f"there is no column {name!r}; columns are: {known}", where=source)
