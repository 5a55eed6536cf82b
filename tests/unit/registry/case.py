"""A small registry to test on: one model that is one step from production."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.models import ComplianceStatus, Evidence, EvidenceStatus, RiskDecision, RiskLevel
from syndic.records import put_evidence
from syndic.registry.models import Artefact, Decision, ModelVersion, TrainingData, Vote
from syndic.registry.versions.versions import add_version, change_status, decide_risk, register_model

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PROFILE: dict[str, Any] = {
    "intended_purpose": "rank loan applications for a clerk",
    "limitations": "not for companies",
    "data_sources": ("loan book 2018",),
    "oversight_plan": "a clerk decides every refusal",
}


class Registry:
    """A store, an audit trail and a model in them."""

    def __init__(self, **profile: Any) -> None:
        self.store, self.audit = MemoryStore(), MemoryAudit()
        self.model = register_model(
            name="Car loan",
            owner="owner@example.com",
            store=self.store,
            audit=self.audit,
            actor="ann",
            now=NOW,
            **profile,
        )

    def version(self, name: str, **changes: Any) -> ModelVersion:
        values: dict[str, Any] = {
            "training": TrainingData(dataset_sha256="a" * 64, rows=1000, features=7),
            "metrics": {"auc": 0.9},
            "artefacts": (
                Artefact(name="classification_report.json", location="s3://b/r.json"),
                Artefact(name="confusion_matrix.png", location="s3://b/c.png"),
            ),
            "created_by": "ann",
            **changes,
        }
        described = ModelVersion(model_id=self.model.id, version=name, created_at=NOW, **values)
        return add_version(described, store=self.store, audit=self.audit, actor="ann", now=NOW)

    def approve_model(self) -> None:
        decision = RiskDecision(
            level=RiskLevel.HIGH, reason="creditworthiness, Annex III 5(b)", decided_by="cora", decided_at=NOW
        )
        decide_risk(self.model.id, decision, store=self.store, audit=self.audit, now=NOW)
        for status in (ComplianceStatus.UNDER_REVIEW, ComplianceStatus.APPROVED):
            change_status(
                self.model.id, status, reason="reviewed", store=self.store, audit=self.audit, actor="cora", now=NOW
            )

    def evidence(
        self, kind: str, status: EvidenceStatus = EvidenceStatus.PASSING, *, age: timedelta = timedelta(hours=1)
    ) -> None:
        put_evidence(
            self.store,
            Evidence(
                kind=kind, model_id=self.model.id, status=status, summary=f"{kind} is {status}", source="report/1",
                sha256="b" * 64, produced_at=NOW - age,
            ),
        )  # fmt: skip


def vote(actor: str, role: str, decision: Decision = Decision.APPROVE) -> Vote:
    return Vote(actor=actor, role=role, decision=decision, comment="looked at it", at=NOW)
