"""The registry: versions, approvals, the gate, promotion."""

from __future__ import annotations

import datetime as dt
from typing import Any, Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import ForeignVersion, NewVersion
from syndic_client.calls import ModelNamed, VersionNamed, change, get, id_of, name_of
from syndic_client.schemas import (
    ApprovalPolicy,
    ApprovalRequest,
    BulkCheck,
    CardFile,
    GateResult,
    ImportReport,
    Lineage,
    ModelVersion,
    Overview,
    Policies,
    RequestPage,
    Stages,
    Trial,
    Trials,
    VersionMetrics,
    Versions,
    WaitingRequest,
    WaitingRequests,
)
from syndic_client.training import described


class AsyncRegistry:
    """Versions of models on their way to production."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def versions(
        self, model: ModelNamed, *, stage: str | None = None, order: str | None = None, page_size: int | None = None
    ) -> AsyncPages[Versions, ModelVersion]:
        """Versions of a model, by name. Pages have the stages too."""
        call = get("models", id_of(model), "versions", stage=stage, order=order, limit=page_size)
        return AsyncPages(self._api, Versions, lambda page: page.versions, call)

    async def get_version(self, model: ModelNamed, version: VersionNamed) -> ModelVersion:
        """One version."""
        return await self._api.ask(ModelVersion, get("models", id_of(model), "versions", name_of(version)))

    async def add_version(
        self, model: ModelNamed, *, idempotency_key: str | None = None, **fields: Unpack[NewVersion]
    ) -> ModelVersion:
        """Describe a version. Sent again under the same name, fields left out stay as they are."""
        call = change("POST", "models", id_of(model), "versions", body=fields, key=idempotency_key)
        return await self._api.ask(ModelVersion, call)

    async def register(
        self, trained: object, *, model: ModelNamed, idempotency_key: str | None = None, data: object = None,
        **fields: Unpack[NewVersion],
    ) -> ModelVersion:  # fmt: skip
        """Describe a version by what was trained: a scikit-learn estimator, an MLflow run, or any object.

        Args:
            trained: Its framework, algorithm, hyperparameters, metrics, run and commit are read off it. Nothing of it
                is sent but these.
            model: The model that it is a version of.
            idempotency_key: Made by itself when left out.
            data: The table it was trained on: its size is told, never its rows.
            fields: What is known better, and the `version` itself.
        """
        whole: dict[str, Any] = described(trained, data=data, given=fields)
        call = change("POST", "models", id_of(model), "versions", body=whole, key=idempotency_key)
        return await self._api.ask(ModelVersion, call)

    async def get_metrics(self, model: ModelNamed, version: VersionNamed) -> VersionMetrics:
        """The numbers that were measured of a version."""
        call = get("models", id_of(model), "versions", name_of(version), "metrics")
        return await self._api.ask(VersionMetrics, call)

    async def add_metrics(
        self, model: ModelNamed, version: VersionNamed, metrics: dict[str, float], *,
        idempotency_key: str | None = None,
    ) -> ModelVersion:  # fmt: skip
        """Add numbers that were measured of a version."""
        call = change(
            "POST", "models", id_of(model), "versions", name_of(version), "metrics",
            body={"metrics": metrics}, of=version, key=idempotency_key,
        )  # fmt: skip
        return await self._api.ask(ModelVersion, call)

    async def gate(self, model: ModelNamed, version: VersionNamed, *, stage: str = "production") -> GateResult:
        """What stands in the way of a stage: each condition with its reason."""
        call = get("models", id_of(model), "versions", name_of(version), "gate", stage=stage)
        return await self._api.ask(GateResult, call)

    def gates(self, *, stage: str = "production", page_size: int | None = None) -> AsyncPages[BulkCheck, GateResult]:
        """What stands in the way of every model's newest version."""
        call = get("governance", "checks", stage=stage, limit=page_size)
        return AsyncPages(self._api, BulkCheck, lambda page: page.results, call)

    async def promote(
        self, model: ModelNamed, version: VersionNamed, *, stage: str, reason: str, through_stages: bool = False,
        idempotency_key: str | None = None,
    ) -> Stages:  # fmt: skip
        """Move a version to a stage. Raises `GateRefusedError` with every unmet condition."""
        body = {"stage": stage, "reason": reason, "through_stages": through_stages}
        call = change(
            "POST", "models", id_of(model), "versions", name_of(version), "promote", body=body, key=idempotency_key
        )
        return await self._api.ask(Stages, call)

    async def roll_back(
        self, model: ModelNamed, *, reason: str, version: VersionNamed | None = None,
        idempotency_key: str | None = None,
    ) -> Stages:  # fmt: skip
        """Bring back the version that was in production before, or the one that is named."""
        body = {"reason": reason} | ({} if version is None else {"version": name_of(version)})
        return await self._api.ask(
            Stages, change("POST", "models", id_of(model), "rollback", body=body, key=idempotency_key)
        )

    async def waive(
        self, model: ModelNamed, version: VersionNamed, *, condition: str, reason: str,
        idempotency_key: str | None = None,
    ) -> ModelVersion:  # fmt: skip
        """Let a version pass without one condition, on record."""
        body = {"condition": condition, "reason": reason}
        call = change(
            "POST", "models", id_of(model), "versions", name_of(version), "waivers", body=body, key=idempotency_key
        )
        return await self._api.ask(ModelVersion, call)

    def approvals(
        self, model: ModelNamed, *, state: str | None = None, order: str | None = None, page_size: int | None = None
    ) -> AsyncPages[RequestPage, ApprovalRequest]:
        """Approval requests of a model, newest first."""
        call = get("models", id_of(model), "approvals", state=state, order=order, limit=page_size)
        return AsyncPages(self._api, RequestPage, lambda page: page.requests, call)

    def waiting_approvals(self, *, page_size: int | None = None) -> AsyncPages[WaitingRequests, WaitingRequest]:
        """Requests of all models that wait for votes, what runs out first before, with the roles you may vote in."""
        return AsyncPages(self._api, WaitingRequests, lambda page: page.requests, get("approvals", limit=page_size))

    async def get_approval(self, model: ModelNamed, request: str | ApprovalRequest) -> ApprovalRequest:
        """One approval request with its votes."""
        return await self._api.ask(ApprovalRequest, get("models", id_of(model), "approvals", _id(request)))

    async def request_approval(
        self, model: ModelNamed, version: VersionNamed, *, stage: str = "production",
        idempotency_key: str | None = None,
    ) -> ApprovalRequest:  # fmt: skip
        """Ask people to approve a version for a stage."""
        body = {"version": name_of(version), "stage": stage}
        call = change("POST", "models", id_of(model), "approvals", body=body, key=idempotency_key)
        return await self._api.ask(ApprovalRequest, call)

    async def vote(
        self, model: ModelNamed, request: str | ApprovalRequest, *, role: str, decision: str, comment: str,
        idempotency_key: str | None = None,
    ) -> ApprovalRequest:  # fmt: skip
        """Vote in a role whose group you are in."""
        body = {"role": role, "decision": decision, "comment": comment}
        call = change(
            "POST", "models", id_of(model), "approvals", _id(request), "votes", body=body, key=idempotency_key
        )
        return await self._api.ask(ApprovalRequest, call)

    async def get_approval_policy(self, model: ModelNamed) -> ApprovalPolicy:
        """Who has to approve this model."""
        return await self._api.ask(ApprovalPolicy, get("models", id_of(model), "approval-policy"))

    async def set_approval_policy(
        self, model: ModelNamed, name: str, *, known: ApprovalPolicy | None = None
    ) -> ApprovalPolicy:
        """Choose another policy; `known` is what was read before, and must not have changed meanwhile."""
        call = change("PUT", "models", id_of(model), "approval-policy", body={"name": name}, of=known)
        return await self._api.ask(ApprovalPolicy, call)

    async def approval_policies(self) -> Policies:
        """All approval policies."""
        return await self._api.ask(Policies, get("policies"))

    async def save_approval_policy(
        self, policy: ApprovalPolicy, *, idempotency_key: str | None = None
    ) -> ApprovalPolicy:
        """Keep an approval policy under its name."""
        return await self._api.ask(ApprovalPolicy, change("POST", "policies", body=policy, key=idempotency_key))

    def try_approval_policy(self, policy: ApprovalPolicy, *, page_size: int | None = None) -> AsyncPages[Trials, Trial]:
        """What a policy would decide of every model."""
        call = change("POST", "policies", "dry-run", body=policy, query={"limit": page_size})
        return AsyncPages(self._api, Trials, lambda page: page.trials, call)

    async def card(self, model: ModelNamed, version: VersionNamed, *, format: str | None = None) -> CardFile:  # noqa: A002
        """The model card: json, markdown, sagemaker or cyclonedx."""
        call = get("models", id_of(model), "versions", name_of(version), "card", format=format)
        return await self._api.ask(CardFile, call)

    async def data_sheet(self, model: ModelNamed, version: VersionNamed, *, format: str | None = None) -> CardFile:  # noqa: A002
        """The data sheet of the training data: json, markdown or html."""
        call = get("models", id_of(model), "versions", name_of(version), "data-sheet", format=format)
        return await self._api.ask(CardFile, call)

    async def lineage(self, model: ModelNamed, version: VersionNamed) -> Lineage:
        """What a version was made of."""
        return await self._api.ask(Lineage, get("lineage", "models", id_of(model), "versions", name_of(version)))

    async def prediction_lineage(self, model: ModelNamed, row: str, *, at: dt.datetime) -> Lineage:
        """What is behind one prediction that was captured around a time."""
        call = get("lineage", "models", id_of(model), "predictions", row, at=at.isoformat())
        return await self._api.ask(Lineage, call)

    async def openlineage(self, model: ModelNamed, version: VersionNamed) -> dict[str, Any]:
        """The training run as an OpenLineage event."""
        call = get("lineage", "models", id_of(model), "versions", name_of(version), "openlineage")
        return await self._api.ask(dict[str, Any], call)

    async def import_versions(
        self, source: str, versions: list[ForeignVersion], *, idempotency_key: str | None = None
    ) -> ImportReport:
        """Take over versions that were read in another registry; at most 100 at once."""
        body = {"source": source, "versions": versions}
        return await self._api.ask(ImportReport, change("POST", "imports", body=body, key=idempotency_key))

    async def overview(self) -> Overview:
        """Counts over all models."""
        return await self._api.ask(Overview, get("dashboard", "stats"))


def _id(request: str | ApprovalRequest) -> str:
    return request if isinstance(request, str) else request.id
