"""The one table from botocore's errors to Syndic's."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

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
    "ConditionalCheckFailedException": StaleWriteError,
    "PreconditionFailed": ConflictError,
    "ConditionalRequestConflict": ConflictError,
    "412": ConflictError,
    "NoSuchKey": NotFoundError,
    "NoSuchBucket": NotFoundError,
    "NotFound": NotFoundError,
    "404": NotFoundError,
    "ResourceNotFound": NotFoundError,
    "EntityTooLarge": TooLargeError,
    "BadRequestException": InvalidInputError,
    "MessageRejected": InvalidInputError,
    "MailFromDomainNotVerifiedException": UnavailableError,
}
"""Every other code, and no answer at all, is `UnavailableError`: the service refused, or nobody knows."""

BUSY: Final = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)
"""Codes after which the same call may be made again, because nothing was done."""


def code_of(error: ClientError) -> str:
    """The service's error code."""
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def translate(error: ClientError | BotoCoreError, what: str) -> SyndicError:
    """The error to raise instead; its message names the code and the service's reason."""
    if isinstance(error, ClientError):
        code = code_of(error)
        reason = error.response.get("Error", {}).get("Message") or "no reason given"
        return CODES.get(code, UnavailableError)(f"{what}: {code}: {reason}")
    return UnavailableError(f"{what}: {type(error).__name__}: {error}")


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise Syndic's errors instead of botocore's within the block."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise translate(error, what) from error


def back_off(attempt: int, sleep: Callable[[float], None]) -> None:
    """Wait a random time of up to 20 ms, 40 ms, ... 1 s, so that those who collided do not collide again."""
    sleep(random.uniform(0, min(1.0, 0.02 * 2**attempt)))  # noqa: S311 - spreads load, keeps no secret
