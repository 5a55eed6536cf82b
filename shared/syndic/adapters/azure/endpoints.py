"""What Azure ML says of an online endpoint, as a noun. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from syndic.errors import InvalidInputError
from syndic.models import CaptureConfig, Cloud, Endpoint, EndpointVariant

_MODEL = re.compile(r"(?:.*/)?models?[/:](?P<name>[^/:]+)(?:/versions/|[/:])(?P<version>[^/:]+)$")
_PART = re.compile(r"(?!\.+$)[\w.()-]{1,260}")


def split_workspace(workspace: str) -> tuple[str, str, str]:
    """The parts of ``subscription/resource group/workspace``. Raises `InvalidInputError`."""
    parts = workspace.strip().split("/")
    if len(parts) != 3 or not all(_PART.fullmatch(part) for part in parts):
        raise InvalidInputError(
            f"{workspace[:120]!r} is no workspace such as subscription/resource-group/workspace", where="ml_workspaces"
        )
    return parts[0], parts[1], parts[2]


def describe(found: Any, deployments: Sequence[Any], *, scope: str, capture: CaptureConfig | None) -> Endpoint:
    """An endpoint and the deployments behind it."""
    properties = found["properties"]
    traffic = properties.get("traffic") or {}
    created = (found.get("systemData") or {}).get("createdAt")
    return Endpoint(
        cloud=Cloud.AZURE,
        scope=scope,
        name=found["name"],
        resource_id=found["id"],
        status=properties["provisioningState"],
        variants=tuple(
            _variant(one, traffic) for one in sorted(deployments, key=lambda deployment: str(deployment["name"]))
        ),
        capture=capture,
        tags=dict(found.get("tags") or {}),
        created_at=None if created is None else datetime.fromisoformat(created).astimezone(UTC),
    )


def _variant(deployment: Any, traffic: dict[str, float]) -> EndpointVariant:
    properties = deployment["properties"]
    asset = properties.get("model") or ""
    model = _MODEL.match(asset)
    weight = traffic.get(deployment["name"])
    return EndpointVariant(
        name=deployment["name"],
        model_name=model["name"] if model else asset or None,
        model_version=model["version"] if model else None,
        instance_type=properties.get("instanceType"),
        weight=None if weight is None else float(weight),
        image=properties.get("environmentId"),
    )
