"""The mirror: this cloud, which governs, and the other, which computes next to its data, exchange what is new."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from syndic.audit.verification.anchors import anchor
from syndic.discovery.follow_listing import seen
from syndic.errors import UnavailableError
from syndic.mirror.exchange import Side, exchange
from syndic.models import RegisteredModel
from syndic.tasks.clouds import Clouds

log = logging.getLogger(__name__)


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
    if report.unavailable is None:
        _anchor(clouds, clouds.azure)
    return {"exchanged": report.unavailable is None, **report.model_dump(mode="json")}


def _anchor(clouds: MirroredClouds, azure: Side) -> None:
    """Make Azure's trail part of this one. An Azure that falls silent meanwhile is noticed by the next exchange."""
    try:
        found = anchor(trail=azure.store, store=clouds.store, audit=clouds.audit, now=clouds.now())
    except UnavailableError as error:
        log.warning("Azure's trail was not anchored", extra={"reason": str(error)})
        clouds.count("AnchoringsMissed")
        return
    if found.problem is not None:
        log.error("Azure's trail is not what was anchored", extra={"reason": found.problem})
        clouds.count("AnchorsBroken")


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
