"""Yes and no in two tables, each in its own words: one column, said in a note."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from syndic.errors import InvalidInputError
from syndic.models import ColumnKind, ColumnSpec
from syndic.windows.cells.vocabulary import Sense, listed, sense_of
from syndic.windows.tables.read_table import Table
from syndic.windows.window import Categories, Column, Window

_TRUTHS: Final = frozenset({"true", "false"})
_ANSWERS: Final = frozenset({Sense.YES, Sense.NO})


def are_truths(column: Categories) -> bool:
    """Whether a column holds only true and false."""
    return bool(column.levels) and _TRUTHS.issuperset(column.levels)


def with_truths(one: Window, other: Window, tables: tuple[Table, Table]) -> tuple[Window, Window]:
    """0 and 1 as false and true where the other side has truths."""
    for name in one.columns.keys() & other.columns.keys():
        for swapped in (False, True):
            this, that = (other, one) if swapped else (one, other)
            if not (isinstance(truths := that.columns[name], Categories) and are_truths(truths)):
                continue
            changed = _as_truths(this.columns[name])
            here, there = (tables[1], tables[0]) if swapped else tables
            if changed is None:
                continue
            if isinstance(changed, str):
                if not here.asks_for(name):
                    continue
                raise InvalidInputError(
                    f"{changed}, where {there.source.name} has only true and false: the columns are of different kinds",
                    where=here.source.name,
                    column=repr(name),
                )
            note = f"{here.source.name}: {name}: 0 and 1 are read as false and true, as in {there.source.name}"
            this = replace(
                this.with_column(ColumnSpec(name=name, kind=ColumnKind.CATEGORICAL), changed)
                if this.specs
                else replace(this, columns={**this.columns, name: changed}),
                notes=(*this.notes, note),
            )
            one, other = (that, this) if swapped else (this, that)
    return one, other


def _as_truths(column: Column) -> Categories | str | None:
    """A column of 0 and 1 as truths; None when it is no other kind; what it holds instead, in words."""
    if isinstance(column, Categories):
        if not column.levels or not {"0", "1"}.issuperset(column.levels):
            return None
        return Categories(column.codes, tuple("true" if level == "1" else "false" for level in column.levels))
    present = column[~np.isnan(column)]
    if not len(present):
        return Categories(np.full(len(column), -1, np.int32), ())
    if not bool(np.all((present == 0) | (present == 1))):
        return "the values are numbers other than 0 and 1"
    return Categories(np.where(np.isnan(column), -1, column == 1).astype(np.int32), ("false", "true"))


def with_words(one: Window, other: Window, tables: tuple[Table, Table]) -> tuple[Window, Window]:
    """Words for yes and no of the second table as the first writes them, where both say nothing else."""
    for name in sorted(one.columns.keys() & other.columns.keys()):
        mine, theirs = one.columns[name], other.columns[name]
        if not isinstance(mine, Categories) or not isinstance(theirs, Categories):
            continue
        asked = all(table.known.get(name) is None for table in tables)
        here, there = _used(mine), _used(theirs)
        words = {sense_of(level): level for level in here}
        senses = {sense_of(level) for level in (*here, *there)}
        if not asked or set(there) <= set(here) or senses != _ANSWERS or len(words) < len(here):
            continue
        # A word that the first side lacks is its own: with one word a side there is nothing to tell them by.
        if len(here) < 2 and len(there) < 2:
            continue
        levels = tuple(words.get(sense_of(level), level) for level in theirs.levels)
        places = {level: place for place, level in enumerate(dict.fromkeys(levels))}
        lookup = np.array([*(places[level] for level in levels), -1], np.int32)
        changed = Categories(lookup[theirs.codes], tuple(places))
        as_there = f"{listed(there)} are read as {listed(here)}, as in {tables[0].source.name}"
        note = f"{tables[1].source.name}: {name}: {as_there}"
        other = replace(other, columns={**other.columns, name: changed}, notes=(*other.notes, note))
    return one, other


def _used(column: Categories) -> list[str]:
    """The levels that some row has."""
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
    return [level for level, count in zip(column.levels, counts.tolist(), strict=True) if count]
