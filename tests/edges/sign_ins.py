"""A user pool of this process: its key, and the tokens it gives to people, right and wrong."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from syndic.adapters.memory import MemoryIssuerKeys
from syndic.identity.pool_tokens import PoolTokens, UserPool

ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example"
POOL = UserPool(ISSUER, f"{ISSUER}/.well-known/jwks.json", ("dashboard", "scripts"))
TIMES = {"iat": 1577836800, "exp": 2208988800}
"""From 2020 to 2040, so that a test may set the time. A real pool's tokens hold for an hour."""


@cache
def pool_key(which: str) -> rsa.RSAPrivateKey:
    """A private key: the pool's ``own`` of ID tokens, that of ``access`` tokens, or any stranger's."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def pool_keys() -> MemoryIssuerKeys:
    def published(which: str, key_id: str) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(pool_key(which).public_key())
        return {**json.loads(public), "kid": key_id, "use": "sig", "alg": "RS256"}

    return MemoryIssuerKeys({POOL.keys_address: [published("own", "id-1"), published("access", "access-1")]})


def pool_tokens() -> PoolTokens:
    """What verifies the tokens below."""
    return PoolTokens(POOL, pool_keys())


def token_for(
    claims: dict[str, Any], *, key: Any = None, algorithm: str = "RS256", key_id: str = "id-1", **changed: Any
) -> str:
    """A token of the pool; None leaves a claim out."""
    found = {"iss": ISSUER, "aud": "dashboard", "token_use": "id", "sub": "1", **TIMES, **claims, **changed}
    kept = {name: value for name, value in found.items() if value is not None}
    return jwt.encode(kept, pool_key("own") if key is None else key, algorithm=algorithm, headers={"kid": key_id})


def changed(token: str, **claims: Any) -> str:
    """A token with other claims under its old signature."""
    head, body, signature = token.split(".")
    found = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    text = base64.urlsafe_b64encode(json.dumps(found | claims).encode()).decode().rstrip("=")
    return f"{head}.{text}.{signature}"


@cache
def _known(claims: str) -> str:
    return token_for(json.loads(claims))


def signed_in(claims: dict[str, Any]) -> dict[str, str]:
    """The header with which somebody of these claims is signed in."""
    return {"Authorization": f"Bearer {_known(json.dumps(claims, sort_keys=True))}"}
