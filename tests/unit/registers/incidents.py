"""Incidents to judge, and what may be said of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syndic.registers.incidents import rules
from syndic.registers.incidents.models import (
    Incident,
    IncidentAssessment,
    IncidentRecipient,
    ReportStage,
)
from syndic.registers.incidents.rules import settled

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
DAY = timedelta(days=1)
REASON = "The numbers were wrong for nobody outside."
RIGHTS = {"serious": True, "harms": ("fundamental_rights",)}
NO_BREACH = {"personal_data_breach": False, "breach_reason": "Nothing left the system at all."}


def incident(*roles: str, now=NOW, **fields) -> Incident:
    own = {"opened_by": "ada", "opened_at": NOW, "changed_by": "ada", "changed_at": NOW}
    known = {"title": "Refusals", "owner": "ada@example.org", "source": "customer", "aware_at": NOW, "id": "feed"}
    return settled(Incident(**own, **{**known, **fields}, roles=roles or ("provider",)), now)


def assessed(one: Incident, now=NOW, **decided) -> Incident:
    return rules.assessed(one, IncidentAssessment.model_validate(decided), now)


def told(one: Incident, to: str, at=NOW, stage="initial", now=None, **more) -> Incident:
    given = {"recipient": IncidentRecipient(to), "stage": ReportStage(stage), "sent_at": at, **more}
    return rules.reported(one, given, by="ada", now=now or at)


def clocks(one: Incident) -> dict:
    return {clock.name: clock for clock in one.clocks}
