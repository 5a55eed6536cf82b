"""Examining a table without any cloud: what the command line tool does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from syndic.bias.count_window import count_pieces
from syndic.bias.counting.tally import Tally, make_plan, require_columns
from syndic.bias.counting.vocabulary import read_labels, why_no_decisions
from syndic.bias.looks.answer import look_again
from syndic.bias.models import BiasReport
from syndic.bias.policy.file import validated_policy
from syndic.bias.policy.model import UNKNOWN, BiasPolicy, ProtectedAttribute
from syndic.bias.report.build import Identity, make_report
from syndic.bias.verdict.unjudged import with_doubt
from syndic.canonical import sha256_of
from syndic.errors import InvalidInputError
from syndic.models import TimeWindow, to_json
from syndic.windows import Categories, Window, level_text, missing_in
from syndic.windows.cells.vocabulary import find_value

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says beside, or instead of, a policy file. None and empty: it says nothing."""

    prediction: str | None = None
    label: str | None = None
    score: str | None = None
    favourable: tuple[str, ...] = ()
    favourable_label: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()  # COLUMN or COLUMN=REFERENCE
    bins: tuple[str, ...] = ()  # COLUMN=25,40
    stratifier: str | None = None
    outcome: str = "prediction"


def policy_for(asked: Asked, start: BiasPolicy) -> BiasPolicy:
    """The policy in force: `start`, changed by what was asked. Raises `InvalidInputError` naming the option."""
    bins = dict(_bins(text) for text in asked.bins)
    attributes = {attribute.name: attribute for attribute in start.protected_attributes}
    named: set[str] = set()
    for text in asked.protected:
        column, given, reference = text.partition("=")
        if column in named:
            raise InvalidInputError("the column is named twice; it has one reference", where=f"--protected {text}")
        named.add(column)
        if not column or (given and not reference):
            raise InvalidInputError("expected COLUMN or COLUMN=REFERENCE", where=f"--protected {text}")
        known = attributes.get(column, ProtectedAttribute(name=column))
        changes = {"reference_group": reference, "compare_with": None} if given else {}
        attributes[column] = known.model_copy(update=changes)
    for column, edges in bins.items():
        if column not in attributes:
            raise InvalidInputError("bins of a column that is not protected", where=f"--bins {column}")
        attributes[column] = attributes[column].model_copy(update={"bins": edges, "groups": ()})
    changed = {
        "prediction": asked.prediction or start.prediction,
        "label": asked.label or start.label,
        "score": asked.score or start.score,
        "favourable": asked.favourable or start.favourable,
        "favourable_label": asked.favourable_label or start.favourable_label,
        "stratifier": asked.stratifier or start.stratifier,
        "protected_attributes": [to_json(attribute) for attribute in attributes.values()],
        "outcomes": (asked.outcome,),
    }
    return validated_policy({**start.model_dump(), **changed}, "command line")


def _bins(text: str) -> tuple[str, tuple[float, ...]]:
    column, _, edges = text.partition("=")
    try:
        numbers = tuple(float(edge) for edge in edges.split(","))
    except ValueError:
        raise InvalidInputError("expected COLUMN=25,40", where=f"--bins {text}") from None
    if not column or "_" in edges:
        raise InvalidInputError("expected COLUMN=25,40", where=f"--bins {text}")
    return column, numbers


def never_met(asked: Asked, window: Window, prediction: str) -> list[str]:
    """Favourable values, of several that were asked for, that no prediction of a table has: perhaps misspelt."""
    column = window.columns.get(prediction)
    if column is None or len(asked.favourable) < 2:
        return []
    if isinstance(column, Categories):
        used = np.unique(column.codes[column.codes >= 0])
        values = [column.levels[code] for code in used.tolist()]
    else:
        values = [level_text(value) or "" for value in np.unique(column[~np.isnan(column)]).tolist()]
    return [value for value in asked.favourable if find_value(value, values) is None]


def examine(pieces: Sequence[Window], policy: BiasPolicy, *, sha256: str, source: str, now: datetime) -> BiasReport:
    """Examine a table's rows.

    Args:
        pieces: The rows.
        policy: With the columns it names.
        sha256: Of the table's bytes.
        source: Its name, for messages.
        now: The time of the examination.

    Raises:
        InvalidInputError: A column is not there, the reference group or the favourable value never occurs, or a
            numeric attribute needs bins.
    """
    plan = make_plan(policy)
    outcome = policy.outcomes[0]
    for piece in pieces:
        require_columns(piece, plan, source=source)
    counted = count_pieces(iter(pieces), plan, {})
    if policy.protected_attributes:
        _require_values(counted.tally, policy, outcome, source)
    digest = sha256_of({"data": sha256, "policy": to_json(policy)})
    identity = Identity(report_id=f"bias.{outcome}.{digest[:16]}", inputs_sha256=digest, checked_at=now)
    report = make_report(counted.tally, plan, policy, outcome, identity, details=counted.details)
    # A table is whole, and its columns were named by a person: nothing that was asked for will come later.
    open_ones = tuple(one for one in report.unjudged if one not in report.reason)
    verdict, reason = with_doubt(report.verdict, report.reason, open_ones)
    return report.model_copy(update={"verdict": verdict, "reason": reason})


def examine_windows(
    rows: Window, column: str, policy: BiasPolicy, *, sha256: str, source: str, now: datetime
) -> BiasReport:
    """Examine a table whose rows are of several windows, as they would be looked at one after the other.

    Args:
        rows: All rows.
        column: Holds each row's window. They are taken in order: numbers by size, texts such as dates by spelling.
        policy: With the columns it names.
        sha256: Of the table's bytes.
        source: Its name, for messages.
        now: The time of the examination.

    Returns:
        The report on the last window, with the answer of all windows in `looks`.

    Raises:
        InvalidInputError: As `examine`; the column is not there, or a row has no value in it.
    """
    held = rows.column(column)
    if missing_in(held).any():
        raise InvalidInputError("each row needs a window", where=source, column=column)
    codes = held.codes if isinstance(held, Categories) else held
    named = {
        value: held.levels[value] if isinstance(held, Categories) else value for value in np.unique(codes).tolist()
    }
    report: BiasReport | None = None
    ledger: dict[str, Any] | None = None
    for place, value in enumerate(sorted(named, key=lambda one: named[one])):
        report = examine([rows.take(codes == value)], policy, sha256=sha256, source=source, now=now)
        start = _EPOCH + timedelta(days=place)  # the windows of a file have an order, and no time that is known
        window = TimeWindow(start=start, end=start + timedelta(days=1))
        if report.attributes and report.outcome != "value":
            kept = (ledger, None)
            report, ledger, _ = look_again(report, window, kept, version="of the file", labels=policy.label is not None)
    if report is None:
        raise InvalidInputError("there are no rows", where=source)
    return report


def _require_values(tally: Tally, policy: BiasPolicy, outcome: str, source: str) -> None:
    if outcome in {"prediction", "label"}:
        if not policy.favourable and not (outcome == "label" and policy.favourable_label):
            raise InvalidInputError("say which value favours the person: --favourable VALUE", where=source)
        obstacle = why_no_decisions(tally, policy) if outcome == "prediction" else read_labels(tally, policy).obstacle
        if tally.tensor.rows and tally.values_in(outcome) and obstacle:
            column = policy.prediction if outcome == "prediction" else policy.label
            raise InvalidInputError(obstacle, where=source, column=column)
    if policy.favourable_label and tally.values_in("label"):
        obstacle = read_labels(tally, policy).obstacle
        if obstacle:
            raise InvalidInputError(obstacle, where=source, column=policy.label)
    for attribute in policy.protected_attributes:
        groups = tally.tensor.levels[tally.tensor.axes.index(attribute.name)]
        named = attribute.reference_group
        found = None if named is None else find_value(named, groups)
        if found == UNKNOWN:
            raise InvalidInputError(
                "rows whose protected attribute is not known are no reference",
                where=source,
                column=attribute.source_column,
            )
        if named is not None and tally.tensor.rows and found is None:
            raise InvalidInputError(
                f"the reference group {named!r} has no rows; groups are: {', '.join(groups[:20])}",
                where=source,
                column=attribute.source_column,
            )
