"""What cannot be judged is said and is never a pass; what is found has its own name and its place."""

from __future__ import annotations

import numpy as np
import pytest

from syndic.bias.models import Verdict, in_order
from syndic.bias.policy.model import Metric, MetricRule, ProtectedAttribute
from syndic.bias.report.findings import evidence_of, findings_of
from syndic.cli.shell.frame import run
from syndic.models import Cloud, EvidenceStatus, RegisteredModel, WindowLength
from tests.unit.bias.cases import NOW, counted_rows, policy, report, window

DAY = WindowLength.DAY.around(NOW)
MODEL = RegisteredModel(id="credit", name="Credit", cloud=Cloud.AWS, registered_at=NOW)


def labelled_rows(seed: int, names: list[str], bare: set[str], size: int = 2400):
    """Groups that are treated alike; of some of them no row has a label."""
    random = np.random.default_rng(seed)
    shares = np.array([0.3 / len(bare) if name in bare else 0.7 / (len(names) - len(bare)) for name in names])
    group = random.choice(names, size, p=shares / shares.sum())
    label = random.integers(0, 2, size).astype(float)
    prediction = np.where(random.random(size) < 0.8, label, 1 - label)
    label[np.isin(group, list(bare))] = np.nan
    return window(group=group.tolist(), prediction=prediction, label=label)


@pytest.mark.parametrize("seed", range(4))
def test_groups_without_labels_are_named_and_the_rest_is_no_pass(seed):
    names = [["F", "M"], ["a", "b", "c"], ["ä ö", "x", "y", "z"], ["1", "2"]][seed]
    bare = set(names[: 1 + (len(names) > 3)])
    rows = labelled_rows(seed, names, bare, size=900 * len(names))
    found = report(rows, policy("group"))
    assert found.attributes["group"].verdict is not Verdict.ADVERSE_IMPACT_INDICATED
    assert found.verdict not in {Verdict.NO_INDICATION, Verdict.DIFFERENCE_UNDER_THRESHOLD}
    shown = ", ".join(sorted(bare))
    assert f"no row of {shown} has a label, so equal opportunity and predictive parity cannot be judged" in found.reason
    assert found.unjudged[0] in found.reason
    assert evidence_of((found,), "credit", DAY).status is not EvidenceStatus.PASSING


def test_the_table_names_the_group_without_labels(capsys, tmp_path):
    random = np.random.default_rng(5)
    lines = ["sex,pred,label"]
    for _ in range(2000):
        sex, label = random.choice(["F", "M"]), int(random.integers(0, 2))
        prediction = label if random.random() < 0.8 else 1 - label
        lines.append(f"{sex},{prediction},{'' if sex == 'F' else label}")
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    run(["bias", "--data", str(path), "--prediction", "pred", "--favourable", "1", "--protected", "sex",
         "--label", "label"])  # fmt: skip
    first, *table = capsys.readouterr().out.splitlines()
    assert first.startswith("INCONCLUSIVE")
    assert "no row of F has a label" in first
    row = next(line for line in table if line.split()[:1] == ["F"] or line.split()[:2] == ["*", "F"])
    assert row.count("no labels") == 2


def test_a_group_without_favourable_labels_is_not_fair():
    """Nobody of c has a favourable label: its true positive rate is unknown, not equal."""
    random = np.random.default_rng(6)
    group = np.repeat(["a", "b", "c"], 800)
    label = np.where(group == "c", 0, random.integers(0, 2, 2400)).astype(float)
    rows = window(group=group.tolist(), prediction=random.integers(0, 2, 2400).astype(float), label=label)
    rules = policy("group", fairness_metrics=(MetricRule(metric=Metric.EQUAL_OPPORTUNITY, threshold=0.1),))
    found = report(rows, rules)
    assert any("equal opportunity of c cannot be judged" in one for one in found.unjudged)
    assert found.verdict not in {Verdict.NO_INDICATION, Verdict.DIFFERENCE_UNDER_THRESHOLD}


def test_nobody_selected_is_no_pass_and_nobody_of_one_group_is_adverse():
    nobody = report(counted_rows({"a": (0, 300), "b": (0, 300)}), policy("group"))
    assert nobody.verdict is Verdict.NOT_ASSESSABLE
    one = report(counted_rows({"a": (0, 300), "b": (190, 300)}), policy("group"))
    assert one.verdict is Verdict.ADVERSE_IMPACT_INDICATED
    assert one.attributes["group"].groups["a"].disparate_impact.value == 0


def test_labels_that_have_yet_to_come_leave_the_verdict_on_decisions():
    found = report(counted_rows({"a": (5000, 10000), "b": (5000, 10000)}), policy("group"))
    assert found.verdict is Verdict.NO_INDICATION
    assert found.unjudged == ("equal opportunity and predictive parity cannot be judged: no row has a label",)


@pytest.mark.parametrize(
    ("metric", "verdict"),
    [
        (Metric.DISPARATE_IMPACT, Verdict.ADVERSE_IMPACT_INDICATED),
        (Metric.DEMOGRAPHIC_PARITY, Verdict.DISPARITY_INDICATED),
        (Metric.EQUAL_OPPORTUNITY, Verdict.DISPARITY_INDICATED),
        (Metric.FALSE_POSITIVE_RATE, Verdict.DISPARITY_INDICATED),
        (Metric.EQUALIZED_ODDS, Verdict.DISPARITY_INDICATED),
        (Metric.ACCURACY_PARITY, Verdict.DISPARITY_INDICATED),
    ],
)
def test_adverse_impact_is_the_name_of_the_ratio_of_selection_rates_alone(metric, verdict):
    random = np.random.default_rng(7)
    group, label = np.repeat(["a", "b"], 4000), random.random(8000) < 0.5
    chance = np.where(group == "a", 0.3, np.where(label, 0.9, 0.5))
    rows = window(
        group=group.tolist(), label=label.astype(float), prediction=(random.random(8000) < chance).astype(float)
    )
    rules = policy(
        ProtectedAttribute(name="group", reference_group="b"),
        fairness_metrics=(MetricRule(metric=metric, threshold=0.8 if metric.is_ratio else 0.1),),
    )
    found = report(rows, rules)
    assert found.verdict is verdict
    assert found.attributes["group"].groups["a"].judgements[metric.value].verdict is verdict
    assert len(findings_of(found, MODEL, DAY)) == 1
    evidence = evidence_of((found,), MODEL.id, DAY)
    assert evidence.status is EvidenceStatus.FAILING
    assert verdict.value.replace("_", " ") in evidence.summary


def test_the_model_is_told_before_the_record_and_the_gravest_first():
    rows = counted_rows({"a": (440, 1000), "b": (600, 1000), "c": (300, 1000)})
    label = np.where(np.array(rows.columns["group"].values()) == "a", 0.0, rows.columns["prediction"])
    rules = policy(ProtectedAttribute(name="group", reference_group="b"), outcomes=("label", "prediction"))
    rows = window(group=rows.columns["group"].values(), prediction=rows.columns["prediction"], label=label)
    reports = tuple(report(rows, rules, outcome) for outcome in rules.outcomes)
    assert [one.outcome for one in in_order(reports)] == ["prediction", "label"]
    assert reports[1].reason.startswith("group: c: ratio 0.500")
    evidence = evidence_of(reports, "credit", DAY)
    assert evidence.summary.startswith("prediction: adverse impact indicated. group: c: ratio 0.500")
    assert evidence.summary.endswith("label: adverse impact indicated")
    assert list(evidence.facts["outcomes"]) == ["prediction", "label"]


def blank_refusals(seed: int, blank: float, groups: tuple[str, ...] = ("F", "M"), size: int = 6000):
    """Decisions of which the refusals of some groups are left blank, so that the rates of what is left are alike."""
    random = np.random.default_rng(seed)
    group = random.choice(["F", "M"], size)
    decision = (random.random(size) < np.where(group == "F", 0.3, 0.5)).astype(float)
    decision[(decision == 0) & np.isin(group, groups) & (random.random(size) < blank)] = np.nan
    return window(group=group.tolist(), prediction=decision, label=np.ones(size))


@pytest.mark.parametrize(("blank", "groups"), [(0.98, ("F", "M")), (0.57, ("F",))])
@pytest.mark.parametrize("seed", [1, 2])
def test_refusals_that_are_left_blank_are_no_pass(seed, blank, groups):
    found = report(blank_refusals(seed, blank, groups), policy("group", label=None))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "have no prediction, over the 5.0% allowed" in found.unjudged[0]
    assert found.unjudged[0] in found.reason
    assert evidence_of((found,), "credit", DAY).status is EvidenceStatus.INCONCLUSIVE


def test_blanks_of_a_small_group_are_seen_though_few_of_all_rows():
    random = np.random.default_rng(8)
    group = random.choice(["F", "M", "X"], 8000, p=[0.48, 0.48, 0.04])
    decision = (random.random(8000) < 0.5).astype(float)
    decision[(group == "X") & (decision == 0) & (random.random(8000) < 0.7)] = np.nan
    decision[(group == "F") & (random.random(8000) < 0.02)] = np.nan
    found = report(window(group=group.tolist(), prediction=decision), policy("group", label=None))
    assert [one.split(" have ")[0].split(" of ")[2].split()[0] for one in found.unjudged if "no prediction" in one] == [
        "X"
    ]


def test_few_blanks_leave_the_answer():
    random = np.random.default_rng(9)
    group = random.choice(["F", "M"], 8000)
    decision = (random.random(8000) < 0.5).astype(float)
    decision[random.random(8000) < 0.04] = np.nan
    found = report(window(group=group.tolist(), prediction=decision), policy("group", label=None))
    assert found.verdict is Verdict.NO_INDICATION
    assert not found.unjudged


@pytest.mark.parametrize(("lowest", "highest", "favourable"), [(0, 100, "1"), (300, 850, "700"), (1, 40, "40")])
def test_a_scale_of_whole_numbers_is_no_decision(lowest, highest, favourable):
    random = np.random.default_rng(12)
    size = 60_000
    scores = random.integers(lowest, highest + 1, size).astype(float)
    rows = window(group=random.choice(["F", "M"], size).tolist(), prediction=scores)
    found = report(rows, policy("group", label=None, favourable=(favourable,)))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "scores go with --outcome score" in found.unjudged[0]


@pytest.mark.parametrize("favourable", [("5",), ("4", "5")])
def test_a_rating_is_a_decision(favourable):
    random = np.random.default_rng(13)
    rows = window(
        group=random.choice(["F", "M"], 9_000).tolist(), prediction=random.integers(1, 6, 9_000).astype(float)
    )
    found = report(rows, policy("group", label=None, favourable=favourable))
    assert found.verdict is Verdict.NO_INDICATION
    assert not found.unjudged
