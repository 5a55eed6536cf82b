"""A signature says nothing of a document that was recorded after it, whatever day the document bears."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from syndic.assessment import ORGANISATION, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.people.documents import record_document
from syndic.compliance.rules.judge import evaluate
from syndic.records import list_evidence
from tests.unit.compliance.conftest import MODEL, OTHER_ANSWERS

BOTH = [
    (framework_id, it.id)
    for framework_id, compiled in built_in().items()
    for it in compiled.framework.requirements
    if it.attestation is not None and it.document is not None
]
GROWING = {
    "ai_literacy_record", "ai_incident_log", "incident_log", "nonconformity_record", "processing_record",
    "processor_record",
}  # fmt: skip
"""Logs and registers: each entry makes them younger, and who signs beside one signs that it is kept."""
OF_OTHERS = {"ISO-8.4", "RMF-MAP-1.3", "RMF-MAP-1.5"}  # signed for the organisation, on record for each model


@pytest.mark.parametrize(("framework_id", "name"), BOTH)
def test_a_document_recorded_after_the_signature_is_signed_anew(framework_id, name, everything, subject, facts_of, now):
    compiled = built_in()[framework_id]
    asked, (other, world) = compiled.framework.requirement(name), OTHER_ANSWERS.get(name, ("", {}))
    kind = f"document.{asked.document.topic}"
    signed = now - timedelta(days=1)  # as all that is on record here

    def state(recorded):
        items = []
        for item in everything(compiled):
            facts = {**item.facts, **(world if item.kind == other else {})}
            bears = item.produced_at
            if item.kind == kind:  # it bears a day before the signature
                facts, bears = {**facts, "recorded_at": recorded.isoformat()}, signed - timedelta(days=1)
            elif item.kind == asked.document.follows:
                bears = signed - timedelta(days=2)
            items.append(item.model_copy(update={"facts": facts, "produced_at": bears}))
        found = evaluate(compiled, subject, facts_of(items), now=now).requirements
        return next(it for it in found if it.requirement_id == name).if_in_force

    assert state(signed - timedelta(hours=1)) is State.MET
    stands = asked.document.grows or name in OF_OTHERS
    assert state(signed + timedelta(hours=1)) is (State.MET if stands else State.ATTESTATION_DUE)


def test_only_logs_and_registers_grow():
    asked = [it.document for c in built_in().values() for it in c.framework.requirements if it.document is not None]
    assert {one.topic for one in asked if one.grows} == {one.topic for one in asked if one.topic in GROWING} == GROWING
    apart = {
        name for framework_id, name in BOTH
        if not (it := built_in()[framework_id].framework.requirement(name)).document.grows
        and f"document.{it.document.topic}" not in it.attestation.confirms
        and (it.attestation.scope == ORGANISATION) is not (it.document.scope == ORGANISATION)
    }  # fmt: skip
    assert apart == OF_OTHERS


def test_the_same_content_is_on_record_since_it_was_recorded_first(register, store, audit, bus, now):
    register()
    given = {"title": "Risk assessment", "dated": date(2026, 10, 1), "store": store, "audit": audit, "bus": bus,
             "actor": "ada"}  # fmt: skip

    def record(text, at):
        record_document(MODEL, "ccpa_risk_assessment", text=text, now=at, **given)
        (found,) = [it for it in list_evidence(store, MODEL) if it.kind == "document.ccpa_risk_assessment"]
        return found.produced_at.date(), found.facts["recorded_at"]

    first, again = "Every purpose of it was weighed against the risks.", now + timedelta(days=9)
    assert record(first, now) == (date(2026, 10, 1), now.isoformat())
    given["title"] = "Risk assessment, a better title"
    assert record(first, again) == (date(2026, 10, 1), now.isoformat())
    assert record("Another purpose was added and weighed anew.", again) == (date(2026, 10, 1), again.isoformat())
