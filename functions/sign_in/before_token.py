"""Says which of Syndic's groups a person of an external provider is in; asked before each token."""

from __future__ import annotations

from functools import cache
from typing import Any

from functions.provider_groups import with_groups
from syndic.settings import SignInSettings, read_settings


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Answer Cognito's pre token generation trigger."""
    return with_groups(event, mapping=_settings().group_map)


@cache
def _settings() -> SignInSettings:
    return read_settings(SignInSettings)
