"""Performance without labels beside the labels that came, on data in NannyML's package: `make bench-expected`.

Needs the peers' environment (see requirements-peers.txt) for the data and for NannyML's own estimate:
``python benchmarks/expected.py --peers peers/bin/python``. Printed: the share of windows in which the realised value
lies in its interval, NannyML's AUC beside ours, and the cost beside one sort of the scores. Halves of a sample are
told apart: in the second half of the car loans and of the car prices its authors changed the population.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))

import numpy as np
import pyarrow.parquet as pq

from syndic.quality.examine_unlabelled import Roles, expect_file
from syndic.quality.models import Metric
from syndic.quality.performance.expected import called_of, expect_classes, table_of
from syndic.quality.policy.model import QualityPolicy
from syndic.statistics.calibration import BINS, calibrate
from syndic.statistics.expected import expected_performance, realised_performance, variance_between
from syndic.windows import Categories, Column, Window

SEED, PARTS = 18, 10
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


def rows_of(path: Path) -> dict[str, np.ndarray]:
    """A table's columns: numbers where all values are."""
    if path.suffix == ".pq":
        held = pq.read_table(path)
        return {name: held.column(name).to_numpy() for name in held.column_names}
    with path.open(newline="", encoding="utf-8") as file:
        read = csv.reader(file)
        names, lines = next(read), list(read)
    found = {}
    for name, values in zip(names, zip(*lines, strict=True), strict=True):
        try:
            found[name] = np.array([float(value) if value else math.nan for value in values])
        except ValueError:
            found[name] = np.array(values)
    return found


def classified(rows: dict[str, np.ndarray], names: tuple[str, str, str]) -> tuple[np.ndarray, ...]:
    """Scores, predicted classes and labels."""
    score, prediction, label = (rows[name].astype(float) for name in names)
    return score, prediction == 1, label == 1


def print_classes(
    title: str, reference: tuple[np.ndarray, ...], after: tuple[np.ndarray, ...], size: int
) -> list[float]:
    """One sample; returns the expected AUC of each window."""
    pieces = np.array_split(np.arange(len(reference[0])), PARTS)
    parts = [table_of(*(column[piece] for column in reference)) for piece in pieces]
    whole = np.sum(parts, axis=0).sum(axis=1)
    calibration, between = calibrate(whole[:, 0], whole[:, 1]), variance_between(parts)
    inside: dict[str, list[bool]] = {}
    areas = []
    for start in range(0, len(after[0]) - size + 1, size):
        score, called, label = (column[start : start + size] for column in after)
        rows = called_of(score, called)
        found = expected_performance(calibration, rows[:, 0], rows[:, 1], between=between, parts=PARTS)
        seen = realised_performance(table_of(score, called, label))
        areas.append(found["auc"].value)
        for name, value in seen.items():
            inside.setdefault(name, []).append(found[name].low <= value <= found[name].high)
    answer = expect_classes(parts, called_of(after[0], after[1]), QualityPolicy())
    said = f"the product answers {answer.verdict.value}, calibration p {answer.calibration_p:.2g}"
    print(f"{title}, windows of {size}: {said}")
    _print_inside(inside)
    return areas


def _print_inside(inside: dict[str, list[bool]]) -> None:
    for name, held in inside.items():
        half = len(held) // 2
        shares = [
            f"{np.mean(some):.1%} (SE {np.std(some) / math.sqrt(len(some)):.1%})" for some in (held[:half], held[half:])
        ]
        print(f"  {name:9} inside: first half {shares[0]}, second half {shares[1]}, {len(held)} windows")
    first = [one for held in inside.values() for one in held[: len(held) // 2]]
    print(f"  all       inside: first half {np.mean(first):.1%}", flush=True)


def window_of(rows: dict[str, np.ndarray]) -> Window:
    """A table as the product holds it."""
    columns: dict[str, Column] = {}
    for name, values in rows.items():
        if values.dtype.kind == "f":
            columns[name] = values
        else:
            levels, codes = np.unique(values, return_inverse=True)
            columns[name] = Categories(codes.astype(np.int32), tuple(levels.tolist()))
    return Window(len(next(iter(rows.values()))), columns)


def print_loss(data: Path, size: int) -> None:
    """Car prices: a regression."""
    before, after = (rows_of(data / f"regression_synthetic_{name}.csv") for name in ("reference", "analysis"))
    after["y_true"] = rows_of(data / "regression_synthetic_analysis_targets.csv")["y_true"]
    labels = after.pop("y_true")
    roles = Roles("y_true", "y_pred", ignored=("id", "timestamp"))
    reference, current = (window_of(rows) for rows in (before, after))
    missed = after["y_pred"] - labels
    inside: dict[str, list[bool]] = {"mae": [], "rmse": []}
    for start in range(0, len(missed) - size + 1, size):
        piece = slice(start, start + size)
        found = expect_file(reference, current.take(np.arange(start, start + size)), roles, QualityPolicy()).metrics
        seen = {"mae": np.abs(missed[piece]).mean(), "rmse": math.sqrt((missed[piece] ** 2).mean())}
        for name, value in seen.items():
            inside[name].append(bool((found[Metric(name)].low or 0) <= value <= (found[Metric(name)].high or 0)))
    print(f"Car prices (regression), windows of {size}")
    _print_inside(inside)


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
    parser.add_argument("--peers", default=sys.executable, help="a Python interpreter that has NannyML")
    asked = parser.parse_args()

    def peer(code: str) -> str:
        return subprocess.run([asked.peers, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    data = Path(peer(WHERE).splitlines()[-1])
    loans = [rows_of(data / f"synthetic_car_loan_{name}.csv") for name in ("reference", "analysis")]
    loans[1]["repaid"] = rows_of(data / "synthetic_car_loan_analysis_target.csv")["repaid"]
    named = ("y_pred_proba", "y_pred", "repaid")
    before, after = (classified(rows, named) for rows in loans)
    print_classes("Car loans", before, after, 1000)
    ours = print_classes("Car loans", before, after, 5000)
    theirs = json.loads(peer(THEIRS).splitlines()[-1])
    apart = max(abs(one - other) for one, other in zip(ours, theirs, strict=True))
    print(f"  AUC beside NannyML's in {len(theirs)} windows of 5,000: at most {apart:.4f} apart")
    census = [rows_of(data / f"employment_MA_{name}.pq") for name in ("reference", "analysis")]
    census[1]["employed"] = rows_of(data / "employment_MA_analysis_target.pq")["employed"]
    named = ("predicted_probability", "prediction", "employed")
    before, after = (classified(rows, named) for rows in census)
    print_classes("Employment in Massachusetts, 2015 and after", before, after, 1000)
    homes = [rows_of(data / f"california_housing_{name}.csv") for name in ("reference", "analysis")]
    homes[1]["clf_target"] = rows_of(data / "california_housing_analysis_gt.csv")["clf_target"]
    named = ("y_pred_proba", "y_pred", "clf_target")
    before, after = (classified(rows, named) for rows in homes)
    print_classes("California housing (a classification in the package)", before, after, 500)
    print_loss(data, 2000)
    print_cost()


if __name__ == "__main__":
    main()
