"""A `Directory` in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from syndic.errors import InvalidInputError, NotFoundError
from syndic.ports import DirectoryAccount, DirectoryPage, DirectoryUser


class MemoryDirectory:
    """Keeps people by name; `invited` are the addresses to which an invitation went.

    `without_second_factor` and `of_provider` are the names of those who sign in without one, and elsewhere.
    """

    def __init__(self, users: Iterable[DirectoryUser] = ()) -> None:
        self._users = {user.name: user for user in users}
        self.without_second_factor: set[str] = set()
        self.of_provider: set[str] = set()
        self.invited: list[str] = []

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
            self._users[name] = DirectoryUser(name, email, frozenset(), enabled=True, confirmed=False)
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
