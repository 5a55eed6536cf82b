"""The API's function."""

from __future__ import annotations

from typing import Any

from functions.api.resolver import answer
from functions.metrics import count


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one request of API Gateway."""
    response = answer(event, context)
    count("RequestsAnswered", outcome=f"{response['statusCode'] // 100}xx")
    return response
