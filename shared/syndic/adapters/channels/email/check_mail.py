"""What every `MailService` refuses."""

from __future__ import annotations

import re

from syndic.alerting.recipients import is_deliverable
from syndic.errors import InvalidInputError
from syndic.ports import Mail

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_NAME = re.compile(r"[A-Za-z0-9-]{1,76}")


def check_mail(mail: Mail) -> None:
    """Raise `InvalidInputError` when a header could be broken out of or the address is none."""
    if not is_deliverable(mail.to):
        raise InvalidInputError(f"{mail.to[:80]!r} is no mail address", where="message to")
    if _CONTROL.search(mail.subject) or not mail.subject:
        raise InvalidInputError("a subject is one line of text", where="message subject")
    for name, value in mail.headers.items():
        if not _NAME.fullmatch(name) or _CONTROL.search(value) or len(value) > 870:
            raise InvalidInputError("a header is a name and one line of text", where=f"message header {name[:40]!r}")
