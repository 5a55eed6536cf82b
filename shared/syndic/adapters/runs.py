"""Deterministic names of map runs."""

from __future__ import annotations

from collections.abc import Sequence

from syndic.canonical import sha256_of
from syndic.models import CheckRequested
from syndic.ports import ObjectInfo


def run_name(request: CheckRequested, items: Sequence[ObjectInfo]) -> str:
    """The same for the same request on the same objects: ``drift-<model>-<16 hex digits>``, at most 80 characters."""
    objects = sorted([item.uri, item.etag, item.size] for item in items)
    digest = sha256_of([request.model_dump(mode="json"), objects])[:16]
    return f"{request.check}-{request.model_id[:50]}-{digest}"
