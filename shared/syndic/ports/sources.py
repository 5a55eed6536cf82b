"""Places where models run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from syndic.models import BatchJob, Endpoint, model_of


@dataclass(frozen=True, slots=True)
class ListedEndpoint:
    """An endpoint as a listing names it: enough to tell which model it is, not what it does."""

    name: str
    resource_id: str

    @property
    def model_id(self) -> str:
        """The registry id, as `Endpoint.model_id`."""
        return model_of(self.name, self.resource_id)


class ModelSource(Protocol):
    """A place where models run."""

    @property
    def name(self) -> str:
        """Such as ``sagemaker 123456789012/eu-central-1``; shown to people."""

    def listing(self) -> Iterator[ListedEndpoint]:
        """Every endpoint by name, a call a page. Raises `SourceUnavailableError`; never returns half a list."""

    def endpoints(self, names: Collection[str] | None = None) -> Iterator[Endpoint]:
        """What is behind every endpoint, or those of some names. One that is not there (any more) is left out.

        Raises `SourceUnavailableError` with the reason.
        """


@dataclass(frozen=True, slots=True)
class EndedJob:
    """A batch job that has ended, as a listing names it."""

    name: str
    modified: datetime


@runtime_checkable
class JobSource(Protocol):
    """A place where models also answer in batch jobs, beside endpoints or alone."""

    @property
    def name(self) -> str:
        """Shown to people; that of the `ModelSource` which it also is."""

    def ended_jobs(self, since: datetime, until: datetime) -> Iterator[EndedJob]:
        """Jobs that ended well, badly or by hand and were last changed between two times, a call for a hundred.

        Raises `SourceUnavailableError`.
        """

    def jobs(self, names: Collection[str]) -> Iterator[BatchJob]:
        """What some ended jobs did. One that is not there is left out. Raises `SourceUnavailableError`."""
