"""How a CSV file is laid out: its delimiter, and whether its first line holds names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice, pairwise

from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, ColumnKind
from syndic.windows.cells.cell import MISSING_TEXTS, plain_number
from syndic.windows.cells.number_spellings import spelled

DELIMITERS = ",;\t|"
SAMPLE = 25  # lines looked at
_DECLARED = re.compile(r"\"?sep=(?P<mark>[,;|\t])\"?\s*", re.IGNORECASE)


def declared_delimiter(lines: Sequence[str]) -> str | None:
    """The delimiter that a first line ``sep=;`` names, as spreadsheets write and read it; None without such a line."""
    said = _DECLARED.fullmatch(lines[0]) if lines else None
    return said["mark"] if said else None


def is_blank(row: Sequence[str]) -> bool:
    """Whether a record of CSV is an empty line, or one of white space."""
    return not row or (len(row) == 1 and not row[0].strip())


def delimiter_of(lines: Sequence[str], *, whole: bool) -> str:
    """The delimiter by which the first lines have the same number of fields, more than one.

    Of several the one that leaves more fields that are numbers, the comma first. Where none does, the one that the
    first line holds most of outside quotes.

    Args:
        lines: The first lines with their ends.
        whole: Whether these are all lines of the file.
    """
    fitting = [(_numbers(rows), mark) for mark in DELIMITERS if (rows := _even_rows(lines, mark, whole=whole))]
    if fitting:
        most = max(share for share, _ in fitting)
        return next(mark for share, mark in fitting if share == most)
    bare = "".join(lines[0].split('"')[::2]) if lines else ""
    return max(DELIMITERS, key=bare.count)


def _even_rows(lines: Sequence[str], delimiter: str, *, whole: bool) -> list[list[str]]:
    """The records of the sample, or nothing when they differ in their number of fields or have only one."""
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(row for row in reader if not is_blank(row))
    except csv.Error:
        if whole or reader.line_num < len(lines):  # a quoted field may be cut by the end of the sample
            return []
    return rows if rows and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1 else []


def _numbers(rows: Sequence[Sequence[str]]) -> float:
    """The share of the fields that are numbers."""
    return sum(spelled(cell) is not None for row in rows for cell in row) / (len(rows) * len(rows[0]))


def records(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The first records of a sample; what is malformed ends them, and is told when the file is read."""
    found: list[list[str]] = []
    rows: Iterator[list[str]] = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    with suppress(csv.Error):
        found.extend(row for row in islice(rows, SAMPLE) if not is_blank(row))
    return found


def header_fault(first: Sequence[str], others: Sequence[Sequence[str]]) -> str | None:
    """Why the first line cannot be the names of the columns, or None.

    Names may be sequential numbers, as of a matrix or of years. Other numbers are values when every field of the first
    line is one, or when the lines below hold numbers in exactly the same places.
    """
    if len(first) == 1:
        return _quoted(first[0], [row[0] for row in others if len(row) == 1])
    fields = [field.strip() for field in first]
    numbers = [number for field in fields if field and (number := plain_number(field)) is not None]
    steps = {after - before for before, after in pairwise(numbers)}
    running = steps == {1.0} or (len(numbers) == 1 and numbers[0].is_integer() and not others)
    if not numbers and _come_again(fields, others):
        return "the first line holds values that come again below, not names: give the names with --schema FILE"
    if not numbers or running:
        return None
    places = [plain_number(field) is not None for field in fields]
    alike = bool(others) and all(
        len(row) == len(first)
        and [plain_number(cell) is not None or cell.strip() in MISSING_TEXTS for cell in row] == places
        for row in others
    )
    if all(plain_number(field) is not None for field in fields if field) or alike:
        return "the first line holds values, not the names of the columns: give the names with --schema FILE"
    return None


def _come_again(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether more than half of the fields of the first line are met again in their columns: names are not."""
    columns = list(zip(*(row for row in others if len(row) == len(first)), strict=True))
    if not columns:
        return False
    again = sum(bool(field) and field in map(str.strip, cells) for field, cells in zip(first, columns, strict=True))
    return 2 * again > len(first)


def _quoted(first: str, others: Sequence[str]) -> str | None:
    for delimiter in DELIMITERS:
        count = first.count(delimiter)
        if count and others and all(text.count(delimiter) == count for text in others):
            return (
                f"each line is one quoted field that holds {count + 1} fields of its own: take the quotes around the "
                "lines away"
            )
    if plain_number(first.strip()) is not None:
        return "the first line holds a value, not the name of the column: give the name with --schema FILE"
    return None


def named_by(
    schema: CaptureSchema, first: Sequence[str], others: Sequence[Sequence[str]], *, where: str
) -> tuple[str, ...] | None:
    """The schema's names for a file whose first line holds values, or None when it holds some of the names.

    By position, as in captured CSV: the inputs, or inputs and outputs, or these and the label. Raises
    `InvalidInputError` when the first line holds neither names of the schema nor values that fit its columns.
    """
    fields = [field.strip() for field in first]
    names = tuple(column.name for column in schema.columns)
    if set(fields) & set(names):
        return None
    widths = (len(schema.inputs), len(schema.inputs) + len(schema.outputs), len(names))
    numeric = [place for place, column in enumerate(schema.columns) if column.kind is ColumnKind.NUMERIC]
    if len(fields) not in widths:
        said = f"as values its {len(fields)} fields do not fit the {len(names)} columns"
    elif not all(_number_or_missing(fields[place]) for place in numeric if place < len(fields)):
        said = "it does not hold numbers where the schema has them"
    elif not any(place < len(fields) for place in numeric) and not _come_again(fields, others):
        said = "no field of it comes again in its column, as values would"
    else:
        return names[: len(fields)]
    raise InvalidInputError(
        f"the table has none of the schema's columns: the first line names none of them, and {said}",
        where=where,
        line=1,
    )


def _number_or_missing(text: str) -> bool:
    return spelled(text) is not None
