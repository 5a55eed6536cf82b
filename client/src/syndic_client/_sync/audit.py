# Made from ../_async by client/generate.py: change it there.
"""The audit trail."""

from __future__ import annotations

import datetime as dt
from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import ErasureRequest, HoldRequest
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import (
    AuditErasure,
    EntryPage,
    HoldList,
    Leaves,
    LoggedEntry,
    ProvenEntry,
    ReadPage,
    SensitiveRead,
    SignedCheckpoint,
    Verification,
)


class Audit:
    """Who did what, and the proof that nothing was changed since."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def search(
        self, *, model: ModelNamed | None = None, subject: str | None = None, actor: str | None = None,
        action: str | None = None, since: dt.datetime | None = None, until: dt.datetime | None = None,
        page_size: int | None = None,
    ) -> Pages[EntryPage, LoggedEntry]:  # fmt: skip
        """Entries that fit every filter given, newest first. Times carry their zone."""
        call = get(
            "audit-logs", model=None if model is None else id_of(model), subject=subject, actor=actor, action=action,
            limit=page_size, **{"from": _time(since), "to": _time(until)},
        )  # fmt: skip
        return Pages(self._api, EntryPage, lambda page: page.entries, call)

    def list(self, *, subject: str | None = None, page_size: int | None = None) -> Pages[EntryPage, LoggedEntry]:
        """Entries about one subject such as ``model/credit-3f9a11``, or all, newest first."""
        call = get("audit", subject=subject, limit=page_size)
        return Pages(self._api, EntryPage, lambda page: page.entries, call)

    def reads(
        self, *, actor: str | None = None, path: str | None = None, since: dt.datetime | None = None,
        until: dt.datetime | None = None, page_size: int | None = None,
    ) -> Pages[ReadPage, SensitiveRead]:  # fmt: skip
        """Who was shown what that is sensitive, newest first."""
        times = {"from": _time(since), "to": _time(until)}
        call = get("access-log", actor=actor, path=path, limit=page_size, **times)
        return Pages(self._api, ReadPage, lambda page: page.reads, call)

    def holds(self) -> HoldList:
        """Legal holds: the subjects whose entries nobody may erase."""
        return self._api.ask(HoldList, get("audit-logs", "holds"))

    def hold(self, *, idempotency_key: str | None = None, **fields: Unpack[HoldRequest]) -> HoldList:
        """Place a legal hold on a subject, or lift it."""
        call = change("POST", "audit-logs", "holds", body=fields, key=idempotency_key)
        return self._api.ask(HoldList, call)

    def erase(self, *, idempotency_key: str | None = None, **fields: Unpack[ErasureRequest]) -> AuditErasure:
        """Erase contents and salts of a subject's entries. Their hashes stay; ask again while there are `more`."""
        call = change("POST", "audit-logs", "erasures", body=fields, key=idempotency_key)
        return self._api.ask(AuditErasure, call)

    def verify(self, *, size: int | None = None, root: str | None = None) -> Verification:
        """Whether the trail is whole, and holds what it held when it had this size and root."""
        return self._api.ask(Verification, get("audit", "verify", size=size, hash=root))

    def checkpoint(self) -> SignedCheckpoint:
        """The newest signed state of the trail."""
        return self._api.ask(SignedCheckpoint, get("audit-logs", "checkpoint"))

    def leaves(self, start: int, end: int) -> Leaves:
        """Hashes of entries from `start`, without `end`."""
        return self._api.ask(Leaves, get("audit-logs", "leaves", start=start, end=end))

    def proof(self, index: int) -> ProvenEntry:
        """One entry with the proof that it is in the trail."""
        return self._api.ask(ProvenEntry, get("audit-logs", str(index), "proof"))


def _time(at: dt.datetime | None) -> str | None:
    return None if at is None else at.isoformat()
