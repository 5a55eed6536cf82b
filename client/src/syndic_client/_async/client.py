"""The client: where the API is, who asks, and a room for each concern."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import httpx

from syndic_client._async.alerts import AsyncAlerts
from syndic_client._async.assignments import AsyncAssignmentRegister
from syndic_client._async.audit import AsyncAudit
from syndic_client._async.bias import AsyncBias
from syndic_client._async.compliance import AsyncCompliance
from syndic_client._async.configuration import AsyncConfigurationFiles
from syndic_client._async.conformity import AsyncConformityFiles
from syndic_client._async.deployments import AsyncDeployments
from syndic_client._async.drift import AsyncDrift
from syndic_client._async.erasures import AsyncErasureDesk
from syndic_client._async.gateway import AsyncGateway
from syndic_client._async.identity import AsyncIdentity
from syndic_client._async.incidents import AsyncIncidentRegister
from syndic_client._async.keys import AsyncProgramKeys
from syndic_client._async.models import AsyncModels
from syndic_client._async.person_requests import AsyncPersonRequestRegister
from syndic_client._async.plans import AsyncPlans
from syndic_client._async.policies import AsyncPolicyRegister
from syndic_client._async.processing import AsyncProcessingRegister
from syndic_client._async.quality import AsyncQuality
from syndic_client._async.receivers import AsyncAlertReceivers
from syndic_client._async.registry import AsyncRegistry
from syndic_client._async.reports import AsyncReportJobs
from syndic_client._async.risks import AsyncRiskRegister
from syndic_client._async.routing import AsyncAlertRouting
from syndic_client._async.rules import AsyncRuleBook
from syndic_client._async.silences import AsyncAlertSilences
from syndic_client._async.systems import AsyncInventory
from syndic_client._async.training import AsyncTrainingRegister
from syndic_client._async.transport import AsyncTransport
from syndic_client._async.users import AsyncUserDirectory
from syndic_client._async.vendors import AsyncVendorRegister
from syndic_client.calls import READING, Call, Query, address_of, change, credential_of, path_of
from syndic_client.retries import Retries

VERSION: Final = "0.1.0"
NO_RETRIES: Final = Retries(attempts=1)


class AsyncGovernanceClient:
    """Syndic's API, without blocking.

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
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        address = address_of(base_url, allow_http=allow_http)
        credential = credential_of(api_key, token)
        http = httpx.AsyncClient(timeout=timeout, transport=transport, follow_redirects=False)
        self._api = AsyncTransport(address, credential, http, retries or Retries(), f"syndic-client/{VERSION}")
        self.models = AsyncModels(self._api)
        self.drift = AsyncDrift(self._api)
        self.bias = AsyncBias(self._api)
        self.quality = AsyncQuality(self._api)
        self.compliance = AsyncCompliance(self._api)
        self.alerts = AsyncAlerts(self._api)
        self.audit = AsyncAudit(self._api)
        self.registry = AsyncRegistry(self._api)
        self.reports = AsyncReportJobs(self._api)
        self.deployments = AsyncDeployments(self._api)
        self.gateway = AsyncGateway(self._api)
        self.systems = AsyncInventory(self._api)
        self.vendors = AsyncVendorRegister(self._api)
        self.plans = AsyncPlans(self._api)
        self.conformity = AsyncConformityFiles(self._api)
        self.incidents = AsyncIncidentRegister(self._api)
        self.risks = AsyncRiskRegister(self._api)
        self.person_requests = AsyncPersonRequestRegister(self._api)
        self.processing = AsyncProcessingRegister(self._api)
        self.training = AsyncTrainingRegister(self._api)
        self.assignments = AsyncAssignmentRegister(self._api)
        self.policies = AsyncPolicyRegister(self._api)
        self.erasures = AsyncErasureDesk(self._api)
        self.keys = AsyncProgramKeys(self._api)
        self.users = AsyncUserDirectory(self._api)
        self.identity = AsyncIdentity(self._api)
        self.receivers = AsyncAlertReceivers(self._api)
        self.routing = AsyncAlertRouting(self._api)
        self.rules = AsyncRuleBook(self._api)
        self.silences = AsyncAlertSilences(self._api)
        self.configuration = AsyncConfigurationFiles(self._api)

    async def request(
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
        return await self._api.ask(anything, call)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
