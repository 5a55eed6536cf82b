"""Entries of the registers, and what their routes are asked with: each route finds one that it can change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from syndic.registers.incidents import rules
from syndic.registers.incidents.models import Incident, IncidentAssessment, Preserved
from syndic.registers.incidents.register import change_incident, open_incident
from syndic.registers.risks import rules as risk_rules
from syndic.registers.risks.models import Risk, RiskLevels
from syndic.registers.risks.register import change_risk, open_risk
from tests.edges.registers import register_of_persons
from tests.edges.world import MODEL, NOW, World

OLGA: Final = "olga@example.org"
CAUSE: Final = "A threshold was set for another population and nobody compared."
NEITHER: Final = {
    "serious": False, "presents_risk": False, "serious_reason": "Nobody was harmed by the wrong sums.",
    "personal_data_breach": False, "breach_reason": "No personal data left the system.",
}  # fmt: skip
INCIDENT: Final = {
    "title": "Wrong refusals", "owner": OLGA, "source": "customer", "roles": ["provider", "controller"],
    "model_ids": [MODEL],
}  # fmt: skip
LEVELS: Final = {"likelihood": "rare", "impact": "serious", "reason": "Seen once in two years of use."}
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
    **register_of_persons.BODIES,
    ("POST", "/risks"): {
        "title": "Refuses the old", "owner": OLGA, "kind": "fundamental_rights", "origin": "intended_use",
        "model_ids": [MODEL],
    },
    ("PATCH", "/risks/<risk_id>"): {"vulnerable": True},
    ("PUT", "/risks/<risk_id>/assessment"): {"inherent": LEVELS, "residual": LEVELS},
    ("POST", "/risks/<risk_id>/controls"): {
        "kind": "design", "title": "Leave the age out", "owner": OLGA, "due": "2030-01-01",
    },
    ("PATCH", "/risks/<risk_id>/controls/<control_id>"): {"done": True},
    ("POST", "/risks/<risk_id>/decision"): {
        "kind": "accept", "role": "compliance officer", "reason": "It is rare and each refusal is looked at.",
        "expires": (NOW + timedelta(days=90)).date().isoformat(),
    },
    ("POST", "/risks/<risk_id>/reviews"): {"note": "Looked at forty refusals and found none of this kind."},
    ("POST", "/risks/<risk_id>/close"): {"conclusion": "The model that had it was retired."},
    ("POST", "/risks/<risk_id>/reopen"): {"reason": "the model is back"},
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

    persons = register_of_persons.registered(world)

    def risk(title: str) -> Risk:
        given = {"title": title, "owner": OLGA, "kind": "safety", "origin": "monitoring", "model_ids": (MODEL,)}
        return open_risk(given, **common)

    levels = RiskLevels.model_validate(LEVELS)
    fresh, known, over = risk("Found"), risk("Assessed"), risk("Over")
    plan = {"kind": "mitigation", "title": "Compare", "owner": OLGA, "due": NOW.date()}
    fresh = change_risk(fresh.id, lambda it: risk_rules.with_control(it, plan), action="control_added", **common)
    change_risk(known.id, lambda it: risk_rules.assessed(it, levels, levels), action="assessed", **common)
    change_risk(over.id, lambda it: risk_rules.closed(it, conclusion=CAUSE, now=NOW), action="closed", **common)

    def ids(route: str) -> dict[str, str]:
        verb = route.rpartition("/")[2]
        of = {"close": whole.id, "reopen": closed.id}.get(verb, one.id)
        of_risk = {"decision": known.id, "reopen": over.id}.get(verb, fresh.id)
        return {
            **persons(route), "<risk_id>": of_risk, "<control_id>": fresh.controls[0].id,
            "<incident_id>": of, "<measure_id>": one.measures[0].id, "<recipient>": "ai_office",
        }  # fmt: skip

    return ids
