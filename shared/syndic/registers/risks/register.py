"""The risk register, and the verbs that change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.ports import AuditTrail, EventBus, Store
from syndic.registers.entries import change_entry, open_entry
from syndic.registers.register import Register
from syndic.registers.risks.evidence import risk_evidence
from syndic.registers.risks.models import Risk
from syndic.registers.risks.rules import settled, steps_of

RISKS: Final = Register(
    "risks",
    "risk",
    Risk,
    words=lambda one: {
        "kind": (one.kind.value,),
        "rating": (one.residual.rating.value if one.residual else "unknown",),
        "alert": one.alert_ids,
    },
    evidence=risk_evidence,
    steps=steps_of,
    plain=frozenset({"alert_ids", "incident_ids", "tests"}),
)


def open_risk(
    asked: dict[str, Any], *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> Risk:
    """Put a risk on record; it is to be reviewed a period later, or on the day that is asked for."""

    def make(own: dict[str, Any]) -> Risk:
        known = {name: value for name, value in asked.items() if value is not None}
        risk = Risk(**own, **known)
        due = risk.review_due or (now + timedelta(days=risk.review_every_days)).date()
        return settled(risk.model_copy(update={"review_due": due}))

    return open_entry(RISKS, asked, make, store=store, audit=audit, bus=bus, actor=actor, now=now)


def change_risk(
    identity: str,
    rule: Callable[[Risk], Risk],
    *,
    action: str,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
    reason: str = "",
) -> Risk:
    """Change a risk by a rule."""
    details = {"reason": reason} if reason else None
    return change_entry(
        RISKS, identity, rule, action=action, store=store, audit=audit, bus=bus, actor=actor, now=now, details=details
    )  # fmt: skip
