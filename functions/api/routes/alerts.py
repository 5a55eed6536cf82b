"""Alerts: list, read, acknowledge."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field

from functions.api.access import require_change
from functions.api.inputs import Clouds, Limit, Person, Token
from syndic.alerting.alerts import acknowledge, get_alert
from syndic.alerting.alerts import list_alerts as list_page
from syndic.alerting.models import Alert, AlertPage, AlertState
from syndic.models import Noun, Severity
from syndic.records import get_model

router = Router()

AlertId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$", description="Id of an alert")]


class AcknowledgeAlert(Noun):
    """That somebody has seen the alert and cares for it."""

    note: str = Field(default="", max_length=1000)


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
    return list_page(clouds.store, state=state, model_id=model_id, severity=severity, limit=limit, token=token)


@router.get("/alerts/<alert_id>", tags=["alerts"])
def read_alert(clouds: Clouds, alert_id: AlertId) -> Alert:
    """An alert with its history."""
    return get_alert(clouds.store, alert_id)


@router.patch("/alerts/<alert_id>", tags=["alerts"])
def acknowledge_alert(
    clouds: Clouds,
    person: Person,
    alert_id: AlertId,
    acknowledgement: Annotated[AcknowledgeAlert | None, Body()] = None,
) -> Alert:
    """Acknowledge an alert: it stays quiet until it is resolved or grows worse."""
    require_change(person, get_model(clouds.store, get_alert(clouds.store, alert_id).model_id))
    return acknowledge(
        alert_id,
        by=person.name,
        note=(acknowledgement or AcknowledgeAlert()).note,
        store=clouds.store,
        audit=clouds.audit,
        now=clouds.now(),
    )
