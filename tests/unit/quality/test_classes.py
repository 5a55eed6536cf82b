"""Labels and predicted classes in other words: the metrics of the same words, or null with the reason."""

from __future__ import annotations

import numpy as np
import pytest

from syndic.models import ColumnKind
from syndic.quality.models import Metric, Performance, PerformanceVerdict, QualityPolicy
from syndic.quality.performance.metrics import Outcomes, judge_performance
from syndic.windows import LabelCoverage
from tests.unit.bias.cases import texts

CLASS_METRICS = (Metric.ACCURACY, Metric.PRECISION, Metric.RECALL, Metric.F1)
ANSWERS = [("1", "0"), ("true", "false"), ("TRUE", "False"), ("yes", "no"), ("Y", "n"), ("ja", "Nein"), ("1.0", "0.0")]
JUDGEMENTS = [("good", "bad"), ("Approved", "denied"), ("pass", "FAIL")]


def outcomes_of(seed: int, size: int, accuracy: float = 0.8) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    label = random.random(size) < 0.4
    return label, np.where(random.random(size) < accuracy, label, ~label)


def judged(label: list[str], prediction: list[str], **policy: object) -> Performance:
    found = Outcomes(ColumnKind.CATEGORICAL)
    found.add(texts(label), texts(prediction), None)
    rules = QualityPolicy(**{"levels": {"accuracy": 0.9}, **policy})
    return judge_performance(found, LabelCoverage(len(label), len(label), 0, 0, 0), rules)


def said(values: np.ndarray, words: tuple[str, str]) -> list[str]:
    return [words[0] if value else words[1] for value in values.tolist()]


@pytest.mark.parametrize("mine", [*ANSWERS, *JUDGEMENTS], ids="/".join)
@pytest.mark.parametrize("theirs", [*ANSWERS, *JUDGEMENTS], ids="/".join)
def test_words_are_matched_within_a_kind_and_never_across(mine, theirs):
    label, prediction = outcomes_of(len(mine[0]) * 7 + len(theirs[0]), 300)
    truth = judged(said(label, ("1", "0")), said(prediction, ("1", "0")), positive="1")
    found = judged(said(label, mine), said(prediction, theirs), positive=theirs[0])
    if (mine in ANSWERS) is (theirs in ANSWERS):
        assert {name: found.metrics[name] for name in CLASS_METRICS} == {
            name: truth.metrics[name] for name in CLASS_METRICS
        }
        assert found.confusion == truth.confusion
        assert found.verdict is truth.verdict
    else:
        assert found.verdict is PerformanceVerdict.NOT_ENOUGH_DATA
        assert "have no value in common" in found.reason
        assert all(found.metrics[name].value is None for name in CLASS_METRICS)


@pytest.mark.parametrize("words", [("kyllä", "ei"), ("a", "b"), ("good", "bad"), ("2", "1"), ("0", "1")], ids="/".join)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_positive_label_can_be_said(words, seed):
    label, prediction = outcomes_of(seed, 250 * seed)
    truth = judged(said(label, ("1", "0")), said(prediction, ("1", "0")), positive="1")
    found = judged(said(label, words), said(prediction, ("1", "0")), positive="1", positive_label=words[0])
    assert {name: found.metrics[name] for name in CLASS_METRICS} == {
        name: truth.metrics[name] for name in CLASS_METRICS
    }
    assert found.positive == words[0]
    assert f"the positive class is {words[0]} among the labels" in found.reason


def test_one_unknown_word_on_each_side_is_not_a_model_that_is_always_wrong():
    found = judged(["cat"] * 100, ["kissa"] * 100)
    assert found.metrics[Metric.ACCURACY].value is None
    assert found.verdict is PerformanceVerdict.NOT_ENOUGH_DATA
    wrong = judged(["yes"] * 100, ["0"] * 100)
    assert wrong.metrics[Metric.ACCURACY].value == 0.0
    assert wrong.verdict is PerformanceVerdict.BELOW_LEVEL


@pytest.mark.parametrize("trees", [4, 100])
def test_probabilities_are_no_classes(trees):
    label, _ = outcomes_of(3, 200)
    chances = np.random.default_rng(4).integers(0, trees + 1, 200) / trees
    found = judged(said(label, ("1", "0")), [f"{chance:g}" for chance in chances.tolist()])
    assert found.metrics[Metric.ACCURACY].value is None
    assert "not classes" in found.metrics[Metric.ACCURACY].reason


@pytest.mark.parametrize(("positive", "positive_label"), [("payed", None), ("1", "payed")])
def test_a_positive_class_that_never_occurs_is_null_with_what_occurs(positive, positive_label):
    label, prediction = outcomes_of(5, 200)
    words = ("paid", "lost")
    sides = (said(label, words), said(prediction, words))
    found = judged(*sides, positive=positive, positive_label=positive_label)
    assert found.metrics[Metric.PRECISION].value is None
    assert "lost, paid" in found.metrics[Metric.PRECISION].reason


@pytest.mark.parametrize("seed", range(5))
def test_several_classes_keep_their_own_words(seed):
    random = np.random.default_rng(seed)
    words = np.array(["red", "Green", "blue", "1"])
    label = random.integers(0, 4, 400)
    prediction = np.where(random.random(400) < 0.7, label, random.integers(0, 4, 400))
    found = judged(words[label].tolist(), [word.upper() for word in words[prediction].tolist()])
    assert found.metrics[Metric.ACCURACY].value == pytest.approx(np.mean(label == prediction))
    assert found.task == "multiclass"
