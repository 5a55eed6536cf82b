"""`InferenceLog` on a queue of SQS."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from syndic.adapters.aws.errors import translated
from syndic.adapters.inference.offering import Offering
from syndic.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

AT_ONCE: Final = 10
BYTES_AT_ONCE: Final = 250_000
MOST: Final = 256 * 1024
"""Bytes of one message."""

log = logging.getLogger(__name__)


class SqsInferenceLog:
    """Sends records to a queue, which keeps them in several places before it answers.

    Args:
        client: Of SQS.
        url: The queue's.
    """

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client, self._url = client, url
        self._offered = Offering(self._send)

    def take(self, model_id: str, record: bytes) -> None:  # noqa: ARG002 - the record says it
        """Send a record and wait until the queue has it."""
        with translated("the queue of predictions"):
            self._client.send_message(QueueUrl=self._url, MessageBody=_text(record))

    def offer(self, model_id: str, record: bytes) -> None:  # noqa: ARG002
        """Send a record with the next ones. One that no message takes is dropped: it would keep all others waiting."""
        if len(record) > MOST:
            log.error("record of a prediction is too large", extra={"bytes": len(record)})
            return
        self._offered.offer(record)

    def flush(self) -> None:
        """Send what waits, now."""
        self._offered.flush()

    def _send(self, records: Sequence[bytes]) -> None:
        for batch in batches(records):
            entries = [{"Id": str(place), "MessageBody": _text(one)} for place, one in enumerate(batch)]
            with translated("the queue of predictions"):
                answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]
            if answer.get("Failed"):
                raise UnavailableError(f"the queue refused {len(answer['Failed'])} of {len(batch)} records")


def batches(records: Sequence[bytes]) -> list[list[bytes]]:
    """Records in batches that the queue takes."""
    found: list[list[bytes]] = [[]]
    size = 0
    for one in records:
        if found[-1] and (len(found[-1]) == AT_ONCE or size + len(one) > BYTES_AT_ONCE):
            found.append([])
            size = 0
        found[-1].append(one)
        size += len(one)
    return [batch for batch in found if batch]


def _text(record: bytes) -> str:
    """A record, which is JSON, without the two characters of Unicode that no message may have."""
    return record.decode().replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff")
