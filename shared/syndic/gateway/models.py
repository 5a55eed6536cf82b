"""Nouns of the gateway: how a model is served, what is answered, what is logged."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from syndic.models import Finite, Moment, Noun, Rules

Name = str
EVERY_VERSION = "*"


class OnViolation(StrEnum):
    """What becomes of a request whose value breaks a rule."""

    REJECT = "reject"
    FLAG = "flag"


class Guarantee(StrEnum):
    """What is promised of the log."""

    REQUIRED = "required"  # the record is in a durable queue before the answer leaves
    FAST = "fast"  # logged after the answer: a crash may lose what the last second answered


class BackendKind(StrEnum):
    """What answers. Each is a line of the table of adapters."""

    SAGEMAKER = "sagemaker"
    AZURE_ML = "azure_ml"
    MLFLOW = "mlflow"
    OPEN_INFERENCE = "open_inference"
    LINEAR = "linear"


class BackendSettings(Rules):
    """Where a version is asked."""

    kind: BackendKind
    address: str = Field(
        min_length=1,
        max_length=1024,
        description="an endpoint's name (sagemaker), an https address, or where the skops file lies (linear)",
    )
    variant: str | None = Field(default=None, max_length=63, description="of a SageMaker endpoint")
    secret: str | None = Field(default=None, max_length=512, description="name of the secret that holds the token")
    timeout_seconds: Finite = Field(default=10.0, gt=0, le=25)


class FeatureRule(Rules):
    """What a feature's values have to be beside their type."""

    minimum: Finite | None = None
    maximum: Finite | None = None
    categories: tuple[str, ...] = Field(default=(), max_length=10_000)
    on_violation: OnViolation = OnViolation.REJECT

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            msg = "minimum is over maximum"
            raise ValueError(msg)
        return self


class LogPolicy(Rules):
    """What is kept of a prediction, and how surely."""

    guarantee: Guarantee = Guarantee.REQUIRED
    sampling_percent: Finite = Field(default=100.0, gt=0, le=100)
    columns: tuple[str, ...] | None = Field(default=None, description="the inputs that are logged; left out: all")
    redacted: tuple[str, ...] = Field(default=(), description="logged as missing")
    pseudonymised: tuple[str, ...] = Field(
        default=(), description="logged as a keyed hash, the same for the same value while the key is the same"
    )

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        if self.guarantee is Guarantee.REQUIRED and self.sampling_percent < 100:
            msg = "where logging is required every prediction is logged: sampling_percent is 100"
            raise ValueError(msg)
        twice = set(self.redacted) & set(self.pseudonymised)
        if twice:
            msg = f"both redacted and pseudonymised: {', '.join(sorted(twice))}"
            raise ValueError(msg)
        return self


class GatewaySettings(Rules):
    """How a model is served through the gateway."""

    stage: Literal["staging", "production"] = "production"
    backends: dict[str, BackendSettings] = Field(
        min_length=1, max_length=50, description='by version; "*" answers for every version that has none of its own'
    )
    task: Literal["classification", "regression"] = "classification"
    output: str | int = Field(
        default="probability",
        description="name or place of the answer's column that is the score; of one number a row: left out",
    )
    positive_class: str | None = Field(default=None, description="what a score near 1 says, such as benign")
    negative_class: str | None = None
    threshold: Finite = Field(default=0.5, ge=0, le=1, description="scores from here on are the positive class")
    features: dict[str, FeatureRule] = Field(default_factory=dict, max_length=2_000)
    along: tuple[str, ...] = Field(
        default=(), max_length=50, description="names that may come along and are logged, never given to the model"
    )
    row_id: str | None = Field(default=None, max_length=256, description="name that may come along with a row's own id")
    answer: Literal["governed", "passthrough"] = Field(
        default="governed",
        description="passthrough: the backend's own bytes are answered; what is said of them stands in headers",
    )
    log: LogPolicy = LogPolicy()

    @model_validator(mode="after")
    def _has_two_classes(self) -> Self:
        if self.positive_class is not None and self.positive_class == self.negative_class:
            msg = "positive_class and negative_class are the same"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _has_bytes(self) -> Self:
        if self.answer == "passthrough" and any(one.kind is BackendKind.LINEAR for one in self.backends.values()):
            msg = "a linear file answers no bytes of its own: answer cannot be passthrough"
            raise ValueError(msg)
        return self


class GatewayRecord(Noun):
    """The settings as they are kept."""

    model_id: str
    settings: GatewaySettings
    changed_at: Moment
    changed_by: str


class RowFlag(Noun):
    """A value that a rule flags."""

    feature: str
    problem: str


class RowPrediction(Noun):
    """The answer for one row."""

    row_id: str
    prediction: int | Finite = Field(description="1 for the positive class, else 0; of a regression the value")
    prediction_label: str | None = None
    probability_positive_class: Finite | None = None
    flags: tuple[RowFlag, ...] = ()


class Prediction(Noun):
    """A traceable answer."""

    request_id: str
    model_id: str
    model_name: str
    model_version: str
    stage: str
    positive_class: str | None
    threshold: Finite | None
    predictions: tuple[RowPrediction, ...]
    predicted_at: Moment
    logged: Literal["queued", "after the answer", "not sampled"]
