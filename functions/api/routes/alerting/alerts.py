"""Alerts: list, read, and what people do to them."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field, StringConstraints

from functions.api.access.callers import require_change
from functions.api.inputs import Clouds, Limit, Person, Token
from syndic.alerting.alerts import get_alert
from syndic.alerting.alerts import list_alerts as list_page
from syndic.alerting.life import change_alert as change_one
from syndic.alerting.life import change_alerts as change_many
from syndic.alerting.models import Alert, AlertChange, AlertPage, AlertState, ChangedAlert
from syndic.models import Noun, Severity
from syndic.records import find_model

router = Router()

ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$"
AlertId = Annotated[str, Path(pattern=ID, description="Id of an alert")]


class ChangeAlerts(AlertChange):
    """The same for many alerts."""

    alerts: tuple[Annotated[str, StringConstraints(pattern=ID)], ...] = Field(
        min_length=1, max_length=100, description="ids of alerts"
    )


class ChangedAlerts(Noun):
    """What became of each of many alerts."""

    alerts: tuple[ChangedAlert, ...]


@router.get("/alerts", tags=["alerts"])
def list_alerts(
    clouds: Clouds,
    *,
    state: Annotated[AlertState | None, Query()] = None,
    model_id: Annotated[str | None, Query(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")] = None,
    severity: Annotated[Severity | None, Query(description="`none` means resolved")] = None,
    limit: Limit = 50,
    token: Token = None,
) -> AlertPage:
    """A page of alerts, the worst first."""
    return list_page(
        clouds.store,
        now=clouds.now(),
        state=state,
        model_id=model_id,
        severity=severity,
        limit=limit,
        token=token,
    )


@router.get("/alerts/<alert_id>", tags=["alerts"])
def read_alert(clouds: Clouds, alert_id: AlertId) -> Alert:
    """An alert with its findings, its history and what people did."""
    return get_alert(clouds.store, alert_id, clouds.now())


@router.patch("/alerts/<alert_id>", tags=["alerts"])
def change_alert(
    clouds: Clouds,
    person: Person,
    alert_id: AlertId,
    change: Annotated[AlertChange | None, Body()] = None,
) -> Alert:
    """Acknowledge, assign, snooze, resolve, reopen or comment an alert. Without a body it is acknowledged."""
    require_change(person, find_model(clouds.store, get_alert(clouds.store, alert_id, clouds.now()).model_id))
    wanted = change or AlertChange()
    return change_one(alert_id, wanted, by=person.name, store=clouds.store, audit=clouds.audit, now=clouds.now())


@router.post("/alerts/changes", tags=["alerts"])
def change_alerts(clouds: Clouds, person: Person, changes: Annotated[ChangeAlerts, Body()]) -> ChangedAlerts:
    """Do the same to many alerts, and tell what became of each."""
    changed = change_many(
        changes.alerts,
        AlertChange(**changes.model_dump(exclude={"alerts"})),
        require=lambda model_id: require_change(person, find_model(clouds.store, model_id)),
        by=person.name,
        store=clouds.store,
        audit=clouds.audit,
        now=clouds.now(),
    )
    return ChangedAlerts(alerts=changed)
