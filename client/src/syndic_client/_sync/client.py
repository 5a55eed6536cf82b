# Made from ../_async by client/generate.py: change it there.
"""The client: where the API is, who asks, and a room for each concern."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import httpx

from syndic_client._sync.alerts import Alerts
from syndic_client._sync.audit import Audit
from syndic_client._sync.bias import Bias
from syndic_client._sync.compliance import Compliance
from syndic_client._sync.conformity import ConformityFiles
from syndic_client._sync.deployments import Deployments
from syndic_client._sync.drift import Drift
from syndic_client._sync.gateway import Gateway
from syndic_client._sync.models import Models
from syndic_client._sync.plans import Plans
from syndic_client._sync.quality import Quality
from syndic_client._sync.registry import Registry
from syndic_client._sync.reports import ReportJobs
from syndic_client._sync.systems import Inventory
from syndic_client._sync.transport import Transport
from syndic_client._sync.vendors import VendorRegister
from syndic_client.calls import READING, Call, Query, address_of, change, credential_of, path_of
from syndic_client.retries import Retries

VERSION: Final = "0.1.0"
NO_RETRIES: Final = Retries(attempts=1)


class GovernanceClient:
    """Syndic's API, blocking.

    Args:
        base_url: Such as ``https://syndic.example.org``, with or without ``/api/v1``.
        api_key: What the caller is known by.
        token: In its place an ID token, or a function that gives one for each request.
        timeout: Seconds that one attempt may take.
        retries: How patient to be. Everything is safe to send again: reading changes nothing, and what changes
            something carries an idempotency key.
        allow_http: Send the key over http to other machines than this one.
        transport: How requests travel, for proxies and tests.

    Raises:
        ConfigurationError: An address, a key or a token that is none.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        token: str | Callable[[], str] | None = None,
        timeout: float = 30.0,
        retries: Retries | None = None,
        allow_http: bool = False,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        address = address_of(base_url, allow_http=allow_http)
        credential = credential_of(api_key, token)
        http = httpx.Client(timeout=timeout, transport=transport, follow_redirects=False)
        self._api = Transport(address, credential, http, retries or Retries(), f"syndic-client/{VERSION}")
        self.models = Models(self._api)
        self.drift = Drift(self._api)
        self.bias = Bias(self._api)
        self.quality = Quality(self._api)
        self.compliance = Compliance(self._api)
        self.alerts = Alerts(self._api)
        self.audit = Audit(self._api)
        self.registry = Registry(self._api)
        self.reports = ReportJobs(self._api)
        self.deployments = Deployments(self._api)
        self.gateway = Gateway(self._api)
        self.systems = Inventory(self._api)
        self.vendors = VendorRegister(self._api)
        self.plans = Plans(self._api)
        self.conformity = ConformityFiles(self._api)

    def request(
        self, method: str, path: str, *, query: Query | None = None, body: object = None,
        if_match: str | None = None, idempotency_key: str | None = None,
    ) -> Any:  # fmt: skip
        """Any other request under ``/api/v1``, such as ``("GET", "/users")``, as plain JSON."""
        parts = path.strip("/").split("/")
        if method.upper() in READING:
            call = Call(method.upper(), path_of(*parts), query or {})
        else:
            made = change(method.upper(), *parts, body=body, key=idempotency_key, query=query)
            call = Call(made.method, made.path, made.query, made.body, if_match, made.key)
        anything: Any = object
        return self._api.ask(anything, call)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
