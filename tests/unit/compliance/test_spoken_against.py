"""What is signed for the law of the Union, and what else on record says the contrary: each duty, decided once.

A duty of which nothing that the product records could say the contrary is named with the reason; a new one fails here
until somebody looked.
"""

from __future__ import annotations

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from tests.unit.compliance.conftest import OTHER_ANSWERS, framework_of, make_evidence, wanted

EUROPEAN = ("eu_ai_act", "gdpr", "consumer_credit_directive")
NEVER_KEPT = "no register here keeps what it is about: notices, mandates, the words of a declaration, law of others"
BY_ITS_ANSWERS = "it is about the answers alone, which the tables of denials hold against everything else"
BY_ITS_DOCUMENT = "the state of its document, which a register writes, says it"
SILENT = {
    NEVER_KEPT: """AIA-22 AIA-25(2) AIA-26(7) AIA-26(10) AIA-26(11) AIA-26(12) AIA-27 AIA-50(1) AIA-50(2) AIA-53
        AIA-53(1)(a) AIA-52 AIA-54 AIA-2(2) AIA-16 AIA-21 AIA-75(1e) AIA-47 AIA-48 GDPR-8 GDPR-26 GDPR-35
        GDPR-35(2) GDPR-36 CCD-13 CCD-18(9) CCD-18(10) CCD-19""",
    BY_ITS_ANSWERS: "AIA-5 AIA-5(ba) AIA-6 AIA-6(4) AIA-25 AIA-26(9) AIA-43 AIA-50(3) GDPR-37",
    BY_ITS_DOCUMENT: "AIA-4",
}
_ALL = [(name, it.id) for name in EUROPEAN for it in built_in()[name].framework.requirements]


@pytest.mark.parametrize(("framework", "name"), _ALL)
def test_of_each_duty_it_is_decided_what_on_record_says_the_contrary(framework, name):
    checks = built_in()[framework].framework.requirement(name).checks
    reads = {need.kind for check in checks for need in check.needs if not need.kind.startswith("classification.")}
    assert bool(reads) is not any(name in names.split() for names in SILENT.values())


FAILING, OPEN = {"status": EvidenceStatus.FAILING}, {"status": EvidenceStatus.INCONCLUSIVE}
CASES = [
    ("AIA-4a", "storage.captures", {"encrypted": False}, {}),
    ("AIA-4a", "erasure.run", {"left_of_age": 1}, OPEN),
    ("AIA-9", "quality.performance", {"verdict": "below_level"}, FAILING),
    ("AIA-9", "remediations.handled", {"found_without_action": ["quality.run"]}, {}),
    ("AIA-9", "remediations.handled", {"missed_without_action": ["quality.performance"]}, {}),
    ("AIA-9", "risks.decided", {"vulnerable_not_looked_at": 1}, {}),
    ("AIA-10", "drift.run", {"verdict": "drift"}, FAILING),
    ("AIA-17", "policies.kept", {"review_overdue": 1}, FAILING),
    ("AIA-17", "policies.kept", {"acknowledgements_outstanding": 1}, FAILING),
    ("AIA-17", "risks.reviewed", {"overdue": 1}, FAILING),
    ("AIA-17", "monitoring.plan", {"differences": ["checks.drift"]}, {}),
    ("AIA-17", "incidents.reporting", {"late": 1, "late_by_law": 1}, FAILING),
    ("AIA-17", "incidents.reporting", {"late": 1, "late_undecided": 1}, FAILING),
    *((name, "classification.processing", {"capture_retention_days": 30, "capture_retention": "720h"}, {})
      for name in ("AIA-19", "AIA-26(6)")),
    *((name, "incidents.handled", {"measures_overdue": 1}, FAILING)
      for name in ("AIA-23", "AIA-24")),
    ("AIA-26(5)", "monitoring.plan", {"overdue": ["drift: none since"]}, FAILING),
    ("AIA-26(5)", "remediations.handled", {"found_without_action": ["bias.run"]}, {}),
    ("AIA-72", "remediations.handled", {"found_without_action": ["bias.run"]}, {}),
    ("AIA-60", "oversight.assigned", {"able": 0}, FAILING),
    ("AIA-60", "requests.consent", {"late": 1}, FAILING),
    ("AIA-49", "document.eu_registration", {"title": "Annex VIII Section B"}, {}),
    ("AIA-49", "document.eu_registration", {"title": "Annex VIII Section C"}, {}),  # of a provider no public body
    ("AIA-26(8)", "document.eu_registration", {"title": "Annex VIII Section B"}, {}),
    *((name, "requests.consent", {"late": 1}, FAILING) for name in ("GDPR-5(1)(a)", "GDPR-6", "GDPR-7")),
    *((name, "document.processing_record", {"legal_bases": ["consent", "contract"]}, {})
      for name in ("GDPR-5(1)(a)", "GDPR-6", "GDPR-13")),
    ("GDPR-9", "document.processing_record", {"special_conditions": ["a"]}, {}),
    ("GDPR-5(1)(d)", "quality.run", {"verdict": "issues"}, FAILING),
    *((name, "oversight.assigned", {"able": 0}, FAILING) for name in ("GDPR-22", "CCD-18(8)")),
    ("GDPR-28(3)", "vendors.agreements", {"without_processing_agreement": ["v-1"]}, FAILING),
    ("CCD-18(3)", "quality.run", {"verdict": "issues"}, FAILING),
    ("CCD-18(6)", "quality.performance", {"verdict": "below_level"}, FAILING),
    ("CCD-18(6)", "drift.run", {"model_version": "credit-6"}, {}),
]  # fmt: skip


def world(name, **answers):
    kind, other = OTHER_ANSWERS.get(name, ("", {}))
    changed = {of.replace("__", "."): facts for of, facts in answers.items()}
    return [
        item.model_copy(update={"facts": {
            **item.facts, **(other if item.kind == kind else {}), **changed.get(item.kind, {}),
        }})
        for item in wanted(framework_of(name))
    ]  # fmt: skip


def state(name, items, subject, facts_of, now):
    found = evaluate(framework_of(name), subject, facts_of(items), now=now)
    return next(it for it in found.requirements if it.requirement_id == name).if_in_force


@pytest.mark.parametrize(("name", "kind", "facts", "status"), CASES)
def test_what_is_signed_does_not_hold_against_what_is_on_record(name, kind, facts, status, subject, facts_of, now):
    items = [item for item in world(name) if not item.kind.startswith("document.") or item.kind not in ASSESSMENTS]
    assert state(name, items, subject, facts_of, now) is State.MET
    said = make_evidence(kind)
    said = next((item for item in items if item.kind == kind), said)
    said = said.model_copy(update={**status, "facts": {**said.facts, **facts}})
    items = [said, *(item for item in items if item.kind != kind)]
    assert state(name, items, subject, facts_of, now) is State.INSUFFICIENT_EVIDENCE


ASSESSMENTS = {
    f"document.{check.assess.topic}"
    for name in EUROPEAN
    for it in built_in()[name].framework.requirements
    for check in it.checks
    if check.assess is not None and check.assess.topic not in {"dpia", "credit_special_categories"}
}
PROCESSING = "classification.processing"
NO_OFFICER = {"officer_designated": False, "large_scale_special": False, "public_monitoring": False}


@pytest.mark.parametrize(("basis", "found"), [("contract", State.MET), ("public_task", State.INSUFFICIENT_EVIDENCE)])
def test_who_carries_out_a_public_task_has_an_officer_or_reasons(basis, found, subject, facts_of, now):
    """Art. 37(1)(a) GDPR, whatever is processed."""
    items = world("GDPR-37", classification__processing={**NO_OFFICER, "basis": basis})
    items = [item for item in items if item.kind not in ASSESSMENTS]
    assert state("GDPR-37", items, subject, facts_of, now) is found


@pytest.mark.parametrize(
    ("name", "basis", "record"),
    [("GDPR-7", "contract", "consent"), ("GDPR-20", "legal_obligation", "contract"),
     ("GDPR-21", "contract", "legitimate_interests")],
)  # fmt: skip
def test_a_duty_that_hangs_on_the_basis_is_not_left_out_against_the_record(name, basis, record, subject, facts_of, now):
    answers = {
        "basis": basis, "automated_exception": "law", "special_condition": "g", "direct_marketing": False,
        "officer_designated": True,
    }  # fmt: skip
    items = [
        item.model_copy(update={"facts": {**item.facts, **(answers if item.kind == PROCESSING else {})}})
        for item in world(name)
        if item.kind != "document.processing_record"
    ]
    assert state(name, items, subject, facts_of, now) is State.NOT_APPLICABLE
    said = make_evidence("document.processing_record", facts={"entries": 1, "legal_bases": [record]})
    assert state(name, [*items, said], subject, facts_of, now) is State.INSUFFICIENT_EVIDENCE
