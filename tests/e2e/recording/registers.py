"""Entries of the registers as a head of compliance may have made them, by the use cases of the routes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from syndic.registers.incidents import rules as incident_rules
from syndic.registers.incidents.models import Preserved
from syndic.registers.incidents.register import change_incident, open_incident
from syndic.registers.requests.register import NewRequest, receive_request
from syndic.registers.risks import rules as risk_rules
from syndic.registers.risks.models import RiskLevels
from syndic.registers.risks.register import change_risk, open_risk

OWNER = "olga@example.com"
MEASURE = {"kind": "containment", "title": "Have each refusal looked at by a person", "owner": OWNER}
CONTROL = {"kind": "design", "title": "Leave the age out", "owner": OWNER}


def open_entries(world: Any, model: str) -> None:
    """One incident on its way, one risk to be decided on, one request to be answered, of a world."""
    now = world.now()
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "bus": world.bus, "actor": OWNER, "now": now}
    due = (now + timedelta(days=10)).date()
    incident = open_incident(
        {
            "title": "Wrong refusals of young applicants", "owner": OWNER, "source": "customer", "model_ids": (model,),
            "roles": ("provider", "controller"), "source_reference": "TICKET-4711",
            "aware_at": now - timedelta(hours=60), "awareness": "A customer wrote to us",
        },
        lambda: Preserved(at=now),
        **common,
    )  # fmt: skip
    plan = partial(incident_rules.with_measure, given=MEASURE | {"due": due}, now=now)
    change_incident(incident.id, plan, action="measure_added", **common)
    risk = open_risk(
        {
            "title": "Refuses older applicants", "owner": OWNER, "kind": "fundamental_rights",
            "origin": "intended_use", "model_ids": (model,), "tests": ("bias.run",), "affected": "Applicants over 60",
        },
        **common,
    )  # fmt: skip
    seen = {"likelihood": "likely", "impact": "major", "reason": "It was seen twice within a year of use."}
    levels = RiskLevels.model_validate(seen)
    control = partial(risk_rules.with_control, given=CONTROL | {"due": due})
    change_risk(risk.id, control, action="control_added", **common)
    change_risk(risk.id, lambda it: risk_rules.assessed(it, levels, levels), action="assessed", **common)
    came = {"received_at": now - timedelta(days=25), "model_ids": (model,)}
    request = {"right": "access", "reference": "P-2026-0117", "channel": "letter", "owner": OWNER}
    receive_request(NewRequest.model_validate(request | came), **common)
