"""Options that several commands share, so that they are spelled and explained the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from syndic.errors import InvalidInputError
from syndic.json_text import load_json
from syndic.models import CaptureSchema, ColumnKind
from syndic.spelling import refusal

F = TypeVar("F", bound=Callable[..., Any])


def format_option(function: F) -> F:
    """``--format table|json|csv``, or ``--json`` for short, given to the command as `output_format`."""
    function = click.option("--json", "output_format", flag_value="json", help="Short for --format json.")(function)
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="A table to read, JSON whose shape is stable, or comma-separated values.",
    )(function)


def data_option(name: str, help_text: str, *, required: bool = True) -> Callable[[F], F]:
    """An option that takes the path of a data file."""
    return click.option(
        name,
        required=required,
        type=click.Path(path_type=Path, allow_dash=False),
        metavar="FILE",
        help=help_text,
    )


def kind_options(function: F) -> F:
    """``--numeric COL`` and ``--categorical COL``, repeatable; see `declared_kinds`."""
    for kind in ("numeric", "categorical"):
        function = click.option(
            f"--{kind}", multiple=True, metavar="COL", help=f"Treat this column as {kind}, whatever it looks like."
        )(function)
    return function


def declared_kinds(numeric: tuple[str, ...], categorical: tuple[str, ...]) -> dict[str, ColumnKind]:
    """The kinds that were declared by `kind_options`. Raises `InvalidInputError` when a column has both."""
    both = sorted(set(numeric) & set(categorical))
    if both:
        raise InvalidInputError(f"column {both[0]!r} cannot be numeric and categorical at once")
    return dict.fromkeys(numeric, ColumnKind.NUMERIC) | dict.fromkeys(categorical, ColumnKind.CATEGORICAL)


def decimal_option(function: F) -> F:
    """``--decimal-mark point|comma``, given to the command as `decimal_mark`: ``.``, ``,`` or None."""
    return click.option(
        "--decimal-mark",
        type=click.Choice(["point", "comma"]),
        callback=lambda _context, _option, value: {"point": ".", "comma": ","}.get(value),
        help="How to read numbers such as 1,234 where neither table tells whether the mark is one of decimals.",
    )(function)


def schema_option(function: F) -> F:
    """``--schema FILE``: a CaptureSchema as JSON, given to the command as `schema` (a path or None)."""
    return click.option(
        "--schema",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="JSON with the names, kinds and roles of the columns; needed for CSV without a header and captured CSV.",
    )(function)


def read_schema(path: Path | None) -> CaptureSchema | None:
    """Read the file of `schema_option`. Raises `InvalidInputError` that names the field."""
    if path is None:
        return None
    try:
        return CaptureSchema.model_validate(load_json(path.read_bytes(), where=str(path)))
    except ValidationError as error:
        raise refusal(error, CaptureSchema, where=str(path)) from error
