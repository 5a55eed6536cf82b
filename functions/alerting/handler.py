"""Alerting: keeps findings as alerts; its schedule sends one digest to each owner."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message, read_message
from functions.metrics import count
from syndic.alerting.digests import send_digests
from syndic.alerting.use_cases import receive_findings
from syndic.models import FindingsChanged


def receive(body: str) -> None:
    """Take the findings of one check."""
    findings, clouds = read_message(body, FindingsChanged), wiring.wired()
    alerts = receive_findings(findings, store=clouds.store, audit=clouds.audit, now=clouds.now())
    count("AlertsChanged", len(alerts))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the alerting queue, or the schedule of digests."""
    return each_message(event, receive) if "Records" in event else digest()


def digest() -> dict[str, Any]:
    """Send what waits. Without a sender mail is off, and alerts are only on the dashboard."""
    clouds = wiring.wired()
    if clouds.notifier is None:
        return {"sent": 0, "reason": "no sender is set (SYNDIC_MAIL_FROM)"}
    url, fallback, now = clouds.settings.dashboard_url, clouds.settings.mail_fallback, clouds.now()
    report = send_digests(
        store=clouds.store, notifier=clouds.notifier, audit=clouds.audit, dashboard_url=url, now=now, fallback=fallback
    )
    count("DigestsSent", report.sent)
    return report.model_dump(mode="json")
