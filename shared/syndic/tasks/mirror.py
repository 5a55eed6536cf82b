"""The mirror: this cloud, which governs, and the other, which computes next to its data, exchange what is new."""

from __future__ import annotations

from typing import Any, Protocol

from syndic.discovery.follow_listing import seen
from syndic.mirror.exchange import Side, exchange
from syndic.models import RegisteredModel
from syndic.tasks.clouds import Clouds


class MirroredClouds(Clouds, Protocol):
    """Adapters of a function that reaches the other cloud."""

    @property
    def azure(self) -> Side | None:
        """The other cloud; None when it is not configured."""


def meet(clouds: MirroredClouds) -> dict[str, Any]:
    """Exchange once."""
    if clouds.azure is None:
        return {"exchanged": False, "reason": "Azure is not configured (SYNDIC_AZURE_STORAGE_ACCOUNT)"}
    here = Side(clouds.store, clouds.bus)
    report = exchange(here=here, there=clouds.azure, audit=clouds.audit, observe=observe, now=clouds.now())
    clouds.count("Exchanges", outcome="unavailable" if report.unavailable else "met")
    for direction, carried in (("pulled", report.pulled), ("pushed", report.pushed)):
        clouds.count("RecordsMirrored", carried.written, direction=direction)
        clouds.count("RecordsLeftOut", len(carried.left_out), direction=direction)
    return {"exchanged": report.unavailable is None, **report.model_dump(mode="json")}


def observe(theirs: RegisteredModel, ours: RegisteredModel | None) -> RegisteredModel:
    """A model after the other cloud's discovery saw it: the same rule by which discovery follows its own endpoints.

    A person's word stands until a tag of the endpoint changes.
    """
    if ours is None:
        return theirs
    observed = {"presence": theirs.presence, "last_seen_at": theirs.last_seen_at}
    if theirs.endpoint is None:
        return ours.model_copy(update=observed)
    return seen(theirs.endpoint, ours, now=theirs.registered_at).model_copy(update=observed)
