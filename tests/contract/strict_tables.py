"""The table service as it is in the cloud, where the emulator is laxer: its limits, and its short pages.

https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from azure.core.pipeline.transport import RequestsTransport

_KEYS = re.compile(r"\(PartitionKey='(?P<PartitionKey>.*)',RowKey='(?P<RowKey>.*)'\)")
_PART = re.compile(rb"^(POST|PUT|PATCH|MERGE|DELETE) (\S+) HTTP/1\.1\r?$(.*?)^--", re.MULTILINE | re.DOTALL)
_FORBIDDEN = re.compile("[/\\\\#?\x00-\x1f\x7f-\x9f]")
_EMPTY_FIRST = "an-empty-page-came-first"


class RefusedError(Exception):
    """The real service would have answered 400 or 413."""


class StrictTables(RequestsTransport):
    """Sends what the real service would take, raises at what it would refuse, and gives empty and short pages."""

    def send(self, request: Any, **options: Any) -> Any:
        body = request.body or b""
        check_request(request.method, request.url, body.encode() if isinstance(body, str) else body)
        if request.method != "GET" or "$filter=" not in request.url:
            return super().send(request, **options)
        url = request.url
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        first = "NextPartitionKey" not in query
        if first:
            query["$filter"] = "PartitionKey eq 'there is no such partition'"
        elif query["NextPartitionKey"] == _EMPTY_FIRST:
            del query["NextPartitionKey"]
            query.pop("NextRowKey", None)
        if not first:
            query["$top"] = str(max(1, int(query.get("$top", "1000")) // 2))
        request.url = urlunsplit(parts._replace(query=urlencode(query)))
        try:
            answer = super().send(request, **options)
        finally:
            request.url = url
        if first:
            answer.headers["x-ms-continuation-NextPartitionKey"] = _EMPTY_FIRST
            answer.headers["x-ms-continuation-NextRowKey"] = "x"
        return answer


def check_request(method: str, url: str, body: bytes) -> None:
    """Raise `RefusedError` unless the real service takes the request."""
    if len(body) > 4 * 1024 * 1024:
        raise RefusedError(f"a body of {len(body)} bytes")
    if not url.endswith("$batch"):
        _check_one(method, url, body)
        return
    parts = list(_parts(body))
    if not 1 <= len(parts) <= 100:
        raise RefusedError(f"a batch of {len(parts)}")
    keys = [_check_one(*part) for part in parts]
    if len({key[0] for key in keys}) != 1:
        raise RefusedError("a batch over several partitions")
    if len(set(keys)) != len(keys):
        raise RefusedError("a batch with the same row twice")


def check_row(row: Mapping[str, Any]) -> None:
    """Raise `RefusedError` unless the real service takes an entity of these JSON values."""
    properties = {name: value for name, value in row.items() if not name.endswith("@odata.type")}
    if len(properties) > 252 + 2:  # the third one of its own, Timestamp, is set by the service
        raise RefusedError(f"{len(properties)} properties")
    size = 4
    for name, value in properties.items():
        if name in {"PartitionKey", "RowKey"}:
            if len(value) > 512 or _FORBIDDEN.search(value):
                raise RefusedError(f"{name} {value[:40]!r}")
            size += 2 * len(value)
            continue
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,254}", name):
            raise RefusedError(f"a property named {name!r}")
        stored = _stored(value, row.get(f"{name}@odata.type"))
        if stored > 64_000:
            raise RefusedError(f"property {name} of {stored} bytes")
        size += 8 + 2 * len(name) + stored + 4
    if size > 1024 * 1024:
        raise RefusedError(f"an entity of {size} bytes")


def _stored(value: Any, kind: str | None) -> int:
    if kind == "Edm.Binary":
        return len(base64.b64decode(value, validate=True))
    if isinstance(value, str):
        return len(value.encode("utf-16-le"))
    raise RefusedError(f"a value of type {type(value).__name__}, which this project does not use")


def _check_one(method: str, url: str, body: bytes) -> tuple[str, str]:
    found = _KEYS.search(unquote(urlsplit(url).path))
    row = json.loads(body) if body.strip() and "/Tables" not in url else {}
    if method in {"POST", "PUT", "PATCH", "MERGE"}:
        check_row(row)
    key = {**(found.groupdict() if found else {}), **row}
    return key.get("PartitionKey", ""), key.get("RowKey", "")


def _parts(body: bytes) -> Iterator[tuple[str, str, bytes]]:
    for method, url, rest in _PART.findall(body):
        _, _, content = rest.replace(b"\r\n", b"\n").partition(b"\n\n")
        yield method.decode(), url.decode(), content
