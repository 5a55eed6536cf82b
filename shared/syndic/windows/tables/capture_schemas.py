"""The columns of a capture file found in the file itself, for people who bring one without a registered model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from syndic.errors import InvalidInputError
from syndic.models import CaptureFormat, ColumnKind, ColumnRole, ColumnSpec
from syndic.windows.cells.cell import MISSING_TEXTS, plain_number
from syndic.windows.cells.decimal_marks import MANY
from syndic.windows.formats.table import FORMATS
from syndic.windows.parsing.lines import LineReader
from syndic.windows.rejected import Reason, UnusableError
from syndic.windows.tables.sources import TableSource

_MOSTLY: Final = 0.9  # of a column's present cells must be numbers; then other texts are faults, not categories
_MANY_ANSWERS: Final = 0.5  # of answers with many different numbers: words among them are calls that failed


@dataclass(slots=True)
class _Cells:
    """What the cells of some columns, by name or by position, are."""

    present: dict[str | int, int] = field(default_factory=dict)
    numbers: dict[str | int, int] = field(default_factory=dict)
    nested: dict[str | int, int] = field(default_factory=dict)
    different: dict[str | int, set[str]] = field(default_factory=dict)  # the first different numbers

    def add(self, cells: Iterable[tuple[str | int, Any]]) -> None:
        for name, cell in cells:
            self.present.setdefault(name, 0)
            if cell is None or (isinstance(cell, str) and cell.strip() in MISSING_TEXTS):
                continue
            if isinstance(cell, dict | list):
                self.nested[name] = self.nested.get(name, 0) + 1
                continue
            self.present[name] += 1
            if not _is_number(cell):
                continue
            self.numbers[name] = self.numbers.get(name, 0) + 1
            seen = self.different.setdefault(name, set())
            if len(seen) <= MANY:
                seen.add(str(cell))

    def holds_nested(self, key: str | int) -> bool:
        """Whether a column holds lists or objects and nothing else."""
        return not self.present.get(key, 0) and bool(self.nested.get(key, 0))

    def spec(self, key: str | int, name: str, role: ColumnRole) -> ColumnSpec:
        """A column; one that never holds anything but lists and objects is none that can be measured."""
        mostly = _MOSTLY
        if role is not ColumnRole.FEATURE and len(self.different.get(key, ())) > MANY:
            mostly = _MANY_ANSWERS
        numeric = self.numbers.get(key, 0) >= mostly * self.present.get(key, 0)
        if self.holds_nested(key):
            role = ColumnRole.IGNORED
        return ColumnSpec(name=name, kind=ColumnKind.NUMERIC if numeric else ColumnKind.CATEGORICAL, role=role)


class FoundSide:
    """What is known of one side's columns.

    Attributes:
        faults: Payloads that no row could be read from, by reason.
        example: What was wrong with one of them.
    """

    def __init__(self) -> None:
        self._named = _Cells()
        self._by_width: dict[int, _Cells] = {}
        self._widths: Counter[int] = Counter()
        self.faults: Counter[str] = Counter()
        self.example: dict[str, str] = {}

    def add(self, rows: Iterable[Any]) -> None:
        """Rows of a payload: objects, or lists without names."""
        for row in rows:
            if isinstance(row, dict):
                self._named.add((str(name), cell) for name, cell in row.items())
            else:
                self._widths[len(row)] += 1
                self._by_width.setdefault(len(row), _Cells()).add(enumerate(row))

    def fail(self, error: UnusableError) -> None:
        """A payload that cannot be read."""
        self.faults[error.reason.value] += 1
        self.example.setdefault(error.reason.value, error.detail)

    @property
    def names(self) -> tuple[str, ...]:
        """Names that the rows bring themselves."""
        return tuple(name for name in self._named.present if isinstance(name, str) and name)

    @property
    def found(self) -> bool:
        """Whether there is any column."""
        return bool(self.names or self.unnamed)

    @property
    def unnamed(self) -> int:
        """The number of columns without a name: as many as most rows have."""
        if self.names or not self._widths:
            return 0
        return max(self._widths.items(), key=lambda item: (item[1], item[0]))[0]

    @property
    def nested(self) -> tuple[str, ...]:
        """Named columns that hold nothing but lists and objects."""
        return tuple(name for name in self.names if self._named.holds_nested(name))

    def specs(self, names: Sequence[str], role: ColumnRole) -> tuple[ColumnSpec, ...]:
        """The columns; those without a name get these names."""
        if self.names:
            return tuple(self._named.spec(name, name, role) for name in self.names)
        cells = self._by_width.get(self.unnamed, _Cells())
        return tuple(cells.spec(place, name, role) for place, name in enumerate(names[: self.unnamed]))


def form_of(source: TableSource) -> CaptureFormat:
    """Which cloud wrote a capture file. Raises `InvalidInputError` when none did."""
    for line in _lines(source):
        for form, one in FORMATS.items():
            if one.recognises(line):
                return form
    raise InvalidInputError(
        "no line is a capture record of SageMaker or of the Azure ML data collector", where=source.name
    )


def found_sides(source: TableSource, form: CaptureFormat) -> tuple[FoundSide, FoundSide]:
    """What the records of a capture file hold as inputs and as outputs."""
    inputs, outputs = FoundSide(), FoundSide()
    for line in _lines(source):
        asked = 0  # rows of the question, where the line holds both sides
        for glimpse in FORMATS[form].glimpse(line):
            side = outputs if glimpse.answers else inputs
            try:
                rows = list(glimpse.rows())
                side.add(_one_answer(rows) if glimpse.answers and asked == 1 else rows)
                asked = 0 if glimpse.answers else len(rows)
            except UnusableError as error:
                side.fail(error)
    return inputs, outputs


def _one_answer(rows: list[Any]) -> list[Any]:
    """Single values, such as the probabilities of each class, as the one row that answers one row."""
    if len(rows) > 1 and all(len(row) == 1 for row in rows):
        return [[cell for row in rows for cell in (row.values() if isinstance(row, dict) else row)]]
    return rows


def _ignore(line: int, offset: int, reason: Reason, detail: str) -> None:
    """Faults are told when the file is read with its schema."""


def _lines(source: TableSource) -> Iterator[bytes]:
    for chunk in LineReader(source.blocks(), reject=_ignore).chunks():
        for _, _, text in chunk.lines():
            yield text


def _is_number(cell: Any) -> bool:
    if isinstance(cell, str):
        return plain_number(cell) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)
