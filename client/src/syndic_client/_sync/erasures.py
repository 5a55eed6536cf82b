# Made from ../_async by client/generate.py: change it there.
"""Erasures of captured rows: planned, looked at, done exactly so."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import NewErasure, PlanToApply
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import ErasureErasure, Erasures, PlannedObject, PlannedObjects


class ErasureDesk:
    """Erasures of captured rows."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def list(self, *, model: ModelNamed | None = None, page_size: int | None = None) -> Pages[Erasures, ErasureErasure]:
        """Plans of erasures and what was done of them, the newest first."""
        which = None if model is None else id_of(model)
        call = get("erasures", model_id=which, limit=page_size)
        return Pages(self._api, Erasures, lambda page: page.erasures, call)

    def get(self, erasure: str | ErasureErasure) -> ErasureErasure:
        """An erasure: what its plan found, its hash, and what was done."""
        return self._api.ask(ErasureErasure, get("erasures", id_of(erasure)))

    def plan(self, *, idempotency_key: str | None = None, **fields: Unpack[NewErasure]) -> ErasureErasure:
        """Have an erasure planned: nothing is changed. What is found can be read here once it is `planned`."""
        call = change("POST", "erasures", body=fields, key=idempotency_key)
        return self._api.ask(ErasureErasure, call)

    def objects(
        self, erasure: str | ErasureErasure, *, page_size: int | None = None
    ) -> Pages[PlannedObjects, PlannedObject]:
        """The objects of a plan: which lines of each go, and what stays."""
        call = get("erasures", id_of(erasure), "objects", limit=page_size)
        return Pages(self._api, PlannedObjects, lambda page: page.objects, call)

    def apply(
        self, erasure: str | ErasureErasure, *, idempotency_key: str | None = None, **fields: Unpack[PlanToApply]
    ) -> ErasureErasure:
        """Have exactly this plan done. Refused unless the deployer allowed erasing, and while a legal hold is on it."""
        call = change("POST", "erasures", id_of(erasure), "apply", body=fields, of=erasure, key=idempotency_key)
        return self._api.ask(ErasureErasure, call)
