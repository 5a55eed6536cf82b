"""``syndic drift``: compare two files without any cloud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndic.cli.shell.compared_files import Asked, bytes_of, comparison_options, rows_lines
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import code_of, headline, inconclusive_option
from syndic.cli.shell.tables import figure, some, table, width_of_terminal
from syndic.cli.shell.times import Times, time_options
from syndic.cli.shell.written import written
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndic.cli.shell.compared_files import Sides
    from syndic.drift.models import DriftReport, FeatureDrift
    from syndic.drift.models.slices import Slices
    from syndic.drift.policy.model import DriftPolicy


@click.command("drift")
@comparison_options
@click.option(
    "--violations",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the findings as Model Monitor's constraint_violations.json.",
)
@click.option(
    "--slices",
    is_flag=True,
    help="Also say in which rows, by one or two conditions, the change concentrates; as slices: true of the policy.",
)
@click.option(
    "--error",
    "error_of",
    nargs=2,
    metavar="PREDICTION LABEL",
    help="With --slices: these columns of the current rows; say where predictions are wrong more often, too.",
)
@time_options
@inconclusive_option
@format_option
def command(
    *,
    asked: Asked,
    time_column: str | None,
    season: str,
    group_column: str | None,
    violations: Path | None,
    slices: bool,
    error_of: tuple[str, str] | None,
    allow_inconclusive: bool,
    output_format: str,
) -> int:
    """Compare current data with a baseline, column by column, and say what drifts and why.

    Exit code 0: every column that was asked for was judged, and none drifts. 1: drift. 2: the input is wrong. 3: it
    cannot be told: not enough data, nothing to compare, or columns that are lost or of another kind. Identifiers,
    dates and ignored columns are named and do not count.
    """
    from syndic.canonical import sha256_of
    from syndic.drift.baseline.expectations import set_aside
    from syndic.drift.count_window import count_pieces
    from syndic.drift.model_monitor.violations import constraint_violations
    from syndic.drift.report.build import compare, policy_hash

    policy = _policy(asked.policy_path, asked.columns, asked.ignore)
    sides = asked.read(Times(time_column, season if season != "auto" else policy.season.value, group_column))
    report = compare(
        sides.baseline,
        count_pieces([sides.current], sides.baseline, multivariate=policy.multivariate),
        policy,
        baseline_sha256=sides.baseline_sha256,
        inputs_sha256=sha256_of([sides.baseline_sha256, sides.current_sha256, policy_hash(policy)]),
        now=datetime.now(UTC),
        rows=sides.rows,
        warnings=sides.notes,
        usual=sides.usual,
    )
    if slices or error_of is not None or (policy.slices and sides.former is not None):
        report = _with_slices(report, sides, error_of)
    unjudged = report.not_judged
    if violations is not None:
        violations.write_bytes(constraint_violations(report))
    if output_format != "table":
        click.echo(written(output_format, report))
    else:
        aside = [name for name, one in sides.baseline.columns.items() if name in report.features and set_aside(one)]
        for line in _lines(report, unjudged, [name for name in aside if name not in unjudged]):
            click.echo(line)
    outcomes = [report.verdict.value, *(["columns_not_judged"] if unjudged else [])]
    return code_of("drift", outcomes, allow_inconclusive=allow_inconclusive)


def _policy(path: Path | None, columns: tuple[str, ...], ignore: tuple[str, ...]) -> DriftPolicy:
    """The policy of a file, or the default, changed by what the options ask for."""
    from syndic.drift.policy.file import read_policy
    from syndic.drift.policy.model import DriftPolicy, FeatureRule

    policy = DriftPolicy() if path is None else read_policy(bytes_of(path), where=str(path))
    rules = {**policy.rules, **{name: FeatureRule(ignore=True) for name in ignore}}
    return policy.model_copy(update={"rules": rules, "features": columns or policy.features})


def _with_slices(report: DriftReport, sides: Sides, error_of: tuple[str, str] | None) -> DriftReport:
    from syndic.drift.slices.of_tables import error_slices_of, slices_of

    if sides.former is None:
        raise InvalidInputError(
            "the baseline is a summary without rows: give the table it was made of", where="--slices"
        )
    found = slices_of(report, sides.baseline, sides.former, sides.current, never=error_of or ())
    wrong = None if error_of is None else error_slices_of(sides.baseline, sides.current, *error_of)
    return report.model_copy(update={"slices": found, "error_slices": wrong})


def _slice_lines(found: Slices | None, title: str) -> Iterator[str]:
    if found is None:
        return
    yield ""
    yield f"{title}: {len(found.slices) or 'none'} of {found.looked_at} that were looked at"
    if found.slices:
        header = ["rows", "share", "of", "inside", "outside", "effect", "p adj.", "where"]
        shown = [
            [
                str(one.rows),
                f"{one.share:.1%}",
                one.target if one.what.startswith("share of wrong") else f"{one.target}: {one.what}",
                figure(one.inside),
                figure(one.outside),
                f"{figure(one.effect)} ({figure(one.low)} to {figure(one.high)})",
                figure(one.p_adjusted),
                " and ".join(one.conditions),
            ]
            for one in found.slices
        ]
        yield table(header, shown, right="rrlrrrrl")
    if found.left_out:
        yield f"No condition was taken of {some(found.left_out)}: there are too many columns."


def _lines(report: DriftReport, unjudged: Sequence[str], aside: Sequence[str]) -> Iterator[str]:
    from syndic.drift.models import Verdict
    from syndic.models import Severity

    review = [name for name, one in report.features.items() if one.severity is not Severity.NONE]
    said = f"beyond chance, but under the threshold: {some(review)}" if review else None
    yield headline("drift", report.verdict.value, report.reason, unjudged=unjudged, review=said)
    rows = report.rows
    corrected = f"; p is corrected over {report.tests} tests"
    yield from rows_lines(rows.current, rows.baseline, report.intake, ending=corrected)
    if aside:
        said = "identifiers, dates and the like are not compared; --numeric COL or --categorical COL compares one"
        yield f"Set aside: {some(aside)} ({said})"
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
    needed = [one.rows_needed for one in report.features.values() if one.rows_needed is not None]
    if needed:
        yield f"Rows needed until {len(needed)} columns can be told, if they look like these: {max(needed)}"
    whys: dict[str, list[str]] = {}
    for name, one in report.features.items():
        if one.rows_reason is not None and one.verdict is not Verdict.NOT_COMPARABLE:
            whys.setdefault(one.rows_reason, []).append(name)
    yield from (f"No number of rows would tell of {', '.join(names)}: {why}" for why, names in whys.items())
    yield from (meaning for name, meaning in _MEANINGS.items() if name in header)
    if left_out:
        yield f"Left out, for the width of this terminal: {', '.join(left_out)}; --format json has them."
    yield from _notes(report)


def _notes(report: DriftReport) -> Iterator[str]:
    ignored = [name for name, rule in report.policy.rules.items() if rule.ignore]
    if ignored:
        yield f"Left out, as asked: {', '.join(ignored)}."
    learnt = sum(one.limit is not None and one.limit.value == one.limit.learnt for one in report.features.values())
    if report.usual is not None:
        yield f"Limits: {learnt} of {len(report.features)} by the baseline's own windows, the others by the policy."
    for found, title in ((report.slices, "the change concentrates"), (report.error_slices, "error does")):
        yield from _slice_lines(found, f"Where {title}")
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
