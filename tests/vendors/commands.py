"""Commands of the AWS CLI as documents write them, read into calls by botocore's own models."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore import xform_name
from botocore.model import OperationModel, Shape
from botocore.session import get_session
from botocore.validate import ParamValidator

from tests.vendors.rules import RefusedError, Rule

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
OWN = frozenset({"query", "output", "profile", "region", "cli-binary-format"})  # the CLI's, not the service's
FILES = frozenset(
    {("lambda", "Invoke"), ("s3", "GetObject")}
)  # operations whose answer goes to a file that is named last
SERVICES = {"s3api": "s3"}  # the CLI's names for services and options that differ from the models'
OPTIONS = {("sns", "Subscribe"): {"notification-endpoint": "Endpoint"}}
KNOWN = Rule("a command names a service, an operation and its parameters", "botocore service models, AWS CLI reference")


@dataclass(frozen=True)
class Command:
    """One call."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


def documented(path: Path) -> Iterator[str]:
    """Every command line in a document's fenced blocks that calls the AWS CLI."""
    for block in FENCE.findall(path.read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("aws "):
                yield line.partition("  #")[0].partition(" | ")[0].strip()


def expand(line: str, values: Mapping[str, str]) -> str:
    """A line with `$NAME` and `$(jq -r .Stack.Output build/outputs.json)` worked out."""

    def found(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in values:
            raise RefusedError(KNOWN, f"{line}: nothing says what {name} is")
        return shlex.quote(values[name])

    return re.sub(r"\$\(jq -r \.Syndic\.(\w+) build/outputs\.json\)|\$(\w+)", found, line)


def read(line: str) -> Command:
    """A command line as a call. Raises `RefusedError` for what the service's model does not know."""
    words = shlex.split(line)
    service, operation = _operation(words[1], words[2])
    parameters: dict[str, Any] = {}
    members = {xform_name(name, "-"): name for name in (operation.input_shape.members if operation.input_shape else ())}
    members |= OPTIONS.get((service, operation.name), {})
    rest, at = words[3:], 0
    while at < len(rest):
        if not rest[at].startswith("--"):
            if (service, operation.name) in FILES and at == len(rest) - 1:
                break
            raise RefusedError(KNOWN, f"{line}: {rest[at]!r} belongs to no option")
        name = rest[at].removeprefix("--")
        given = []
        at += 1
        while at < len(rest) and not rest[at].startswith("--"):
            if (service, operation.name) in FILES and at == len(rest) - 1 and given:
                break
            given.append(rest[at])
            at += 1
        if name in OWN:
            continue
        if name not in members or operation.input_shape is None:
            raise RefusedError(KNOWN, f"{line}: {operation.name} has no option --{name}")
        parameters[members[name]] = _value(operation.input_shape.members[members[name]], given)
    if operation.input_shape is not None:
        report = ParamValidator().validate(parameters, operation.input_shape)
        if report.has_errors():
            raise RefusedError(KNOWN, f"{line}: {report.generate_report()}")
    return Command(service, operation.name, parameters)


def _operation(service: str, name: str) -> tuple[str, OperationModel]:
    session, service = get_session(), SERVICES.get(service, service)
    if service not in session.get_available_services():
        raise RefusedError(KNOWN, f"there is no service {service}")
    model = session.get_service_model(service)
    for operation in model.operation_names:
        if xform_name(operation, "-") == name:
            return service, model.operation_model(operation)
    raise RefusedError(KNOWN, f"{service} has no operation {name}")


def _value(shape: Shape, given: list[str]) -> Any:
    if shape.type_name == "list":
        words = given if shape.member.type_name == "structure" else [part for one in given for part in one.split(",")]
        return [_value(shape.member, [one]) for one in words]
    if shape.type_name == "structure":
        parts = dict(part.partition("=")[::2] for part in given[0].split(","))
        return {name: _value(shape.members[name], [value]) for name, value in parts.items()}
    if shape.type_name == "map":
        return json.loads(given[0])
    if shape.type_name == "boolean":
        return True
    if shape.type_name in {"integer", "long"}:
        return int(given[0])
    return given[0].encode() if shape.type_name == "blob" else given[0]
