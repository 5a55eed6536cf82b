# Made from ../_async by client/generate.py: change it there.
"""Risks: what may happen, what is done about it, who decided on what is left."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.entries import Entries
from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import (
    NewResidualDecision,
    NewRiskControl,
    NewRiskEntry,
    NewRiskReview,
    RiskAssessment,
    RiskConclusion,
    RiskControlChange,
    RiskEntryChange,
    RiskReopening,
)
from syndic_client.calls import ModelNamed, get, id_of
from syndic_client.schemas import RiskCounts, RiskFileAnswer, Risks, RiskView


class RiskRegister:
    """The register of risks."""

    def __init__(self, api: Transport) -> None:
        self._api = api
        self._entries = Entries(api, "risks", RiskView)

    def list(
        self,
        *,
        state: str | None = None,
        owner: str | None = None,
        model: ModelNamed | None = None,
        kind: str | None = None,
        rating: str | None = None,
        order: str | None = None,
        page_size: int | None = None,
    ) -> Pages[Risks, RiskView]:
        """Risks that fit every filter given."""
        which = None if model is None else id_of(model)
        call = get(
            "risks", state=state, owner=owner, model_id=which, kind=kind, rating=rating, order=order, limit=page_size
        )
        return Pages(self._api, Risks, lambda page: page.risks, call)

    def counts(self, *, model: ModelNamed | None = None) -> RiskCounts:
        """How many risks are in which state, and the open ones by likelihood and impact."""
        which = None if model is None else id_of(model)
        return self._api.ask(RiskCounts, get("risks", "counts", model_id=which))

    def get(self, risk: str | RiskView) -> RiskView:
        """A risk with its controls, the decision on it, and what may be done next."""
        return self._entries.get(risk)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewRiskEntry]) -> RiskView:
        """Put a risk on record."""
        return self._entries.begin(fields, key=idempotency_key)

    def change(self, risk: str | RiskView, **fields: Unpack[RiskEntryChange]) -> RiskView:
        """Change what is known of a risk."""
        return self._entries.step("PATCH", risk, body=fields)

    def assess(self, risk: str | RiskView, **fields: Unpack[RiskAssessment]) -> RiskView:
        """Assess likelihood and impact. A decision that was made on other levels falls away."""
        return self._entries.step("PUT", risk, "assessment", body=fields)

    def add_control(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[NewRiskControl]
    ) -> RiskView:
        """Record what is to be done about a risk."""
        return self._entries.step("POST", risk, "controls", body=fields, key=idempotency_key)

    def change_control(self, risk: str | RiskView, control: str, **fields: Unpack[RiskControlChange]) -> RiskView:
        """Say that a control is in place, or why it is given up. Without it, what rested on it falls away."""
        return self._entries.step("PATCH", risk, "controls", control, body=fields)

    def decide(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[NewResidualDecision]
    ) -> RiskView:
        """Decide on what is left of a risk, in a role that you hold, with a reason and an end."""
        return self._entries.step("POST", risk, "decision", body=fields, key=idempotency_key)

    def review(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[NewRiskReview]
    ) -> RiskView:
        """Record that a risk was looked at again: the next review is due a period later."""
        return self._entries.step("POST", risk, "reviews", body=fields, key=idempotency_key)

    def close(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[RiskConclusion]
    ) -> RiskView:
        """Close a risk that does not exist any more."""
        return self._entries.step("POST", risk, "close", body=fields, key=idempotency_key)

    def reopen(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[RiskReopening]
    ) -> RiskView:
        """Open a closed risk again; it has to be decided on anew."""
        return self._entries.step("POST", risk, "reopen", body=fields, key=idempotency_key)

    def file(self, model: ModelNamed) -> RiskFileAnswer:
        """The file of Art. 9 of the AI Act on a model: risks, measures, decisions, tests, and what is missing."""
        return self._api.ask(RiskFileAnswer, get("models", id_of(model), "risk-file"))
