"""Requests of people: under /api/v1, each with an ID token of the user pool, which is verified here.

Whatever an authorizer said before is dropped: the token alone says who somebody is.
"""

from __future__ import annotations

from typing import Any, cast

from functions import wiring
from functions.api.access.callers import BY_KEY
from functions.api.access.permissions import TABLE
from functions.api.access.roles import PUBLIC
from functions.api.guards import header
from syndic.tasks.clouds import PeopleClouds


def admit_person(event: dict[str, Any], method: str, route: str) -> dict[str, Any]:
    """The event with the claims of its verified token as those of the authorizer, or with none.

    On routes for everybody no token is looked at: with one that has ended one may still sign in.

    Raises:
        IdentityRefusedError: The token does not hold.
        UnavailableError: The user pool's keys cannot be had.
    """
    if BY_KEY in event:
        return event
    context = {name: value for name, value in (event.get("requestContext") or {}).items() if name != "authorizer"}
    token = None if TABLE[method, route] is PUBLIC else _sent(event)
    if token is not None:
        clouds = cast("PeopleClouds", wiring.wired())
        context["authorizer"] = {"claims": clouds.people.claims_of(token, now=clouds.now())}
    return {**event, "requestContext": context}


def _sent(event: dict[str, Any]) -> str | None:
    """The token, with or without the word before it: API Gateway takes both."""
    text = (header(event, "authorization") or "").strip()
    kind, _, rest = text.partition(" ")
    return (rest.strip() if kind.lower() == "bearer" else text) or None
