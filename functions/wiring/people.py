"""Who signs in: the user pool, and issuers of tokens."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import boto3

from functions.wiring.clients import CLIENT, Clients
from syndic.adapters.aws import CognitoAccounts, CognitoDirectory
from syndic.adapters.issuer_keys import HttpsIssuerKeys, fetch_own
from syndic.errors import UnavailableError
from syndic.ports import AccountReader, Directory, IssuerKeys
from syndic.settings import listed

if TYPE_CHECKING:
    from syndic.identity.pool_tokens import PoolTokens


class People(Clients):
    """Directories and keys."""

    @cached_property
    def directory(self) -> Directory:
        """The user pool."""
        if self.settings.user_pool_id is None:
            raise UnavailableError("no user pool is set (SYNDIC_USER_POOL_ID)")
        client, app = boto3.client("cognito-idp", config=CLIENT), self.settings.scripts_client_id
        return CognitoDirectory(client, self.settings.user_pool_id, app=app)

    @cached_property
    def people(self) -> PoolTokens:
        """The user pool's ID tokens, for the apps that people sign in by."""
        from syndic.identity.pool_tokens import PoolTokens, UserPool  # noqa: PLC0415 - cryptography, for people only

        settings = self.settings
        if settings.user_pool_id is None or not listed(settings.sign_in_apps):
            raise UnavailableError("no user pool is set (SYNDIC_USER_POOL_ID, SYNDIC_SIGN_IN_APPS)")
        region = settings.user_pool_id.partition("_")[0]
        issuer = f"https://cognito-idp.{region}.amazonaws.com/{settings.user_pool_id}"
        keys = settings.user_pool_keys or f"{issuer}/.well-known/jwks.json"
        pool = UserPool(issuer, keys, listed(settings.sign_in_apps))
        return PoolTokens(pool, HttpsIssuerKeys(get=fetch_own, kept_for=timedelta(hours=1)))

    @cached_property
    def accounts(self) -> AccountReader | None:
        """The user pool, to be read only."""
        if self.settings.user_pool_id is None:
            return None
        return CognitoAccounts(boto3.client("cognito-idp", config=CLIENT), self.settings.user_pool_id)

    @cached_property
    def issuer_keys(self) -> IssuerKeys:
        """Of the public internet, kept for a while."""
        return HttpsIssuerKeys()
