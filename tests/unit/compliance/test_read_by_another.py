"""Forty requirements, drawn at random (seed 777), read with the text by somebody who had not seen them before.

What had been met, or exempted from, by what does not show it, each as a case beside all else that is asked for.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import Remediation, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.people.answers import classify
from syndic.compliance.people.handling import handling_evidence
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus

OLD, GONE, FAILING = {"model_version": "credit-1"}, {"gone": True}, {"status": EvidenceStatus.FAILING}
SCORING = {
    "provider": True, "deployer": True, "screening": dict.fromkeys(PRACTICES, False), "annex_i_product": False,
    "area": "5a", "profiling": True,
}  # fmt: skip

FOUND: list[tuple[str, str, dict]] = [
    ("GDPR-5(1)(e)", "capture.config", {"enabled": False, **FAILING}),  # off for years, and nothing deleted since
    ("AIA-86", "capture.config", {"windows_without_files": 3}),
    ("SOC2-PI1", "capture.config", {"windows_without_files": 3}),
    ("ISO-A.6.2.2", "document.system_requirements", OLD),
    ("ISO-A.6.2.5", "attestation.deployment_requirements", OLD),
    ("ISO-A.6.2.5", "attestation.deployment_requirements", GONE),
    *[(name, "bias.run", {"hollow_limits": ["disparate_impact 0.1"]}) for name in ("AIA-9", "AIA-10", "GDPR-5(1)(a)")],
    ("AIA-20", "remediations.handled", {"hollow_limits": ["AIA-9 due on 2099-01-01"]}),
]


@pytest.mark.parametrize(("requirement_id", "kind", "change"), FOUND)
def test_what_was_met_by_evidence_that_shows_something_else_is_not(requirement_id, kind, change, look):
    assert look(requirement_id, kind, change).if_in_force in {State.INSUFFICIENT_EVIDENCE, State.ATTESTATION_DUE}


@pytest.mark.parametrize("requirement_id", sorted({requirement_id for requirement_id, *_ in FOUND}))
def test_with_good_evidence_it_is_met(requirement_id, look):
    assert look(requirement_id, None, {}).if_in_force is State.MET


@pytest.mark.parametrize(("modified", "expected"), [("declined", State.ATTESTATION_DUE), ("affirmed", State.MET)])
def test_what_a_representative_verified_counts_for_the_version_that_has_it(
    modified, expected, everything, subject, facts_of, now
):
    """AI Act, Art. 22(3)(a): a substantially modified version has another declaration and assessment."""
    altered = {"attestation.representative_tasks": OLD, "attestation.substantial_modification": {"decision": modified}}
    items = [
        item.model_copy(update={"facts": {**item.facts, **altered.get(item.kind, {})}})
        for item in everything(built_in()["eu_ai_act"])
    ]
    status = evaluate(built_in()["eu_ai_act"], subject, facts_of(items), now=now)
    assert next(it for it in status.requirements if it.requirement_id == "AIA-22").if_in_force is expected


@pytest.fixture
def states(register, store, audit, bus, now):
    def answered(**answers):
        model = register()
        given = {"store": store, "audit": audit, "bus": bus, "now": now}
        for questionnaire, of in answers.items():
            classify(model.id, questionnaire, of, actor="ada", **given)
        return {it.requirement_id: it for s in evaluate_model(model.id, **given) for it in s.requirements}

    return answered


def test_a_prohibited_practice_exempts_from_no_duty_of_a_high_risk_system(states):
    """Art. 6 and Annex III classify whatever Art. 5 prohibits: of both, both are owed."""
    clean = states(ai_act=SCORING)
    scored = states(ai_act={**SCORING, "screening": {**SCORING["screening"], "c": True}})
    assert scored["AIA-5"].state is State.NOT_MET
    owed = {name for name, it in clean.items() if it.state is not State.NOT_APPLICABLE}
    assert {"AIA-9", "AIA-10", "AIA-14", "AIA-20", "AIA-26(1)", "AIA-47", "AIA-86"} <= owed
    assert {name for name in owed if scored[name].state is State.NOT_APPLICABLE} == set()


@pytest.mark.parametrize("does", ["profiling", "emotion_recognition"])
def test_who_profiles_people_is_not_exempt_for_want_of_personal_data(does, states):
    """GDPR, Art. 4(4): profiling is processing of personal data; so are emotions read from biometric data."""
    none = {"personal_data": False}
    alone = states(processing=none)
    assert alone["GDPR-13"].state is State.NOT_APPLICABLE
    acts = {**SCORING, "profiling": False, "area": None, does: True}
    both = states(processing=none, ai_act=acts)
    for requirement_id in ("GDPR-13", "GDPR-35", "GDPR-5(1)(e)"):
        assert both[requirement_id].state is State.INSUFFICIENT_EVIDENCE
        assert "classification.ai_act" in both[requirement_id].reason
        assert {ref.kind for ref in both[requirement_id].applicability} >= {"classification.ai_act"}
    neither = states(processing=none, ai_act={**acts, does: False})
    assert neither["GDPR-13"].state is State.NOT_APPLICABLE


def test_a_name_put_on_a_system_by_a_representative_is_asked_about(states):
    """Art. 25(1) is about any distributor, importer, deployer or other third party."""
    found = states(ai_act={**SCORING, "provider": False, "deployer": False, "authorised_representative": True})
    assert found["AIA-25"].state is not State.NOT_APPLICABLE


@pytest.mark.parametrize(("days", "hollow"), [(365, False), (366, True), (26_000, True)])
def test_a_date_that_nothing_misses_shows_no_handling(days, hollow, now):
    item = Remediation(
        id="r1", model_id="m", framework_id="eu_ai_act", requirement_id="AIA-9", title="Repair", owner="ada",
        due=(now + timedelta(days=days)).date(), opened_by="ada", opened_at=now, state_when_opened=State.NOT_MET,
    )  # fmt: skip
    found = handling_evidence("m", (item,), now=now)
    assert bool(found.facts["hollow_limits"]) is hollow


SIGNED: dict[str, tuple[str, ...]] = {
    "AIA-10": ("geographical", "design choices", "enough suitable data"),
    "AIA-14": ("detect anomalies", "in proportion to its risks"),
    "AIA-20": ("at once", "causes were investigated", "notified body"),
    "AIA-22": ("22(4)",),
    "AIA-25": ("name or trademark", "new purpose"),
    "AIA-25(2)": ("failure modes", "was not high-risk and"),
    "AIA-50(3)": ("data protection law",),
    "AIA-53(1)(a)": ("both are kept up to date",),
    "AIA-6(4)": ("before it was placed on the market",),
    "GDPR-13": ("easily accessible",),
    "GDPR-35": ("views of the persons concerned", "when the risk changed"),
    "GDPR-5(1)(e)": ("none longer than its purpose needs",),
    "ISO-A.10.3": ("in line with the organisation's approach",),
    "ISO-A.3.2": ("development, data, operation",),
    "RMF-GOVERN-2": ("lines of communication",),
    "RMF-MANAGE-2": ("sustains the value", "recover from"),
    "RMF-MAP-1": ("impacts", "design answers to"),
    "SOC2-CC8.1": ("infrastructure, data, software and procedures", "no version is in use"),
    "SOC2-CC9": ("business partners", "are managed"),
    "SOC2-P": ("third parties", "recorded and notified"),
}


@pytest.mark.parametrize("requirement_id", SIGNED)
def test_who_signs_signs_for_the_whole_of_what_the_text_asks(requirement_id):
    requirement = next(
        found for it in built_in().values() if (found := it.framework.requirement(requirement_id)) is not None
    )
    assert requirement.attestation is not None
    for words in SIGNED[requirement_id]:
        assert words in requirement.attestation.statement
