# Made from ../_async by client/generate.py: change it there.
"""Keys of programs."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import NewKey
from syndic_client.calls import change, get, id_of
from syndic_client.schemas import MadeKey, ShownKey, ShownKeys


class ProgramKeys:
    """Keys by which programs ask; a key itself makes none."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def list(self, *, page_size: int | None = None) -> Pages[ShownKeys, ShownKey]:
        """One's own keys, and an admin's view of everybody's, without secrets."""
        call = get("keys", limit=page_size)
        return Pages(self._api, ShownKeys, lambda page: page.keys, call)

    def make(self, *, idempotency_key: str | None = None, **fields: Unpack[NewKey]) -> MadeKey:
        """Make a key for a program. Its secret is shown in this answer only. It never does more than its maker may."""
        call = change("POST", "keys", body=fields, key=idempotency_key)
        return self._api.ask(MadeKey, call)

    def end(self, key: str | ShownKey) -> ShownKey:
        """End a key at once: one's own, or as an admin anybody's."""
        call = change("DELETE", "keys", id_of(key))
        return self._api.ask(ShownKey, call)
