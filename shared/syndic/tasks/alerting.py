"""Alerting: keeps findings as alerts; its schedule sends one digest to each owner and each receiver."""

from __future__ import annotations

from typing import Any

from syndic.alerting.alerts import receive_findings
from syndic.alerting.life import wake_snoozed
from syndic.alerting.models import DeliveryReport
from syndic.alerting.rules.judge import judge_rules
from syndic.alerting.telling.run import tell_everybody
from syndic.models import FindingsChanged
from syndic.tasks.clouds import Clouds
from syndic.tasks.duties.dates import watch_registers
from syndic.tasks.messages import read_message
from syndic.tasks.schedule.sweeping import tell_untold
from syndic.tasks.schedule.upgrading import SOON, upgrade_records
from syndic.tasks.watch.model_watch import watch_models
from syndic.tasks.watch.self_watch import watch_itself
from syndic.tasks.watch.standby import Standby, take_over


def take(body: str, clouds: Clouds) -> None:
    """A message of the alerting queue: the findings of one check."""
    findings = read_message(body, FindingsChanged)
    alerts = receive_findings(findings, store=clouds.store, audit=clouds.audit, now=clouds.now())
    clouds.count("AlertsChanged", len(alerts))


def digest(clouds: Clouds, standby: Standby | None = None) -> dict[str, Any]:
    """Tell receivers and owners what is due. Without a sender there is no mail, only the dashboard.

    `standby`: whom a cloud that does not govern tells while the one that governs stays away.
    """
    tell_untold(clouds)
    upgrade_records(clouds, SOON)
    wake_snoozed(store=clouds.store, audit=clouds.audit, now=clouds.now())
    clouds.count("RuleFindings", judge_rules(store=clouds.store, audit=clouds.audit, now=clouds.now()))
    clouds.count("DatesDue", watch_registers(clouds))
    told = tell_everybody(
        store=clouds.store,
        channels=clouds.channels,
        notifier=clouds.notifier,
        audit=clouds.audit,
        dashboard_url=clouds.settings.dashboard_url,
        fallback=clouds.settings.mail_fallback,
        now=clouds.now(),
        only=None if standby is None else take_over(standby, clouds),
    )
    clouds.count("OwnTroubles", watch_itself(clouds, told.unreached, standby))
    clouds.count("ModelTroubles", watch_models(clouds))
    answer: dict[str, Any] = {}
    if told.receivers != DeliveryReport():
        clouds.count("ReceiversTold", told.receivers.sent)
        clouds.count("ReceiversNotTold", len(told.receivers.failed) + told.receivers.unconfirmed)
        _count_unconfirmed(clouds, told.receivers.unconfirmed)
        answer = {"receivers": told.receivers.model_dump(mode="json")}
    if told.owners is None:
        return {"sent": 0, "reason": clouds.settings.without_mail, **answer}
    clouds.count("DigestsSent", told.owners.sent)
    _count_unconfirmed(clouds, told.owners.unconfirmed)
    return {**told.owners.model_dump(mode="json"), **answer}


def _count_unconfirmed(clouds: Clouds, messages: int) -> None:
    """Messages that perhaps never left and are not sent again: an alarm watches them, people have to look."""
    if messages:
        clouds.count("MessagesUnconfirmed", messages)
