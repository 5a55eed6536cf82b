"""Who may sign in, and in which roles."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DirectoryUser:
    """A person as the directory knows them. `name` is the directory's own; `confirmed`: has signed in once.

    `address_confirmed`: the address is theirs, as far as the directory knows. `made_up`: the name says nothing.
    """

    name: str
    email: str
    roles: frozenset[str]
    enabled: bool
    confirmed: bool
    address_confirmed: bool = False
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """Some people, without their roles (`get` has them), and the token that continues after them."""

    users: tuple[DirectoryUser, ...]
    next_token: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What somebody who signed in is known by, for `seconds`; and what renews it, where a new one was given out."""

    id_token: str
    seconds: int
    refresh_token: str | None = None


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

    def sign_in(self, name: str, password: str, *, code: str | None = None) -> SignedIn:
        """Sign a person in, with the code of their authenticator app where a second factor is asked for.

        Raises `NotSignedInError`, whose code says whether a second factor or a first sign-in in the browser is missing.
        It never says whether the name is known.
        """

    def renew(self, refresh_token: str) -> SignedIn:
        """A new ID token. Raises `NotSignedInError` for a token that was revoked, has run out or was never given."""

    def sign_out(self, refresh_token: str) -> None:
        """End a refresh token and what it renewed. One that is not there any more is fine."""

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
