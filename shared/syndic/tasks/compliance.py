"""Compliance: looks at a model again when its evidence changed, and does the daily work that no event asks for."""

from __future__ import annotations

from collections.abc import Callable

from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.models import DailyStepRequested, EvidenceChanged
from syndic.tasks.clouds import InspectedClouds
from syndic.tasks.messages import read_message, type_of
from syndic.tasks.schedule.daily import evaluate_daily, go_on

__all__ = ["evaluate_daily", "once_a_batch", "take"]


def once_a_batch() -> Callable[[str, InspectedClouds], None]:
    """`take` for the messages of one batch: a model whose evidence several tell of is looked at once.

    Its evidence was kept before any of them was sent, so that the first look sees all of it.
    """
    seen: set[str] = set()

    def take_first(body: str, clouds: InspectedClouds) -> None:
        told = None if type_of(body) == "DailyStepRequested" else read_message(body, EvidenceChanged)
        if told is not None and told.kinds and told.model_id in seen:
            return
        take(body, clouds)
        if told is not None:
            seen.add(told.model_id)

    return take_first


def take(body: str, clouds: InspectedClouds) -> None:
    """A message of the compliance queue: one change of evidence, or a step of the daily work."""
    if type_of(body) == "DailyStepRequested":
        go_on(read_message(body, DailyStepRequested), clouds)
        return
    change = read_message(body, EvidenceChanged)
    evaluate_model(change.model_id, store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now())
    clouds.count("ModelsEvaluated", trigger="evidence")
