"""The one table from errors to status codes, and the shape in which a problem is told (RFC 9457).

Sentences of `SyndicError` are written for people and are shown. Of any other error nothing is shown but a reference,
under which the log holds the trace.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import Field

from syndic.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
    SyndicError,
    TooLargeError,
    TooOftenError,
    UnavailableError,
    UnknownReferenceError,
)
from syndic.idempotency import ReusedKeyError
from syndic.identity.models import IdentityRefusedError
from syndic.models import Noun

log = logging.getLogger(__name__)

MOST_PROBLEMS: Final = 20
PROBLEM_JSON = "application/problem+json"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}

# RFC 9110's words. Python before 3.13 has the older ones.
WORDS: Final = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}


class UnsupportedContentError(SyndicError):
    """The body is not JSON."""


class PreconditionFailedError(SyndicError):
    """The record is not as it was when the ETag was given out that the request names."""


class NotOfferedError(SyndicError):
    """The path exists, this method on it does not. `allowed` are the methods that do."""

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed
        super().__init__(f"there is no {method} here, only {', '.join(allowed)}")


STATUS: Final[dict[type[SyndicError], HTTPStatus]] = {
    InvalidInputError: HTTPStatus.BAD_REQUEST,
    UnknownReferenceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ReusedKeyError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotSignedInError: HTTPStatus.UNAUTHORIZED,
    IdentityRefusedError: HTTPStatus.UNAUTHORIZED,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    NotOfferedError: HTTPStatus.METHOD_NOT_ALLOWED,
    ConflictError: HTTPStatus.CONFLICT,
    PreconditionFailedError: HTTPStatus.PRECONDITION_FAILED,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TooOftenError: HTTPStatus.TOO_MANY_REQUESTS,
    UnsupportedContentError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    SyndicError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

# What programs decide by. Sentences may be put better; a code stays.
CODES: Final[dict[type[SyndicError], str]] = {
    InvalidInputError: "invalid_input",
    UnknownReferenceError: "unknown_reference",
    ReusedKeyError: "reused_key",
    NotSignedInError: "not_signed_in",
    IdentityRefusedError: "identity_refused",  # it names its own
    NotAllowedError: "not_allowed",
    NotFoundError: "not_found",
    NotOfferedError: "not_offered",
    ConflictError: "conflict",
    PreconditionFailedError: "precondition_failed",
    TooLargeError: "too_large",
    TooOftenError: "too_often",
    UnsupportedContentError: "unsupported_content",
    UnavailableError: "unavailable",
    SyndicError: "unexpected",
}
OWN: Final[dict[str, HTTPStatus]] = {
    "framework_refused": HTTPStatus.BAD_REQUEST,
    "contract_broken": HTTPStatus.UNPROCESSABLE_ENTITY,
    "backend_failed": HTTPStatus.SERVICE_UNAVAILABLE,
    "gate_refused": HTTPStatus.CONFLICT,
    "checks_refused": HTTPStatus.CONFLICT,
}
"""Errors of one concern, by the codes that they name themselves. They are not imported: that would load the concern."""

OFF_DESCRIPTION: Final = "invalid_request"
"""Code of a request that does not fit the API's description."""


class FieldProblem(Noun):
    """One wrong field of a request."""

    where: str = Field(description="such as body.window.start, query.limit, or the unmet condition of a gate")
    problem: str


class Problem(Noun):
    """What went wrong, as RFC 9457 problem details."""

    type: str = "about:blank"
    title: str = Field(description="the status in words")
    status: int
    code: str = Field(description="the kind of problem, for programs, such as gate_refused")
    detail: str = Field(description="one sentence for a person")
    errors: tuple[FieldProblem, ...] = Field(
        default=(), description="each wrong field of the request, or each unmet condition"
    )
    missing: tuple[str, ...] | None = Field(default=None, description="features that a prediction needs and lacks")
    extra: tuple[str, ...] | None = Field(default=None, description="features that the model does not take")


def status_of(error: SyndicError) -> HTTPStatus:
    """The status code of an error: that of its own code, else that of the nearest class in the table."""
    if error.code in OWN:
        return OWN[error.code]
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def code_of(error: SyndicError) -> str:
    """The code of an error: its own when it has one, else that of the nearest class in the table."""
    return error.code or next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)


def in_words(status: HTTPStatus) -> str:
    """A status in words."""
    return WORDS.get(status, status.phrase)


def describe(status: HTTPStatus, code: str, detail: str, errors: tuple[FieldProblem, ...] = ()) -> Problem:
    """A problem with its status in words."""
    return Problem(title=in_words(status), status=status, code=code, detail=detail, errors=errors)


def problem_of(error: SyndicError) -> Problem:
    """The problem that an error is told as."""
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request failed", exc_info=error)
    errors = tuple(FieldProblem(where=where, problem=problem) for where, problem in error.details)
    return describe(status, code_of(error), str(error), errors).model_copy(update=dict(error.features))


def invalid_request(error: RequestValidationError) -> Problem:
    """The problem of a request that does not fit its description. The values given are not repeated."""
    errors = tuple(
        FieldProblem(where=".".join(str(part) for part in item["loc"]), problem=str(item.get("msg") or "is required"))
        for item in error.errors()[:MOST_PROBLEMS]
    )
    detail = "The request does not fit the API's description."
    return describe(HTTPStatus.UNPROCESSABLE_ENTITY, OFF_DESCRIPTION, detail, errors)


def unknown_parameters(sent: Sequence[str], known: Sequence[str]) -> Problem:
    """The problem of a request with query parameters that its route does not have."""
    there = f"there are {', '.join(known)}" if known else "there are none here"
    errors = tuple(
        FieldProblem(where=f"query.{name[:64]}", problem=f"no such parameter; {there}") for name in sent[:MOST_PROBLEMS]
    )
    detail = "The request does not fit the API's description."
    return describe(HTTPStatus.UNPROCESSABLE_ENTITY, OFF_DESCRIPTION, detail, errors)


def unexpected(reference: str) -> Problem:
    """The problem of an error that nobody planned."""
    detail = f"Something went wrong on our side. Quote {reference} to whoever runs this Syndic."
    return describe(HTTPStatus.INTERNAL_SERVER_ERROR, CODES[SyndicError], detail)


def as_response(problem: Problem, error: SyndicError | None = None) -> Response[str]:
    """A problem as a response of the resolver."""
    return Response(problem.status, PROBLEM_JSON, _json(problem), headers=dict(_headers(problem, error)))


def as_proxy_response(error: SyndicError) -> dict[str, Any]:
    """An error as what API Gateway takes from a function."""
    problem = problem_of(error)
    headers = {**HEADERS, "Content-Type": PROBLEM_JSON, **_headers(problem, error)}
    return {
        "statusCode": problem.status,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "body": _json(problem),
        "isBase64Encoded": False,
    }


def _headers(problem: Problem, error: SyndicError | None) -> dict[str, str]:
    """What a problem says to programs beside its body."""
    if isinstance(error, NotOfferedError):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, TooOftenError):
        return {"Retry-After": str(error.seconds)}
    return {"WWW-Authenticate": "Bearer"} if problem.status == HTTPStatus.UNAUTHORIZED else {}


def _json(problem: Problem) -> str:
    told = problem.model_dump(mode="json", exclude=None if problem.code else {"code"})
    shown = {name: value for name, value in told.items() if name not in {"missing", "extra"} or value is not None}
    return json.dumps(shown, ensure_ascii=False)
