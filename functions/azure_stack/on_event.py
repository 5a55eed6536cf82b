"""Begins: names the resource and the time. Everything that can fail happens while it is waited for."""

from __future__ import annotations

from typing import Any

from functions.azure_stack import wiring
from functions.azure_stack.progress import begin


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take CloudFormation's request."""
    return begin(event, now=wiring.now())
