"""Adding a window to what all windows say: exact for late rows and late labels, charged for what was taken back.

The evidence of a comparison is a product with one factor for each stratum, by odds ratios that are fixed beforehand. So
it does not depend on the order of windows, and a factor can be taken out again.

- Rows or labels that come later are a stratum of their own: only what is new is added, and each look stays a step of
  one martingale.
- Counts that shrink (a label replaced, a row withdrawn) mean that something was counted that was not so. Then the
  window's factors are taken out, its present counts are put in, and the family is opened again: the evidence is a new
  e-process, which gets the next, smaller part of the allowed error (`share_of_error`). The parts add up to one, so the
  whole stays within it.
- Other rules of counting open a family again without the windows from before the change, whose data may have led to
  it. Thresholds count nothing and change nothing here.
- Another version of the model starts anew, with all of the error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from syndic.bias.looks.tables import Table, judged_rates, parts_of, reference_of, sides, signature, table_of
from syndic.bias.measures.families import REST
from syndic.bias.models import AttributeBias, BiasReport
from syndic.models import TimeWindow
from syndic.statistics.anytime import LOG_ODDS, cumulants, share_of_error

MOST = 3000
"""Comparisons that are kept of one outcome: each takes about 1.5 kB."""

Strata = dict[str, dict[str, list[Table]]]
"""By family and rate: the tables of one window that were added, one after the other."""


@dataclass(slots=True)
class Evidence:
    """One group beside its reference, over all strata.

    `own` and `shared` are the parts of the allowed error: within the family, and within the report. `weighed` holds
    Mantel and Haenszel's sums (both of the ratio, and the weights), `kappa` the sum of the strata's cumulants.
    """

    own: float
    shared: float
    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    weighed: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    kappa: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(LOG_ODDS)))
    windows: int = 0

    def add(self, a: int, n: int, b: int, m: int, *, sign: int = 1) -> None:
        """Put a stratum in, or take it out with a `sign` of -1."""
        if n and m:
            self.counts = [old + sign * new for old, new in zip(self.counts, (a, n, b, m), strict=True)]
            parts = (a * m / (n + m), b * n / (n + m), n * m / (n + m))
            self.weighed = [old + sign * new for old, new in zip(self.weighed, parts, strict=True)]
            self.kappa = self.kappa + sign * cumulants(n, m, a + b)


@dataclass(slots=True)
class Course:
    """One family under one set of rules."""

    signature: str
    reference: str
    since: datetime | None = None
    generation: int = 0
    rates: dict[str, dict[str, Evidence]] = field(default_factory=dict)


@dataclass(slots=True)
class Ledger:
    """All families of one outcome, for one version of the model. `spans` are the times whose windows were added."""

    version: str
    since: datetime | None = None
    generation: int = 0
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    windows: int = 0
    courses: dict[str, Course] = field(default_factory=dict)

    @property
    def comparisons(self) -> int:
        """How many are kept."""
        return sum(len(known) for course in self.courses.values() for known in course.rates.values())


def add_window(
    ledger: Ledger, report: BiasReport, window: TimeWindow, entered: Strata | None, *, labels: bool
) -> tuple[Strata, str | None]:
    """Add what a report has counted; returns the window's strata, and why it was not added.

    Args:
        ledger: Changed in place.
        report: On one outcome of the window.
        window: The window.
        entered: What was added of the same window before; None when nothing was.
        labels: Rows have labels, or will have them: then the rates that need them share the error from the beginning.
    """
    strata: Strata = (
        {} if entered is None else {f: {r: list(t) for r, t in part.items()} for f, part in entered.items()}
    )
    if ledger.since is not None and window.start < ledger.since:
        return strata, "it began before this version of the model was seen"
    if entered is None and any(start < window.end and window.start < end for start, end in ledger.spans):
        return strata, "its rows overlap with those of a window that was added"
    rates = judged_rates(report.policy, report.outcome, labels=labels)
    opened: list[tuple[str, str, str]] = []
    fresh: list[tuple[str, str, str]] = []
    for name, part in parts_of(report).items():
        course = _course(ledger, name, part, report)
        if course.since is not None and window.start < course.since:
            continue
        kept = strata.setdefault(name, {})
        groups = [group for group in table_of(part, "selection_rate") if group != course.reference]
        for rate in rates:
            table = table_of(part, rate)
            course.rates.setdefault(rate, {})
            again = _enter(course, rate, table, kept) if _usable(table, course.reference) else []
            # Labels may come later: their rates are opened with the groups, and share the error from the beginning.
            fresh += [(name, rate, group) for group in groups if group not in course.rates[rate]]
            opened += [(name, rate, group) for group in again]
    dropped = max(0, len(fresh) - max(0, MOST - ledger.comparisons))
    _open(ledger, opened + fresh[: len(fresh) - dropped], len(rates), report)
    for name, kept in strata.items():
        running = ledger.courses.get(name)
        for rate, tables in kept.items():
            if running is not None and tables:
                _settle(running, rate, tables, entered, name)
    if entered is None and any(tables for kept in strata.values() for tables in kept.values()):
        ledger.windows += 1
        ledger.spans = _merged([*ledger.spans, (window.start, window.end)])
    return strata, f"{dropped} comparisons more than the {MOST} that are kept are left out" if dropped else None


def _usable(table: Table, reference: str) -> bool:
    return len(table) > 1 and (reference == REST or reference in table)


def _course(ledger: Ledger, name: str, part: AttributeBias, report: BiasReport) -> Course:
    """The family's course; a new one when its rows are counted by other rules than before."""
    found, rules = ledger.courses.get(name), signature(report.policy, part, report.outcome)
    if found is not None and found.signature == rules:
        found.reference = found.reference or reference_of(part)  # it may have no row in the first window
        return found
    since = None if found is None else report.policy.changed_at or report.checked_at
    generation = 0 if found is None else found.generation
    ledger.courses[name] = Course(rules, reference_of(part), since, generation)
    return ledger.courses[name]


def _enter(course: Course, rate: str, table: Table, kept: dict[str, list[Table]]) -> list[str]:
    """Note what is new of a table; returns the groups whose comparison has to be opened, or opened again."""
    known = course.rates[rate]
    before = _sum(kept.get(rate, []))
    more = {
        group: (table.get(group, (0, 0))[0] - over, table.get(group, (0, 0))[1] - under)
        for group, (over, under) in {**dict.fromkeys(table, (0, 0)), **before}.items()
    }
    if any(over < 0 or under < over for over, under in more.values()):
        for comparison, group in ((found, name) for name, found in known.items()):
            for old in kept[rate]:
                comparison.add(*sides(old, group, course.reference), sign=-1)
        kept[rate] = [table]
        return list(known)
    if any(under for _, under in more.values()):
        kept.setdefault(rate, []).append({group: pair for group, pair in more.items() if pair[1]})
    return []


def _open(ledger: Ledger, opened: list[tuple[str, str, str]], rates: int, report: BiasReport) -> None:
    """Give each comparison that is opened its part of the allowed error.

    Half of it goes to the attributes and half to the combinations, where there are any; then equally to families, to
    rates and to groups.
    """
    if not opened:
        return
    families = {name: len(parts_of(report)[name].attributes) > 1 for name, _, _ in opened}
    first = not any(course.rates and any(course.rates.values()) for course in ledger.courses.values())
    if first:
        families.update({name: len(part.attributes) > 1 for name, part in parts_of(report).items()})
    both = len(set(families.values())) > 1
    whole = share_of_error(ledger.generation)
    ledger.generation += 1
    for name, crossed in families.items():
        course = ledger.courses[name]
        alike = sum(other is crossed for other in families.values()) * (2 if both else 1)
        for rate in course.rates:
            groups = [group for family, measure, group in opened if (family, measure) == (name, rate)]
            known = course.rates[rate]
            for group in groups:
                part = 1 / (max(1, rates) * len(groups))
                fresh = Evidence(part * share_of_error(course.generation), part * whole / alike)
                if group in known:
                    old = known[group]
                    fresh.counts, fresh.weighed, fresh.kappa, fresh.windows = (
                        old.counts,
                        old.weighed,
                        old.kappa,
                        old.windows,
                    )
                known[group] = fresh
        if any(family == name for family, _, _ in opened):
            course.generation += 1


def _settle(course: Course, rate: str, tables: list[Table], entered: Strata | None, name: str) -> None:
    """Put the new strata of a window into the comparisons of one rate."""
    before = [] if entered is None else entered.get(name, {}).get(rate, [])
    new = tables[len(before) :] if tables[: len(before)] == before else tables
    for group, comparison in course.rates.get(rate, {}).items():
        seen = any(sides(table, group, course.reference)[1] for table in before)
        for table in new:
            comparison.add(*sides(table, group, course.reference))
        if not seen and any(sides(table, group, course.reference)[1] for table in new):
            comparison.windows += 1


def _sum(tables: list[Table]) -> Table:
    total: Table = {}
    for table in tables:
        for group, (over, under) in table.items():
            known = total.get(group, (0, 0))
            total[group] = (known[0] + over, known[1] + under)
    return total


def _merged(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def next_version(ledger: Ledger | None, version: str, window: TimeWindow) -> Ledger:
    """The ledger of what serves now. A new version starts with the first whole window after it was seen."""
    if ledger is None:
        return Ledger(version)
    if ledger.version == version:
        return ledger
    before = [ledger.since] if ledger.since is not None else []
    return Ledger(version, since=max([window.end, *before, *(end for _, end in ledger.spans)]))
