"""A queue's batch: each message by itself.

A message that fails goes back alone; after its tries it is in the dead-letter queue.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from syndic.tasks.clouds import Clouds

CloudsT = TypeVar("CloudsT", bound=Clouds)


def each_message(event: dict[str, Any], take: Callable[[str, CloudsT], object], clouds: CloudsT) -> dict[str, Any]:
    """Hand each message's body to `take`; returns which messages failed, with their reasons in the log.

    Raises:
        BatchProcessingError: All messages failed. Lambda then counts an error and gives all of them back.
    """
    processor = BatchProcessor(event_type=EventType.SQS, logger=logging.getLogger(__name__))

    def take_record(record: SQSRecord) -> object:
        return take(record.body, clouds)

    return dict(process_partial_response(event=event, record_handler=take_record, processor=processor))


def whole_batch(
    event: dict[str, Any], take: Callable[[Mapping[str, str], Any], Sequence[str]], clouds: Clouds
) -> dict[str, Any]:
    """Hand all messages' bodies to `take` at once, by their ids; it returns those that failed and come back alone."""
    bodies = {str(record["messageId"]): str(record["body"]) for record in event["Records"]}
    return {"batchItemFailures": [{"itemIdentifier": one} for one in take(bodies, clouds)]}
