"""Requests of persons: what somebody asks for under the GDPR, and what was answered."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.entries import AsyncEntries
from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import Extension, IdentityFound, NewAnswer, NewRequest, OpenedAgain, RequestChange, TakenBack
from syndic_client.calls import ModelNamed, get, id_of
from syndic_client.schemas import Counts, PersonRequests, RequestView


class AsyncPersonRequestRegister:
    """The register of persons' requests."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api
        self._entries = AsyncEntries(api, "requests", RequestView)

    def list(
        self,
        *,
        state: str | None = None,
        right: str | None = None,
        owner: str | None = None,
        model: ModelNamed | None = None,
        order: str | None = None,
        page_size: int | None = None,
    ) -> AsyncPages[PersonRequests, RequestView]:
        """Requests that fit every filter given."""
        which = None if model is None else id_of(model)
        call = get("requests", state=state, right=right, owner=owner, model_id=which, order=order, limit=page_size)
        return AsyncPages(self._api, PersonRequests, lambda page: page.requests, call)

    async def counts(self, *, model: ModelNamed | None = None) -> Counts:
        """How many requests are in which state, and how urgent the open ones are."""
        which = None if model is None else id_of(model)
        return await self._api.ask(Counts, get("requests", "counts", model_id=which))

    async def get(self, request: str | RequestView) -> RequestView:
        """A request with its clock, and what may be done next."""
        return await self._entries.get(request)

    async def record(self, *, idempotency_key: str | None = None, **fields: Unpack[NewRequest]) -> RequestView:
        """Record a request. Its clock runs from receipt; what looks like a person in its texts is warned of."""
        return await self._entries.begin(fields, key=idempotency_key)

    async def change(self, request: str | RequestView, **fields: Unpack[RequestChange]) -> RequestView:
        """Change who answers it, what it is about, or its note."""
        return await self._entries.step("PATCH", request, body=fields)

    async def identify(
        self, request: str | RequestView, *, idempotency_key: str | None = None, **fields: Unpack[IdentityFound]
    ) -> RequestView:
        """Say whether it is known who asks. The clock runs on (Art. 12(6) gives no time)."""
        return await self._entries.step("POST", request, "identity", body=fields, key=idempotency_key)

    async def extend(
        self, request: str | RequestView, *, idempotency_key: str | None = None, **fields: Unpack[Extension]
    ) -> RequestView:
        """Take two further months, told within the first, with reasons (Art. 12(3))."""
        return await self._entries.step("POST", request, "extend", body=fields, key=idempotency_key)

    async def answer(
        self, request: str | RequestView, *, idempotency_key: str | None = None, **fields: Unpack[NewAnswer]
    ) -> RequestView:
        """Record what was answered. A refusal has a ground, a reason, and says where one can complain (Art. 12(4))."""
        return await self._entries.step("POST", request, "answer", body=fields, key=idempotency_key)

    async def withdraw(
        self, request: str | RequestView, *, idempotency_key: str | None = None, **fields: Unpack[TakenBack]
    ) -> RequestView:
        """Record that the person took it back."""
        return await self._entries.step("POST", request, "withdraw", body=fields, key=idempotency_key)

    async def reopen(
        self, request: str | RequestView, *, idempotency_key: str | None = None, **fields: Unpack[OpenedAgain]
    ) -> RequestView:
        """Open again what was answered or taken back. What was sent stays on record, and the clock runs on."""
        return await self._entries.step("POST", request, "reopen", body=fields, key=idempotency_key)
