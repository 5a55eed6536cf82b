"""What a model's gateway says of itself."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from syndic.errors import NotFoundError, UnavailableError
from syndic.gateway.models import Guarantee
from syndic.gateway.serving import Serving
from syndic.gateway.values import Feature
from syndic.models import Finite, Noun


class GatewayHealth(Noun):
    """Whether a version is there to answer."""

    status: Literal["ok", "nothing served"]
    model_loaded: bool
    model_version: str | None = None
    reason: str | None = None


class ModelInfo(Noun):
    """What answers."""

    model_id: str
    model_name: str
    model_stage: str
    model_version: str
    source_run_id: str | None
    dataset_sha256: str | None
    expected_feature_count: int
    features: tuple[Feature, ...]
    threshold: Finite | None
    positive_class: str | None
    logging: Guarantee
    staleness_seconds: int = Field(description="after a promotion or rollback the old version may answer so long")


def health_of(serving: Serving, model_id: str) -> GatewayHealth:
    """Whether a version of a model is there to answer. Raises `NotFoundError` for a model that is not served here."""
    state = serving.state(model_id)
    try:
        served = serving.of(model_id)
    except (NotFoundError, UnavailableError) as error:
        return GatewayHealth(status="nothing served", model_loaded=False, reason=state.trouble or str(error))
    return GatewayHealth(status="ok", model_loaded=True, model_version=served.candidate.version)


def info_of(serving: Serving, model_id: str) -> ModelInfo:
    """What answers most of a model's requests. Raises as `Serving.of`."""
    served = serving.of(model_id)
    candidate, settings = served.candidate, served.settings
    return ModelInfo(
        model_id=served.model_id,
        model_name=served.model_name,
        model_stage=candidate.stage.value,
        model_version=candidate.version,
        source_run_id=candidate.run_id,
        dataset_sha256=candidate.dataset_sha256,
        expected_feature_count=len(candidate.features),
        features=candidate.features,
        threshold=settings.threshold if settings.task == "classification" else None,
        positive_class=settings.positive_class,
        logging=settings.log.guarantee,
        staleness_seconds=int(serving.staleness.total_seconds()),
    )
