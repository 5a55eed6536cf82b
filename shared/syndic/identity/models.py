"""Keys of programs, and the issuers whose tokens are exchanged for one."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from syndic.errors import SyndicError
from syndic.models import Moment, Noun

LONGEST: Final = timedelta(days=366)
USUAL: Final = timedelta(days=90)
GITHUB: Final = "https://token.actions.githubusercontent.com"
GITHUB_PINS: Final = frozenset({"repository_id", "repository_owner_id"})
"""Names can be given to somebody else after a deletion, numbers cannot."""

Claim = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
Value = Annotated[str, Field(min_length=1, max_length=256)]
Address = Annotated[str, Field(pattern=r"^https://[!-~]+$", max_length=512)]


class Scope(StrEnum):
    """What a key may do: read; change the models of its owner; change everything that no person has to decide."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class ApiKey(Noun):
    """A key as it is kept. Of the secret only a hash is."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    made_by: str
    account: str | None = Field(default=None, description="maker's name in the directory; None: made by an exchange")
    from_provider: bool = Field(default=False, description="the maker's roles come from a company's provider")
    email: str | None = Field(default=None, description="confirmed address whose models the key may change")
    made_at: Moment
    expires_at: Moment
    revoked_at: Moment | None = None
    revoked_by: str | None = None
    secret_sha256: str


class IssuerRules(Noun):
    """Which tokens of an OpenID issuer are taken, and what they are exchanged for."""

    issuer: Address
    audience: Annotated[str, Field(pattern=r"^[!-~]{1,256}$")]
    jwks_uri: Address | None = Field(default=None, description="left out: /.well-known/jwks below the issuer")
    claims: dict[Claim, Value] = Field(min_length=1, max_length=16, description="values that a token must have")
    scopes: tuple[Scope, ...] = Field(min_length=1, max_length=2)
    owner: Annotated[str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]{1,189}$")] | None = Field(
        default=None, description="whose models a key with the scope write may change"
    )

    @model_validator(mode="after")
    def _pinned(self) -> IssuerRules:
        """Refuse rules that would let strangers in."""
        if Scope.ADMIN in self.scopes:
            raise ValueError("scopes: a token is exchanged for read and write at most")
        if Scope.WRITE in self.scopes and self.owner is None:
            raise ValueError("owner: with the scope write, say whose models may be changed")
        for address in (self.issuer, self.jwks_uri or self.issuer):
            parts = urlsplit(address)
            if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
                raise ValueError("issuer, jwks_uri: an https address without user, query and fragment")
        if set(self.claims) <= {"iss", "aud", "exp", "iat", "nbf", "jti"}:
            raise ValueError("claims: pin one that says who the token is of, such as project_id")
        missing = GITHUB_PINS - set(self.claims) if urlsplit(self.issuer).hostname == urlsplit(GITHUB).hostname else ()
        if missing:
            raise ValueError(f"claims: of GitHub's, pin {' and '.join(sorted(missing))} too")
        return self

    @property
    def keys_address(self) -> str:
        """Where the issuer publishes its keys."""
        return self.jwks_uri or f"{self.issuer.rstrip('/')}/.well-known/jwks"


class Issuer(IssuerRules):
    """The rules of an issuer as an admin set them."""

    name: str
    changed_by: str
    changed_at: Moment


class IdentityRefusedError(SyndicError):
    """A key or a token is not taken. `code` says why, for programs."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)
