"""What is on record of a model's performance: only labels say it, sound data never do."""

from __future__ import annotations

import pytest

from syndic.models import Evidence, EvidenceChanged, EvidenceStatus
from syndic.quality.models import Metric, PerformanceVerdict
from syndic.records import list_evidence
from tests.unit.quality.case import NEXT, Case, lines, rows, truths


def on_record(case: Case) -> dict[str, Evidence]:
    return {evidence.kind: evidence for evidence in list_evidence(case.store, case.model.id)}


def test_sound_data_without_labels_say_nothing_of_performance() -> None:
    case = Case()
    case.levels(accuracy=0.9)
    case.add(lines(rows()))
    case.check()
    assert {kind: evidence.status for kind, evidence in on_record(case).items()} == {
        "quality.run": EvidenceStatus.PASSING
    }


@pytest.mark.parametrize(
    ("level", "status", "said"),
    [
        (0.80, EvidenceStatus.PASSING, "accuracy 0.9 (0.867 to 0.926) meets its level 0.8"),
        (0.91, EvidenceStatus.INCONCLUSIVE, "may miss its level 0.91"),
        (0.99, EvidenceStatus.FAILING, "misses its level 0.99"),
        (None, EvidenceStatus.INCONCLUSIVE, "no level is declared"),
    ],
)
def test_labels_are_judged_by_the_declared_level(level: float | None, status: EvidenceStatus, said: str) -> None:
    case = Case()
    if level is not None:
        case.levels(accuracy=level)
    given = rows(400)
    case.add(lines(given))
    case.label(truths(given, wrong=40))
    case.check()
    found = on_record(case)["quality.performance"]
    assert found.status is status
    assert said in found.summary
    changed = [event for event in case.bus.published if isinstance(event, EvidenceChanged)]
    assert changed[-1].kinds == ("quality.run", "quality.performance")


def test_a_newer_window_whose_labels_have_yet_to_come_does_not_hide_the_answer() -> None:
    case = Case()
    case.levels(accuracy=0.8)
    given = rows(400)
    case.add(lines(given))
    case.label(truths(given, wrong=0))
    first = case.check()
    case.add(lines(rows(400, seed=2), prefix="n"), NEXT, name="01.jsonl")
    case.check(NEXT)
    assert on_record(case)["quality.run"].window == NEXT
    assert on_record(case)["quality.performance"].window == first.window


def test_classes_in_other_words_than_the_labels_are_not_an_accuracy_of_zero() -> None:
    case = Case()
    case.levels(accuracy=0.8)
    given = [
        (amount, purpose, "approved" if risk == "1" else "denied", score) for amount, purpose, risk, score in rows(400)
    ]
    case.add(lines(given))
    case.label(truths(rows(400), wrong=0))
    performance = case.check().performance
    assert performance is not None
    assert performance.verdict is PerformanceVerdict.NOT_ENOUGH_DATA
    assert "labels (0, 1) and predicted classes (approved, denied) have no value in common" in performance.reason
    assert performance.confusion is None
    assert performance.metrics[Metric.AUC].value == 1.0
    assert not [measure for _, measure, _ in case.findings.values() if measure == "accuracy"]
    assert on_record(case)["quality.performance"].status is EvidenceStatus.INCONCLUSIVE


def test_a_model_that_is_always_wrong_is_told_so() -> None:
    case = Case()
    case.levels(accuracy=0.8)
    given = [(amount, purpose, "1", score) for amount, purpose, _, score in rows(100)]
    case.add(lines(given))
    case.label(truths(given, wrong=100))
    performance = case.check().performance
    assert performance is not None
    assert performance.verdict is PerformanceVerdict.BELOW_LEVEL
