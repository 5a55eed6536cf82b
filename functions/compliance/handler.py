"""Compliance: looks at a model again when its evidence changed, and at all models once a day."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message, read_message
from functions.metrics import count
from syndic.audit.recording import record_verification
from syndic.compliance.use_cases import evaluate_all, evaluate_model
from syndic.models import EvidenceChanged


def evaluate(body: str) -> None:
    """Take one change of evidence."""
    change, clouds = read_message(body, EvidenceChanged), wiring.wired()
    evaluate_model(change.model_id, store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now())
    count("ModelsEvaluated", trigger="evidence")


def evaluate_daily() -> dict[str, Any]:
    """Evidence expires and deadlines pass without any event; the audit trail is verified, which is evidence too."""
    clouds = wiring.wired()
    trail = record_verification(store=clouds.store, now=clouds.now())
    count("AuditVerified", outcome="intact" if trail.intact else "faulty")
    report = evaluate_all(store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now())
    count("ModelsEvaluated", report.models, trigger="schedule")
    return report.model_dump(mode="json")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the compliance queue, or the daily schedule."""
    return each_message(event, evaluate) if "Records" in event else evaluate_daily()
