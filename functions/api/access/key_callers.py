"""Requests that come with a key: under /api/machine/v1, where no authorizer of the user pool stands before us.

There a key is all that is taken, and under /api/v1 no key is. Else the path alone would decide who somebody is.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from functions import wiring
from functions.api.access.authorization import PREFIX
from functions.api.access.callers import BY_KEY, Caller
from functions.api.access.roles import ROLES_OF, scopes_of
from functions.api.guards import header
from syndic.errors import NotFoundError, NotSignedInError
from syndic.identity.api_keys import admit, note_use
from syndic.identity.models import ApiKey, IdentityRefusedError
from syndic.ports import Directory
from syndic.tasks.clouds import PeopleClouds

log = logging.getLogger(__name__)

MACHINE: Final = "/api/machine/v1"
KNOWN_FOR: Final = timedelta(minutes=1)
"""How long it is not asked again whether the maker of a key may still sign in."""
MOST_KNOWN: Final = 1000
_roles: WeakKeyDictionary[Directory, dict[str, tuple[datetime, frozenset[str] | None]]] = WeakKeyDictionary()


def admit_key(event: dict[str, Any]) -> dict[str, Any]:
    """The event as one of /api/v1, with the caller that its key stands for; other events as they are.

    Raises:
        NotSignedInError: There is no key.
        IdentityRefusedError: It is unknown, revoked or expired, or its maker may not sign in any more.
    """
    path = str(event["path"])
    if path != MACHINE and not path.startswith(f"{MACHINE}/"):
        return {name: value for name, value in event.items() if name != BY_KEY}
    clouds = cast("PeopleClouds", wiring.wired())
    key = admit(_sent(event), store=clouds.store, now=clouds.now())
    caller = _caller(key, clouds)
    note_use(key, store=clouds.store, now=clouds.now())
    log.info("key used", extra={"key": key.id, "method": event["httpMethod"], "path": path[:200]})
    context = {name: value for name, value in (event.get("requestContext") or {}).items() if name != "authorizer"}
    return {**event, "path": PREFIX + path.removeprefix(MACHINE), "requestContext": context, BY_KEY: caller}


def _sent(event: dict[str, Any]) -> str:
    kind, _, text = (header(event, "authorization") or "").strip().partition(" ")
    named = (header(event, "x-api-key") or "").strip()
    bearer = text.strip() if kind.lower() == "bearer" else ""
    if bearer and named and bearer != named:
        raise NotSignedInError("two keys are sent: send one")
    if not bearer and not named:
        raise NotSignedInError("send a key: Authorization: Bearer syn_...")
    return bearer or named


def _caller(key: ApiKey, clouds: PeopleClouds) -> Caller:
    scopes = frozenset(key.scopes)
    if key.account is not None:
        present = _roles_now(key.account, clouds)
        if present is None:
            raise IdentityRefusedError("key_maker_gone", "whoever made this key may not sign in any more")
        if not key.from_provider:  # a provider's groups are told at sign-in only
            scopes &= scopes_of(present)
    roles = frozenset[str]().union(*(ROLES_OF[scope] for scope in scopes))
    return Caller(name=key.made_by, email=key.email, roles=roles, account=key.account or "", key=key.id)


def _roles_now(account: str, clouds: PeopleClouds) -> frozenset[str] | None:
    """The roles of an account; None when it is not there or disabled."""
    directory, now = clouds.directory, clouds.now()
    known = _roles.setdefault(directory, {})
    at, roles = known.get(account, (None, None))
    if at is None or not timedelta() <= now - at < KNOWN_FOR:
        try:
            user = directory.get(account)
            roles = user.roles if user.enabled else None
        except NotFoundError:
            roles = None
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[account] = (now, roles)
    return roles
