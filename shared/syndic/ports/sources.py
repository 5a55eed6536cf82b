"""Places where models run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from syndic.models import Endpoint


class ModelSource(Protocol):
    """A place where models run."""

    @property
    def name(self) -> str:
        """Such as ``sagemaker 123456789012/eu-central-1``; shown to people."""

    def endpoints(self) -> Iterator[Endpoint]:
        """Every endpoint, page by page. Raises `SourceUnavailableError` with the reason; never returns half a list."""
