"""The models of a workspace, as the stand-in for Azure's control plane serves them and takes changes of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FIXED: Final = ("modelUri", "modelType", "jobName", "isAnonymous")
VIEWS: Final = {"ActiveOnly": (False,), "ArchivedOnly": (True,), "All": (False, True)}
QUERY: Final = frozenset({"api-version", "$skip", "listViewType"})


class RefusedError(Exception):
    """An answer that is not 200, in the shape of the control plane's errors."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass
class ServedModel:
    """A model container and the properties of its versions by their names. Set `refuse` to a status to refuse it."""

    name: str
    versions: dict[str, dict[str, Any]] = field(default_factory=dict)
    description: str | None = None
    refuse: int | None = None


def read(
    root: str, models: Sequence[ServedModel], parts: Sequence[str], query: Mapping[str, str], written: dict[str, str]
) -> Any:
    """The answer to a request below ``models``, in parts; a list is to be paged."""
    named = {one.name: one for one in models}
    match parts[1:]:
        case []:
            return _listed([_container(root, one, written) for one in models], query)
        case [name] if name in named:
            return _container(root, named[name], written)
        case [name, "versions", *which] if name in named:
            model = named[name]
            if model.refuse is not None:
                raise RefusedError(model.refuse, "ServiceError", "The model cannot be read.")
            if not which:
                return _listed([_version(root, model, one, written) for one in model.versions], query)
            if len(which) == 1 and which[0] in model.versions:
                return _version(root, model, which[0], written)
    raise _absent(parts)


def change(
    root: str, models: Sequence[ServedModel], parts: Sequence[str], content: bytes, written: dict[str, str]
) -> Any:
    """Take a new state of a version that is there; the answer is the version as it is then."""
    named = {one.name: one for one in models}
    match parts[1:]:
        case [name, "versions", which] if parts[0] == "models" and name in named and which in named[name].versions:
            model = named[name]
            model.versions[which] = _replaced(_version(root, model, which, written), json.loads(content))
            return _version(root, model, which, written)
    raise _absent(parts)


def _absent(parts: Sequence[str]) -> RefusedError:
    return RefusedError(404, "ResourceNotFound", f"The resource {'/'.join(parts)} was not found; nothing is created.")


def _listed(items: list[Any], query: Mapping[str, str]) -> list[Any]:
    """Those of a view. Without one, what is archived is left out."""
    unknown = sorted(query.keys() - QUERY)
    if unknown:
        raise RefusedError(400, "InvalidQuery", f"The query parameter {unknown[0]} is not supported.")
    view = query.get("listViewType", "ActiveOnly")
    if view not in VIEWS:
        raise RefusedError(400, "InvalidQuery", f"listViewType {view} is not supported.")
    return [item for item in items if (item["properties"] or {}).get("isArchived", False) in VIEWS[view]]


def _container(root: str, model: ServedModel, written: dict[str, str]) -> dict[str, Any]:
    """A model container."""
    archived = bool(model.versions) and all((one or {}).get("isArchived") for one in model.versions.values())
    return {
        "id": f"{root}/models/{model.name}", "name": model.name, "systemData": written,
        "type": "Microsoft.MachineLearningServices/workspaces/models",
        "properties": {
            "description": model.description, "tags": {}, "properties": {}, "isArchived": archived,
            "latestVersion": max(model.versions, default=None), "nextVersion": str(len(model.versions) + 1),
            "provisioningState": "Succeeded",
        },
    }  # fmt: skip


def _version(root: str, model: ServedModel, name: str, written: dict[str, str]) -> dict[str, Any]:
    """A version of a model. Properties that are not a mapping are served as they are."""
    held: Any = model.versions[name]
    properties: dict[str, Any] = {
        "description": None, "tags": {}, "properties": {}, "isArchived": False, "isAnonymous": False, "flavors": {},
        "jobName": None, "modelType": "custom_model", "stage": None, "provisioningState": "Succeeded",
        "modelUri": f"azureml://{root.lstrip('/')}/datastores/workspaceblobstore/paths/models/{model.name}/{name}",
    }  # fmt: skip
    return {
        "id": f"{root}/models/{model.name}/versions/{name}", "name": name, "systemData": written,
        "type": "Microsoft.MachineLearningServices/workspaces/models/versions",
        "properties": {**properties, **held} if isinstance(held, dict) else held,
    }  # fmt: skip


def _replaced(present: dict[str, Any], body: Any) -> dict[str, Any]:
    """A version's properties after a PUT. It replaces all of them: what is not sent is empty afterwards."""
    if not isinstance(body, dict) or set(body) != {"properties"} or not isinstance(body["properties"], dict):
        raise RefusedError(400, "BadArgument", "The body must be an object with properties and nothing else.")
    sent: dict[str, Any] = body["properties"]
    for name, value in sent.items():
        if name not in WRITABLE:
            raise RefusedError(400, "BadArgument", f"properties.{name} is not known or read only.")
        if value is not None and not _KINDS[name](value):
            raise RefusedError(400, "BadArgument", f"properties.{name} is not of its kind.")
    for name in FIXED:
        if sent.get(name) != present["properties"][name]:
            raise RefusedError(409, "UserError", f"properties.{name} of a version that exists cannot be changed.")
    return {"isArchived": False, **sent}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for pair in value.items() for one in pair)


def _is_flavors(value: Any) -> bool:
    return isinstance(value, dict) and all(set(one) == {"data"} and _is_texts(one["data"]) for one in value.values())


_KINDS: Final[dict[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("description", "jobName", "modelType", "modelUri", "stage"), _is_text),
    **dict.fromkeys(("tags", "properties"), _is_texts),
    **dict.fromkeys(("isAnonymous", "isArchived"), _is_truth),
    "flavors": _is_flavors,
}
WRITABLE: Final = frozenset(_KINDS)
"""Properties of a version that the vendor's description of 2024-10-01 lets a caller send."""
