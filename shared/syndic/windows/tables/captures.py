"""Capture files read as tables, without a registered model."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from syndic.errors import InvalidInputError
from syndic.models import CaptureFormat, CaptureSchema, ColumnRole, Intake
from syndic.windows.formats.table import FORMATS
from syndic.windows.rejected import Rejected
from syndic.windows.tables.capture_names import Names, contradiction, names_for
from syndic.windows.tables.capture_schemas import FoundSide, form_of, found_sides
from syndic.windows.tables.sources import TableSource
from syndic.windows.window import Window, concatenate

_HINT: Final = "--schema FILE names them"


@dataclass(frozen=True, slots=True)
class FoundRows:
    """What capture records hold, found in themselves.

    Attributes:
        schema: Their columns: inputs as features, outputs as predictions.
        window: The rows, read with it.
        unnamed: Names that were made up, as the rows bring none.
        nested: Columns that hold nothing but lists and objects, and are left out.
    """

    schema: CaptureSchema
    window: Window
    unnamed: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()


def find_rows(source: TableSource) -> FoundRows:
    """Rows and columns of capture records of either cloud. Raises `InvalidInputError` as `read_captures`."""
    form = form_of(source)
    inputs, outputs = _sides(source, form)
    names = names_for(inputs, outputs, None)
    schema = _schema(inputs, outputs, names)
    window = _read(source, form, schema)
    nested = tuple(sorted({*inputs.nested, *outputs.nested} - window.columns.keys()))
    window = replace(window, intake=_with_lacks(window.intake, inputs, outputs))
    return FoundRows(schema, window, names.unnamed, nested)


def read_captures(
    source: TableSource, schema: CaptureSchema | None, beside: Window | None, answers: Collection[str] = ()
) -> Window:
    """Rows of a capture file of either cloud.

    Args:
        source: The file; .gz is inflated.
        schema: The columns. None: they are found in the file.
        beside: The table it is compared with. Rows without names, such as captured CSV, take those of its columns by
            their position when their number fits and their values do not contradict it; the window's intake says so.
            Otherwise their columns are ``input_0`` ... and ``output_0`` ...
        answers: Columns that are the model's answer, also where an input has the same name.

    Raises:
        InvalidInputError: The file is no capture file, or none of its records can be used.
    """
    form = form_of(source)
    if schema is not None:
        return _read(source, form, schema.answering(answers))
    inputs, outputs = _sides(source, form)
    names = names_for(inputs, outputs, beside)
    window = _read(source, form, _schema(inputs, outputs, names).answering(answers))
    said = None
    if inputs.unnamed or outputs.unnamed:
        said = f"captured rows have no names: they are called {_some(names.unnamed)}; {_HINT}"
    if names.guessed and beside is not None:
        wrong = contradiction(window, beside, names)
        if wrong is None:
            said = (
                f"captured rows have no names: they were named in the order of the other table's columns "
                f"({_some(names.guessed)}), which is a guess; {_HINT} for certain"
            )
        else:
            names = names_for(inputs, outputs, None)
            window = _read(source, form, _schema(inputs, outputs, names).answering(answers))
            said = (
                f"captured rows have no names, and the other table's order of columns is not theirs: {wrong}; {_HINT}"
            )
    found = {"naming": said, "nested": tuple(sorted({*inputs.nested, *outputs.nested} - window.columns.keys()))}
    return replace(window, intake=_with_lacks(window.intake, inputs, outputs).model_copy(update=found))


def _sides(source: TableSource, form: CaptureFormat) -> tuple[FoundSide, FoundSide]:
    inputs, outputs = found_sides(source, form)
    if not (inputs.found or outputs.found):
        faults = ", ".join({**outputs.example, **inputs.example}.values()) or "they hold no rows"
        raise InvalidInputError(f"none of the records can be used: {faults}", where=source.name)
    return inputs, outputs


def _schema(inputs: FoundSide, outputs: FoundSide, names: Names) -> CaptureSchema:
    return CaptureSchema(
        inputs=inputs.specs(names.inputs, ColumnRole.FEATURE),
        outputs=outputs.specs(names.outputs, ColumnRole.PREDICTION),
    )


def _read(source: TableSource, form: CaptureFormat, schema: CaptureSchema) -> Window:
    rejected: list[Rejected] = []

    def keep_first(line: Rejected) -> None:
        if not rejected:
            rejected.append(line)

    window = concatenate(FORMATS[form].parse(source.blocks(), schema, source=source.name, on_reject=keep_first))
    if not window.rows:
        first = f"; the first: {rejected[0].detail}" if rejected else ""
        raise InvalidInputError(
            f"none of the {window.intake.read} records can be used{first}",
            where=source.name,
            line=rejected[0].line if rejected else None,
        )
    return window


def _with_lacks(intake: Intake, inputs: FoundSide, outputs: FoundSide) -> Intake:
    """Count the payloads of a side of which nothing could be read: no column was found, so none is missing there."""
    for side in (inputs, outputs):
        if side.faults and not side.found and not intake.partial:
            partial = {
                "partial": min(side.faults.total(), intake.used),
                "partial_reasons": dict(sorted(side.faults.items())),
                "examples": {**side.example, **intake.examples},
            }
            intake = intake.model_copy(update=partial)
    return intake


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
