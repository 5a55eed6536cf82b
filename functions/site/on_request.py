"""Serves the dashboard's files through the API, with the headers that CloudFront would send."""

from __future__ import annotations

from typing import Any

from functions.serving import serve
from functions.site_files import wired


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Answer one GET of API Gateway's proxy."""
    files = wired()
    return serve(event, read=files.read, headers=files.headers)
