"""Signing in by request, and the tokens of pipelines."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import Credentials, IssuerRules, RefreshToken, TokenToExchange
from syndic_client.calls import change, get, named
from syndic_client.schemas import ExchangedToken, Issuer, Issuers, Removed, SignedOut, Tokens


class AsyncIdentity:
    """Who gets a token for what. Signing in and exchanging need none: `token=lambda: ""`."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    async def issuers(self) -> Issuers:
        """Every issuer whose tokens are exchanged."""
        return await self._api.ask(Issuers, get("auth", "issuers"))

    async def issuer(self, issuer: str | Issuer) -> Issuer:
        """The rules of one issuer."""
        return await self._api.ask(Issuer, get("auth", "issuers", named(issuer)))

    async def set_issuer(self, name: str | Issuer, **fields: Unpack[IssuerRules]) -> Issuer:
        """Take tokens of an issuer that have all of these claims; of GitHub's its two ids of repository and owner."""
        call = change("PUT", "auth", "issuers", named(name), body=fields, of=name)
        return await self._api.ask(Issuer, call)

    async def remove_issuer(self, issuer: str | Issuer) -> Removed:
        """Take no more tokens by these rules. Keys that were given out end within a quarter of an hour."""
        call = change("DELETE", "auth", "issuers", named(issuer), of=issuer)
        return await self._api.ask(Removed, call)

    async def exchange(
        self, *, idempotency_key: str | None = None, **fields: Unpack[TokenToExchange]
    ) -> ExchangedToken:
        """Exchange a pipeline's own token, once, for a key of a quarter of an hour."""
        call = change("POST", "auth", "exchange", body=fields, key=idempotency_key)
        return await self._api.ask(ExchangedToken, call)

    async def log_in(self, *, idempotency_key: str | None = None, **fields: Unpack[Credentials]) -> Tokens:
        """Sign in by password and the code of the authenticator app; after ten failures an account waits."""
        call = change("POST", "auth", "login", body=fields, key=idempotency_key)
        return await self._api.ask(Tokens, call)

    async def refresh(self, *, idempotency_key: str | None = None, **fields: Unpack[RefreshToken]) -> Tokens:
        """Get a new token for a refresh token."""
        call = change("POST", "auth", "refresh", body=fields, key=idempotency_key)
        return await self._api.ask(Tokens, call)

    async def log_out(self, *, idempotency_key: str | None = None, **fields: Unpack[RefreshToken]) -> SignedOut:
        """End a refresh token. Tokens that it gave within the hour hold until then."""
        call = change("POST", "auth", "logout", body=fields, key=idempotency_key)
        return await self._api.ask(SignedOut, call)
