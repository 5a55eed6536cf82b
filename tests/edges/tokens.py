"""An issuer of this process: its key, the rules that take its tokens, and tokens right and wrong."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

GITHUB = "https://token.actions.githubusercontent.com"
ADDRESS = f"{GITHUB}/.well-known/jwks"
AT = datetime(2026, 3, 4, 6, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
STRANGER = ec.generate_private_key(ec.SECP256R1())
JWK = {**json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key())), "kid": "k1", "use": "sig", "alg": "ES256"}
KEYS = {ADDRESS: [JWK]}
RULES: dict[str, Any] = {
    "issuer": GITHUB,
    "audience": "syndic.example.org",
    "claims": {"repository_id": "456", "repository_owner_id": "123"},
    "scopes": ["read", "write"],
    "owner": "olga@example.org",
}


def claims_of(**changed: Any) -> dict[str, Any]:
    """What GitHub says of a job in July 2026; None leaves a claim out."""
    now = int(AT.timestamp())
    found = {
        "iss": GITHUB, "aud": "syndic.example.org", "sub": "repo:org@123/credit@456:ref:refs/heads/main",
        "repository": "org/credit", "repository_id": "456", "repository_owner_id": "123",
        "ref": "refs/heads/main", "run_id": "77", "jti": "run-77", "iat": now, "nbf": now - 5, "exp": now + 300,
    }  # fmt: skip
    return {name: value for name, value in {**found, **changed}.items() if value is not None}


def token_of(
    *, key: Any = KEY, algorithm: str = "ES256", headers: dict[str, Any] | None = None, **changed: Any
) -> str:  # fmt: skip
    """A token with some claims changed."""
    return jwt.encode(claims_of(**changed), key, algorithm=algorithm, headers={"kid": "k1", **(headers or {})})


def unsigned(**changed: Any) -> str:
    """A token of the algorithm `none`, which no library writes by accident."""
    parts = ({"alg": "none", "kid": "k1", "typ": "JWT"}, claims_of(**changed))
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + "."
