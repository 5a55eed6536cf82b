"""Exports of a model card: SageMaker model-card JSON, CycloneDX 1.6 ML-BOM. Markdown: `card_markdown`."""

from __future__ import annotations

import json
import uuid
from typing import Any

from pydantic import JsonValue

from syndic import __version__
from syndic.registry.documents.card import ModelCard
from syndic.registry.documents.card_statements import beside_exports, in_words
from syndic.registry.documents.lineage import NAMESPACE

RISK_RATINGS = {"minimal": "Low", "limited": "Medium", "high": "High", "unacceptable": "High"}
CONTENT_LIMIT = 100_000  # characters of a SageMaker card


def to_sagemaker(card: ModelCard) -> dict[str, Any]:
    """The content of a SageMaker model card, schema 0.1.0: texts cut to its limits, unknown parts left out.

    Of measures and parameters only as many are named as fit the whole; ``custom_details`` then says how many.
    """
    for most in (100, 50, 20):
        content = _sagemaker(card, most)
        if len(json.dumps(content, indent=2)) <= CONTENT_LIMIT:
            return content
    return _sagemaker(card, 0)


def _sagemaker(card: ModelCard, most: int) -> dict[str, Any]:
    details, use = card.model_details, card.intended_use
    performance = [
        {"name": name[:255], "type": "string" if isinstance(value, str) else "number", "value": value}
        for name, value in list(card.metrics.model_performance_measures.items())[:most]
    ]
    monitoring = {m.kind: f"{m.status}: {m.summary}"[:1024] for m in card.metrics.monitoring}
    evaluations: list[dict[str, Any]] = []
    if performance:
        groups = [{"name": "performance", "metric_data": performance}]
        evaluations.append({"name": "evaluation", "metric_groups": groups})
    if monitoring:
        evaluations.append({"name": "live monitoring", "metadata": monitoring})
    parameters = [
        {"name": name[:255], "value": str(value)[:255]} for name, value in list(card.hyperparameters.items())[:most]
    ]
    data = card.training_data
    dataset = f"sha256:{data.dataset_sha256}, {data.rows} rows" if data.dataset_sha256 else None
    datasets = _kept_list([_cut(name, 1024) for name in (dataset, *data.sources)])
    job = _kept({"training_datasets": datasets[:15], "user_provided_hyper_parameters": parameters})
    return _kept(
        {
            "model_overview": _kept(
                {
                    "model_id": _cut(card.model_id, 1024),
                    "model_name": _cut(details.model_name, 1024),
                    "model_description": _cut(details.description, 1024),
                    "problem_type": _cut(in_words(details.model_type or ""), 1024),
                    "model_owner": _cut(details.owner, 1024),
                    "algorithm_type": _cut(details.algorithm_family, 1024),
                    "model_artifact": _kept_list([_cut(details.artefact_location, 1024)]),
                }
            ),
            "intended_uses": _kept(
                {
                    "purpose_of_model": _cut(use.primary_uses, 2048),
                    "intended_uses": _cut(in_words(use.primary_users or ""), 2048),
                    "factors_affecting_model_efficiency": _cut(in_words(card.factors.relevant_factors), 2048),
                    "risk_rating": RISK_RATINGS.get(details.risk_level or "", "Unknown"),
                    "explanations_for_risk_rating": _cut(details.risk_reason, 2048),
                }
            ),
            "training_details": _kept({"training_job_details": job}),
            "evaluation_details": evaluations,
            "additional_information": _kept(
                {
                    "ethical_considerations": _cut(_ethics(card), 2048),
                    "caveats_and_recommendations": _cut(card.caveats_and_recommendations.limitations, 2048),
                    "custom_details": _custom(card, most),
                }
            ),
        }
    )


def _custom(card: ModelCard, most: int) -> dict[str, str | None]:
    """What SageMaker has no field for: what is missing, what people say, and what did not fit."""
    said = beside_exports(card)
    counted = {
        "measures": len(card.metrics.model_performance_measures), "parameters": len(card.hyperparameters),
        "said": len(said),
    }  # fmt: skip
    cut = {f"syndic_{name}": f"{most} of {held} are named" for name, held in counted.items() if held > most}
    own = {name[:255]: _cut(in_words(value), 1024) for name, value in list(said.items())[:most]}
    return _kept({"syndic_missing": _cut(", ".join(card.missing), 1024)}) | own | cut


def _ethics(card: ModelCard) -> str:
    held = [f"{name}: {in_words(value)}" for name, value in card.ethical_considerations if value]
    return "; ".join(held)


def _cut(text: str | None, most: int) -> str | None:
    return text if text is None or len(text) <= most else text[: most - 1] + "…"


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _kept_list(values: list[str | None]) -> list[str]:
    return [value for value in values if value]


def to_cyclonedx(card: ModelCard) -> dict[str, Any]:
    """A CycloneDX 1.6 bill of materials with one machine-learning-model component; numbers are texts there."""
    details, data = card.model_details, card.training_data
    identity = f"{card.model_id}/{details.model_version}"
    metrics = [
        {"type": name, "value": value if isinstance(value, str) else format(value, ".6g")}
        for name, value in card.metrics.model_performance_measures.items()
    ]
    dataset_ref = f"dataset:{data.dataset_sha256}" if data.dataset_sha256 else None
    component: dict[str, Any] = {
        "type": "machine-learning-model",
        "bom-ref": f"model:{identity}",
        "name": details.model_name,
        "version": details.model_version,
        "description": details.description,
        "modelCard": _kept(
            {
                "bom-ref": f"card:{identity}",
                "modelParameters": _kept(
                    {
                        "modelArchitecture": details.algorithm_family,
                        "task": in_words(details.model_type or ""),
                        "datasets": [{"ref": dataset_ref}] if dataset_ref else [],
                    }
                ),
                "quantitativeAnalysis": _kept({"performanceMetrics": metrics}),
                "considerations": _kept(
                    {
                        "users": _several(card.intended_use.primary_users),
                        "useCases": _kept_list([card.intended_use.primary_uses]),
                        "technicalLimitations": _kept_list([card.caveats_and_recommendations.limitations]),
                        "ethicalConsiderations": _risks(card),
                    }
                ),
                "properties": [
                    *(
                        {"name": f"syndic:{m.kind}", "value": f"{m.status}: {m.summary}"}
                        for m in card.metrics.monitoring
                    ),
                    *(
                        {"name": f"syndic:card:{name}", "value": in_words(value)}
                        for name, value in beside_exports(card).items()
                    ),
                ],
            }
        ),
    }
    components = [_kept(component)]
    if dataset_ref:
        hashes = [{"alg": "SHA-256", "content": data.dataset_sha256}]
        name = data.sources[0] if data.sources else "training data"
        components.append({"type": "data", "bom-ref": dataset_ref, "name": name, "hashes": hashes})
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, identity + card.made_at.isoformat())}",
        "version": 1,
        "metadata": {
            "timestamp": card.made_at.isoformat(),
            "tools": {"components": [{"type": "application", "name": "syndic", "version": __version__}]},
        },
        "components": components,
    }


def _risks(card: ModelCard) -> list[dict[str, str]]:
    ethics = card.ethical_considerations
    if not ethics.risks_and_harms:
        return []
    strategy = in_words(ethics.mitigations or "")
    return [_kept({"name": in_words(ethics.risks_and_harms), "mitigationStrategy": strategy})]


def _several(value: JsonValue) -> list[str]:
    """What is said as a list of texts: one of each item."""
    return [in_words(item) for item in (value if isinstance(value, list) else [value]) if item not in (None, "")]
