"""What concerns tell each other. At least once, in no order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from syndic.models.base import Moment, Noun
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


class ListingRequested(Noun):
    """The time has come to list what runs at a source."""

    type: Literal["ListingRequested"] = "ListingRequested"
    source: str  # its name
    asked_at: Moment


class LookRequested(Noun):
    """Some models of a source wait to be looked at: what they are now, and which new files they captured."""

    type: Literal["LookRequested"] = "LookRequested"
    source: str  # its name
    asked_at: Moment
    endpoints: tuple[str, ...] = ()  # names that the source listed
    gone: tuple[str, ...] = ()  # ids of models that it lists no more
    unknown: tuple[str, ...] = ()  # ids of models that it listed before it could not be read


class DailyStepRequested(Noun):
    """A part of the daily work on all models waits to be done, or to be gone on with."""

    type: Literal["DailyStepRequested"] = "DailyStepRequested"
    step: Literal["people", "evaluation", "verification", "overview"]
    after: str | None = None  # the last model that is done
    begun_at: Moment


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
    | ListingRequested
    | LookRequested
    | DailyStepRequested
    | ReportRequested,
    Field(discriminator="type"),
]
