"""Captured traffic: its columns, where it lies, what reading it gave."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from syndic.models.base import Noun


class ColumnKind(StrEnum):
    """How a column is measured."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"


class ColumnRole(StrEnum):
    """What a column is to the model."""

    FEATURE = "feature"
    PREDICTION = "prediction"
    SCORE = "score"
    LABEL = "label"
    ROW_ID = "row_id"
    PROTECTED = "protected"  # kept for fairness only, never an input of the model
    IGNORED = "ignored"


class ColumnSpec(Noun):
    """One column of a model's captured traffic."""

    name: str = Field(min_length=1, max_length=256)
    kind: ColumnKind
    role: ColumnRole = ColumnRole.FEATURE


class CaptureSchema(Noun):
    """The columns of a model's traffic, in the order in which they are captured.

    Captured CSV has no header, so the order of `inputs` and `outputs` gives the names. JSON records with keys
    are matched by name instead. `label` describes delayed ground truth, which is joined by row id.
    """

    inputs: tuple[ColumnSpec, ...]
    outputs: tuple[ColumnSpec, ...] = ()
    label: ColumnSpec | None = None

    @property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """All columns, inputs first, the label last."""
        return (*self.inputs, *self.outputs, *((self.label,) if self.label else ()))

    def role(self, role: ColumnRole) -> tuple[ColumnSpec, ...]:
        """The columns that have a role."""
        return tuple(column for column in self.columns if column.role is role)


class CaptureFormat(StrEnum):
    """The format of captured traffic."""

    SAGEMAKER = "sagemaker"
    AZURE_COLLECTOR = "azure_collector"


class CaptureConfig(Noun):
    """Where an endpoint's traffic is captured and how much of it."""

    enabled: bool
    format: CaptureFormat
    uri: str  # s3://bucket/prefix or azureml/https blob prefix, without the endpoint's own path below it
    sampling_percent: float = Field(default=100.0, ge=0, le=100)
    labels_uri: str | None = None  # where delayed ground truth is written, in the same cloud


class Intake(Noun):
    """What reading a window's capture files gave. ``read == used + rejected`` always holds, in records (lines)."""

    objects: int = 0
    read: int = Field(default=0, description="records (lines) read")
    used: int = 0
    rejected: int = 0
    reasons: dict[str, int] = Field(default_factory=dict, description="rejected records by reason")
    rows: int = Field(default=0, description="rows that the used records held")
    labels: int = Field(default=0, description="rows that have a label")

    def plus(self, other: Intake) -> Intake:
        """The intake of both."""
        reasons = dict(self.reasons)
        for reason, count in other.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
        return Intake(
            objects=self.objects + other.objects,
            read=self.read + other.read,
            used=self.used + other.used,
            rejected=self.rejected + other.rejected,
            reasons=dict(sorted(reasons.items())),
            rows=self.rows + other.rows,
            labels=self.labels + other.labels,
        )
