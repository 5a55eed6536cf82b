"""Batch jobs: a model answers the rows of files, all at once, and nothing of it runs before or after."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from pydantic import Field

from syndic.models.base import Moment, Noun
from syndic.models.times import TimeWindow

JobStatus = Literal["completed", "failed", "stopped"]

ANSWERS: Final = ".out"
"""What a file of answers is called behind the name of its input."""

_SECOND: Final = timedelta(seconds=1)


class BatchJob(Noun):
    """A batch job that has ended, as its cloud describes it."""

    name: str = Field(min_length=1, max_length=63)
    resource_id: str
    scope: str  # account/region
    status: JobStatus
    reason: str | None = None  # why it failed, as the cloud says
    model_name: str
    package_group: str | None = None  # in which the model's package is registered
    model_version: str | None = None
    image: str | None = None
    created_at: Moment
    ended_at: Moment
    input_uri: str  # what its inputs' addresses begin with; of a manifest its own
    input_manifest: bool = False
    output_uri: str  # below which its answers lie
    joined: bool = False  # whether each line of the answers begins with the columns of its input
    captured_uri: str | None = None  # below which lie manifests of what it read and wrote
    obstacle: str | None = None  # why its rows cannot be read, and what to set
    tags: dict[str, str] = Field(default_factory=dict)  # of the job, and of the cloud's model where the job has none

    def window(self, later: int = 0) -> TimeWindow:
        """The window of its rows: from its creation to its end in whole seconds, the end so many of them later."""
        start = self.created_at.replace(microsecond=0)
        end = max(self.ended_at.replace(microsecond=0), start + _SECOND)
        return TimeWindow(start=start, end=end + later * _SECOND, job=self.name)


class KeptJob(Noun):
    """A batch job of a registered model, and the window of its rows."""

    job: BatchJob
    window: TimeWindow
    unread: str | None = None  # why its rows are not judged; None: they are, or wait for what the checks need
