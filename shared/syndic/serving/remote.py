"""A server of one's own, tied to a deployment: what may answer is read from its API, and records are sent to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol
from urllib.parse import quote

from pydantic import ValidationError

from syndic.errors import InvalidInputError, NotAllowedError, UnavailableError
from syndic.gateway.state import ServingState

MOST_RECORDS: Final = 500
MOST_BYTES: Final = 200_000
"""Of the records in one request: a body has 256 KiB."""


class Api(Protocol):
    """The API of a deployment."""

    def get(self, path: str) -> Any:
        """Read. Raises `SyndicError`."""

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """Write. Raises `SyndicError`."""


def reading_from(api: Api) -> Callable[[str], ServingState]:
    """Reads a model's state over the API."""

    def read(model_id: str) -> ServingState:
        try:
            return ServingState.model_validate(api.get(f"/models/{quote(model_id, safe='')}/gateway/state"))
        except ValidationError as error:  # of an API of another version
            raise UnavailableError(f"what may answer cannot be read: {error.error_count()} fields are wrong") from None
        except NotAllowedError as error:  # a key that has expired stops no prediction while the last state may go on
            raise UnavailableError(f"what may answer cannot be read: {error}") from error

    return read


def shipping_to(api: Api) -> Callable[[Sequence[bytes]], None]:
    """Hands records on to the API, each to its model: processes of several models may share a folder.

    What is shipped raises `InvalidInputError` for a record that is none.
    """

    def ship(records: Sequence[bytes]) -> None:
        by_model: dict[str, list[bytes]] = {}
        for one in records:
            by_model.setdefault(_model_of(one), []).append(one)
        for model_id, held in by_model.items():
            for part in in_requests(held):
                told = [json.loads(one) for one in part]
                api.send("POST", f"/models/{quote(model_id, safe='')}/gateway/records", {"records": told})

    return ship


def in_requests(records: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Records in parts that one request takes: by their number and their bytes."""
    part: list[bytes] = []
    size = 0
    for one in records:
        if part and (len(part) == MOST_RECORDS or size + len(one) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(one)
        size += len(one) + 1
    if part:
        yield part


def _model_of(record: bytes) -> str:
    try:
        return str(json.loads(record)["model_id"])
    except (ValueError, KeyError, TypeError):
        raise InvalidInputError("is no record of a prediction", where="records") from None
