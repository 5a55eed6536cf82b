"""Rows of a request, whatever its shape was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from syndic.errors import InvalidInputError

MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 5_000_000
"""Of one request: API Gateway takes 10 MB and a function 6, the answer included."""

LONGEST_NAME: Final = 1_000
"""Characters of a feature's name."""

Value = str | float | int | bool | None
"""One cell as JSON has it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one request.

    Args:
        named: A mapping of feature to value for each row. None: the request gave values by place.
        placed: The values of each row by place. None: they are named.
        ids: What the caller calls the rows; None where they have no ids.
        shape: The shape in which they came, such as ``dataframe_split``.
    """

    named: Sequence[Mapping[str, Value]] | None
    placed: Sequence[Sequence[Value]] | None
    shape: str
    ids: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.named if self.named is not None else self.placed or ())


def of_named(rows: Sequence[Mapping[str, Value]], shape: str) -> Rows:
    """Rows with names. Raises `InvalidInputError` for none, too many, or a value that is no single one."""
    _counted(rows, shape)
    for place, row in enumerate(rows):
        named_well(row, f"{shape}[{place}]")
        for name, value in row.items():
            _single(value, f"{shape}[{place}].{name}")
    return Rows(rows, None, shape)


def of_placed(rows: Sequence[Sequence[Value]], shape: str) -> Rows:
    """Rows by place. Raises `InvalidInputError` for none, too many, or a value that is no single one."""
    _counted(rows, shape)
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            _single(value, f"{shape}[{place}][{column}]")
    return Rows(None, rows, shape)


def named_well(names: Iterable[str], where: str) -> None:
    """Raises `InvalidInputError` for a name that is too long to be one: errors and records repeat names."""
    for name in names:
        if len(name) > LONGEST_NAME:
            raise InvalidInputError(f"a name has more than {LONGEST_NAME} characters", where=where)


def _counted(rows: Sequence[object], shape: str) -> None:
    if not rows:
        raise InvalidInputError("there is no row to predict for", where=shape)
    if len(rows) > MOST_ROWS:
        raise InvalidInputError(f"{len(rows)} rows; at most {MOST_ROWS} can be asked for at once", where=shape)


def _single(value: object, where: str) -> None:
    if isinstance(value, dict | list):
        raise InvalidInputError("a single value is expected, not a list or an object", where=where)
