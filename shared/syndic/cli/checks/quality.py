"""``syndic quality``: say what is wrong with a file's data, beside a baseline, without any cloud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndic.cli.shell.compared_files import Asked, bytes_of, comparison_options, rows_lines, until_told
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import code_of, headline, inconclusive_option
from syndic.cli.shell.tables import figure, table
from syndic.cli.shell.written import written

if TYPE_CHECKING:
    from syndic.quality.models import ColumnQuality, FileQuality
    from syndic.quality.policy.model import QualityPolicy


@click.command("quality")
@comparison_options
@inconclusive_option
@format_option
def command(*, asked: Asked, allow_inconclusive: bool, output_format: str) -> int:
    """Examine whether current data are sound, beside a baseline: missing, infinite, out of range, unseen, repeated.

    Exit code 0: every column that was asked for was judged, and nothing is to be acted on (the first words say when
    something of low severity is to be reviewed). 1: an issue, such as a column that is lost or of another kind. 2: the
    input is wrong. 3: it cannot be told: not enough data, or nothing to compare.
    """
    from syndic.drift.baseline.expectations import expectations
    from syndic.quality.examine_table import examine_file

    policy = _policy(asked.policy_path, asked.ignore)
    sides = asked.read()
    report = examine_file(
        sides.current,
        expectations(sides.baseline),
        policy,
        baseline_rows=sides.baseline.rows,
        baseline_sha256=sides.baseline_sha256,
        current_sha256=sides.current_sha256,
        now=datetime.now(UTC),
        columns=asked.columns,
        baseline_intake=sides.baseline.intake,
    )
    report = report.model_copy(update={"warnings": (*report.warnings, *sides.notes)})
    if output_format != "table":
        click.echo(written(output_format, report))
    else:
        for line in _lines(report, sides.baseline.notes):
            click.echo(line)
    outcomes = ["review" if _to_review(report) else report.verdict.value]
    outcomes += ["columns_not_judged"] if report.not_judged else []
    return code_of("quality", outcomes, allow_inconclusive=allow_inconclusive)


def _policy(path: Path | None, ignore: tuple[str, ...]) -> QualityPolicy:
    """The policy of a file, or the default, changed by what the options ask for."""
    from syndic.quality.policy.file import read_policy
    from syndic.quality.policy.model import ColumnRule, QualityPolicy

    policy = QualityPolicy() if path is None else read_policy(bytes_of(path), where=str(path))
    columns = {**policy.columns, **{name: ColumnRule(ignore=True) for name in ignore}}
    return policy.model_copy(update={"columns": columns})


def _to_review(report: FileQuality) -> bool:
    """Whether there are issues, and only such of low severity: somebody should look, nobody need act."""
    from syndic.models import Severity

    return bool(report.issues) and report.severity.rank <= Severity.LOW.rank


def _lines(report: FileQuality, notes: tuple[str, ...]) -> Iterator[str]:
    verdict, review = report.verdict.value, _to_review(report)
    yield headline(
        "quality",
        "sound" if review else verdict,
        report.reason,
        unjudged=report.not_judged,
        review="" if review else None,
    )
    yield from rows_lines(report.rows, report.baseline_rows, report.intake)
    yield from until_told(report.rows_needed, report.rows_reason)
    if report.issues:
        yield ""
        rows = [
            [issue.column or "records", issue.check.value.replace("_", " "), issue.severity.value, issue.reason]
            for issue in report.issues
        ]
        yield table(["column", "check", "severity", "reason"], rows)
    if report.columns:
        yield ""
        head = ["column", "kind", "missing", "infinite", "outside", "unseen"]
        yield table(head, [_row(*item) for item in sorted(report.columns.items())], right="llrrrr")
        yield ""
        yield "missing, outside the baseline's range, unseen in the baseline: shares of the current rows."
    if report.ignored:
        yield f"Left out, as asked: {', '.join(report.ignored)}."
    for warning in (*notes, *report.warnings):
        yield f"Note: {warning}"


def _row(name: str, column: ColumnQuality) -> list[str]:
    shares = [column.missing, column.infinite / column.rows if column.rows else None, column.outside, column.unseen]
    return [name, column.kind.value, *map(figure, shares)]
