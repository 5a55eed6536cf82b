"""The record of processing activities (GDPR Art. 30)."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import NewProcessing, ProcessingChange
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import Counts, KnownDetails, ProcessingExport, ProcessingRecords, ProcessingView


class AsyncProcessingRegister:
    """The record of processing activities."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(
        self,
        *,
        state: str | None = None,
        role: str | None = None,
        owner: str | None = None,
        model: ModelNamed | None = None,
        order: str | None = None,
        page_size: int | None = None,
    ) -> AsyncPages[ProcessingRecords, ProcessingView]:
        """Processing activities that fit every filter given."""
        which = None if model is None else id_of(model)
        call = get(
            "processing-records", state=state, role=role, owner=owner, model_id=which, order=order, limit=page_size
        )
        return AsyncPages(self._api, ProcessingRecords, lambda page: page.records, call)

    async def counts(self, *, model: ModelNamed | None = None) -> Counts:
        """How many entries are in which state."""
        which = None if model is None else id_of(model)
        return await self._api.ask(Counts, get("processing-records", "counts", model_id=which))

    async def known(self, model: ModelNamed) -> KnownDetails:
        """What Syndic knows of the processing by a model: to begin an entry with."""
        return await self._api.ask(KnownDetails, get("processing-records", "known", model_id=id_of(model)))

    async def export(self, *, form: str | None = None) -> ProcessingExport:
        """The record as an authority asks for it (Art. 30(4)), with what is missing said where it belongs."""
        return await self._api.ask(ProcessingExport, get("processing-records", "export", form=form))

    async def get(self, processing: str | ProcessingView) -> ProcessingView:
        """An entry with what is missing of it, and what Syndic knows."""
        return await self._api.ask(ProcessingView, get("processing-records", id_of(processing)))

    async def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewProcessing]) -> ProcessingView:
        """Enter a processing activity, as far as it is known."""
        call = change("POST", "processing-records", body=fields, key=idempotency_key)
        return await self._api.ask(ProcessingView, call)

    async def change(self, processing: str | ProcessingView, **fields: Unpack[ProcessingChange]) -> ProcessingView:
        """Change an entry, or some fields of its contents; what was confirmed has to be confirmed again."""
        call = change("PATCH", "processing-records", id_of(processing), body=fields, of=processing)
        return await self._api.ask(ProcessingView, call)

    async def confirm(self, processing: str | ProcessingView, *, idempotency_key: str | None = None) -> ProcessingView:
        """Confirm that an entry is complete and right. Refused while something is missing or contradicts."""
        call = change("POST", "processing-records", id_of(processing), "confirm", of=processing, key=idempotency_key)
        return await self._api.ask(ProcessingView, call)

    async def retire(self, processing: str | ProcessingView, *, idempotency_key: str | None = None) -> ProcessingView:
        """Say that the processing has ended."""
        call = change("POST", "processing-records", id_of(processing), "retire", of=processing, key=idempotency_key)
        return await self._api.ask(ProcessingView, call)
