"""`Topic` on SNS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from syndic.adapters.aws.errors import code_of, translate
from syndic.errors import InvalidInputError, NotSentError, SyndicError

_REFUSED: Final = frozenset({"InvalidParameter", "InvalidParameterValue", "NotFound", "ValidationException"})
_NO_ANSWER = (ReadTimeoutError, ConnectionClosedError, IncompleteReadError, ResponseParserError)


class TopicClient(Protocol):
    """What is used of boto3's client."""

    def publish(self, **arguments: Any) -> Mapping[str, Any]:
        """Publish a message."""


class SnsTopic:
    """Publishes to one topic.

    Args:
        client: A client that does not try again by itself: a standard topic has no key by which it knows a text again.
        topic: Its ARN.
    """

    def __init__(self, client: TopicClient, topic: str) -> None:
        self._client, self._topic = client, topic

    def publish(self, subject: str, text: str, short: str, attributes: Mapping[str, str]) -> str:
        """Publish one text.

        Raises:
            NotSentError: SNS refused it or could not be reached; nothing was published.
            InvalidInputError: The text itself is refused; nothing was published.
            SyndicError: No answer came; whether it was published is unknown.
        """
        try:
            answer = self._client.publish(
                TopicArn=self._topic,
                Subject=subject,
                MessageStructure="json",
                Message=json.dumps({"default": text, "sms": short}, ensure_ascii=False),
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )
        except _NO_ANSWER as error:
            raise SyndicError("publish to the topic: no answer, it may have been published") from error
        except (ClientError, HTTPClientError, BotoCoreError) as error:
            problem = translate(error, "publish to the topic")
            if isinstance(error, ClientError) and code_of(error) in _REFUSED:
                raise InvalidInputError(str(problem)) from error
            raise NotSentError(str(problem)) from error
        return str(answer["MessageId"])
