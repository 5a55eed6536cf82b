"""Deployments: a version on its way to its endpoint."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import WantedDeployment
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import Deployment, DeploymentPage


class AsyncDeployments:
    """Deployments of all models."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(
        self, *, model: ModelNamed | None = None, state: str | None = None, order: str | None = None,
        page_size: int | None = None,
    ) -> AsyncPages[DeploymentPage, Deployment]:  # fmt: skip
        """Deployments of a model, or of all, newest first."""
        where = ("deployments",) if model is None else ("models", id_of(model), "deployments")
        call = get(*where, state=state, order=order, limit=page_size)
        return AsyncPages(self._api, DeploymentPage, lambda page: page.deployments, call)

    async def get(self, deployment: str | Deployment) -> Deployment:
        """How far it is."""
        return await self._api.ask(Deployment, get("deployments", _id(deployment)))

    async def create(self, *, idempotency_key: str | None = None, **fields: Unpack[WantedDeployment]) -> Deployment:
        """Bring a version to its endpoint. Raises `GateRefusedError` with every unmet condition."""
        return await self._api.ask(Deployment, change("POST", "deployments", body=fields, key=idempotency_key))

    async def cancel(
        self, deployment: str | Deployment, *, reason: str, idempotency_key: str | None = None
    ) -> Deployment:
        """Stop it before it is through."""
        return await self._end(deployment, "cancel", reason, idempotency_key)

    async def roll_back(
        self, deployment: str | Deployment, *, reason: str, idempotency_key: str | None = None
    ) -> Deployment:
        """Bring back what was there before."""
        return await self._end(deployment, "rollback", reason, idempotency_key)

    async def _end(self, deployment: str | Deployment, verb: str, reason: str, key: str | None) -> Deployment:
        call = change("POST", "deployments", _id(deployment), verb, body={"reason": reason}, of=deployment, key=key)
        return await self._api.ask(Deployment, call)


def _id(deployment: str | Deployment) -> str:
    return deployment if isinstance(deployment, str) else deployment.id
