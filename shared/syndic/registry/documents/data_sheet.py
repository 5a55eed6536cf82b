"""The data sheet of a version's training data: what it is, where it comes from, what it may be used for.

The questions are those of "Datasheets for Datasets" (Gebru et al., 2021). What is on record answers them; what only
people know comes from ``metadata.data_sheet`` of the version, else of the model. Nothing is invented, and a sheet says
what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import JsonValue

from syndic.models import Evidence, Moment, Noun, RegisteredModel
from syndic.ports import Store
from syndic.records import get_model, list_evidence
from syndic.registry.documents.card import Monitoring, is_empty
from syndic.registry.models import ModelVersion, Sha256
from syndic.registry.versions.queries import get_version


class Motivation(Noun):
    """Why the data was put together, and by whom."""

    purpose: str | None = None
    created_by: str | None = None
    funded_by: str | None = None


class Composition(Noun):
    """What the data holds. `columns` are the inputs that the version's signature names, with their types."""

    dataset_sha256: Sha256 | None = None
    rows: int | None = None
    features: int | None = None
    period: str | None = None
    sources: tuple[str, ...] = ()
    description: str | None = None
    columns: tuple[str, ...] = ()
    protected_attributes: tuple[str, ...] = ()
    personal_data: str | None = None


class Collection(Noun):
    """How the data was collected, and on what ground."""

    process: str | None = None
    lawful_basis: str | None = None
    consent: str | None = None


class Preparation(Noun):
    """What was done to the data before training."""

    cleaning: str | None = None
    labelling: str | None = None
    split: str | None = None


class Uses(Noun):
    """What the data is used for, and what it must not be used for."""

    used_for: str | None = None
    unsuitable_for: str | None = None
    known_gaps: str | None = None


class Maintenance(Noun):
    """Who answers for the data, who gets it, and until when it is kept."""

    owner: str | None = None
    licence: str | None = None
    access: str | None = None
    retention: str | None = None
    updates: str | None = None


class DataSheet(Noun):
    """The data sheet of one version's training data. `missing` names every empty field as ``section.field``."""

    model_id: str
    model_name: str
    model_version: str
    motivation: Motivation
    composition: Composition
    collection: Collection
    preparation: Preparation
    uses: Uses
    maintenance: Maintenance
    monitoring: tuple[Monitoring, ...] = ()
    missing: tuple[str, ...] = ()
    made_at: Moment


SECTIONS: Final = ("motivation", "composition", "collection", "preparation", "uses", "maintenance")
OPTIONAL: Final = frozenset({"motivation.funded_by", "composition.protected_attributes", "collection.consent"})
"""Fields a sheet is complete without: they depend on the kind of data."""


def make_data_sheet(store: Store, model_id: str, version: str, *, now: datetime) -> DataSheet:
    """Fill the data sheet of a version. Raises `NotFoundError`."""
    model, described = get_model(store, model_id), get_version(store, model_id, version)
    return fill_data_sheet(model, described, {item.kind: item for item in list_evidence(store, model_id)}, now=now)


def fill_data_sheet(
    model: RegisteredModel, version: ModelVersion, evidence: Mapping[str, Evidence], *, now: datetime
) -> DataSheet:
    """A data sheet from what is on record."""
    told = {**_told(model.metadata), **_told(version.metadata)}
    training = version.training
    bias = evidence.get("bias.run")
    sheet = DataSheet(
        model_id=model.id,
        model_name=model.name,
        model_version=version.version,
        motivation=Motivation(**_said(told, Motivation)),
        composition=Composition(
            dataset_sha256=training.dataset_sha256,
            rows=training.rows,
            features=training.features,
            period=training.period,
            sources=training.sources or model.data_sources,
            description=training.description,
            columns=_columns(version.signature),
            protected_attributes=_names(bias.facts.get("protected_attributes")) if bias else (),
            personal_data=_said(told, Composition).get("personal_data"),
        ),
        collection=Collection(**_said(told, Collection)),
        preparation=Preparation(**_said(told, Preparation)),
        uses=Uses(**{"used_for": model.intended_purpose, "known_gaps": model.limitations, **_said(told, Uses)}),
        maintenance=Maintenance(**{"owner": model.owner, **_said(told, Maintenance)}),
        monitoring=tuple(
            Monitoring(kind=e.kind, status=e.status, summary=e.summary, produced_at=e.produced_at)
            for e in sorted(evidence.values(), key=lambda e: e.kind)
            if e.kind.startswith(("quality.", "drift."))
        ),
        made_at=now,
    )
    missing = (
        f"{section}.{field}"
        for section in SECTIONS
        for field, value in getattr(sheet, section)
        if is_empty(value) and f"{section}.{field}" not in OPTIONAL
    )
    return sheet.model_copy(update={"missing": tuple(missing)})


def _told(metadata: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    said = metadata.get("data_sheet")
    return said if isinstance(said, dict) else {}


def _said(told: Mapping[str, JsonValue], section: type[Noun]) -> dict[str, Any]:
    """The texts that people gave for a section's fields; other shapes are not taken over."""
    return {
        name: value
        for name, value in told.items()
        if name in section.model_fields and isinstance(value, str) and value.strip()
    }


def _columns(signature: Mapping[str, JsonValue] | None) -> tuple[str, ...]:
    inputs = (signature or {}).get("inputs")
    found = [one for one in inputs if isinstance(one, dict) and one.get("name")] if isinstance(inputs, list) else []
    return tuple(f"{one['name']} ({one['type']})" if one.get("type") else str(one["name"]) for one in found)


def _names(value: JsonValue | None) -> tuple[str, ...]:
    return tuple(sorted(map(str, value))) if isinstance(value, list | dict) else ()
