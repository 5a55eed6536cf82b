"""What can go wrong, as one tree: `except GovernanceError` catches all of it, `except ApiError` what was refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec


class GovernanceError(Exception):
    """Anything that this package raises by itself."""


class ConfigurationError(GovernanceError, ValueError):
    """The client cannot be used as it was set up."""


class PandasMissingError(GovernanceError, ImportError):
    """A table was asked for, and pandas is not installed."""


class NoAnswerError(GovernanceError):
    """Nothing came back, however often it was tried. Whether the request was carried out is not known."""


class TimedOutError(NoAnswerError):
    """Nothing came back in time."""


class UnreadableAnswerError(GovernanceError):
    """The answer is not what the API's description promises: most often something in between has answered."""


class ReportFailedError(GovernanceError):
    """The report could not be made, or not in the time it was waited for."""


class FieldProblem(msgspec.Struct, frozen=True):
    """One wrong field of a request, or one unmet condition."""

    where: str
    problem: str


class _Problem(msgspec.Struct):
    title: str = ""
    detail: str = ""
    code: str = ""
    errors: tuple[FieldProblem, ...] = ()


class ApiError(GovernanceError):
    """The API refused the request.

    Attributes:
        status: The HTTP status.
        code: The kind of problem, such as ``gate_refused``; empty when something before the API has answered.
        detail: One sentence for a person.
        errors: Each wrong field, or each unmet condition.
        retry_after: Seconds after which to try again, when the answer says so.
        request_id: What to quote to whoever runs this Syndic.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = "",
        errors: tuple[FieldProblem, ...] = (),
        retry_after: float | None = None,
        request_id: str | None = None,
    ) -> None:
        self.status, self.detail, self.code, self.errors = status, detail, code, errors
        self.retry_after, self.request_id = retry_after, request_id
        said = (f"{one.where}: {one.problem}" for one in errors)
        listed = "".join(f"\n  {one}" for one in said if one not in detail)
        super().__init__(f"{status}{f' {code}' if code else ''}: {detail}{listed}")


class BadRequestError(ApiError):
    """400: well-formed, but wrong."""


class NotSignedInError(ApiError):
    """401: no key or token, or one that is not valid any more."""


class NotAllowedError(ApiError):
    """403: signed in, but not allowed."""


class NotFoundError(ApiError):
    """404: there is no such thing."""


class ConflictError(ApiError):
    """409: somebody changed it meanwhile, or the step is not possible now."""


class GateRefusedError(ConflictError):
    """A promotion or deployment was refused; `errors` has every unmet condition."""


class ChecksRefusedError(ConflictError):
    """Checks cannot be made; `errors` has each with what to do."""


class PreconditionFailedError(ApiError):
    """412: the record was changed since it was read. Read it again and decide anew."""


class TooLargeError(ApiError):
    """413: the request is larger than the API takes."""


class InvalidRequestError(ApiError):
    """422: does not fit the API's description; `errors` has each wrong field."""


class UnknownReferenceError(InvalidRequestError):
    """Something was named that does not exist."""


class ReusedKeyError(InvalidRequestError):
    """The idempotency key was used for another request."""


class RateLimitedError(ApiError):
    """429: too many requests; `retry_after` says when to come again, if it was said."""


class ServerError(ApiError):
    """5xx: the fault is not the caller's."""


class UnavailableError(ServerError):
    """503: a store or a cloud did not answer."""


BY_CODE: Final[Mapping[str, type[ApiError]]] = {
    "gate_refused": GateRefusedError,
    "checks_refused": ChecksRefusedError,
    "unknown_reference": UnknownReferenceError,
    "reused_key": ReusedKeyError,
}
BY_STATUS: Final[Mapping[int, type[ApiError]]] = {
    400: BadRequestError,
    401: NotSignedInError,
    403: NotAllowedError,
    404: NotFoundError,
    409: ConflictError,
    412: PreconditionFailedError,
    413: TooLargeError,
    422: InvalidRequestError,
    429: RateLimitedError,
    503: UnavailableError,
}


def error_of(status: int, body: bytes, *, retry_after: float | None = None, request_id: str | None = None) -> ApiError:
    """The error that an answer tells. What is not a problem document is told by its status and its first words."""
    try:
        told = msgspec.json.decode(body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        told = _Problem(detail=re.sub(r"<[^>]*>|\s+", " ", body[:2000].decode("utf-8", "replace")).strip()[:200])
    detail = told.detail or told.title or _message(body) or "the answer does not say why"
    fallback = ServerError if status >= 500 else ApiError
    kind = BY_CODE.get(told.code) or BY_STATUS.get(status, fallback)
    return kind(status, detail, code=told.code, errors=told.errors, retry_after=retry_after, request_id=request_id)


def _message(body: bytes) -> str:
    """What API Gateway says when it refuses by itself."""
    try:
        found: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return str(found.get("message") or found.get("Message") or "") if isinstance(found, dict) else ""
