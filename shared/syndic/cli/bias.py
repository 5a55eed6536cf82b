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
from syndic.cli.shell.outcomes import ExitCode, code_of, headline, inconclusive_option
from syndic.cli.shell.tables import table
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndic.bias.models import AttributeBias, BiasReport, Estimate, GroupBias, Looks
    from syndic.bias.policy.model import BiasPolicy
    from syndic.bias.report.disclosure import AuditTable


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
        _say(json.dumps([one.model_dump(mode="json") for one in tables], indent=2), output_format, _audit_lines(tables))
    else:
        _say(report.model_dump_json(indent=2), output_format, _lines(report))
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


def _lines(report: BiasReport) -> Iterator[str]:
    from syndic.models.intake_words import records_line

    unjudged = [
        name
        for name, part in report.attributes.items()
        if code_of("bias", [part.verdict.value]) is ExitCode.CANNOT_TELL
    ]
    review = "" if report.verdict.value == "difference_under_threshold" else None
    yield headline("bias", report.verdict.value, report.reason, unjudged=unjudged, review=review)
    rows = report.rows
    coverage = "" if rows.label_coverage is None else f", labels for {rows.label_coverage:.1%}"
    yield f"{rows.used} rows with an outcome of {rows.read} read{coverage}"
    line = records_line(report.intake)
    if line is not None:
        yield line
    for name, part in {**report.attributes, **report.intersections}.items():
        yield ""
        yield from _part_lines(name, part, labelled=bool(report.rows.labelled))
    if report.looks is not None:
        yield ""
        yield from _looks_lines(report.looks)
    yield from _rows_needed_lines(report)
    for hint in report.hints:
        yield ""
        shown = ", ".join(f"{group} {found.threshold:.4g}" for group, found in hint.groups.items())
        yield (
            f"Hint ({hint.attribute}): thresholds {shown} would bring {hint.metric.value} from a gap of "
            f"{hint.gap_before:.3f} to {hint.gap_after:.3f}; selections {hint.selections_before} -> "
            f"{hint.selections_after}. {hint.note}"
        )
    for warning in report.warnings:
        yield ""
        yield f"Note: {warning}"


def _part_lines(name: str, part: AttributeBias, *, labelled: bool) -> Iterator[str]:
    against = f"against {part.reference}" if part.reference else "no reference"
    yield f"{name} ({against}): {part.verdict.value.replace('_', ' ')}"
    head = ["group", "n", "selection rate", "ratio", "p adj.", "equal opportunity", "predictive parity"]
    head += ["mean", "mean difference", "verdict"]
    body = [
        [
            ("* " if group.is_reference else "  ") + value,
            "-" if group.n is None else str(group.n),
            _shown(group.selection_rate),
            _shown(group.disparate_impact),
            _p(group.disparate_impact),
            _by_labels(group, group.equal_opportunity_difference, labelled=labelled),
            _by_labels(group, group.predictive_parity_difference, labelled=labelled),
            _shown(group.rates.get("mean")),
            _shown(group.disparities.get("mean_difference")),
            group.verdict.value.replace("_", " ") if not group.is_reference else "reference",
        ]
        for value, group in part.groups.items()
    ]
    yield from _shown_table(head, body)
    if part.caveat:
        yield f"  {part.caveat}"


def _looks_lines(looks: Looks) -> Iterator[str]:
    """All windows together: an e-value over the one that is needed is proof, however often it was looked at."""
    yield f"All {looks.windows} windows: {looks.verdict.value.replace('_', ' ')} (above: the last window)"
    if looks.not_counted:
        yield f"  The window is not among them: {looks.not_counted}."
    head = [
        "group",
        "against",
        "measure",
        "effect at all times",
        "e",
        f"e shared, of {looks.needed:g}",
        "verdict",
        "rows needed",
    ]
    rows = [
        [
            f"{' & '.join(look.attributes)} {look.group}",
            look.compared_with,
            "ratio" if look.metric.is_ratio else look.metric.value.replace("_", " "),
            _shown(look.effect),
            f"{look.e:.3g}",
            f"{look.e_shared:.3g}",
            look.verdict.value.replace("_", " "),
            "-" if look.rows_needed is None or look.rows_needed.rows is None else str(look.rows_needed.rows),
        ]
        for look in looks.looks
    ]
    yield from table(head, rows).splitlines()


def _rows_needed_lines(report: BiasReport) -> Iterator[str]:
    """How many rows it takes until one can tell, for each group whose selection cannot be told."""
    for name, part in report.attributes.items():
        for group, found in part.groups.items():
            needed = next((one.rows_needed for one in found.judgements.values() if one.rows_needed is not None), None)
            if needed is not None:
                rows = (
                    ""
                    if needed.rows is None
                    else f"about {needed.rows:,} rows in all, {needed.times:.1f} times these: "
                )
                yield f"To tell of {name} {group}: {rows}{needed.reason}"


def _shown(estimate: Estimate | None) -> str:
    if estimate is None or estimate.value is None:
        return "-"
    low = "..." if estimate.low is None else f"{estimate.low:.3f}"
    high = "..." if estimate.high is None else f"{estimate.high:.3f}"
    return f"{estimate.value:.3f} ({low} to {high})"


def _by_labels(group: GroupBias, estimate: Estimate, *, labelled: bool) -> str:
    """A number that needs labels; a group without any is told from one whose number is undefined."""
    return "no labels" if labelled and group.n and not group.labelled else _shown(estimate)


def _p(estimate: Estimate) -> str:
    return "-" if estimate.p_adjusted is None else f"{estimate.p_adjusted:.2g}"


def _shown_table(head: list[str], body: list[list[str]]) -> Iterator[str]:
    """Columns that say nothing in any row are left out."""
    kept = [i for i in range(len(head)) if i < 2 or any(row[i] != "-" for row in body)]
    rows = [[row[i] for i in kept] for row in body]
    yield from table([head[i] for i in kept], rows, right="lr").splitlines()


def _audit_lines(tables: tuple[AuditTable, ...]) -> Iterator[str]:
    for one in tables:
        yield f"{one.title} (most favoured: {one.most_favoured or 'none'})"
        body = [
            [
                row.category,
                "-" if row.applicants is None else str(row.applicants),
                "-" if row.selected is None else str(row.selected),
                "-" if row.rate is None else f"{row.rate:.1%}",
                "-" if row.impact_ratio is None else f"{row.impact_ratio:.3f}",
                row.note or "-",
            ]
            for row in one.rows
        ]
        yield from _shown_table(["category", "applicants", "selected", one.rate, "impact ratio", "note"], body)
        yield f"  {one.unknown} individuals of unknown category are not in the table."
        for note in one.notes:
            yield f"  {note}"
        yield ""
