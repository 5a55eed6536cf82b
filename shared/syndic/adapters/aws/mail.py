"""`Notifier` on SES."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from syndic.adapters.aws.errors import translate
from syndic.adapters.messages import check_message
from syndic.errors import NotSentError, SyndicError, UnavailableError
from syndic.ports import Message

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_NO_ANSWER = (ReadTimeoutError, ConnectionClosedError, IncompleteReadError, ResponseParserError)


class SesNotifier:
    """Sends mail in text and HTML.

    Args:
        client: An SES v2 client that does not try again by itself (``retries={"total_max_attempts": 1}``): SES has no
            idempotency key, so a second try after a lost answer would be a second mail.
        sender: A verified address.
    """

    def __init__(self, client: SESV2Client, sender: str) -> None:
        self._client, self._sender = client, sender

    def send(self, message: Message) -> str:
        """Send one message.

        Raises:
            NotSentError: SES refused it or could not be reached; nothing was sent.
            InvalidInputError: The message itself is refused; nothing was sent.
            SyndicError: No answer came; whether it was sent is unknown.
        """
        check_message(message)
        simple: Any = {
            "Subject": {"Data": message.subject, "Charset": "UTF-8"},
            "Body": {
                "Text": {"Data": message.text, "Charset": "UTF-8"},
                "Html": {"Data": message.html, "Charset": "UTF-8"},
            },
        }
        if message.headers:
            simple["Headers"] = [{"Name": name, "Value": value} for name, value in sorted(message.headers.items())]
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [message.to]},
                Content={"Simple": simple},
            )
        except _NO_ANSWER as error:
            raise SyndicError(f"send mail {message.dedupe_id}: no answer, it may have been sent") from error
        except (ClientError, HTTPClientError, BotoCoreError) as error:
            problem = translate(error, f"send mail {message.dedupe_id}")
            if isinstance(problem, UnavailableError):
                raise NotSentError(str(problem)) from error
            raise problem from error
        return answer["MessageId"]
