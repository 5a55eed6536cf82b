"""A check of bias from captured rows to report, evidence, findings and history."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from syndic.bias.keys import looks_key
from syndic.bias.looks.codec import load
from syndic.bias.models import BEYOND, Hint, Verdict
from syndic.bias.policy.kept import get_policy, set_policy, set_thresholds
from syndic.bias.policy.model import BiasPolicy, Metric, MetricRule, ProtectedAttribute, SideFile
from syndic.bias.report.findings import findings_of
from syndic.bias.report.queries import get_report, history, intersectional, latest, latest_reports
from syndic.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError, UnknownReferenceError
from syndic.models import (
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    EvidenceStatus,
    Finding,
    TimeWindow,
    WindowLength,
)
from syndic.ports import Key
from syndic.records import list_evidence
from tests.unit.bias.house import CAPTURE, DAY, NOW, POLICY, SCHEMA, House, jsonl


def test_one_report_for_each_outcome_with_evidence_findings_and_events():
    house = House()
    house.set()
    house.traffic(DAY, young_rate=0.3)
    label, prediction = house.check(DAY)
    assert (label.outcome, prediction.outcome) == ("label", "prediction")
    assert prediction.verdict is Verdict.ADVERSE_IMPACT_INDICATED
    assert label.verdict is not Verdict.ADVERSE_IMPACT_INDICATED
    assert prediction.rows.label_coverage == 1.0
    assert prediction.rows.used == prediction.intake.used == 400
    assert prediction.details["consistency"]["rows"] == 400

    (evidence,) = list_evidence(house.store, "credit")
    assert evidence.kind == "bias.run"
    assert evidence.status is EvidenceStatus.FAILING
    assert evidence.facts["outcomes"]["prediction"]["attributes"]["age"]["worst_off"] == "<=25"

    findings = [finding for event in house.bus.of("FindingsChanged") for finding in event.findings]
    assert {finding.subject for finding in findings if "age =" in finding.subject} == {"prediction: age = <=25"}
    assert all(finding.measure != "demographic_parity_difference" for finding in findings)
    assert "<=25 is worse off than >25" in next(f.title for f in findings if f.subject == "prediction: age = <=25")
    assert {event.report_id for event in house.bus.of("ModelChecked")} == {label.id, prediction.id}
    assert [event.kinds for event in house.bus.of("EvidenceChanged")] == [("bias.run",)]
    assert house.audit.actions.count("bias.checked") == 2


def test_what_to_do_follows_from_what_was_examined():
    house = House()
    house.set()
    house.traffic(DAY)
    _, prediction = house.check(DAY)
    hint = Hint(
        attribute="age",
        metric=Metric.DISPARATE_IMPACT,
        target=0.6,
        common_threshold=0.5,
        groups={},
        gap_before=0.3,
        gap_after=0.0,
        selections_before=2,
        selections_after=2,
        note="",
    )

    def first(**changed: object) -> Finding:
        report = prediction.model_copy(update=changed)
        return findings_of(report, house.model, WindowLength.DAY.around(DAY))[0]

    assert "(outcome: prediction)" in first().title
    assert "hints" not in first().remedy
    assert first(hints=(hint,)).remedy.endswith("The report's hints show what other thresholds would change.")
    assert "(outcome: label)" in first(outcome="label").title
    assert first(outcome="label").remedy.startswith("These are outcomes on record, not the model's decisions")


def test_the_same_window_again_writes_and_says_nothing():
    house = House()
    house.set()
    house.traffic(DAY)
    first = house.check(DAY)
    told, entries = len(house.bus.of("ModelChecked")), len(house.audit.actions)
    assert house.check(DAY, now=NOW) == first
    assert len(house.bus.of("ModelChecked")) == told
    assert len(house.audit.actions) == entries


def test_a_run_that_died_before_it_told_anybody_is_told_by_the_next():
    house = House()
    house.set()
    house.traffic(DAY)
    publish = house.bus.publish

    def dead(_events):
        raise UnavailableError("the bus does not answer")

    house.bus.publish = dead
    with pytest.raises(UnavailableError):
        house.check(DAY)
    house.bus.publish = publish
    reports = house.check(DAY)
    assert [report.revision for report in reports] == [1, 1]
    assert len(house.bus.of("ModelChecked")) == 2


def test_late_labels_and_new_policies_make_a_new_revision():
    house = House()
    house.set()
    house.traffic(DAY, labels=False)
    label, prediction = house.check(DAY)
    assert "no row has a value in the label column" in label.reason
    assert prediction.attributes["age"].groups["<=25"].disparate_impact.value is not None
    assert prediction.attributes["age"].groups["<=25"].equal_opportunity_difference.value is None
    house.traffic(DAY)
    label, prediction = house.check(DAY)
    assert prediction.revision == 2
    assert prediction.attributes["age"].groups["<=25"].equal_opportunity_difference.value is not None
    set_thresholds("credit", {"disparate_impact": 0.3}, store=house.store, audit=house.audit, actor="ada", now=DAY)
    assert house.check(DAY)[1].revision == 3


def test_the_order_of_windows_changes_nothing_in_the_end():
    days = [DAY + timedelta(days=i) for i in range(3)]
    houses = []
    for order in ((0, 1, 2), (2, 0, 1)):
        house = House()
        house.set()
        for i in range(3):
            house.traffic(days[i], young_rate=0.7 if i == 0 else 0.3, seed=i)
        for i in order:
            house.check(days[i])
        houses.append(house)
    for outcome in ("label", "prediction"):
        trends = [history("credit", store=house.store, outcome=outcome) for house in houses]
        assert [point.attributes for point in trends[0].points] == [point.attributes for point in trends[1].points]
        assert trends[0].crossings == trends[1].crossings
        ledgers = [load(house.store.get(looks_key("credit", outcome)).body) for house in houses]
        for name, course in ledgers[0].courses.items():
            for rate, known in course.rates.items():
                for group, first in known.items():
                    second = ledgers[1].courses[name].rates[rate][group]
                    assert first.counts == second.counts
                    assert np.allclose(first.kappa, second.kappa, atol=1e-9)
                    assert (first.own, first.shared, first.windows) == (second.own, second.shared, second.windows)


def test_a_window_is_added_once_to_all_windows_and_findings_come_from_them():
    house = House()
    house.set(POLICY.model_copy(update={"outcomes": ("prediction",)}))
    for i in range(4):
        house.traffic(DAY + timedelta(days=i), young_rate=0.55, seed=i)
        (report,) = house.check(DAY + timedelta(days=i))
    assert report.looks.windows == 4
    age = next(look for look in report.looks.looks if look.group == "<=25")
    assert age.rows == sum(
        get_report("credit", WindowLength.DAY.around(DAY + timedelta(days=i)), store=house.store)
        .attributes["age"]
        .groups["<=25"]
        .n
        for i in range(4)
    )
    told = {finding.subject for event in house.bus.of("FindingsChanged") for finding in event.findings}
    singles = [look for look in report.looks.looks if look.attributes == ("age",)]
    proven = {f"prediction: age = {look.group}" for look in singles if look.verdict in BEYOND}
    assert proven
    assert {subject for subject in told if "age =" in subject} >= proven
    (again,) = house.check(DAY, force=True)
    assert again.looks.windows == 4
    assert again.looks.looks[0].rows == report.looks.looks[0].rows


def test_history_is_the_trend_with_its_threshold_crossings():
    house = House()
    house.set()
    for i, rate in enumerate((0.7, 0.3, 0.3, 0.7)):
        house.traffic(DAY + timedelta(days=i), young_rate=rate, rows=1500, seed=i)
        house.check(DAY + timedelta(days=i))
    found = history("credit", store=house.store)
    assert len(found.points) == 4
    age = [
        crossing
        for crossing in found.crossings
        if crossing.attribute == "age" and crossing.metric is Metric.DISPARATE_IMPACT
    ]
    assert [(crossing.group, crossing.direction) for crossing in age] == [("<=25", "began"), ("<=25", "ceased")]
    assert age[0].after < 0.8 < age[1].after
    assert age[0].at == found.points[1].window.end
    assert len(history("credit", store=house.store, limit=2).points) == 2
    newest = get_report("credit", found.points[-1].window, store=house.store)
    assert [(one.group, one.effect, one.e, one.threshold) for one in found.points[-1].looks] == [
        (one.group, one.effect, one.e_shared, one.threshold) for one in newest.looks.looks
    ]
    assert found.points[-1].needed == newest.looks.needed


def test_no_policy_answers_not_assessable_and_is_no_finding():
    house = House()
    house.traffic(DAY)
    (report,) = house.check(DAY)
    assert report.reason == "fairness not assessable: no protected attribute declared"
    (evidence,) = list_evidence(house.store, "credit")
    assert evidence.status is EvidenceStatus.INCONCLUSIVE
    assert house.bus.of("FindingsChanged") == []


def test_a_window_without_traffic_is_not_assessable():
    house = House()
    house.set()
    assert "no row has a value" in house.check(DAY)[1].reason


def test_an_attribute_that_needs_bins_is_an_answer_and_not_a_failed_run():
    house = House()
    house.set(BiasPolicy(favourable=("1",), protected_attributes=(ProtectedAttribute(name="amount"),)))
    house.traffic(DAY)
    (report,) = house.check(DAY)
    assert report.verdict is Verdict.NOT_ASSESSABLE
    assert "give its bins" in report.reason


def test_a_protected_attribute_comes_from_a_side_file_joined_by_id():
    house = House()
    side = ProtectedAttribute(name="origin", side_file=SideFile(uri="s3://side/origin.csv", id_column="id"))
    house.set(BiasPolicy(favourable=("1",), protected_attributes=(side,)))
    house.traffic(DAY, rows=200)
    text = "id,origin\n" + "".join(f"{DAY:%d}-{i},{'x' if i % 4 else 'y'}\n" for i in range(150))
    house.captures.add("s3://side/origin.csv", text.encode())
    (report,) = house.check(DAY)
    groups = report.attributes["origin"].groups
    assert {name: group.n for name, group in groups.items()} == {"x": 112, "y": 38, "unknown": 50}
    assert report.rows.unknown == {"origin": 50}
    house.captures.add("s3://side/origin.csv", (text + f"{DAY:%d}-0,x\n").encode())
    assert "two values of 'origin' for the id" in house.check(DAY)[0].reason


def test_a_side_file_that_is_gone_is_said():
    house = House()
    side = ProtectedAttribute(name="origin", side_file=SideFile(uri="s3://side/none.csv", id_column="id"))
    house.set(BiasPolicy(favourable=("1",), protected_attributes=(side,)))
    house.traffic(DAY)
    assert "s3://side/none.csv: the side file of 'origin' is not there" in house.check(DAY)[0].reason


def test_captures_that_refuse_fail_the_run_so_that_it_is_tried_again():
    house = House()
    house.set()
    house.captures.refuse = "access denied"
    with pytest.raises(UnavailableError):
        house.check(DAY)


def test_policies_have_versions_and_refuse_unknown_columns_and_stale_changes():
    house = House()
    assert get_policy("credit", store=house.store).protected_attributes == ()
    assert house.set().version == 1
    assert house.set().version == 1
    changed = set_thresholds(
        "credit", {"equal_opportunity": 0.2}, store=house.store, audit=house.audit, actor="ada", now=DAY
    )
    assert changed.version == 2
    assert changed.rule(Metric.EQUAL_OPPORTUNITY) == MetricRule(metric=Metric.EQUAL_OPPORTUNITY, threshold=0.2)
    assert house.audit.actions == ["bias.policy_changed", "bias.policy_changed"]
    with pytest.raises(UnknownReferenceError, match="no column 'race'"):
        house.set(BiasPolicy(favourable=("1",), protected_attributes=(ProtectedAttribute(name="race"),)))
    with pytest.raises(ConflictError):
        set_policy("credit", POLICY, store=house.store, audit=house.audit, actor="ada", now=DAY, expect_version=1)
    for wrong in ({}, {"nope": 1.0}, {"disparate_impact": 2.0}, {"equal_opportunity": float("nan")}):
        with pytest.raises(InvalidInputError):
            set_thresholds("credit", wrong, store=house.store, audit=house.audit, actor="ada", now=DAY)


def test_reading_what_is_not_there():
    house = House()
    assert latest("credit", store=house.store) is None
    assert latest_reports("credit", store=house.store) == ()
    with pytest.raises(NotFoundError):
        intersectional("credit", store=house.store)
    with pytest.raises(NotFoundError):
        get_report("credit", TimeWindow(start=DAY, end=NOW), store=house.store)
    with pytest.raises(NotFoundError):
        house.store.get(Key("x", "y")) or get_report("nobody", TimeWindow(start=DAY, end=NOW), store=house.store)


def test_reading_what_is_there():
    house = House()
    house.set()
    house.traffic(DAY)
    label, prediction = house.check(DAY)
    assert latest("credit", store=house.store) == prediction
    assert latest_reports("credit", store=house.store) == (prediction, label)
    assert intersectional("credit", store=house.store)[1].keys() == {"age & sex"}
    assert get_report("credit", prediction.window, store=house.store, outcome="label") == label


def test_findings_of_the_same_trouble_in_two_windows_are_one_subject():
    house = House()
    house.set()
    for i in range(2):
        house.traffic(DAY + timedelta(days=i), young_rate=0.3, seed=i)
        house.check(DAY + timedelta(days=i))
    findings: list[Finding] = [f for event in house.bus.of("FindingsChanged") for f in event.findings]
    age = [f for f in findings if f.subject == "prediction: age = <=25" and f.measure == "disparate_impact"]
    assert len(age) == 2
    assert len({f.subject_key for f in age}) == 1
    assert len({f.id for f in age}) == 2


@pytest.mark.parametrize(
    ("words", "named", "read"),
    [
        (("yes", "no"), (), True),
        (("True", "False"), (), True),
        (("ok", "lost"), (), False),
        (("ok", "lost"), ("OK",), True),
    ],
)
def test_labels_in_other_words_come_through_the_captures(words, named, read):
    schema = SCHEMA.model_copy(
        update={"label": ColumnSpec(name="paid", kind=ColumnKind.CATEGORICAL, role=ColumnRole.LABEL)}
    )
    house = House(model=House().model.model_copy(update={"capture_schema": schema}))
    house.set(POLICY.model_copy(update={"favourable_label": named}))
    house.traffic(DAY, labels=False)
    random = np.random.default_rng(4)
    truth = [
        {
            "groundTruthData": {"data": words[random.random() < 0.3], "encoding": "CSV"},
            "eventMetadata": {"eventId": f"{DAY:%d}-{place}"},
            "eventVersion": "0",
        }
        for place in range(400)
    ]
    house.captures.label(CAPTURE, DAY + timedelta(days=2), jsonl(truth), name="labels.jsonl")
    label, prediction = house.check(DAY)
    assert ("precision" in prediction.overall) is read
    assert (label.verdict is Verdict.NOT_ASSESSABLE) is not read
    if read:
        assert [value.casefold() for value in prediction.favourable_label] == [words[0].casefold()]
    else:
        assert "have no value in common" in prediction.reason
        assert "have no value in common" in label.reason
        assert "have no value in common" in next(iter(list_evidence(house.store, "credit"))).summary
