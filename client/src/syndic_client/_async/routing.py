"""The routing of alerts: which go where, in Alertmanager's words."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import RoutingTrial
from syndic_client.calls import change, get
from syndic_client.schemas import KeptRouting, Routing, RoutingDryRun


class AsyncAlertRouting:
    """The tree of routes."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    async def get(self) -> KeptRouting:
        """The routing in force: a tree of routes, inhibit rules and time intervals, in Alertmanager's words."""
        return await self._api.ask(KeptRouting, get("alerts", "routes"))

    async def set(self, routing: Routing, *, of: KeptRouting | None = None) -> KeptRouting:
        """Set the routing: the next run tells by it. Earlier versions are kept."""
        call = change("PUT", "alerts", "routes", body=routing, of=of)
        return await self._api.ask(KeptRouting, call)

    async def remove(self, *, of: KeptRouting | None = None) -> KeptRouting:
        """Remove the routing: owners, and each receiver by its own conditions, are told again."""
        call = change("DELETE", "alerts", "routes", of=of)
        return await self._api.ask(KeptRouting, call)

    async def try_out(self, *, idempotency_key: str | None = None, **fields: Unpack[RoutingTrial]) -> RoutingDryRun:
        """What a routing would have told in the past 30 days. Nothing is sent or kept."""
        call = change("POST", "alerts", "routes", "dry-run", body=fields, key=idempotency_key)
        return await self._api.ask(RoutingDryRun, call)
