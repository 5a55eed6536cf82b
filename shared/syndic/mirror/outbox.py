"""The outbox: events that wait until the clouds meet."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from syndic.canonical import sha256_of
from syndic.errors import InvalidInputError, StaleWriteError, TooLargeError
from syndic.mirror.keys import OUTBOX, outbox_key
from syndic.models import (
    BaselineRequested,
    CheckRequested,
    Cloud,
    Concern,
    CountRequested,
    Event,
    EvidenceChanged,
    FindingsChanged,
    OnboardingRequested,
    to_json,
)
from syndic.ports import EventBus, Record, Store
from syndic.records import find_model

log = logging.getLogger(__name__)
_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)
MOST_EVENTS: Final = 1000  # taken in one exchange
_TOGETHER: Final = 100


class Route(Enum):
    """Where an event goes."""

    HERE = "here"
    THERE = "there"
    BOTH = "both"


class OutboxBus:
    """A bus that puts events for the other cloud into the outbox, before it publishes those for its own.

    The same event twice is one record while it waits; receivers take events in any order and more than once.
    """

    def __init__(self, bus: EventBus, *, store: Store, route: Callable[[Event], Route]) -> None:
        self._bus, self._store, self._route = bus, store, route

    def publish(self, events: Sequence[Event]) -> None:
        """Keep and hand over all events."""
        routed = [(event, self._route(event)) for event in events]
        for event, route in routed:
            if route is not Route.HERE:
                body = to_json(event)
                self._store.put(Record(outbox_key(sha256_of(body)), body))
        here = [event for event, route in routed if route is not Route.THERE]
        if here or not events:
            self._bus.publish(here)


def from_azure(event: Event) -> Route:
    """Of what Azure tells AWS: new evidence, and findings of checks. Compliance is judged in AWS for both."""
    if isinstance(event, EvidenceChanged):
        return Route.BOTH
    if isinstance(event, FindingsChanged) and any(one.concern is not Concern.COMPLIANCE for one in event.findings):
        return Route.BOTH
    return Route.HERE


class FromAws:
    """What AWS asks of Azure: checks, baselines and proposals for the models that run there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, event: Event) -> Route:
        """Only there, when the captured traffic lies there."""
        if isinstance(event, CountRequested | CheckRequested | BaselineRequested | OnboardingRequested):
            model = find_model(self._store, event.model_id)
            if model is not None and model.cloud is Cloud.AZURE:
                return Route.THERE
        return Route.HERE


def waiting(store: Store) -> list[Record]:
    """Events that wait in an outbox."""
    found: list[Record] = []
    token: str | None = None
    while len(found) < MOST_EVENTS:
        page = store.query(OUTBOX, limit=_TOGETHER, token=token)
        found += page.records
        token = page.next_token
        if token is None:
            break
    return found


def deliver(records: Sequence[Record], *, store: Store, bus: EventBus, kinds: frozenset[str]) -> int:
    """Publish waiting events and take them out of the outbox; one that was put in again meanwhile stays.

    What is no event of the given kinds is not for this receiver, and what its bus can never carry would keep all others
    waiting: both are dropped with a line in the log.
    """
    delivered = 0
    for first in range(0, len(records), _TOGETHER):
        some = records[first : first + _TOGETHER]
        events = [event for record in some if (event := _event(record.body, kinds)) is not None]
        delivered += _publish(events, bus)
        for record in some:
            try:
                store.delete(record.key, expect=record.etag)
            except StaleWriteError:
                log.info("event was told again", extra={"event": record.key.sort})
    return delivered


def _publish(events: Sequence[Event], bus: EventBus) -> int:
    """Hand over the events; returns how many could be."""
    if not events:
        return 0
    try:
        bus.publish(events)
    except (TooLargeError, InvalidInputError) as error:
        if len(events) > 1:
            return sum(_publish([event], bus) for event in events)
        log.warning("event refused", extra={"reason": str(error)})
        return 0
    return len(events)


def _event(body: Any, kinds: frozenset[str]) -> Event | None:
    try:
        event = _EVENT.validate_python(body)
    except ValidationError as error:
        log.warning("event refused", extra={"reason": str(error.errors(include_url=False)[0]["msg"])})
        return None
    if event.type not in kinds:
        log.warning("event refused", extra={"reason": f"{event.type} does not cross"})
        return None
    return event
