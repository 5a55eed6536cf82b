"""What the registers of persons show flips the laws that read it, beside everything else on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from syndic.assessment import ORGANISATION, State
from syndic.compliance.rules.judge import evaluate
from syndic.models import Evidence
from syndic.registers.assignments.register import accept, oversight_evidence
from syndic.registers.processing.evidence import processing_evidence
from syndic.registers.processing.register import ProcessingChange, changed, confirm
from syndic.registers.requests.evidence import request_evidence
from syndic.registers.requests.models import PersonRequest, PersonRight
from syndic.registers.requests.rules import respond
from syndic.registers.training.register import literacy_evidence
from tests.unit.compliance.conftest import MODEL, NOW, framework_of
from tests.unit.registers.test_people import assignment, training
from tests.unit.registers.test_processing import record
from tests.unit.registers.test_requests import answer, request

State_of = Callable[[str, Iterable[Evidence]], State]
FRESH, OVER = NOW - timedelta(days=3), NOW - timedelta(days=40)


@pytest.fixture
def state_of(everything: Any, subject: Any, facts_of: Any) -> State_of:
    def judge(requirement_id: str, made: Iterable[Evidence]) -> State:
        compiled, by_kind = framework_of(requirement_id), {one.kind: one for one in made}
        evidence = [by_kind.pop(one.kind, one) for one in everything(compiled)]
        status = evaluate(compiled, subject, facts_of(evidence), now=NOW)
        return {one.requirement_id: one.if_in_force for one in status.requirements}[requirement_id]

    return judge


def of_requests(right: PersonRight, *requests: PersonRequest) -> tuple[Evidence, ...]:
    about = MODEL if right is PersonRight.EXPLANATION else ORGANISATION
    return request_evidence(about, requests, NOW)


@pytest.mark.parametrize(
    ("requirement_id", "right", "late"),
    [
        ("GDPR-15", PersonRight.ACCESS, State.NOT_MET),
        ("GDPR-17", PersonRight.ERASURE, State.NOT_MET),
        ("GDPR-20", PersonRight.PORTABILITY, State.NOT_MET),
        ("GDPR-22", PersonRight.HUMAN_INTERVENTION, State.NOT_MET),
        ("GDPR-7", PersonRight.CONSENT_WITHDRAWAL, State.INSUFFICIENT_EVIDENCE),
        ("AIA-86", PersonRight.EXPLANATION, State.INSUFFICIENT_EVIDENCE),
    ],
)
def test_a_late_request_flips_its_right_and_no_other(
    requirement_id: str, right: PersonRight, late: State, state_of: State_of
) -> None:
    models = (MODEL,) if right is PersonRight.EXPLANATION else ()
    other = PersonRight.RECTIFICATION if right is not PersonRight.EXPLANATION else PersonRight.ACCESS
    due, over = request(right, FRESH, model_ids=models), request(right, OVER, model_ids=models)
    assert state_of(requirement_id, of_requests(right)) is State.MET, "none on record; the signature stands"
    assert state_of(requirement_id, of_requests(right, due)) is State.MET
    assert state_of(requirement_id, of_requests(right, over)) is late
    assert state_of(requirement_id, of_requests(right, request(other, OVER, model_ids=models))) is State.MET
    done = respond(over, answer(NOW, late_because="ill"), now=NOW)
    assert state_of(requirement_id, of_requests(right, done)) is late, "answered late within a year"
    in_time = respond(over, answer(OVER + timedelta(days=9)), now=NOW)
    assert state_of(requirement_id, of_requests(right, in_time)) is State.MET


def test_oversight_is_met_by_a_person_who_accepted_and_not_by_a_proposal(state_of: State_of) -> None:
    proposed = assignment(model_ids=(MODEL,))
    accepted = accept(proposed, frozenset({"ana@example.org"}), now=NOW)
    assert state_of("AIA-26(1)", oversight_evidence(MODEL, [accepted], NOW)) is State.MET
    for nobody in ([], [proposed], [accepted.model_copy(update={"trained_until": date(2026, 11, 20)})]):
        assert state_of("AIA-26(1)", oversight_evidence(MODEL, nobody, NOW)) is State.INSUFFICIENT_EVIDENCE


def test_the_record_of_processing_is_met_by_what_was_confirmed_and_is_complete(state_of: State_of) -> None:
    to = {"to": "US", "safeguard": "standard clauses of 2021"}
    sends = {"no_transfers": False, "transfers": (to,)}
    done = confirm(record(**sends), (), actor="dora", now=NOW)
    assert state_of("GDPR-30", processing_evidence(MODEL, [done], NOW)) is State.MET
    silent = confirm(record(), (), actor="dora", now=NOW)
    found = state_of("GDPR-30", processing_evidence(MODEL, [silent], NOW))
    assert found is State.INSUFFICIENT_EVIDENCE, "the answers name transfers"
    change = ProcessingChange.model_validate({"contents": {"retention": ""}})
    lacking = changed(done, change).model_copy(update={"changed_at": NOW})
    assert state_of("GDPR-30", processing_evidence(MODEL, [lacking], NOW)) is State.INSUFFICIENT_EVIDENCE
    old = confirm(record(**sends), (), actor="dora", now=NOW - timedelta(days=370))
    assert state_of("GDPR-30", processing_evidence(MODEL, [old], NOW)) is State.INSUFFICIENT_EVIDENCE


def test_literacy_is_met_while_every_training_on_record_counts(state_of: State_of) -> None:
    good = literacy_evidence(ORGANISATION, [training(completed_on=date(2026, 11, 1), until=date(2027, 11, 1))], NOW)
    assert state_of("AIA-4", good) is State.MET
    lapsed = literacy_evidence(ORGANISATION, [training(until=date(2026, 11, 20))], datetime(2026, 11, 21, tzinfo=UTC))
    assert state_of("AIA-4", lapsed) is State.INSUFFICIENT_EVIDENCE
