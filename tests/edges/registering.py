"""Entries of the registers, and what their routes are asked with: each route finds one that it can change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from syndic.registers.incidents import rules
from syndic.registers.incidents.models import Incident, IncidentAssessment, Preserved
from syndic.registers.incidents.register import change_incident, open_incident
from tests.edges.world import MODEL, NOW, World

OLGA: Final = "olga@example.org"
CAUSE: Final = "A threshold was set for another population and nobody compared."
NEITHER: Final = {
    "serious": False, "serious_reason": "Nobody was harmed by the wrong sums.", "personal_data_breach": False,
    "breach_reason": "No personal data left the system.",
}  # fmt: skip
INCIDENT: Final = {
    "title": "Wrong refusals", "owner": OLGA, "source": "customer", "roles": ["provider", "controller"],
    "model_ids": [MODEL],
}  # fmt: skip
BODIES: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("POST", "/incidents"): INCIDENT,
    ("PATCH", "/incidents/<incident_id>"): {"description": "Forty applications were refused."},
    ("PUT", "/incidents/<incident_id>/assessment"): NEITHER,
    ("POST", "/incidents/<incident_id>/reports"): {
        "recipient": "data_protection_authority", "sent_at": NOW.isoformat(),
    },
    ("POST", "/incidents/<incident_id>/measures"): {
        "kind": "corrective", "title": "Set the threshold anew", "owner": OLGA, "due": "2030-01-01",
    },
    ("PATCH", "/incidents/<incident_id>/measures/<measure_id>"): {"done": True},
    ("POST", "/incidents/<incident_id>/close"): {"conclusion": "The threshold is set anew and compared each month."},
    ("POST", "/incidents/<incident_id>/reopen"): {"reason": "it happened again"},
}  # fmt: skip


def registered(world: World) -> Callable[[str], dict[str, str]]:
    """Opens entries; for a route, the ids of entries on which it can do what it is for."""
    common: dict[str, Any] = {
        "store": world.store,
        "audit": world.audit,
        "bus": world.bus,
        "actor": "setup",
        "now": NOW,
    }

    def incident(title: str) -> Incident:
        given = {"title": title, "owner": OLGA, "source": "alert", "roles": ("provider", "controller")}
        return open_incident(given | {"model_ids": (MODEL,)}, lambda: Preserved(at=NOW), **common)

    def change(one: Incident, rule: Callable[[Incident], Incident], action: str) -> Incident:
        return change_incident(one.id, rule, action=action, **common)

    def judged(one: Incident) -> Incident:
        cause = one.model_copy(update={"root_cause": CAUSE})
        return rules.assessed(cause, IncidentAssessment.model_validate(NEITHER), NOW)

    one, whole, closed = incident("Open"), incident("To be closed"), incident("Closed")
    planned = {"kind": "corrective", "title": "Compare", "owner": OLGA, "due": NOW.date()}
    one = change(one, lambda it: rules.with_measure(it, planned, NOW), "measure_added")
    change(whole, judged, "assessed")
    change(closed, judged, "assessed")
    change(closed, lambda it: rules.closed(it, conclusion=CAUSE, now=NOW), "closed")

    def ids(route: str) -> dict[str, str]:
        of = {"close": whole.id, "reopen": closed.id}.get(route.rpartition("/")[2], one.id)
        return {"<incident_id>": of, "<measure_id>": one.measures[0].id, "<recipient>": "ai_office"}

    return ids
