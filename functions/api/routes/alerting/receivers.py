"""Receivers of alerts: list, set, remove, try out. For admins."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from functions.api.inputs import Clouds, Person, by_whom
from syndic.alerting import receivers
from syndic.alerting.models import DeliveryState, Receiver, ReceiverSettings, ReceiverTest
from syndic.alerting.models.routing import ReceiverDryRun
from syndic.alerting.telling import trial, undelivered
from syndic.errors import UnavailableError
from syndic.models import Noun
from syndic.ports import Channels

router = Router()

ReceiverName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Name of a receiver")]


DeliveryId = Annotated[
    str,
    Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\.[0-9a-f]{20}$", description="Id of what a receiver was told of a group"),
]


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
    return receivers.set_receiver(wanted, channels=_channels(clouds), **by_whom(clouds, person))


@router.delete("/alerts/receivers/<receiver>", tags=["alerts"])
def remove_receiver(clouds: Clouds, person: Person, receiver: ReceiverName) -> Receivers:
    """Remove a receiver: it is told nothing any more. Answers with those that are left."""
    receivers.remove_receiver(receiver, **by_whom(clouds, person))
    return list_receivers(clouds)


@router.post("/alerts/receivers/dry-run", tags=["alerts"])
def try_receiver(clouds: Clouds, receiver: Annotated[Receiver, Body()]) -> ReceiverDryRun:
    """What a receiver, set so, would have been told in the past 30 days. Nothing is sent or kept."""
    return trial.try_receiver(receiver, channels=_channels(clouds), store=clouds.store, now=clouds.now())


@router.post("/alerts/receivers/<receiver>/test", tags=["alerts"])
def test_receiver(clouds: Clouds, person: Person, receiver: ReceiverName) -> ReceiverTest:
    """Send a receiver a message that says it is a test, and tell what became of it."""
    url = clouds.settings.dashboard_url
    return receivers.try_receiver(receiver, channels=_channels(clouds), dashboard_url=url, **by_whom(clouds, person))


class Deliveries(Noun):
    """What receivers were told, and what waits."""

    deliveries: tuple[DeliveryState, ...]


@router.get("/alerts/deliveries", tags=["alerts"])
def list_deliveries(clouds: Clouds) -> Deliveries:
    """What each receiver was told of each group of alerts, and what it did not take."""
    return Deliveries(deliveries=tuple(undelivered.list_deliveries(clouds.store)))


@router.post("/alerts/deliveries/<delivery>/retry", tags=["alerts"])
def retry_delivery(clouds: Clouds, person: Person, delivery: DeliveryId) -> DeliveryState:
    """Let the next run try again what a receiver did not take."""
    return undelivered.try_again(delivery, **by_whom(clouds, person))


def _channels(clouds: Clouds) -> Channels:
    if clouds.channels is None:
        raise UnavailableError("no channels are configured here")
    return clouds.channels
