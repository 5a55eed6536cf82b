"""What concerns tell each other. At least once, in no order."""

from __future__ import annotations

from collections.abc import Iterable
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


class CountRequested(Noun):
    """A model's window is complete and due: its files are to be read once, for every check that is asked for."""

    type: Literal["CountRequested"] = "CountRequested"
    model_id: str
    window: TimeWindow
    checks: tuple[Literal["drift", "quality", "bias"], ...] = Field(min_length=1)
    force: bool = False
    variants: tuple[str, ...] | None = None  # the only ones with files of the window; null: that is not known


class WindowCounted(Noun):
    """A window was read and counted: one check is to judge what was counted."""

    type: Literal["WindowCounted"] = "WindowCounted"
    check: Literal["drift", "quality", "bias"]
    model_id: str
    window: TimeWindow
    counts: str  # name in the archive
    force: bool = False

    @property
    def request(self) -> CheckRequested:
        """The check that is to be made."""
        return CheckRequested(check=self.check, model_id=self.model_id, window=self.window, force=self.force)


def to_be_counted(requests: Iterable[CheckRequested]) -> tuple[CountRequested, ...]:
    """The same checks, those of one window together, so that its files are read once."""
    together: dict[tuple[str, TimeWindow, bool], list[Literal["drift", "quality", "bias"]]] = {}
    for one in requests:
        together.setdefault((one.model_id, one.window, one.force), []).append(one.check)
    return tuple(
        CountRequested(model_id=model_id, window=window, checks=tuple(dict.fromkeys(checks)), force=force)
        for (model_id, window, force), checks in together.items()
    )


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


class JobsRequested(Noun):
    """Some batch jobs of a source have ended, and wait to be looked at."""

    type: Literal["JobsRequested"] = "JobsRequested"
    source: str  # its name
    jobs: tuple[str, ...] = Field(min_length=1)  # names


class DailyStepRequested(Noun):
    """A part of the daily work on all models waits to be done, or to be gone on with."""

    type: Literal["DailyStepRequested"] = "DailyStepRequested"
    step: Literal["platform", "people", "evaluation", "verification", "overview", "retention"]
    after: str | None = None  # the last model that is done
    begun_at: Moment


class ReportRequested(Noun):
    """A report job waits to be built."""

    type: Literal["ReportRequested"] = "ReportRequested"
    job_id: str


class ErasureStepRequested(Noun):
    """An erasure of captured rows waits to be planned, or to be gone on with."""

    type: Literal["ErasureStepRequested"] = "ErasureStepRequested"
    erasure_id: str


class BaselineRequested(Noun):
    """A person asks for a new baseline of a model whose captured traffic lies in the other cloud."""

    type: Literal["BaselineRequested"] = "BaselineRequested"
    model_id: str
    source: dict[str, JsonValue]  # a `syndic.drift.models.BaselineSource`
    actor: str


class OnboardingRequested(Noun):
    """A person asks what a model needs whose captured traffic lies in the other cloud."""

    type: Literal["OnboardingRequested"] = "OnboardingRequested"
    model_id: str
    actor: str
    asked_at: Moment  # what was answered is not answered again


class PartRequested(Noun):
    """A part of a window that is too large for one function waits to be counted."""

    type: Literal["PartRequested"] = "PartRequested"
    run: str
    part: int
    task: dict[str, JsonValue]  # what `syndic.checks.counting` gave it


Event = Annotated[
    CheckRequested
    | CountRequested
    | WindowCounted
    | BaselineRequested
    | OnboardingRequested
    | PartRequested
    | ModelChecked
    | FindingsChanged
    | EvidenceChanged
    | ModelsDiscovered
    | ListingRequested
    | LookRequested
    | JobsRequested
    | DailyStepRequested
    | ReportRequested
    | ErasureStepRequested,
    Field(discriminator="type"),
]
