"""One decimal mark for a file: what its other columns prove tells of one that proves nothing itself.

An export is written by one program in one locale. So where a column of ``20,50`` stands beside one of ``1,234``, that
comma is a decimal comma too. Where the columns contradict each other nothing is known, and the column is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from syndic.windows.cells.number_spellings import COMMA, POINT
from syndic.windows.tables.columns_read import ColumnsRead, Wanted

_SAID: Final = {POINT: "point", COMMA: "comma"}

OPEN: Final = (
    "a point before three digits may stand before decimals, as in {}, or between thousands, as where other columns of "
    "the file have a decimal comma: --decimal-mark tells"
)


def proven_mark(found: ColumnsRead, *, machine: str | None = None) -> str | None:
    """The one decimal mark of a file; None where no column proves one, or two prove different ones.

    Args:
        found: The columns read so far.
        machine: A column of plain numbers with a decimal point, as a program writes them; None where there is none.
    """
    marks = {*found.proven.values(), *([POINT] if machine is not None else [])}
    return marks.pop() if len(marks) == 1 else None


def settle_by_file(found: ColumnsRead, wanted: Wanted, *, machine: str | None = None) -> None:
    """Read the columns that leave their mark open as the others of the file are written, and say so.

    A column whose mark was taken for one between thousands by a rule, while another column's values prove the contrary,
    is refused.
    """
    mark = proven_mark(found, machine=machine)
    witness = next((name for name, proven in found.proven.items() if proven == mark), machine)
    for name in [*found.doubts]:
        if mark is not None and name in found.again and wanted.decimal_of(name) is None:
            del found.doubts[name], found.refused[name]
            found.again[name](replace(wanted, decimals={**wanted.decimals, name: mark}))
            if name in found.columns:
                found.notes.append(f"{name} leaves its decimal mark open: it is the {_SAID[mark]}, as in {witness}")
    people = set(found.proven.values())
    for name, (ruled, fault) in found.ruled.items():
        others = people - {ruled}
        if others and wanted.decimal_of(name) is None and name not in found.proven:
            other = next(column for column, proven in found.proven.items() if proven != ruled)
            found.columns.pop(name, None)
            found.spellings.pop(name, None)
            found.refused[name] = fault(
                f"a mark before three digits would stand between thousands, but {other} has a decimal "
                f"{_SAID[others.pop()]}: which of the two it is cannot be told"
            )
            found.doubts[name] = None
