"""`MailService` on SES."""

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
from syndic.adapters.channels.email.check_mail import check_mail
from syndic.errors import NotSentError, SyndicError, UnavailableError
from syndic.ports import Mail

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_NO_ANSWER = (ReadTimeoutError, ConnectionClosedError, IncompleteReadError, ResponseParserError)


class SesMail:
    """Delivers mail in text and HTML.

    Args:
        client: An SES v2 client that does not try again by itself (``retries={"total_max_attempts": 1}``): SES has no
            idempotency key, so a second try after a lost answer would be a second mail.
        sender: A verified address.
    """

    def __init__(self, client: SESV2Client, sender: str) -> None:
        self._client, self._sender = client, sender

    def deliver(self, mail: Mail) -> str:
        """Send one mail.

        Raises:
            NotSentError: SES refused it or could not be reached; nothing was sent.
            InvalidInputError: The mail itself is refused; nothing was sent.
            SyndicError: No answer came; whether it was sent is unknown.
        """
        check_mail(mail)
        simple: Any = {
            "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
            "Body": {
                "Text": {"Data": mail.text, "Charset": "UTF-8"},
                "Html": {"Data": mail.html, "Charset": "UTF-8"},
            },
        }
        if mail.headers:
            simple["Headers"] = [{"Name": name, "Value": value} for name, value in sorted(mail.headers.items())]
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [mail.to]},
                Content={"Simple": simple},
            )
        except _NO_ANSWER as error:
            raise SyndicError(f"send mail {mail.dedupe_id}: no answer, it may have been sent") from error
        except (ClientError, HTTPClientError, BotoCoreError) as error:
            problem = translate(error, f"send mail {mail.dedupe_id}")
            if isinstance(problem, UnavailableError):
                raise NotSentError(str(problem)) from error
            raise problem from error
        return answer["MessageId"]
