"""Requests, records of processing, trainings, assignments and policies: one of each that a route can change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from syndic.registers.assignments.register import NewAssignment, propose_assignment
from syndic.registers.entries import change_entry
from syndic.registers.policies.register import POLICIES, NewPolicy, PolicyText, draft_policy, put_in_force
from syndic.registers.processing.models import ProcessingContents
from syndic.registers.processing.register import NewProcessing, enter_processing
from syndic.registers.requests.register import REQUESTS, NewRequest, receive_request
from syndic.registers.requests.rules import withdraw
from syndic.registers.training.models import Training
from syndic.registers.training.register import NewTraining, record_training
from tests.edges.world import MODEL, NOW, World

OLGA: Final = "olga@example.org"
CONTENTS: Final[dict[str, Any]] = {
    "controller": "Acme Bank AG, Ring 1, Vienna",
    "purposes": "to decide on applications for consumer credit",
    "data_subjects": ["applicants"],
    "data_categories": ["income"],
    "no_recipients": True,
    "no_transfers": True,
    "retention": "deleted seven years after the contract ended",
    "security": "encryption at rest and access by role only",
    "legal_basis": "contract",
    "basis_note": "needed before entering into the contract the person asks for",
    "special_categories": False,
}
REQUEST: Final = {
    "right": "access", "reference": "p-9", "channel": "email", "received_at": "2026-03-03T09:00:00Z", "owner": OLGA,
    "model_ids": [MODEL],
}  # fmt: skip
TRAINING: Final = {
    "person": OLGA, "role": "model owner", "subject": "ai_literacy", "title": "Basics of AI",
    "completed_on": "2026-03-01",
}  # fmt: skip
ASSIGNMENT: Final = {
    "person": OLGA, "duty": "human_oversight", "model_ids": [MODEL], "owner": OLGA,
    "authority": "may stop the system at any time", "competence": "ten years of deciding on credit",
}  # fmt: skip
TEXT: Final = {"version": "1", "location": "https://docs.example.org/9", "sha256": "9" * 64}
BODIES: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("POST", "/requests"): REQUEST,
    ("PATCH", "/requests/<person_request_id>"): {"note": "wants a copy of three decisions"},
    ("POST", "/requests/<person_request_id>/identity"): {"identity": "confirmed"},
    ("POST", "/requests/<person_request_id>/extend"): {"reason": "many requests", "told_at": NOW.isoformat()},
    ("POST", "/requests/<person_request_id>/answer"): {"outcome": "granted", "at": NOW.isoformat()},
    ("POST", "/requests/<person_request_id>/withdraw"): {"reason": "not wanted any more"},
    ("POST", "/requests/<person_request_id>/reopen"): {"reason": "a page of the copy was missing"},
    ("POST", "/processing-records"): {"title": "Scoring", "owner": OLGA, "model_ids": [MODEL]},
    ("PATCH", "/processing-records/<processing_id>"): {"contents": {"recipients": ["bureaus"], "no_recipients": False}},
    ("POST", "/processing-records/<processing_id>/confirm"): {},
    ("POST", "/processing-records/<processing_id>/retire"): {},
    ("POST", "/trainings"): TRAINING,
    ("POST", "/trainings/<training_id>/end"): {"reason": "left the organisation"},
    ("POST", "/assignments"): ASSIGNMENT,
    ("PUT", "/assignments/<assignment_id>/trainings"): {"trainings": []},
    ("POST", "/assignments/<assignment_id>/accept"): {},
    ("POST", "/assignments/<assignment_id>/end"): {"reason": "left the organisation"},
    ("POST", "/policy-documents"): {"template": "ai_use", "owner": OLGA},
    ("PUT", "/policy-documents/<policy_id>/text"): {**TEXT, "version": "2", "sha256": "8" * 64},
    ("PUT", "/policy-documents/<policy_id>/readers"): {"readers": [OLGA, "ada"]},
    ("POST", "/policy-documents/<policy_id>/acknowledge"): {"sha256": "9" * 64},
    ("POST", "/policy-documents/<policy_id>/review"): {},
    ("POST", "/policy-documents/<policy_id>/retire"): {},
}  # fmt: skip


def oversight(world: World) -> Training:
    """A training of the model's owner; its id is the same in every world."""
    new = NewTraining.model_validate({**TRAINING, "title": "Oversight"})
    return record_training(new, store=world.store, audit=world.audit, bus=world.bus, actor="setup", now=NOW)


def registered(world: World) -> Callable[[str], dict[str, str]]:
    """Opens an entry of each register; for a route, the ids of entries on which it can do what it is for."""
    common: dict[str, Any] = {
        "store": world.store, "audit": world.audit, "bus": world.bus, "actor": "setup", "now": NOW,
    }  # fmt: skip
    request = receive_request(NewRequest.model_validate({**REQUEST, "reference": "p-1"}), **common)
    answered = receive_request(NewRequest.model_validate({**REQUEST, "reference": "p-2"}), **common)
    change_entry(
        REQUESTS, answered.id, lambda one: withdraw(one, "not wanted any more", now=NOW), action="withdrawn", **common
    )
    known = ProcessingContents.model_validate(CONTENTS)
    processing = enter_processing(
        NewProcessing(title="Credit decisions", owner=OLGA, model_ids=(MODEL,), contents=known), **common
    )
    training = oversight(world)
    other = record_training(NewTraining.model_validate({**TRAINING, "title": "Another"}), **common)
    mine = NewAssignment.model_validate({**ASSIGNMENT, "trainings": [training.id]})
    assignment = propose_assignment(mine, training.valid_until, **common)
    admins = propose_assignment(mine.model_copy(update={"person": "ada"}), None, **common)
    policy = draft_policy(NewPolicy(title="House rules", owner=OLGA, readers=(OLGA,), review_days=9), **common)
    text = PolicyText.model_validate(TEXT)
    change_entry(
        POLICIES, policy.id, lambda one: put_in_force(one, text, actor="setup", now=NOW).model_copy(
            update={"review_due": NOW.date()}
        ), action="put_in_force", **common,
    )  # fmt: skip

    def ids(route: str) -> dict[str, str]:
        return {
            "<person_request_id>": answered.id if route.endswith("/reopen") else request.id,
            "<processing_id>": processing.id, "<training_id>": other.id,
            "<assignment_id>": admins.id if route.endswith("/accept") else assignment.id, "<policy_id>": policy.id,
            "<template_name>": "ai_use",
        }  # fmt: skip

    return ids
