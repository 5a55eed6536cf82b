"""What the vendor's own client libraries know of each resource type: fields, types, words, which are read only.

Their models are generated from the services' published API descriptions. Those of one type may be of a later version
than the template names; versions of a stable API only add to what they accept.
"""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Iterator
from enum import Enum
from types import ModuleType
from typing import Any

with warnings.catch_warnings():
    # In a docstring of theirs, when it is compiled for the first time; before Python 3.12 of the other kind.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    import azure.mgmt.applicationinsights.v2020_02_02.models as insights
    import azure.mgmt.authorization.v2022_04_01.models as authorization
    import azure.mgmt.loganalytics.models as loganalytics
    import azure.mgmt.monitor.models as monitor
    import azure.mgmt.msi.models as msi
    import azure.mgmt.resource.deploymentstacks.models as stacks
    import azure.mgmt.storage.models as storage
    import azure.mgmt.web.models as web

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
ACCOUNT = "Microsoft.Storage/storageAccounts"
MODELS: dict[str, tuple[ModuleType, str]] = {
    "Microsoft.Authorization/roleAssignments": (authorization, "RoleAssignmentCreateParameters"),
    "Microsoft.Insights/components": (insights, "ApplicationInsightsComponent"),
    "Microsoft.Insights/actionGroups": (monitor, "ActionGroupResource"),
    "Microsoft.Insights/scheduledQueryRules": (monitor, "ScheduledQueryRuleResource"),
    IDENTITY: (msi, "Identity"),
    f"{IDENTITY}/federatedIdentityCredentials": (msi, "FederatedIdentityCredential"),
    "Microsoft.OperationalInsights/workspaces": (loganalytics, "Workspace"),
    "Microsoft.Resources/deploymentStacks": (stacks, "DeploymentStack"),
    ACCOUNT: (storage, "StorageAccountCreateParameters"),
    f"{ACCOUNT}/blobServices": (storage, "BlobServiceProperties"),
    f"{ACCOUNT}/blobServices/containers": (storage, "BlobContainer"),
    f"{ACCOUNT}/managementPolicies": (storage, "ManagementPolicy"),
    f"{ACCOUNT}/queueServices": (storage, "QueueServiceProperties"),
    f"{ACCOUNT}/queueServices/queues": (storage, "StorageQueue"),
    f"{ACCOUNT}/tableServices": (storage, "TableServiceProperties"),
    f"{ACCOUNT}/tableServices/tables": (storage, "Table"),
    "Microsoft.Web/serverfarms": (web, "AppServicePlan"),
    "Microsoft.Web/sites": (web, "Site"),
}  # fmt: skip
OF_THE_TEMPLATE = {"type", "apiVersion", "name", "scope", "dependsOn"}  # read by ARM itself, not by the service
SCALARS = {bool: ("bool",), int: ("int", "float"), str: ("str", "ForwardRef")}


def objections(resource: dict[str, Any]) -> list[str]:
    """What the vendor's model of a resource does not know, or says is missing. Expressions must be evaluated."""
    module, name = MODELS[resource["type"]]
    body = {key: value for key, value in resource.items() if key not in OF_THE_TEMPLATE}
    kind = getattr(module, name)
    found = _older(kind, body, module) if hasattr(kind, "_attribute_map") else _newer(kind(body), module)
    return [f"{resource['name']}: {one}" for one in found]


def _newer(model: Any, module: ModuleType) -> Iterator[str]:
    fields = {field._rest_name: (name, field) for name, field in model._attr_to_rest_field.items()}
    notes = {name: note for one in type(model).__mro__ for name, note in inspect.get_annotations(one).items()}
    for key, value in model.items():
        if key not in fields:
            yield f"{type(model).__name__} has no {key}"
            continue
        name, field = fields[key]
        if field._visibility and not {"create", "update"} & set(field._visibility):
            yield f"{type(model).__name__}.{key} is read only"
        yield from _value(
            getattr(model, name), value, str(notes.get(name, "")), f"{type(model).__name__}.{key}", module
        )
    for key, (name, field) in fields.items():
        note = str(notes.get(name, "Optional"))
        required = not re.search("Optional|NoneType", note) and "create" in (field._visibility or ())
        if required and key not in model:
            yield f"{type(model).__name__} lacks {key}"


def _value(typed: Any, raw: Any, note: str, where: str, module: ModuleType) -> Iterator[str]:
    if hasattr(typed, "_attr_to_rest_field"):
        yield from _newer(typed, module)
    elif isinstance(typed, list):
        for one in typed:
            if hasattr(one, "_attr_to_rest_field"):
                yield from _newer(one, module)
    elif isinstance(raw, (bool, int, str)):
        yield from _scalar(raw, note, where, module)


def _scalar(value: bool | int | str, note: str, where: str, module: ModuleType) -> Iterator[str]:
    if not any(word in note for word in SCALARS[type(value)]):
        yield f"{where} is {note}, not {value!r}"
    yield from _word(value, re.findall(r"_models\.(\w+)", note), where, module)


def _word(value: object, kinds: list[str], where: str, module: ModuleType) -> Iterator[str]:
    for kind in (getattr(module, name, None) for name in kinds):
        if isinstance(kind, type) and issubclass(kind, Enum) and value not in {one.value for one in kind}:
            yield f"{where} is none of {[one.value for one in kind]}: {value!r}"


def _older(kind: Any, body: dict[str, Any], module: ModuleType) -> Iterator[str]:
    known = {item["key"]: (name, item["type"]) for name, item in kind._attribute_map.items()}
    rules = {known_name: kind._validation.get(known_name, {}) for known_name in kind._attribute_map}
    given = dict(_flat(body, known))
    for key, value in given.items():
        if key not in known:
            yield f"{kind.__name__} has no {key}"
            continue
        name, type_name = known[key]
        if rules[name].get("readonly"):
            yield f"{kind.__name__}.{key} is read only"
        wanted: Any = {"str": str, "bool": bool, "int": int}.get(type_name, object)
        if not isinstance(value, wanted):
            yield f"{kind.__name__}.{key} is {type_name}, not {value!r}"
    for key, (name, _) in known.items():
        if rules[name].get("required") and key not in given:
            yield f"{kind.__name__} lacks {key}"
    words = {"principal_type": "PrincipalType", "application_type": "ApplicationType"}
    for key, (name, _) in known.items():
        if key in given and name in words:
            yield from _word(given[key], [words[name]], f"{kind.__name__}.{key}", module)


def _flat(body: dict[str, Any], known: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in body.items():
        path = f"{before}{key}"
        if isinstance(value, dict) and any(one.startswith(f"{path}.") for one in known):
            yield from _flat(value, known, f"{path}.")
        else:
            yield path, value
