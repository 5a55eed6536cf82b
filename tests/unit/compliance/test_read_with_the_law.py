"""Forty requirements, drawn at random (seed 4711), read against the text of their source on 30 November 2026.

Each with the most laughable evidence that could be thought of beside everything else that it asks for, through the
store and the evaluation that the product runs. None of it may come out as met.
"""

from __future__ import annotations

from datetime import date

import pytest

from syndic.assessment import ORGANISATION, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.people.answers import classify
from syndic.compliance.people.documents import record_document
from syndic.errors import InvalidInputError
from syndic.models import EvidenceStatus
from syndic.records import get_model

ROLE, OLD, LAPSED = {"role": "intern"}, {"model_version": "credit-1"}, {"old": 800}
FAILING = {"status": EvidenceStatus.FAILING}
NO_LIMIT = {"hollow_limits": ["age: psi_threshold 1000"]}

LAUGHABLE: list[tuple[str, str, dict]] = [
    ("AIA-10", "bias.run", {"grounds": []}),
    ("AIA-10", "document.data_sheet", OLD),
    ("AIA-15", "quality.performance", {"hollow_limits": ["accuracy 0.01"]}),
    ("AIA-15", "quality.performance", {"thresholds_set_before": False}),
    ("AIA-15", "drift.run", NO_LIMIT),
    ("AIA-17", "document.quality_manual", LAPSED),
    ("AIA-20", "remediations.handled", FAILING),
    ("AIA-22", "attestation.representative_tasks", ROLE),
    ("AIA-25", "attestation.value_chain", OLD),
    ("AIA-26(4)", "drift.run", NO_LIMIT),
    ("AIA-26(4)", "quality.run", {"hollow_limits": ["missing_tolerance 1"]}),
    ("AIA-27", "attestation.fria", {"decision": "declined"}),
    ("AIA-4", "document.ai_literacy_record", LAPSED),
    ("AIA-43", "classification.ai_act", {"conformity_route": None}),
    ("AIA-5", "classification.ai_act", {"practice_contradictions": ["emotions at work, but not (f)"]}),
    ("AIA-5(ba)", "classification.ai_act", {"practice_contradictions": ["emotions at work, but not (f)"]}),
    ("AIA-50(1)", "attestation.interaction_notice", OLD),
    ("AIA-53(1)(a)", "attestation.gpai_documentation", {"gone": True}),
    ("AIA-53(1)(a)", "document.gpai_documentation", OLD),
    ("AIA-6", "classification.ai_act", {"contradictions": ["crime prediction, but no profiling"]}),
    ("AIA-6(4)", "document.not_high_risk_assessment", OLD),
    ("GDPR-20", "attestation.portability", {"withdrawn": True}),
    ("GDPR-5(1)(e)", "capture.config", {"oldest_hour": "2019-01-01T00:00:00+00:00"}),
    ("GDPR-5(1)(e)", "classification.processing", {"capture_retention": None}),
    ("ISO-A.10.3", "attestation.supplier_process", {"gone": True}),
    ("ISO-A.2.3", "document.policy_alignment", LAPSED),
    ("ISO-A.4.2", "registry.profile", {"thin": ["data_sources"]}),
    ("ISO-A.4.3", "document.data_sheet", OLD),
    ("ISO-A.5.5", "document.impact_society", LAPSED),
    ("ISO-A.6.2.2", "document.system_requirements", OLD),
    ("ISO-A.6.2.7", "document.technical_documentation", OLD),
    ("ISO-A.6.2.8", "capture.config", {"sampling_percent": 0.1}),
    ("ISO-A.7.3", "document.data_acquisition", {"model_version": "credit-1"}),
    ("ISO-A.7.5", "document.data_provenance", OLD),
    ("ISO-A.8.2", "attestation.user_information", {"gone": True}),
    ("ISO-A.8.3", "attestation.external_reporting", {"gone": True}),
    ("RMF-GOVERN-4", "attestation.risk_culture", LAPSED),
    ("RMF-GOVERN-6", "attestation.supplier_policy", {"gone": True}),
    ("RMF-MAP-3", "document.use_case", LAPSED),
    ("RMF-MAP-4", "document.component_risks", LAPSED),
    ("RMF-MEASURE-3", "drift.run", NO_LIMIT),
    ("LL144-audit", "attestation.ll144_independence", {"signer": "owner@example.org"}),
    ("LL144-audit", "attestation.ll144_independence", {"signer": "ada"}),
    ("LL144-audit-ratios", "bias.run", {"grounds": ["age"]}),
    ("LL144-audit-ratios", "bias.run", {"compared_with": []}),
    ("LL144-notice", "attestation.ll144_notice", {"gone": True}),
    ("SOC2-CC1", "document.code_of_conduct", LAPSED),
    ("SOC2-CC7", "drift.run", {"gone": True}),
    ("SOC2-CC8.1", "registry.promotion", {"period": []}),
]


@pytest.mark.parametrize(("requirement_id", "kind", "change"), LAUGHABLE)
def test_laughable_evidence_beside_all_that_is_asked_for_is_not_met(requirement_id, kind, change, look):
    found = look(requirement_id, kind, change)
    assert found.if_in_force not in {State.MET, State.NOT_APPLICABLE}, found.reason
    if change.get("decision") is None and kind != "capture.config" and "grounds" not in change:
        assert found.if_in_force is not State.NOT_MET or requirement_id == "SOC2-CC8.1", "nothing refutes it"


@pytest.mark.parametrize("requirement_id", sorted({requirement_id for requirement_id, *_ in LAUGHABLE}))
def test_with_good_evidence_it_is_met(requirement_id, look):
    assert look(requirement_id, None, {}).if_in_force is State.MET


def test_a_file_of_nothing_and_a_title_of_nothing_are_no_document(register, store, audit, bus, now):
    model = register()
    given = {"location": "s3://documents/1", "dated": date(2026, 11, 1), "store": store, "audit": audit, "bus": bus,
             "actor": "ada", "now": now}  # fmt: skip
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with pytest.raises(InvalidInputError, match="empty file"):
        record_document(model.id, "fria", title="FRIA", sha256=empty, **given)
    for title in ("x", "tbd", "---", "Test test"):
        with pytest.raises(InvalidInputError, match="placeholder"):
            record_document(model.id, "fria", title=title, sha256="1" * 64, **given)
    assert record_document(model.id, "fria", title="FRIA", sha256="1" * 64, **given).title == "FRIA"
    assert record_document(ORGANISATION, "ai_policy", title="方针", sha256="1" * 64, **given).title == "方针"


PEOPLE_DECIDE = {"solely_automated": False, "score_drawn_on": False}


@pytest.fixture
def answered(register, store, audit, bus, now):
    def state(questionnaire, answers, requirement_id):
        model = register()
        given = {"store": store, "audit": audit, "bus": bus, "now": now}
        classify(model.id, questionnaire, answers, actor="ada", **given)
        assert get_model(store, model.id) is not None
        statuses = evaluate_model(model.id, **given)
        return next(it for s in statuses for it in s.requirements if it.requirement_id == requirement_id)

    return state


def test_emotions_read_at_work_and_no_practice_named_is_not_known_to_be_allowed(answered):
    letters = ("a", "b", "c", "d", "e", "f", "g", "h", "ba", "bb")
    answers = {
        "provider": True, "deployer": True, "screening": dict.fromkeys(letters, False), "annex_i_product": False,
        "area": "4b", "profiling": True, "emotion_recognition": True, "at_workplace": True,
    }  # fmt: skip
    parts = answered("ai_act", answers, "AIA-5").parts
    states = [part.state for part in parts if part.part == "check"]
    assert states == [State.MET, State.INSUFFICIENT_EVIDENCE]


def test_answers_that_contradict_each_other_exempt_from_nothing(answered):
    """No personal data, but special categories of them: the GDPR does not cease to apply by that."""
    answers = {"personal_data": False, "special_categories": True}
    found = answered("processing", answers, "GDPR-5(1)(e)")
    assert found.state is State.INSUFFICIENT_EVIDENCE
    assert "contradict" in found.reason
    assert answered("processing", {"personal_data": False}, "GDPR-5(1)(e)").state is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("answers", "owed"),
    [
        ({"basis": "consent"}, True),
        ({"basis": "contract"}, True),
        ({"basis": "legitimate_interests", "special_categories": True, "special_condition": "9(2)(a)"}, True),
        ({"basis": "legitimate_interests", "special_categories": True, "special_condition": "9(2)(g)"}, False),
        ({"basis": "public_task", "special_categories": False}, False),
        ({"basis": "public_task"}, True),  # not known: nobody was asked
    ],
)
def test_portability_hangs_on_consent_of_either_kind_or_a_contract(answers, owed, answered):
    """GDPR Art. 20(1)(a) names Art. 9(2)(a) beside Art. 6(1)(a)."""
    found = answered("processing", {"personal_data": True, **answers}, "GDPR-20")
    assert (found.state is not State.NOT_APPLICABLE) is owed


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"basis": "consent"}, True),
        ({"basis": "contract", "special_categories": True, "special_condition": "9(2)(a)"}, True),
        ({"basis": "contract", "solely_automated": True, "automated_exception": "explicit_consent"}, True),
        ({"basis": "contract", "special_categories": True, "special_condition": "9(2)(g)", **PEOPLE_DECIDE}, False),
        ({"basis": "contract", "special_categories": False, **PEOPLE_DECIDE}, False),
        ({"basis": "contract"}, True),  # not known: nobody was asked
    ],
)
def test_the_conditions_of_consent_are_asked_wherever_consent_is_relied_on(answers, asked, answered):
    """GDPR Art. 7(1) with Art. 4(11), 9(2)(a) and 22(2)(c)."""
    found = answered("processing", {"personal_data": True, **answers}, "GDPR-7")
    assert (found.state is not State.NOT_APPLICABLE) is asked


@pytest.mark.parametrize("framework_id", built_in())
def test_a_document_alone_has_an_end_and_what_is_said_of_its_age_is_asked_for(framework_id):
    for requirement in built_in()[framework_id].framework.requirements:
        document = requirement.document
        if document is None:
            continue
        ends = document.valid_days is not None or document.scope == "model_version"
        assert ends or requirement.attestation is not None, f"{requirement.id}: good for ever"
        said = requirement.evidence_shows or ""
        assert document.valid_days is not None or "not older than its review" not in said, requirement.id
        assert requirement.attestation is None or "content and practice are not judged" not in said, requirement.id


@pytest.mark.parametrize("framework_id", built_in())
def test_what_holds_of_all_holds_of_some(framework_id):
    """`all` is true of nothing, so that a list which may be empty has to be asked for its size."""
    for requirement in built_in()[framework_id].framework.requirements:
        for check in requirement.checks:
            for text in check.met_when.split(".all(")[:-1]:
                name = text.split()[-1].lstrip("(!")
                assert f"size({name}) > 0" in check.met_when, (requirement.id, name)
