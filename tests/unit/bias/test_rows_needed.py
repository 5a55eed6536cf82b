"""How many rows until we can tell: for each answer that cannot be given, at the rates observed."""

from __future__ import annotations

import numpy as np
import pytest

from syndic.bias.models import RowsNeeded, Verdict
from syndic.bias.policy.model import Metric, MetricRule, ProtectedAttribute
from tests.unit.bias.cases import counted_rows, policy, report

RULES = policy(
    ProtectedAttribute(name="group", reference_group="a"),
    label=None,
    fairness_metrics=(MetricRule(metric=Metric.DISPARATE_IMPACT, threshold=0.8),),
)


def judged(cells: dict[str, tuple[int, int]]):
    return report(counted_rows(cells), RULES).attributes["group"].groups["b"].judgements["disparate_impact"]


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"a": (30, 100), "b": (21, 100)}, Verdict.ADVERSE_IMPACT_INDICATED),  # beyond the threshold, not beyond chance
        ({"a": (30, 100), "b": (28, 100)}, Verdict.NO_INDICATION),  # within it, the interval is not
    ],
)
def test_as_many_rows_as_it_says_give_the_answer_in_most_samples(cells, verdict):
    found = judged(cells)
    assert found.verdict is Verdict.INCONCLUSIVE
    times = found.rows_needed.times
    assert found.rows_needed.rows == pytest.approx(200 * times, abs=1)
    random = np.random.default_rng(4)
    answers = []
    for _ in range(200):
        rows = round(100 * times)
        sample = {name: (int(random.binomial(rows, x / n)), rows) for name, (x, n) in cells.items()}
        answers.append(judged(sample).verdict is verdict)
    assert np.mean(answers) > 0.65


def test_a_group_that_is_too_small_says_how_many_rows_reach_the_minimum():
    found = judged({"a": (30, 100), "b": (3, 10)})
    assert found.verdict is Verdict.NOT_ASSESSABLE
    assert found.rows_needed.rows == 330


def test_a_rare_outcome_says_how_many_rows_are_expected_to_hold_enough_of_it():
    found = judged({"a": (1, 100), "b": (1, 100)})
    assert found.verdict is Verdict.NOT_ASSESSABLE
    assert found.rows_needed.rows == 1000  # five of the rarer outcome on each side at 1 %


def test_where_rows_do_not_tell_it_says_so():
    assert judged({"a": (0, 100), "b": (0, 100), "c": (9, 100)}).rows_needed.rows is None
    at_the_limit = judged({"a": (500, 1000), "b": (400, 1000)})
    assert at_the_limit.verdict is Verdict.DIFFERENCE_UNDER_THRESHOLD
    assert at_the_limit.rows_needed is None
    assert judged({"a": (50, 100), "b": (40, 100)}).rows_needed == RowsNeeded(
        rows=None, reason="more than 1000 times these rows until the whole interval is within the threshold"
    )


def test_an_answer_needs_no_more_rows():
    assert judged({"a": (500, 1000), "b": (500, 1000)}).rows_needed is None
