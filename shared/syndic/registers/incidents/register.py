"""The register of incidents, and the verbs that change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from syndic.models import Severity
from syndic.ports import AuditTrail, EventBus, Store
from syndic.registers.clocks import ClockStanding
from syndic.registers.entries import change_entry, open_entry
from syndic.registers.incidents.evidence import incident_evidence
from syndic.registers.incidents.models import Incident, Preserved
from syndic.registers.incidents.rules import settled, steps_of
from syndic.registers.register import Register

LAST_HOURS: Final = 12 * 3600


def _severity(clock: ClockStanding) -> Severity:
    """A law's deadline in its last hours, or missed, is as bad as it gets."""
    return Severity.CRITICAL if clock.by_law and clock.seconds_left <= LAST_HOURS else Severity.HIGH


INCIDENTS: Final = Register(
    "incidents",
    "incident",
    Incident,
    words=lambda one: {"source": (one.source.value,), "alert": one.alert_ids},
    evidence=incident_evidence,
    steps=steps_of,
    severity=_severity,
    plain=frozenset({"alert_ids", "roles", "member_states"}),
)


def open_incident(
    asked: dict[str, Any],
    preserve: Callable[[], Preserved],
    *,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> Incident:
    """Open an incident, with the state that the system is in; the clocks run from when it became known.

    Args:
        asked: Fields of an incident; without `aware_at` it became known now.
        preserve: Takes down the state of the system; called only when the incident is new.
        store: Records.
        audit: The trail.
        bus: Tells compliance.
        actor: Who opens it.
        now: The time.
    """

    def make(own: dict[str, Any]) -> Incident:
        known = {"aware_at": now, **{name: value for name, value in asked.items() if value is not None}}
        return settled(Incident(**own, **known, preserved=preserve()), now)

    return open_entry(INCIDENTS, asked, make, store=store, audit=audit, bus=bus, actor=actor, now=now)


def change_incident(
    identity: str,
    rule: Callable[[Incident], Incident],
    *,
    action: str,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
    reason: str = "",
) -> Incident:
    """Change an incident by a rule."""
    details = {"reason": reason} if reason else None
    return change_entry(
        INCIDENTS, identity, rule, action=action, store=store, audit=audit, bus=bus, actor=actor, now=now,
        details=details,
    )  # fmt: skip
