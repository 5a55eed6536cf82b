# Made from ../_async by client/generate.py: change it there.
"""Models: who they are, and what was asked of them."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import ChecksWanted, ModelChanges, NewModel, NewRisk, NewStatus
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import (
    ChecksAsked,
    GovernanceAudit,
    ModelHealth,
    ModelPage,
    ModelStanding,
    ModelStandings,
    RegisteredModel,
    Registration,
    RiskProfile,
    ShownModel,
)


class Models:
    """The models under governance."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def list(
        self, *, cloud: str | None = None, owner: str | None = None, risk: str | None = None,
        status: str | None = None, stage: str | None = None, presence: str | None = None, begins: str | None = None,
        name: str | None = None, sort: str | None = None, order: str | None = None, page_size: int | None = None,
    ) -> Pages[ModelPage, ShownModel]:  # fmt: skip
        """All models, or those that fit every filter given."""
        call = get(
            "models", cloud=cloud, owner=owner, risk=risk, status=status, stage=stage, presence=presence,
            begins=begins, name=name, sort=sort, order=order, limit=page_size,
        )  # fmt: skip
        return Pages(self._api, ModelPage, lambda page: page.models, call)

    def get(self, model: ModelNamed) -> ShownModel:
        """One model."""
        return self._api.ask(ShownModel, get("models", id_of(model)))

    def register(self, *, idempotency_key: str | None = None, **fields: Unpack[NewModel]) -> Registration:
        """Register a model. `became` says what was made of thresholds, schedules and the like."""
        return self._api.ask(Registration, change("POST", "models", body=fields, key=idempotency_key))

    def update(self, model: ModelNamed, **fields: Unpack[ModelChanges]) -> RegisteredModel:
        """Change what is said of a model; None clears a field. Refused if the one given is not as it was read."""
        return self._api.ask(RegisteredModel, change("PATCH", "models", id_of(model), body=fields, of=model))

    def retire(self, model: ModelNamed, *, reason: str | None = None) -> RegisteredModel:
        """Take a model out of use. It stays readable."""
        body = None if reason is None else {"reason": reason}
        return self._api.ask(RegisteredModel, change("DELETE", "models", id_of(model), body=body, of=model))

    def health(self, model: ModelNamed) -> ModelHealth:
        """How the model is doing, by concern."""
        return self._api.ask(ModelHealth, get("models", id_of(model), "health"))

    def check(
        self, model: ModelNamed, *, idempotency_key: str | None = None, **fields: Unpack[ChecksWanted]
    ) -> ChecksAsked:
        """Ask for checks now. Raises `ChecksRefusedError` when one that was named cannot be made."""
        call = change("POST", "models", id_of(model), "checks", body=fields, key=idempotency_key)
        return self._api.ask(ChecksAsked, call)

    def get_risk(self, model: ModelNamed) -> RiskProfile:
        """The risk level that was decided, or proposed."""
        return self._api.ask(RiskProfile, get("models", id_of(model), "risk-profile"))

    def set_risk(self, model: ModelNamed, **fields: Unpack[NewRisk]) -> RiskProfile:
        """Decide the risk level."""
        call = change("PUT", "models", id_of(model), "risk-profile", body=fields, of=model)
        return self._api.ask(RiskProfile, call)

    def set_compliance_status(self, model: ModelNamed, **fields: Unpack[NewStatus]) -> RegisteredModel:
        """Move the compliance status."""
        call = change("PATCH", "models", id_of(model), "compliance-status", body=fields, of=model)
        return self._api.ask(RegisteredModel, call)

    def governance_audit(self, model: ModelNamed) -> GovernanceAudit:
        """What happened to the model, counted."""
        return self._api.ask(GovernanceAudit, get("models", id_of(model), "governance-audit"))

    def standings(self, *, page_size: int | None = None) -> Pages[ModelStandings, ModelStanding]:
        """Where every model stands, worst concern first."""
        call = get("dashboard", "models", limit=page_size)
        return Pages(self._api, ModelStandings, lambda page: page.models, call)

    def standing(self, model: ModelNamed) -> ModelStanding:
        """Where one model stands."""
        return self._api.ask(ModelStanding, get("dashboard", "models", id_of(model)))
