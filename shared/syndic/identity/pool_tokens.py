"""Who a person is, by the ID token of the user pool, verified by ourselves.

What stands before the API verifies tokens too. Here it is done again, so that who gets in does not hang on how that was
set up; and the audience is looked at, which an authorizer of a REST API does not do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from syndic.identity.id_tokens import Demands, verify_signed
from syndic.identity.models import IdentityRefusedError
from syndic.ports import IssuerKeys

MOST_KNOWN: Final = 1000
"""Tokens that are kept once verified; with one more all are verified anew."""


@dataclass(frozen=True, slots=True)
class UserPool:
    """The pool: who issues its tokens, where its public keys are, and the apps that people sign in by."""

    issuer: str
    keys_address: str
    apps: tuple[str, ...]


class PoolTokens:
    """ID tokens of one user pool. What was verified is known by its hash until it ends."""

    def __init__(self, pool: UserPool, keys: IssuerKeys) -> None:
        # `jti` is left out: a person's token is sent with every request, not once.
        self._demands = Demands(
            pool.issuer, pool.apps, pool.keys_address, algorithms=frozenset({"RS256"}),
            claims=("iss", "aud", "exp", "iat", "token_use"), longest=None,
        )  # fmt: skip
        self._keys = keys
        self._known: dict[bytes, tuple[datetime, Mapping[str, Any]]] = {}

    def claims_of(self, token: str, *, now: datetime) -> Mapping[str, Any]:
        """The claims of an ID token.

        Raises:
            IdentityRefusedError: Not signed by the pool, not for one of its apps, ended, or no ID token.
            UnavailableError: The pool's keys cannot be had.
        """
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        ends, claims = self._known.get(digest, (now, {}))
        if now < ends:
            return claims
        claims = verify_signed(token, self._demands, keys=self._keys, now=now)
        if claims["token_use"] != "id":  # noqa: S105 - its name
            raise IdentityRefusedError("token_refused", "this is no ID token: an access token does not say who you are")
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[digest] = (datetime.fromtimestamp(float(claims["exp"]), UTC), claims)
        return claims
