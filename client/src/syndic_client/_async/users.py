"""People who sign in, and their roles."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import NewUser, UserAccess, UserRoles
from syndic_client.calls import change, get, named
from syndic_client.schemas import User, Users


class AsyncUserDirectory:
    """People, as admins administer them."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(self, *, page_size: int | None = None) -> AsyncPages[Users, User]:
        """People, without their roles."""
        call = get("users", limit=page_size)
        return AsyncPages(self._api, Users, lambda page: page.users, call)

    async def get(self, user: str | User) -> User:
        """A person and their roles."""
        return await self._api.ask(User, get("users", named(user)))

    async def invite(self, *, idempotency_key: str | None = None, **fields: Unpack[NewUser]) -> User:
        """Invite a person by mail. Somebody who is there already gets the roles beside those they have."""
        call = change("POST", "users", body=fields, key=idempotency_key)
        return await self._api.ask(User, call)

    async def set_roles(self, user: str | User, **fields: Unpack[UserRoles]) -> User:
        """Give a person exactly these roles. They hold from the next token on, within an hour."""
        call = change("PUT", "users", named(user), "roles", body=fields, of=user)
        return await self._api.ask(User, call)

    async def set_access(self, user: str | User, **fields: Unpack[UserAccess]) -> User:
        """Let a person sign in, or not any more. A token that was given out holds for an hour at most."""
        call = change("PATCH", "users", named(user), body=fields, of=user)
        return await self._api.ask(User, call)

    async def remove(self, user: str | User) -> User:
        """Remove an account. What the person did stays on record."""
        call = change("DELETE", "users", named(user), of=user)
        return await self._api.ask(User, call)
