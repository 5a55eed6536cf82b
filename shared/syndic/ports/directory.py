"""Who may sign in, and in which roles."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DirectoryUser:
    """A person as the directory knows them. `name` is the directory's own; `confirmed`: has signed in once."""

    name: str
    email: str
    roles: frozenset[str]
    enabled: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """Some people, without their roles (`get` has them), and the token that continues after them."""

    users: tuple[DirectoryUser, ...]
    next_token: str | None = None


@dataclass(frozen=True, slots=True)
class DirectoryAccount:
    """A person as an auditor asks of them. `second_factor` None: the company's own provider decides, out of sight."""

    name: str
    enabled: bool
    confirmed: bool
    roles: frozenset[str]
    second_factor: bool | None


class AccountReader(Protocol):
    """Reads who may sign in and by what. It changes nothing."""

    def accounts(self) -> Iterator[DirectoryAccount]:
        """Every account with its roles, in the directory's order."""


class Directory(Protocol):
    """The people who may sign in. Every change may be made again and is then already so."""

    def page(self, *, limit: int = 50, token: str | None = None) -> DirectoryPage:
        """Some people, in the directory's order. Raises `InvalidInputError` for a token nobody gave out."""

    def get(self, name: str) -> DirectoryUser:
        """A person with their roles, by name or address. Raises `NotFoundError`."""

    def invite(self, email: str) -> DirectoryUser:
        """Make an account and send the invitation; the account that is there already is returned, nothing is sent."""

    def set_roles(self, name: str, roles: Collection[str]) -> None:
        """Give a person exactly these roles. Raises `NotFoundError`, `UnknownReferenceError`."""

    def set_enabled(self, name: str, *, enabled: bool) -> None:
        """Let a person sign in, or not any more. Who is disabled cannot renew a token. Raises `NotFoundError`."""

    def delete(self, name: str) -> None:
        """Remove an account. One that is not there is fine."""
