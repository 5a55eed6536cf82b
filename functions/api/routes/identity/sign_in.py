"""Signing in without a browser, for scripts. Programs that run by themselves take a key instead."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from functions.api.inputs import Clouds, Directory
from syndic.identity.attempts import counted
from syndic.models import Noun
from syndic.ports import SignedIn

router = Router()

Secret = Annotated[str, Field(min_length=1, max_length=8192, pattern=r"^[!-~]+$")]


class Credentials(Noun):
    """Who signs in."""

    username: str = Field(min_length=1, max_length=254, description="name or address")
    password: str = Field(min_length=1, max_length=256)
    code: str | None = Field(default=None, pattern=r"^[0-9]{6}$", description="of the authenticator app")


class RefreshToken(Noun):
    """What renews a sign-in."""

    refresh_token: Secret


class Tokens(Noun):
    """`access_token` is what the API takes as bearer token (an ID token, which says who somebody is)."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - its name
    expires_in: int = Field(description="seconds")
    refresh_token: str | None = Field(description="renews it for 30 days; none: the one before stays")


class SignedOut(Noun):
    """The refresh token is worth nothing any more."""

    signed_out: bool = True


@router.post("/auth/login", tags=["identity"])
def sign_in(clouds: Clouds, directory: Directory, who: Annotated[Credentials, Body()]) -> Tokens:
    """Sign in by password and the code of the authenticator app. After ten failures an account waits a while (429)."""
    found = counted(
        who.username, lambda: directory.sign_in(who.username, who.password, code=who.code),
        store=clouds.store, now=clouds.now(),
    )  # fmt: skip
    return _tokens(found)


@router.post("/auth/refresh", tags=["identity"])
def renew_sign_in(directory: Directory, held: Annotated[RefreshToken, Body()]) -> Tokens:
    """Get a new token for a refresh token."""
    return _tokens(directory.renew(held.refresh_token))


@router.post("/auth/logout", tags=["identity"])
def sign_out(directory: Directory, held: Annotated[RefreshToken, Body()]) -> SignedOut:
    """End a refresh token. Tokens that it gave within the hour hold until then."""
    directory.sign_out(held.refresh_token)
    return SignedOut()


def _tokens(found: SignedIn) -> Tokens:
    return Tokens(access_token=found.id_token, expires_in=found.seconds, refresh_token=found.refresh_token)
