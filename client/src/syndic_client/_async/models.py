"""Models: who they are, and what was asked of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Unpack

import msgspec

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import CapturedRow, ChecksWanted, ModelChanges, NewModel, NewRisk, NewStatus
from syndic_client.calls import ModelNamed, VersionNamed, change, get, id_of, name_of
from syndic_client.capturing import pieces, together
from syndic_client.schemas import (
    CapturesKept,
    ChecksAsked,
    GovernanceAudit,
    LabelsKept,
    ModelHealth,
    ModelPage,
    ModelStanding,
    ModelStandings,
    OnboardingAsked,
    Proposal,
    RegisteredModel,
    Registration,
    RiskProfile,
    ShownModel,
    Upload,
)


class AsyncModels:
    """The models under governance."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(
        self, *, cloud: str | None = None, owner: str | None = None, risk: str | None = None,
        status: str | None = None, stage: str | None = None, presence: str | None = None, begins: str | None = None,
        name: str | None = None, domain: str | None = None, checks: str | None = None, verdict: str | None = None,
        framework: str | None = None, sort: str | None = None, order: str | None = None, page_size: int | None = None,
    ) -> AsyncPages[ModelPage, ShownModel]:  # fmt: skip
        """All models, or those that fit every filter given."""
        call = get(
            "models", cloud=cloud, owner=owner, risk=risk, status=status, stage=stage, presence=presence,
            begins=begins, name=name, domain=domain, checks=checks, verdict=verdict, framework=framework, sort=sort,
            order=order, limit=page_size,
        )  # fmt: skip
        return AsyncPages(self._api, ModelPage, lambda page: page.models, call)

    async def get(self, model: ModelNamed) -> ShownModel:
        """One model."""
        return await self._api.ask(ShownModel, get("models", id_of(model)))

    async def register(self, *, idempotency_key: str | None = None, **fields: Unpack[NewModel]) -> Registration:
        """Register a model. `became` says what was made of thresholds, schedules and the like."""
        return await self._api.ask(Registration, change("POST", "models", body=fields, key=idempotency_key))

    async def propose(self, model: ModelNamed) -> Proposal:
        """Columns, window, baseline and protected attributes as its traffic shows them. Nothing is set."""
        return await self._api.ask(Proposal, get("models", id_of(model), "onboarding"))

    async def ask_for_proposal(
        self, model: ModelNamed, *, idempotency_key: str | None = None
    ) -> Proposal | OnboardingAsked:
        """Propose anew. `OnboardingAsked`: the model's own cloud will do it, and `propose` shows its answer."""
        call = change("POST", "models", id_of(model), "onboarding", key=idempotency_key)
        answer = await self._api.ask(dict[str, Any], call)
        return (
            msgspec.convert(answer, OnboardingAsked)
            if "at_next_exchange" in answer
            else msgspec.convert(answer, Proposal)
        )

    async def update(self, model: ModelNamed, **fields: Unpack[ModelChanges]) -> RegisteredModel:
        """Change what is said of a model; None clears a field. Refused if the one given is not as it was read."""
        return await self._api.ask(RegisteredModel, change("PATCH", "models", id_of(model), body=fields, of=model))

    async def retire(self, model: ModelNamed, *, reason: str | None = None) -> RegisteredModel:
        """Take a model out of use. It stays readable."""
        body = None if reason is None else {"reason": reason}
        return await self._api.ask(RegisteredModel, change("DELETE", "models", id_of(model), body=body, of=model))

    async def health(self, model: ModelNamed) -> ModelHealth:
        """How the model is doing, by concern."""
        return await self._api.ask(ModelHealth, get("models", id_of(model), "health"))

    async def check(
        self, model: ModelNamed, *, idempotency_key: str | None = None, **fields: Unpack[ChecksWanted]
    ) -> ChecksAsked:
        """Ask for checks now. Raises `ChecksRefusedError` when one that was named cannot be made."""
        call = change("POST", "models", id_of(model), "checks", body=fields, key=idempotency_key)
        return await self._api.ask(ChecksAsked, call)

    async def capture(
        self, model: ModelNamed, rows: Iterable[CapturedRow], *, version: VersionNamed | None = None,
        sampling_percent: float | None = None, idempotency_key: str | None = None,
    ) -> CapturesKept:  # fmt: skip
        """Send rows of a model that no cloud watches: what it was asked and answered, in as many requests as it takes.

        Args:
            model: Whose rows they are. Its `capture_schema` names the columns.
            rows: Each with `inputs` and `outputs` by column, and if known with `id`, to which labels refer, and `at`.
            version: That answered. Evidence is about it.
            sampling_percent: How much of the traffic is sent.
            idempotency_key: Made by itself when left out.
        """
        said: dict[str, Any] = {"version": None if version is None else name_of(version)}
        said["sampling_percent"] = sampling_percent
        kept: CapturesKept | None = None
        for number, some in enumerate(pieces(rows)):
            body = {"rows": some, **{name: value for name, value in said.items() if value is not None}}
            key = None if idempotency_key is None else f"{idempotency_key}.{number}"
            answer = await self._api.ask(
                CapturesKept, change("POST", "models", id_of(model), "captures", body=body, key=key)
            )
            kept = answer if kept is None else together(kept, answer)
        return kept or CapturesKept(model_id=id_of(model), version=None, rows=0, hours=())

    async def add_labels(
        self, model: ModelNamed, labels: Mapping[str, object], *, label_delay_days: int | None = None,
        idempotency_key: str | None = None,
    ) -> LabelsKept:  # fmt: skip
        """Send outcomes that became known, by the ids of rows that were sent before.

        `label_delay_days`: how late outcomes may come; so far back windows are judged again.
        """
        rows = [{"id": row, "label": label} for row, label in labels.items()]
        kept: LabelsKept | None = None
        for number, some in enumerate(pieces(rows)):
            body: dict[str, Any] = {"labels": some}
            body |= {} if label_delay_days is None else {"label_delay_days": label_delay_days}
            key = None if idempotency_key is None else f"{idempotency_key}.{number}"
            answer = await self._api.ask(
                LabelsKept, change("POST", "models", id_of(model), "labels", body=body, key=key)
            )
            kept = answer if kept is None else answer.with_changes(labels=kept.labels + answer.labels)
        return kept or LabelsKept(model_id=id_of(model), labels=0, label_delay_days=label_delay_days or 0)

    async def upload(
        self, model: ModelNamed, data: bytes, *, kind: str, suffix: str = "jsonl", hour: dt.datetime | None = None,
        version: VersionNamed | None = None,
    ) -> str:  # fmt: skip
        """Send a file that is too large for a request, and return its address.

        Args:
            model: Whose file it is.
            data: Captures of one hour in the format of docs/captures.md, or the table of a baseline.
            kind: ``captures`` or ``baseline``.
            suffix: ``jsonl``, ``jsonl.gz``; of a baseline also ``csv``, ``parquet``.
            hour: Of captures: when they were answered.
            version: Of captures: that answered.
        """
        body: dict[str, Any] = {
            "kind": kind, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "suffix": suffix,
            "hour": hour, "version": None if version is None else name_of(version),
        }  # fmt: skip
        place = await self._api.ask(Upload, change("POST", "models", id_of(model), "captures", "uploads", body=body))
        await self._api.send(place.url, data, place.headers)
        return place.uri

    async def get_risk(self, model: ModelNamed) -> RiskProfile:
        """The risk level that was decided, or proposed."""
        return await self._api.ask(RiskProfile, get("models", id_of(model), "risk-profile"))

    async def set_risk(self, model: ModelNamed, **fields: Unpack[NewRisk]) -> RiskProfile:
        """Decide the risk level."""
        call = change("PUT", "models", id_of(model), "risk-profile", body=fields, of=model)
        return await self._api.ask(RiskProfile, call)

    async def set_compliance_status(self, model: ModelNamed, **fields: Unpack[NewStatus]) -> RegisteredModel:
        """Move the compliance status."""
        call = change("PATCH", "models", id_of(model), "compliance-status", body=fields, of=model)
        return await self._api.ask(RegisteredModel, call)

    async def governance_audit(self, model: ModelNamed) -> GovernanceAudit:
        """What happened to the model, counted."""
        return await self._api.ask(GovernanceAudit, get("models", id_of(model), "governance-audit"))

    def standings(self, *, page_size: int | None = None) -> AsyncPages[ModelStandings, ModelStanding]:
        """Where every model stands, worst concern first."""
        call = get("dashboard", "models", limit=page_size)
        return AsyncPages(self._api, ModelStandings, lambda page: page.models, call)

    async def standing(self, model: ModelNamed) -> ModelStanding:
        """Where one model stands."""
        return await self._api.ask(ModelStanding, get("dashboard", "models", id_of(model)))
