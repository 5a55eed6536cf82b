"""A piece of a window becomes counts; pieces add up. All that a report needs is in the sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.grouping import (
    NUMERIC_VALUES,
    VALUES_KEPT,
    Codes,
    code_groups,
    code_outcome,
    first_values,
    open_words,
    too_many_numbers,
    values_of,
)
from syndic.bias.counting.moments import Moments, count_moments
from syndic.bias.counting.score_histogram import ScoreCounts, count_scores
from syndic.bias.counting.tensor import ABSENT, CountTensor, count_codes
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.errors import InvalidInputError, TooLargeError, UnknownReferenceError
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, Intake
from syndic.windows import Categories, Column, Window, missing_in


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns are read, resolved from a policy and the model's schema. None: there is no such column."""

    attributes: tuple[ProtectedAttribute, ...]
    favourable: tuple[str, ...]
    favourable_label: tuple[str, ...] = ()
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


def decided_by(policy: BiasPolicy, schema: CaptureSchema) -> CaptureSchema:
    """The schema in which a decision or a score is the model's answer where an input has the same name.

    An input of that name may be an earlier decision, of another model. Without a name in the policy it is the role of
    an output that says so, when no output with a name of its own has it.
    """
    names = {name for name in (policy.prediction, policy.score) if name is not None}
    for role, named in ((ColumnRole.PREDICTION, policy.prediction), (ColumnRole.SCORE, policy.score)):
        if named is None and not schema.role(role):
            names.update([column.name for column in schema.outputs if column.role is role][:1])
    return schema.answering(names)


def make_plan(policy: BiasPolicy, schema: CaptureSchema | None = None) -> Plan:
    """Resolve a policy's columns."""

    def first(role: ColumnRole, kinds: frozenset[ColumnKind] = frozenset(ColumnKind)) -> str | None:
        columns = [column for column in schema.role(role) if column.kind in kinds] if schema else []
        return columns[0].name if columns else None

    return Plan(
        attributes=policy.protected_attributes,
        favourable=policy.favourable,
        favourable_label=policy.favourable_label,
        prediction=policy.prediction or first(ColumnRole.PREDICTION),
        label=policy.label or first(ColumnRole.LABEL),
        score=policy.score or first(ColumnRole.SCORE, frozenset({ColumnKind.NUMERIC})),
        stratifier=policy.stratifier,
        regression="value" in policy.outcomes,
        maximum_groups=policy.maximum_groups,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Counts of the rows with one label; they are among the tally's unfavourable ones."""

    tensor: CountTensor
    scores: ScoreCounts | None


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Mergeable counts of some rows.

    Attributes:
        tensor: Groups x label x prediction. Labels are favourable by their spelling.
        scores: Groups x label x score, when the plan reads a score.
        moments: Counts, means and spreads of values and errors by group, when the plan is a regression.
        intake: How the rows were read.
        values: The values of the prediction and of the label, by role: the first `VALUES_KEPT` of each.
        words: The counts of labels that neither spelling nor sense settles, by the label: see `open_words`. Empty
            where labels have `VALUES_KEPT` values.
        absent: Columns that the plan names and that some piece did not have.
        numeric: Attributes whose groups are plain numbers.
    """

    tensor: CountTensor
    scores: ScoreCounts | None = None
    moments: Moments | None = None
    intake: Intake = field(default_factory=Intake)
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, Counted] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    numeric: frozenset[str] = frozenset()

    def values_in(self, role: str) -> frozenset[str]:
        """The values that were seen in the prediction or the label."""
        return self.values.get(role, frozenset())

    def plus(self, other: Tally) -> Tally:
        """The counts of both."""
        tensor = self.tensor.plus(other.tensor)
        numeric = self.numeric | other.numeric
        for name in numeric:
            # The unknown may be one more group than there are numbers.
            if len(tensor.levels[tensor.axes.index(name)]) > NUMERIC_VALUES + 1:
                raise too_many_numbers(name)
        values = {
            role: first_values(self.values_in(role) | other.values_in(role)) for role in {*self.values, *other.values}
        }
        return Tally(
            tensor,
            _scores_of_both(self.scores, other.scores),
            self.moments.plus(other.moments) if self.moments and other.moments else self.moments or other.moments,
            self.intake.plus(other.intake),
            values,
            {} if len(values.get("label", ())) >= VALUES_KEPT else _words_of_both(self, other),
            self.absent | other.absent,
            numeric,
        )


def _scores_of_both(mine: ScoreCounts | None, theirs: ScoreCounts | None) -> ScoreCounts | None:
    return mine.plus(theirs) if mine and theirs else mine or theirs


def _words_of_both(mine: Tally, theirs: Tally) -> dict[str, Counted]:
    words = dict(mine.words)
    for word, more in theirs.words.items():
        known = words.get(word)
        words[word] = (
            more
            if known is None
            else Counted(known.tensor.plus(more.tensor), _scores_of_both(known.scores, more.scores))
        )
    return words


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
    named = plan.favourable_label or plan.favourable
    labels, decisions = (
        _outcome(label, plan, named, window.rows),
        _outcome(prediction, plan, plan.favourable, window.rows),
    )
    values = {
        role: values_of(found)
        for role, found in (("label", label), ("prediction", prediction))
        if found is not None and not plan.regression
    }
    score = column(plan.score)
    if isinstance(score, Categories):
        raise InvalidInputError(f"the score column {plan.score!r} is not numeric")

    def counted(rows: NDArray[np.bool_] | slice) -> Counted:
        groups, given, decided = [code[rows] for code in codes], labels[rows], decisions[rows]
        return Counted(
            count_codes(plan.axes, names, groups, given, decided) if codes else _without_axes(given, decided),
            count_scores(plan.axes, names, groups, given, score[rows]) if score is not None else None,
        )

    spelled = counted(slice(None))
    words = {}
    if label is not None and not plan.regression and not plan.favourable_label:
        words = {word: counted(rows) for word, rows in open_words(label, plan.favourable).items()}
    return Tally(
        spelled.tensor,
        spelled.scores,
        count_moments(plan.axes, names, codes, prediction, label) if plan.regression else None,
        window.intake,
        values,
        words,
        frozenset(absent),
        numeric,
    )


def _without_axes(labels: NDArray[np.uint8], decisions: NDArray[np.uint8]) -> CountTensor:
    """No attribute declared: one cell of all rows, so that they are at least counted."""
    everybody = count_codes(("all",), (("all",),), [np.zeros(len(labels), np.uint8)], labels, decisions)
    return replace(everybody, axes=(), levels=(), cells=everybody.cells[:, :0])


def _coded(column: Column | None, attribute: ProtectedAttribute, rows: int) -> tuple[Codes, tuple[str, ...]]:
    if column is None:
        return code_groups(Categories(np.full(rows, -1, np.int32), ()), attribute.model_copy(update={"bins": ()}))
    return code_groups(column, attribute)


def _outcome(column: Column | None, plan: Plan, favourable: tuple[str, ...], rows: int) -> NDArray[np.uint8]:
    if column is None:
        return np.full(rows, ABSENT, np.uint8)
    if plan.regression:
        return np.where(missing_in(column), ABSENT, 0).astype(np.uint8)
    return code_outcome(column, favourable)


def require_columns(window: Window, plan: Plan, *, source: str) -> None:
    """Raise `UnknownReferenceError` when a named column is not there: for tables, where a typing error is likely."""
    wanted = [plan.prediction, plan.label, plan.score, plan.stratifier]
    for name in [*wanted, *(attribute.source_column for attribute in plan.attributes if not attribute.side_file)]:
        if name is not None and name in window.refused:
            raise window.refused[name]
        if name is not None and name not in window.columns:
            known = ", ".join(sorted(window.columns)[:20]) or "none"
            raise UnknownReferenceError(f"there is no column {name!r}; columns are: {known}", where=source)
