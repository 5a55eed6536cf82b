"""Fairness looked at again and again, by simulation: `make bench-looks`.

A year is 52 weekly looks at one model. Printed with seeds and standard errors: how often an equal model has a finding
in the year, how soon a true ratio is found, and how often the confidence sequence holds the true ratio at all 52 looks.
The evidence is computed by the functions that the worker calls; `--whole N` years go through the report and the
ledger besides, and must give the same numbers.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))

import numpy as np

from syndic.bias.counting.tally import Tally, make_plan
from syndic.bias.counting.tensor import CountTensor
from syndic.bias.looks.answer import look_again
from syndic.bias.models import BEYOND
from syndic.bias.policy.model import BiasPolicy, Metric, MetricRule, ProtectedAttribute
from syndic.bias.report.build import Identity, make_report
from syndic.models import TimeWindow
from syndic.statistics.anytime import (
    LOG_ODDS,
    LOG_PRIOR,
    cumulants,
    log_odds_limits,
    rate_limits,
    ratio_limits,
    share_of_error,
)
from syndic.statistics.binomial import clopper_pearson

SEED = 18
WEEKS = 52
START = datetime(2026, 1, 5, tzinfo=UTC)
RATIO = (MetricRule(metric=Metric.DISPARATE_IMPACT, threshold=0.8),)


def upper_bound(events: int, trials: int) -> float:
    """The one-sided upper 95 % bound of a share (Clopper and Pearson)."""
    return clopper_pearson(events, trials, confidence=0.9).high


def said(events: int, trials: int) -> str:
    """A share with its standard error."""
    share = events / trials
    return f"{share:7.2%} (SE {math.sqrt(share * (1 - share) / trials):.2%})"


def evidence(a: np.ndarray, n: int, b: np.ndarray, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Log evidence after each week, and the cumulants: ``[year, week]`` and ``[year, week, odds]``.

    Args:
        a: Selections of the group by year and week.
        n: Its rows a week.
        b: Selections of its reference.
        m: Its rows a week.
    """
    totals = a + b
    known = np.unique(totals)
    table = np.array([cumulants(n, m, int(total)) for total in known])
    kappa = np.cumsum(table[np.searchsorted(known, totals)], axis=1)
    weighed = LOG_PRIOR + LOG_ODDS * np.cumsum(a, axis=1)[..., None] - kappa
    most = weighed.max(axis=2, keepdims=True)
    return most[..., 0] + np.log(np.exp(weighed - most).sum(axis=2)), kappa


def weekly_rates(random: np.random.Generator, years: int, rate: float, spread: float) -> np.ndarray:
    """The rate of each week: the same, or an AR(1) on the logit scale with that standard deviation."""
    logit = np.full((years, WEEKS), math.log(rate / (1 - rate)))
    state = random.normal(0, spread, years)
    for week in range(WEEKS):
        logit[:, week] += state
        state = 0.7 * state + random.normal(0, spread * math.sqrt(1 - 0.49), years)
    return 1 / (1 + np.exp(-logit))


def false_years(groups: int, rows: int, weeks: tuple[float, float], years: int, seed: int) -> int:
    """Years of an equal model with a finding: the rule of one attribute without a named reference.

    `weeks`: the rate, and the standard deviation of its weeks on the logit scale.
    """
    random = np.random.default_rng(seed)
    found = 0
    for start in range(0, years, 250):
        size = min(250, years - start)
        p = weekly_rates(random, size, *weeks)
        selected = random.binomial(rows, p[..., None], (size, WEEKS, groups))
        rates = np.cumsum(selected, axis=1) / (rows * np.arange(1, WEEKS + 1)[:, None])
        year = np.zeros(size, bool)
        for group in range(1 if groups == 2 else groups):
            a = selected[..., group]
            log_e, _ = evidence(a, rows, selected.sum(axis=2) - a, rows * (groups - 1))
            parts = 1 if groups == 2 else groups
            proven = log_e + math.log(share_of_error(0) / parts) >= math.log(20)
            others = (rates.sum(axis=2) - rates[..., group]) / (groups - 1)
            with np.errstate(invalid="ignore", divide="ignore"):
                ratio = rates[..., group] / others
                best = rates[..., group] / rates.max(axis=2)
            year |= (proven & ((ratio < 0.8) | (ratio > 1.25) | (best < 0.8))).any(axis=1)
        found += int(year.sum())
    return found


def found_within(ratio: float, rate: float, rows: int, years: int, seed: int) -> np.ndarray:
    """The week of the first finding of each year (53: none), two groups, the group's rate `ratio` times `rate`."""
    random = np.random.default_rng(seed)
    a = random.binomial(rows, rate * ratio, (years, WEEKS))
    b = random.binomial(rows, rate, (years, WEEKS))
    log_e, _ = evidence(a, rows, b, rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        cumulated = np.cumsum(a, axis=1) / np.cumsum(b, axis=1)
    proven = (log_e + math.log(share_of_error(0)) >= math.log(20)) & ((cumulated < 0.8) | (cumulated > 1.25))
    return np.where(proven.any(axis=1), proven.argmax(axis=1) + 1, WEEKS + 1)


def covered_years(ratio: float, weeks: tuple[float, float], rows: tuple[int, int], years: int, seed: int) -> int:
    """Years in which the confidence sequence holds the true ratio at all 52 looks."""
    random = np.random.default_rng(seed)
    p = weekly_rates(random, years, *weeks)
    a = random.binomial(rows[0], p * ratio)
    b = random.binomial(rows[1], p)
    _, kappa = evidence(a, rows[0], b, rows[1])
    hold = 0
    for year in range(years):
        fine = True
        for week in range(WEEKS):
            odds = log_odds_limits(int(a[year, : week + 1].sum()), kappa[year, week], 0.04)
            base = rate_limits(int(b[year, : week + 1].sum()), rows[1] * (week + 1), 0.01)
            low, high = ratio_limits(odds, base)
            fine = fine and low <= ratio <= high
            if not fine:
                break
        hold += fine
    return hold


FOUNDING = BiasPolicy(
    prediction="prediction",
    label="label",
    favourable=("1",),
    protected_attributes=(
        ProtectedAttribute(name="age", groups=("18-25", "26-40", "41-60", "60+"), reference_group="26-40"),
        ProtectedAttribute(name="gender", groups=("male", "female", "non-binary"), reference_group="male"),
        ProtectedAttribute(name="ethnicity", groups=("group_a", "group_b", "group_c"), reference_group="group_a"),
    ),
    combinations=(("age", "gender"), ("gender", "ethnicity")),
)
"""The bias file of the first design: three attributes, named references, two pairs, four metrics."""


def founding_counts(random: np.random.Generator, rows: int, rate: float) -> Tally:
    """Rows whose groups, decision and label are independent of each other."""
    shares = ((0.15, 0.4, 0.3, 0.15), (0.49, 0.49, 0.02), (0.6, 0.25, 0.15))
    levels = tuple(attribute.groups for attribute in FOUNDING.protected_attributes)
    cells = np.stack([random.choice(len(share), rows, p=share) for share in shares], axis=1)
    label = random.random(rows) < rate
    decision = random.random(rows) < np.where(label, 0.7, 0.3 * rate / (1 - rate))
    found, inverse = np.unique(cells, axis=0, return_inverse=True)
    counts = np.zeros((len(found), 3, 3), np.int64)
    np.add.at(counts, (inverse.ravel(), label.astype(int), decision.astype(int)), 1)
    names = tuple(attribute.name for attribute in FOUNDING.protected_attributes)
    return Tally(
        CountTensor(names, levels, found, counts), values={"label": frozenset("01"), "prediction": frozenset("01")}
    )


def founding_looks(looks: int, rows: int, seed: int) -> tuple[int, int]:
    """Looks at an equal model under the founding file: findings on the model, and own claims of any attribute."""
    random = np.random.default_rng(seed)
    plan = make_plan(FOUNDING)
    model = claims = 0
    for _ in range(looks):
        identity = Identity("report", "0" * 64, START)
        report = make_report(founding_counts(random, rows, 0.3), plan, FOUNDING, "prediction", identity)
        model += report.verdict in BEYOND
        claims += any(part.verdict in BEYOND for part in report.attributes.values())
    return model, claims


def founding_years(years: int, rows: int, seed: int) -> int:
    """Years of 52 looks through report and ledger under the founding file, with a finding on the model."""
    random = np.random.default_rng(seed)
    return sum(_year(random, rows) for _ in range(years))


def _year(random: np.random.Generator, rows: int) -> bool:
    plan, ledger, found = make_plan(FOUNDING), None, False
    for week in range(WEEKS):
        window = TimeWindow(start=START + timedelta(weeks=week), end=START + timedelta(weeks=week + 1))
        identity = Identity("report", "0" * 64, START, window=window)
        report = make_report(founding_counts(random, rows, 0.3), plan, FOUNDING, "prediction", identity)
        report, ledger, _ = look_again(report, window, (ledger, None), version="1", labels=True)
        found = found or report.verdict in BEYOND
    return found


def whole_years(years: int, seed: int) -> Iterator[tuple[float, float]]:
    """The evidence after a year by report and ledger, and by the arrays of this file."""
    random = np.random.default_rng(seed)
    rules = BiasPolicy(
        prediction="prediction",
        favourable=("1",),
        fairness_metrics=RATIO,
        protected_attributes=(ProtectedAttribute(name="group", reference_group="b"),),
    )
    plan = make_plan(rules)
    for _ in range(years):
        selected = random.binomial(200, 0.3, (WEEKS, 2))
        ledger, e = None, math.nan
        for week in range(WEEKS):
            counts = np.zeros((2, 3, 3), np.int64)
            counts[:, 2, 1], counts[:, 2, 0] = selected[week], 200 - selected[week]
            tensor = CountTensor(("group",), (("a", "b"),), np.array([[0], [1]]), counts)
            window = TimeWindow(start=START + timedelta(weeks=week), end=START + timedelta(weeks=week + 1))
            values = {"prediction": frozenset("01")}
            identity = replace(Identity("report", "0" * 64, START), window=window)
            report = make_report(Tally(tensor, values=values), plan, rules, "prediction", identity)
            report, ledger, _ = look_again(report, window, (ledger, None), version="1", labels=False)
            e = report.looks.looks[0].e if report.looks else math.nan
        log_e, _ = evidence(selected[None, :, 0], 200, selected[None, :, 1], 200)
        yield e, float(np.exp(log_e[0, -1]))


class Table:
    """Lines that hold or do not."""

    def __init__(self) -> None:
        self.good = True

    def line(self, text: str, *, holds: bool) -> None:
        """Print one."""
        self.good = self.good and holds
        print(f"  {text}  {'holds' if holds else 'DOES NOT HOLD'}", flush=True)


def print_false_years(table: Table, years: int, seed: int) -> None:
    """An equal model."""
    print(f"Equal model, {WEEKS} weekly looks, {years} years a row, seed {seed}: years with a finding")
    for groups, rows in ((2, 200), (2, 500), (10, 100)):
        for rate, spread in ((rate, spread) for rate in (0.1, 0.3, 0.5) for spread in (0.0, 0.3)):
            found = false_years(groups, rows, (rate, spread), years, seed)
            most = upper_bound(found, years)
            weeks = "weeks alike" if spread == 0 else f"AR(1) weeks, {spread} on the logit"
            text = f"{groups:2} of {rows}, rate {rate}, {weeks:28} {said(found, years)}, at most {most:.2%}"
            table.line(text, holds=most <= 0.05)


def print_power(table: Table, years: int, seed: int) -> None:
    """A model that is not equal."""
    print(f"True ratio 0.6, 2 x 200 rows a week, {years} years, seed {seed}: found within 8 weeks")
    for rate in (0.2, 0.3, 0.5):
        weeks = found_within(0.6, rate, 200, years, seed)
        hits = int((weeks <= 8).sum())
        text = f"rate {rate} {said(hits, years)}, median week {int(np.median(weeks))}"
        table.line(text, holds=hits >= 0.95 * years)


def print_coverage(table: Table, years: int, seed: int) -> None:
    """The confidence sequences. A rate times its ratio stays under 1 in every week."""
    print(f"Confidence sequence of the ratio, {years} years, seed {seed}: holds at all {WEEKS} looks")
    for rate, ratio in ((0.1, 1.0), (0.3, 1.0), (0.3, 0.8), (0.2, 0.6), (0.5, 0.6), (0.6, 1.5)):
        for rows in ((200, 200), (50, 500)):
            for spread in (0.0, 0.3) if rate * ratio < 0.75 else (0.0,):
                hold = covered_years(ratio, (rate, spread), rows, years, seed)
                text = f"ratio {ratio}, rate {rate}, rows {rows}, spread {spread}  {said(hold, years)}"
                table.line(text, holds=hold >= 0.95 * years)


def print_founding(table: Table, looks: int, years: int, seed: int) -> None:
    """The founding file."""
    print(f"The founding file, {looks} looks at an equal model of 1,000 rows, seed {seed}")
    model, claims = founding_looks(looks, 1000, seed)
    most = upper_bound(model, looks)
    table.line(f"a finding on the model {said(model, looks)}, at most {most:.2%}", holds=most <= 0.05)
    print(f"  some attribute's own claim {said(claims, looks)}")
    if years:
        found = founding_years(years, 1000, seed + 1)
        print(f"  {years} years of 52 looks: years with a finding {said(found, years)}")


def main() -> int:
    """Print every table; 1 where a line does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=4000)
    parser.add_argument("--coverage-years", type=int, default=400)
    parser.add_argument("--looks", type=int, default=4000, help="looks under the founding file")
    parser.add_argument("--founding-years", type=int, default=20)
    parser.add_argument("--whole", type=int, default=3, help="years through report and ledger")
    parser.add_argument("--seed", type=int, default=SEED, help="of the first table; the others take the next ones")
    asked = parser.parse_args()
    table = Table()
    print_false_years(table, asked.years, asked.seed)
    print_power(table, asked.years, asked.seed + 1)
    print_coverage(table, asked.coverage_years, asked.seed + 2)
    print_founding(table, asked.looks, asked.founding_years, asked.seed + 3)
    pairs = list(whole_years(asked.whole, asked.seed + 5))
    print(f"Report and ledger beside these arrays, {asked.whole} years, seed {asked.seed + 5}")
    apart = max((abs(one - other) / other for one, other in pairs), default=0)
    table.line(f"largest relative difference of e {apart:.1e}", holds=apart < 1e-6)
    return 0 if table.good else 1


if __name__ == "__main__":
    sys.exit(main())
