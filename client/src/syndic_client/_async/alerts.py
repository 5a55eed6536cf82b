"""Alerts: troubles that somebody is told of."""

from __future__ import annotations

import datetime as dt
from typing import Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import ChangeAlerts
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import Alert, AlertPage, ChangedAlerts


class AsyncAlerts:
    """Alerts of all models."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(
        self, *, model: ModelNamed | None = None, state: str | None = None, severity: str | None = None,
        page_size: int | None = None,
    ) -> AsyncPages[AlertPage, Alert]:  # fmt: skip
        """All alerts, or those that fit every filter given."""
        which = None if model is None else id_of(model)
        call = get("alerts", model_id=which, state=state, severity=severity, limit=page_size)
        return AsyncPages(self._api, AlertPage, lambda page: page.alerts, call)

    async def get(self, alert: str | Alert) -> Alert:
        """One alert."""
        return await self._api.ask(Alert, get("alerts", _id(alert)))

    async def change_many(self, *, idempotency_key: str | None = None, **fields: Unpack[ChangeAlerts]) -> ChangedAlerts:
        """Do the same to many alerts, and tell what became of each."""
        call = change("POST", "alerts", "changes", body=fields, key=idempotency_key)
        return await self._api.ask(ChangedAlerts, call)

    async def acknowledge(self, alert: str | Alert, *, note: str | None = None) -> Alert:
        """Say that you care for it."""
        body = None if note is None else {"action": "acknowledge", "note": note, "assignee": None, "until": None}
        return await self._api.ask(Alert, change("PATCH", "alerts", _id(alert), body=body, of=alert))

    async def change(
        self, alert: str | Alert, action: str, *, note: str | None = None, assignee: str | None = None,
        until: dt.datetime | None = None,
    ) -> Alert:  # fmt: skip
        """Acknowledge, assign, snooze, resolve, reopen or comment it."""
        given = {"note": note, "assignee": assignee, "until": None if until is None else until.isoformat()}
        body = {"action": action, **{name: value for name, value in given.items() if value is not None}}
        return await self._api.ask(Alert, change("PATCH", "alerts", _id(alert), body=body, of=alert))


def _id(alert: str | Alert) -> str:
    return alert if isinstance(alert, str) else alert.id
