"""What reading a table gave: its columns, and what must be said about the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, ColumnKind
from syndic.windows.cells.decimal_marks import Spelling
from syndic.windows.window import Column

NESTED: Final = "lists or objects cannot be measured"
"""Why nested columns are set aside."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a table's columns before it is read.

    Attributes:
        kinds: Kinds that are declared.
        decimals: Decimal marks of columns, where they are known from elsewhere; they settle what a column leaves open.
        decimal: That of all others that leave it open.
        as_text: Columns whose texts are looked at even when each is a number to a machine.
        schema: The model's columns, which name by position what has no names of its own.
        names: Other names by position, those of the table it is compared with.
    """

    kinds: Mapping[str, ColumnKind] = field(default_factory=dict)
    decimals: Mapping[str, str] = field(default_factory=dict)
    decimal: str | None = None
    as_text: Collection[str] = ()
    schema: CaptureSchema | None = None
    names: tuple[str, ...] = ()

    def decimal_of(self, name: str) -> str | None:
        """The decimal mark of a column that leaves it open, None when it is not known."""
        return self.decimals.get(name, self.decimal)


@dataclass(slots=True)
class ColumnsRead:
    """Columns of one table.

    Attributes:
        columns: By name, in the table's order.
        spellings: How the numbers written for people are written, by column.
        doubts: Columns that are left out because their numbers can be read in two ways: the mark in doubt, if any.
        again: How to read a column in doubt once more, when more is known.
        proven: Columns written for people, a value of which can be read by one decimal mark only: that mark.
        ruled: Columns whose mark was taken for one between thousands by a rule: their decimal mark, and what makes the
            error of such a value.
        refused: Columns that cannot be read, and why: asking for one raises that error.
        set_aside: Columns that cannot be measured by their type, and why.
        notes: Other things that the reader must know.
    """

    columns: dict[str, Column] = field(default_factory=dict)
    spellings: dict[str, Spelling] = field(default_factory=dict)
    doubts: dict[str, str | None] = field(default_factory=dict)
    again: dict[str, Callable[[Wanted], None]] = field(default_factory=dict)
    proven: dict[str, str] = field(default_factory=dict)
    ruled: dict[str, tuple[str, Callable[[str], InvalidInputError]]] = field(default_factory=dict)
    refused: dict[str, InvalidInputError] = field(default_factory=dict)
    set_aside: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
