"""Who may call what. A route that is not in the table is not reachable by anyone.

Roles are in `functions.api.roles`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from functions.api.problems import NotOfferedError
from functions.api.roles import (
    ADMIN,
    AUDIT,
    COMPLIANCE_OFFICER,
    ERASE,
    GOVERN,
    KEEPERS,
    MODEL_OWNER,
    PUBLIC,
    READ,
    SIGN,
    SIGNERS,
    VOTERS,
    WRITE,
    scopes_of,
)
from syndic.errors import NotAllowedError, NotFoundError, NotSignedInError
from syndic.identity.models import Scope
from syndic.models import RegisteredModel
from syndic.ports import DirectoryUser


class Sensitive(frozenset[str]):
    """Who may call a route whose answers are sensitive: each of them is in the access log."""

    __slots__ = ()


PREFIX: Final = "/api/v1"
BY_KEY: Final = "syndic_key"
"""Where an event holds the `Caller` that a key stands for. API Gateway fills in none of that name."""
TABLE: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("GET", "/health"): PUBLIC,
    ("GET", "/docs"): PUBLIC,  # what the API is says nothing of what is in it
    ("GET", "/docs/<file>"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
    ("GET", "/dashboard/stats"): READ,
    ("GET", "/dashboard/schedules"): READ,
    ("GET", "/dashboard/models"): READ,
    ("GET", "/dashboard/models/<model_id>"): READ,
    ("GET", "/models"): READ,
    ("POST", "/models"): WRITE,
    ("POST", "/imports"): GOVERN,  # imported models have no owner yet
    ("GET", "/models/<model_id>"): READ,
    ("PATCH", "/models/<model_id>"): WRITE,
    ("DELETE", "/models/<model_id>"): WRITE,
    ("GET", "/models/<model_id>/health"): READ,
    ("GET", "/models/<model_id>/risk-profile"): READ,
    ("PUT", "/models/<model_id>/risk-profile"): WRITE,
    ("PATCH", "/models/<model_id>/compliance-status"): WRITE | {COMPLIANCE_OFFICER},
    ("GET", "/models/<model_id>/governance-audit"): READ,
    ("GET", "/models/<model_id>/versions"): READ,
    ("POST", "/models/<model_id>/versions"): WRITE,
    ("GET", "/models/<model_id>/versions/<version>"): READ,
    ("GET", "/models/<model_id>/versions/<version>/metrics"): READ,
    ("POST", "/models/<model_id>/versions/<version>/metrics"): WRITE,
    ("GET", "/models/<model_id>/versions/<version>/gate"): READ,
    ("POST", "/models/<model_id>/versions/<version>/promote"): WRITE,
    ("POST", "/models/<model_id>/versions/<version>/waivers"): WRITE,
    ("GET", "/models/<model_id>/versions/<version>/card"): READ,
    ("GET", "/models/<model_id>/versions/<version>/data-sheet"): READ,
    ("POST", "/models/<model_id>/rollback"): WRITE,
    ("GET", "/versions"): READ,
    ("POST", "/versions"): WRITE,
    ("GET", "/metrics"): READ,
    ("POST", "/metrics"): WRITE,
    ("GET", "/approvals"): READ,
    ("GET", "/models/<model_id>/approvals"): READ,
    ("POST", "/models/<model_id>/approvals"): WRITE,
    ("GET", "/models/<model_id>/approvals/<request_id>"): READ,
    ("POST", "/models/<model_id>/approvals/<request_id>/votes"): VOTERS,
    ("GET", "/models/<model_id>/approval-policy"): READ,
    ("PUT", "/models/<model_id>/approval-policy"): GOVERN,
    ("GET", "/deployments"): READ,
    ("POST", "/deployments"): WRITE,
    ("GET", "/deployments/<deployment_id>"): READ,
    ("POST", "/deployments/<deployment_id>/cancel"): WRITE,
    ("POST", "/deployments/<deployment_id>/rollback"): WRITE,
    ("GET", "/models/<model_id>/deployments"): READ,
    ("PUT", "/config"): WRITE,
    ("GET", "/models/<model_id>/gateway"): READ,
    ("PUT", "/models/<model_id>/gateway"): WRITE,
    ("POST", "/models/<model_id>/gateway/records"): WRITE,
    ("GET", "/models/<model_id>/gateway/state"): READ,
    ("GET", "/models/<model_id>/gateway/shadow"): READ,
    ("GET", "/gateway/<model_id>/health"): READ,
    ("GET", "/gateway/<model_id>/model-info"): READ,
    ("POST", "/gateway/<model_id>/predict"): READ,  # it changes nothing that is governed
    ("GET", "/policies"): READ,
    ("POST", "/policies"): GOVERN,
    ("POST", "/policies/dry-run"): GOVERN,
    ("GET", "/governance/overview"): READ,
    ("GET", "/governance/checks"): READ,
    ("GET", "/lineage/models/<model_id>/versions/<version>"): READ,
    ("GET", "/lineage/models/<model_id>/versions/<version>/openlineage"): READ,
    ("GET", "/lineage/models/<model_id>/predictions/<row_id>"): Sensitive(READ),
    ("GET", "/models/<model_id>/onboarding"): READ,
    ("POST", "/models/<model_id>/checks"): WRITE,
    ("POST", "/models/<model_id>/captures"): WRITE,
    ("POST", "/models/<model_id>/captures/uploads"): WRITE,
    ("POST", "/models/<model_id>/labels"): WRITE,
    ("GET", "/models/<model_id>/drift"): READ,
    ("GET", "/models/<model_id>/drift/history"): READ,
    ("GET", "/models/<model_id>/drift/features"): READ,
    ("GET", "/models/<model_id>/drift/root-cause"): READ,
    ("GET", "/models/<model_id>/drift/impact"): READ,
    ("GET", "/models/<model_id>/drift/baseline"): READ,
    ("POST", "/models/<model_id>/drift/baseline"): WRITE,
    ("GET", "/models/<model_id>/drift/policy"): READ,
    ("PUT", "/models/<model_id>/drift/policy"): WRITE,
    ("GET", "/models/<model_id>/quality"): READ,
    ("GET", "/models/<model_id>/quality/history"): READ,
    ("GET", "/models/<model_id>/quality/policy"): READ,
    ("PUT", "/models/<model_id>/quality/policy"): WRITE,
    ("GET", "/models/<model_id>/bias"): READ,
    ("GET", "/models/<model_id>/bias/history"): READ,
    ("GET", "/models/<model_id>/bias/intersectional"): READ,
    ("GET", "/models/<model_id>/bias/policy"): READ,
    ("PUT", "/models/<model_id>/bias/policy"): WRITE,
    ("POST", "/models/<model_id>/bias/thresholds"): WRITE,
    ("GET", "/models/<model_id>/compliance"): READ,
    ("GET", "/models/<model_id>/compliance/history"): READ,
    ("GET", "/models/<model_id>/attestations"): READ,
    ("POST", "/models/<model_id>/attestations"): SIGN,
    ("GET", "/models/<model_id>/classifications"): READ,
    ("GET", "/models/<model_id>/classifications/<questionnaire>"): READ,
    ("PUT", "/models/<model_id>/classifications/<questionnaire>"): WRITE,
    ("GET", "/models/<model_id>/documents"): READ,
    ("POST", "/models/<model_id>/documents"): WRITE,
    ("GET", "/models/<model_id>/compliance/deadlines"): READ,
    ("GET", "/models/<model_id>/remediations"): READ,
    ("POST", "/models/<model_id>/remediations"): WRITE,
    ("GET", "/models/<model_id>/remediations/<remediation_id>"): READ,
    ("PATCH", "/models/<model_id>/remediations/<remediation_id>"): WRITE,
    ("POST", "/compliance/documents"): GOVERN | SIGNERS,
    ("GET", "/compliance/questionnaires"): READ,
    ("GET", "/compliance/processing-record"): READ,
    ("POST", "/compliance/personal-data"): Sensitive(GOVERN | {"data_protection_officer"}),
    ("GET", "/erasures"): READ,
    ("POST", "/erasures"): ERASE,
    ("GET", "/erasures/<erasure_id>"): READ,
    ("GET", "/erasures/<erasure_id>/objects"): Sensitive(READ),
    ("POST", "/erasures/<erasure_id>/apply"): ERASE,
    ("GET", "/compliance/remediations"): READ,
    ("POST", "/compliance/reports"): READ,  # a report is a copy: it changes nothing that is governed
    ("GET", "/compliance/reports"): READ,
    ("GET", "/compliance/report-preview"): READ,
    ("GET", "/compliance/reports/<report_id>"): Sensitive(READ),
    ("GET", "/compliance/evidence/<report_id>"): Sensitive(READ),
    ("GET", "/reports/<model_id>/compliance-report"): Sensitive(READ),
    ("POST", "/compliance/frameworks"): GOVERN,
    ("POST", "/compliance/frameworks/validate"): GOVERN,
    ("POST", "/compliance/frameworks/<framework_id>/switch-off"): GOVERN,
    ("DELETE", "/compliance/frameworks/<framework_id>"): GOVERN,
    ("GET", "/compliance/frameworks/<framework_id>/applicability"): READ,
    ("PUT", "/compliance/frameworks/<framework_id>/applicability"): GOVERN | {COMPLIANCE_OFFICER},
    ("GET", "/compliance/news"): READ,
    ("GET", "/compliance/crosswalk"): READ,
    ("GET", "/compliance/signatures"): READ,
    ("GET", "/compliance/deadlines"): READ,
    ("GET", "/compliance/preview"): READ,
    ("GET", "/models/<model_id>/compliance/signatures"): READ,
    ("GET", "/models/<model_id>/compliance/preview"): READ,
    ("POST", "/compliance/frameworks/<framework_id>/dry-run"): GOVERN,
    ("POST", "/compliance/frameworks/<framework_id>/activate"): GOVERN,
    ("POST", "/models/<model_id>/attestations/<attestation_id>/withdraw"): SIGN,
    ("POST", "/compliance/attestations/<attestation_id>/withdraw"): SIGN,
    ("GET", "/compliance/frameworks"): READ,
    ("GET", "/compliance/frameworks/<framework_id>"): READ,
    ("GET", "/compliance/status"): READ,
    ("GET", "/compliance/attestations"): READ,
    ("POST", "/compliance/attestations"): SIGN,
    ("GET", "/alerts"): READ,
    ("GET", "/alerts/receivers"): GOVERN,
    ("GET", "/alerts/receivers/<receiver>"): GOVERN,
    ("PUT", "/alerts/receivers/<receiver>"): GOVERN,
    ("DELETE", "/alerts/receivers/<receiver>"): GOVERN,
    ("POST", "/alerts/receivers/dry-run"): GOVERN,
    ("POST", "/alerts/receivers/<receiver>/test"): GOVERN,
    ("GET", "/alerts/rules"): READ,
    ("POST", "/alerts/rules"): GOVERN,
    ("POST", "/alerts/rules/dry-run"): GOVERN,
    ("GET", "/alerts/rules/<rule>"): READ,
    ("PUT", "/alerts/rules/<rule>"): GOVERN,
    ("DELETE", "/alerts/rules/<rule>"): GOVERN,
    ("GET", "/alerts/people"): Sensitive(GOVERN),
    ("GET", "/alerts/people/<member>"): Sensitive(GOVERN),
    ("PUT", "/alerts/people/<member>"): GOVERN,
    ("DELETE", "/alerts/people/<member>"): GOVERN,
    ("GET", "/alerts/deliveries"): GOVERN,
    ("POST", "/alerts/deliveries/<delivery>/retry"): GOVERN,
    ("GET", "/alerts/routes"): READ,
    ("PUT", "/alerts/routes"): GOVERN,
    ("DELETE", "/alerts/routes"): GOVERN,
    ("POST", "/alerts/routes/dry-run"): GOVERN,
    ("GET", "/alerts/silences"): READ,
    ("POST", "/alerts/silences"): GOVERN,
    ("POST", "/alerts/silences/dry-run"): GOVERN,
    ("GET", "/alerts/silences/<silence>"): READ,
    ("DELETE", "/alerts/silences/<silence>"): GOVERN,
    ("GET", "/alerts/<alert_id>"): READ,
    ("PATCH", "/alerts/<alert_id>"): WRITE,
    ("POST", "/alerts/changes"): WRITE,
    ("POST", "/slack/<app>/actions"): PUBLIC,  # signed by Slack: see BY_SIGNATURE
    ("GET", "/incidents"): Sensitive(READ),  # it shows as much of each as one of them
    ("POST", "/incidents"): KEEPERS,
    ("GET", "/incidents/counts"): READ,
    ("GET", "/incidents/<incident_id>"): Sensitive(READ),
    ("GET", "/incidents/<incident_id>/drafts/<recipient>"): Sensitive(READ),
    ("PATCH", "/incidents/<incident_id>"): KEEPERS,
    ("PUT", "/incidents/<incident_id>/assessment"): KEEPERS,
    ("POST", "/incidents/<incident_id>/reports"): KEEPERS,
    ("POST", "/incidents/<incident_id>/measures"): KEEPERS,
    ("PATCH", "/incidents/<incident_id>/measures/<measure_id>"): KEEPERS,
    ("POST", "/incidents/<incident_id>/close"): KEEPERS,
    ("POST", "/incidents/<incident_id>/reopen"): KEEPERS,
    ("GET", "/requests"): Sensitive(READ),
    ("POST", "/requests"): KEEPERS,
    ("GET", "/requests/counts"): READ,
    ("GET", "/requests/<person_request_id>"): Sensitive(READ),
    ("PATCH", "/requests/<person_request_id>"): KEEPERS,
    ("POST", "/requests/<person_request_id>/identity"): KEEPERS,
    ("POST", "/requests/<person_request_id>/extend"): KEEPERS,
    ("POST", "/requests/<person_request_id>/answer"): KEEPERS,
    ("POST", "/requests/<person_request_id>/withdraw"): KEEPERS,
    ("POST", "/requests/<person_request_id>/reopen"): KEEPERS,
    ("GET", "/processing-records"): READ,
    ("POST", "/processing-records"): KEEPERS,
    ("GET", "/processing-records/counts"): READ,
    ("GET", "/processing-records/known"): READ,
    ("GET", "/processing-records/export"): Sensitive(READ),
    ("GET", "/processing-records/<processing_id>"): READ,
    ("PATCH", "/processing-records/<processing_id>"): KEEPERS,
    ("POST", "/processing-records/<processing_id>/confirm"): KEEPERS,
    ("POST", "/processing-records/<processing_id>/retire"): KEEPERS,
    ("GET", "/trainings"): Sensitive(READ),
    ("POST", "/trainings"): KEEPERS,
    ("GET", "/trainings/counts"): READ,
    ("GET", "/trainings/<training_id>"): Sensitive(READ),
    ("POST", "/trainings/<training_id>/end"): KEEPERS,
    ("GET", "/assignments"): Sensitive(READ),
    ("POST", "/assignments"): KEEPERS,
    ("GET", "/assignments/<assignment_id>"): Sensitive(READ),
    ("PUT", "/assignments/<assignment_id>/trainings"): KEEPERS,
    ("POST", "/assignments/<assignment_id>/accept"): READ,  # the person who is assigned, whoever that is
    ("POST", "/assignments/<assignment_id>/end"): KEEPERS,
    ("GET", "/policy-documents"): Sensitive(READ),
    ("POST", "/policy-documents"): KEEPERS,
    ("GET", "/policy-documents/templates"): READ,
    ("GET", "/policy-documents/templates/<template_name>"): READ,
    ("GET", "/policy-documents/<policy_id>"): Sensitive(READ),
    ("PUT", "/policy-documents/<policy_id>/text"): KEEPERS,
    ("PUT", "/policy-documents/<policy_id>/readers"): KEEPERS,
    ("POST", "/policy-documents/<policy_id>/acknowledge"): READ,  # by oneself, whoever reads
    ("POST", "/policy-documents/<policy_id>/review"): KEEPERS,
    ("POST", "/policy-documents/<policy_id>/retire"): KEEPERS,
    ("GET", "/calendar"): READ,
    ("GET", "/risks"): READ,
    ("POST", "/risks"): KEEPERS,
    ("GET", "/risks/counts"): READ,
    ("GET", "/risks/<risk_id>"): READ,
    ("PATCH", "/risks/<risk_id>"): KEEPERS,
    ("PUT", "/risks/<risk_id>/assessment"): KEEPERS,
    ("POST", "/risks/<risk_id>/controls"): KEEPERS,
    ("PATCH", "/risks/<risk_id>/controls/<control_id>"): KEEPERS,
    ("POST", "/risks/<risk_id>/decision"): KEEPERS,
    ("POST", "/risks/<risk_id>/reviews"): KEEPERS,
    ("POST", "/risks/<risk_id>/close"): KEEPERS,
    ("POST", "/risks/<risk_id>/reopen"): KEEPERS,
    ("GET", "/models/<model_id>/risk-file"): READ,
    ("GET", "/systems"): READ,
    ("POST", "/systems"): KEEPERS,
    ("GET", "/systems/<system_id>"): READ,
    ("PATCH", "/systems/<system_id>"): KEEPERS,
    ("POST", "/systems/<system_id>/review"): KEEPERS,
    ("GET", "/vendors"): READ,
    ("POST", "/vendors"): KEEPERS,
    ("GET", "/vendors/<vendor_id>"): READ,
    ("PATCH", "/vendors/<vendor_id>"): KEEPERS,
    ("POST", "/vendors/<vendor_id>/agreements"): KEEPERS,
    ("POST", "/vendors/<vendor_id>/agreements/<agreement_id>/end"): KEEPERS,
    ("PUT", "/vendors/<vendor_id>/questionnaire"): KEEPERS,
    ("POST", "/vendors/<vendor_id>/review"): KEEPERS,
    ("GET", "/models/<model_id>/monitoring-plan"): READ,
    ("GET", "/models/<model_id>/monitoring-plans"): READ,
    ("POST", "/models/<model_id>/monitoring-plans"): KEEPERS,
    ("GET", "/models/<model_id>/monitoring-plans/<plan_id>"): READ,
    ("POST", "/models/<model_id>/monitoring-plans/<plan_id>/approve"): KEEPERS,
    ("GET", "/models/<model_id>/conformity"): READ,
    ("POST", "/models/<model_id>/conformity"): KEEPERS,
    ("GET", "/models/<model_id>/conformity/<file_id>"): READ,
    ("PATCH", "/models/<model_id>/conformity/<file_id>"): KEEPERS,
    ("POST", "/models/<model_id>/conformity/<file_id>/conclude"): KEEPERS,
    ("POST", "/models/<model_id>/modifications"): KEEPERS,
    ("GET", "/models/<model_id>/high-risk-assessment"): READ,
    ("POST", "/models/<model_id>/high-risk-assessment"): KEEPERS,
    ("GET", "/models/<model_id>/registration"): READ,
    ("GET", "/models/<model_id>/registration/document"): READ,
    ("POST", "/models/<model_id>/registration"): KEEPERS,
    ("POST", "/models/<model_id>/registration/points"): KEEPERS,
    ("GET", "/users"): Sensitive(GOVERN),
    ("POST", "/users"): GOVERN,
    ("GET", "/users/<user>"): Sensitive(GOVERN),
    ("PATCH", "/users/<user>"): GOVERN,
    ("DELETE", "/users/<user>"): GOVERN,
    ("PUT", "/users/<user>/roles"): GOVERN,
    ("GET", "/keys"): READ,
    ("POST", "/keys"): READ,  # of one's own rights, or fewer
    ("DELETE", "/keys/<key_id>"): READ,
    ("POST", "/auth/exchange"): PUBLIC,  # the token that is exchanged says who asks
    ("POST", "/auth/login"): PUBLIC,
    ("POST", "/auth/refresh"): PUBLIC,
    ("POST", "/auth/logout"): PUBLIC,
    ("GET", "/auth/issuers"): GOVERN,
    ("GET", "/auth/issuers/<issuer>"): GOVERN,
    ("PUT", "/auth/issuers/<issuer>"): GOVERN,
    ("DELETE", "/auth/issuers/<issuer>"): GOVERN,
    ("GET", "/audit"): Sensitive(READ),
    ("GET", "/audit-logs"): Sensitive(READ),
    ("GET", "/audit-logs/checkpoint"): READ,
    ("GET", "/audit-logs/leaves"): READ,
    ("GET", "/audit-logs/holds"): AUDIT,
    ("POST", "/audit-logs/holds"): ERASE,
    ("POST", "/audit-logs/erasures"): ERASE,
    ("GET", "/audit-logs/<index>/proof"): Sensitive(READ),
    ("GET", "/audit/verify"): READ,
    ("GET", "/access-log"): Sensitive(AUDIT),
}


BY_SIGNATURE: Final = frozenset({("POST", "/slack/<app>/actions")})
"""Routes without a sign-in whose every request is signed by another service; whom it is about, and what that person may
do, the route finds out. Nothing of the body is read before its signature was found good."""

SIGNED_BY_PEOPLE: Final = (
    "/votes", "/attestations", "/withdraw", "/waivers", "/personal-data", "/decision", "/accept", "/acknowledge",
    "/approve", "/conclude", "/modifications", "/high-risk-assessment", "/confirm",
)  # fmt: skip
BY_PEOPLE_ONLY: Final = frozenset(
    (method, route)
    for method, route in TABLE
    if (route.startswith(("/users", "/keys", "/auth/issuers", "/alerts/people")) and method != "GET")
    or (method == "POST" and route.startswith("/erasures"))
    or (method == "POST" and route.endswith(SIGNED_BY_PEOPLE))
)
"""What no key may do, whatever its scopes: decide and sign as a person, or give access."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a request, as the user pool vouches for them, or the key that a person made."""

    name: str
    email: str | None  # only when the user pool has confirmed it: anybody can write another's address
    roles: frozenset[str]
    account: str = ""  # the pool's own name
    from_provider: bool = False
    key: str | None = None  # id of the key that was sent instead of an ID token

    @property
    def may_give(self) -> frozenset[Scope]:
        """The scopes that this person may give a key."""
        return scopes_of(self.roles)

    @property
    def signs_as(self) -> frozenset[str]:
        """The roles of frameworks that this person holds."""
        return frozenset(role.replace("_", " ") for role in self.roles)


def route_of(method: str, path: str) -> str:
    """The route, as in the table, that a request goes to. Raises `NotFoundError` or `NotOfferedError`."""
    path = path.rstrip("/").removeprefix(PREFIX) if path.startswith(f"{PREFIX}/") else ""
    found = [(verb, route) for verb, route in TABLE if _PATTERNS[route].fullmatch(path)]
    for verb, route in found:
        if verb == method:
            return route
    if found:
        raise NotOfferedError(method, tuple(sorted({verb for verb, _ in found})))
    raise NotFoundError("there is nothing at this path")


def ids_of(route: str, path: str) -> dict[str, str]:
    """What a request's path says in the places that its route leaves open, by their names."""
    found = _PATTERNS[route].fullmatch(path.rstrip("/").removeprefix(PREFIX))
    return found.groupdict() if found else {}


def authorize(method: str, route: str, event: dict[str, Any]) -> None:
    """Let a request pass to a route, or raise `NotSignedInError` or `NotAllowedError`."""
    allowed = TABLE[method, route]
    if allowed is PUBLIC:
        return
    caller = caller_of(event)
    if caller.key is not None and (method, route) in BY_PEOPLE_ONLY:
        raise NotAllowedError(f"{method} {PREFIX}{route} is for people, not for keys: sign in")
    if not caller.roles & allowed:
        raise NotAllowedError(f"{method} {PREFIX}{route} is for {', '.join(sorted(allowed))}")


def is_sensitive(method: str, route: str) -> bool:
    """Whether what a route shows is sensitive."""
    return isinstance(TABLE[method, route], Sensitive)


def caller_of(event: dict[str, Any]) -> Caller:
    """The person whose token was verified. Raises `NotSignedInError` without an ID token's claims."""
    by_key = event.get(BY_KEY)
    if isinstance(by_key, Caller):
        return by_key
    claims = ((event.get("requestContext") or {}).get("authorizer") or {}).get("claims") or {}
    name = claims.get("cognito:username")
    if claims.get("token_use") != "id" or not isinstance(name, str) or not name:
        raise NotSignedInError("sign in and send the ID token")
    confirmed = str(claims.get("email_verified", "")).lower() == "true"
    email = str(claims["email"]).lower() if confirmed and claims.get("email") else None
    # Where people sign in by address the pool makes up their names, and for those of another provider from its own.
    # Such a name tells nobody who acted; and somebody who came in both ways would count as two where four eyes are due.
    made_up = name == claims.get("sub") or bool(claims.get("identities"))
    return Caller(
        name=email if made_up and email else name, email=email, roles=_groups(claims.get("cognito:groups")),
        account=name, from_provider=bool(claims.get("identities")),
    )  # fmt: skip


def caller_from(user: DirectoryUser) -> Caller:
    """A person whom another service vouches for, as if they had signed in now."""
    email = user.email.lower() if user.address_confirmed and user.email else None
    name = email if user.made_up and email else user.name
    return Caller(name=name, email=email, roles=user.roles, account=user.name)


def require_change(caller: Caller, model: RegisteredModel | None) -> None:
    """Let admins, and the owner of a model, change what belongs to it; None: it is no model's.

    Raises `NotAllowedError`.
    """
    if ADMIN in caller.roles:
        return
    if model is None:
        raise NotAllowedError("only an admin may change what is the platform's own")
    if MODEL_OWNER not in caller.roles or not caller.email or (model.owner or "").lower() != caller.email:
        raise NotAllowedError(f"only its owner or an admin may change model {model.id}")


def _groups(value: Any) -> frozenset[str]:
    """Groups as REST APIs ("a,b"), HTTP APIs ("[a b]") and tests (a list) give them."""
    words = value if isinstance(value, list) else re.split(r"[,\s]+", str(value or "").strip("[]"))
    return frozenset(str(word) for word in words if word)


_PATTERNS: Final = {route: re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", route)) for _, route in TABLE}
