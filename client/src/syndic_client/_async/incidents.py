"""Incidents: what went wrong, who is owed a report by when, what is done about it."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.entries import AsyncEntries
from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import (
    IncidentChange,
    IncidentClosing,
    IncidentMeasureChange,
    IncidentReopening,
    NewIncident,
    NewIncidentMeasure,
    NewIncidentReport,
)
from syndic_client.calls import ModelNamed, get, id_of
from syndic_client.schemas import Counts, DraftAnswer, IncidentAssessment, Incidents, IncidentView


class AsyncIncidentRegister:
    """The register of incidents."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api
        self._entries = AsyncEntries(api, "incidents", IncidentView)

    def list(
        self,
        *,
        state: str | None = None,
        owner: str | None = None,
        model: ModelNamed | None = None,
        source: str | None = None,
        order: str | None = None,
        page_size: int | None = None,
    ) -> AsyncPages[Incidents, IncidentView]:
        """Incidents that fit every filter given."""
        which = None if model is None else id_of(model)
        call = get("incidents", state=state, owner=owner, model_id=which, source=source, order=order, limit=page_size)
        return AsyncPages(self._api, Incidents, lambda page: page.incidents, call)

    async def counts(self, *, model: ModelNamed | None = None) -> Counts:
        """How many incidents are in which state, and how urgent the open ones are."""
        which = None if model is None else id_of(model)
        return await self._api.ask(Counts, get("incidents", "counts", model_id=which))

    async def get(self, incident: str | IncidentView) -> IncidentView:
        """An incident with its clocks, reports and measures, and what may be done next."""
        return await self._entries.get(incident)

    async def open(self, *, idempotency_key: str | None = None, **fields: Unpack[NewIncident]) -> IncidentView:
        """Open an incident. The state of its models is taken down; the clocks run from when it became known."""
        return await self._entries.begin(fields, key=idempotency_key)

    async def change(self, incident: str | IncidentView, **fields: Unpack[IncidentChange]) -> IncidentView:
        """Change what is known. Another moment of awareness moves the clocks, and needs a reason."""
        return await self._entries.step("PATCH", incident, body=fields)

    async def assess(self, incident: str | IncidentView, assessment: IncidentAssessment) -> IncidentView:
        """Decide whether it is serious and whether it is a breach. What is undecided keeps its clock running."""
        return await self._entries.step("PUT", incident, "assessment", body=assessment)

    async def report(
        self, incident: str | IncidentView, *, idempotency_key: str | None = None, **fields: Unpack[NewIncidentReport]
    ) -> IncidentView:
        """Record that somebody was told. The first report to whoever is owed one ends its clock."""
        return await self._entries.step("POST", incident, "reports", body=fields, key=idempotency_key)

    async def draft(self, incident: str | IncidentView, recipient: str, *, stage: str | None = None) -> DraftAnswer:
        """A draft of what is to be sent, field by field and as Markdown; what is not on record is marked as unknown."""
        return await self._api.ask(DraftAnswer, get("incidents", id_of(incident), "drafts", recipient, stage=stage))

    async def add_measure(
        self, incident: str | IncidentView, *, idempotency_key: str | None = None, **fields: Unpack[NewIncidentMeasure]
    ) -> IncidentView:
        """Record what is to be done."""
        return await self._entries.step("POST", incident, "measures", body=fields, key=idempotency_key)

    async def change_measure(
        self, incident: str | IncidentView, measure: str, **fields: Unpack[IncidentMeasureChange]
    ) -> IncidentView:
        """Say that a measure is done, or why it is not going to be."""
        return await self._entries.step("PATCH", incident, "measures", measure, body=fields)

    async def close(
        self, incident: str | IncidentView, *, idempotency_key: str | None = None, **fields: Unpack[IncidentClosing]
    ) -> IncidentView:
        """Close an incident. Refused while somebody is owed a report, or a decision, cause or measure is open."""
        return await self._entries.step("POST", incident, "close", body=fields, key=idempotency_key)

    async def reopen(
        self, incident: str | IncidentView, *, idempotency_key: str | None = None, **fields: Unpack[IncidentReopening]
    ) -> IncidentView:
        """Open a closed incident again."""
        return await self._entries.step("POST", incident, "reopen", body=fields, key=idempotency_key)
