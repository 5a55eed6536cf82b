"""The client before the real handler: each request becomes what API Gateway would hand to the function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from functions.api.handler import handler
from syndic_client import AsyncGovernanceClient, GovernanceClient, Retries
from tests.edges.conftest import Context
from tests.edges.envelopes import PEOPLE, api_request

ADDRESS = "https://syndic.example.org"
AT_ONCE = Retries(first_wait=0.0)


@dataclass
class Gateway:
    """What lies between: it counts, and loses or delays answers when told to.

    `lost`: answers that will not come although the function ran. `instead`: answers that are given without it.
    `sent`: takes files that are sent to addresses which were handed out.
    """

    lost: int = 0
    instead: list[httpx.Response] = field(default_factory=list)
    seen: list[httpx.Request] = field(default_factory=list)
    sent: Callable[[str, bytes], object] | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "uploads.invalid" and self.sent is not None:
            return self._taken(request)
        self.seen.append(request)
        if self.instead:
            return self.instead.pop(0)
        answer = handler(event_of(request), Context())
        if self.lost:
            self.lost -= 1
            raise httpx.ReadError("the connection broke", request=request)
        headers = [(name, value) for name, values in answer["multiValueHeaders"].items() for value in values]
        return httpx.Response(answer["statusCode"], headers=headers, content=(answer["body"] or "").encode())

    def _taken(self, request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        assert self.sent is not None
        if len(request.content) != int(request.url.params["size"]):
            return httpx.Response(403)
        self.sent(f"s3:/{request.url.path}", request.content)
        return httpx.Response(200)

    def client(self, person: str = "admin", **options: Any) -> GovernanceClient:
        options = {"retries": AT_ONCE, "transport": httpx.MockTransport(self), **options}
        return GovernanceClient(ADDRESS, api_key=person, **options)

    def async_client(self, person: str = "admin", **options: Any) -> AsyncGovernanceClient:
        options = {"retries": AT_ONCE, "transport": httpx.MockTransport(self), **options}
        return AsyncGovernanceClient(ADDRESS, api_key=person, **options)


def event_of(request: httpx.Request) -> dict[str, Any]:
    """The request as API Gateway tells it. Who asks follows from the bearer token: one of `PEOPLE`."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    return api_request(
        request.method,
        request.url.path,
        query=request.url.query.decode(),
        headers=dict(request.headers),
        body=request.content or None,
        person=token if token in PEOPLE else None,
    )
