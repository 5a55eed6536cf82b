"""Secrets: kept where the cloud keeps them, named everywhere else."""

from __future__ import annotations

from typing import Protocol


class Secrets(Protocol):
    """Reads secrets by name."""

    def read(self, name: str) -> str:
        """The secret. The caller keeps it out of records, logs and messages.

        Raises:
            InvalidInputError: There is none of this name, or it is no text.
            NotSentError: The service did not answer or refused us.
        """
