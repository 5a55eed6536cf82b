"""The model card: eight sections, filled from the registry and from live monitoring. A card says what is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from pydantic import Field, JsonValue, ValidationError

from syndic.models import Evidence, EvidenceStatus, Finite, Moment, Noun, RegisteredModel
from syndic.ports import Store
from syndic.records import get_model, list_evidence
from syndic.registry.models import Measured, ModelVersion, Stage, TrainingData
from syndic.registry.promoting import read_stages
from syndic.registry.versions import get_version


class ModelDetails(Noun):
    """Who made what, and where it stands."""

    model_name: str
    model_version: str
    model_type: str | None = None
    algorithm_family: str | None = None
    training_framework: str | None = None
    owner: str | None = None
    description: str | None = None
    stage: Stage
    compliance_status: str
    risk_level: str | None = None
    risk_reason: str | None = None
    artefact_location: str | None = None
    commit: str | None = None


class IntendedUse(Noun):
    """What it is for, for whom, and what it is not for."""

    primary_uses: str | None = None
    primary_users: str | None = None
    out_of_scope_uses: str | None = None


class Factors(Noun):
    """Groups and conditions that matter, and how they were looked at."""

    relevant_factors: tuple[str, ...] = ()
    evaluation_factors: tuple[str, ...] = ()


class Monitoring(Noun):
    """One piece of live evidence, as the card prints it."""

    kind: str
    status: EvidenceStatus
    summary: str
    produced_at: Moment
    facts: dict[str, JsonValue] = Field(default_factory=dict)


class Metrics(Noun):
    """Evaluation of the version, and what monitoring sees now."""

    model_performance_measures: dict[str, Measured] = Field(default_factory=dict)
    decision_thresholds: dict[str, Finite] = Field(default_factory=dict)
    monitoring: tuple[Monitoring, ...] = ()


class EthicalConsiderations(Noun):
    """Harms thought of, and who can stop the system."""

    sensitive_data: str | None = None
    risks_and_harms: str | None = None
    mitigations: str | None = None
    human_oversight: str | None = None


class Caveats(Noun):
    """Limits a user must know."""

    limitations: str | None = None
    waivers: tuple[str, ...] = ()
    additional_information: str | None = None


class ModelCard(Noun):
    """The card of one version. `missing` names every field that is empty, as ``section.field``."""

    model_id: str
    model_details: ModelDetails
    intended_use: IntendedUse
    factors: Factors
    metrics: Metrics
    training_data: TrainingData
    evaluation_data: TrainingData
    ethical_considerations: EthicalConsiderations
    caveats_and_recommendations: Caveats
    hyperparameters: dict[str, JsonValue] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    made_at: Moment


# Fields a card is complete without: they depend on the kind of model or on there being something to tell.
OPTIONAL = frozenset(
    {
        "model_details.artefact_location", "model_details.commit", "metrics.decision_thresholds",
        "training_data.period", "training_data.description", "evaluation_data.period", "evaluation_data.description",
        "evaluation_data.sources", "caveats_and_recommendations.waivers", "model_details.model_type",
        "caveats_and_recommendations.additional_information",
    }
)  # fmt: skip


def make_card(store: Store, model_id: str, version: str, *, now: datetime) -> ModelCard:
    """Fill the card of a version. Raises `NotFoundError`."""
    model, described = get_model(store, model_id), get_version(store, model_id, version)
    stage = read_stages(store, model_id).of.get(version, Stage.DEVELOPMENT)
    evidence = {item.kind: item for item in list_evidence(store, model_id)}
    return fill_card(model, described, stage, evidence, now=now)


def fill_card(
    model: RegisteredModel, version: ModelVersion, stage: Stage, evidence: Mapping[str, Evidence], *, now: datetime
) -> ModelCard:
    """A card from what is on record; nothing is invented. What only people know comes from ``metadata.card``."""
    said = model.metadata.get("card")
    told = {str(key): value for key, value in said.items()} if isinstance(said, dict) else {}
    protected = _words(evidence["bias.run"].facts.get("attributes")) if "bias.run" in evidence else ()
    card = ModelCard(
        model_id=model.id,
        model_details=ModelDetails(
            model_name=model.name,
            model_version=version.version,
            model_type=_text(told, "model_type"),
            algorithm_family=version.algorithm,
            training_framework=version.framework,
            owner=model.owner,
            description=model.description,
            stage=stage,
            compliance_status=model.compliance_status.value,
            risk_level=model.risk.level.value if model.risk else None,
            risk_reason=model.risk.reason if model.risk else None,
            artefact_location=version.artefact_location,
            commit=version.commit,
        ),
        intended_use=IntendedUse(
            primary_uses=model.intended_purpose,
            primary_users=_text(told, "primary_users"),
            out_of_scope_uses=_text(told, "out_of_scope_uses"),
        ),
        factors=Factors(
            relevant_factors=_words(told.get("relevant_factors")) or protected, evaluation_factors=protected
        ),
        metrics=Metrics(
            model_performance_measures=version.metrics,
            decision_thresholds=_numbers(version.metadata.get("decision_thresholds")),
            monitoring=tuple(
                Monitoring(kind=e.kind, status=e.status, summary=e.summary, produced_at=e.produced_at, facts=e.facts)
                for e in sorted(evidence.values(), key=lambda e: e.kind)
                if not e.kind.startswith("registry.")
            ),
        ),
        training_data=_sources(version.training, model.data_sources),
        evaluation_data=_evaluation(version),
        ethical_considerations=EthicalConsiderations(
            sensitive_data=_text(told, "sensitive_data"),
            risks_and_harms=_text(told, "risks_and_harms"),
            mitigations=_text(told, "mitigations"),
            human_oversight=model.oversight_plan,
        ),
        caveats_and_recommendations=Caveats(
            limitations=model.limitations,
            waivers=tuple(f"{waiver.condition}: {waiver.reason} ({waiver.by})" for waiver in version.waivers),
            additional_information=_text(told, "additional_information"),
        ),
        hyperparameters=version.hyperparameters,
        made_at=now,
    )
    return card.model_copy(update={"missing": tuple(missing_fields(card))})


SECTIONS = (
    "model_details", "intended_use", "factors", "metrics", "training_data", "evaluation_data",
    "ethical_considerations", "caveats_and_recommendations",
)  # fmt: skip


def missing_fields(card: ModelCard) -> list[str]:
    """Every empty field that a complete card fills."""
    names: list[str] = []
    for section in SECTIONS:
        for field, value in getattr(card, section):
            name = f"{section}.{field}"
            if is_empty(value) and name not in OPTIONAL:
                names.append(name)
    return names


def is_empty(value: object) -> bool:
    """Whether a field of a card or sheet says nothing."""
    return value in (None, "", (), {})


def _sources(training: TrainingData, declared: tuple[str, ...]) -> TrainingData:
    return training if training.sources else training.model_copy(update={"sources": declared})


def _evaluation(version: ModelVersion) -> TrainingData:
    """What is said of the evaluation's data, as far as it fits; metadata may hold anything."""
    held = version.metadata.get("evaluation_data")
    if not isinstance(held, dict):
        return TrainingData()
    try:
        return TrainingData.model_validate(held)
    except ValidationError as error:
        wrong = {one["loc"][0] for one in error.errors()}
        return TrainingData.model_validate({name: value for name, value in held.items() if name not in wrong})


def _text(told: Mapping[str, JsonValue], name: str) -> str | None:
    value = told.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _words(value: JsonValue | None) -> tuple[str, ...]:
    if isinstance(value, dict):
        return tuple(sorted(value))
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _numbers(value: JsonValue | None) -> dict[str, float]:
    if not isinstance(value, dict):
        return {}
    numbers = {key: item for key, item in value.items() if isinstance(item, int | float) and not isinstance(item, bool)}
    return {key: float(item) for key, item in numbers.items() if math.isfinite(item)}
