# Made from ../_async by client/generate.py: change it there.
"""The client: where the API is, who asks, and a room for each concern."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import httpx

from syndic_client._sync.alerts import Alerts
from syndic_client._sync.assignments import AssignmentRegister
from syndic_client._sync.audit import Audit
from syndic_client._sync.bias import Bias
from syndic_client._sync.compliance import Compliance
from syndic_client._sync.configuration import ConfigurationFiles
from syndic_client._sync.conformity import ConformityFiles
from syndic_client._sync.deployments import Deployments
from syndic_client._sync.drift import Drift
from syndic_client._sync.erasures import ErasureDesk
from syndic_client._sync.gateway import Gateway
from syndic_client._sync.identity import Identity
from syndic_client._sync.incidents import IncidentRegister
from syndic_client._sync.keys import ProgramKeys
from syndic_client._sync.models import Models
from syndic_client._sync.person_requests import PersonRequestRegister
from syndic_client._sync.plans import Plans
from syndic_client._sync.policies import PolicyRegister
from syndic_client._sync.processing import ProcessingRegister
from syndic_client._sync.quality import Quality
from syndic_client._sync.receivers import AlertReceivers
from syndic_client._sync.registry import Registry
from syndic_client._sync.reports import ReportJobs
from syndic_client._sync.risks import RiskRegister
from syndic_client._sync.routing import AlertRouting
from syndic_client._sync.rules import RuleBook
from syndic_client._sync.silences import AlertSilences
from syndic_client._sync.systems import Inventory
from syndic_client._sync.training import TrainingRegister
from syndic_client._sync.transport import Transport
from syndic_client._sync.users import UserDirectory
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
        self.incidents = IncidentRegister(self._api)
        self.risks = RiskRegister(self._api)
        self.person_requests = PersonRequestRegister(self._api)
        self.processing = ProcessingRegister(self._api)
        self.training = TrainingRegister(self._api)
        self.assignments = AssignmentRegister(self._api)
        self.policies = PolicyRegister(self._api)
        self.erasures = ErasureDesk(self._api)
        self.keys = ProgramKeys(self._api)
        self.users = UserDirectory(self._api)
        self.identity = Identity(self._api)
        self.receivers = AlertReceivers(self._api)
        self.routing = AlertRouting(self._api)
        self.rules = RuleBook(self._api)
        self.silences = AlertSilences(self._api)
        self.configuration = ConfigurationFiles(self._api)

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
