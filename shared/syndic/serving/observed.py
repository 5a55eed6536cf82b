"""What middleware does with one request, whatever the server's interface: hold it to the contract, read the answer.

The answer goes out byte for byte as the application gave it. One that cannot be read is logged as such and given all
the same: logging must not change what a model says.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from syndic.errors import InvalidInputError, NotFoundError, SyndicError, TooLargeError, UnavailableError
from syndic.gateway.contract import ContractBrokenError
from syndic.gateway.outputs import BackendFailedError
from syndic.gateway.predict import Admitted, Gateway, admit, answered, failed

log = logging.getLogger(__name__)

PROBLEM_JSON: Final = "application/problem+json"
WRAPPERS: Final = ("predictions", "outputs")

_STATUS: Final[tuple[tuple[type[SyndicError], int], ...]] = (
    (ContractBrokenError, 422),
    (TooLargeError, 413),
    (InvalidInputError, 400),
    (NotFoundError, 404),
    (BackendFailedError, 503),
    (UnavailableError, 503),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered instead of the application."""

    status: int
    body: bytes


def begin(
    gateway: Gateway, model_id: str, body: bytes, headers: Mapping[str, str]
) -> tuple[Admitted | None, Refusal | None]:
    """Hold a request to the contract. `headers` by their names in lower case. One of the two is None."""
    request_id = headers.get("x-request-id") or uuid4().hex
    try:
        return admit(
            gateway, model_id, body, content_type=headers.get("content-type", ""), request_id=request_id
        ), None  # fmt: skip
    except SyndicError as error:
        return None, refusal_of(error)


def end(admitted: Admitted, status: int, body: bytes) -> Refusal | None:
    """Log what the application answered. A refusal comes only where an answer must not go out unlogged."""
    if not 200 <= status < 300:
        failed(admitted, UnavailableError(f"the application answered with status {status}"))
        return None
    try:
        answers = read_answers(body)
    except BackendFailedError as error:
        failed(admitted, error)
        return None
    try:
        answered(admitted, answers)
    except BackendFailedError as error:
        log.info("answer is no score", extra={"reason": str(error), "request": admitted.request_id})
    except UnavailableError as error:
        return refusal_of(error)
    return None


@contextmanager
def ending(admitted: Admitted) -> Iterator[None]:
    """Log that the application broke off, whatever with: a request without a record would look like a lost one."""
    try:
        yield
    except BaseException as error:
        failed(admitted, UnavailableError(f"the application broke off ({type(error).__name__})"))
        raise


def read_answers(body: bytes) -> list[Any]:
    """One answer a row, from the body of a response. Raises `BackendFailedError`."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise BackendFailedError("the application answered with what is not JSON") from None
    if isinstance(value, dict):
        value = next((value[name] for name in WRAPPERS if isinstance(value.get(name), list)), [value])
    return value if isinstance(value, list) else [value]


def refusal_of(error: SyndicError) -> Refusal:
    """An error as RFC 9457 problem details."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    told: dict[str, Any] = {"type": "about:blank", "status": status, "detail": str(error)}
    if isinstance(error, ContractBrokenError):
        told |= {
            "code": "contract_broken",
            "missing": list(error.missing),
            "extra": list(error.extra),
            "errors": [{"where": f"body[{one.row}].{one.feature}", "problem": one.problem} for one in error.wrong],
        }
    return Refusal(status, json.dumps(told, ensure_ascii=False).encode())
