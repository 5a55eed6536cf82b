"""`AccountReader` on the user pool of Amazon Cognito.

The pool keeps no time of the last sign-in; the plan that keeps events of sign-ins is billed per user.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import translate
from syndic.ports import DirectoryAccount

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class CognitoAccounts:
    """Reads the people of a user pool, their groups and whether a second factor is asked of them."""

    def __init__(self, client: CognitoIdentityProviderClient, pool: str) -> None:
        self._client, self._pool = client, pool

    def accounts(self) -> Iterator[DirectoryAccount]:
        """Every person of the pool. One who signs in by a provider has that one's second factor."""
        demanded = self._call("get_user_pool_mfa_config").get("MfaConfiguration", "OFF")
        roles: dict[str, set[str]] = defaultdict(set)
        for group in self._all("list_groups", "Groups"):
            for member in self._all("list_users_in_group", "Users", GroupName=group["GroupName"]):
                roles[member["Username"]].add(group["GroupName"])
        for user in self._all("list_users", "Users"):
            name, status = user["Username"], user.get("UserStatus")
            yield DirectoryAccount(
                name=name,
                enabled=bool(user.get("Enabled", True)),
                confirmed=status in {"CONFIRMED", "EXTERNAL_PROVIDER"},
                roles=frozenset(roles[name]),
                second_factor=None if status == "EXTERNAL_PROVIDER" else self._second_factor(name, demanded),
            )

    def _second_factor(self, name: str, demanded: str) -> bool:
        """Whether this person cannot sign in without one: the pool demands it, or they set one up."""
        if demanded != "OPTIONAL":
            return demanded == "ON"
        return bool(self._call("admin_get_user", Username=name).get("UserMFASettingList"))

    def _all(self, operation: str, within: str, **given: Any) -> Iterator[Any]:
        client: Any = self._client  # its type knows paginators by their names only
        try:
            for page in client.get_paginator(operation).paginate(UserPoolId=self._pool, **given):
                yield from page[within]
        except (ClientError, BotoCoreError) as error:
            raise translate(error, "the user pool") from error

    def _call(self, operation: str, **given: Any) -> Any:
        try:
            return getattr(self._client, operation)(UserPoolId=self._pool, **given)
        except (ClientError, BotoCoreError) as error:
            raise translate(error, "the user pool") from error
