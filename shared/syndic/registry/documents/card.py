"""The model card: eight sections, filled from the registry and from live monitoring. A card says what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field, JsonValue

from syndic.models import Evidence, EvidenceStatus, Moment, Noun, RegisteredModel
from syndic.ports import Store
from syndic.records import get_model, list_evidence
from syndic.registry.documents.card_statements import lay_on, told_of
from syndic.registry.models import Measured, ModelVersion, Stage, TrainingData
from syndic.registry.promotion.promote import read_stages
from syndic.registry.versions.queries import get_version


class ModelDetails(Noun):
    """Who made what, and where it stands."""

    model_name: str
    model_version: str
    model_type: JsonValue = None
    algorithm_family: str | None = None
    training_framework: str | None = None
    owner: str | None = None
    description: str | None = None
    stage: Stage
    compliance_status: str
    model_size: JsonValue = None
    inference_time: JsonValue = None
    risk_level: str | None = None
    risk_reason: str | None = None
    artefact_location: str | None = None
    commit: str | None = None


class IntendedUse(Noun):
    """What it is for, for whom, and what it is not for."""

    primary_uses: str | None = None
    primary_users: JsonValue = None
    out_of_scope_uses: JsonValue = None


class Factors(Noun):
    """Groups and conditions that matter, and how they were looked at."""

    relevant_factors: JsonValue = Field(default_factory=list)
    evaluation_factors: JsonValue = Field(default_factory=list)


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
    decision_thresholds: JsonValue = Field(default_factory=dict)
    variation_approaches: JsonValue = None
    monitoring: tuple[Monitoring, ...] = ()


class CardData(TrainingData):
    """Data of training or evaluation, with what people say of it."""

    datasets: JsonValue = None
    motivation: JsonValue = None
    preprocessing: JsonValue = None


class EthicalConsiderations(Noun):
    """Harms thought of, and who can stop the system."""

    sensitive_data: JsonValue = None
    human_life: JsonValue = None
    risks_and_harms: JsonValue = None
    mitigations: JsonValue = None
    human_oversight: str | None = None


class Caveats(Noun):
    """Limits a user must know."""

    limitations: str | None = None
    waivers: tuple[str, ...] = ()
    additional_information: JsonValue = None


class ModelCard(Noun):
    """The card of one version. `missing` names every field that is empty, as ``section.field``."""

    model_id: str
    model_details: ModelDetails
    intended_use: IntendedUse
    factors: Factors
    metrics: Metrics
    training_data: CardData
    evaluation_data: CardData
    ethical_considerations: EthicalConsiderations
    caveats_and_recommendations: Caveats
    hyperparameters: dict[str, JsonValue] = Field(default_factory=dict)
    also_said: dict[str, JsonValue] = Field(
        default_factory=dict, description="what people say that has no field here, or differs from what is on record"
    )
    missing: tuple[str, ...] = ()
    made_at: Moment


# Fields a card is complete without: they depend on the kind of model or on there being something to tell.
OPTIONAL = frozenset(
    {
        "model_details.artefact_location", "model_details.commit", "metrics.decision_thresholds",
        "training_data.period", "training_data.description", "evaluation_data.period", "evaluation_data.description",
        "evaluation_data.sources", "caveats_and_recommendations.waivers", "model_details.model_type",
        "caveats_and_recommendations.additional_information", "model_details.model_size",
        "model_details.inference_time", "metrics.variation_approaches", "training_data.datasets",
        "training_data.motivation", "training_data.preprocessing", "evaluation_data.datasets",
        "evaluation_data.motivation", "evaluation_data.preprocessing", "ethical_considerations.human_life",
    }
)  # fmt: skip

SECTIONS = (
    "model_details", "intended_use", "factors", "metrics", "training_data", "evaluation_data",
    "ethical_considerations", "caveats_and_recommendations",
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
    """A card from what is on record and from what people say in ``metadata.card``; nothing is invented or dropped."""
    protected = _words(evidence["bias.run"].facts.get("protected_attributes")) if "bias.run" in evidence else []
    card = ModelCard(
        model_id=model.id,
        model_details=ModelDetails(
            model_name=model.name,
            model_version=version.version,
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
        intended_use=IntendedUse(primary_uses=model.intended_purpose),
        factors=Factors(),
        metrics=Metrics(
            model_performance_measures=version.metrics,
            monitoring=tuple(
                Monitoring(kind=e.kind, status=e.status, summary=e.summary, produced_at=e.produced_at, facts=e.facts)
                for e in sorted(evidence.values(), key=lambda e: e.kind)
                if not e.kind.startswith("registry.")
            ),
        ),
        training_data=CardData(**dict(version.training)),
        evaluation_data=CardData(),
        ethical_considerations=EthicalConsiderations(human_oversight=model.oversight_plan),
        caveats_and_recommendations=Caveats(
            limitations=model.limitations,
            waivers=tuple(f"{waiver.condition}: {waiver.reason} ({waiver.by})" for waiver in version.waivers),
        ),
        hyperparameters=version.hyperparameters,
        made_at=now,
    )
    card = lay_on(card, told_of(model.metadata, version.metadata, SECTIONS))
    card = _where_empty(card, "training_data", sources=model.data_sources)
    card = _where_empty(card, "factors", relevant_factors=protected, evaluation_factors=protected)
    return card.model_copy(update={"missing": tuple(missing_fields(card))})


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
    return value in (None, "", (), {}, []) or (isinstance(value, str) and not value.strip())


def _where_empty(card: ModelCard, section: str, **values: object) -> ModelCard:
    held = getattr(card, section)
    update = {name: value for name, value in values.items() if is_empty(getattr(held, name))}
    return card.model_copy(update={section: held.model_copy(update=update)})


def _words(value: JsonValue | None) -> list[str]:
    if isinstance(value, dict):
        return sorted(value)
    return [str(item) for item in value] if isinstance(value, list) else []
