# Made from ../_async by client/generate.py: change it there.
"""Drift: what moved since the baseline."""

from __future__ import annotations

from typing import Any, Unpack

import msgspec

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
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


class Drift:
    """Drift of models."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def get_metrics(self, model: ModelNamed, *, window: str | None = None) -> DriftReport:
        """The newest report, or that of a window such as ``20260303T000000Z-20260304T000000Z``."""
        return self._api.ask(DriftReport, get("models", id_of(model), "drift", window=window))

    def history(self, model: ModelNamed, *, page_size: int | None = None) -> Pages[DriftHistory, HistoryPoint]:
        """One point a window, newest first. Pages have the episodes of drift too."""
        call = get("models", id_of(model), "drift", "history", limit=page_size)
        return Pages(self._api, DriftHistory, lambda page: page.points, call)

    def features(self, model: ModelNamed) -> DriftReport:
        """Every feature of the newest report."""
        return self._api.ask(DriftReport, get("models", id_of(model), "drift", "features"))

    def feature_trend(self, model: ModelNamed, feature: str, *, limit: int | None = None) -> FeatureTrend:
        """One feature over its windows."""
        call = get("models", id_of(model), "drift", "features", feature=feature, limit=limit)
        return self._api.ask(FeatureTrend, call)

    def root_cause(self, model: ModelNamed) -> RootCause:
        """What the drift most likely comes from."""
        return self._api.ask(RootCause, get("models", id_of(model), "drift", "root-cause"))

    def impact(self, model: ModelNamed, *, page_size: int | None = None) -> Pages[ImpactHistory, Impact]:
        """Did it hurt? By window, drift beside performance."""
        call = get("models", id_of(model), "drift", "impact", limit=page_size)
        return Pages(self._api, ImpactHistory, lambda page: page.windows, call)

    def get_baseline(self, model: ModelNamed) -> BaselineInfo:
        """What windows are compared with."""
        return self._api.ask(BaselineInfo, get("models", id_of(model), "drift", "baseline"))

    def set_baseline(
        self, model: ModelNamed, *, idempotency_key: str | None = None, **source: Unpack[BaselineSource]
    ) -> BaselineInfo | BaselineAsked:
        """Compare with something else from now on. `BaselineAsked`: the model's own cloud will do it."""
        call = change("POST", "models", id_of(model), "drift", "baseline", body=source, key=idempotency_key)
        answer = self._api.ask(dict[str, Any], call)
        return (
            msgspec.convert(answer, BaselineAsked) if "requested" in answer else msgspec.convert(answer, BaselineInfo)
        )

    def get_policy(self, model: ModelNamed) -> DriftPolicy:
        """By what drift is judged."""
        return self._api.ask(DriftPolicy, get("models", id_of(model), "drift", "policy"))

    def set_policy(self, model: ModelNamed, policy: DriftPolicy) -> DriftPolicy:
        """Judge by another policy. One that was read and changed is refused if somebody else changed it meanwhile."""
        call = change("PUT", "models", id_of(model), "drift", "policy", body=policy, of=policy)
        return self._api.ask(DriftPolicy, call)
