"""A person's token is verified once, by keys that are asked for seldom, and never holds longer than it says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from syndic.adapters.issuer_keys import HttpsIssuerKeys
from syndic.identity.models import IdentityRefusedError
from syndic.identity.pool_tokens import MOST_KNOWN, PoolTokens
from tests.edges.sign_ins import POOL, pool_key, token_for

NOW = datetime(2026, 3, 4, tzinfo=UTC)
ADA = {"cognito:username": "ada"}


class Issuer:
    """The pool's page of keys, which counts how often it is asked."""

    def __init__(self, **changed: object) -> None:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(pool_key("own").public_key()))
        self.asked = 0
        self._page = json.dumps({"keys": [{**public, "kid": "id-1", "use": "sig", "alg": "RS256", **changed}]}).encode()

    def get(self, address: str) -> bytes:
        assert address == POOL.keys_address
        self.asked += 1
        return self._page


def test_keys_are_asked_for_once_and_a_token_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer, verified = Issuer(), []
    tokens = PoolTokens(POOL, HttpsIssuerKeys(get=issuer.get, clock=lambda: NOW))
    decode = jwt.decode
    monkeypatch.setattr(jwt, "decode", lambda *given, **more: verified.append(1) or decode(*given, **more))
    first, second = token_for(ADA), token_for(ADA, jti="2")
    for _ in range(3):
        assert tokens.claims_of(first, now=NOW)["cognito:username"] == "ada"
        assert tokens.claims_of(second, now=NOW)["cognito:username"] == "ada"
    assert (issuer.asked, len(verified)) == (1, 2)


def test_a_known_token_ends_when_it_says() -> None:
    tokens = PoolTokens(POOL, HttpsIssuerKeys(get=Issuer().get, clock=lambda: NOW))
    ends = NOW + timedelta(hours=1)
    token = token_for(ADA, exp=int(ends.timestamp()))
    assert tokens.claims_of(token, now=ends - timedelta(seconds=1))
    with pytest.raises(IdentityRefusedError) as refused:
        tokens.claims_of(token, now=ends)
    assert refused.value.code == "token_expired"


def test_what_was_refused_is_not_known_afterwards() -> None:
    tokens = PoolTokens(POOL, HttpsIssuerKeys(get=Issuer().get, clock=lambda: NOW))
    for _ in range(2):
        with pytest.raises(IdentityRefusedError, match="access token"):
            tokens.claims_of(token_for(ADA, token_use="access"), now=NOW)


def test_memory_does_not_grow_with_tokens() -> None:
    tokens = PoolTokens(POOL, HttpsIssuerKeys(get=Issuer().get, clock=lambda: NOW))
    tokens._known = {bytes([number // 256, number % 256]): (NOW, {}) for number in range(MOST_KNOWN)}
    tokens.claims_of(token_for(ADA), now=NOW)
    assert len(tokens._known) == 1


@pytest.mark.parametrize("changed", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "EC"}, {"kid": "other"}, {"n": "AQAB"}])
def test_a_key_that_is_not_for_this_signs_nothing(changed: dict[str, str]) -> None:
    tokens = PoolTokens(POOL, HttpsIssuerKeys(get=Issuer(**changed).get, clock=lambda: NOW))
    with pytest.raises(IdentityRefusedError):
        tokens.claims_of(token_for(ADA), now=NOW)
