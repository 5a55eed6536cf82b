"""A server of one's own, tied to a deployment: what may answer is read from its API, and records are sent to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol
from urllib.parse import quote

from syndic.errors import NotAllowedError, UnavailableError
from syndic.gateway.state import ServingState

MOST_RECORDS: Final = 500


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
        except NotAllowedError as error:  # a key that has expired stops no prediction while the last state may go on
            raise UnavailableError(f"what may answer cannot be read: {error}") from error

    return read


def shipping_to(api: Api, model_id: str) -> Callable[[Sequence[bytes]], None]:
    """Hands records on to the API."""

    def ship(records: Sequence[bytes]) -> None:
        for start in range(0, len(records), MOST_RECORDS):
            told = [json.loads(one) for one in records[start : start + MOST_RECORDS]]
            api.send("POST", f"/models/{quote(model_id, safe='')}/gateway/records", {"records": told})

    return ship
