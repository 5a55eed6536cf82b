"""Silences: alerts that are kept quiet for a time."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import SilenceSettings
from syndic_client.calls import change, get, id_of
from syndic_client.schemas import Silence, SilenceDryRun, Silences


class AsyncAlertSilences:
    """Silences of alerts."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    async def list(self) -> Silences:
        """Silences that are in force or begin later."""
        return await self._api.ask(Silences, get("alerts", "silences"))

    async def get(self, silence: str | Silence) -> Silence:
        """A silence, also one that has ended."""
        return await self._api.ask(Silence, get("alerts", "silences", id_of(silence)))

    async def begin(self, *, idempotency_key: str | None = None, **fields: Unpack[SilenceSettings]) -> Silence:
        """Keep alerts that match quiet for a time. They stay where they are seen."""
        call = change("POST", "alerts", "silences", body=fields, key=idempotency_key)
        return await self._api.ask(Silence, call)

    async def end(self, silence: str | Silence) -> Silence:
        """End a silence now."""
        call = change("DELETE", "alerts", "silences", id_of(silence))
        return await self._api.ask(Silence, call)

    async def try_out(self, *, idempotency_key: str | None = None, **fields: Unpack[SilenceSettings]) -> SilenceDryRun:
        """What a silence would have kept quiet in the past 30 days, and what it keeps quiet now. Nothing is kept."""
        call = change("POST", "alerts", "silences", "dry-run", body=fields, key=idempotency_key)
        return await self._api.ask(SilenceDryRun, call)
