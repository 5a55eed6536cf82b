"""Each answer that exempts, and what else in the product speaks of the same: then the contrary is not exempt.

A new fact that a scope reads fails here until somebody decides what speaks against it, or why nothing does.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.denied import TABLE
from syndic.compliance.rules.judge import evaluate
from syndic.compliance.rules.no_personal_data import OF_PERSONS
from syndic.compliance.rules.registered_otherwise import OPERATORS
from syndic.registers.incidents.models import IncidentRole
from syndic.registers.systems.models import DataCategory, OperatorRole
from syndic.registers.systems.register import SUPPLIED
from tests.unit.compliance.conftest import OTHER_ANSWERS, VERSION, framework_of, make_evidence

REGISTERS = ("inventory.entry", "incidents.handled")
OF_DATA = (
    "bias.run", "erasure.run", "vendors.agreements", "inventory.entry", "incidents.handled", "incidents.breaches",
    "requests.explanation", "document.processing_record", "document.processor_record",
)  # fmt: skip
CREDIT, HIRING, CCPA, COLORADO, AI, GDPR, HIPAA, BANK = (
    f"classification.{one}" for one in ("consumer_credit_directive", "hiring_nyc", "ccpa_admt", "colorado_sb26_189",
                                        "ai_act", "processing", "hipaa", "sr_26_2")
)  # fmt: skip
SPEAKING: dict[str, tuple[str, ...]] = {
    f"{AI}.provider": (*REGISTERS, "document.eu_registration", "document.conformity_assessment"),
    f"{AI}.deployer": (*REGISTERS, "document.eu_registration", CREDIT, HIRING, CCPA, COLORADO, GDPR, BANK,
                       "classification.sox"),
    f"{AI}.importer": ("inventory.entry",),
    f"{AI}.distributor": ("inventory.entry",),
    f"{AI}.authorised_representative": ("inventory.entry",),
    f"{AI}.third_party_supplies": ("vendors.agreements", "inventory.entry", BANK),
    f"{AI}.route": (CREDIT, HIRING, CCPA, COLORADO, GDPR),
    f"{AI}.area": (CREDIT, HIRING, CCPA),
    f"{AI}.in_scope": (*REGISTERS, CREDIT, HIRING, CCPA, COLORADO),
    f"{AI}.generative": ("classification.nist_ai_600_1", BANK),
    f"{AI}.public_body": (GDPR, "document.eu_registration"),
    f"{AI}.public_service": (GDPR,),
    f"{AI}.special_categories_for_bias": ("bias.run",),
    f"{AI}.substantially_modified": ("conformity.modification", "attestation.value_chain"),
    **{f"{AI}.{fact}": (f"attestation.{topic}",) for fact, topic in (
        ("talks_to_people", "interaction_notice"), ("needs_exposure_notice", "exposure_notice"),
        ("at_workplace", "worker_information"), ("post_remote_law_enforcement", "post_remote_identification"),
        ("remote_identification", "post_remote_identification"), ("own_name", "value_chain"),
        ("purpose_changed", "value_chain"), ("gpai_provider", "gpai_copyright"), ("gpai_systemic", "gpai_systemic"),
        ("gpai_third_country", "gpai_representative"),
    )},
    f"{AI}.real_world_testing": ("attestation.real_world_testing", "document.real_world_testing_plan"),
    f"{CREDIT}.databases": ("attestation.credit_database_notice",),
    f"{GDPR}.joint_controllers": ("attestation.joint_controllers", "document.joint_controller_arrangement"),
    f"{GDPR}.personal_data": (*OF_DATA, AI, HIRING, HIPAA, COLORADO, CREDIT, CCPA),
    f"{CREDIT}.automated": (*OF_DATA, AI, HIRING, HIPAA, COLORADO, GDPR, CCPA),
    f"{COLORADO}.personal_data": (*OF_DATA, AI, HIRING, HIPAA, GDPR, CREDIT, CCPA),
    f"{GDPR}.special_categories": ("inventory.entry", "bias.run", AI, HIPAA),
    f"{GDPR}.criminal_data": ("inventory.entry",),
    f"{GDPR}.children": ("inventory.entry", "attestation.child_consent"),
    f"{GDPR}.controller": ("incidents.handled", "document.processing_record", CREDIT, HIRING, CCPA),
    f"{GDPR}.processor": ("incidents.handled", "document.processor_record"),
    f"{GDPR}.processors": ("vendors.agreements", "inventory.entry"),
    f"{GDPR}.third_country_transfers": ("vendors.agreements", "document.processing_record", "attestation.transfers",
                                        "document.processor_record", "document.transfer_assessment"),
    f"{GDPR}.solely_automated": (HIRING, CCPA),
    f"{GDPR}.dpia_required": (AI, HIRING, CREDIT, CCPA, COLORADO),
    f"{GDPR}.officer_designated": ("directory.accounts",),
    f"{COLORADO}.deployer": (*REGISTERS, AI, HIRING, CREDIT, CCPA),
    f"{COLORADO}.colorado": (AI, HIRING, CREDIT, CCPA, GDPR, HIPAA),
    f"{COLORADO}.consequential": (AI, HIRING, CREDIT, CCPA, HIPAA),
    f"{COLORADO}.materially_influences": (HIRING, CCPA, GDPR),
    f"{COLORADO}.health_entity": (HIPAA,),
    f"{HIPAA}.phi": (HIPAA, GDPR),
    f"{CREDIT}.assesses": (AI, GDPR),
    f"{CREDIT}.creditor": (AI,),
    f"{CREDIT}.consumer_credit": (AI,),
    f"{CREDIT}.personalised_offers": (AI,),
    f"{CCPA}.replaces_human": (GDPR, HIRING),
    f"{CCPA}.significant": (AI, HIRING, CREDIT, HIPAA),
    f"{CCPA}.ability_or_work_only": (AI,),
    f"{CCPA}.business": (AI, CREDIT, HIPAA, HIRING, GDPR),
    f"{CCPA}.other_risk": (AI, GDPR),
    f"{HIPAA}.covered": (COLORADO,),
    f"{HIPAA}.vendors": ("vendors.agreements",),
    f"{HIRING}.bound": (AI, CCPA, GDPR),
    "classification.sox.outside_service": ("vendors.agreements", "inventory.entry"),
    f"{BANK}.vendor": (AI, "inventory.entry"),
    f"{BANK}.generative": (AI, "classification.nist_ai_600_1"),
    **{f"{BANK}.{fact}": (HIRING,) for fact in ("banking", "model", "relevant")},
    **{f"classification.nist_ai_600_1.{fact}": (AI, BANK, "inventory.entry") for fact in ("followed", "generative")},
}  # fmt: skip
"""What says the contrary of an answer: by the table of denials, or by the contradictions of its pack."""

OF_THE_SYSTEM = "how the system is built or used in this one regard is asked nowhere else and seen in no measurement"
OF_THE_FIRM = "what the organisation is or chose is asked nowhere else, and kept in no register"
LEGAL_GROUND = "the law lets the organisation choose its ground, and only this questionnaire asks which"
CHOSEN = "the organisation chooses it for itself; nothing binds it to"
SILENT = {
    f"{AI}.conformity_route": OF_THE_SYSTEM,
    **dict.fromkeys((f"{AI}.{one}" for one in ("gpai_same_provider", "open_source", "very_large_platform")),
                    "who provides a general-purpose model does not keep it in the inventory; " + OF_THE_FIRM),
    f"{COLORADO}.developer": "a provider of the AI Act may put into service for itself, a developer supplies others",
    f"{COLORADO}.insurer": OF_THE_FIRM,
    f"{CCPA}.appeal_instead": CHOSEN,
    f"{HIPAA}.care_decision": OF_THE_SYSTEM,
    **dict.fromkeys((f"{GDPR}.{one}" for one in ("basis", "automated_exception", "special_condition")), LEGAL_GROUND),
    f"{GDPR}.direct_marketing": OF_THE_SYSTEM,
    **dict.fromkeys((f"{GDPR}.score_drawn_on", f"{GDPR}.systematic_evaluation"),
                    "of critical infrastructure only; what says otherwise names another area, which is looked at"),
    **dict.fromkeys((f"classification.soc2.{one}" for one in (
        "availability", "confidentiality", "privacy", "processing_integrity")), CHOSEN),
    **dict.fromkeys((f"classification.sox.{one}" for one in ("issuer", "financial_reporting")), OF_THE_FIRM),
    "classification.nist_ai_rmf_core.by_subcategory": CHOSEN,
}  # fmt: skip
"""Answers of which nothing else speaks, and why."""


def against():
    found = {}
    for one in TABLE:
        found.setdefault(f"{one.questionnaire}.{one.fact}", set()).add(one.by)
    for compiled in built_in().values():
        own = compiled.framework.questionnaire
        for one in compiled.framework.contradictions:
            for path in compiled.expressions["", "scope"].paths:
                if own is not None and path.startswith(f"{own}.") and path in one.when:
                    found.setdefault(path, set()).update(need.kind for need in one.needs if need.kind != own)
    return found


def test_of_every_answer_that_a_scope_reads_it_is_decided_what_speaks_against_it():
    read = {
        path
        for compiled in built_in().values()
        for (_, place), it in compiled.expressions.items()
        if place in {"applies", "scope"}
        for path in it.paths
    }
    assert not SPEAKING.keys() & SILENT.keys()
    assert read == SPEAKING.keys() | SILENT.keys()
    assert all(len(reason) > 20 for reason in SILENT.values())


@pytest.mark.parametrize("path", SPEAKING)
def test_what_speaks_against_an_answer_is_held_against_it(path):
    assert set(SPEAKING[path]) <= against().get(path, set())


def test_every_kind_of_role_of_data_and_of_origin_that_registers_know_is_held_against_answers():
    assert set(OPERATORS) == {one.value for one in OperatorRole}
    assert {one.value for one in DataCategory} - {"none", "confidential"} == OF_PERSONS
    assert {one.value for one in IncidentRole} == {"provider", "deployer", "controller", "processor"}
    assert {one.value for one in SUPPLIED} == {"bought_software", "general_purpose_model"}


NO_DATA = {GDPR: {"personal_data": False}}
CASES = [
    ("AIA-14", {AI: {"provider": False}}, "inventory.entry", {"roles": ["provider"]}),
    ("AIA-26(5)", {AI: {"deployer": False}, GDPR: {"solely_automated": False}}, "inventory.entry",
     {"roles": ["deployer"]}),
    *(("AIA-25(4)", {AI: {"third_party_supplies": False}}, "inventory.entry", {"origin": one.value})
      for one in sorted(SUPPLIED)),
    *(("AIA-23" if role == "importer" else "AIA-24", {AI: {role: False}}, "inventory.entry", {"roles": [role]})
      for role in ("importer", "distributor")),
    ("AIA-22", {AI: {"authorised_representative": False}}, "inventory.entry", {"roles": ["authorised_representative"]}),
    *(("GDPR-15", NO_DATA, kind, facts)
      for kind, facts in (
          *(("inventory.entry", {"data_categories": [one]}) for one in sorted(OF_PERSONS)),
          ("vendors.agreements", {"processors": 3}), ("incidents.handled", {"roles": ["controller"]}),
          ("incidents.breaches", {"recorded": 1}), ("requests.explanation", {"of_this_model": 1}),
          ("erasure.run", {"of": "age", "of_persons": 1}),
          ("bias.run", {"grounds": [], "protected_attributes": ["age"]}),
      )),
    ("CCD-18(8)", {CREDIT: {"automated": False}}, AI, {"profiling": True, "area": "5b", "points": ["5b"]}),
    ("CCD-18(8)", {CREDIT: {"automated": False}}, "bias.run", {"grounds": ["sex"]}),
    ("CCD-18(8)", {CREDIT: {"automated": False}}, "inventory.entry", {"data_categories": ["personal"]}),
    ("GDPR-10", {GDPR: {"criminal_data": False}}, "inventory.entry", {"data_categories": ["criminal_offences"]}),
    ("GDPR-28", {GDPR: {"processors": False}}, "inventory.entry",
     {"data_categories": ["personal"], "origin": "general_purpose_model"}),
]  # fmt: skip


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(("name", "answers", "kind", "facts"), CASES)
def test_the_contrary_on_record_is_not_exempt(name, answers, kind, facts, late, everything, subject, facts_of, now):
    compiled = framework_of(name)
    world = [
        one.model_copy(update={"facts": {**one.facts, **answers.get(one.kind, {})}})
        for one in everything(compiled)
        if one.kind.startswith(("classification.", "attestation."))
        and (one.kind in answers or one.kind in needed(compiled, name))
    ]

    def state(*beside):
        status = evaluate(compiled, subject, facts_of([*world, *beside]), now=now)
        return next(it for it in status.requirements if it.requirement_id == name).if_in_force

    if kind not in needed(compiled, name):
        assert state() is State.NOT_APPLICABLE
    found = make_evidence(kind, facts=facts)
    found = found.model_copy(update={"expires_at": now}) if late else found  # a review overdue makes nothing exempt
    assert state(found) is State.INSUFFICIENT_EVIDENCE


def needed(compiled, name):
    applies = compiled.framework.requirement(name).applies
    scope = compiled.framework.scope
    return {need.kind for asked in (applies, scope) if asked is not None for need in asked.needs}


# --- what an assessment of an earlier version carries over (AI Act, Art. 43(4)) ---
CARRYING = [
    it.id
    for it in built_in()["eu_ai_act"].framework.requirements
    for part in (it.attestation, it.document)
    if part is not None and part.carries_over_with == "substantial_modification"
]


@pytest.mark.parametrize("name", dict.fromkeys(CARRYING))
@pytest.mark.parametrize("decided", [{"decision": "substantial", "assessed": True}, {"decision": "none"}])
def test_nothing_is_carried_over_to_a_substantial_modification(name, decided, everything, subject, facts_of, now):
    compiled = built_in()["eu_ai_act"]
    needs = compiled.framework.requirement(name)
    parts = {"attestation": needs.attestation, "document": needs.document}
    earlier = {
        f"{word}.{part.topic}" for word, part in parts.items() if part is not None and part.scope == "model_version"
    }
    other, apart = OTHER_ANSWERS.get(name, ("", {}))
    world = [
        one.model_copy(update={"facts": {
            **one.facts, **(apart if one.kind == other else {}),
            **({"model_version": "credit-6"} if one.kind in earlier else {}),
        }})
        for one in everything(compiled)
        if one.kind != "conformity.modification"
    ]  # fmt: skip
    register = make_evidence("conformity.modification", facts={"model_version": VERSION, **decided})
    before = make_evidence("conformity.modification", facts={"model_version": "credit-6", **decided})

    def state(beside):
        status = evaluate(compiled, subject, facts_of([*world, beside]), now=now)
        return next(it for it in status.requirements if it.requirement_id == name)

    assert state(before).if_in_force is State.MET
    found = state(register)
    if decided["decision"] == "substantial":
        assert found.if_in_force is not State.MET
        assert any("Nothing is carried over" in part.reason for part in found.parts)
    else:
        assert found.if_in_force is State.MET


@pytest.mark.parametrize(
    ("version", "opened", "carries"),
    [
        ("credit-6", timedelta(hours=-9), True),  # that version itself, and what was assessed of it
        ("credit-6b", timedelta(hours=1), False),
        ("credit-5", timedelta(hours=-9), True),  # before what is carried over was made
        ("credit-8", timedelta(hours=5), True),  # does not serve yet
    ],
)
def test_nothing_is_carried_past_a_substantial_modification(
    version, opened, carries, everything, subject, facts_of, now
):
    compiled = built_in()["eu_ai_act"]
    made = now - timedelta(days=1)
    earlier = {"attestation.eu_declaration", "document.eu_declaration"}
    world = [
        one.model_copy(update={"facts": {**one.facts, "model_version": "credit-6"}, "produced_at": made})
        if one.kind in earlier else one
        for one in everything(compiled) if one.kind != "conformity.modification"
    ]  # fmt: skip
    decisions = {
        version: {"decision": "substantial", "assessed": True, "opened_at": (made + opened).isoformat()},
        VERSION: {"decision": "none", "assessed": False, "opened_at": (made + timedelta(hours=3)).isoformat()},
    }
    facts = {"model_version": VERSION, "decision": "none", "decisions": decisions}
    beside = make_evidence("conformity.modification", facts=facts)
    status = evaluate(compiled, subject, facts_of([*world, beside]), now=now)
    found = next(it for it in status.requirements if it.requirement_id == "AIA-47")
    assert (found.if_in_force is State.MET) is carries
