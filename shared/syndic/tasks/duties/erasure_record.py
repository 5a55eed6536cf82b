"""What the daily run keeps of erasures. Apart from the work itself, which reads captured rows and loads far more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from syndic.erasure.evidence import erasure_evidence
from syndic.erasure.store import erasures_of
from syndic.models import RegisteredModel
from syndic.records import renew_evidence
from syndic.tasks.clouds import Clouds

RENEWED: Final = timedelta(days=3)


def record_erasures(clouds: Clouds, models: Iterable[RegisteredModel]) -> int:
    """Keep what the erasures of models left behind, none included; returns how much evidence was written."""
    return sum(
        len(renew_evidence(clouds.store, (erasure_evidence(model.id, left, clouds.now()),), every=RENEWED))
        for model in models
        for left in (erasures_of(clouds.store, model.id),)
    )
