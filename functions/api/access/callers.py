"""Who sent a request, by what the user pool or a key vouches for, and what is theirs to change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from functions.api.access.roles import ADMIN, MODEL_OWNER, scopes_of
from syndic.errors import NotAllowedError, NotSignedInError
from syndic.identity.models import Scope
from syndic.models import RegisteredModel
from syndic.ports import DirectoryUser

BY_KEY: Final = "syndic_key"
"""Where an event holds the `Caller` that a key stands for. API Gateway fills in none of that name."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a request, as the user pool vouches for them, or the key that a person made."""

    name: str
    email: str | None  # only when the user pool has confirmed it: anybody can write another's address
    roles: frozenset[str]
    account: str = ""  # the pool's own name
    from_provider: bool = False
    key: str | None = None  # id of the key that was sent instead of an ID token

    @property
    def may_give(self) -> frozenset[Scope]:
        """The scopes that this person may give a key."""
        return scopes_of(self.roles)

    @property
    def signs_as(self) -> frozenset[str]:
        """The roles of frameworks that this person holds."""
        return frozenset(role.replace("_", " ") for role in self.roles)


def caller_of(event: dict[str, Any]) -> Caller:
    """The person whose token was verified. Raises `NotSignedInError` without an ID token's claims."""
    by_key = event.get(BY_KEY)
    if isinstance(by_key, Caller):
        return by_key
    claims = ((event.get("requestContext") or {}).get("authorizer") or {}).get("claims") or {}
    name = claims.get("cognito:username")
    if claims.get("token_use") != "id" or not isinstance(name, str) or not name:
        raise NotSignedInError("sign in and send the ID token")
    confirmed = str(claims.get("email_verified", "")).lower() == "true"
    email = str(claims["email"]).lower() if confirmed and claims.get("email") else None
    # Where people sign in by address the pool makes up their names, and for those of another provider from its own.
    # Such a name tells nobody who acted; and somebody who came in both ways would count as two where four eyes are due.
    made_up = name == claims.get("sub") or bool(claims.get("identities"))
    return Caller(
        name=email if made_up and email else name, email=email, roles=_groups(claims.get("cognito:groups")),
        account=name, from_provider=bool(claims.get("identities")),
    )  # fmt: skip


def caller_from(user: DirectoryUser) -> Caller:
    """A person whom another service vouches for, as if they had signed in now."""
    email = user.email.lower() if user.address_confirmed and user.email else None
    name = email if user.made_up and email else user.name
    return Caller(name=name, email=email, roles=user.roles, account=user.name)


def require_change(caller: Caller, model: RegisteredModel | None) -> None:
    """Let admins, and the owner of a model, change what belongs to it; None: it is no model's.

    Raises `NotAllowedError`.
    """
    if ADMIN in caller.roles:
        return
    if model is None:
        raise NotAllowedError("only an admin may change what is the platform's own")
    if MODEL_OWNER not in caller.roles or not caller.email or (model.owner or "").lower() != caller.email:
        raise NotAllowedError(f"only its owner or an admin may change model {model.id}")


def _groups(value: Any) -> frozenset[str]:
    """Groups as REST APIs ("a,b"), HTTP APIs ("[a b]") and tests (a list) give them."""
    words = value if isinstance(value, list) else re.split(r"[,\s]+", str(value or "").strip("[]"))
    return frozenset(str(word) for word in words if word)
