"""A fairness report in plain text: groups and their numbers, all windows together, the table to publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syndic.cli.shell.outcomes import ExitCode, code_of, headline
from syndic.cli.shell.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndic.bias.models import AttributeBias, BiasReport, Estimate, GroupBias, Looks
    from syndic.bias.report.disclosure import AuditTable


def report_lines(report: BiasReport) -> Iterator[str]:
    """The whole report, as a person reads it."""
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


def audit_lines(tables: tuple[AuditTable, ...]) -> Iterator[str]:
    """The table that NYC Local Law 144 asks to publish."""
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
