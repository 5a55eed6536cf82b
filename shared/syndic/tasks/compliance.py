"""Compliance: looks at a model again when its evidence changed, and does the daily work that no event asks for."""

from __future__ import annotations

from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.models import DailyStepRequested, EvidenceChanged
from syndic.tasks.clouds import InspectedClouds
from syndic.tasks.daily import evaluate_daily, go_on
from syndic.tasks.messages import read_message, type_of

__all__ = ["evaluate_daily", "take"]


def take(body: str, clouds: InspectedClouds) -> None:
    """A message of the compliance queue: one change of evidence, or a step of the daily work."""
    if type_of(body) == "DailyStepRequested":
        go_on(read_message(body, DailyStepRequested), clouds)
        return
    change = read_message(body, EvidenceChanged)
    evaluate_model(change.model_id, store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now())
    clouds.count("ModelsEvaluated", trigger="evidence")
