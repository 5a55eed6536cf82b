"""Alerting: keeps findings as alerts; its schedule sends one digest to each owner and each receiver."""

from __future__ import annotations

from typing import Any

from syndic.alerting.alerts import receive_findings
from syndic.alerting.deliveries import send_to_receivers
from syndic.alerting.digests import send_digests
from syndic.alerting.models import DeliveryReport
from syndic.models import FindingsChanged
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import read_message
from syndic.tasks.sweeping import tell_untold


def take(body: str, clouds: Clouds) -> None:
    """A message of the alerting queue: the findings of one check."""
    findings = read_message(body, FindingsChanged)
    alerts = receive_findings(findings, store=clouds.store, audit=clouds.audit, now=clouds.now())
    clouds.count("AlertsChanged", len(alerts))


def digest(clouds: Clouds) -> dict[str, Any]:
    """Send what waits, to receivers and to owners. Without a sender there is no mail, only the dashboard."""
    tell_untold(clouds)
    received = _tell_receivers(clouds)
    if clouds.notifier is None:
        return {"sent": 0, "reason": clouds.settings.without_mail, **received}
    url, fallback, now = clouds.settings.dashboard_url, clouds.settings.mail_fallback, clouds.now()
    report = send_digests(
        store=clouds.store, notifier=clouds.notifier, audit=clouds.audit, dashboard_url=url, now=now, fallback=fallback
    )
    clouds.count("DigestsSent", report.sent)
    _count_unconfirmed(clouds, report.unconfirmed)
    return {**report.model_dump(mode="json"), **received}


def _tell_receivers(clouds: Clouds) -> dict[str, Any]:
    """What receivers were told; nothing where there was nothing to tell."""
    if clouds.channels is None:
        return {}
    report = send_to_receivers(
        store=clouds.store,
        channels=clouds.channels,
        audit=clouds.audit,
        dashboard_url=clouds.settings.dashboard_url,
        now=clouds.now(),
    )
    if report == DeliveryReport():
        return {}
    clouds.count("ReceiversTold", report.sent)
    clouds.count("ReceiversNotTold", len(report.failed) + report.unconfirmed)
    _count_unconfirmed(clouds, report.unconfirmed)
    return {"receivers": report.model_dump(mode="json")}


def _count_unconfirmed(clouds: Clouds, messages: int) -> None:
    """Messages that perhaps never left and are not sent again: an alarm watches them, people have to look."""
    if messages:
        clouds.count("MessagesUnconfirmed", messages)
