# Made from ../_async by client/generate.py: change it there.
"""The inventory: AI systems that are no endpoint."""

from __future__ import annotations

import datetime as dt
from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import NewSystem, SystemChanges
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import ListedSystem, Systems, SystemView


class Inventory:
    """Bought software, models behind an API, pilots, spreadsheets."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def list(
        self, *, state: str | None = None, owner: str | None = None, origin: str | None = None,
        vendor: str | None = None, model: ModelNamed | None = None, order: str | None = None,
        page_size: int | None = None,
    ) -> Pages[Systems, ListedSystem]:  # fmt: skip
        """The inventory, what is due for review first before. The first page has counts."""
        which = None if model is None else id_of(model)
        call = get(
            "systems", state=state, owner=owner, origin=origin, vendor=vendor, model=which, order=order, limit=page_size
        )
        return Pages(self._api, Systems, lambda page: page.systems, call)

    def get(self, system: str) -> SystemView:
        """A system: what is judged of it, what is missing, what is next."""
        return self._api.ask(SystemView, get("systems", system))

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewSystem]) -> SystemView:
        """Put a system into the inventory; it is registered like a model."""
        return self._api.ask(SystemView, change("POST", "systems", body=fields, key=idempotency_key))

    def change(self, system: str, **fields: Unpack[SystemChanges]) -> SystemView:
        """Change what is said of it, or move it on in its life."""
        return self._api.ask(SystemView, change("PATCH", "systems", system, body=fields))

    def review(self, system: str, *, next_review: dt.date | str) -> SystemView:
        """Say that it was reviewed today."""
        body = {"next_review": str(next_review)}
        return self._api.ask(SystemView, change("POST", "systems", system, "review", body=body))
