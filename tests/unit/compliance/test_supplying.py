"""What a person is told to do follows from the state: supply, sign, or repair."""

from __future__ import annotations

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.definitions.remedies import missing, source_of_kind
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.models import EvidenceStatus
from syndic.records import put_evidence


@pytest.fixture
def judged(store, audit, bus, now):
    def of(model_id, framework, requirement):
        statuses = evaluate_model(model_id, store=store, audit=audit, bus=bus, now=now)
        status = next(it for it in statuses if it.framework_id == framework)
        return next(it for it in status.requirements if it.requirement_id == requirement)

    return of


def test_nobody_is_told_to_stop_a_practice_that_nobody_has_found(judged, register):
    found = judged(register().id, "eu_ai_act", "AIA-5")
    assert found.state is State.INSUFFICIENT_EVIDENCE
    assert "no evidence of kind classification.ai_act (answer the questionnaire ai_act)" in found.reason
    assert found.remedy == "Answer the questionnaire ai_act."


def test_where_it_is_not_known_whether_it_applies_supplying_comes_first(judged, register):
    found = judged(register().id, "gdpr", "GDPR-6")
    assert found.reason.startswith("It is not known whether this applies")
    assert found.remedy == "Answer the questionnaire processing."


def test_a_missing_document_is_recorded_as_the_framework_says(judged, register):
    found = judged(register().id, "soc2", "SOC2-CC5")
    assert found.state is State.INSUFFICIENT_EVIDENCE
    assert not found.remedy.startswith("Supply")


def test_a_missing_signature_is_given_by_its_role(judged, register, keep, everything):
    model = register()
    keep([it for it in everything(built_in()["soc2"]) if not it.kind.startswith("attestation.")])
    found = judged(model.id, "soc2", "SOC2-C1")
    assert found.state is State.ATTESTATION_DUE
    assert found.remedy == "Have the statement checked and signed (role: security officer)."


def test_what_the_evidence_contradicts_is_repaired_as_the_framework_says(
    judged, register, keep, everything, store, evidence
):
    model = register()
    keep([it for it in everything(built_in()["soc2"]) if it.kind != "quality.performance"])
    put_evidence(store, evidence("quality.performance", status=EvidenceStatus.FAILING))
    found = judged(model.id, "soc2", "SOC2-PI1")
    assert found.state is State.NOT_MET
    requirement = next(it for it in built_in()["soc2"].framework.requirements if it.id == "SOC2-PI1")
    assert found.remedy == requirement.remedy


def test_every_kind_that_a_shipped_framework_reads_has_a_source():
    read = {
        need.kind
        for compiled in built_in().values()
        for requirement in compiled.framework.requirements
        for group in (requirement.checks, requirement.dates, (requirement.applies,) if requirement.applies else ())
        for asking in group
        for need in asking.needs
    }
    assert all(source_of_kind(kind) for kind in read if not kind.startswith(("document.", "attestation.")))
    assert missing("custom.kind") == "There is no evidence of kind custom.kind."
