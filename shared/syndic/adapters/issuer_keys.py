"""`IssuerKeys` over HTTPS. An address is an admin's, and may still lead where it must not: it is looked at first.

`syndic.adapters.internet` is the way out, as for messages; here are the limits on keys and on how often is asked.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import urllib3

from syndic.adapters.internet.addresses import read_address
from syndic.adapters.internet.https import LONGEST_ANSWER, PublicHttps, UnansweredError, resolve_name
from syndic.errors import InvalidInputError, NotSentError, UnavailableError

KEPT: Final = timedelta(minutes=10)
ASKED_ANEW: Final = timedelta(minutes=1)
"""How often at most an unknown key id makes the issuer be asked: anybody can invent one."""
MOST_KEYS: Final = 50
MOST_ISSUERS: Final = 50
OWN_TIMEOUT: Final = urllib3.Timeout(connect=1.0, read=2.0)
OWN_RETRIES: Final = urllib3.Retry(total=2, redirect=False)
ANSWERING: Final = 5.0  # seconds from the connection to the end of the answer


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: tuple[Mapping[str, Any], ...]
    at: datetime


def fetch(address: str, *, names: Callable[[str], Iterable[str]] | None = None) -> bytes:
    """The body at an https address of the public internet, at most 64 KiB of it. Raises `UnavailableError`.

    `names` gives the addresses of a name; left out: those it has.
    """
    try:
        host = read_address(address, where="jwks_uri").host
    except InvalidInputError as error:
        raise UnavailableError("an issuer's keys are only asked for over https on port 443") from error
    resolve = resolve_name if names is None else lambda host, port: [(one, port) for one in names(host)]
    try:
        answer = PublicHttps(resolve=resolve, answering=ANSWERING).get(
            address, {"Accept": "application/json"}, where="jwks_uri"
        )
    except InvalidInputError as error:
        raise UnavailableError(f"{host} is no address of the public internet") from error
    except (NotSentError, UnansweredError) as error:
        raise UnavailableError(f"{host} does not answer: {error}") from error
    if answer.status != 200 or len(answer.body) >= LONGEST_ANSWER:  # a longer one was cut
        raise UnavailableError(f"{host} answered {answer.status} with {len(answer.body)} bytes, not with its keys")
    return answer.body


def fetch_own(address: str) -> bytes:
    """The body at the address of our own user pool's keys, which no caller chooses. Raises `UnavailableError`."""
    try:
        answer = urllib3.request("GET", address, timeout=OWN_TIMEOUT, retries=OWN_RETRIES)
    except urllib3.exceptions.HTTPError as error:
        raise UnavailableError(f"the user pool's keys cannot be had: {type(error).__name__}") from error
    if answer.status != 200:
        raise UnavailableError(f"the user pool answered {answer.status}, not with its keys")
    return answer.data


class HttpsIssuerKeys:
    """`syndic.ports.IssuerKeys`: kept for ten minutes, or as long as is said."""

    def __init__(
        self,
        *,
        get: Callable[[str], bytes] = fetch,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        kept_for: timedelta = KEPT,
    ) -> None:
        self._get, self._clock, self._kept_for = get, clock, kept_for
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def get(self, address: str, *, key_id: str) -> Sequence[Mapping[str, Any]]:
        """The keys of this id."""
        with self._lock:
            now, kept = self._clock(), self._kept.get(address)
            known = kept is not None and any(one.get("kid") == key_id for one in kept.keys)
            if kept is None or now - kept.at >= (self._kept_for if known else ASKED_ANEW):
                kept = _Kept(read_keys(self._get(address)), now)
                if len(self._kept) >= MOST_ISSUERS:
                    self._kept.clear()
                self._kept[address] = kept
            return [one for one in kept.keys if one.get("kid") == key_id]


def read_keys(body: bytes) -> tuple[Mapping[str, Any], ...]:
    """The keys of a JSON Web Key Set. Raises `UnavailableError` for anything else."""
    try:
        found = json.loads(body)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnavailableError("the issuer's keys are no JSON Web Key Set") from error
    if not isinstance(found, list) or len(found) > MOST_KEYS or not all(isinstance(one, dict) for one in found):
        raise UnavailableError(f"the issuer's keys are no list of at most {MOST_KEYS}")
    return tuple(found)
