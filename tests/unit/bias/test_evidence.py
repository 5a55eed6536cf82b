"""What a report is evidence of: nothing passes that was not examined, or is not shown to be within the threshold."""

from __future__ import annotations

import numpy as np
import pytest

from syndic.bias.models import Verdict
from syndic.bias.report.findings import evidence_of
from syndic.models import EvidenceStatus, WindowLength
from tests.proof import ALL
from tests.unit.bias.cases import NOW, counted_rows, policy, report, window

DAY = WindowLength.DAY.around(NOW)


@pytest.mark.parametrize(
    ("cells", "verdict", "status"),
    [
        # 0.9 (0.875 to 0.925), and real
        ({"a": (4500, 10000), "b": (5000, 10000)}, Verdict.DIFFERENCE_UNDER_THRESHOLD, EvidenceStatus.INCONCLUSIVE),
        # 0.82 (0.73 to 0.92), and real
        ({"a": (410, 1000), "b": (500, 1000)}, Verdict.DIFFERENCE_UNDER_THRESHOLD, EvidenceStatus.INCONCLUSIVE),
        ({"a": (5000, 10000), "b": (5000, 10000)}, Verdict.NO_INDICATION, EvidenceStatus.PASSING),
        ({"a": (3000, 10000), "b": (5000, 10000)}, Verdict.ADVERSE_IMPACT_INDICATED, EvidenceStatus.FAILING),
        ({"a": (45, 100), "b": (50, 100)}, Verdict.INCONCLUSIVE, EvidenceStatus.INCONCLUSIVE),
    ],
)
def test_only_what_is_shown_to_be_within_the_threshold_passes(cells, verdict, status):
    found = report(counted_rows(cells), policy("group"))
    assert found.verdict is verdict
    evidence = evidence_of((found,), "credit", DAY)
    assert evidence.status is status


def test_an_attribute_that_could_not_be_assessed_is_not_hidden_by_another_that_is_fine():
    rows = counted_rows({"a": (5000, 10000), "b": (5000, 10000)})
    found = report(rows, policy("group", "age", intersectional=False))
    assert found.attributes["age"].verdict is Verdict.NOT_ASSESSABLE
    assert found.verdict is Verdict.NO_INDICATION
    evidence = evidence_of((found,), "credit", DAY)
    assert evidence.status is EvidenceStatus.INCONCLUSIVE
    assert evidence.summary.endswith(". Not assessable: age")


def test_an_attribute_that_is_known_of_few_rows_says_so_and_does_not_pass():
    rows = counted_rows({"a": (5000, 10000), "b": (5000, 10000), "": (25000, 25000)})
    found = report(rows, policy("group"))
    assert found.verdict is Verdict.NO_INDICATION
    assert "group is not known for 25000 of 45000 rows: what is said of it holds for the others only" in found.warnings
    evidence = evidence_of((found,), "credit", DAY)
    assert evidence.status is EvidenceStatus.INCONCLUSIVE
    assert evidence.summary.endswith(". Not known of most rows: group")


REPEATS = 200 if ALL else 80


def test_combinations_share_the_allowed_error():
    """Four attributes make six pairs: without sharing, 15 % of reports without any difference had an adverse pair."""
    random = np.random.default_rng(11)
    names = ("a", "b", "c", "d")
    adverse = 0
    for _ in range(REPEATS):
        columns = {name: random.choice(["x", "y"], 400).tolist() for name in names}
        found = report(
            window(**columns, prediction=(random.random(400) < 0.3).astype(float)), policy(*names, label=None)
        )
        adverse += any(part.verdict is Verdict.ADVERSE_IMPACT_INDICATED for part in found.intersections.values())
        assert len(found.intersections) == 6
    assert adverse <= REPEATS * 0.05 + 2 * np.sqrt(REPEATS * 0.05 * 0.95)


def test_declaring_more_attributes_does_not_dilute_the_test_of_one():
    random = np.random.default_rng(12)
    rows = counted_rows({"a": (350, 1000), "b": (500, 1000)})
    alone = report(rows, policy("group"))
    noise = {f"n{place}": random.choice(["x", "y"], 2000).tolist() for place in range(5)}
    columns = {"group": rows.columns["group"].values(), "prediction": rows.columns["prediction"], **noise}
    beside = report(window(**columns), policy("group", *noise))
    judged = [found.attributes["group"].groups["a"].judgements["disparate_impact"] for found in (alone, beside)]
    assert judged[0] == judged[1]


@pytest.mark.parametrize(
    ("names", "grounds"),
    [
        (("sex", "race"), ["race_or_ethnicity", "race_or_ethnicity & sex", "sex"]),
        (("sex", "weekday"), ["sex"]),
        (("weekday",), []),
    ],
)
def test_evidence_names_the_grounds_it_could_assess_alone_and_together(names, grounds):
    random = np.random.default_rng(5)
    columns = {name: random.choice(["a", "b"], 4000).tolist() for name in names}
    rows = window(**columns, prediction=(random.random(4000) < 0.5).astype(float))
    found = report(rows, policy(*names, label=None))
    evidence = evidence_of((found,), "credit", DAY)
    assert evidence.facts["grounds"] == grounds
    assert evidence.facts["compared_with"] == ["best_off"]
