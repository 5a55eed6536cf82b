"""Ground truth that arrives later, and its join to the rows it belongs to.

Rows and labels meet by row id: a label's eventId is the inferenceId the caller sent, else the capture's eventId, or the
value of the schema's row-id column. Of several labels for one row, the one collected last counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec, Intake, TimeWindow
from syndic.windows.cells.cell import level_text, number
from syndic.windows.parsing.lines import LineReader
from syndic.windows.parsing.payloads import Wanted, csv_rows, encoded_rows, json_value, raw_json_value, value_rows
from syndic.windows.parsing.records import decode_line
from syndic.windows.rejected import Account, OnReject, Reason, Rejected, UnusableError
from syndic.windows.window import MISSING_CODE, Categories, Column, Window

Label = float | str | None
"""A number or a category's text, by the label column's kind. None: collected, but empty."""


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A ground truth file: its address, its bytes, and the hour in which its labels were collected."""

    source: str
    blocks: Iterable[bytes]
    collected: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Ground truth by row id.

    Attributes:
        values: The label that counts for each row id, and the hour it was collected (None unknown).
        spec: The label's column.
        duplicates: Labels replaced by one that was collected later.
        intake: Ground truth records read, used and rejected.
    """

    values: dict[str, tuple[Label, datetime | None]]
    spec: ColumnSpec
    duplicates: int = 0
    intake: Intake = field(default_factory=Intake)

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class LabelCoverage:
    """How much of a window has ground truth; shown beside every number that needs it.

    Attributes:
        rows: Rows of the window.
        labelled: Those that have a label.
        late: Those whose label was collected after the window's end.
        orphans: Labels that belong to no row of the window; usual when labels of other windows are read as well.
        duplicates: Labels replaced by a later one.
    """

    rows: int
    labelled: int
    late: int
    orphans: int
    duplicates: int

    @property
    def share(self) -> float | None:
        """Labelled rows among all rows, None of an empty window."""
        return self.labelled / self.rows if self.rows else None


class _Payload(msgspec.Struct, gc=False):
    data: str
    encoding: str = "CSV"


class _Metadata(msgspec.Struct, gc=False):
    eventId: str  # noqa: N815 (AWS's names)


class _Line(msgspec.Struct, gc=False):
    groundTruthData: _Payload | None = None  # noqa: N815
    eventMetadata: _Metadata | None = None  # noqa: N815
    data: msgspec.Raw = msgspec.Raw(b"")
    specversion: str | None = None


_LINES = msgspec.json.Decoder(_Line)


def parse_labels(files: Iterable[LabelFile], schema: CaptureSchema, *, on_reject: OnReject | None = None) -> Labels:
    """Ground truth of some files, in the order of collection (the last one given wins).

    A line is SageMaker's ground truth record, a collector's CloudEvent whose rows have an id and the label, or a plain
    object with both. The id is the schema's row-id column, else ``eventId``, ``id`` or ``correlationid``. Several
    values in one SageMaker record belong to the rows ``<eventId>#<i>``.
    """
    spec = schema.label or ColumnSpec(name="label", kind=ColumnKind.CATEGORICAL, role=ColumnRole.LABEL)
    reader = _LabelReader(spec, _id_names(schema), Account(on_reject))
    for file in files:
        reader.read(file)
    intake = reader.account.take()
    return Labels(reader.values, spec, reader.duplicates, intake)


def _id_names(schema: CaptureSchema) -> tuple[str, ...]:
    own = tuple(column.name for column in schema.role(ColumnRole.ROW_ID))
    return (*own, "eventId", "inferenceId", "id", "correlationid")


class _LabelReader:
    def __init__(self, spec: ColumnSpec, id_names: Sequence[str], account: Account) -> None:
        self._spec, self._id_names, self.account = spec, id_names, account
        self.values: dict[str, tuple[Label, datetime | None]] = {}
        self.duplicates = 0

    def read(self, file: LabelFile) -> None:
        def reject(line: int, offset: int, reason: Reason, detail: str) -> None:
            self.account.reject(Rejected(file.source, line, offset, reason, detail))

        self.account.objects += 1
        for chunk in LineReader(file.blocks, reject=reject).chunks():
            for line, offset, text in chunk.lines():
                try:
                    labels = list(self._labels(text))
                except UnusableError as error:
                    reject(line, offset, error.reason, error.detail)
                    continue
                self.account.used += 1
                self.account.rows += len(labels)
                for row_id, label in labels:
                    self.duplicates += row_id in self.values
                    self.values[row_id] = (label, file.collected)

    def _labels(self, text: bytes) -> Iterator[tuple[str, Label]]:
        record = decode_line(text, _LINES)
        if record.groundTruthData is not None:
            yield from self._sagemaker(record.groundTruthData, record.eventMetadata)
            return
        value = raw_json_value(record.data if record.specversion and record.data else text)
        for row in value if isinstance(value, list) else [value]:
            if not isinstance(row, dict):
                raise UnusableError(Reason.ENVELOPE, "a label is not an object with an id and a value")
            row_id = next((level_text(row[name]) for name in self._id_names if name in row), None)
            if not row_id:
                raise UnusableError(Reason.ID, "a label has no row id")
            if self._spec.name not in row:
                raise UnusableError(Reason.COLUMNS, "a label record lacks the schema's label column")
            yield row_id, self._label(row[self._spec.name])

    def _sagemaker(self, payload: _Payload, metadata: _Metadata | None) -> Iterator[tuple[str, Label]]:
        if metadata is None or not metadata.eventId:
            raise UnusableError(Reason.ID, "the ground truth record has no eventId")
        names = (self._spec.name,)
        if payload.encoding == "CSV":
            rows = csv_rows(payload.data, names)
        elif payload.encoding == "JSON":
            rows = value_rows(json_value(payload.data), Wanted.columns(names))
        elif payload.encoding == "BASE64":
            rows = encoded_rows(payload.data, None, Wanted.columns(names))
        else:
            raise UnusableError(Reason.ENVELOPE, "the encoding is none of CSV, JSON and BASE64")
        for place, row in enumerate(rows):
            yield (metadata.eventId if len(rows) == 1 else f"{metadata.eventId}#{place}"), self._label(row[0])

    def _label(self, cell: Any) -> Label:
        return number(cell) if self._spec.kind is ColumnKind.NUMERIC else level_text(cell)


def join_labels(window: Window, labels: Labels, spec: ColumnSpec | None = None) -> Window:
    """The same rows with the label column added, missing where there is none; `intake.labels` counts the others.

    Args:
        window: Rows with ids.
        labels: Ground truth by row id.
        spec: The label's column, when it should differ from the labels' own.
    """
    spec = spec or labels.spec
    found = [labels.values.get(row_id, (None, None))[0] if row_id else None for row_id in window.ids]
    found.extend([None] * (window.rows - len(found)))
    column = _column(found, spec)
    present = window.rows - int((column.missing if isinstance(column, Categories) else np.isnan(column)).sum())
    joined = window.with_column(spec, column)
    return replace(joined, intake=joined.intake.model_copy(update={"labels": present}))


def _column(found: Sequence[Label], spec: ColumnSpec) -> Column:
    if spec.kind is ColumnKind.NUMERIC:
        return np.array([number(label) for label in found], dtype=np.float64)
    levels: dict[str, int] = {}
    codes: NDArray[np.int32] = np.full(len(found), MISSING_CODE, np.int32)
    for place, label in enumerate(found):
        text = level_text(label)
        if text is not None:
            codes[place] = levels.setdefault(text, len(levels))
    return Categories(codes, tuple(levels))


def label_coverage(windows: Iterable[Window], labels: Labels, *, window: TimeWindow | None = None) -> LabelCoverage:
    """How many rows of a window, given in pieces, the labels cover. `window` tells which labels came late."""
    rows = labelled = late = 0
    matched: set[str] = set()
    for piece in windows:
        rows += piece.rows
        for row_id in piece.ids:
            label, collected = labels.values.get(row_id, (None, None)) if row_id else (None, None)
            if row_id in labels.values:
                matched.add(row_id)
            if label is None or label != label:  # noqa: PLR0124 (NaN)
                continue
            labelled += 1
            late += window is not None and collected is not None and collected >= window.end
    return LabelCoverage(rows, labelled, late, len(labels) - len(matched), labels.duplicates)
