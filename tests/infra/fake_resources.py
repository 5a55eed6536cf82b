"""Resources as the fake control plane keeps them: what a template makes of them, in the order of its dependencies."""

from __future__ import annotations

import uuid
from typing import Any

from tests.infra.arm_language import Scope, TemplateError, evaluate, id_of


def parameters_of(template: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The values of a template's parameters; none is missing, none unknown."""
    known = template.get("parameters", {})
    missing = [name for name, item in known.items() if name not in given and "defaultValue" not in item]
    unknown = sorted(set(given) - set(known))
    if missing or unknown:
        raise TemplateError("InvalidTemplate", f"parameters: missing {missing}, unknown {unknown}")
    return {name: item["value"] for name, item in given.items()}


def properties_of(resource_id: str) -> dict[str, Any]:
    """What a resource is given by its service, the same each time it is asked."""
    own = str(uuid.uuid5(uuid.NAMESPACE_URL, resource_id))
    name = resource_id.rsplit("/", 1)[-1]
    endpoints = {service: f"https://{name}.{service}.core.windows.net/" for service in ("blob", "queue", "table")}
    return {
        "principalId": own, "clientId": own[::-1], "primaryEndpoints": endpoints,
        "ConnectionString": f"InstrumentationKey={own}",
    }  # fmt: skip


class Resources:
    """All resources of some resource groups.

    Args:
        groups: Subscription and group, in small letters.
    """

    def __init__(self, groups: set[tuple[str, str]]) -> None:
        self.groups = groups
        self.there: dict[str, dict[str, Any]] = {}
        self.published: dict[str, str] = {}

    def validate(self, template: dict[str, Any], scope: Scope) -> None:
        """What ARM says before it begins: names, dependencies, functions."""
        scope.look_up = lambda resource_id, version: properties_of(resource_id)
        ids = [id_of(resource, scope) for resource in template["resources"]]
        if len(set(ids)) != len(ids):
            raise TemplateError("InvalidTemplate", "a resource is defined twice")
        for resource in template["resources"]:
            for needed in evaluate(resource.get("dependsOn", []), scope):
                if needed not in ids:
                    raise TemplateError("InvalidTemplate", f"The resource '{needed}' is not defined in the template.")

    def apply(self, template: dict[str, Any], scope: Scope) -> set[str]:
        """Make the resources, each after what it depends on; returns their ids."""
        made: set[str] = set()
        waiting = {id_of(resource, scope): resource for resource in template["resources"]}
        scope.look_up = lambda resource_id, version: self._existing(resource_id)
        while waiting:
            ready = [
                one
                for one, item in waiting.items()
                if not set(evaluate(item.get("dependsOn", []), scope)) & set(waiting)
            ]
            if not ready:
                raise TemplateError("InvalidTemplate", f"circular dependency between {sorted(waiting)}")
            for one in reversed(ready):  # not in the order of the file: what is not said to depend may come first
                made |= self._make(one, waiting.pop(one), scope)
        return made

    def _make(self, resource_id: str, resource: dict[str, Any], scope: Scope) -> set[str]:
        if resource["type"] == "Microsoft.Resources/deployments":
            return self._nested(resource, scope)
        if "scope" in resource:
            self._existing(evaluate(resource["scope"], scope))
        parent = resource_id.rsplit("/", 2)[0]
        if "/providers/" in parent and parent.split("/providers/")[-1].count("/") >= 2:
            self._existing(parent)
        content = evaluate({key: value for key, value in resource.items() if key != "dependsOn"}, scope)
        if resource["type"].endswith("/extensions"):
            self.published[parent] = content["properties"]["packageUri"].split("?")[0]
            return set()
        self.there[resource_id] = content
        return {resource_id}

    def _nested(self, resource: dict[str, Any], scope: Scope) -> set[str]:
        place = (resource["subscriptionId"], resource["resourceGroup"].lower())
        if place not in self.groups:
            raise TemplateError(
                "ResourceGroupNotFound", f"Resource group '{resource['resourceGroup']}' could not be found."
            )
        properties = resource["properties"]
        if properties["expressionEvaluationOptions"]["scope"] != "inner":
            raise TemplateError("InvalidTemplate", "outer expressions are not read here")
        given = evaluate(properties["parameters"], scope)
        inner = Scope(
            resource["subscriptionId"], resource["resourceGroup"], parameters_of(properties["template"], given)
        )
        self.validate(properties["template"], inner)
        return self.apply(properties["template"], inner)

    def _existing(self, resource_id: str) -> dict[str, Any]:
        known = {name.lower() for name in self.there}
        if resource_id.lower() not in known:
            raise TemplateError("ResourceNotFound", f"The Resource '{resource_id}' was not found.")
        return properties_of(resource_id)
