"""A reader of the part of the ARM template language that the templates use, written from its published grammar.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions and .../template-functions
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|([A-Za-z][\w]*)|([(),.]))")
NAMESPACE = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")  # the one that guid() uses


class TemplateError(Exception):
    """What ARM would answer: a code and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


@dataclass
class Scope:
    """Where a template is deployed, with which parameters, and what can be looked up there."""

    subscription: str
    group: str
    parameters: dict[str, Any] = field(default_factory=dict)
    look_up: Callable[[str, str], dict[str, Any]] = lambda resource_id, version: {}

    @property
    def path(self) -> str:
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"


def evaluate(value: Any, scope: Scope) -> Any:
    """A value with all expressions in it replaced."""
    if isinstance(value, dict):
        return {evaluate(key, scope): evaluate(item, scope) for key, item in value.items()}
    if isinstance(value, list):
        return [evaluate(item, scope) for item in value]
    if not isinstance(value, str) or not value.startswith("["):
        return value
    if value.startswith("[["):
        return value[1:]
    if not value.endswith("]"):
        raise TemplateError("InvalidTemplate", f"{value!r} begins an expression and does not end it")
    parser = _Parser(value[1:-1], scope)
    found = parser.expression()
    parser.end()
    return found


class _Parser:
    def __init__(self, text: str, scope: Scope) -> None:
        self.tokens, self.scope, self.text, position = [], scope, text, 0
        while position < len(text.rstrip()):
            match = TOKEN.match(text, position)
            if match is None:
                raise TemplateError("InvalidTemplate", f"{text!r} cannot be read at {position}")
            string, word, sign = match.groups()
            self.tokens.append(
                ("string", string.replace("''", "'"))
                if string is not None
                else ("word" if word else "sign", word or sign)
            )
            position = match.end()

    def end(self) -> None:
        if self.tokens:
            raise TemplateError("InvalidTemplate", f"{self.text!r} has more than one expression")

    def take(self, kind: str, wanted: str | None = None) -> str:
        if not self.tokens or self.tokens[0][0] != kind or (wanted and self.tokens[0][1] != wanted):
            raise TemplateError("InvalidTemplate", f"{self.text!r}: expected {wanted or kind}")
        return self.tokens.pop(0)[1]

    def expression(self) -> Any:
        if self.tokens and self.tokens[0][0] == "string":
            return self.take("string")
        name, arguments = self.take("word"), []
        self.take("sign", "(")
        while self.tokens and self.tokens[0] != ("sign", ")"):
            if arguments:
                self.take("sign", ",")
            arguments.append(self.expression())
        self.take("sign", ")")
        found = call(name, arguments, self.scope)
        while self.tokens and self.tokens[0] == ("sign", "."):
            self.take("sign", ".")
            member = self.take("word")
            if not isinstance(found, dict) or member not in found:
                raise TemplateError("InvalidTemplate", f"{self.text!r}: there is no property {member}")
            found = found[member]
        return found


def call(name: str, arguments: list[Any], scope: Scope) -> Any:
    """The result of a function; one that is not listed does not exist."""
    if name not in FUNCTIONS:
        raise TemplateError("InvalidTemplate", f"the template function {name!r} is not valid")
    return FUNCTIONS[name](scope, *arguments)


def parameter(scope: Scope, name: str) -> Any:
    """A parameter's value."""
    if name not in scope.parameters:
        raise TemplateError("InvalidTemplate", f"there is no parameter {name}")
    return scope.parameters[name]


def interleaved(kind: str, names: list[str]) -> str:
    """``Provider/type/subtype`` and its names as the end of a resource id."""
    provider, *types = kind.split("/")
    if len(types) != len(names):
        raise TemplateError("InvalidTemplate", f"{kind} takes {len(types)} names, not {len(names)}")
    return "/".join([provider, *(part for pair in zip(types, names, strict=True) for part in pair)])


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "parameters": parameter,
    "resourceId": lambda scope, kind, *names: f"{scope.path}/providers/{interleaved(kind, list(names))}",
    "subscriptionResourceId": lambda scope, kind, *names: (
        f"/subscriptions/{scope.subscription}/providers/{interleaved(kind, list(names))}"
    ),
    "extensionResourceId": lambda scope, base, kind, *names: f"{base}/providers/{interleaved(kind, list(names))}",
    "guid": lambda scope, *parts: str(uuid.uuid5(NAMESPACE, "-".join(parts))),
    "concat": lambda scope, *parts: "".join(parts),
    "format": lambda scope, text, *parts: text.format(*parts),
    "reference": lambda scope, resource_id, version: scope.look_up(resource_id, version),
}


def id_of(resource: dict[str, Any], scope: Scope) -> str:
    """The id of a resource as its template writes it; type and name must have matching segments."""
    name = evaluate(resource["name"], scope)
    base = evaluate(resource["scope"], scope) if "scope" in resource else scope.path
    if resource["type"].count("/") != name.count("/") + 1:
        raise TemplateError(
            "InvalidTemplate",
            f"The template resource '{name}' for type '{resource['type']}' has incorrect segment lengths.",
        )
    return f"{base}/providers/" + interleaved(resource["type"], name.split("/"))
