"""Captured traffic: its columns, where it lies, what reading it gave."""

from __future__ import annotations

from collections.abc import Collection
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

    An output that has the name of an input repeats it: the input is measured and the output is not, whatever its role.
    Of an input that is ignored the output of that name is measured; `answering` asks for some.
    """

    inputs: tuple[ColumnSpec, ...]
    outputs: tuple[ColumnSpec, ...] = ()
    label: ColumnSpec | None = None

    @property
    def echoes(self) -> frozenset[str]:
        """Names of outputs that repeat an input."""
        measured = {column.name for column in self.inputs if column.role is not ColumnRole.IGNORED}
        return frozenset(column.name for column in self.outputs if column.name in measured)

    @property
    def sides(self) -> tuple[tuple[ColumnSpec, ...], tuple[ColumnSpec, ...]]:
        """Inputs and outputs as they are read: an output that repeats an input is ignored."""
        echoes, ignored = self.echoes, {"role": ColumnRole.IGNORED}
        outputs = (column.model_copy(update=ignored) if column.name in echoes else column for column in self.outputs)
        return self.inputs, tuple(outputs)

    def answering(self, names: Collection[str]) -> CaptureSchema:
        """The schema with the outputs of some names measured, and not the inputs of the same names."""
        answered = {column.name for column in self.outputs} & set(names)
        ignored = {"role": ColumnRole.IGNORED}
        inputs = (column.model_copy(update=ignored) if column.name in answered else column for column in self.inputs)
        return self.model_copy(update={"inputs": tuple(inputs)})

    @property
    def captured(self) -> tuple[ColumnSpec, ...]:
        """Columns of the traffic, inputs first; of two of one name on both sides only the one that is measured."""
        echoes = self.echoes
        outputs = tuple(column for column in self.outputs if column.name not in echoes)
        answered = {column.name for column in outputs}
        return (*(column for column in self.inputs if column.name not in answered), *outputs)

    @property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """The columns of the traffic, and the label last."""
        return (*self.captured, *((self.label,) if self.label else ()))

    def role(self, role: ColumnRole) -> tuple[ColumnSpec, ...]:
        """The columns that have a role."""
        return tuple(column for column in self.columns if column.role is role)


class CaptureFormat(StrEnum):
    """The format of captured traffic."""

    SAGEMAKER = "sagemaker"
    AZURE_COLLECTOR = "azure_collector"
    SAGEMAKER_BATCH = "sagemaker_batch"


class CaptureConfig(Noun):
    """Where an endpoint's traffic is captured and how much of it."""

    enabled: bool
    format: CaptureFormat
    uri: str  # s3://bucket/prefix or azureml/https blob prefix, without the endpoint's own path below it
    sampling_percent: float = Field(default=100.0, ge=0, le=100)
    inputs: bool | None = Field(default=None, description="whether what was asked is captured; null: not known")
    outputs: bool | None = Field(default=None, description="whether what was answered is captured; null: not known")
    labels_uri: str | None = None  # where delayed ground truth is written, in the same cloud


class Intake(Noun):
    """What reading a window's capture files gave. ``read == used + rejected`` always holds, in records (lines)."""

    objects: int = 0
    read: int = Field(default=0, description="records (lines) read")
    used: int = 0
    rejected: int = 0
    reasons: dict[str, int] = Field(default_factory=dict, description="rejected records by reason")
    partial: int = Field(default=0, description="used records of which one side could not be read and is missing")
    partial_reasons: dict[str, int] = Field(default_factory=dict, description="those by reason")
    unread: dict[str, int] = Field(
        default_factory=dict, description="column -> rows that lack it only because their side could not be read"
    )
    examples: dict[str, str] = Field(default_factory=dict, description="reason -> what was wrong with one such record")
    echoes: dict[str, int] = Field(
        default_factory=dict, description="outputs that repeat an input's name -> rows in which the value differs"
    )
    answered: tuple[str, ...] = Field(
        default=(), description="outputs that are measured where an input of the same name is set aside"
    )
    naming: str | None = Field(default=None, description="how captured columns without names were named")
    nested: tuple[str, ...] = Field(
        default=(), description="columns left out because they hold lists or objects; found where no schema is given"
    )
    rows: int = Field(default=0, description="rows that the used records held")
    labels: int = Field(default=0, description="rows that have a label")

    def plus(self, other: Intake) -> Intake:
        """The intake of both."""
        examples = dict(self.examples)
        for reason, example in other.examples.items():
            examples[reason] = min(example, examples.get(reason, example))  # the same in whatever order they are added
        return Intake(
            objects=self.objects + other.objects,
            read=self.read + other.read,
            used=self.used + other.used,
            rejected=self.rejected + other.rejected,
            reasons=_added(self.reasons, other.reasons),
            partial=self.partial + other.partial,
            partial_reasons=_added(self.partial_reasons, other.partial_reasons),
            unread=_added(self.unread, other.unread),
            examples=dict(sorted(examples.items())),
            echoes=_added(self.echoes, other.echoes),
            answered=tuple(sorted({*self.answered, *other.answered})),
            naming=self.naming or other.naming,
            nested=tuple(sorted({*self.nested, *other.nested})),
            rows=self.rows + other.rows,
            labels=self.labels + other.labels,
        )


def _added(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted(one.keys() | other.keys())}
