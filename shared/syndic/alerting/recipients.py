"""Who is told: the owner where mail can reach them, else the fallback address. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from syndic.alerting.keys import recipient_word

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_LONGEST: Final = 254  # characters of an address in SMTP (RFC 5321, erratum 1690)


@dataclass(slots=True)
class Route:
    """One address and the owners whose alerts go there, by their `recipient_word`."""

    address: str
    owners: set[str] = field(default_factory=set)


def is_deliverable(address: str) -> bool:
    """Whether the mail service takes this as an address: SES takes ASCII only, and 64 characters before the @."""
    return len(address) <= _LONGEST and _ADDRESS.fullmatch(address) is not None


def route(owners: Iterable[str | None], fallback: str | None) -> tuple[dict[str, Route], set[str]]:
    """Where the alerts of each owner go, by the word of the address, and the words of owners whom no mail can reach.

    An owner may be a team's name or an address that the mail service refuses: the fallback address is told instead.
    """
    routes: dict[str, Route] = {}
    nobody: set[str] = set()
    last = fallback if fallback is not None and is_deliverable(fallback) else None
    for owner in owners:
        address = owner.strip() if owner is not None and is_deliverable(owner.strip()) else last
        if address is None:
            nobody.add(recipient_word(owner))
        else:
            routes.setdefault(recipient_word(address), Route(address)).owners.add(recipient_word(owner))
    return routes, nobody
