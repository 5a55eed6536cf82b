"""What was found or missed is acted on (AI Act, Art. 20); risks that are all closed are managed by nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import Remediation, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.people.handling import KIND, handling_evidence, record_handling
from syndic.compliance.rules.found import FACT, found_sha256
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from syndic.records import list_evidence
from tests.unit.compliance.conftest import MODEL, make_evidence

MISSED = make_evidence(
    "quality.performance", status=EvidenceStatus.FAILING, facts={"metrics": {"auc": {"value": 0.5, "level": 0.7}}}
)
DRIFTED = make_evidence("drift.run", status=EvidenceStatus.FAILING, facts={"verdict": "drift", "severity": "high"})


def remediation(now, requirement_id, framework_id="eu_ai_act"):
    return Remediation(
        id="r1", model_id=MODEL, framework_id=framework_id, requirement_id=requirement_id, title="Repair", owner="ada",
        due=(now + timedelta(days=9)).date(), opened_by="ada", opened_at=now, state_when_opened=State.NOT_MET,
    )  # fmt: skip


def assessment(topic, *found):
    return make_evidence(f"document.{topic}", facts={FACT: {one.kind: found_sha256(one) for one in found}})


@pytest.mark.parametrize(
    ("evidence", "repairs", "missed", "found"),
    [
        ([], None, [], []),
        ([make_evidence("quality.performance"), make_evidence("drift.run")], None, [], []),
        ([MISSED], None, ["quality.performance"], []),
        ([MISSED], "AIA-4", ["quality.performance"], []),  # of people's literacy, which mends no model
        ([MISSED], "AIA-15", [], []),
        ([MISSED], "AIA-999", ["quality.performance"], []),  # of a rule that is gone
        ([MISSED, assessment("drift_assessment", MISSED)], None, ["quality.performance"], []),  # is corrected
        ([DRIFTED], None, [], ["drift.run"]),
        ([DRIFTED, assessment("drift_assessment", DRIFTED)], None, [], []),
        ([DRIFTED, assessment("drift_assessment", MISSED)], None, [], ["drift.run"]),  # of another finding
        ([DRIFTED, assessment("fairness_assessment", DRIFTED)], None, [], ["drift.run"]),
        ([DRIFTED], "AIA-72", [], []),
    ],
)  # fmt: skip
def test_nothing_done_about_a_finding_is_named(
    evidence, repairs, missed, found, register, keep, store, now, monkeypatch
):
    register()
    keep(evidence)
    open_ones = [] if repairs is None else [remediation(now, repairs)]
    monkeypatch.setattr("syndic.compliance.people.handling.list_remediations", lambda *_: iter(open_ones))
    record_handling(store=store, now=now)
    facts = next(one for one in list_evidence(store, MODEL) if one.kind == KIND).facts
    assert (facts["missed_without_action"], facts["found_without_action"]) == (missed, found)


def test_no_finding_asks_for_no_framework(now):
    """Most models have none: their remediations are not looked up in frameworks each day."""

    def reads(_one):
        raise AssertionError

    found = handling_evidence(MODEL, (remediation(now, "AIA-15"),), now=now, known={}, reads=reads)
    assert found.facts["missed_without_action"] == []


@pytest.mark.parametrize("fact", ["missed_without_action", "found_without_action"])
def test_corrective_action_is_not_met_by_doing_nothing(fact, look):
    found = look("AIA-20", "remediations.handled", {fact: ["quality.performance"]})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert look("AIA-20", None, {}).if_in_force is State.MET


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, State.MET),
        ({"undecided": 1}, State.INSUFFICIENT_EVIDENCE),
        ({"late": 1}, State.INSUFFICIENT_EVIDENCE),
        ({"met_late": 1}, State.INSUFFICIENT_EVIDENCE),
    ],
)
def test_a_risk_is_judged_and_told(change, state, look):
    status = EvidenceStatus.FAILING if change else EvidenceStatus.PASSING
    assert look("AIA-20(2)", "incidents.risks", {**change, "status": status}).if_in_force is state


@pytest.mark.parametrize(
    ("answers", "on_record", "state"),
    [
        ({"dpia_required": True}, True, State.MET),
        ({"dpia_required": True}, False, State.INSUFFICIENT_EVIDENCE),
        ({"dpia_required": None}, False, State.INSUFFICIENT_EVIDENCE),  # nobody answered
        ({"dpia_required": True, "controller": False}, False, State.MET),  # another's to make
    ],
)
def test_an_assessment_that_is_owed_is_on_record_before_what_it_uses_is_signed(
    answers, on_record, state, everything, subject, facts_of, now
):
    compiled = built_in()["eu_ai_act"]
    items = [
        it.model_copy(update={"facts": {n: v for n, v in {**it.facts, **answers}.items() if v is not None}})
        if it.kind == "classification.processing"
        else it
        for it in everything(compiled)
        if on_record or it.kind != "document.dpia"
    ]
    found = evaluate(compiled, subject, facts_of(items), now=now).requirements
    assert next(it for it in found if it.requirement_id == "AIA-26(9)").if_in_force is state


OF_RISKS = {
    it.id: kind
    for compiled in built_in().values()
    for it in compiled.framework.requirements
    for check in it.checks
    for kind in ("risks.reviewed", "risks.decided")
    if f"{kind}.open > 0" in check.met_when
}


@pytest.mark.parametrize("name", OF_RISKS)
def test_a_register_in_which_every_risk_is_closed_shows_no_risk_management(name, look):
    """Closed is only a risk that does not exist any more: a system in use that has none was not looked at."""
    assert {"AIA-9", "SOC2-CC3", "SR-governance", "ISO-6.1.2", "RMF-MANAGE-1"} <= OF_RISKS.keys()
    found = look(name, OF_RISKS[name], {"open": 0})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert "open risk" in found.reason
