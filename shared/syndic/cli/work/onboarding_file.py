"""The file of ``syndic onboard``: how a proposal is written in it, and what is to be done for what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from pydantic import Field, ValidationError

from syndic.bias.policy.model import ProtectedAttribute
from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import CaptureSchema, Rules, TimeWindow, WindowLength, Written
from syndic.yaml_file import load_yaml

MOST_BYTES: Final = 8 * 1024 * 1024


class Fairness(Rules):
    """What of a fairness policy is set; its other fields stay."""

    protected_attributes: tuple[ProtectedAttribute, ...] = Field(min_length=1)
    favourable: tuple[Written, ...] = ()


class Step(NamedTuple):
    """One change: what a person is told of it, and the call that makes it."""

    words: str
    method: str
    path: str
    body: dict[str, Any]


class Section(Rules):
    """What the file says of a model."""

    name: str | None = None
    window: WindowLength | None = None
    capture_schema: CaptureSchema | None = None
    bias_policy: Fairness | None = None
    baseline: TimeWindow | None = None
    questions: tuple[str, ...] = ()

    @property
    def open(self) -> Iterator[str]:
        """What nothing will be said about until a person answers."""
        if self.bias_policy is not None and not self.bias_policy.favourable:
            yield "bias_policy.favourable is empty: fairness is judged when it says which predictions favour a person"

    def steps(self, client: Any, model: str) -> Iterator[Step]:
        """What is to be done, in an order in which each has what it needs; what holds already is none."""
        present = client.get(f"/models/{model}")
        described = {
            name: value
            for name, value in (
                ("window", self.window and self.window.value),
                ("capture_schema", self.capture_schema and self.capture_schema.model_dump(mode="json")),
            )
            if value is not None and value != present.get(name)
        }
        if described:
            yield Step(" and ".join(described), "PATCH", f"/models/{model}", described)
        if self.bias_policy is not None:
            path = f"/models/{model}/bias/policy"
            policy = client.get(path)
            fairness = self.bias_policy.model_dump(mode="json")
            wanted = policy | {name: value for name, value in fairness.items() if value}
            if wanted != policy:
                yield Step("bias_policy", "PUT", path, wanted)
        if self.baseline is not None:
            window = self.baseline.model_dump(mode="json")
            if window != _baseline_window(client, model):
                yield Step("baseline", "POST", f"/models/{model}/drift/baseline", {"window": window})


def _baseline_window(client: Any, model: str) -> Any:
    try:
        return client.get(f"/models/{model}/drift/baseline")["window"]
    except NotFoundError:
        return None


def section_of(proposal: Mapping[str, Any]) -> dict[str, Any]:
    """A proposal as the file has it; empty when nothing is left to propose or to ask."""
    attributes = [{"name": one["column"]} for one in proposal["protected_attributes"]]
    wanted = {
        "window": proposal["window"] if proposal["capture_schema"] or proposal["baseline"] else None,
        "capture_schema": proposal["capture_schema"],
        "bias_policy": {"protected_attributes": attributes, "favourable": []} if attributes else None,
        "baseline": proposal["baseline"],
        "questions": list(proposal["questions"]),
    }
    said = {name: value for name, value in wanted.items() if value}
    return {"name": proposal["name"], **said} if said else {}


def as_yaml(document: Mapping[str, Any]) -> str:
    """Plain YAML in the given order; columns and spans in one line each."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Puts mappings of plain values in one line."""

    def represent_mapping(
        self,
        tag: str,
        mapping: Any,
        flow_style: bool | None = None,  # noqa: FBT001 - the library's signature
    ) -> yaml.MappingNode:
        """As the library, in flow style where it stays readable."""
        plain = all(isinstance(value, str) for value in mapping.values()) and 1 <= len(mapping) <= 3
        return super().represent_mapping(tag, mapping, flow_style=plain or flow_style)


def read_sections(file: Path) -> dict[str, Section]:
    """What a file says, model by model. Raises `InvalidInputError` that names file, model and field."""
    if file.stat().st_size > MOST_BYTES:
        raise InvalidInputError(f"over {MOST_BYTES // 2**20} MiB", where=str(file))
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError("not UTF-8 text", where=str(file)) from error
    document = load_yaml(text, where=str(file), as_written=("favourable", "groups", "reference_group", "name"))
    if not isinstance(document, Mapping) or set(document) != {"models"} or not isinstance(document["models"], Mapping):
        raise InvalidInputError("expected one mapping, `models`, from ids to settings", where=str(file))
    sections = {}
    for model, given in document["models"].items():
        try:
            sections[str(model)] = Section.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(("models", str(model), *map(str, first["loc"])))
            raise InvalidInputError(first["msg"], where=f"{file}: {field}") from error
    return sections
