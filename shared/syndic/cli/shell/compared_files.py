"""Two data files that a command compares: the baseline, as rows or as a summary, and the current rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syndic.cli.shell.options import (
    data_option,
    decimal_option,
    declared_kinds,
    kind_options,
    read_schema,
    schema_option,
)
from syndic.cli.shell.times import WITHOUT_TIMES, Times
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.drift.baseline.model import Baseline
    from syndic.drift.measures.compute import Rows
    from syndic.drift.measures.usual import Usual
    from syndic.drift.summaries import Summaries
    from syndic.models import CaptureSchema, ColumnKind, Intake
    from syndic.windows import Table, Window

_HEAD = 64


@dataclass(frozen=True, slots=True)
class Sides:
    """What was read. `rows` gives both sides' values of a column, None where the baseline came as a summary.

    `notes` say how numbers were read and which columns were left out. `usual` is how the baseline's own windows vary,
    where its rows have times; where it has a season, `baseline` is the part that the current rows lie in. `former`
    are the baseline's rows, where it came as a table.
    """

    baseline: Baseline
    current: Window
    rows: Rows | None
    baseline_sha256: str
    current_sha256: str
    notes: tuple[str, ...] = ()
    usual: Usual | None = None
    former: Window | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command that compares two files is asked: which files, by which policy, which columns, of which kinds."""

    baseline: Path
    current: Path
    policy_path: Path | None
    columns: tuple[str, ...]
    ignore: tuple[str, ...]
    decimal_mark: str | None
    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    schema: Path | None

    def read(self, times: Times = WITHOUT_TIMES) -> Sides:
        """Read both files as `read_sides` does."""
        return read_sides(
            self.baseline,
            self.current,
            schema=read_schema(self.schema),
            kinds=declared_kinds(self.numeric, self.categorical),
            columns=self.columns,
            ignore=self.ignore,
            decimal=self.decimal_mark,
            times=times,
        )


def comparison_options(function: Callable[..., int]) -> Callable[..., int]:
    """The options of a command that compares two files; it gets them as one argument `asked`."""

    @wraps(function)
    def command(**options: Any) -> int:
        asked = Asked(**{one.name: options.pop(one.name) for one in fields(Asked)})
        return function(asked=asked, **options)

    for option in (
        schema_option,
        kind_options,
        click.option(
            "--policy", "policy_path", type=click.Path(path_type=Path), metavar="FILE", help="Policy file (YAML)."
        ),
        decimal_option,
        click.option("--ignore", metavar="COL", multiple=True, help="Leave this column out; repeatable."),
        click.option("--columns", metavar="COL", multiple=True, help="Compare only this column; repeatable."),
        data_option("--current", "What they look like now: CSV, JSON, Parquet or a capture file."),
        data_option(
            "--baseline",
            "What the data should look like: CSV, JSON, Parquet, a capture file, a stored baseline, or Model Monitor's "
            "statistics.json.",
        ),
    ):
        command = option(command)
    return command


def until_told(needed: int | None, why: str | None) -> Iterator[str]:
    """How many rows it takes until one can tell, or why no number of rows would do; nothing where it is told."""
    if needed is not None:
        yield f"Rows needed until it can be told: {needed}"
    elif why is not None:
        yield f"No number of rows would tell: {why}"


def rows_lines(current: int, baseline: int, intake: Intake | None, *, ending: str = " rows") -> Iterator[str]:
    """How many rows were compared, and what of the current records was not read."""
    from syndic.models.intake_words import records_line

    yield f"{current} rows against a baseline of {baseline}{ending}"
    line = records_line(intake)
    if line is not None:
        yield line


def read_sides(
    baseline: Path,
    current: Path,
    *,
    schema: CaptureSchema | None,
    kinds: Mapping[str, ColumnKind],
    columns: Iterable[str] = (),
    ignore: Iterable[str] = (),
    decimal: str | None = None,
    times: Times = WITHOUT_TIMES,
) -> Sides:
    """Read both sides; columns of the same name get the same kind. Columns nobody asked for are left out of the rows.

    Raises:
        InvalidInputError: A file cannot be read, or the baseline lacks a column that an option names.
    """
    from syndic.windows import Table

    chosen, left_out = frozenset(columns), frozenset(ignore)
    tables = [
        Table(path, None, schema, kinds, only=chosen or None, ignored=left_out, decimal=decimal)
        for path in (baseline, current)
    ]
    before, now, rows, unread, learnt, former = _read(baseline, tables[0], tables[1], times)
    for option, names in (("--columns", chosen), ("--ignore", left_out)):
        unknown = sorted(names - before.columns.keys() - unread)
        if unknown:
            there = ", ".join(sorted(before.columns)[:20])
            raise InvalidInputError(f"the baseline has no column {unknown[0]!r}; it has: {there}", where=option)
    stray = sorted(kinds.keys() - before.columns.keys() - now.columns.keys() - unread)
    if stray:
        there = ", ".join(sorted(before.columns)[:20])
        raise InvalidInputError(
            f"neither file has a column {stray[0]!r}; the baseline has: {there}", where=f"--{kinds[stray[0]].value}"
        )
    declared = {n: replace(c, declared=True) if n in kinds else c for n, c in before.columns.items()}
    before = replace(before, columns=declared)
    group = None if before.grouping is None else before.grouping.column
    kept = {n: c for n, c in now.columns.items() if n == group or (n not in left_out and (not chosen or n in chosen))}
    now = replace(now, columns=kept)
    return Sides(before, now, rows, _sha256(baseline), _sha256(current), now.notes, learnt, former)


def bytes_of(path: Path) -> bytes:
    """A file's bytes. Raises `InvalidInputError` that names it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _read(
    baseline: Path, first: Table, second: Table, times: Times
) -> tuple[Baseline, Window, Rows | None, set[str], Usual | None, Window | None]:
    """The baseline, the current rows with the notes of both, what follows from them, and the baseline's rows."""
    from syndic.drift.measures.usual import usual_for
    from syndic.drift.summaries import marked, summarise_windows
    from syndic.windows import read, read_tables_alike

    rows: Rows | None = None
    former: Window | None = None
    found = _summary(baseline)
    if found is not None:
        known = {name: found.baseline.kind(name) for name in found.baseline.columns}
        now = read(replace(second, kinds={**known, **second.kinds}))
        unread = {*now.set_aside, *now.refused}
        found = found.of_season(times.season, where=str(baseline))
    else:
        before, now = read_tables_alike(first, second)
        unread = {*before.set_aside, *before.refused, *now.set_aside, *now.refused}
        now = replace(now, notes=(*before.notes, *now.notes))
        marks = {"time_column": times.time_column, "group_column": times.group_column}
        before, groups = marked(before, baseline, str(baseline), **marks)
        former = before
        found = summarise_windows(lambda: [before], season=times.wanted, groups=groups)
        if not found.parts:
            rows = lambda name: (before.numeric(name), now.numeric(name))  # noqa: E731
    if times.time_column is not None and found.baseline.windows is not None:
        now, _ = marked(now, second.data, second.source.name, time_column=times.time_column, group_column=None)
    part, usual, said = usual_for(found, now)
    return part, replace(now, notes=(*now.notes, *said)), rows, unread, usual, former


def _summary(path: Path) -> Summaries | None:
    """The baseline, when the file is a summary already: ours, or Model Monitor's statistics."""
    from syndic.drift.baseline.codec import is_summary, summaries_from_bytes
    from syndic.drift.model_monitor.baselines import import_baseline, is_statistics
    from syndic.drift.policy.model import Season
    from syndic.drift.summaries import Summaries

    if path.suffix == ".json" and is_statistics(bytes_of(path)):
        return Summaries(import_baseline(bytes_of(path), where=str(path)))
    if not path.is_file():
        return None
    with path.open("rb") as file:
        stored = is_summary(file.read(_HEAD))
    if not stored:
        return None
    whole, season, parts = summaries_from_bytes(bytes_of(path), where=str(path))
    return Summaries(whole, Season(season), parts)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
