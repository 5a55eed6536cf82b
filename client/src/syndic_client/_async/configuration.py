"""Configuration files, and what runs by itself."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import Configuration
from syndic_client.calls import change, get
from syndic_client.schemas import ConfigurationReport, RetentionPolicy, Schedules


class AsyncConfigurationFiles:
    """The deployment's configuration."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    async def apply(self, *, dry_run: bool | None = None, **fields: Unpack[Configuration]) -> ConfigurationReport:
        """Apply configuration files. What in them has another meaning here, or none, is named in the answer."""
        call = change("PUT", "config", body=fields, query={"dry_run": dry_run})
        return await self._api.ask(ConfigurationReport, call)

    async def schedules(self) -> Schedules:
        """What runs by itself, how often, and when next."""
        return await self._api.ask(Schedules, get("dashboard", "schedules"))

    async def retention(self) -> RetentionPolicy:
        """For how long results are kept, and what stands for them afterwards."""
        return await self._api.ask(RetentionPolicy, get("retention"))

    async def set_retention(self, policy: RetentionPolicy) -> RetentionPolicy:
        """Keep results for other times: the daily work gives what is there its new time."""
        return await self._api.ask(RetentionPolicy, change("PUT", "retention", body=policy, of=policy))
