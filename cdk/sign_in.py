"""A company's own sign-in: one JSON file, named by the context `sign_in`. See docs/deploy.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from syndic.errors import InvalidInputError

ProviderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{1,30}$")]
Https = Annotated[str, StringConstraints(pattern=r"^https://[^\s?#]+$")]
TheirGroup = Annotated[str, StringConstraints(pattern=r"^[^\[\],\"]{1,256}$", strip_whitespace=True)]


class Choice(BaseModel):
    """A part of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Oidc(Choice):
    """An OpenID Connect provider. Its secret stays in Secrets Manager."""

    issuer: Https
    client_id: str = Field(min_length=1)
    client_secret_arn: str = Field(pattern=r"^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$")
    scopes: tuple[str, ...] = ("openid", "email", "profile")


class Saml(Choice):
    """A SAML 2.0 provider."""

    metadata_url: Https


class Claims(Choice):
    """What the provider calls a person's attributes. None: it does not say."""

    email: str = "email"
    email_verified: str | None = Field(default=None, description="without it nobody owns a model by address")
    name: str | None = "name"
    groups: str = "groups"


class SignIn(Choice):
    """An external provider, and which of its groups are which of Syndic's."""

    name: ProviderName = Field(description="shown on the sign-in page")
    oidc: Oidc | None = None
    saml: Saml | None = None
    claims: Claims = Claims()
    groups: dict[TheirGroup, str] = Field(min_length=1, description="their group -> Syndic's group")
    only: bool = Field(default=False, description="nobody signs in with a password of the pool")

    @model_validator(mode="after")
    def _one_provider(self) -> Self:
        if (self.oidc is None) == (self.saml is None):
            raise ValueError("give either oidc or saml")
        return self


def read_sign_in(path: Path, *, groups: frozenset[str]) -> SignIn:
    """The choice in a file. Raises `InvalidInputError` with the field when it is wrong.

    Args:
        path: The file.
        groups: Syndic's groups.
    """
    try:
        chosen = SignIn.model_validate(json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise InvalidInputError("there is no such file", where=str(path)) from error
    except ValueError as error:
        if not isinstance(error, ValidationError):
            raise InvalidInputError(f"it is not JSON: {error}", where=str(path)) from error
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InvalidInputError(first["msg"], where=f"{path}, {field}") from error
    unknown = sorted(set(chosen.groups.values()) - groups)
    if unknown:
        raise InvalidInputError(f"{unknown[0]!r} is none of {', '.join(sorted(groups))}", where=f"{path}, groups")
    return chosen
