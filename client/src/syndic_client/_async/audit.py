"""The audit trail."""

from __future__ import annotations

import datetime as dt

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.calls import ModelNamed, get, id_of
from syndic_client.schemas import EntryPage, Leaves, LoggedEntry, ProvenEntry, SignedCheckpoint, Verification


class AsyncAudit:
    """Who did what, and the proof that nothing was changed since."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def search(
        self, *, model: ModelNamed | None = None, subject: str | None = None, actor: str | None = None,
        action: str | None = None, since: dt.datetime | None = None, until: dt.datetime | None = None,
        page_size: int | None = None,
    ) -> AsyncPages[EntryPage, LoggedEntry]:  # fmt: skip
        """Entries that fit every filter given, newest first. Times carry their zone."""
        call = get(
            "audit-logs", model=None if model is None else id_of(model), subject=subject, actor=actor, action=action,
            limit=page_size, **{"from": _time(since), "to": _time(until)},
        )  # fmt: skip
        return AsyncPages(self._api, EntryPage, lambda page: page.entries, call)

    def list(self, *, subject: str | None = None, page_size: int | None = None) -> AsyncPages[EntryPage, LoggedEntry]:
        """Entries about one subject such as ``model/credit-3f9a11``, or all, newest first."""
        call = get("audit", subject=subject, limit=page_size)
        return AsyncPages(self._api, EntryPage, lambda page: page.entries, call)

    async def verify(self, *, size: int | None = None, root: str | None = None) -> Verification:
        """Whether the trail is whole, and holds what it held when it had this size and root."""
        return await self._api.ask(Verification, get("audit", "verify", size=size, hash=root))

    async def checkpoint(self) -> SignedCheckpoint:
        """The newest signed state of the trail."""
        return await self._api.ask(SignedCheckpoint, get("audit-logs", "checkpoint"))

    async def leaves(self, start: int, end: int) -> Leaves:
        """Hashes of entries from `start`, without `end`."""
        return await self._api.ask(Leaves, get("audit-logs", "leaves", start=start, end=end))

    async def proof(self, index: int) -> ProvenEntry:
        """One entry with the proof that it is in the trail."""
        return await self._api.ask(ProvenEntry, get("audit-logs", str(index), "proof"))


def _time(at: dt.datetime | None) -> str | None:
    return None if at is None else at.isoformat()
