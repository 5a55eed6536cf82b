"""What people say in a card's metadata, laid onto the card: each entry has its field there, or is kept as also said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

if TYPE_CHECKING:
    from syndic.registry.documents.card import ModelCard

Entry = tuple[str, str, JsonValue]
"""Section (empty: not said), field, and what is said."""

# Only the registry says these: another word on them is kept beside the card, never in its place.
RECORDED: Final = frozenset(
    {
        "model_details.model_name", "model_details.model_version", "model_details.stage",
        "model_details.compliance_status", "model_details.risk_level", "model_details.risk_reason",
        "metrics.monitoring", "caveats_and_recommendations.waivers",
    }
)  # fmt: skip

EXPORTED: Final = frozenset(
    {
        "model_details.description", "model_details.algorithm_family", "intended_use.primary_uses",
        "metrics.model_performance_measures", "caveats_and_recommendations.limitations",
    }
)  # fmt: skip
"""Fields that every export has a place for."""


def told_of(model: Mapping[str, JsonValue], version: Mapping[str, JsonValue], sections: tuple[str, ...]) -> list[Entry]:
    """What is said in the metadata of a version, then of its model: the version's goes first where both speak.

    ``card`` has the template's sections or their fields alone; ``decision_thresholds`` and ``evaluation_data`` may also
    stand in a version's metadata by themselves.
    """
    single: list[Entry] = []
    if "decision_thresholds" in version:
        single.append(("metrics", "decision_thresholds", version["decision_thresholds"]))
    if "evaluation_data" in version:
        single += _fields("evaluation_data", version["evaluation_data"])
    return [*_entries(version.get("card"), sections), *single, *_entries(model.get("card"), sections)]


def lay_on(card: ModelCard, told: list[Entry]) -> ModelCard:
    """The card with what is said. What is on record goes first; a second word on the same field is also said."""
    sections = {name: value for name, value in card if isinstance(value, BaseModel)}
    also: dict[str, JsonValue] = {}
    for section, field, value in told:
        if said_nothing(value):
            continue
        place = section or next((name for name, held in sections.items() if field in type(held).model_fields), "")
        path = f"{place}.{field}" if place else field
        fitting = _fitting(sections.get(place), field, value, path)
        if fitting is _UNFIT:
            _keep(also, path, value)
        elif place:
            sections[place] = sections[place].model_copy(update={field: fitting})
    return card.model_copy(update={**sections, "also_said": also})


def said_nothing(value: object) -> bool:
    """Whether an entry is an unfilled field of the template."""
    return value is None or value in ("", [], {}, ()) or (isinstance(value, str) and not value.strip())


def in_words(value: Any) -> str:
    """What is said, of any shape, on one line."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {in_words(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(in_words(item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def beside_exports(card: ModelCard) -> dict[str, Any]:
    """What is filled in and has no field of its own in every export, by its path; then what is also said."""
    filled = {
        f"{section}.{field}": value
        for section, held in card
        if isinstance(held, BaseModel)
        for field, value in held
        if not said_nothing(value)
    }
    beside = {path: value for path, value in filled.items() if path not in RECORDED | EXPORTED}
    # A field that two places speak of, and that says the one, is also said to be the other.
    return beside | {path: [beside[path], one] if path in beside else one for path, one in card.also_said.items()}


def _entries(card: JsonValue, sections: tuple[str, ...]) -> Iterator[Entry]:
    if not isinstance(card, dict):
        yield "", "card", card
        return
    for name, value in card.items():
        if name in sections:
            yield from _fields(name, value)
        else:
            yield "", name, value


def _fields(section: str, value: JsonValue) -> Iterator[Entry]:
    if not isinstance(value, dict):
        yield "", section, value
        return
    for field, item in value.items():
        yield section, field, item


_UNFIT: Final = object()


def _fitting(held: BaseModel | None, field: str, value: JsonValue, path: str) -> object:
    """The value as the field has it, when the field is there, free and of that shape or says the same already."""
    if held is None or field not in type(held).model_fields:
        return _UNFIT
    present = getattr(held, field)
    try:
        fitting = TypeAdapter(type(held).model_fields[field].rebuild_annotation()).validate_python(value)
    except ValidationError:
        return _UNFIT
    if fitting == present and type(fitting) is type(present):
        return fitting
    return (
        fitting if said_nothing(present) and path not in RECORDED and in_words(fitting) == in_words(value) else _UNFIT
    )


def _keep(also: dict[str, JsonValue], path: str, value: JsonValue) -> None:
    """Under a name of its own, whatever else is said under it."""
    name, number = path, 2
    while name in also and also[name] != value:
        name, number = f"{path} ({number})", number + 1
    also[name] = value
