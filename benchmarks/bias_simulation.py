"""Do the intervals cover, and does the combined answer raise false alarms? `python benchmarks/bias_simulation.py`.

Prints every case: the share of 2,000 simulations in which the 95 % interval holds the truth, and how often "adverse
impact indicated" comes up with equal rates and with a true ratio of 0.6. Cases above 97 % are conservative, which is
what exact and joined intervals are meant to be with few rows; below 93 % would be wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))

import numpy as np

from syndic.bias.counting.tally import Tally, make_plan
from syndic.bias.counting.tensor import CountTensor
from syndic.bias.measures.bootstrap import replicate
from syndic.bias.measures.families import families
from syndic.bias.measures.rates import Measured, measure
from syndic.bias.models import BEYOND
from syndic.bias.policy.model import BiasPolicy, Metric, ProtectedAttribute
from syndic.bias.report.build import Identity, make_report
from syndic.statistics.resampling import percentiles

SIZES = (30, 100, 300, 1000, 10_000)
RATES = (0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
TRUTHS = (
    ((0.5, 0.7, 0.3), (0.5, 0.7, 0.3)),
    ((0.3, 0.6, 0.2), (0.4, 0.8, 0.1)),
    ((0.1, 0.9, 0.05), (0.1, 0.9, 0.05)),
)
"""Base rate, true and false positive rate of the two groups."""

LEAST, MOST = 0.93, 0.97


@dataclass(frozen=True)
class Case:
    """How often an interval held the truth, of the simulations in which the number was defined."""

    what: str
    sizes: str
    truth: str
    coverage: float
    defined: float

    @property
    def word(self) -> str:
        """As the issue words it."""
        return "TOO LOW" if self.coverage < LEAST else "conservative" if self.coverage > MOST else "within"


def decided(selected: np.ndarray, rows: int) -> np.ndarray:
    """Tables of rows without labels: ``[simulation, label, decision]``."""
    counts = np.zeros((len(selected), 3, 3), np.int64)
    counts[:, 2, 1], counts[:, 2, 0] = selected, rows - selected
    return counts


def labelled(random: np.random.Generator, rows: int, truth: tuple[float, float, float], times: int) -> np.ndarray:
    """Tables of labelled rows with a base rate, a true and a false positive rate."""
    base, tpr, fpr = truth
    cells = [(1 - base) * (1 - fpr), (1 - base) * fpr, base * (1 - tpr), base * tpr]
    counts = np.zeros((times, 3, 3), np.int64)
    counts[:, :2, :2] = random.multinomial(rows, cells, times).reshape(times, 2, 2)
    return counts


def covered(found: Measured, truth: float) -> tuple[float, float]:
    """Share of defined intervals that hold the truth, and share of numbers that are defined."""
    defined = ~np.isnan(found.low)
    if not defined.any():
        return float("nan"), 0.0
    hold = (found.low[defined] <= truth + 1e-12) & (found.high[defined] >= truth - 1e-12)
    return float(hold.mean()), float(defined.mean())


def rate_cases(times: int, sizes: tuple[int, ...] = SIZES, rates: tuple[float, ...] = RATES) -> Iterator[Case]:
    """Selection rates, and their differences and ratios between equal and unequal groups."""
    random = np.random.default_rng(11)
    for n in sizes:
        for p in rates:
            for m, q in ((n, p), (n, min(0.98, p * 1.25)), (10_000, p)):
                one = decided(random.binomial(n, p, times), n)
                other = decided(random.binomial(m, q, times), m)
                found = measure(one, other)
                sizes_said = f"{n} v {m}"
                if (m, q) == (n, p):
                    yield Case("rate", str(n), f"{p}", *covered(found.rates["selection_rate"], p))
                difference = found.disparities[Metric.DEMOGRAPHIC_PARITY]
                yield Case("difference", sizes_said, f"{p} v {q:.3g}", *covered(difference, p - q))
                impact = found.disparities[Metric.DISPARATE_IMPACT]
                yield Case("ratio", sizes_said, f"{p} v {q:.3g}", *covered(impact, p / q))


def label_cases(times: int, sizes: tuple[int, ...] = (100, 300, 1000, 10_000)) -> Iterator[Case]:
    """Differences of rates that need labels; their denominators are random too."""
    random = np.random.default_rng(12)
    for n in sizes:
        for one, other in (
            ((0.5, 0.7, 0.3), (0.5, 0.7, 0.3)),
            ((0.3, 0.6, 0.2), (0.4, 0.8, 0.1)),
            ((0.1, 0.9, 0.05),) * 2,
        ):
            found = measure(labelled(random, n, one, times), labelled(random, n, other, times)).disparities
            said = f"base {one[0]} v {other[0]}, TPR {one[1]} v {other[1]}, FPR {one[2]} v {other[2]}"
            truths = {metric: value(one) - value(other) for metric, value in DIFFERENCES.items()}
            for metric, truth in truths.items():
                yield Case(metric.value, str(n), said, *covered(found[metric], truth))
            odds = max(abs(one[1] - other[1]), abs(one[2] - other[2]))
            yield Case(Metric.EQUALIZED_ODDS.value, str(n), said, *covered(found[Metric.EQUALIZED_ODDS], odds))


def _ratio(truth: tuple[float, float, float]) -> float:
    base, tpr, fpr = truth
    return base * (1 - tpr) / ((1 - base) * fpr)


def _precision(truth: tuple[float, float, float]) -> float:
    base, tpr, fpr = truth
    return base * tpr / (base * tpr + (1 - base) * fpr)


DIFFERENCES = {
    Metric.EQUAL_OPPORTUNITY: lambda truth: truth[1],
    Metric.FALSE_POSITIVE_RATE: lambda truth: truth[2],
    Metric.PREDICTIVE_PARITY: _precision,
    Metric.ACCURACY_PARITY: lambda truth: truth[0] * truth[1] + (1 - truth[0]) * (1 - truth[2]),
    Metric.TREATMENT_EQUALITY: _ratio,
}


def bootstrap_cases(times: int) -> Iterator[Case]:
    """Percentile intervals from the count tensor: fine for large groups, short for small ones."""
    random = np.random.default_rng(13)
    policy = BiasPolicy(protected_attributes=(ProtectedAttribute(name="group", reference_group="b"),))
    for n in (100, 1000):
        held = []
        for _ in range(times):
            counts = np.concatenate([decided(random.binomial(n, p, 1), n) for p in (0.3, 0.4)])
            tensor = CountTensor(("group",), (("a", "b"),), np.array([[0], [1]]), counts)
            _, gaps = replicate(tensor, families(tensor, policy), 500, random)
            low, high = percentiles(gaps)
            held.append(low[0, 0] <= -0.1 <= high[0, 0])
        yield Case("difference, bootstrap", str(n), "0.3 v 0.4", float(np.mean(held)), 1.0)


def alarm_rate(rates: list[float], rows: int, times: int, *, seed: int = 14) -> tuple[float, float]:
    """How often groups of `rows` with these rates give a finding of either name, and min/max < 0.8 beside it."""
    random = np.random.default_rng(seed)
    policy = BiasPolicy(favourable=("1",), prediction="p", protected_attributes=(ProtectedAttribute(name="group"),))
    plan = make_plan(policy)
    identity = Identity("simulation", "simulation", datetime(2026, 1, 1, tzinfo=UTC))
    names = tuple(f"g{i:02d}" for i in range(len(rates)))
    cells = np.arange(len(rates)).reshape(-1, 1)
    alarms = naive = 0
    for _ in range(times):
        selected = random.binomial(rows, rates)
        tally = Tally(CountTensor(("group",), (names,), cells, decided(selected, rows)))
        report = make_report(tally, plan, policy, "prediction", identity)
        alarms += report.verdict in BEYOND
        naive += selected.min() < 0.8 * selected.max()
    return alarms / times, naive / times


def main() -> int:
    """Print all tables; 1 when a case covers too rarely or an alarm rate is out of its bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=2000)
    times = parser.parse_args().times
    print("| number | rows | truth | coverage | defined | |\n|---|---|---|---|---|---|")
    wrong = 0
    for case in (*rate_cases(times), *label_cases(times), *bootstrap_cases(min(times, 500))):
        wrong += case.word == "TOO LOW"
        print(f"| {case.what} | {case.sizes} | {case.truth} | {case.coverage:.3f} | {case.defined:.2f} | {case.word} |")
    print("\n| groups | true rates | a finding (of either name) | min/max < 0.8 |\n|---|---|---|---|")
    for rate in (0.1, 0.3, 0.5):
        alarm, naive = alarm_rate([rate] * 10, 100, 1000)
        wrong += alarm > 0.05
        print(f"| 10 of 100 | {rate} each | {alarm:.1%} | {naive:.1%} |")
    for pair in ([0.3, 0.5], [0.18, 0.3], [0.48, 0.8]):
        alarm, naive = alarm_rate(pair, 500, 1000)
        wrong += alarm < 0.95
        print(f"| 2 of 500 | {pair[0]} v {pair[1]} | {alarm:.1%} | {naive:.1%} |")
    print(f"\n{wrong} outside their bounds.")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
