"""Trainings, assignments and policies: what counts until when, and what the registers show of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.assessment import ORGANISATION
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError
from syndic.models import EvidenceStatus
from syndic.registers.assignments.models import AssignedDuty, Assignment
from syndic.registers.assignments.register import accept, oversight_evidence
from syndic.registers.assignments.register import end as end_assignment
from syndic.registers.policies.library import templates
from syndic.registers.policies.models import PolicyDocument
from syndic.registers.policies.register import (
    PolicyText,
    acknowledge,
    policy_evidence,
    put_in_force,
    review,
)
from syndic.registers.training.models import Training, TrainingSubject
from syndic.registers.training.register import NewTraining, end, literacy_evidence, record_training

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
OWN: dict[str, Any] = {
    "id": "e1", "title": "Something", "owner": "cora@example.org", "opened_by": "cora", "opened_at": NOW,
    "changed_by": "cora", "changed_at": NOW,
}  # fmt: skip
ABLE = {"authority": "may stop the system at any time", "competence": "ten years of credit decisions and validation"}


def training(person: str = "ana@example.org", until: date = date(2026, 12, 31), **update: Any) -> Training:
    values = {
        "person": person,
        "role": "analyst",
        "subject": TrainingSubject.AI_LITERACY,
        "completed_on": date(2026, 1, 5),
    }
    return Training(**OWN, **values, valid_until=until).model_copy(update=update)


def assignment(**update: Any) -> Assignment:
    made = Assignment(
        **OWN, person="ana@example.org", duty=AssignedDuty.HUMAN_OVERSIGHT, model_ids=("credit",), **ABLE,
        trained_until=date(2026, 12, 31),
    )  # fmt: skip
    return made.model_copy(update=update)


def test_literacy_counts_while_everybody_on_record_has_a_training_that_counts() -> None:
    assert literacy_evidence(ORGANISATION, [], NOW) == ()
    assert literacy_evidence("credit", [training()], NOW) == ()
    (good,) = literacy_evidence(ORGANISATION, [training(), training("bo@example.org", date(2026, 6, 1))], NOW)
    assert (good.kind, good.status, good.facts["people"]) == ("document.ai_literacy_record", EvidenceStatus.PASSING, 2)
    assert good.expires_at == datetime(2026, 6, 2, tzinfo=UTC)
    old = training("bo@example.org", date(2026, 3, 3))
    (bad,) = literacy_evidence(ORGANISATION, [training(), old], NOW)
    assert (bad.status, bad.facts["lapsed"]) == (EvidenceStatus.FAILING, 1)
    (renewed,) = literacy_evidence(ORGANISATION, [training(), old, training("BO@example.org")], NOW)
    assert renewed.status is EvidenceStatus.PASSING
    (left,) = literacy_evidence(ORGANISATION, [training(), end(old, "left", now=NOW)], NOW)
    assert left.status is EvidenceStatus.PASSING
    other = training("bo@example.org", date(2026, 3, 3), subject=TrainingSubject.SECURITY)
    assert literacy_evidence(ORGANISATION, [training(), other], NOW)[0].status is EvidenceStatus.PASSING


def test_a_training_counts_a_year_and_none_is_to_come() -> None:
    common = {"store": MemoryStore(), "audit": MemoryAudit(), "bus": MemoryBus(), "actor": "cora", "now": NOW}
    values = {"person": "ana@example.org", "role": "analyst", "subject": "ai_literacy", "title": "Basics of AI"}
    made = record_training(NewTraining.model_validate({**values, "completed_on": "2026-03-04"}), **common)
    assert (made.valid_until, made.owner) == (date(2027, 3, 4), "ana@example.org")
    for change, field in (({"completed_on": "2026-03-05"}, "completed_on"),
                          ({"completed_on": "2026-03-01", "valid_until": "2026-02-01"}, "valid_until")):  # fmt: skip
        with pytest.raises(InvalidInputError, match=field):
            record_training(NewTraining.model_validate({**values, **change}), **common)


def test_only_the_person_accepts() -> None:
    with pytest.raises(NotAllowedError):
        accept(assignment(), frozenset({"cora", "cora@example.org"}), now=NOW)
    done = accept(assignment(), frozenset({"ana", "Ana@example.org"}), now=NOW)
    assert done.accepted_at == NOW
    with pytest.raises(ConflictError):
        accept(end_assignment(done, "left", now=NOW), frozenset({"ana@example.org"}), now=NOW)


@pytest.mark.parametrize(
    ("update", "status"),
    [
        ({}, EvidenceStatus.PASSING),
        ({"authority": "tbd"}, EvidenceStatus.FAILING),
        ({"competence": ""}, EvidenceStatus.FAILING),
        ({"trained_until": None}, EvidenceStatus.FAILING),
        ({"trained_until": date(2026, 3, 3)}, EvidenceStatus.FAILING),
        ({"trained_until": date(2026, 3, 4)}, EvidenceStatus.PASSING),
        ({"duty": AssignedDuty.RISK_OWNER}, EvidenceStatus.FAILING),
    ],
)
def test_oversight_is_shown_by_somebody_who_accepted_is_trained_and_may_act(
    update: dict[str, Any], status: EvidenceStatus
) -> None:
    done = accept(assignment(**update), frozenset({"ana@example.org"}), now=NOW)
    (found,) = oversight_evidence("credit", [done], NOW)
    assert found.status is status
    assert found.expires_at is not None
    assert found.expires_at <= NOW + timedelta(days=7)


def test_what_was_only_proposed_shows_nothing() -> None:
    assert oversight_evidence("credit", [assignment()], NOW)[0].status is EvidenceStatus.FAILING
    assert oversight_evidence("credit", [], NOW)[0].facts["assigned"] == 0


def policy(**update: Any) -> PolicyDocument:
    return PolicyDocument(**OWN, template="ai_use", readers=("ana", "bo")).model_copy(update=update)


TEXT = PolicyText(version="1", location="https://docs.example.org/9", sha256="9" * 64)


def test_a_policy_is_put_in_force_acknowledged_and_reviewed() -> None:
    kept = put_in_force(policy(), TEXT, actor="cora", now=NOW)
    assert kept.review_due == date(2027, 3, 4)
    assert kept.outstanding == ("ana", "bo")
    read = acknowledge(acknowledge(kept, TEXT.sha256, person="ana", now=NOW), TEXT.sha256, person="Bo", now=NOW)
    assert acknowledge(read, TEXT.sha256, person="bo", now=NOW) == read
    assert policy_evidence(ORGANISATION, [read], NOW)[0].status is EvidenceStatus.PASSING
    assert policy_evidence(ORGANISATION, [kept], NOW)[0].facts["acknowledgements_outstanding"] == 2
    late = NOW + timedelta(days=366)
    assert policy_evidence(ORGANISATION, [read], late)[0].facts["review_overdue"] == 1
    again = review(read, now=late)
    assert policy_evidence(ORGANISATION, [again], late)[0].status is EvidenceStatus.PASSING
    other = TEXT.model_copy(update={"version": "2", "sha256": "8" * 64})
    assert put_in_force(again, other, actor="cora", now=late).outstanding == ("ana", "bo")
    with pytest.raises(ConflictError, match="another text"):
        acknowledge(put_in_force(again, other, actor="cora", now=late), TEXT.sha256, person="ana", now=late)


def test_a_template_as_it_is_given_is_no_policy() -> None:
    given = templates()["ai_use"]
    with pytest.raises(ConflictError, match="brackets"):
        put_in_force(policy(), TEXT.model_copy(update={"sha256": given.sha256}), actor="cora", now=NOW)
    assert policy_evidence(ORGANISATION, [policy()], NOW)[0].status is EvidenceStatus.FAILING


def test_every_template_has_gaps_to_fill_and_a_date_of_review() -> None:
    assert len(templates()) == 9
    for one in templates().values():
        assert one.text.startswith(f"# {one.title}\n")
        assert one.text.count("\n") > 8
        assert 30 <= one.review_days <= 365
        assert all(len(line) < 400 for line in one.text.splitlines())
