"""Standards and profiles taken apart limb by limb: what a signature or a document cannot make met any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import ORGANISATION, State
from syndic.compliance.definitions.load import FrameworkRefusedError, built_in, load_framework
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from tests.unit.compliance.conftest import framework_of, make_evidence

FAILING = {"status": EvidenceStatus.FAILING}


@pytest.fixture
def judged(everything, subject, facts_of, now):
    """The state of a requirement with all on record, some of it altered, added or, by None, taken away."""

    def state(name, added=(), **altered):
        changed = {kind.replace("__", "."): change for kind, change in altered.items()}
        items = [
            item.model_copy(update={**change, "facts": {**item.facts, **change.get("facts", {})}})
            if (change := changed.get(item.kind)) is not None
            else item
            for item in everything(framework_of(name))
            if changed.get(item.kind, item) is not None
        ]
        found = evaluate(framework_of(name), subject, facts_of([*items, *added]), now=now)
        return next((it for it in found.requirements if it.requirement_id == name), found.scope)

    return state


DENIED = [
    ("ISO-5.2", "policies.kept", {"acknowledgements_outstanding": 3}),
    ("ISO-7.5", "policies.kept", {"review_overdue": 1}),
    ("ISO-A.3.2", "oversight.assigned", {"able": 0}),
    ("ISO-A.10.2", "vendors.agreements", {"without_supply_agreement": ["v-1: none on record"]}),
    ("ISO-A.10.3", "vendors.agreements", {"questionnaire_due": ["v-1"]}),
    ("ISO-A.6.2.6", "monitoring.plan", {"overdue": ["drift: planned for every hour, none since"]}),
    ("ISO-8.1", "risks.treated", {"overdue": 2}),
    ("ISO-8.1", "capture.config", {"version": "credit-99"}),
    ("ISO-8.1", "vendors.agreements", {"without_supply_agreement": ["v-1"]}),
    ("ISO-8.2", "risks.decided", {"not_assessed": 1}),
    ("ISO-8.3", "risks.decided", {"open": 0}),  # every risk is closed
    ("ISO-8.3", "risks.decided", {"undecided": 1}),
    ("ISO-9.1", "monitoring.plan", {"overdue": ["drift"]}),
    ("ISO-10.2", "remediations.handled", {"missed_without_action": ["quality.performance"]}),
    ("RMF-GOVERN-1", "policies.kept", {"review_overdue": 1}),
    ("RMF-GOVERN-1", "policies.kept", {"acknowledgements_outstanding": 1}),
    ("RMF-GOVERN-2", "document.ai_literacy_record", {"lapsed": 1}),
    ("RMF-GOVERN-2.2", "document.ai_literacy_record", {"lapsed": 1}),
    ("RMF-GOVERN-1.5", "risks.reviewed", {"without_date": 1}),
    ("RMF-GOVERN-6", "vendors.agreements", {"questionnaire_due": ["v-1"]}),
    ("RMF-GOVERN-1.1", "classification.ai_act", {"prohibited": ["(c)"]}),
    ("RMF-MAP-2.2", "registry.profile", {"empty": ["limitations"]}),
    ("RMF-MAP-3", "registry.profile", {"empty": ["oversight_plan"]}),
    ("RMF-MAP-3.3", "registry.profile", {"thin": ["intended_purpose"]}),
    ("RMF-MAP-5", "risks.decided", {"not_assessed": 1}),
    ("RMF-MAP-5.1", "risks.decided", {"not_assessed": 1}),
    ("RMF-MEASURE-1", "risks.reviewed", {"overdue": 1}),
    ("RMF-MEASURE-1.2", "risks.reviewed", {"overdue": 1}),
    ("RMF-MEASURE-2", "risks.decided", {"undecided": 1}),
    ("RMF-MEASURE-2.4", "monitoring.plan", {"overdue": ["drift"]}),
    ("RMF-MEASURE-2.6", "risks.decided", {"undecided": 1}),
    ("RMF-MEASURE-2.6", "incidents.handled", {"measures_overdue": 1}),
    ("RMF-MEASURE-2.9", "quality.performance", {}),
    ("RMF-MEASURE-3", "risks.reviewed", {"overdue": 1}),
    ("RMF-MEASURE-3.1", "risks.reviewed", {"overdue": 1}),
    ("RMF-MEASURE-4", "quality.performance", {}),
    ("RMF-MEASURE-4.2", "quality.performance", {}),
    ("RMF-MANAGE-1.1", "quality.performance", {}),
    ("RMF-MANAGE-1.1", "capture.config", {"version": "credit-99"}),
    ("RMF-MANAGE-1.2", "risks.decided", {"not_assessed": 1}),
    ("RMF-MANAGE-1.3", "risks.decided", {"undecided": 1}),
    ("RMF-MANAGE-1.4", "risks.decided", {"undecided": 1}),
    ("RMF-MANAGE-2", "remediations.handled", {"missed_without_action": ["quality.performance"]}),
    ("RMF-MANAGE-2", "incidents.handled", {"measures_overdue": 1}),
    ("RMF-MANAGE-2", "oversight.assigned", {"able": 0}),
    ("RMF-MANAGE-2.2", "remediations.handled", {"found_without_action": ["drift.run"]}),
    ("RMF-MANAGE-2.3", "incidents.handled", {"measures_overdue": 1}),
    ("RMF-MANAGE-2.4", "remediations.handled", {"missed_without_action": ["quality.performance"]}),
    ("RMF-MANAGE-2.4", "oversight.assigned", {"able": 0}),
    ("RMF-MANAGE-3", "vendors.agreements", {"questionnaire_due": ["v-1"]}),
    ("RMF-MANAGE-3.1", "vendors.agreements", {"questionnaire_due": ["v-1"]}),
    ("RMF-MANAGE-3.2", "monitoring.plan", {"overdue": ["drift"]}),
    ("RMF-MANAGE-4", "monitoring.plan", {"overdue": ["drift"]}),
    ("RMF-MANAGE-4", "requests.automated", {"late": 1}),
    ("RMF-MANAGE-4.1", "monitoring.plan", {"overdue": ["drift"]}),
    ("RMF-MANAGE-4.2", "remediations.handled", {"overdue": 1}),
    ("GAI-2.9", "risks.decided", {"undecided": 1}),
    ("GAI-2.12", "vendors.agreements", {"questionnaire_due": ["v-1"]}),
    ("GAI-third-party", "vendors.agreements", {"without_processing_agreement": ["v-1"]}),
    ("GAI-governance", "policies.kept", {"acknowledgements_outstanding": 1}),
    ("SOC2-CC2", "policies.kept", {"acknowledgements_outstanding": 1}),
    ("SOC2-CC3", "risks.reviewed", {"open": 0}),  # every risk is closed
    ("SOC2-CC4", "remediations.handled", {"overdue": 1}),
    ("SOC2-CC5", "remediations.handled", {"overdue": 1}),
    ("SOC2-CC5", "policies.kept", {"review_overdue": 1}),
    ("SOC2-CC9", "vendors.agreements", {"questionnaire_due": ["v-1"]}),
    ("SOC2-C1", "erasure.run", {"left_of_age": 1}),
    ("SOC2-P", "requests.handled", {"late": 1}),
    ("SOC2-P", "incidents.breaches", {"late": 1}),
    ("SOC2-P", "vendors.agreements", {"without_processing_agreement": ["v-1"]}),
    ("SOC2-P", "erasure.run", {"left_of_persons": 1}),
    ("SOC2-P", "storage.captures", {"deleted_after_days": 0}),
]


@pytest.mark.parametrize(("name", "kind", "facts"), DENIED)
def test_what_is_signed_is_not_met_against_what_is_on_record(name, kind, facts, judged):
    assert judged(name).if_in_force is State.MET
    found = judged(name, **{kind.replace(".", "__"): {**FAILING, "facts": facts}})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert "On record:" in found.reason


OF_THE_NEWEST = [
    ("ISO-A.2.4", "document.ai_policy_review"),
    ("ISO-A.6.2.7", "document.technical_documentation"),
    ("ISO-A.8.2", "document.instructions_for_use"),
    ("ISO-6.1.3", "applicability.iso_42001"),
    ("ISO-6.1.3", "document.risk_treatment_plan"),
    ("ISO-9.2", "document.aims_internal_audit"),
    ("ISO-9.3", "document.aims_management_review"),
    *(
        (f"ISO-{control}", f"document.{topic}")
        for control, topic in (
            ("A.3.3", "reporting_of_concerns"), ("A.5.2", "impact_process"), ("A.6.1.2", "development_objectives"),
            ("A.6.2.5", "deployment_plan"), ("A.7.2", "data_management"), ("A.7.4", "data_quality_requirements"),
            ("A.8.3", "external_reporting"), ("A.10.2", "responsibility_matrix"), ("A.10.3", "supplier_process"),
            ("A.10.4", "customer_expectations"), ("4.1", "aims_context"), ("4.2", "aims_interested_parties"),
            ("4.3", "aims_scope"), ("4.4", "aims_manual"), ("5.2", "ai_policy"), ("6.1.1", "aims_risks"),
            ("6.1.4", "impact_process"), ("6.2", "aims_objectives"),
        )
    ),
    ("RMF-GOVERN-1", "document.ai_policy"),
    ("RMF-GOVERN-6", "document.supplier_policy"),
    ("RMF-MAP-4", "document.component_risks"),
    ("GAI-governance", "document.genai_policy"),
    *((f"GAI-2.{number}", "document.genai_risk_assessment") for number in range(1, 13)),
    ("SOC2-CC1", "document.code_of_conduct"),
    ("SOC2-CC2", "document.communication_plan"),
    ("SOC2-CC5", "document.control_policy"),
    ("SOC2-P", "document.privacy_notice"),
    ("SOX-inventory", "document.sox_control_matrix"),
    ("SOX-service", "document.sox_service_report"),
    ("SOX-404", "document.sox_assessment"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), OF_THE_NEWEST)
def test_what_is_signed_is_of_the_newest(name, kind, judged, now):
    at = kind.replace(".", "__")
    assert judged(name, **{at: {"produced_at": now - timedelta(days=9)}}).if_in_force is State.MET
    found = judged(name, **{at: {"produced_at": now - timedelta(hours=1)}})
    assert found.if_in_force is State.ATTESTATION_DUE
    assert f"{kind}, which was recorded anew after it" in found.reason


def test_impact_assessments_are_carried_out_only_where_a_result_is_on_record(judged):
    assert judged("ISO-8.4").if_in_force is State.MET
    assert judged("ISO-8.4", document__impact_assessment=None).if_in_force is State.INSUFFICIENT_EVIDENCE


def test_how_data_were_acquired_is_of_the_version(judged):
    earlier = {"facts": {"model_version": "credit-1"}}
    assert judged("ISO-A.7.3", document__data_acquisition=earlier).if_in_force is State.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize("name", ["ISO-A.6.2.5", "ISO-8.1", "GAI-testing"])
def test_a_version_that_is_long_in_use_was_promoted_long_ago(name, judged, now):
    assert judged(name, registry__promotion={"produced_at": now - timedelta(days=500)}).if_in_force is State.MET


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ISO-4.1", "intended purpose of the AI systems"),
        ("ISO-6.1.2", "consistent, valid and comparable results"),
        ("ISO-6.1.4", "jurisdictions"),
        ("ISO-10.2", "similar ones looked for"),
        ("RMF-MEASURE-2", "within the tolerance"),
        ("GAI-2.3", "advice to self-harm"),
        ("GAI-2.7", "emotional entanglement"),
        ("GAI-2.11", "intimate images without consent"),
        ("SOX-access", "duties that do not go together apart"),
    ],
)
def test_the_signature_names_the_whole_of_what_the_text_asks(name, words):
    assert words in framework_of(name).framework.requirement(name).attestation.statement


@pytest.mark.parametrize("name", ["RMF-MEASURE-1", "RMF-MEASURE-2", "RMF-MEASURE-2.11", "GAI-2.6"])
def test_no_groups_are_asked_of_a_model_that_is_about_nobody(name, judged):
    own, none = "classification__processing", {"facts": {"personal_data": False}}
    assert judged(name, bias__run=None).if_in_force is State.INSUFFICIENT_EVIDENCE
    assert judged(name, bias__run=None, **{own: None}).if_in_force is State.INSUFFICIENT_EVIDENCE
    assert judged(name, **{own: None}).if_in_force is State.MET, "who is not asked about data is judged by the run"
    vendors = {"facts": {"processors": 0}}  # who processes data of persons denies that there are none
    alone = {"bias__run": None, "classification__ai_act": None, own: none, "vendors__agreements": vendors}
    assert judged(name, **alone).if_in_force is State.MET
    profiling = make_evidence("classification.ai_act", facts={"profiling": True})
    assert judged(name, [profiling], **alone).if_in_force is State.INSUFFICIENT_EVIDENCE


# --- answers ---


def test_who_hosts_it_on_record_denies_that_nobody_outside_runs_it(judged):
    no = {"facts": {"outside_service": False}}
    assert judged("SOX-service", classification__sox=no).if_in_force is State.NOT_APPLICABLE
    silent = make_evidence("vendors.agreements")
    assert judged("SOX-service", [silent], classification__sox=no).if_in_force is State.NOT_APPLICABLE
    hosting = make_evidence("vendors.agreements", facts={"vendors": 1, "run_by": 1})
    found = judged("SOX-service", [hosting], classification__sox=no)
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert "vendors on record that host it" in found.reason


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("classification.ai_act", {"generative": True, "gpai_provider": False}),
        ("classification.ai_act", {"generative": False, "gpai_provider": True}),
        ("inventory.entry", {"origin": "general_purpose_model"}),
    ],
)
def test_who_follows_the_profile_does_not_leave_out_what_generates(kind, facts, judged):
    own, said = "classification__nist_ai_600_1", [make_evidence(kind, facts=facts)]
    assert judged("GAI-2.1", said, **{own: {"facts": {"generative": False}}}).applies is None
    followed_by_nobody = {"facts": {"generative": False, "followed": False}}
    assert judged("GAI-2.1", said, **{own: followed_by_nobody}).applies is False


# --- what need not be kept here ---


def test_a_register_that_nobody_keeps_is_not_asked_for_and_one_that_is_has_to_be_fresh(judged, now):
    kept = judged("SOC2-CC9")
    assert kept.if_in_force is State.MET
    assert "What was asked of vendors on record" in kept.reason
    without = judged("SOC2-CC9", vendors__agreements=None)
    assert without.if_in_force is State.MET
    assert "vendors on record" not in without.reason
    old = judged("SOC2-CC9", vendors__agreements={"expires_at": now - timedelta(days=1)})
    assert old.if_in_force is State.INSUFFICIENT_EVIDENCE
    of_all = make_evidence("vendors.agreements", model_id=ORGANISATION, facts={"questionnaire_due": ["v-1"]})
    assert judged("SOC2-CC9", [of_all], vendors__agreements=None).if_in_force is State.INSUFFICIENT_EVIDENCE


def test_nobody_is_told_to_keep_what_need_not_be_kept(judged):
    found = judged("RMF-MEASURE-3", vendors__agreements=None, drift__run=None, risks__reviewed=None)
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert "drift check" in found.remedy
    assert "risk register" not in found.remedy


def test_a_requirement_asks_for_more_than_what_need_not_be_kept():
    text = built_in()["soc2"].text
    start = text.index("  - id: SOC2-CC9")
    check = text.index("    checks:\n", start)
    alone = text[: text.index("    attestation:\n", check)] + "    remedy: Look at vendors.\n"
    with pytest.raises(FrameworkRefusedError, match="asks for nothing"):
        load_framework(alone, where="soc2.yaml", citations=False)
