"""What a store does record by record, where doing it together costs no more or the price does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from syndic.adapters.documents import check_together
from syndic.errors import StaleWriteError
from syndic.ports import ABSENT, Key, Record, Write


class Singly:
    """The calls of `syndic.ports.Store` that need not happen together, by those that do."""

    put: Any
    delete: Any
    delete_together: Any

    def put_each(self, records: Sequence[Record]) -> None:
        """Write records of one partition that are not there yet."""
        check_together([Write(record, ABSENT) for record in records])
        for record in records:
            with suppress(StaleWriteError):
                self.put(record, expect=ABSENT)

    def delete_each(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition."""
        self.delete_together(keys)

    def discard(self, record: Record) -> None:
        """Remove a record as it was read."""
        self.delete(record.key, expect=record.etag)
