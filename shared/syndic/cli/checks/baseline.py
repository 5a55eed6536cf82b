"""``syndic baseline``: summarise rows once, with what their times tell, or ask a deployment to do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import (
    decimal_option,
    declared_kinds,
    format_option,
    kind_options,
    read_schema,
    schema_option,
)
from syndic.cli.shell.tables import some
from syndic.cli.shell.times import time_options
from syndic.cli.shell.written import written
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.drift.summaries import Summaries


@click.group("baseline", cls=SuggestingGroup)
def command() -> None:
    """Summarise the rows that later windows are compared with."""


@command.command("set")
@click.argument("source", metavar="FILE|URI")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where the summary is written.")
@click.option("--model", metavar="MODEL", help="Instead: the id of a deployed model; SOURCE is read in its cloud.")
@time_options
@click.option(
    "--windows",
    type=click.Choice(["hour", "day"]),
    help="Length of the baseline's own windows that are kept. Left out: hours, unless there are more than 1,008.",
)
@kind_options
@schema_option
@decimal_option
@click.option("--api", metavar="URL", help="With --model: address of the deployed API.")
@click.option(
    "--token-file", type=click.Path(path_type=Path), metavar="FILE", help="With --model: file of the ID token."
)
@format_option
def set_command(
    *,
    source: str,
    out: Path | None,
    model: str | None,
    time_column: str | None,
    season: str,
    group_column: str | None,
    windows: str | None,
    numeric: tuple[str, ...],
    categorical: tuple[str, ...],
    schema: Path | None,
    decimal_mark: str | None,
    api: str | None,
    token_file: Path | None,
    output_format: str,
) -> None:
    """Summarise a table as a baseline: a file that syndic drift and syndic quality read, or that of a deployed model.

    With --time-column the summary keeps how each of its hours or days looked: drift limits are learnt from how they
    vary, and the season that they show is compared part by part.
    """
    if (out is None) == (model is None):
        raise InvalidInputError("say --out FILE for a file, or --model MODEL for a deployed model")
    if model is not None:
        asked = {"uri": source, "season": season, "time_column": time_column, "group_column": group_column}
        _deployed(model, asked, api, token_file, output_format)
        return
    from syndic.drift.baseline.codec import summaries_to_bytes
    from syndic.drift.policy.model import Season
    from syndic.drift.summaries import marked, summarise_windows
    from syndic.windows import read_table

    if time_column is None and season not in {"auto", "none"}:
        raise InvalidInputError("a season needs times: name the --time-column", where="--season")
    table = read_table(
        source, schema=read_schema(schema), kinds=declared_kinds(numeric, categorical), decimal=decimal_mark
    )
    rows, groups = marked(table, source, source, time_column=time_column, group_column=group_column)
    hours = None if windows is None else {"hour": 1, "day": 24}[windows]
    found = summarise_windows(lambda: [rows], season=Season(season), hours=hours, groups=groups)
    data = summaries_to_bytes(found.baseline, found.season.value, found.parts)
    assert out is not None  # noqa: S101 - one of both, see above
    try:
        out.write_bytes(data)
    except OSError as error:
        raise InvalidInputError(f"cannot be written: {error.strerror}", where=str(out)) from error
    if output_format != "table":
        click.echo(written(output_format, _facts(found, len(data))))
        return
    for line in _lines(found, out, len(data)):
        click.echo(line)
    for note in rows.notes:
        click.echo(f"Note: {note}")


def _facts(found: Summaries, size: int) -> dict[str, object]:
    own, grouping = found.baseline.windows, found.baseline.grouping
    return {
        "rows": found.baseline.rows,
        "columns": {name: found.baseline.kind(name).value for name in found.baseline.columns},
        "bytes": size,
        "season": found.season.value,
        "parts": sorted(found.parts),
        "own_windows": None if own is None else {"hours": own.hours, "windows": len(own.starts)},
        "groups": None
        if grouping is None
        else {"column": grouping.column, "groups": grouping.groups, "rows": grouping.size},
    }


def _lines(found: Summaries, out: Path, size: int) -> Iterator[str]:
    baseline, own, grouping = found.baseline, found.baseline.windows, found.baseline.grouping
    yield f"{baseline.rows} rows, {len(baseline.columns)} columns ({some(list(baseline.columns))}): {out}, {size} bytes"
    if own is None:
        yield (
            "The rows have no times: how much an hour or a day usually varies is not known, and may ring. "
            "--time-column COL lets limits and the season be learnt."
        )
    else:
        length = "hours" if own.hours == 1 else "days"
        yield f"Limits are learnt from {len(own.starts)} {length} of its own."
        yield f"Season: {found.season.value}" + (f", {len(found.parts)} parts" if found.parts else "")
    if grouping is not None:
        yield f"{grouping.groups} groups by {grouping.column}: {grouping.size:.3g} rows of one come together."


def _deployed(model: str, asked: dict[str, str | None], api: str | None, token_file: Path | None, form: str) -> None:
    from urllib.parse import quote

    from syndic.cli.registry.places import open_client

    client = open_client(api, token_file)
    given = {name: value for name, value in asked.items() if value is not None}
    answer = client.send("POST", f"/models/{quote(model, safe='')}/drift/baseline", given)
    if form == "json":
        import json

        click.echo(json.dumps(answer, indent=2))
    elif "requested" in answer:
        click.echo("The model's own cloud is asked at the next exchange with it.")
    else:
        click.echo(f"Baseline {answer['version']}: {answer['rows']} rows, season {answer['season']}.")
