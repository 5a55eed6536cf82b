"""``syndic bias``: examine a table's fairness without any cloud."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndic.cli.shell.options import (
    data_option,
    decimal_option,
    declared_kinds,
    format_option,
    kind_options,
    read_schema,
    schema_option,
)
from syndic.cli.shell.outcomes import ExitCode, code_of, inconclusive_option
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndic.bias.policy.model import BiasPolicy
from syndic.cli.checks.fairness_text import audit_lines, report_lines


@click.command("bias")
@data_option("--data", "CSV, JSON, Parquet or capture file.")
@click.option("--prediction", metavar="COLUMN", help="Column of the decisions.")
@click.option("--label", metavar="COLUMN", help="Column of the ground truth.")
@click.option("--score", metavar="COLUMN", help="Numeric column of scores, high ones favourable.")
@click.option("--favourable", metavar="VALUE", multiple=True, help="Value that favours the person; repeatable.")
@click.option(
    "--favourable-label",
    metavar="VALUE",
    multiple=True,
    help="Label that favours the person, where labels are not spelled like predictions; repeatable.",
)
@click.option("--protected", metavar="COLUMN[=REFERENCE]", multiple=True, help="Protected attribute; repeatable.")
@click.option("--bins", metavar="COLUMN=25,40", multiple=True, help="Upper edges of a numeric attribute's groups.")
@click.option("--stratify", metavar="COLUMN", help="Also compare selection within this column's values.")
@click.option(
    "--outcome",
    type=click.Choice(["prediction", "label", "score", "value"]),
    default="prediction",
    show_default=True,
    help="What is examined: the decisions, the labels, scores above the median, or a numeric prediction.",
)
@click.option("--policy", "policy_path", type=click.Path(path_type=Path), help="Policy file (YAML).")
@click.option("--preset", metavar="NAME", help="Rules to start from: four_fifths, nyc_ll144, ...")
@click.option(
    "--windows",
    "windows_column",
    metavar="COLUMN",
    help="Column of each row's window (a week, a day): look at one after the other, and answer for all together.",
)
@click.option("--audit-table", is_flag=True, help="Print the table that NYC Local Law 144 asks to publish.")
@schema_option
@kind_options
@decimal_option
@inconclusive_option
@format_option
def command(  # noqa: PLR0917
    data: Path,
    prediction: str | None,
    label: str | None,
    score: str | None,
    favourable: tuple[str, ...],
    favourable_label: tuple[str, ...],
    protected: tuple[str, ...],
    bins: tuple[str, ...],
    stratify: str | None,
    outcome: str,
    policy_path: Path | None,
    preset: str | None,
    windows_column: str | None,
    audit_table: bool,  # noqa: FBT001
    schema: Path | None,
    numeric: tuple[str, ...],
    categorical: tuple[str, ...],
    decimal_mark: str | None,
    allow_inconclusive: bool,  # noqa: FBT001
    output_format: str,
) -> int:
    """Examine whether a model's decisions differ between protected groups.

    Exit code 0: every attribute was judged, and nothing is to be acted on (the first words say when a difference is to
    be reviewed). 1: a finding: adverse impact, or another disparity, indicated. 2: the input is wrong. 3: it cannot be
    told: too few rows, or an attribute that cannot be assessed.
    """
    from syndic.bias.examine_table import Asked, examine, examine_windows, never_met, policy_for
    from syndic.bias.report.disclosure import audit_tables, suppress
    from syndic.windows import read_table

    asked = Asked(prediction, label, score, favourable, favourable_label, protected, bins, stratify, outcome)
    policy = policy_for(asked, _start(policy_path, preset))
    kinds = declared_kinds(numeric, categorical)
    window = read_table(
        data,
        schema=read_schema(schema),
        kinds=kinds,
        only=_named(policy) | ({windows_column} if windows_column else set()),
        decimal=decimal_mark,
        answers=[name for name in (policy.prediction, policy.score) if name is not None],
    )
    stray = sorted(kinds.keys() - window.columns.keys() - window.refused.keys() - window.set_aside.keys())
    if stray:
        there = ", ".join(sorted(window.columns)[:20])
        where = f"--{kinds[stray[0]].value}"
        raise InvalidInputError(f"the table has no column {stray[0]!r}; it has: {there}", where=where)
    digest = _sha256(data)
    source, now = str(data), datetime.now(UTC)
    if windows_column is not None:
        report = examine_windows(window, windows_column, policy, sha256=digest, source=source, now=now)
    else:
        report = examine([window], policy, sha256=digest, source=source, now=now)
    odd = [f"the favourable value {v!r} does not occur" for v in never_met(asked, window, policy.prediction or "")]
    report = report.model_copy(update={"warnings": (*report.warnings, *odd, *window.notes)})
    if audit_table:
        tables = audit_tables(suppress(report))
        _say(json.dumps([one.model_dump(mode="json") for one in tables], indent=2), output_format, audit_lines(tables))
    else:
        _say(report.model_dump_json(indent=2), output_format, report_lines(report))
    # An attribute's own claim is no finding on the model where all of them together do not make one.
    parts = [part.verdict.value for part in report.attributes.values()]
    proven = code_of("bias", [report.verdict.value]) is ExitCode.FINDING
    own = [one for one in parts if proven or code_of("bias", [one]) is not ExitCode.FINDING]
    outcomes = [report.verdict.value, *own]
    return code_of("bias", outcomes, allow_inconclusive=allow_inconclusive)


def _named(policy: BiasPolicy) -> set[str]:
    """The columns that an examination needs."""
    from syndic.bias.counting.tally import make_plan

    plan = make_plan(policy)
    columns = [plan.prediction, plan.label, plan.score, plan.stratifier]
    columns += [attribute.source_column for attribute in plan.attributes if not attribute.side_file]
    return {name for name in columns if name is not None}


def _start(path: Path | None, preset: str | None) -> BiasPolicy:
    """The policy that options change: from a file, from a preset, or the default."""
    from syndic.bias.policy.file import parse_policy, preset_policy
    from syndic.bias.policy.model import BiasPolicy

    if path is not None and preset is not None:
        raise InvalidInputError("give a policy or a preset; a policy file may name its preset itself", where="--preset")
    if path is not None:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise InvalidInputError("the policy is not UTF-8 text", where=str(path)) from None
        return parse_policy(text, source=str(path))
    return preset_policy(preset) if preset is not None else BiasPolicy()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _say(as_json: str, form: str, lines: Iterator[str]) -> None:
    if form == "json":
        click.echo(as_json)
        return
    for line in lines:
        click.echo(line)
