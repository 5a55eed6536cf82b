"""The inventory: AI systems that are no endpoint."""

from __future__ import annotations

import datetime as dt
from typing import Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import NewSystem, SystemChanges
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import ListedSystem, Systems, SystemView


class AsyncInventory:
    """Bought software, models behind an API, pilots, spreadsheets."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(
        self, *, state: str | None = None, owner: str | None = None, origin: str | None = None,
        vendor: str | None = None, model: ModelNamed | None = None, order: str | None = None,
        page_size: int | None = None,
    ) -> AsyncPages[Systems, ListedSystem]:  # fmt: skip
        """The inventory, what is due for review first before. The first page has counts."""
        which = None if model is None else id_of(model)
        call = get(
            "systems", state=state, owner=owner, origin=origin, vendor=vendor, model=which, order=order, limit=page_size
        )
        return AsyncPages(self._api, Systems, lambda page: page.systems, call)

    async def get(self, system: str) -> SystemView:
        """A system: what is judged of it, what is missing, what is next."""
        return await self._api.ask(SystemView, get("systems", system))

    async def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewSystem]) -> SystemView:
        """Put a system into the inventory; it is registered like a model."""
        return await self._api.ask(SystemView, change("POST", "systems", body=fields, key=idempotency_key))

    async def change(self, system: str, **fields: Unpack[SystemChanges]) -> SystemView:
        """Change what is said of it, or move it on in its life."""
        return await self._api.ask(SystemView, change("PATCH", "systems", system, body=fields))

    async def review(self, system: str, *, next_review: dt.date | str) -> SystemView:
        """Say that it was reviewed today."""
        body = {"next_review": str(next_review)}
        return await self._api.ask(SystemView, change("POST", "systems", system, "review", body=body))
