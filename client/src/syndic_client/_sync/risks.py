# Made from ../_async by client/generate.py: change it there.
"""Risks: what may happen, what is done about it, who decided on what is left."""

from __future__ import annotations

from typing import Unpack

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
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import RiskCounts, RiskFileAnswer, Risks, RiskView


class RiskRegister:
    """The register of risks."""

    def __init__(self, api: Transport) -> None:
        self._api = api

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
        return self._api.ask(RiskView, get("risks", id_of(risk)))

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewRiskEntry]) -> RiskView:
        """Put a risk on record."""
        call = change("POST", "risks", body=fields, key=idempotency_key)
        return self._api.ask(RiskView, call)

    def change(self, risk: str | RiskView, **fields: Unpack[RiskEntryChange]) -> RiskView:
        """Change what is known of a risk."""
        call = change("PATCH", "risks", id_of(risk), body=fields, of=risk)
        return self._api.ask(RiskView, call)

    def assess(self, risk: str | RiskView, **fields: Unpack[RiskAssessment]) -> RiskView:
        """Assess likelihood and impact. A decision that was made on other levels falls away."""
        call = change("PUT", "risks", id_of(risk), "assessment", body=fields, of=risk)
        return self._api.ask(RiskView, call)

    def add_control(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[NewRiskControl]
    ) -> RiskView:
        """Record what is to be done about a risk."""
        call = change("POST", "risks", id_of(risk), "controls", body=fields, of=risk, key=idempotency_key)
        return self._api.ask(RiskView, call)

    def change_control(self, risk: str | RiskView, control: str, **fields: Unpack[RiskControlChange]) -> RiskView:
        """Say that a control is in place, or why it is given up. Without it, what rested on it falls away."""
        call = change("PATCH", "risks", id_of(risk), "controls", control, body=fields, of=risk)
        return self._api.ask(RiskView, call)

    def decide(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[NewResidualDecision]
    ) -> RiskView:
        """Decide on what is left of a risk, in a role that you hold, with a reason and an end."""
        call = change("POST", "risks", id_of(risk), "decision", body=fields, of=risk, key=idempotency_key)
        return self._api.ask(RiskView, call)

    def review(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[NewRiskReview]
    ) -> RiskView:
        """Record that a risk was looked at again: the next review is due a period later."""
        call = change("POST", "risks", id_of(risk), "reviews", body=fields, of=risk, key=idempotency_key)
        return self._api.ask(RiskView, call)

    def close(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[RiskConclusion]
    ) -> RiskView:
        """Close a risk that does not exist any more."""
        call = change("POST", "risks", id_of(risk), "close", body=fields, of=risk, key=idempotency_key)
        return self._api.ask(RiskView, call)

    def reopen(
        self, risk: str | RiskView, *, idempotency_key: str | None = None, **fields: Unpack[RiskReopening]
    ) -> RiskView:
        """Open a closed risk again; it has to be decided on anew."""
        call = change("POST", "risks", id_of(risk), "reopen", body=fields, of=risk, key=idempotency_key)
        return self._api.ask(RiskView, call)

    def file(self, model: ModelNamed) -> RiskFileAnswer:
        """The file of Art. 9 of the AI Act on a model: risks, measures, decisions, tests, and what is missing."""
        return self._api.ask(RiskFileAnswer, get("models", id_of(model), "risk-file"))
