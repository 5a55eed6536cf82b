"""The gateway's three requests over HTTP, whatever hands them over: health, model-info, predict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from syndic.errors import SyndicError
from syndic.gateway.info import health_of, info_of
from syndic.gateway.predict import Gateway, predict
from syndic.serving.observed import PROBLEM_JSON, refusal_of

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    body: bytes
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def reply_health(gateway: Callable[[], Gateway], model_id: str) -> Reply:
    """Whether a version of the model is there to answer."""
    try:
        return Reply(200, health_of(gateway().serving, model_id).model_dump_json().encode())
    except SyndicError as error:
        return _refused(error)


def reply_info(gateway: Callable[[], Gateway], model_id: str) -> Reply:
    """What answers."""
    try:
        return Reply(200, info_of(gateway().serving, model_id).model_dump_json().encode())
    except SyndicError as error:
        return _refused(error)


def reply_prediction(gateway: Callable[[], Gateway], model_id: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """The answer to a request for predictions. What was offered to the log is sent before it goes out.

    Args:
        gateway: Gives what is served with; raises `UnavailableError` where nothing is.
        model_id: The model.
        body: The request's body.
        headers: By their names in lower case.
    """
    request_id = headers.get("x-request-id") or headers.get("idempotency-key", "").strip('"') or uuid4().hex
    try:
        served = gateway()
        try:
            media = headers.get("content-type", "")
            answer = predict(served, model_id, body, content_type=media, request_id=request_id)
        finally:  # the process may be stopped once it has answered: a thread would send later, or never
            served.records.flush()
    except SyndicError as error:
        return _refused(error)
    if answer.body is not None:
        return Reply(200, answer.body, answer.media, answer.headers)
    return Reply(200, answer.prediction.model_dump_json().encode())


def _refused(error: SyndicError) -> Reply:
    refusal = refusal_of(error)
    return Reply(refusal.status, refusal.body, PROBLEM_JSON)
