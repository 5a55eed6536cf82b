"""From a message's body to our events. Both clouds' queues carry the same envelope, whose ``detail`` is an event."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from syndic.errors import InvalidInputError
from syndic.models import CheckRequested

EventT = TypeVar("EventT", bound=BaseModel)
Check = Literal["drift", "quality", "bias"]


class Envelope(BaseModel, Generic[EventT]):
    """What is wrapped around an event. Its other fields say nothing that we use."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    detail: EventT


class Heading(BaseModel):
    """The part of the envelope that says what is in it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    detail_type: str | None = Field(default=None, alias="detail-type")


def read_message(body: str, kind: type[EventT]) -> EventT:
    """The event in a message's body. Raises `InvalidInputError` that names the first wrong field."""
    try:
        event: EventT = Envelope[kind].model_validate_json(body).detail  # type: ignore[valid-type]
    except ValidationError as error:
        raise _refusal(error) from error
    return event


def read_request(body: str, check: Check) -> CheckRequested:
    """The request for one check. A request for another check is in the wrong queue and is refused."""
    request = read_message(body, CheckRequested)
    if request.check != check:
        raise InvalidInputError(f"expected {check}, got {request.check}", where="message.detail.check")
    return request


def type_of(body: str) -> str | None:
    """The type of the event in a message's body, as its envelope says. Raises `InvalidInputError`."""
    try:
        return Heading.model_validate_json(body).detail_type
    except ValidationError as error:
        raise _refusal(error) from error


def _refusal(error: ValidationError) -> InvalidInputError:
    first = error.errors(include_url=False, include_input=False)[0]
    return InvalidInputError(first["msg"], where=".".join(["message", *(str(part) for part in first["loc"])]))
