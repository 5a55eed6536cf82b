"""Receivers of alerts: list, set, remove, try out. For admins."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from functions.api.access import Caller
from functions.api.inputs import Clouds, Person
from syndic.alerting import receivers
from syndic.alerting.models import Receiver, ReceiverSettings, ReceiverTest
from syndic.errors import UnavailableError
from syndic.models import Noun
from syndic.ports import Channels

router = Router()

ReceiverName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Name of a receiver")]


class Receivers(Noun):
    """Every receiver."""

    receivers: tuple[Receiver, ...]


@router.get("/alerts/receivers", tags=["alerts"])
def list_receivers(clouds: Clouds) -> Receivers:
    """Every receiver, by name. A hundred at most."""
    return Receivers(receivers=tuple(receivers.list_receivers(clouds.store)))


@router.get("/alerts/receivers/<receiver>", tags=["alerts"])
def read_receiver(clouds: Clouds, receiver: ReceiverName) -> Receiver:
    """A receiver. Its secret is named, never shown."""
    return receivers.get_receiver(clouds.store, receiver)


@router.put("/alerts/receivers/<receiver>", tags=["alerts"])
def set_receiver(
    clouds: Clouds, person: Person, receiver: ReceiverName, settings: Annotated[ReceiverSettings, Body()]
) -> Receiver:
    """Set a receiver: the next digests tell it of every open alert that concerns it and that it was not told."""
    wanted = Receiver(name=receiver, **settings.model_dump())
    return receivers.set_receiver(wanted, channels=_channels(clouds), **_common(clouds, person))


@router.delete("/alerts/receivers/<receiver>", tags=["alerts"])
def remove_receiver(clouds: Clouds, person: Person, receiver: ReceiverName) -> Receivers:
    """Remove a receiver: it is told nothing any more. Answers with those that are left."""
    receivers.remove_receiver(receiver, **_common(clouds, person))
    return list_receivers(clouds)


@router.post("/alerts/receivers/<receiver>/test", tags=["alerts"])
def test_receiver(clouds: Clouds, person: Person, receiver: ReceiverName) -> ReceiverTest:
    """Send a receiver a message that says it is a test, and tell what became of it."""
    url = clouds.settings.dashboard_url
    return receivers.try_receiver(receiver, channels=_channels(clouds), dashboard_url=url, **_common(clouds, person))


def _channels(clouds: Clouds) -> Channels:
    if clouds.channels is None:
        raise UnavailableError("no channels are configured here")
    return clouds.channels


def _common(clouds: Clouds, person: Caller) -> dict[str, Any]:
    return {"store": clouds.store, "audit": clouds.audit, "actor": person.name, "now": clouds.now()}
