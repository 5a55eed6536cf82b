"""The route that a request goes to, and whether its caller may: who may is in `functions.api.access.permissions`."""

from __future__ import annotations

import re
from typing import Any, Final

from functions.api.access.callers import caller_of
from functions.api.access.permissions import BY_PEOPLE_ONLY, TABLE
from functions.api.access.roles import PUBLIC, Sensitive
from functions.api.problems import NotOfferedError
from syndic.errors import NotAllowedError, NotFoundError

PREFIX: Final = "/api/v1"


def route_of(method: str, path: str) -> str:
    """The route, as in the table, that a request goes to. Raises `NotFoundError` or `NotOfferedError`."""
    path = path.rstrip("/").removeprefix(PREFIX) if path.startswith(f"{PREFIX}/") else ""
    found = [(verb, route) for verb, route in TABLE if _PATTERNS[route].fullmatch(path)]
    for verb, route in found:
        if verb == method:
            return route
    if found:
        raise NotOfferedError(method, tuple(sorted({verb for verb, _ in found})))
    raise NotFoundError("there is nothing at this path")


def ids_of(route: str, path: str) -> dict[str, str]:
    """What a request's path says in the places that its route leaves open, by their names."""
    found = _PATTERNS[route].fullmatch(path.rstrip("/").removeprefix(PREFIX))
    return found.groupdict() if found else {}


def authorize(method: str, route: str, event: dict[str, Any]) -> None:
    """Let a request pass to a route, or raise `NotSignedInError` or `NotAllowedError`."""
    allowed = TABLE[method, route]
    if allowed is PUBLIC:
        return
    caller = caller_of(event)
    if caller.key is not None and (method, route) in BY_PEOPLE_ONLY:
        raise NotAllowedError(f"{method} {PREFIX}{route} is for people, not for keys: sign in")
    if not caller.roles & allowed:
        raise NotAllowedError(f"{method} {PREFIX}{route} is for {', '.join(sorted(allowed))}")


def is_sensitive(method: str, route: str) -> bool:
    """Whether what a route shows is sensitive."""
    return isinstance(TABLE[method, route], Sensitive)


_PATTERNS: Final = {route: re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", route)) for _, route in TABLE}
