"""Places where models run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from syndic.models import Endpoint, model_of


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
