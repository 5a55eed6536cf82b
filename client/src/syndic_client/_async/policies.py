"""Policies of the organisation: their texts, who has to read them, when they are reviewed."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import NewPolicy, PolicyText, Readers, TextRead
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import Calendar, PolicyDocuments, PolicyTemplate, PolicyTemplates, PolicyView


class AsyncPolicyRegister:
    """The register of policies."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(
        self, *, state: str | None = None, owner: str | None = None, page_size: int | None = None
    ) -> AsyncPages[PolicyDocuments, PolicyView]:
        """Policies that fit every filter given."""
        call = get("policy-documents", state=state, owner=owner, limit=page_size)
        return AsyncPages(self._api, PolicyDocuments, lambda page: page.policies, call)

    async def templates(self) -> PolicyTemplates:
        """Texts to begin with; what stands in brackets is for the organisation to fill in."""
        return await self._api.ask(PolicyTemplates, get("policy-documents", "templates"))

    async def template(self, template: str) -> PolicyTemplate:
        """One template."""
        return await self._api.ask(PolicyTemplate, get("policy-documents", "templates", template))

    async def get(self, policy: str | PolicyView) -> PolicyView:
        """A policy."""
        return await self._api.ask(PolicyView, get("policy-documents", id_of(policy)))

    async def begin(self, *, idempotency_key: str | None = None, **fields: Unpack[NewPolicy]) -> PolicyView:
        """Begin a policy, from a template or of one's own."""
        call = change("POST", "policy-documents", body=fields, key=idempotency_key)
        return await self._api.ask(PolicyView, call)

    async def set_text(self, policy: str | PolicyView, **fields: Unpack[PolicyText]) -> PolicyView:
        """Put a text in force. It has to be acknowledged anew where it is another one."""
        call = change("PUT", "policy-documents", id_of(policy), "text", body=fields, of=policy)
        return await self._api.ask(PolicyView, call)

    async def set_readers(self, policy: str | PolicyView, **fields: Unpack[Readers]) -> PolicyView:
        """Say who has to acknowledge a policy."""
        call = change("PUT", "policy-documents", id_of(policy), "readers", body=fields, of=policy)
        return await self._api.ask(PolicyView, call)

    async def acknowledge(
        self, policy: str | PolicyView, *, idempotency_key: str | None = None, **fields: Unpack[TextRead]
    ) -> PolicyView:
        """Say that you have read the text in force."""
        call = change(
            "POST", "policy-documents", id_of(policy), "acknowledge", body=fields, of=policy, key=idempotency_key
        )
        return await self._api.ask(PolicyView, call)

    async def review(self, policy: str | PolicyView, *, idempotency_key: str | None = None) -> PolicyView:
        """Say that a policy was reviewed and stays as it is."""
        call = change("POST", "policy-documents", id_of(policy), "review", of=policy, key=idempotency_key)
        return await self._api.ask(PolicyView, call)

    async def retire(self, policy: str | PolicyView, *, idempotency_key: str | None = None) -> PolicyView:
        """Take a policy out of force."""
        call = change("POST", "policy-documents", id_of(policy), "retire", of=policy, key=idempotency_key)
        return await self._api.ask(PolicyView, call)

    async def calendar(
        self, *, days: int | None = None, owner: str | None = None, model: ModelNamed | None = None
    ) -> Calendar:
        """What is due of whom in the days to come, and what is overdue: signatures, reviews, trainings, clocks."""
        which = None if model is None else id_of(model)
        return await self._api.ask(Calendar, get("calendar", days=days, owner=owner, model_id=which))
