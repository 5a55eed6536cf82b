"""`EventBus` on storage queues: one queue per receiver.

A message is the envelope that EventBridge puts around an event on AWS, so both clouds read it alike:
``{"source": "syndic", "detail-type": <type>, "detail": {...}}``. It is sent as base64, which the Functions host
expects.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from syndic.adapters.azure.errors import translated
from syndic.adapters.events import SOURCE, parts_of
from syndic.errors import ConflictError
from syndic.models import (
    BaselineRequested,
    CheckRequested,
    CountRequested,
    DailyStepRequested,
    ErasureStepRequested,
    Event,
    EvidenceChanged,
    FindingsChanged,
    JobsRequested,
    ListingRequested,
    LookRequested,
    OnboardingRequested,
    PartRequested,
    ReportRequested,
    WindowCounted,
)

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

COUNTER: Final = "syndic-counter"
DRIFT: Final = "syndic-drift"
QUALITY: Final = "syndic-quality"
BIAS: Final = "syndic-bias"
COMPLIANCE: Final = "syndic-compliance"
ALERTING: Final = "syndic-alerting"
WINDOWS: Final = "syndic-windows"
DISCOVERY: Final = "syndic-discovery"
PREDICTIONS: Final = "syndic-predictions"
QUEUES: Final = (COUNTER, DRIFT, QUALITY, BIAS, COMPLIANCE, ALERTING, WINDOWS, DISCOVERY, PREDICTIONS)

MESSAGE_LIMIT: Final = 48 * 1024  # 64 KiB as base64, which is the most that the service takes
_ENVELOPE: Final = 256  # more than what is around the event
_SENDERS: Final = 8
_FOR_EVER: Final = -1  # without it the service drops a message after seven days: an outage may last longer


class QueueBus:
    """Publishes events to the queues of their receivers. Events that have none on Azure are dropped.

    Args:
        queue_of: Gives the client of the queue of a name, which neither encodes nor decodes: the bus does.
    """

    def __init__(self, queue_of: Callable[[str], QueueClient]) -> None:
        self._queue_of = queue_of

    def publish(self, events: Sequence[Event]) -> None:
        """Hand over all events. After an error some may have been handed over: receivers expect events twice."""
        messages = [message for event in events for message in _messages(event)]
        if len(messages) < 2:
            for queue, content in messages:
                self._send(queue, content)
            return
        with ThreadPoolExecutor(max_workers=min(_SENDERS, len(messages))) as senders:
            list(senders.map(self._send, *zip(*messages, strict=True)))

    def _send(self, queue: str, content: str) -> None:
        with translated(f"publish to queue {queue}"):
            self._queue_of(queue).send_message(content, time_to_live=_FOR_EVER)


def queue_for(event: Event) -> str | None:
    """The queue of an event's receiver; None when nothing on Azure listens to it.

    Raises `ConflictError` for a report or an erasure: only AWS does those, and a request must not be lost in silence.
    """
    if isinstance(event, CheckRequested | WindowCounted):
        return {"drift": DRIFT, "quality": QUALITY, "bias": BIAS}[event.check]
    if isinstance(event, ReportRequested | ErasureStepRequested):
        raise ConflictError("reports are built and captures erased on AWS; on Azure nothing takes a request for one")
    return _RECEIVERS.get(type(event))


_RECEIVERS: Final[dict[type, str]] = {
    CountRequested: COUNTER,
    BaselineRequested: DRIFT,
    OnboardingRequested: DRIFT,  # beside baselines: both read captured rows because a person asked for it
    PartRequested: WINDOWS,
    ListingRequested: DISCOVERY,
    LookRequested: DISCOVERY,
    JobsRequested: DISCOVERY,
    EvidenceChanged: COMPLIANCE,
    DailyStepRequested: COMPLIANCE,
    FindingsChanged: ALERTING,
}


def _messages(event: Event) -> Iterator[tuple[str, str]]:
    queue = queue_for(event)
    if queue is None:
        return
    for part in parts_of(event, limit=MESSAGE_LIMIT - _ENVELOPE):
        heading = f'{{"source":{json.dumps(SOURCE)},"detail-type":{json.dumps(part.type)},"detail":'
        yield queue, base64.b64encode(f"{heading}{part.model_dump_json()}}}".encode()).decode("ascii")
