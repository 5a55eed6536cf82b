"""Entries of a register: read, begun, and taken a step further."""

from __future__ import annotations

from typing import Generic, TypeVar

from syndic_client._async.transport import AsyncTransport
from syndic_client.calls import Identified, change, get, id_of
from syndic_client.records import Record

T = TypeVar("T", bound=Record)


class AsyncEntries(Generic[T]):
    """What the rooms of registers have alike: each step answers with the entry as it is then.

    Args:
        api: The transport.
        register: The register, as paths have it.
        view: What an entry is answered as.
    """

    def __init__(self, api: AsyncTransport, register: str, view: type[T]) -> None:
        self._api, self._register, self._view = api, register, view

    async def get(self, entry: str | Identified) -> T:
        """An entry as it is."""
        return await self._api.ask(self._view, get(self._register, id_of(entry)))

    async def begin(self, fields: object, *, key: str | None) -> T:
        """Put an entry on record."""
        return await self._api.ask(self._view, change("POST", self._register, body=fields, key=key))

    async def step(self, method: str, entry: str | Identified, *parts: str, body: object, key: str | None = None) -> T:
        """Change an entry: one that was read only if nobody changed it meanwhile, by its id whatever it is."""
        call = change(method, self._register, id_of(entry), *parts, body=body, of=entry, key=key)
        return await self._api.ask(self._view, call)
