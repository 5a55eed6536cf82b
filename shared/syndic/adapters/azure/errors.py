"""The one table from azure-core's errors to Syndic's."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from azure.core.exceptions import AzureError, HttpResponseError

from syndic.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    StaleWriteError,
    SyndicError,
    TooLargeError,
    UnavailableError,
)

CODES: Final[dict[str, type[SyndicError]]] = {
    "EntityAlreadyExists": StaleWriteError,
    "UpdateConditionNotSatisfied": StaleWriteError,
    "ConditionNotMet": ConflictError,
    "BlobAlreadyExists": ConflictError,
    "BlobNotFound": NotFoundError,
    "ContainerNotFound": NotFoundError,
    "ResourceNotFound": NotFoundError,
    "EntityNotFound": NotFoundError,
    "PropertyValueTooLarge": TooLargeError,
    "EntityTooLarge": TooLargeError,
    "RequestBodyTooLarge": TooLargeError,
    "InvalidInput": InvalidInputError,
}
"""Every other code, and no answer at all, is `UnavailableError`: the service refused, or nobody knows. So is a table or
a queue that is not there: that is a fault of the deployment, not an answer."""

UNAVAILABLE: Final = frozenset({"TableNotFound", "QueueNotFound"})

MISSING: Final = frozenset({"ResourceNotFound", "EntityNotFound"})
"""Codes for a row that is not there. A table that is not there has another."""

STATUSES: Final[dict[int, type[SyndicError]]] = {404: NotFoundError, 412: ConflictError, 413: TooLargeError}
"""For answers without a code."""


def code_of(error: AzureError) -> str:
    """The service's error code; without one the status, or the error's own name."""
    code = getattr(error, "error_code", None)
    if code is None and isinstance(error, HttpResponseError):
        code = _code_in(error) or error.status_code
    return str(getattr(code, "value", code) or type(error).__name__)


def _code_in(error: HttpResponseError) -> str | None:
    """The code in the service's answer: not every call of the clients hands it on."""
    response: Any = error.response
    if response is None:
        return None
    code = response.headers.get("x-ms-error-code")
    if code is None and "json" in response.headers.get("Content-Type", ""):
        try:
            content = json.loads(response.text())
            code = content["odata.error"]["code"]
        except (ValueError, KeyError, TypeError):
            return None
    return None if code is None else str(code)


def translate(error: AzureError, what: str) -> SyndicError:
    """The error to raise instead; its message names the code and the service's reason in one line."""
    code = code_of(error)
    kind = CODES.get(code)
    if kind is None and code not in UNAVAILABLE:
        kind = STATUSES.get(getattr(error, "status_code", None) or 0)
    reason = next((line.strip() for line in str(error.message).splitlines() if line.strip()), "no reason given")
    return (kind or UnavailableError)(f"{what}: {code}: {reason}")


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise Syndic's errors instead of azure-core's within the block."""
    try:
        yield
    except AzureError as error:
        raise translate(error, what) from error


def back_off(attempt: int, sleep: Callable[[float], None]) -> None:
    """Wait a random time of up to 20 ms, 40 ms, ... 1 s, so that those who collided do not collide again."""
    sleep(random.uniform(0, min(1.0, 0.02 * 2**attempt)))  # noqa: S311 - spreads load, keeps no secret
