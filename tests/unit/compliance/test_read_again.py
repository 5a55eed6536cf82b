"""Later readings of requirements with the text of their source, drawn by other seeds.

What each sample found is here as a case: evidence that had been met, beside all else that the requirement asks for.
"""

from __future__ import annotations

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.models import FrameworkKind
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.risk_level import classify_ai_act
from syndic.models import EvidenceStatus

OLD, GONE = {"model_version": "credit-1"}, {"gone": True}
AFTERWARDS = {"thresholds_set_before": False}
CONTRADICTORY = {"contradictions": ["the exception for automated decisions is a contract, the basis is not"]}
WEEKDAY = {"grounds": []}

SECOND: list[tuple[str, str, dict]] = [
    ("AIA-13", "quality.performance", AFTERWARDS),
    ("ISO-A.6.2.4", "quality.performance", AFTERWARDS),
    ("RMF-MEASURE-2", "quality.performance", AFTERWARDS),
    ("SOC2-PI1", "quality.performance", AFTERWARDS),
    ("AIA-47", "attestation.eu_declaration", GONE),
    ("AIA-49", "attestation.eu_registration", GONE),
    ("AIA-25(4)", "attestation.supplier_agreements", OLD),
    ("AIA-72", "attestation.post_market_monitoring", OLD),
    ("GDPR-30", "attestation.processing_record", GONE),
    ("ISO-A.6.1.2", "attestation.development_objectives", GONE),
    ("ISO-A.6.2.7", "attestation.documentation_provided", OLD),
    ("ISO-A.7.4", "attestation.data_quality", OLD),
    ("ISO-A.10.2", "attestation.responsibility_allocation", GONE),
    ("RMF-MAP-3", "attestation.use_and_proficiency", GONE),
    ("RMF-MAP-4", "attestation.component_risks", GONE),
    ("RMF-MAP-5", "attestation.impact_engagement", GONE),
    ("RMF-MANAGE-1", "attestation.risk_treatment", GONE),
    ("SOC2-CC2", "attestation.communication", GONE),
    ("AIA-25", "classification.ai_act", {"contradictions": ["importer and provider of one system"]}),
    ("AIA-43", "classification.ai_act", {"contradictions": ["an act of Annex I is named, but no product"]}),
    ("GDPR-5(1)(e)", "classification.processing", CONTRADICTORY),
    ("GDPR-6", "classification.processing", CONTRADICTORY),
    ("GDPR-9", "classification.processing", CONTRADICTORY),
    ("GDPR-22", "classification.processing", CONTRADICTORY),
    ("AIA-9", "bias.run", WEEKDAY),
    ("RMF-MEASURE-1", "bias.run", WEEKDAY),
    ("GDPR-5(1)(c)", "drift.run", {"rows_current": 0}),
    *[
        (requirement_id, "capture.config", {side: taken})
        for requirement_id in ("AIA-12", "AIA-19", "AIA-26(6)", "AIA-86", "ISO-A.6.2.8", "SOC2-PI1")
        for side, taken in (("outputs", False), ("inputs", None))
    ],
]


FOUND = {"status": EvidenceStatus.FAILING}
THIRD: list[tuple[str, str, dict]] = [
    ("AIA-9", "bias.run", FOUND),
    ("AIA-9", "drift.run", FOUND),
    ("AIA-9", "drift.run", AFTERWARDS),
    ("RMF-MANAGE-4", "attestation.treatment_monitoring", GONE),
    ("RMF-MANAGE-4", "document.ai_incident_log", GONE),
    ("GDPR-5(1)(e)", "storage.captures", {"gone_after": None}),
    ("GDPR-5(1)(e)", "storage.captures", {"gone_after": "9600h"}),
    ("AIA-19", "storage.captures", {"some_deleted_after_days": 30}),
    ("AIA-26(6)", "storage.captures", {"some_deleted_after_days": 30}),
    ("SOC2-CC6", "directory.accounts", {"without_second_factor": 1}),
    ("SOC2-C1", "storage.captures", {"deleted_after_days": None}),
    ("GDPR-32", "storage.captures", {"encrypted": False}),
    ("GDPR-32", "storage.platform", {"unencrypted": ["archive"]}),
    ("GDPR-32", "directory.accounts", {"without_second_factor": 1}),
]


@pytest.mark.parametrize(("requirement_id", "kind", "change"), [*SECOND, *THIRD])
def test_what_was_met_by_evidence_that_shows_something_else_is_not(requirement_id, kind, change, look):
    found = look(requirement_id, kind, change)
    assert found.if_in_force in {State.INSUFFICIENT_EVIDENCE, State.ATTESTATION_DUE}, found.reason


@pytest.mark.parametrize("requirement_id", sorted({requirement_id for requirement_id, *_ in (*SECOND, *THIRD)}))
def test_with_good_evidence_it_is_met(requirement_id, look):
    assert look(requirement_id, None, {}).if_in_force is State.MET


SIGNED: dict[str, tuple[str, ...]] = {
    "AIA-9": ("foreseeable misuse", "under 18"),
    "AIA-10": ("gaps", "measures against it", "sufficiently representative", "free of errors"),
    "AIA-14": ("automation bias",),
    "AIA-27": ("before the first use",),
    "AIA-43": ("showed that the requirements are met", "before it was placed on the market"),
    "AIA-19": ("appropriate to its purpose",),
    "AIA-26(6)": ("appropriate to its purpose",),
    "AIA-50(2)": ("effective, interoperable, robust and reliable",),
    "AIA-55": ("adversarial testing", "systemic risks", "serious incidents", "secured"),
    "GDPR-13": ("get it when those articles say",),
    "GDPR-22": ("the recorded case of Art. 22(2) holds",),
    "GDPR-32": ("restoring in time",),
    "GDPR-35": ("before the processing began", "35(7)"),
    "LL144-audit-summary": ("date of the audit",),
    "LL144-notice": ("qualifications and characteristics", "alternative process"),
    "LL144-notice-data": ("Type and source", "retention policy", "how to ask"),
    "RMF-MAP-1": ("differing disciplines", "value and goals"),
    "RMF-MEASURE-2": ("how well the tests work",),
    "RMF-MANAGE-3": ("pre-trained models",),
    "SOC2-A1": ("Capacity",),
    "SOC2-CC3": ("fraud", "significant changes"),
    "SOC2-P": ("disclosed", "complaints"),
    "AIA-11": ("Annex IV", "before it was placed on the market", "up to date"),
    "AIA-20": ("were corrected, withdrawn, disabled or recalled",),
    "AIA-26(5)": ("each risk and serious incident that was found was told",),
    "AIA-48": ("notified body",),
    "AIA-50(3)": ("first exposure", "accessible"),
    "AIA-53": ("AI Office's template", "this version"),
    "AIA-73": ("each serious incident of the period was reported",),
    "RMF-GOVERN-1": ("legal requirements", "inventory", "decommissioned"),
    "RMF-GOVERN-2": ("training", "partners", "leadership"),
    "RMF-GOVERN-3": ("roles of people and systems",),
    "RMF-GOVERN-4": ("safety first", "incidents"),
    "RMF-GOVERN-5": ("reaches design",),
    "RMF-MEASURE-1": ("cannot be measured", "did not develop it"),
    "RMF-MEASURE-3": ("report problems",),
    "RMF-MEASURE-4": ("got better or worse",),
    "RMF-MANAGE-2": ("alternatives", "nobody knew of"),
}


@pytest.mark.parametrize("requirement_id", SIGNED)
def test_who_signs_signs_for_the_whole_of_what_the_text_asks(requirement_id):
    requirement = next(
        found for it in built_in().values() if (found := it.framework.requirement(requirement_id)) is not None
    )
    assert requirement.attestation is not None
    for words in SIGNED[requirement_id]:
        assert words in requirement.attestation.statement


ASKS_FOR_WHAT_IS_WRITTEN = {
    "ISO-A.2.2", "ISO-A.2.3", "ISO-A.4.2", "ISO-A.4.3", "ISO-A.4.4", "ISO-A.4.5", "ISO-A.4.6", "ISO-A.5.4",
    "ISO-A.5.5", "ISO-A.6.1.3", "ISO-A.6.2.2", "ISO-A.6.2.3", "ISO-A.6.2.4", "ISO-A.6.2.6",
    "ISO-A.7.3", "ISO-A.7.5", "ISO-A.7.6", "ISO-A.8.4", "ISO-A.8.5", "ISO-A.9.2", "ISO-A.9.3", "RMF-MAP-2",
}  # fmt: skip
"""Controls that ask to document, define or determine something: what is written is what they ask for."""


def test_a_document_stands_alone_only_where_the_text_asks_for_what_is_written():
    alone = {
        requirement.id
        for compiled in built_in().values()
        for requirement in compiled.framework.requirements
        if requirement.document is not None and requirement.attestation is None
    }
    assert alone == ASKS_FOR_WHAT_IS_WRITTEN
    laws = [it.framework for it in built_in().values() if it.framework.kind is FrameworkKind.LAW]
    assert not alone & {requirement.id for law in laws for requirement in law.requirements}


def test_what_is_documented_of_a_system_is_documented_of_each():
    """ISO/IEC 42001, A.4: resources are those utilised for the AI system; a list of the organisation may lack it."""
    for requirement in built_in()["iso_42001"].framework.requirements:
        if requirement.id.startswith("ISO-A.4.") and requirement.document is not None:
            assert requirement.document.scope != "organisation", requirement.id


def test_checks_before_the_market_are_of_the_version_that_is_on_it():
    """AI Act, Art. 23(1), 24(1); that they carry over by the signed rule is in `test_versions`."""
    for requirement_id in ("AIA-23", "AIA-24"):
        requirement = built_in()["eu_ai_act"].framework.requirement(requirement_id)
        for asked in filter(None, (requirement.attestation, requirement.document)):
            assert (asked.scope, asked.carries_over_with) == ("model_version", "substantial_modification")


def test_a_product_of_an_act_that_is_not_named_has_no_known_procedure():
    """Art. 43(3) is about Section A of Annex I; Section B has no procedure there (Art. 2(2))."""
    answers = AiActAnswers(
        provider=True, deployer=False, screening=dict.fromkeys(PRACTICES, False), annex_i_product=True, area=None,
        profiling=False, failure_endangers=True,
    )  # fmt: skip
    assert classify_ai_act(answers).facts["conformity_route"] is None
    named = answers.model_copy(update={"annex_i_act": "2017/745"})
    assert classify_ai_act(named).facts["conformity_route"] == "sector"
