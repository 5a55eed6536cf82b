"""From a request to a file of the dashboard."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Callable, Mapping
from typing import Any

TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")


def serve(
    event: Mapping[str, Any], *, read: Callable[[str], bytes | None], headers: Mapping[str, str]
) -> dict[str, Any]:
    """The answer to a request for a file.

    Args:
        event: Of API Gateway's Lambda proxy.
        read: Gives a file by name, or None.
        headers: Sent with every answer.
    """
    stage = f"/{(event.get('requestContext') or {}).get('stage', '')}"
    if str((event.get("requestContext") or {}).get("path", "")) == stage:
        # Without the slash at its end the page would look for its files beside the stage, not below it.
        return _answer(302, b"", "text/plain; charset=utf-8", {**headers, "Location": f"{stage}/"})
    name = str((event.get("pathParameters") or {}).get("file") or "index.html")
    body = None if ".." in name.split("/") else read(name)
    if body is None:
        return _answer(404, b"not found\n", "text/plain; charset=utf-8", headers)
    # Names below assets/ hold a hash of the content.
    cache = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind == "text/javascript" or kind.startswith("text/"):
        kind += "; charset=utf-8"
    return _answer(200, body, kind, {**headers, "Cache-Control": cache})


def _answer(status: int, body: bytes, kind: str, headers: Mapping[str, str]) -> dict[str, Any]:
    text = kind.startswith(TEXT)
    return {
        "statusCode": status,
        "headers": {**headers, "Content-Type": kind},
        "body": body.decode("utf-8") if text else base64.b64encode(body).decode("ascii"),
        "isBase64Encoded": not text,
    }
