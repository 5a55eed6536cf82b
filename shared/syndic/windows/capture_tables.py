"""Capture files read as tables, without a registered model: names and kinds are found in the file itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from syndic.errors import InvalidInputError
from syndic.models import CaptureFormat, CaptureSchema, ColumnKind, ColumnRole, ColumnSpec
from syndic.windows.cells import MISSING_TEXTS, plain_number
from syndic.windows.collector import parse_collector
from syndic.windows.lines import LineReader
from syndic.windows.payloads import decode_base64, json_value, raw_json_value, unnamed_csv_rows, unwrapped_rows
from syndic.windows.records import decode_line
from syndic.windows.rejected import Reason, Rejected, UnusableError
from syndic.windows.sagemaker import parse_sagemaker
from syndic.windows.sources import TableSource
from syndic.windows.window import Window, concatenate

_MOSTLY = 0.9  # of a column's present cells must be numbers; then other texts are faults, not categories


class _Payload(msgspec.Struct, gc=False):
    data: str = ""
    encoding: str = ""


class _Sides(msgspec.Struct, gc=False):
    endpointInput: _Payload | None = None  # noqa: N815 (AWS's names)
    endpointOutput: _Payload | None = None  # noqa: N815


class _Line(msgspec.Struct, gc=False):
    captureData: _Sides | None = None  # noqa: N815
    specversion: str | None = None
    type: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


_LINES = msgspec.json.Decoder(_Line)


def read_captures(source: TableSource, schema: CaptureSchema | None, names: Sequence[str]) -> Window:
    """Rows of a capture file of either cloud.

    Args:
        source: The file; .gz is inflated.
        schema: The columns. None: they are found in the file.
        names: The columns of the table it is compared with: they name captured CSV, which has no names of its own, when
            their number fits; otherwise its columns are ``input_0`` ... and ``output_0`` ...

    Raises:
        InvalidInputError: The file is no capture file, or none of its records can be used.
    """
    form = _form(source)
    found = schema or _schema_of(source, names)
    rejected: list[Rejected] = []

    def keep_first(line: Rejected) -> None:
        if not rejected:
            rejected.append(line)

    if form is CaptureFormat.SAGEMAKER:
        pieces = parse_sagemaker(source.blocks(), found, source=source.name, on_reject=keep_first)
    else:
        pieces = parse_collector(source.blocks(), found, source=source.name, on_reject=keep_first, growing=False)
    window = concatenate(pieces)
    if not window.rows:
        first = f"; the first: {rejected[0].detail}" if rejected else ""
        raise InvalidInputError(
            f"none of the {window.intake.read} records can be used{first}",
            where=source.name,
            line=rejected[0].line if rejected else None,
        )
    return window


def _ignore(line: int, offset: int, reason: Reason, detail: str) -> None:
    """Faults are told when the file is read with its schema."""


def _lines(source: TableSource) -> Iterable[_Line]:
    for chunk in LineReader(source.blocks(), reject=_ignore).chunks():
        for _, _, text in chunk.lines():
            try:
                yield decode_line(text, _LINES)
            except UnusableError:
                continue


def _form(source: TableSource) -> CaptureFormat:
    for line in _lines(source):
        if line.captureData is not None:
            return CaptureFormat.SAGEMAKER
        if line.specversion is not None:
            return CaptureFormat.AZURE_COLLECTOR
    raise InvalidInputError(
        "no line is a capture record of SageMaker or of the Azure ML data collector", where=source.name
    )


class _Found:
    """What is known of one side's columns."""

    def __init__(self) -> None:
        self.present: dict[str | int, int] = {}
        self.numbers: dict[str | int, int] = {}

    def add(self, rows: Iterable[Any]) -> None:
        for row in rows:
            cells = row.items() if isinstance(row, dict) else enumerate(row)
            for name, cell in cells:
                self.present.setdefault(name, 0)
                if cell is None or (isinstance(cell, str) and cell.strip() in MISSING_TEXTS):
                    continue
                self.present[name] += 1
                self.numbers[name] = self.numbers.get(name, 0) + _is_number(cell)

    def specs(self, prefix: str, names: Sequence[str], role: ColumnRole) -> tuple[ColumnSpec, ...]:
        """Columns by name where rows had names, else by position."""
        named = [name for name in self.present if isinstance(name, str)]
        keys: list[str | int] = list(named) if named else sorted(self.present, key=str)
        if not named:
            keys = list(range(len(self.present)))
        return tuple(
            ColumnSpec(
                name=key if isinstance(key, str) else names[key] if names else f"{prefix}_{key}",
                kind=self._kind(key),
                role=role,
            )
            for key in keys
        )

    def _kind(self, key: str | int) -> ColumnKind:
        numbers = self.numbers.get(key, 0) >= _MOSTLY * self.present.get(key, 0)
        return ColumnKind.NUMERIC if numbers else ColumnKind.CATEGORICAL

    @property
    def unnamed(self) -> int:
        """The number of columns without a name."""
        return 0 if any(isinstance(name, str) for name in self.present) else len(self.present)


def _schema_of(source: TableSource, names: Sequence[str]) -> CaptureSchema:
    inputs, outputs = _Found(), _Found()
    for line in _lines(source):
        try:
            if line.captureData is not None:
                inputs.add(_payload_rows(line.captureData.endpointInput))
                outputs.add(_payload_rows(line.captureData.endpointOutput))
            else:
                answers = (line.type or "").endswith(("outputs", "response"))
                (outputs if answers else inputs).add(unwrapped_rows(raw_json_value(line.data)))
        except UnusableError:
            continue
    given, answered = inputs.unnamed, outputs.unnamed
    fits_inputs = given and len(names) in (given, given + answered)
    fits_both = fits_inputs and len(names) == given + answered
    return CaptureSchema(
        inputs=inputs.specs("input", names[:given] if fits_inputs else (), ColumnRole.FEATURE),
        outputs=outputs.specs("output", names[given:] if fits_both else (), ColumnRole.PREDICTION),
    )


def _payload_rows(payload: _Payload | None) -> list[Any]:
    if payload is None:
        return []
    text = decode_base64(payload.data) if payload.encoding == "BASE64" else payload.data
    if payload.encoding == "JSON" or (payload.encoding == "BASE64" and text.lstrip()[:1] in {"[", "{"}):
        return unwrapped_rows(json_value(text))
    return unnamed_csv_rows(text)


def _is_number(cell: Any) -> bool:
    if isinstance(cell, str):
        return plain_number(cell) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)
