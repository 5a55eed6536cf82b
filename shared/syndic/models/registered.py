"""Endpoints as clouds describe them, and models under governance."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field, JsonValue

from syndic.models.base import Cloud, Moment, Noun
from syndic.models.captures import CaptureConfig, CaptureSchema
from syndic.models.times import WindowLength

TOLD: Final = "syndic:model/"
"""Begins the resource id of an endpoint that is known only from what was sent to the API; the model's id follows."""


BATCH: Final = "syndic:jobs/"
"""Begins the resource id of what stands for the batch jobs of a model; the model's id follows."""


EndpointKind = Literal["asynchronous", "serverless", "multi_model", "inference_components", "batch_transform"]
"""How an endpoint serves, where that is not one model behind real-time requests."""


ModelKind = Literal["model", "system"]
"""What is registered: a model, or an AI system whose model nobody here serves, such as bought software."""


class EndpointVariant(Noun):
    """One variant (SageMaker) or deployment (Azure ML) behind an endpoint."""

    name: str
    model_name: str | None = None
    model_version: str | None = None
    instance_type: str | None = None
    weight: float | None = None
    image: str | None = None


class Endpoint(Noun):
    """An endpoint as its cloud describes it now. Discovery never adds anything the cloud did not say."""

    cloud: Cloud
    scope: str  # account/region, or subscription/resource group/workspace
    name: str
    resource_id: str  # ARN or ARM id
    status: str
    variants: tuple[EndpointVariant, ...] = ()
    kinds: tuple[EndpointKind, ...] = ()
    capture: CaptureConfig | None = None
    tags: dict[str, str] = Field(default_factory=dict)
    created_at: Moment | None = None

    @property
    def serving(self) -> str:
        """What serves now, as the cloud names it: model and version, or image, of each variant that has traffic."""
        named = sorted(
            ":".join(filter(None, (one.model_name, one.model_version))) or one.image or one.name
            for one in self.variants
            if one.weight is None or one.weight > 0
        )
        return ", ".join(dict.fromkeys(named)) or "not named by the cloud"

    @property
    def told(self) -> bool:
        """Whether no cloud lists it: what is known of it was sent to the API by whoever runs the model."""
        return self.resource_id.startswith(TOLD)

    @property
    def batch(self) -> bool:
        """Whether nothing runs between its jobs: it stands for the batch jobs of a model."""
        return self.resource_id.startswith(BATCH)

    @property
    def model_id(self) -> str:
        """The registry id: the same for the same resource on every run."""
        return model_of(self.name, self.resource_id)


def model_of(name: str, resource_id: str) -> str:
    """The registry id of the model behind an endpoint."""
    for lead in (TOLD, BATCH):
        if resource_id.startswith(lead):
            return resource_id.removeprefix(lead)
    return model_id(name, resource_id)


def model_id(name: str, resource_id: str) -> str:
    """A readable, stable id: the name as a slug and six hex digits of the resource's hash."""
    return f"{slug(name)[:48] or 'model'}-{hashlib.sha256(resource_id.encode()).hexdigest()[:6]}"


def imported_id(source: str, model: str) -> str:
    """The registry id of a model that another registry has."""
    return model_id(model, f"{source}:{model}")


def slug(name: str) -> str:
    """A name in small ASCII letters, digits and dashes; empty when it has none of them."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


class Presence(StrEnum):
    """Whether discovery still sees a model."""

    PRESENT = "present"
    GONE = "gone"  # listed completely, and it was not there
    UNKNOWN = "unknown"  # its source could not be read


class RiskLevel(StrEnum):
    """Risk level in the terms of Regulation (EU) 2024/1689. Proposed by a rule, decided by a person."""

    MINIMAL = "minimal"
    LIMITED = "limited"
    HIGH = "high"
    UNACCEPTABLE = "unacceptable"


class ComplianceStatus(StrEnum):
    """Where a model stands in its compliance life. Legal steps are data: registry/lifecycle.yaml."""

    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    RETIRED = "retired"


class RiskDecision(Noun):
    """The risk level a person decided on, with the reasons."""

    level: RiskLevel
    reason: str = Field(min_length=10)
    decided_by: str
    decided_at: Moment
    annex_iii_area: str | None = None
    profiles_people: bool | None = None


class RegisteredModel(Noun):
    """A model under governance."""

    id: str
    name: str
    cloud: Cloud
    kind: ModelKind = Field(default="model", exclude_if=lambda kind: kind == "model")
    owner: str | None = None  # an e-mail address; alerts go there
    description: str | None = None
    domain: str | None = None
    intended_purpose: str | None = None
    limitations: str | None = None
    data_sources: tuple[str, ...] = ()
    oversight_plan: str | None = None
    risk: RiskDecision | None = None
    compliance_status: ComplianceStatus = ComplianceStatus.DRAFT
    stages: tuple[str, ...] = ()  # in which it has versions; follows the registry's own record of stages
    tags: dict[str, str] = Field(default_factory=dict)
    endpoint: Endpoint | None = None
    version_in_use: str | None = Field(
        default=None,
        max_length=128,
        exclude_if=lambda version: version is None,
        description="as a person names it, where no endpoint tells what serves",
    )
    presence: Presence = Presence.PRESENT
    capture_schema: CaptureSchema | None = None
    window: WindowLength = WindowLength.DAY
    lateness: timedelta = timedelta(hours=1)  # how long after its end a window waits for late files
    registered_at: Moment
    last_seen_at: Moment | None = None
    metadata: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def served_version(self) -> str | None:
        """What serves now: by the endpoint, all variants with traffic, such as ``7`` or ``7+8``; else as a person says.

        None when neither is known.
        """
        variants = self.endpoint.variants if self.endpoint else ()
        served = {it.model_version or it.model_name for it in variants if it.weight is None or it.weight > 0}
        return "+".join(sorted(name for name in served if name)) or self.version_in_use
