"""Whether an OpenID token was signed by whom it names, for us, and now. PyJWT verifies; this says what is demanded.

Tokens of pipelines and of people go through the same steps; what is demanded of each is said by `Demands`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt

from syndic.identity.models import IdentityRefusedError, Issuer
from syndic.ports import IssuerKeys

ALGORITHMS: Final = {"RS256": "RSA", "ES256": "EC"}
"""Signatures that are taken, with the kind of their keys: no `none`, no shared secret."""
MOST_LENGTH: Final = 8192
LONGEST: Final = timedelta(hours=1)
LEEWAY: Final = timedelta(seconds=30)
DEMANDED: Final = ("iss", "aud", "exp", "iat", "jti")
LEAST_RSA_BITS: Final = 2048


@dataclass(frozen=True, slots=True)
class Demands:
    """What is demanded of a token.

    `longest` is how long it may hold at most; None: as its issuer decides, who is our own.
    """

    issuer: str
    audiences: tuple[str, ...]
    keys_address: str
    algorithms: frozenset[str] = frozenset(ALGORITHMS)
    claims: tuple[str, ...] = DEMANDED
    longest: timedelta | None = LONGEST


def read_issuer(token: str) -> str:
    """The issuer that a token names, unverified: for finding the rules by which it is verified."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False}) if len(token) <= MOST_LENGTH else {}
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise _refused("this is no token that can be read") from error
    return str(claims.get("iss", ""))


def verify_token(token: str, rules: Issuer, *, keys: IssuerKeys, now: datetime) -> Mapping[str, Any]:
    """The claims of a pipeline's token.

    Raises:
        IdentityRefusedError: Another algorithm, key, audience or time, or a pinned claim with another value.
        UnavailableError: The issuer's keys cannot be had.
    """
    demands = Demands(rules.issuer, (rules.audience,), rules.keys_address)
    claims = verify_signed(token, demands, keys=keys, now=now)
    # Never `sub`: GitHub changes its form. Values are compared as they are: 1 is not "1", though both name one thing.
    wrong = sorted(name for name, value in rules.claims.items() if str(claims.get(name)) != value)
    if wrong:
        raise _refused(f"the token is of another: {', '.join(wrong)} is not as pinned")
    if not isinstance(claims["jti"], str) or not claims["jti"]:
        raise _refused("the token has no id (jti)")
    return claims


def verify_signed(token: str, demands: Demands, *, keys: IssuerKeys, now: datetime) -> Mapping[str, Any]:
    """The claims of a token that was signed by an issuer, for one of the audiences, and holds now.

    Raises:
        IdentityRefusedError: Another algorithm, key, issuer, audience or time.
        UnavailableError: The issuer's keys cannot be had.
    """
    try:
        header = jwt.get_unverified_header(token) if len(token) <= MOST_LENGTH else {}
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise _refused("this is no token that can be read") from error
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in demands.algorithms or not isinstance(key_id, str) or "crit" in header:
        raise _refused(f"only {' and '.join(sorted(demands.algorithms))} with a key id are taken")
    found = [one for one in keys.get(demands.keys_address, key_id=key_id) if _fits(one, algorithm)]
    if len(found) != 1:
        raise _refused("the issuer publishes no key of this id and kind")
    try:
        key = jwt.PyJWK(dict(found[0]), algorithm=algorithm).key
        if algorithm == "RS256" and key.key_size < LEAST_RSA_BITS:
            raise _refused(f"a key of RSA has {LEAST_RSA_BITS} bits at least")
        claims = jwt.decode(
            token, key=key, algorithms=[algorithm], audience=demands.audiences, issuer=demands.issuer,
            # Times are compared below, with the time that was given.
            options={"require": list(demands.claims), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError) as error:
        raise _refused(f"the token does not hold: {_why(error)}") from error
    _check_times(claims, now, longest=demands.longest)
    return claims


def _fits(key: Mapping[str, Any], algorithm: str) -> bool:
    return (
        key.get("kty") == ALGORITHMS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    )


def _check_times(claims: Mapping[str, Any], now: datetime, *, longest: timedelta | None) -> None:
    try:
        ends, made = (datetime.fromtimestamp(float(claims[name]), UTC) for name in ("exp", "iat"))
        begins = datetime.fromtimestamp(float(claims.get("nbf", claims["iat"])), UTC)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise _refused("exp, iat and nbf are numbers of seconds") from error
    if ends <= now:
        raise IdentityRefusedError("token_expired", "the token has expired")
    if max(made, begins) > now + LEEWAY:
        raise _refused("the token is of the future")
    if longest is not None and ends - made > longest:
        raise _refused("the token holds for more than an hour")


def _why(error: Exception) -> str:
    words: dict[type[Exception], str] = {
        jwt.InvalidAudienceError: "another audience",
        jwt.InvalidIssuerError: "another issuer",
        jwt.InvalidSignatureError: "its signature is not the issuer's",
    }
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"{error.claim} is missing"
    return next((text for kind, text in words.items() if isinstance(error, kind)), "it is not well-formed")


def _refused(why: str) -> IdentityRefusedError:
    return IdentityRefusedError("token_refused", why)
