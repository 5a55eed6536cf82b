"""Parsed chunks gathered into pieces of a window of bounded size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syndic.models import CaptureSchema
from syndic.windows.cells.cell import level_text, number
from syndic.windows.parsing.payloads import Row
from syndic.windows.parsing.plain_columns import PlacedColumns, PlainColumns
from syndic.windows.parsing.sides import Columns, Rows, Side
from syndic.windows.rejected import Account, UnusableError
from syndic.windows.window import Column, Window

PIECE_ROWS = 65_536
_PIECE_BYTES = 8 * 1024 * 1024  # of columns


class PieceBuilder:
    """Takes checked rows of both sides and gives windows of at most about 8 MiB of columns."""

    def __init__(self, schema: CaptureSchema, account: Account) -> None:
        inputs, outputs = schema.sides
        self.inputs, self.outputs = Side(inputs), Side(outputs, answers=True)
        self.account = account
        self._specs = schema.captured
        self._echoes = [
            (name, self.inputs.names.index(name), self.outputs.names.index(name)) for name in sorted(schema.echoes)
        ]
        kept = set(self.outputs.kept_names)
        account.answered = tuple(sorted(kept.intersection(self.inputs.names).difference(self.inputs.kept_names)))
        width = max(1, len(self.inputs.kept) + len(self.outputs.kept))
        self._limit = max(256, min(PIECE_ROWS, _PIECE_BYTES // (8 * width)))
        self._parts: list[tuple[Columns, Columns]] = []
        self._ids: list[str | None] = []
        self._times: list[NDArray[np.datetime64]] = []

    @property
    def full(self) -> bool:
        """Whether the piece should be taken before more rows are added."""
        return len(self._ids) >= self._limit

    def add(self, ids: Sequence[str | None], times: NDArray[np.datetime64], inputs: Rows, outputs: Rows) -> None:
        """Add rows: ids, times and the checked rows of each side."""
        if not len(ids):
            return
        self._ids.extend(ids)
        self._times.append(times)
        self.account.rows += len(ids)
        for name, place, echoed in self._echoes:
            self._compare(name, _cells(inputs, place), _cells(outputs, echoed))
        self._parts.append((self.inputs.columns(inputs), self.outputs.columns(outputs)))

    def _compare(self, name: str, given: Sequence[Any], repeated: Sequence[Any]) -> None:
        """Count the rows in which an output that repeats an input has another value."""
        pairs = [(one, other) for one, other in zip(given, repeated, strict=True) if other is not None]
        if pairs:
            differing = sum(not same_value(one, other) for one, other in pairs)
            self.account.echoes[name] = self.account.echoes.get(name, 0) + differing

    def take(self) -> Window:
        """The rows added since the last time, with the account of the records behind them."""
        columns: dict[str, Column] = {}
        for place, side in enumerate((self.inputs, self.outputs)):
            columns |= side.finished([part[place] for part in self._parts])
            side.start_piece()
        self._parts = []
        times = np.concatenate(self._times) if self._times else np.zeros(0, "datetime64[ms]")
        window = Window(len(self._ids), columns, tuple(self._ids), times, self.account.take(), self._specs)
        self._ids, self._times = [], []
        return window

    @property
    def has_news(self) -> bool:
        """Whether anything was counted or added since the last piece."""
        account = self.account
        return bool(self._ids or account.used or account.objects or account.reasons)


class Placement:
    """Where each record's rows go when records hold none, one or several.

    Args:
        counts: The number of rows of each record; 0 when it is not used.
    """

    def __init__(self, counts: NDArray[np.intp]) -> None:
        self._counts = counts
        self._starts = np.cumsum(counts) - counts
        self._total = int(counts.sum())

    def placed(
        self, side: Side, plain: Sequence[int], plain_rows: Rows, calls: Mapping[int, Sequence[Row] | None]
    ) -> Rows:
        """One side's rows in the order of their records; blank ones where the side was not captured."""
        used = np.flatnonzero(self._counts[list(plain)])
        starts = self._starts[np.asarray(plain, np.intp)[used]]
        if isinstance(plain_rows, np.ndarray):
            matrix = np.full((self._total, side.width), np.nan)
            matrix[starts] = plain_rows[used]
            for record, rows in calls.items():
                if rows is not None and self._counts[record]:
                    start = self._starts[record]
                    matrix[start : start + len(rows)] = rows
            return matrix
        if isinstance(plain_rows, PlainColumns):
            others = {
                int(self._starts[record]) + number: row
                for record, rows in calls.items()
                if rows is not None and self._counts[record]
                for number, row in enumerate(rows)
            }
            return PlacedColumns(
                self._total, plain_rows.chosen(used), starts.astype(np.intp), others=others, blank=side.blank
            )
        plain_rows = list(plain_rows)
        table: list[Row] = [side.blank] * self._total
        for index, start in zip(used.tolist(), starts.tolist(), strict=True):
            table[start] = plain_rows[index]
        for record, rows in calls.items():
            if rows is not None and self._counts[record]:
                start = int(self._starts[record])
                table[start : start + len(rows)] = rows
        return table

    def ids(self, record_ids: Sequence[str | None]) -> list[str | None]:
        """Each row's id: its record's, with ``#<i>`` where a record holds several rows."""
        ids: list[str | None] = []
        done = 0
        for place in np.flatnonzero(self._counts != 1).tolist():
            ids.extend(record_ids[done:place])
            record_id, done = record_ids[place], place + 1
            rows = range(int(self._counts[place]))
            ids.extend(None if record_id is None else f"{record_id}#{row}" for row in rows)
        ids.extend(record_ids[done:])
        return ids


def _cells(rows: Rows, place: int) -> Sequence[Any]:
    if isinstance(rows, np.ndarray):
        cells: list[Any] = rows[:, place].tolist()
        return cells
    return rows.column(place) if isinstance(rows, PlainColumns) else [row[place] for row in rows]


def same_value(one: Any, other: Any) -> bool:
    """Whether two captured cells say the same, as numbers or as text: 5, 5.0 and "5" do."""
    try:
        if level_text(one) == level_text(other):
            return True
        return number(one) == number(other)
    except UnusableError:
        return False
