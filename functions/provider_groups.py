"""From a provider's groups to Syndic's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

ATTRIBUTE: Final = "custom:groups"
EXTERNAL: Final = "EXTERNAL_PROVIDER"


def with_groups(event: dict[str, Any], *, mapping: Mapping[str, str]) -> dict[str, Any]:
    """The trigger's event with its answer.

    Somebody whom the provider signs in is in the groups that the provider says, and in no other: whoever loses a group
    there loses it here. Users of the pool itself keep the pool's groups.

    Args:
        event: Version 1 of the pre token generation event.
        mapping: The provider's group -> Syndic's group.
    """
    request = event.get("request") or {}
    attributes = request.get("userAttributes") or {}
    if attributes.get("cognito:user_status") != EXTERNAL:
        return event
    groups = sorted({mapping[name] for name in _names(attributes.get(ATTRIBUTE)) if name in mapping})
    answer = {"claimsOverrideDetails": {"groupOverrideDetails": {"groupsToOverride": groups}}}
    return {**event, "response": answer}


def _names(value: object) -> Iterator[str]:
    """Names in a list as Cognito keeps it: ``[a, b]`` or ``["a","b"]``, one alone as it is."""
    for part in str(value or "").strip().removeprefix("[").removesuffix("]").split(","):
        yield part.strip().strip('"').strip()
