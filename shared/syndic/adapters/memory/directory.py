"""A `Directory` in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from syndic.errors import InvalidInputError, NotFoundError, NotSignedInError
from syndic.ports import DirectoryAccount, DirectoryPage, DirectoryUser, SignedIn

CODE: Final = "123456"


class MemoryDirectory:
    """Keeps people by name; `invited` are the addresses to which an invitation went.

    `without_second_factor` and `of_provider` are the names of those who sign in without one, and elsewhere.
    """

    def __init__(self, users: Iterable[DirectoryUser] = (), passwords: Mapping[str, str] | None = None) -> None:
        self._users = {user.name: user for user in users}
        self.without_second_factor: set[str] = set()
        self.of_provider: set[str] = set()
        self._passwords, self._ended = dict(passwords or {}), set[str]()
        self.invited: list[str] = []

    def sign_in(self, name: str, password: str, *, code: str | None = None) -> SignedIn:
        """Sign a person in; every app shows the same code."""
        user = next((one for one in self._users.values() if name in {one.name, one.email} and one.enabled), None)
        if user is None or self._passwords.get(user.name) != password:
            raise NotSignedInError("the name or the password is wrong", code="credentials_refused")
        if code != CODE:
            raise NotSignedInError("send the code of your authenticator app", code="second_factor_missing")
        return SignedIn(f"id.{user.name}", 3600, f"refresh.{user.name}")

    def renew(self, refresh_token: str) -> SignedIn:
        """A new token."""
        name = refresh_token.removeprefix("refresh.")
        if name not in self._users or refresh_token in self._ended:
            raise NotSignedInError("the refresh token is not taken any more: sign in", code="refresh_refused")
        return SignedIn(f"id.{name}", 3600)

    def sign_out(self, refresh_token: str) -> None:
        """End a refresh token."""
        self._ended.add(refresh_token)

    def page(self, *, limit: int = 50, token: str | None = None) -> DirectoryPage:
        """Some people by name."""
        if token is not None and token not in self._users:
            raise InvalidInputError("this page token was not given by a listing", where="token")
        names = sorted(name for name in self._users if token is None or name > token)
        found = tuple(replace(self._users[name], roles=frozenset()) for name in names[:limit])
        return DirectoryPage(found, names[limit - 1] if len(names) > limit else None)

    def accounts(self) -> Iterator[DirectoryAccount]:
        """Everybody by name."""
        for name in sorted(self._users):
            user = self._users[name]
            factor = None if name in self.of_provider else name not in self.without_second_factor
            yield DirectoryAccount(name, user.enabled, user.confirmed, user.roles, factor)

    def get(self, name: str) -> DirectoryUser:
        """A person by name or address."""
        found = self._users.get(name) or next((one for one in self._users.values() if one.email == name), None)
        if found is None:
            raise NotFoundError("there is no such user")
        return found

    def invite(self, email: str) -> DirectoryUser:
        """Make an account, once."""
        try:
            return self.get(email)
        except NotFoundError:
            name = hashlib.sha256(email.encode()).hexdigest()[:32]
            self._users[name] = DirectoryUser(
                name, email, frozenset(), enabled=True, confirmed=False, address_confirmed=True, made_up=True
            )
            self.invited.append(email)
            return self._users[name]

    def set_roles(self, name: str, roles: Collection[str]) -> None:
        """Give a person exactly these roles."""
        user = self.get(name)
        self._users[user.name] = replace(user, roles=frozenset(roles))

    def set_enabled(self, name: str, *, enabled: bool) -> None:
        """Let a person sign in or not."""
        user = self.get(name)
        self._users[user.name] = replace(user, enabled=enabled)

    def delete(self, name: str) -> None:
        """Remove an account."""
        self._users.pop(name, None)
