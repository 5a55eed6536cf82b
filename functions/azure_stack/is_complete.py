"""Takes the next step towards what was asked for, and says whether it is reached."""

from __future__ import annotations

from typing import Any

from functions.azure_stack import wiring
from functions.azure_stack.progress import advance


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Be asked once a minute."""
    return advance(event, azure=wiring.azure, files=wiring.files(), now=wiring.now())
