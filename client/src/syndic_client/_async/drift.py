"""Drift: what moved since the baseline."""

from __future__ import annotations

from typing import Any, Unpack

import msgspec

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import BaselineSource
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import (
    BaselineAsked,
    BaselineInfo,
    DriftHistory,
    DriftPolicy,
    DriftReport,
    FeatureTrend,
    HistoryPoint,
    Impact,
    ImpactHistory,
    RootCause,
)


class AsyncDrift:
    """Drift of models."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    async def get_metrics(self, model: ModelNamed, *, window: str | None = None) -> DriftReport:
        """The newest report, or that of a window such as ``20260303T000000Z-20260304T000000Z``."""
        return await self._api.ask(DriftReport, get("models", id_of(model), "drift", window=window))

    def history(self, model: ModelNamed, *, page_size: int | None = None) -> AsyncPages[DriftHistory, HistoryPoint]:
        """One point a window, newest first. Pages have the episodes of drift too."""
        call = get("models", id_of(model), "drift", "history", limit=page_size)
        return AsyncPages(self._api, DriftHistory, lambda page: page.points, call)

    async def features(self, model: ModelNamed) -> DriftReport:
        """Every feature of the newest report."""
        return await self._api.ask(DriftReport, get("models", id_of(model), "drift", "features"))

    async def feature_trend(self, model: ModelNamed, feature: str, *, limit: int | None = None) -> FeatureTrend:
        """One feature over its windows."""
        call = get("models", id_of(model), "drift", "features", feature=feature, limit=limit)
        return await self._api.ask(FeatureTrend, call)

    async def root_cause(self, model: ModelNamed) -> RootCause:
        """What the drift most likely comes from."""
        return await self._api.ask(RootCause, get("models", id_of(model), "drift", "root-cause"))

    def impact(self, model: ModelNamed, *, page_size: int | None = None) -> AsyncPages[ImpactHistory, Impact]:
        """Did it hurt? By window, drift beside performance."""
        call = get("models", id_of(model), "drift", "impact", limit=page_size)
        return AsyncPages(self._api, ImpactHistory, lambda page: page.windows, call)

    async def get_baseline(self, model: ModelNamed) -> BaselineInfo:
        """What windows are compared with."""
        return await self._api.ask(BaselineInfo, get("models", id_of(model), "drift", "baseline"))

    async def set_baseline(
        self, model: ModelNamed, *, idempotency_key: str | None = None, **source: Unpack[BaselineSource]
    ) -> BaselineInfo | BaselineAsked:
        """Compare with something else from now on. `BaselineAsked`: the model's own cloud will do it."""
        call = change("POST", "models", id_of(model), "drift", "baseline", body=source, key=idempotency_key)
        answer = await self._api.ask(dict[str, Any], call)
        return (
            msgspec.convert(answer, BaselineAsked) if "requested" in answer else msgspec.convert(answer, BaselineInfo)
        )

    async def get_policy(self, model: ModelNamed) -> DriftPolicy:
        """By what drift is judged."""
        return await self._api.ask(DriftPolicy, get("models", id_of(model), "drift", "policy"))

    async def set_policy(self, model: ModelNamed, policy: DriftPolicy) -> DriftPolicy:
        """Judge by another policy. One that was read and changed is refused if somebody else changed it meanwhile."""
        call = change("PUT", "models", id_of(model), "drift", "policy", body=policy, of=policy)
        return await self._api.ask(DriftPolicy, call)
