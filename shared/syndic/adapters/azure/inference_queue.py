"""`InferenceLog` on a storage queue: records as lines of messages, and in a blob where they are too long for one."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from azure.core.exceptions import ResourceNotFoundError

from syndic.adapters.azure.errors import translated
from syndic.adapters.azure.queues import MESSAGE_LIMIT
from syndic.adapters.inference.offering import Offering
from syndic.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient
    from azure.storage.queue import QueueClient

HELD: Final = "held_at"
FOLDER: Final = "predictions"
_FOR_EVER: Final = -1


class StorageInferenceLog:
    """Sends records to a queue, which keeps them in several places before it answers.

    Args:
        queue: Which neither encodes nor decodes.
        container: Of records that no message takes.
    """

    def __init__(self, queue: QueueClient, container: ContainerClient) -> None:
        self._queue, self._container = queue, container
        self._offered = Offering(self._send)

    def take(self, model_id: str, record: bytes) -> None:  # noqa: ARG002 - the record says it
        """Send a record and wait until the queue has it."""
        self._send([record])

    def offer(self, model_id: str, record: bytes) -> None:  # noqa: ARG002
        """Send a record with the next ones."""
        self._offered.offer(record)

    def flush(self) -> None:
        """Send what waits, now."""
        self._offered.flush()

    def read(self, message: str) -> list[bytes]:
        """The records of a message.

        Raises:
            InvalidInputError: It holds none.
            NotFoundError: Its blob is gone: the message was handled before.
        """
        lines = [line for line in message.encode().split(b"\n") if line.strip()]
        name = _held_at(lines)
        if name is None:
            return lines
        with translated(f"read waiting predictions {name}"):
            try:
                data: bytes = self._container.download_blob(name).readall()
            except ResourceNotFoundError:
                raise NotFoundError(f"there are no waiting predictions {name}") from None
        return data.splitlines()

    def forget(self, message: str) -> None:
        """Remove what a message left elsewhere, once its records are kept. Again is once."""
        name = _held_at([line for line in message.encode().split(b"\n") if line.strip()])
        if name is not None:
            with translated(f"remove waiting predictions {name}"), suppress(ResourceNotFoundError):
                self._container.delete_blob(name)

    def _send(self, records: Sequence[bytes]) -> None:
        with translated("the queue of predictions"):
            for body in messages(records):
                content = body
                if len(body) > MESSAGE_LIMIT:
                    name = f"{FOLDER}/{hashlib.sha256(body).hexdigest()}.jsonl"
                    self._container.upload_blob(name, body, overwrite=True)
                    content = json.dumps({HELD: name}).encode()
                self._queue.send_message(base64.b64encode(content).decode("ascii"), time_to_live=_FOR_EVER)


def messages(records: Sequence[bytes]) -> list[bytes]:
    """Records as bodies of messages, each with as many as it takes; one that is too long alone stands alone."""
    found: list[bytes] = []
    for one in records:
        if found and len(found[-1]) + 1 + len(one) <= MESSAGE_LIMIT:
            found[-1] += b"\n" + one
        else:
            found.append(one)
    return found


def _held_at(lines: Sequence[bytes]) -> str | None:
    try:
        first = json.loads(lines[0]) if lines else None
    except ValueError:
        first = None
    if not isinstance(first, dict):
        raise InvalidInputError("the message holds no prediction", where="message")
    name = first.get(HELD)
    if name is None:
        return None
    if not isinstance(name, str) or not name.startswith(f"{FOLDER}/") or ".." in name:
        raise InvalidInputError("the message names no waiting predictions", where="message")
    return name
