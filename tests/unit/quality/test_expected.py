"""Performance of rows without labels: expected, refused where that is not sound, compared when labels come."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from syndic.errors import InvalidInputError
from syndic.models import EndpointVariant, TimeWindow, to_json
from syndic.ports import Record
from syndic.quality.examine_unlabelled import Roles, expect_file
from syndic.quality.models import ExpectedVerdict, Metric, QualityPolicy
from syndic.records import model_key
from syndic.windows import Categories, Window
from tests.unit.quality.case import DAY, Case, lines

ROLES = Roles("paid", "decision", "score")


def table(
    rows: int, seed: int, *, low: float = 0.0, high: float = 1.0, true: float | None = None, label: bool = True
) -> Window:
    """Scores between two limits that are chances squared; `true` sets another chance of the positive class."""
    random = np.random.default_rng(seed)
    score = random.uniform(low, high, rows)
    chance = score**2 if true is None else np.full(rows, true)
    columns = {"score": score, "decision": (score > 0.7).astype(float)}
    if label:
        columns["paid"] = (random.random(rows) < chance).astype(float)
    return Window(rows, columns)


def test_realised_values_lie_in_their_intervals_though_the_scores_are_no_chances():
    reference = table(8000, 1)
    inside = {metric: [] for metric in ("accuracy", "precision", "recall", "f1", "auc")}
    for seed in range(60):
        current = table(600, 100 + seed, low=0.2)  # covariate shift within the reference
        found = expect_file(reference, current, ROLES, QualityPolicy())
        assert found.calibration_p > 1e-6
        for name, held in inside.items():
            one = found.metrics[Metric(name)]
            held.append(one.low <= found.realised[Metric(name)] <= one.high)
    assert min(np.mean(held) for held in inside.values()) >= 0.9
    assert np.mean([np.mean(held) for held in inside.values()]) >= 0.93


def test_without_labels_it_is_expected_and_says_what_it_cannot_see():
    found = expect_file(table(8000, 1), table(500, 2, label=False), ROLES, QualityPolicy())
    assert found.verdict is ExpectedVerdict.EXPECTED
    assert found.realised == {}
    assert "concept drift, cannot be seen without labels" in found.reason


def test_labels_that_come_and_differ_contradict_it():
    found = expect_file(table(8000, 1), table(2000, 2, true=0.5), ROLES, QualityPolicy())
    assert found.verdict is ExpectedVerdict.CONTRADICTED
    assert "concept drift is likely" in found.reason


def test_scores_that_the_reference_hardly_has_cannot_be_told():
    found = expect_file(table(8000, 1, high=0.5), table(500, 2, low=0.4), ROLES, QualityPolicy())
    assert found.verdict is ExpectedVerdict.OUTSIDE_REFERENCE
    assert found.outside == pytest.approx(0.83, abs=0.05)


def test_chances_that_change_within_the_reference_are_not_used():
    parts = [table(800, seed, true=0.3 if seed % 2 else 0.7) for seed in range(10)]
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    found = expect_file(Window(8000, columns), table(500, 20), ROLES, QualityPolicy())
    assert found.verdict is ExpectedVerdict.NOT_CALIBRATED
    assert found.metrics == {}


def test_a_declared_level_that_is_expected_to_be_missed_is_said():
    policy = QualityPolicy(levels={Metric.AUC: 0.99})
    found = expect_file(table(8000, 1), table(2000, 2, label=False), ROLES, policy)
    assert found.verdict is ExpectedVerdict.BELOW_LEVEL


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (table(400, 1), "1000 in 5"),
        (Window(0, {"score": np.zeros(0), "decision": np.zeros(0), "paid": np.zeros(0)}), None),
    ],
)
def test_a_small_reference_is_not_enough(reference, said):
    if said is None:
        with pytest.raises(InvalidInputError, match="no label of the reference"):
            expect_file(reference, table(500, 2), ROLES, QualityPolicy())
        return
    found = expect_file(reference, table(500, 2), ROLES, QualityPolicy())
    assert found.verdict is ExpectedVerdict.NOT_ENOUGH_DATA
    assert said in found.reason


def test_scores_that_are_no_chances_are_refused():
    odd = replace(table(500, 2), columns={**table(500, 2).columns, "score": np.linspace(-3, 3, 500)})
    with pytest.raises(InvalidInputError, match="no chances between 0 and 1"):
        expect_file(table(8000, 1), odd, ROLES, QualityPolicy())


def prices(rows: int, seed: int, *, old: float = 0.3) -> Window:
    """A regression whose error depends on two inputs together."""
    random = np.random.default_rng(seed)
    age = (random.random(rows) < old).astype(np.int32)
    use = random.uniform(0, 1, rows)
    truth = random.normal(100, 10, rows)
    error = random.normal(0, 1, rows) * (1 + 6 * age * use)
    columns = {"age": Categories(age, ("new", "old")), "use": use, "decision": truth + error, "paid": truth}
    return Window(rows, columns)


def test_the_loss_of_a_regression_follows_its_inputs():
    reference, roles = prices(12_000, 1), Roles("paid", "decision")
    held = []
    for seed in range(20):
        found = expect_file(reference, prices(1000, 50 + seed, old=0.8), roles, QualityPolicy())
        held += [found.metrics[m].low <= found.realised[m] <= found.metrics[m].high for m in (Metric.MAE, Metric.RMSE)]
    assert np.mean(held) >= 0.85
    before = expect_file(reference, prices(1000, 90), roles, QualityPolicy()).metrics[Metric.MAE].value
    assert found.metrics[Metric.MAE].value > 1.5 * before


def window_of(day: int) -> TimeWindow:
    return TimeWindow(start=DAY.start + timedelta(days=day), end=DAY.end + timedelta(days=day))


def day_of(case: Case, day: int, *, label: bool, positive_share: float | None = None) -> None:
    random = np.random.default_rng(day)
    score = random.random(300)
    given = [("50.0", "car", str(int(one > 0.5)), f"{one:.6f}") for one in score]
    body = lines(given, prefix=f"d{day}-").replace(b"2026-11-01", f"{window_of(day).start:%Y-%m-%d}".encode())
    case.add(body, window_of(day), name=f"{day}.jsonl")
    if label:
        chance = score if positive_share is None else np.full(300, positive_share)
        truth = []
        for place, one in enumerate(chance.tolist()):
            event = {
                "groundTruthData": {"data": str(int(random.random() < one)), "encoding": "CSV"},
                "eventMetadata": {"eventId": f"d{day}-{place}"},
                "eventVersion": "0",
            }
            truth.append(json.dumps(event).encode() + b"\n")
        case.label(b"".join(truth), days=day + 1, name=f"labels-{day}.jsonl")


def test_windows_whose_labels_have_come_let_expect_the_next_ones():
    case = Case()
    for day in range(6):
        day_of(case, day, label=True)
        report = case.check(window_of(day))
    assert report.expected.verdict is ExpectedVerdict.EXPECTED
    assert set(report.expected.realised) == {Metric.ACCURACY, Metric.PRECISION, Metric.RECALL, Metric.F1, Metric.AUC}
    day_of(case, 6, label=False)
    unlabelled = case.check(window_of(6))
    assert unlabelled.performance.verdict.value == "not_enough_data"
    assert unlabelled.expected.reference_parts == 6
    assert unlabelled.expected.metrics[Metric.ACCURACY].value == pytest.approx(0.75, abs=0.05)
    assert case.check(window_of(6)) == unlabelled


def test_another_version_of_the_model_has_no_reference_yet():
    case = Case()
    for day in range(6):
        day_of(case, day, label=True)
        case.check(window_of(day))
    served = case.endpoint.model_copy(
        update={"variants": (EndpointVariant(name="a", model_name="m", model_version="2"),)}
    )
    case.model = case.model.model_copy(update={"endpoint": served})
    case.store.put(Record(model_key(case.model.id), to_json(case.model)))
    day_of(case, 6, label=False)
    assert case.check(window_of(6)).expected is None


def test_a_level_that_cannot_be_told_says_how_many_labels_it_takes():
    case = Case()
    case.levels(accuracy=0.81)
    day_of(case, 0, label=True)
    report = case.check(window_of(0))
    found = report.performance.metrics[Metric.ACCURACY]
    assert found.verdict.value == "inconclusive"
    assert found.rows_needed > 300
    case = Case()
    day_of(case, 1, label=False)
    assert case.check(window_of(1)).performance.rows_needed is None  # no label has come, so no rate is known
