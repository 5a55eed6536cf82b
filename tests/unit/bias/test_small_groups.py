"""A group of which little can be judged is a finding, a doubt or set aside by the policy: never a silent pass."""

from __future__ import annotations

import json

import numpy as np
import pytest

from syndic.bias.models import BEYOND, Verdict
from syndic.bias.policy.model import ProtectedAttribute
from syndic.bias.report.findings import evidence_of, findings_of
from syndic.cli.shell.frame import run
from syndic.models import Cloud, EvidenceStatus, RegisteredModel, WindowLength
from tests.proof import ALL
from tests.unit.bias.cases import NOW, counted_rows, policy, report

DAY = WindowLength.DAY.around(NOW)
MODEL = RegisteredModel(id="credit", name="Credit", cloud=Cloud.AWS, registered_at=NOW)
PASSES = {Verdict.NO_INDICATION, Verdict.DIFFERENCE_UNDER_THRESHOLD}


@pytest.mark.parametrize("compare_with", ["best_off", "rest"])
@pytest.mark.parametrize(
    ("refused", "base", "rate"), [(30, 1500, 0.9), (33, 1000, 0.9), (40, 1000, 0.95), (300, 50_000, 0.99)]
)
def test_a_group_that_is_wholly_refused_is_adverse_however_few_refusals_are_expected(compare_with, refused, base, rate):
    rows = counted_rows({"a": (int(base * rate), base), "b": (int(base * rate), base), "c": (0, refused)})
    found = report(rows, policy(ProtectedAttribute(name="group", compare_with=compare_with), label=None))
    assert found.verdict is Verdict.ADVERSE_IMPACT_INDICATED
    part = found.attributes["group"]
    assert part.groups["c"].verdict is Verdict.ADVERSE_IMPACT_INDICATED
    assert part.worst_off.group == "c"
    assert part.gap.value == 0
    assert any(finding.subject.endswith("group = c") for finding in findings_of(found, MODEL, DAY))


def test_a_group_that_alone_is_selected_is_adverse_for_the_others():
    found = report(counted_rows({"a": (5, 2000), "b": (5, 2000), "c": (30, 30)}), policy("group", label=None))
    assert found.verdict is Verdict.ADVERSE_IMPACT_INDICATED


def test_a_group_large_enough_that_cannot_be_judged_is_named_and_no_pass(capsys, tmp_path):
    cells = {"a": (5000, 10000), "b": (5000, 10000), "c": (15, 30)}
    found = report(counted_rows(cells), policy("group", label=None, minimum_expected=20))
    part = found.attributes["group"]
    assert part.groups["c"].verdict is Verdict.NOT_ASSESSABLE
    assert part.verdict is found.verdict is Verdict.INCONCLUSIVE
    assert found.unjudged == part.unjudged
    assert found.unjudged[0].startswith("group: c cannot be judged: 15.0 of the rarer outcome are expected")
    evidence = evidence_of((found,), "credit", DAY)
    assert evidence.status is EvidenceStatus.INCONCLUSIVE
    assert "c cannot be judged" in evidence.summary
    assert evidence.facts["outcomes"]["prediction"]["unjudged"] == list(found.unjudged)
    path = tmp_path / "rows.json"
    path.write_text(
        json.dumps(
            [
                {"g": name, "d": int(place < selected)}
                for name, (selected, rows) in {"a": (250, 5000), "b": (250, 5000), "c": (1, 40)}.items()
                for place in range(rows)
            ]
        )
    )
    assert run(["bias", "--data", str(path), "--prediction", "d", "--favourable", "1", "--protected", "g"]) == 3
    assert "g: c cannot be judged" in capsys.readouterr().out.splitlines()[0]


def test_rare_refusals_are_no_doubt_where_the_interval_is_within_the_threshold():
    cells = {"a": (9900, 10000), "b": (9900, 10000), "c": (198, 200)}
    found = report(counted_rows(cells), policy("group", label=None))
    assert found.attributes["group"].groups["c"].verdict is Verdict.NOT_ASSESSABLE
    assert found.verdict is Verdict.NO_INDICATION


@pytest.mark.parametrize("cell", [(0, 3), (3, 3), (1, 3), (1, 10), (12, 25)])
def test_a_tiny_group_is_named_and_set_aside_and_leaves_the_verdict(cell):
    found = report(counted_rows({"a": (5000, 10000), "b": (5000, 10000), "c": cell}), policy("group", label=None))
    assert found.verdict is Verdict.NO_INDICATION
    assert "group: set aside as too small for the policy's minimums, and not judged: c" in found.warnings
    evidence = evidence_of((found,), "credit", DAY)
    assert evidence.status is EvidenceStatus.PASSING
    assert evidence.summary.endswith(". Set aside as too small: group c")
    assert evidence.facts["outcomes"]["prediction"]["attributes"]["group"]["set_aside"] == ["c"]


def test_small_groups_that_are_unlike_the_others_beyond_chance_are_no_pass():
    one = report(counted_rows({"a": (9000, 10000), "b": (9000, 10000), "c": (0, 29)}), policy("group", label=None))
    assert one.verdict is Verdict.INCONCLUSIVE
    assert "c was set aside as too small, yet" in one.reason
    cells = {"a": (900, 1000), "b": (900, 1000), **{f"x{place}": (0, 25) for place in range(20)}}
    many = report(counted_rows(cells), policy("group", label=None))
    assert many.verdict not in PASSES
    assert len(many.unjudged) == 20


def test_groups_set_aside_that_are_most_of_the_rows_leave_no_pass():
    cells = {"a": (100, 200), "b": (100, 200), **{f"x{place}": (12, 25) for place in range(20)}}
    found = report(counted_rows(cells), policy("group", label=None, fairness_metrics=policy().fairness_metrics))
    assert found.verdict not in PASSES
    assert any("hold most of the rows" in one for one in found.attributes["group"].unjudged) is (
        found.attributes["group"].verdict is not Verdict.NOT_ASSESSABLE
    )


REPEATS = 150 if ALL else 60


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.5, 0.95, 0.98])
def test_equal_models_ring_no_more_for_small_groups(rate):
    """Fisher's test of small groups is in Holm's family: any false alarm stays under 5 %."""
    random = np.random.default_rng(int(rate * 100))
    sizes = {"a": 1500, "b": 1200, "c": 30, "d": 45, "e": 80, "f": 12}
    findings = doubts = 0
    for _ in range(REPEATS):
        cells = {name: (int(random.binomial(size, rate)), size) for name, size in sizes.items()}
        found = report(counted_rows(cells), policy("group", label=None, intersectional=False))
        findings += found.verdict in BEYOND
        doubts += any("was set aside" in one for one in found.unjudged)
    assert findings <= REPEATS * 0.05 + 2 * np.sqrt(REPEATS * 0.05 * 0.95)
    assert doubts <= REPEATS * 0.05
