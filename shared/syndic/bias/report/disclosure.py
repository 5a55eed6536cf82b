"""Disclosure control: small counts hidden, and the table that Local Law 144 asks to publish."""

from __future__ import annotations

from collections.abc import Mapping

from syndic.bias.models import AttributeBias, BiasReport, Estimate, GroupBias, Look, Looks
from syndic.bias.policy.model import JOIN, UNKNOWN
from syndic.models import Finite, Noun


class AuditRow(Noun):
    """One category of a published audit table."""

    category: str
    applicants: int | None
    selected: int | None
    rate: Finite | None
    impact_ratio: Finite | None
    note: str | None = None


class AuditTable(Noun):
    """The table of one attribute or combination, in the form of the rule's own example."""

    title: str
    rate: str  # "selection rate" or "scoring rate"
    most_favoured: str | None
    rows: tuple[AuditRow, ...]
    unknown: int
    notes: tuple[str, ...]


def suppress(report: BiasReport) -> BiasReport:
    """The report with groups under `policy.suppress_below` rows hidden, so that nobody is recognised in it.

    A hidden count could be found again as the total minus the others. So where only one group of a line is hidden,
    the next smallest is hidden too; in a combination this holds along each attribute.
    """
    least = report.policy.suppress_below
    if least == 0:
        return report
    return report.model_copy(
        update={
            "attributes": {name: _suppressed(part, least) for name, part in report.attributes.items()},
            "intersections": {name: _suppressed(part, least) for name, part in report.intersections.items()},
            "looks": None if report.looks is None else _coarse(report.looks, least),
        }
    )


def _coarse(looks: Looks, least: int) -> Looks:
    """Cumulated rows rounded down: what two reports differ by is the count of a window, which may be hidden there."""
    step = 2 * least

    def rounded(look: Look) -> Look:
        counts = {name: getattr(look, name) for name in ("rows", "reference_rows")}
        return look.model_copy(update={name: None if n is None else n // step * step for name, n in counts.items()})

    return looks.model_copy(update={"looks": tuple(map(rounded, looks.looks))})


def _suppressed(part: AttributeBias, least: int) -> AttributeBias:
    hidden = {name for name, group in part.groups.items() if group.n is not None and 0 < group.n < least}
    if not hidden:
        return part
    lines = _lines(part)
    grown = True
    while grown:
        grown = False
        for line in lines:
            shown = [name for name in line if name not in hidden and (part.groups[name].n or 0) > 0]
            if len(line) - len(shown) == 1 and shown:
                hidden.add(min(shown, key=lambda name: (part.groups[name].n or 0, name)))
                grown = True
    groups = {name: _hide(group, least) if name in hidden else group for name, group in part.groups.items()}
    worst = None if part.worst_off and part.worst_off.group in hidden else part.worst_off
    return part.model_copy(update={"groups": groups, "worst_off": worst})


def _lines(part: AttributeBias) -> list[list[str]]:
    """Groups whose counts add up to a total that is shown: all of them, or those that share all but one attribute."""
    if len(part.attributes) == 1:
        return [list(part.groups)]
    lines: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for name in part.groups:
        values = tuple(name.split(JOIN))
        for axis in range(len(part.attributes)):
            lines.setdefault((axis, values[:axis] + values[axis + 1 :]), []).append(name)
    return list(lines.values())


def _hide(group: GroupBias, least: int) -> GroupBias:
    nothing = Estimate(reason=f"suppressed: groups under {least} rows, and those that would reveal them, are not shown")
    return group.model_copy(
        update={
            "n": None,
            "share": None,
            "selected": None,
            "labelled": None,
            "confusion": None,
            "suppressed": True,
            "selection_rate": nothing,
            "disparate_impact": nothing,
            "demographic_parity_difference": nothing,
            "equal_opportunity_difference": nothing,
            "predictive_parity_difference": nothing,
            "rates": {},
            "disparities": {},
            "judgements": {},
            "reason": nothing.reason,
        }
    )


def audit_tables(report: BiasReport) -> tuple[AuditTable, ...]:
    """The tables of 6 RCNY 5-301 and 5-303: applicants, selections, rates and impact ratios by category.

    The impact ratio is the rate over that of the category with the highest rate, whatever the policy compares with.
    Rows of unknown category are in no table; their number is given. Categories under the policy's `minimum_share`
    keep their count and rate, without a ratio.
    """
    return tuple(_table(part, report) for part in (*report.attributes.values(), *report.intersections.values()))


def _table(part: AttributeBias, report: BiasReport) -> AuditTable:
    known = {name: group for name, group in part.groups.items() if UNKNOWN not in name.split(JOIN)}
    total = sum(group.n or 0 for group in known.values())
    least = report.policy.minimum_share
    left_out = {
        name for name, group in known.items() if least is not None and group.n is not None and group.n < least * total
    }
    rates: Mapping[str, float] = {
        name: group.selection_rate.value
        for name, group in known.items()
        if group.selection_rate.value is not None and name not in left_out
    }
    best = max(rates, key=lambda name: rates[name]) if rates else None
    top = rates[best] if best is not None else 0.0
    word = "scoring rate" if report.outcome == "score" else "selection rate"
    return AuditTable(
        title=JOIN.join(part.attributes),
        rate=word,
        most_favoured=best,
        rows=tuple(
            AuditRow(
                category=name,
                applicants=group.n,
                selected=group.selected,
                rate=group.selection_rate.value,
                impact_ratio=rates[name] / top if name in rates and top > 0 else None,
                note=f"under {least:.0%} of the data: left out of the ratios" if name in left_out and least else None,
            )
            for name, group in known.items()
        ),
        unknown=sum(group.n or 0 for name, group in part.groups.items() if name not in known),
        notes=(
            "This is not an independent audit.",
            "Impact ratio: the rate over that of the category with the highest rate (6 RCNY 5-300).",
        ),
    )
