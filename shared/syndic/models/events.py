"""What concerns tell each other. At least once, in no order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from syndic.models.base import Noun
from syndic.models.facts import Finding
from syndic.models.times import TimeWindow


class CheckRequested(Noun):
    """A model's window is complete and due for a check."""

    type: Literal["CheckRequested"] = "CheckRequested"
    check: Literal["drift", "quality", "bias"]
    model_id: str
    window: TimeWindow
    force: bool = False  # judge again although the inputs did not change (policy changed, asked by a person)


class ModelChecked(Noun):
    """A check of a window was stored: evidence is new."""

    type: Literal["ModelChecked"] = "ModelChecked"
    check: str
    model_id: str
    window: TimeWindow
    report_id: str
    verdict: str


class FindingsChanged(Noun):
    """Findings of one check; alerting keeps and groups them."""

    type: Literal["FindingsChanged"] = "FindingsChanged"
    findings: tuple[Finding, ...]


class EvidenceChanged(Noun):
    """Evidence on a model was added, replaced or withdrawn: compliance looks at the model again.

    Without kinds the day's turn of the model has come.
    """

    type: Literal["EvidenceChanged"] = "EvidenceChanged"
    model_id: str
    kinds: tuple[str, ...]


class ModelsDiscovered(Noun):
    """Discovery found new models at a source, missed some, or could not read it."""

    type: Literal["ModelsDiscovered"] = "ModelsDiscovered"
    registered: tuple[str, ...]
    gone: tuple[str, ...]
    unavailable: dict[str, str]  # source -> reason


class ReportRequested(Noun):
    """A report job waits to be built."""

    type: Literal["ReportRequested"] = "ReportRequested"
    job_id: str


class BaselineRequested(Noun):
    """A person asks for a new baseline of a model whose captured traffic lies in the other cloud."""

    type: Literal["BaselineRequested"] = "BaselineRequested"
    model_id: str
    source: dict[str, JsonValue]  # a `syndic.drift.models.BaselineSource`
    actor: str


class PartRequested(Noun):
    """A part of a window that is too large for one function waits to be counted."""

    type: Literal["PartRequested"] = "PartRequested"
    run: str
    part: int
    task: dict[str, JsonValue]  # a `syndic.drift.scale.map_run.MapTask`


Event = Annotated[
    CheckRequested
    | BaselineRequested
    | PartRequested
    | ModelChecked
    | FindingsChanged
    | EvidenceChanged
    | ModelsDiscovered
    | ReportRequested,
    Field(discriminator="type"),
]
