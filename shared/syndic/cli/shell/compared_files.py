"""Two data files that a command compares: the baseline, as rows or as a summary, and the current rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from syndic.cli.shell.options import data_option, decimal_option
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.drift.baseline.model import Baseline
    from syndic.drift.measures.compute import Rows
    from syndic.models import CaptureSchema, ColumnKind
    from syndic.windows import Table, Window

F = TypeVar("F", bound=Callable[..., Any])

_HEAD = 64


@dataclass(frozen=True, slots=True)
class Sides:
    """What was read. `rows` gives both sides' values of a column, None where the baseline came as a summary.

    `notes` say how numbers were read and which columns were left out.
    """

    baseline: Baseline
    current: Window
    rows: Rows | None
    baseline_sha256: str
    current_sha256: str
    notes: tuple[str, ...] = ()


def side_options(function: F) -> F:
    """``--baseline``, ``--current``, ``--columns``, ``--ignore`` and ``--decimal-mark``."""
    for option in (
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
        function = option(function)
    return function


def read_sides(
    baseline: Path,
    current: Path,
    *,
    schema: CaptureSchema | None,
    kinds: Mapping[str, ColumnKind],
    columns: Iterable[str] = (),
    ignore: Iterable[str] = (),
    decimal: str | None = None,
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
    before, now, rows, unread = _read(baseline, tables[0], tables[1])
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
    kept = {n: c for n, c in now.columns.items() if n not in left_out and (not chosen or n in chosen)}
    now = replace(now, columns=kept)
    return Sides(before, now, rows, _sha256(baseline), _sha256(current), now.notes)


def bytes_of(path: Path) -> bytes:
    """A file's bytes. Raises `InvalidInputError` that names it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _read(baseline: Path, first: Table, second: Table) -> tuple[Baseline, Window, Rows | None, set[str]]:
    """The baseline, the current rows with the notes of both, their values, and the columns that were left out."""
    from syndic.drift.summaries import summarise_rows
    from syndic.windows import read, read_tables_alike

    summary = _summary(baseline)
    if summary is not None:
        known = {name: summary.kind(name) for name in summary.columns}
        now = read(replace(second, kinds={**known, **second.kinds}))
        return summary, now, None, {*now.set_aside, *now.refused}
    before, now = read_tables_alike(first, second)
    unread = {*before.set_aside, *before.refused, *now.set_aside, *now.refused}
    now = replace(now, notes=(*before.notes, *now.notes))
    return summarise_rows(lambda: [before]), now, lambda name: (before.numeric(name), now.numeric(name)), unread


def _summary(path: Path) -> Baseline | None:
    """The baseline, when the file is a summary already: ours, or Model Monitor's statistics."""
    from syndic.drift.baseline.codec import from_bytes, is_summary
    from syndic.drift.model_monitor.baselines import import_baseline, is_statistics

    if path.suffix == ".json" and is_statistics(bytes_of(path)):
        return import_baseline(bytes_of(path), where=str(path))
    if not path.is_file():
        return None
    with path.open("rb") as file:
        stored = is_summary(file.read(_HEAD))
    return from_bytes(bytes_of(path), where=str(path)) if stored else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
