# Made from ../_async by client/generate.py: change it there.
"""Gateway: how models are served, and predictions that can be traced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syndic_client._sync.transport import Transport
from syndic_client.bodies import InferenceRecord
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import (
    GatewayHealth,
    GatewayRecord,
    GatewaySettings,
    Kept,
    ModelInfo,
    Prediction,
    ServingState,
    ShadowComparison,
)

Row = Mapping[str, Any]


class Gateway:
    """Governed predictions."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def predict(self, model: ModelNamed, rows: Row | Sequence[Row], *, request_id: str | None = None) -> Prediction:
        """Predict for one row or several, each with its features by name. Found again by its request id or row ids."""
        body: Any = dict(rows) if isinstance(rows, Mapping) else [dict(row) for row in rows]
        return self._api.ask(Prediction, change("POST", "gateway", id_of(model), "predict", body=body, key=request_id))

    def info(self, model: ModelNamed) -> ModelInfo:
        """What answers, and what it takes."""
        return self._api.ask(ModelInfo, get("gateway", id_of(model), "model-info"))

    def health(self, model: ModelNamed) -> GatewayHealth:
        """Whether a version is there to answer."""
        return self._api.ask(GatewayHealth, get("gateway", id_of(model), "health"))

    def get_settings(self, model: ModelNamed) -> GatewayRecord:
        """How a model is served."""
        return self._api.ask(GatewayRecord, get("models", id_of(model), "gateway"))

    def set_settings(self, model: ModelNamed, settings: GatewaySettings) -> GatewayRecord:
        """Say how a model is served. What answers follows within 15 seconds."""
        call = change("PUT", "models", id_of(model), "gateway", body=settings)
        return self._api.ask(GatewayRecord, call)

    def get_state(self, model: ModelNamed) -> ServingState:
        """What may answer now."""
        return self._api.ask(ServingState, get("models", id_of(model), "gateway", "state"))

    def get_shadow(
        self, model: ModelNamed, *, hours: int | None = None, variant: str | None = None
    ) -> ShadowComparison:
        """How far the version that gets copies agrees with what answered."""
        call = get("models", id_of(model), "gateway", "shadow", hours=hours, variant=variant)
        return self._api.ask(ShadowComparison, call)

    def add_records(self, model: ModelNamed, records: Sequence[InferenceRecord]) -> Kept:
        """Send what a server of one's own answered. Sent again it is kept once."""
        body = {"records": list(records)}
        return self._api.ask(Kept, change("POST", "models", id_of(model), "gateway", "records", body=body))
