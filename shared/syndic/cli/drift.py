"""``syndic drift``: compare two files without any cloud."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndic.cli.options import data_option, declared_kinds, format_option, kind_options, read_schema, schema_option
from syndic.cli.tables import figure, table, width_of_terminal
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndic.drift.baseline import Baseline
    from syndic.drift.measuring import Rows
    from syndic.drift.models import DriftReport, FeatureDrift
    from syndic.drift.policies import DriftPolicy
    from syndic.models import CaptureSchema, ColumnKind
    from syndic.windows import Window


@click.command("drift")
@data_option(
    "--baseline", "What the data should look like: CSV, Parquet, a capture file, or Model Monitor's statistics.json."
)
@data_option("--current", "What they look like now: CSV, Parquet or a capture file.")
@click.option("--policy", "policy_path", type=click.Path(path_type=Path), metavar="FILE", help="Policy file (YAML).")
@click.option("--columns", metavar="COL", multiple=True, help="Compare only this column; repeatable.")
@click.option("--ignore", metavar="COL", multiple=True, help="Leave this column out; repeatable.")
@kind_options
@schema_option
@click.option(
    "--violations",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the findings as Model Monitor's constraint_violations.json.",
)
@format_option
@click.pass_context
def command(
    context: click.Context,
    *,
    baseline: Path,
    current: Path,
    policy_path: Path | None,
    columns: tuple[str, ...],
    ignore: tuple[str, ...],
    numeric: tuple[str, ...],
    categorical: tuple[str, ...],
    schema: Path | None,
    violations: Path | None,
    output_format: str,
) -> None:
    """Compare current data with a baseline, column by column, and say what drifts and why.

    Exit code 0: nothing found, or it cannot be told (the first words say which). 1: drift. 2: the input is wrong.
    """
    from syndic.canonical import sha256_of
    from syndic.drift.checking import count_pieces
    from syndic.drift.models import Verdict
    from syndic.drift.reporting import compare, policy_hash
    from syndic.drift.violations import constraint_violations

    known = read_schema(schema)
    policy = _policy(policy_path)
    before, now, rows = _read(baseline, current, known, declared_kinds(numeric, categorical))
    before, policy = _choose(before, policy, columns, ignore)
    window = _without(now, ignore, columns)
    counts = count_pieces([window], before, multivariate=policy.multivariate)
    baseline_sha256, current_sha256 = _sha256(baseline), _sha256(current)
    report = compare(
        before,
        counts,
        policy,
        baseline_sha256=baseline_sha256,
        inputs_sha256=sha256_of([baseline_sha256, current_sha256, policy_hash(policy)]),
        now=datetime.now(UTC),
        rows=rows,
    )
    if violations is not None:
        violations.write_bytes(constraint_violations(report))
    if output_format == "json":
        click.echo(report.model_dump_json(indent=2))
    else:
        for line in _lines(report):
            click.echo(line)
    context.exit(1 if report.verdict is Verdict.DRIFT else 0)


def _policy(path: Path | None) -> DriftPolicy:
    from syndic.drift.configuration import read_policy
    from syndic.drift.policies import DriftPolicy

    return DriftPolicy() if path is None else read_policy(_bytes(path), where=str(path))


def _read(
    baseline: Path, current: Path, schema: CaptureSchema | None, kinds: dict[str, ColumnKind]
) -> tuple[Baseline, Window, Rows | None]:
    """The baseline's summary, the current rows, and both sides' values unless the baseline came as a summary.

    Columns of the same name get the same kind.
    """
    from syndic.drift.baselining import summarise_rows
    from syndic.drift.model_monitor import import_baseline
    from syndic.windows import Table, read_table, read_tables_alike

    if baseline.suffix == ".json":
        imported = import_baseline(_bytes(baseline), where=str(baseline))
        known = {name: imported.kind(name) for name in imported.columns}
        return imported, read_table(current, schema=schema, kinds={**known, **kinds}), None
    before, now = read_tables_alike(
        Table(baseline, schema=schema, kinds=kinds), Table(current, schema=schema, kinds=kinds)
    )
    return summarise_rows(lambda: [before]), now, lambda name: (before.numeric(name), now.numeric(name))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _choose(
    baseline: Baseline, policy: DriftPolicy, columns: tuple[str, ...], ignore: tuple[str, ...]
) -> tuple[Baseline, DriftPolicy]:
    """The baseline and policy for the columns asked for. Raises `InvalidInputError` on a name that is not there."""
    from syndic.drift.policies import FeatureRule

    for option, names in (("--columns", columns), ("--ignore", ignore)):
        unknown = sorted(set(names) - baseline.columns.keys())
        if unknown:
            there = ", ".join(sorted(baseline.columns)[:20])
            raise InvalidInputError(f"the baseline has no column {unknown[0]!r}; it has: {there}", where=option)
    rules = {**policy.rules, **{name: FeatureRule(ignore=True) for name in ignore}}
    return baseline, policy.model_copy(update={"rules": rules, "features": columns or policy.features})


def _without(piece: Window, ignore: tuple[str, ...], columns: tuple[str, ...]) -> Window:
    """A window without the columns that nobody asked for, so that they are not called new."""
    from dataclasses import replace

    kept = {n: c for n, c in piece.columns.items() if n not in ignore and (not columns or n in columns)}
    return replace(piece, columns=kept)


def _lines(report: DriftReport) -> Iterator[str]:
    from syndic.drift.models import Verdict
    from syndic.intake import records_line

    yield f"{report.verdict.value.replace('_', ' ').upper()}  {report.reason}"
    rows = report.rows
    yield f"{rows.current} rows against a baseline of {rows.baseline}; p is corrected over {report.tests} tests"
    line = records_line(report.intake)
    if line is not None:
        yield line
    yield ""
    ranked = sorted(report.features.items(), key=lambda item: (-(item[1].psi or -1.0), item[0]))
    header, shown, left_out = _fitting([_row(name, feature) for name, feature in ranked])
    yield table(header, shown, right="ll" + "r" * (len(header) - 2))
    yield ""
    reasons: dict[str, list[str]] = {}
    for name, feature in ranked:
        if feature.verdict is not Verdict.NO_DRIFT:
            reasons.setdefault(feature.reason, []).append(name)
    for reason, names in reasons.items():
        yield f"{', '.join(names)}: {reason}"
    yield from (meaning for name, meaning in _MEANINGS.items() if name in header)
    if left_out:
        yield f"Left out, for the width of this terminal: {', '.join(left_out)}; --format json has them."
    for warning in report.warnings:
        yield f"Note: {warning}"


_HEADER = ["column", "verdict", "PSI", "chance", "KS", "p adj.", "W", "JS", "missing"]
_MEANINGS = {
    "chance": "chance: 95 % of PSI values stay under it when nothing changed.",
    "p adj.": "p adj.: of the KS or chi-square test, corrected.",
    "W": "W: Wasserstein distance in standard deviations of the baseline.",
    "JS": "JS: Jensen-Shannon distance.",
    "missing": "missing: share of the current rows.",
}
_FIRST_TO_GO = ("JS", "W", "missing", "chance")


def _fitting(rows: list[list[str]]) -> tuple[list[str], list[list[str]], list[str]]:
    """Header and rows that fit the terminal, and the names of the columns that had to go."""
    left_out: list[str] = []
    while True:
        kept = [place for place, name in enumerate(_HEADER) if name not in left_out]
        header, shown = [_HEADER[place] for place in kept], [[row[place] for place in kept] for row in rows]
        wide = max(map(len, table(header, shown).splitlines())) > width_of_terminal()
        if not wide or len(left_out) == len(_FIRST_TO_GO):
            return header, shown, left_out
        left_out.append(_FIRST_TO_GO[len(left_out)])


def _verdict(feature: FeatureDrift) -> str:
    verdict, severity = feature.verdict.value.replace("_", " "), feature.severity.value
    return verdict if severity == "none" else f"{verdict}, {severity}"


def _row(name: str, feature: FeatureDrift) -> list[str]:
    adjusted = feature.ks.p_adjusted if feature.ks.p_adjusted is not None else feature.chi_square.p_adjusted
    return [
        name,
        _verdict(feature),
        figure(feature.psi),
        figure(feature.psi_null_point),
        figure(feature.ks.statistic),
        figure(adjusted),
        figure(feature.wasserstein),
        figure(feature.jensen_shannon),
        figure(feature.missing.current),
    ]
