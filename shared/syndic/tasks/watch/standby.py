"""Telling from the cloud that does not govern, while the one that governs stays away.

AWS tells of the alerts of both clouds. It comes for Azure's findings every few minutes; when it does not, what Azure
finds would be told to nobody. With receivers of its own, Azure then tells of what AWS has not fetched, and goes on
telling of that until it is over, so that no incident stays open. With no time to wait for, Azure always tells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from syndic.alerting.keys import DELIVERIES_OPEN, alert_id
from syndic.alerting.models import Alert, Delivery, Receiver
from syndic.alerting.receivers import keep_receiver, list_receivers, remove_receiver
from syndic.errors import InvalidInputError
from syndic.mirror.keys import MET, OUTBOX
from syndic.models import Concern, Noun
from syndic.ports import ABSENT, Record, Store
from syndic.records import iterate
from syndic.settings import variable
from syndic.tasks.clouds import Clouds

ACTOR: Final = "syndic/deployment"
ITSELF: Final = "syndic"


class Receivers(Noun):
    """What the deployment sets."""

    receivers: tuple[Receiver, ...]


@dataclass(frozen=True, slots=True)
class Standby:
    """Who is told from here.

    Attributes:
        receivers: All of them: others that are on record are removed.
        after: How long the governing cloud may stay away before they are told. Zero: they are always told.
    """

    receivers: tuple[Receiver, ...]
    after: timedelta


@dataclass(frozen=True, slots=True)
class Absence:
    """Whether the governing cloud stays away. `since`: when it was here last, or was first awaited."""

    away: bool
    since: datetime
    came: bool


def read_standby(text: str, *, hours: int) -> Standby:
    """What the deployment set. Raises `InvalidInputError` that names the setting and the field."""
    try:
        return Standby(Receivers.model_validate_json(text).receivers, timedelta(hours=hours))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise InvalidInputError(f"{field}: {first['msg']}", where=variable("standby_receivers")) from error


def absence_of(standby: Standby, store: Store, now: datetime) -> Absence:
    """Whether the governing cloud has been away for too long. From the first call on it is awaited."""
    record = store.get(MET)
    if record is None:
        record = store.put(Record(MET, {"awaited": now.isoformat()}), expect=ABSENT)
    came = "at" in record.body
    since = datetime.fromisoformat(str(record.body["at" if came else "awaited"]))
    return Absence(now - since >= standby.after, since, came)


def take_over(standby: Standby, clouds: Clouds) -> Callable[[Alert], bool]:
    """Keep the receivers that the deployment names, and say of which alerts they are to be told from here."""
    _keep(standby, clouds)
    if not standby.after:
        return lambda _: True
    told = _told(clouds.store)
    if not absence_of(standby, clouds.store, clouds.now()).away:
        return lambda alert: alert.id in told
    unknown = _not_fetched(clouds.store)
    return lambda alert: alert.id in told or alert.id in unknown or alert.model_id == ITSELF


def _keep(standby: Standby, clouds: Clouds) -> None:
    common: dict[str, Any] = {"store": clouds.store, "audit": clouds.audit, "actor": ACTOR, "now": clouds.now()}
    for receiver in standby.receivers:
        keep_receiver(receiver, **common)
    wanted = {one.name for one in standby.receivers}
    for name in [one.name for one in list_receivers(clouds.store) if one.name not in wanted]:
        remove_receiver(name, **common)


def _told(store: Store) -> set[str]:
    """Alerts that somebody was told of from here, or is being told of."""
    deliveries = [Delivery.model_validate(record.body) for record in iterate(store, DELIVERIES_OPEN)]
    return {one for delivery in deliveries for one in (*delivery.told, *delivery.sending)}


def _not_fetched(store: Store) -> set[str]:
    """Alerts of findings that wait for the governing cloud: it cannot know of them."""
    waiting = (record.body for record in iterate(store, OUTBOX) if record.body.get("type") == "FindingsChanged")
    found = (one for body in waiting for one in body["findings"])
    return {alert_id(one["model_id"], Concern(one["concern"])) for one in found}
