"""What channels are given to reach their services, and the one way in which those over https send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from syndic.adapters.channels.answers import expect_taken
from syndic.adapters.internet.https import Answer, PublicHttps, UnansweredError
from syndic.canonical import canonical_json
from syndic.errors import InvalidInputError, NotSentError
from syndic.ports import MailService, Secrets, Topic

JSON: Final = "application/json; charset=utf-8"
_SECRET: Final = re.compile(r"[\x21-\x7e]{8,4096}")


@dataclass(frozen=True, slots=True)
class Means:
    """What channels share. `mail` is None where no sender is configured, `topic` where there are no subscribers.

    `brisk` gives up sooner than `https`: for what somebody waits for, and what is tried again anyway.
    """

    https: PublicHttps
    secrets: Secrets
    clock: Callable[[], datetime]
    mail: MailService | None = None
    brisk: PublicHttps | None = None
    topic: Topic | None = None

    def secret(self, name: str | None, *, where: str) -> str:
        """A secret of one printable word. Raises `InvalidInputError`, which does not show it, and `NotSentError`."""
        if name is None:
            raise InvalidInputError("needs the name of a secret", where=where)
        value = self.secrets.read(name).strip()
        if not _SECRET.fullmatch(value):
            raise InvalidInputError(
                f"the secret {name} is not one word of 8 to 4,096 printable characters", where=where
            )
        return value

    def post(
        self,
        url: str,
        body: bytes,
        *,
        where: str,
        secret: str,
        headers: Mapping[str, str] | None = None,
        hosts: Iterable[str] | None = None,
        knows_again: bool = False,
        brisk: bool = False,
    ) -> Answer:
        """Send a body that the service has to take with 2xx.

        Args:
            url: Where to.
            body: What to send, JSON unless the headers say otherwise.
            where: The channel, for errors.
            secret: What no error may show.
            headers: Beside the type of content.
            hosts: See `addresses.read_address`.
            knows_again: Whether the receiver takes the same message once: then what is unknown may be sent again.
            brisk: Whether to give up soon.

        Raises:
            NotSentError: To be sent again.
            InvalidInputError: It would be refused again.
            UnansweredError: Unknown, and the receiver would show it twice.
        """
        sent = {"Content-Type": JSON, "User-Agent": "syndic", **(headers or {})}
        try:
            answer = ((brisk and self.brisk) or self.https).post(url, body, sent, where=where, hosts=hosts)
        except UnansweredError as error:
            if knows_again:
                raise NotSentError(f"{error}; it is sent again under the same key") from None
            raise
        expect_taken(answer, where=where, secret=secret, now=self.clock(), knows_again=knows_again)
        return answer


def encode(value: Any) -> bytes:
    """JSON in canonical form: the same content is the same bytes. Raises `InvalidInputError` for what has none."""
    try:
        return canonical_json(value)
    except ValueError as error:  # NaN, half a surrogate pair
        raise InvalidInputError(f"has no form in JSON: {error}", where="message") from error
