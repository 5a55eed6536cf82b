# Made from ../_async by client/generate.py: change it there.
"""The record of processing activities (GDPR Art. 30)."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import NewProcessing, ProcessingChange
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import Counts, KnownDetails, ProcessingExport, ProcessingRecords, ProcessingView


class ProcessingRegister:
    """The record of processing activities."""

    def __init__(self, api: Transport) -> None:
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
    ) -> Pages[ProcessingRecords, ProcessingView]:
        """Processing activities that fit every filter given."""
        which = None if model is None else id_of(model)
        call = get(
            "processing-records", state=state, role=role, owner=owner, model_id=which, order=order, limit=page_size
        )
        return Pages(self._api, ProcessingRecords, lambda page: page.records, call)

    def counts(self, *, model: ModelNamed | None = None) -> Counts:
        """How many entries are in which state."""
        which = None if model is None else id_of(model)
        return self._api.ask(Counts, get("processing-records", "counts", model_id=which))

    def known(self, model: ModelNamed) -> KnownDetails:
        """What Syndic knows of the processing by a model: to begin an entry with."""
        return self._api.ask(KnownDetails, get("processing-records", "known", model_id=id_of(model)))

    def export(self, *, form: str | None = None) -> ProcessingExport:
        """The record as an authority asks for it (Art. 30(4)), with what is missing said where it belongs."""
        return self._api.ask(ProcessingExport, get("processing-records", "export", form=form))

    def get(self, processing: str | ProcessingView) -> ProcessingView:
        """An entry with what is missing of it, and what Syndic knows."""
        return self._api.ask(ProcessingView, get("processing-records", id_of(processing)))

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewProcessing]) -> ProcessingView:
        """Enter a processing activity, as far as it is known."""
        call = change("POST", "processing-records", body=fields, key=idempotency_key)
        return self._api.ask(ProcessingView, call)

    def change(self, processing: str | ProcessingView, **fields: Unpack[ProcessingChange]) -> ProcessingView:
        """Change an entry, or some fields of its contents; what was confirmed has to be confirmed again."""
        call = change("PATCH", "processing-records", id_of(processing), body=fields, of=processing)
        return self._api.ask(ProcessingView, call)

    def confirm(self, processing: str | ProcessingView, *, idempotency_key: str | None = None) -> ProcessingView:
        """Confirm that an entry is complete and right. Refused while something is missing or contradicts."""
        call = change("POST", "processing-records", id_of(processing), "confirm", of=processing, key=idempotency_key)
        return self._api.ask(ProcessingView, call)

    def retire(self, processing: str | ProcessingView, *, idempotency_key: str | None = None) -> ProcessingView:
        """Say that the processing has ended."""
        call = change("POST", "processing-records", id_of(processing), "retire", of=processing, key=idempotency_key)
        return self._api.ask(ProcessingView, call)
