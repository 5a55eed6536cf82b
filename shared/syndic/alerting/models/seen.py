"""What was seen of one subject of a model: every finding of it, in short."""

from __future__ import annotations

from pydantic import Field

from syndic.models import Finding, Finite, Moment, Noun, Severity, TimeWindow


class SeverityChange(Noun):
    """From when on the trouble was how bad. `none` means that it was over."""

    since: Moment
    severity: Severity


class Sighting(Noun):
    """What one finding said, in short. The newest finding of a window counts."""

    finding_id: str
    window: TimeWindow | None
    found_at: Moment
    severity: Severity
    value: Finite | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """The order of sightings: by what they are about, then by when they were found. Not by arrival."""
        return (self.end.isoformat(), self.found_at.isoformat(), self.finding_id)

    @property
    def slot(self) -> str:
        """What it is about: its window; a finding without one stands for itself."""
        return self.window.key if self.window else self.finding_id

    @property
    def start(self) -> Moment:
        """From when on its data are."""
        return self.window.start if self.window else self.found_at

    @property
    def end(self) -> Moment:
        """Up to when its data are."""
        return self.window.end if self.window else self.found_at


class SubjectRecord(Noun):
    """What is stored of one subject: the newest finding, and every window in short."""

    latest: Finding
    sightings: tuple[Sighting, ...]  # in order of place, the newest 200
    first_seen: Moment  # of the present run of troubled windows
    told: Severity = Field(default=Severity.NONE)  # what the mail of an earlier release told of it
    acknowledged_by: str | None = None  # to whom an earlier release had it acknowledged

    @property
    def was_troubled(self) -> bool:
        """Whether there ever was trouble. Subjects that were always well are kept: an older window may follow."""
        return any(one.severity is not Severity.NONE for one in self.sightings)
