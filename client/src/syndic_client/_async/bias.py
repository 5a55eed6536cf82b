"""Fairness: whom decisions treat differently."""

from __future__ import annotations

from collections.abc import Mapping

from syndic_client._async.transport import AsyncTransport
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import BiasHistory, BiasPolicy, BiasReports, Intersections


class AsyncBias:
    """Fairness of models."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    async def get_metrics(self, model: ModelNamed) -> BiasReports:
        """The newest report of each outcome."""
        return await self._api.ask(BiasReports, get("models", id_of(model), "bias"))

    async def history(self, model: ModelNamed, *, outcome: str | None = None, limit: int | None = None) -> BiasHistory:
        """The worst measures over the windows."""
        return await self._api.ask(
            BiasHistory, get("models", id_of(model), "bias", "history", outcome=outcome, limit=limit)
        )

    async def intersectional(self, model: ModelNamed, *, outcome: str | None = None) -> Intersections:
        """Groups of several attributes at once."""
        return await self._api.ask(
            Intersections, get("models", id_of(model), "bias", "intersectional", outcome=outcome)
        )

    async def get_policy(self, model: ModelNamed) -> BiasPolicy:
        """By what fairness is judged."""
        return await self._api.ask(BiasPolicy, get("models", id_of(model), "bias", "policy"))

    async def set_policy(self, model: ModelNamed, policy: BiasPolicy) -> BiasPolicy:
        """Judge by another policy. One that was read and changed is refused if somebody else changed it meanwhile."""
        call = change("PUT", "models", id_of(model), "bias", "policy", body=policy, of=policy)
        return await self._api.ask(BiasPolicy, call)

    async def set_thresholds(
        self, model: ModelNamed, thresholds: Mapping[str, float], *, policy: BiasPolicy | None = None,
        idempotency_key: str | None = None,
    ) -> BiasPolicy:  # fmt: skip
        """Other thresholds for some metrics, the rest of the policy as it is; `policy` as it was read, to be safe."""
        body = {"thresholds": thresholds}
        call = change("POST", "models", id_of(model), "bias", "thresholds", body=body, of=policy, key=idempotency_key)
        return await self._api.ask(BiasPolicy, call)
