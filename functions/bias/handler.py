"""Bias: judges the window that each queued request names."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message, read_request
from functions.metrics import count
from syndic.bias.use_cases import check_bias


def check(body: str) -> None:
    """Take one request for a check."""
    request, clouds = read_request(body, "bias"), wiring.wired()
    reports = check_bias(
        request,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    for report in reports:
        count("WindowsChecked", check="bias", verdict=report.verdict)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the bias queue."""
    return each_message(event, check)
