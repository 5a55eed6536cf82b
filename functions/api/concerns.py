"""Which file of `functions.api.routes` answers what, so that a function loads a concern when it is first asked for it.

A start that loaded all of them would take twice as long, for routes most of which it is never asked for.
"""

from __future__ import annotations

from typing import Final

MODEL: Final = "/models/<model_id>"
PLACES: Final[dict[str, tuple[str, ...]]] = {
    "platform.overview": ("/health", "/dashboard/stats", "/dashboard/schedules"),
    "platform.documentation": ("/docs", "/openapi.json"),
    "platform.dashboard": ("/dashboard",),
    "registry.models": ("/models",),
    "registry.onboarding": (f"{MODEL}/onboarding",),
    "registry.imports": ("/imports",),
    "registry.versions": (f"{MODEL}/versions", f"{MODEL}/rollback"),
    "registry.short_forms": ("/versions", "/metrics"),
    "registry.approvals": ("/approvals", "/policies", f"{MODEL}/approvals", f"{MODEL}/approval-policy"),
    "registry.deployments": ("/deployments", f"{MODEL}/deployments"),
    "registry.gateway": ("/gateway", f"{MODEL}/gateway"),
    "registry.governance": (
        "/governance", "/lineage", f"{MODEL}/health", f"{MODEL}/risk-profile", f"{MODEL}/compliance-status",
        f"{MODEL}/governance-audit", f"DELETE {MODEL}",
    ),
    "checks.requests": (f"{MODEL}/checks",),
    "checks.captures": (f"{MODEL}/captures", f"{MODEL}/labels"),
    "checks.drift": (f"{MODEL}/drift",),
    "checks.quality": (f"{MODEL}/quality",),
    "checks.bias": (f"{MODEL}/bias",),
    "checks.policies": (f"{MODEL}/drift/policy", f"{MODEL}/quality/policy", f"{MODEL}/bias/policy"),
    "platform.configuration": ("/config",),
    "platform.retention": ("/retention",),
    "compliance.standings": (
        "/compliance", f"{MODEL}/compliance", f"{MODEL}/attestations", "GET /compliance/frameworks",
        "GET /compliance/frameworks/<framework_id>",
    ),
    "compliance.frameworks": ("/compliance/frameworks", "/compliance/news"),
    "compliance.signatures": (
        "/compliance/crosswalk", "/compliance/signatures", "/compliance/deadlines", "/compliance/preview",
        f"{MODEL}/compliance/signatures", f"{MODEL}/compliance/preview",
    ),
    "compliance.duties": (
        "/compliance/questionnaires", "/compliance/documents", "/compliance/remediations", f"{MODEL}/classifications",
        f"{MODEL}/documents", f"{MODEL}/compliance/deadlines", f"{MODEL}/remediations",
    ),
    "compliance.privacy": ("/compliance/processing-record", "/compliance/personal-data"),
    "compliance.erasures": ("/erasures",),
    "compliance.reports": ("/compliance/reports", "/compliance/report-preview", "/compliance/evidence", "/reports"),
    "alerting.receivers": ("/alerts/receivers", "/alerts/deliveries"),
    "alerting.routing": ("/alerts/routes", "/alerts/silences"),
    "alerting.rules": ("/alerts/rules",),
    "alerting.chat": ("/alerts/people", "/slack"),
    "alerting.alerts": ("/alerts",),
    "platform.audit": ("/audit", "/audit-logs", "/access-log"),
    "identity.users": ("/users",),
    "identity.keys": ("/keys", "/auth"),
    "identity.sign_in": ("/auth/login", "/auth/refresh", "/auth/logout"),
    "registers.incidents": ("/incidents",),
    "registers.risks": ("/risks", f"{MODEL}/risk-file"),
    "registers.requests": ("/requests",),
    "registers.processing_records": ("/processing-records",),
    "registers.training": ("/trainings", "/assignments"),
    "registers.policy_documents": ("/policy-documents", "/calendar"),
    "registers.systems": ("/systems",),
    "registers.vendors": ("/vendors",),
    "registers.monitoring": (f"{MODEL}/monitoring-plan", f"{MODEL}/monitoring-plans"),
    "registers.conformity": (
        f"{MODEL}/conformity", f"{MODEL}/modifications", f"{MODEL}/high-risk-assessment", f"{MODEL}/registration",
    ),
}  # fmt: skip
"""Everything at and below a path, or exactly one route when it begins with a method. The longest path counts."""

_FILES: Final = {place: concern for concern, places in PLACES.items() for place in places}


def concern_of(method: str, route: str) -> str:
    """The file of a route. Raises `KeyError` where none is said: a test asks for every route."""
    exact = _FILES.get(f"{method} {route}")
    if exact is not None:
        return exact
    above = route
    while above not in _FILES:
        if not above:
            raise KeyError(f"no file of routes is named for {method} {route}")
        above = above.rpartition("/")[0]
    return _FILES[above]
