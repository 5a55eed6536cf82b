"""From a queue's batch to our events.

A message that fails goes back alone; after its tries it is in the dead-letter queue. A message's body is an
EventBridge event whose ``detail`` is one of the events of `syndic.models`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Generic, Literal, TypeVar

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import BaseModel, ConfigDict, ValidationError

from syndic.errors import InvalidInputError
from syndic.models import CheckRequested

EventT = TypeVar("EventT", bound=BaseModel)
Check = Literal["drift", "quality", "bias"]


class Envelope(BaseModel, Generic[EventT]):
    """What EventBridge wraps around an event. Its other fields say nothing that we use."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    detail: EventT


class MapRun(BaseModel):
    """What the map of large windows hands to its last step. Its other fields are for people who look at a run."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    request: CheckRequested


def read_message(body: str, kind: type[EventT]) -> EventT:
    """The event in a message's body. Raises `InvalidInputError` that names the first wrong field."""
    try:
        event: EventT = Envelope[kind].model_validate_json(body).detail  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(["message", *(str(part) for part in first["loc"])])
        raise InvalidInputError(first["msg"], where=where) from error
    return event


def read_request(body: str, check: Check) -> CheckRequested:
    """The request for one check. A request for another check is in the wrong queue and is refused."""
    request = read_message(body, CheckRequested)
    if request.check != check:
        raise InvalidInputError(f"expected {check}, got {request.check}", where="message.detail.check")
    return request


def each_message(event: dict[str, Any], take: Callable[[str], object]) -> dict[str, Any]:
    """Hand each message's body to `take`; returns which messages failed, with their reasons in the log.

    Raises:
        BatchProcessingError: All messages failed. Lambda then counts an error and gives all of them back.
    """
    processor = BatchProcessor(event_type=EventType.SQS, logger=logging.getLogger(__name__))

    def take_record(record: SQSRecord) -> object:
        return take(record.body)

    return dict(process_partial_response(event=event, record_handler=take_record, processor=processor))
