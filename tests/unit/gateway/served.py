"""A served model in memory: breast-cancer features, one version in production, a backend that adds up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.errors import UnavailableError
from syndic.gateway.configure import set_gateway
from syndic.gateway.models import GatewaySettings
from syndic.gateway.predict import Gateway
from syndic.gateway.serving import Serving
from syndic.gateway.state import read_state
from syndic.models import to_json
from syndic.ports import Asked, Cell, Record
from syndic.registry.keys import stages_key
from syndic.registry.models import ModelVersion, Stage, StageChange, Stages
from syndic.registry.versions.versions import add_version, register_model

NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
FEATURES = ("mean radius", "mean texture", "worst area")
SIGNATURE: dict[str, Any] = {
    "inputs": [{"name": name, "type": "double", "required": True} for name in FEATURES],
    "outputs": [{"type": "tensor"}],
}
SETTINGS: dict[str, Any] = {
    "backends": {"*": {"kind": "mlflow", "address": "https://models.example.org"}},
    "positive_class": "benign",
    "negative_class": "malignant",
}


@dataclass
class Backend:
    """Answers the first feature over 100, for each version plus a little; fails when told to."""

    asked: list[tuple[Asked, list[dict[str, Cell]]]] = field(default_factory=list)
    failing: Exception | None = None
    answers: Any = None

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[Any]:
        self.asked.append((asked, [dict(row) for row in rows]))
        if self.failing is not None:
            raise self.failing
        return self.answers if self.answers is not None else [float(row[features[0]] or 0) / 100 for row in rows]


@dataclass
class Records:
    """Keeps what it is given, told apart by how it was given."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    offered: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False

    def take(self, model_id: str, record: bytes) -> None:
        if self.down:
            raise UnavailableError("the queue does not answer")
        self.taken.append(json.loads(record))

    def flush(self) -> None:
        pass

    def offer(self, model_id: str, record: bytes) -> None:
        self.offered.append(json.loads(record))


class World:
    def __init__(self, *, signature: Any = SIGNATURE, **settings: Any) -> None:
        self.now = NOW
        self.store, self.audit = MemoryStore(), MemoryAudit()
        self.backend, self.records = Backend(), Records()
        self.model_id = register_model(
            name="Breast cancer", owner="o@example.org", store=self.store, audit=self.audit, actor="ann", now=NOW
        ).id
        for version in ("1", "2"):
            described = ModelVersion(
                model_id=self.model_id, version=version, created_at=NOW, created_by="ann", signature=signature
            )
            add_version(described, store=self.store, audit=self.audit, actor="ann", now=NOW)
        self.stages({"1": Stage.PRODUCTION, "2": Stage.STAGING})
        if settings.pop("served", True):
            self.set(**settings)
        self.gateway = Gateway(
            Serving(lambda model_id: read_state(self.store, model_id), clock=lambda: self.now),
            self.backend, self.records, lambda: self.now, pseudonyms=lambda: b"key", stream="test",
        )  # fmt: skip

    def set(self, **settings: Any) -> None:
        wanted = GatewaySettings.model_validate({**SETTINGS, **settings})
        set_gateway(self.model_id, wanted, store=self.store, audit=self.audit, actor="ann", now=self.now)

    def stages(self, held: dict[str, Stage], *, at: datetime | None = None) -> None:
        moment = at or self.now - timedelta(days=1)
        history = tuple(
            StageChange(version=version, source=Stage.DEVELOPMENT, target=stage, at=moment, by="ann", reason="tests")
            for version, stage in held.items()
        )
        stages = Stages(model_id=self.model_id, of=held, history=history)
        self.store.put(Record(stages_key(self.model_id), to_json(stages)))


def row(first: float = 80.0, **changes: Any) -> dict[str, Any]:
    return {**dict(zip(FEATURES, (first, 2.5, 900.0), strict=True)), **changes}
