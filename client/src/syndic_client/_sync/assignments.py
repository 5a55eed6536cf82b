# Made from ../_async by client/generate.py: change it there.
"""Assignments: who oversees what, and on which trainings that rests."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import NewAssignment, RestsOn, WhyEnded
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import Assignments, AssignmentView


class AssignmentRegister:
    """The register of assignments."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def list(
        self,
        *,
        model: ModelNamed | None = None,
        person: str | None = None,
        duty: str | None = None,
        state: str | None = None,
        page_size: int | None = None,
    ) -> Pages[Assignments, AssignmentView]:
        """Assignments that fit every filter given."""
        which = None if model is None else id_of(model)
        call = get("assignments", model_id=which, person=person, duty=duty, state=state, limit=page_size)
        return Pages(self._api, Assignments, lambda page: page.assignments, call)

    def get(self, assignment: str | AssignmentView) -> AssignmentView:
        """An assignment."""
        return self._api.ask(AssignmentView, get("assignments", id_of(assignment)))

    def propose(self, *, idempotency_key: str | None = None, **fields: Unpack[NewAssignment]) -> AssignmentView:
        """Propose a person for a duty. It counts once the person accepts."""
        call = change("POST", "assignments", body=fields, key=idempotency_key)
        return self._api.ask(AssignmentView, call)

    def accept(self, assignment: str | AssignmentView, *, idempotency_key: str | None = None) -> AssignmentView:
        """Accept a duty: only the person who is assigned can."""
        call = change("POST", "assignments", id_of(assignment), "accept", of=assignment, key=idempotency_key)
        return self._api.ask(AssignmentView, call)

    def rest_on(self, assignment: str | AssignmentView, **fields: Unpack[RestsOn]) -> AssignmentView:
        """Say on which trainings it rests now; that is its review too."""
        call = change("PUT", "assignments", id_of(assignment), "trainings", body=fields, of=assignment)
        return self._api.ask(AssignmentView, call)

    def end(
        self, assignment: str | AssignmentView, *, idempotency_key: str | None = None, **fields: Unpack[WhyEnded]
    ) -> AssignmentView:
        """Say that the person has the duty no more."""
        call = change("POST", "assignments", id_of(assignment), "end", body=fields, of=assignment, key=idempotency_key)
        return self._api.ask(AssignmentView, call)
