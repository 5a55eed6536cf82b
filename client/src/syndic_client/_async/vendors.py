"""Vendors: who supplies what, what was agreed, what they answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import AgreementFacts, NewVendor, VendorChanges
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import ListedVendor, Vendors, VendorView


class AsyncVendorRegister:
    """The register of vendors."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(
        self, *, state: str | None = None, owner: str | None = None, supplies: str | None = None,
        model: ModelNamed | None = None, order: str | None = None, page_size: int | None = None,
    ) -> AsyncPages[Vendors, ListedVendor]:  # fmt: skip
        """Vendors, whose agreement, answers or review are due first before. The first page has counts."""
        which = None if model is None else id_of(model)
        call = get("vendors", state=state, owner=owner, supplies=supplies, model=which, order=order, limit=page_size)
        return AsyncPages(self._api, Vendors, lambda page: page.vendors, call)

    async def get(self, vendor: str) -> VendorView:
        """A vendor, what is missing of it, and the questionnaire with its answers."""
        return await self._api.ask(VendorView, get("vendors", vendor))

    async def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewVendor]) -> VendorView:
        """Put a vendor into the register."""
        return await self._api.ask(VendorView, change("POST", "vendors", body=fields, key=idempotency_key))

    async def change(self, vendor: str, **fields: Unpack[VendorChanges]) -> VendorView:
        """Change what is said of it, which models depend on it, or end the relation."""
        return await self._api.ask(VendorView, change("PATCH", "vendors", vendor, body=fields))

    async def agree(
        self, vendor: str, *, idempotency_key: str | None = None, **fields: Unpack[AgreementFacts]
    ) -> VendorView:
        """Record an agreement in writing."""
        call = change("POST", "vendors", vendor, "agreements", body=fields, key=idempotency_key)
        return await self._api.ask(VendorView, call)

    async def end_agreement(self, vendor: str, agreement: str, *, ended_on: dt.date | str, because: str) -> VendorView:
        """Say that an agreement holds no longer, before its own end."""
        body = {"ended_on": str(ended_on), "because": because}
        return await self._api.ask(
            VendorView, change("POST", "vendors", vendor, "agreements", agreement, "end", body=body)
        )

    async def answer(self, vendor: str, answers: Mapping[str, Mapping[str, Any]]) -> VendorView:
        """Answer the due-diligence questionnaire, all questions at once."""
        body = {"answers": answers}
        return await self._api.ask(VendorView, change("PUT", "vendors", vendor, "questionnaire", body=body))

    async def review(self, vendor: str, *, next_review: dt.date | str) -> VendorView:
        """Say that it was reviewed today."""
        body = {"next_review": str(next_review)}
        return await self._api.ask(VendorView, change("POST", "vendors", vendor, "review", body=body))
