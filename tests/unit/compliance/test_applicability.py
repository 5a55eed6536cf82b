"""A statement of applicability leaves controls out with reasons, for every model, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import ORGANISATION, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.people.applicability import ApplicabilityDecision, read_statement, set_statement
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import EvidenceChanged

ISO = built_in()["iso_42001"].framework
CONTROLS = [it.id for it in ISO.requirements if it.excludable]
TAKEN = {name: ApplicabilityDecision(taken=True, reason="The risk treatment plan needs it.") for name in CONTROLS}
EMPTY = ApplicabilityDecision(taken=False, reason="n/a")
OUT = ApplicabilityDecision(taken=False, reason="Nothing is computed on machines of our own.")


@pytest.fixture
def decide(store, audit, bus, now):
    def do(decisions, *, at=now, framework="iso_42001"):
        return set_statement(framework, decisions, store=store, audit=audit, bus=bus, actor="olga", now=at)

    return do


@pytest.fixture
def states(register, store, audit, bus, now):
    model = register()

    def look(at=now):
        found = evaluate_model(model.id, store=store, audit=audit, bus=bus, now=at)
        return {it.requirement_id: it for status in found for it in status.requirements}

    return look


def test_all_38_controls_may_be_left_out_and_no_clause():
    assert len(CONTROLS) == 38
    assert {it.id for it in ISO.requirements if not it.excludable} == {
        it.id for it in ISO.requirements if it.legal_basis.startswith("ISO/IEC 42001:2023, clause")
    }


def test_what_is_left_out_applies_to_no_model_and_says_why(decide, states, store, now):
    assert states()["ISO-A.4.5"].state is State.INSUFFICIENT_EVIDENCE
    told = decide({**TAKEN, "ISO-A.4.5": OUT})
    assert (told.complete, told.decided_by) == (True, "olga")
    found = states()
    assert found["ISO-A.4.5"].state is State.NOT_APPLICABLE
    assert OUT.reason in found["ISO-A.4.5"].reason
    assert found["ISO-A.4.4"].state is State.INSUFFICIENT_EVIDENCE
    part = next(part for part in found["ISO-6.1.3"].parts if part.part == "check")
    assert part.state is State.MET
    # After a year it leaves nothing out.
    later = states(now + timedelta(days=366))
    assert later["ISO-A.4.5"].state is State.INSUFFICIENT_EVIDENCE
    assert read_statement(store, "iso_42001").lines == told.lines


def test_a_statement_with_a_gap_is_none_yet(decide, states):
    told = decide({"ISO-A.4.5": OUT})
    assert not told.complete
    part = next(part for part in states()["ISO-6.1.3"].parts if part.part == "check")
    assert part.state is State.INSUFFICIENT_EVIDENCE


def test_twice_is_once_and_each_decision_is_in_the_trail(decide, audit, bus):
    first = decide(TAKEN)
    assert decide(TAKEN) == first
    decide({**TAKEN, "ISO-A.4.5": OUT})
    entries = [entry for entry in audit.entries if entry.action == "applicability.decided"]
    assert [entry.details["excluded"] for entry in entries] == [[], ["ISO-A.4.5"]]
    kinds = ("applicability.iso_42001",)
    assert bus.published == [EvidenceChanged(model_id=ORGANISATION, kinds=kinds)] * 2


@pytest.mark.parametrize(
    ("decisions", "framework", "error", "told"),
    [
        ({"ISO-9.2": OUT}, "iso_42001", InvalidInputError, "may be left out"),
        (
            {"ISO-A.4.5": ApplicabilityDecision(taken=False, reason="n/a")},
            "iso_42001",
            InvalidInputError,
            "give a reason, in a sentence",
        ),
        ({"GDPR-6": OUT}, "gdpr", ConflictError, "its questions say what applies"),
        ({}, "pci_dss", NotFoundError, "no framework"),
    ],
)
def test_what_may_not_be_left_out_is_refused(decisions, framework, error, told, decide, audit):
    with pytest.raises(error, match=told):
        decide(decisions, framework=framework)
    assert audit.entries == []
