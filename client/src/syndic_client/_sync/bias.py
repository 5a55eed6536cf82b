# Made from ../_async by client/generate.py: change it there.
"""Fairness: whom decisions treat differently."""

from __future__ import annotations

from collections.abc import Mapping

from syndic_client._sync.transport import Transport
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import BiasHistory, BiasPolicy, BiasReports, Intersections


class Bias:
    """Fairness of models."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def get_metrics(self, model: ModelNamed) -> BiasReports:
        """The newest report of each outcome."""
        return self._api.ask(BiasReports, get("models", id_of(model), "bias"))

    def history(self, model: ModelNamed, *, outcome: str | None = None, limit: int | None = None) -> BiasHistory:
        """The worst measures over the windows."""
        return self._api.ask(BiasHistory, get("models", id_of(model), "bias", "history", outcome=outcome, limit=limit))

    def intersectional(self, model: ModelNamed, *, outcome: str | None = None) -> Intersections:
        """Groups of several attributes at once."""
        return self._api.ask(Intersections, get("models", id_of(model), "bias", "intersectional", outcome=outcome))

    def get_policy(self, model: ModelNamed) -> BiasPolicy:
        """By what fairness is judged."""
        return self._api.ask(BiasPolicy, get("models", id_of(model), "bias", "policy"))

    def set_policy(self, model: ModelNamed, policy: BiasPolicy) -> BiasPolicy:
        """Judge by another policy. One that was read and changed is refused if somebody else changed it meanwhile."""
        call = change("PUT", "models", id_of(model), "bias", "policy", body=policy, of=policy)
        return self._api.ask(BiasPolicy, call)

    def set_thresholds(
        self, model: ModelNamed, thresholds: Mapping[str, float], *, policy: BiasPolicy | None = None,
        idempotency_key: str | None = None,
    ) -> BiasPolicy:  # fmt: skip
        """Other thresholds for some metrics, the rest of the policy as it is; `policy` as it was read, to be safe."""
        body = {"thresholds": thresholds}
        call = change("POST", "models", id_of(model), "bias", "thresholds", body=body, of=policy, key=idempotency_key)
        return self._api.ask(BiasPolicy, call)
