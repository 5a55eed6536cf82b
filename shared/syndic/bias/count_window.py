"""A window's rows as counts by group, label and decision, piece by piece and part by part."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from syndic.bias.counting.grouping import side_column
from syndic.bias.counting.tally import Plan, Tally, add_up, decided_by, make_plan, tally
from syndic.bias.counting.tensor import CountTensor
from syndic.bias.measures.individual import sample_consistency
from syndic.bias.policy.kept import get_policy
from syndic.bias.policy.model import BiasPolicy
from syndic.canonical import sha256_of
from syndic.checks.counting.codec import from_bytes, to_bytes
from syndic.errors import InvalidInputError, NotFoundError, TooLargeError
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec, RegisteredModel, TimeWindow, to_json
from syndic.policy import rules_of
from syndic.ports import Archive, CaptureReader, Store
from syndic.windows import Categories, Labels, Rejected, Window, join_labels, read_table

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of a window, or why it could not be counted."""

    tally: Tally
    plan: Plan
    details: Mapping[str, JsonValue]
    obstacle: str | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What travels from one counter to another."""

    tally: Tally
    details: dict[str, Any]
    obstacle: str | None


class BiasCounter:
    """`Counter` of bias: see `syndic.checks.counting`. What the data make impossible is an obstacle with a reason."""

    check = "bias"

    def __init__(self, schema: CaptureSchema, policy: BiasPolicy, files: Mapping[str, bytes | None]) -> None:
        self.schema = schema
        self.basis = sha256_of([FORMAT, rules_of(policy), to_json(schema), hashes(files)])
        plan = make_plan(policy, schema)
        self.counted = Counted(Tally(CountTensor.empty(plan.axes)), plan, {})
        self._policy, self._files = policy, files
        self._sides: dict[str, dict[str, str | float]] = {}
        self._labels: Labels | None = None

    def begin(self, labels: Labels | None) -> None:
        """Take the ground truth, and read the side files."""
        self._labels = labels
        try:
            self._sides = _sides(self._policy, self._files)
        except (InvalidInputError, TooLargeError) as error:
            self._stop(str(error))

    def add(self, piece: Window) -> None:
        """Count the rows of a piece."""
        if self.counted.obstacle is not None:
            return
        if self._labels is not None:
            piece = join_labels(piece, self._labels, self.schema.label)
        try:
            self.counted = _with_piece(self.counted, with_sides(piece, self.counted.plan, self._sides))
        except (InvalidInputError, TooLargeError) as error:
            self._stop(str(error))

    def reject(self, rejected: Rejected) -> None:
        """The intake of the pieces counts what was rejected."""

    def merge(self, counts: bytes) -> None:
        """Add the counts of another part."""
        if self.counted.obstacle is not None:
            return
        kept = from_bytes(_Kept, counts)
        if kept.obstacle is not None:
            self._stop(kept.obstacle)
            return
        plan, details = self.counted.plan, self.counted.details or kept.details
        try:
            self.counted = Counted(add_up([self.counted.tally, kept.tally], plan), plan, details)
        except (InvalidInputError, TooLargeError) as error:
            self._stop(str(error))

    def counts(self) -> bytes:
        """The counts so far."""
        return to_bytes(_Kept(self.counted.tally, dict(self.counted.details), self.counted.obstacle))

    def _stop(self, reason: str) -> None:
        plan = self.counted.plan
        self.counted = Counted(Tally(CountTensor.empty(plan.axes)), plan, {}, reason)


def decided(model: RegisteredModel, *, store: Store) -> tuple[RegisteredModel, BiasPolicy]:
    """A model as its fairness policy reads it, and the policy."""
    policy = get_policy(model.id, store=store)
    if model.capture_schema is not None:
        model = model.model_copy(update={"capture_schema": decided_by(policy, model.capture_schema)})
    return model, policy


def make_counter(
    model: RegisteredModel,
    window: TimeWindow,  # noqa: ARG001 - every check's counter is made of the same collaborators
    *,
    store: Store,
    archive: Archive,  # noqa: ARG001
    captures: CaptureReader,
) -> BiasCounter | None:
    """The counter of a window; None where it cannot be read."""
    if model.endpoint is None or model.endpoint.capture is None or model.capture_schema is None:
        return None
    model, policy = decided(model, store=store)
    if model.capture_schema is None:
        return None
    return BiasCounter(model.capture_schema, policy, side_files(policy, captures))


def hashes(files: Mapping[str, bytes | None]) -> dict[str, str | None]:
    """The hash of each side file; None of one that is not there."""
    return {uri: None if data is None else hashlib.sha256(data).hexdigest() for uri, data in files.items()}


def count_pieces(pieces: Iterator[Window], plan: Plan, sides: Mapping[str, Mapping[str, str | float]]) -> Counted:
    """The counts of several pieces, one in memory at a time; the consistency is that of the first."""
    counted = Counted(Tally(CountTensor.empty(plan.axes)), plan, {})
    for piece in pieces:
        counted = _with_piece(counted, with_sides(piece, plan, sides))
    return counted


def _with_piece(counted: Counted, piece: Window) -> Counted:
    details = counted.details
    if not details and piece.rows:
        found = sample_consistency(piece, counted.plan)
        details = {"consistency": {**found}} if found else {}
    return Counted(add_up([counted.tally, tally(piece, counted.plan)], counted.plan), counted.plan, details)


def with_sides(piece: Window, plan: Plan, sides: Mapping[str, Mapping[str, str | float]]) -> Window:
    """The piece with the protected attributes that side files hold, joined by row id."""
    for attribute in plan.attributes:
        if attribute.side_file is not None and piece.rows:
            ids = piece.ids or (None,) * piece.rows
            spec = ColumnSpec(name=attribute.source_column, kind=ColumnKind.CATEGORICAL, role=ColumnRole.PROTECTED)
            piece = piece.with_column(spec, side_column(ids, sides[attribute.name]))
    return piece


def side_files(policy: BiasPolicy, captures: CaptureReader) -> dict[str, bytes | None]:
    """The bytes of each side file; None when it is not there."""
    files: dict[str, bytes | None] = {}
    for attribute in policy.protected_attributes:
        if attribute.side_file is not None and attribute.side_file.uri not in files:
            try:
                files[attribute.side_file.uri] = captures.table(attribute.side_file.uri)
            except NotFoundError:
                files[attribute.side_file.uri] = None
    return files


def _sides(policy: BiasPolicy, files: Mapping[str, bytes | None]) -> dict[str, dict[str, str | float]]:
    """Each side file's values by row id."""
    sides = {}
    for attribute in policy.protected_attributes:
        if attribute.side_file is None:
            continue
        uri = attribute.side_file.uri
        data = files[uri]
        if data is None:
            raise InvalidInputError(f"the side file of {attribute.name!r} is not there", where=uri)
        table = read_table(data, name=uri)
        sides[attribute.name] = side_values(table, attribute.side_file.id_column, attribute.source_column)
    return sides


def side_values(table: Window, id_column: str, column: str) -> dict[str, str | float]:
    """A side file's column by row id. A repeated id with another value is an error: which one holds is unknown."""
    ids, values = _texts(table, id_column), _texts(table, column, numbers=True)
    found: dict[str, str | float] = {}
    for row_id, value in zip(ids, values, strict=True):
        if row_id is None or value is None:
            continue
        if found.setdefault(str(row_id), value) != value:
            raise InvalidInputError(f"the side file has two values of {column!r} for the id {row_id!r}")
    return found


def _texts(table: Window, name: str, *, numbers: bool = False) -> Sequence[str | float | None]:
    column = table.column(name)
    if isinstance(column, Categories):
        return column.values()
    numbered: list[float | None] = [None if math.isnan(value) else value for value in column.tolist()]
    return numbered if numbers else [None if value is None else f"{value:.15g}" for value in numbered]
