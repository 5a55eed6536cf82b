"""The removing half of the store in Table Storage: a record goes first, then its rows and its moved body."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceModifiedError

from syndic.adapters.azure.errors import MISSING, back_off, code_of, translate
from syndic.adapters.azure.table_entities import BATCH, Rows, entity_key, entity_rows, key_entity, listing_entity
from syndic.adapters.azure.table_reads import Stored, TableReads, etag_of
from syndic.adapters.documents import check_key, check_keys, check_range
from syndic.errors import InvalidInputError, StaleWriteError, UnavailableError
from syndic.ports import ABSENT, Key

TRIES: Final = 12
"""Of a write or a removal that others come between."""

_STALE: Final = frozenset({"EntityAlreadyExists", "ConditionNotMet", "UpdateConditionNotSatisfied"}) | MISSING
SAME: Final = MatchConditions.IfNotModified
_log = logging.getLogger(__name__)


class TableRemovals(TableReads):
    """Removes records in Table Storage."""

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Remove a record, then its listings and its moved body."""
        check_key(key)
        if expect == ABSENT:
            raise InvalidInputError("deleting a record that must not exist has no meaning", where="expect")
        for attempt in range(TRIES):
            old = self._entity(key)
            if old is None and expect is None:
                return
            check_expected(key, expect, old)
            assert old is not None  # noqa: S101 - that has raised
            try:
                # The client's delete_entity takes "not there" for success; a batch of one tells.
                same = {"etag": service_etag(old), "match_condition": SAME}
                self._table.submit_transaction([("delete", key_entity(key), same)])
            except AzureError as error:
                if not is_stale(error):
                    raise translate(error, f"delete record {key.partition} {key.sort}") from error
                if expect is not None:
                    raise StaleWriteError(not_as_expected(key)) from error
                back_off(attempt, self._sleep)
            else:
                self._remove_rows(key, entity_rows(old), kept={})
                self._drop_blob(old.get("moved_to"))
                return
        raise UnavailableError(f"record {key.partition} {key.sort} changed at each of {TRIES} tries to delete it")

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition, all or none, then their listings and moved bodies."""
        check_keys(keys)
        for attempt in range(TRIES):
            present = {key: old for key in dict.fromkeys(keys) if (old := self._entity(key)) is not None}
            if not present:
                return
            operations = [
                ("delete", key_entity(key), {"etag": service_etag(old), "match_condition": SAME})
                for key, old in present.items()
            ]
            try:
                self._table.submit_transaction(operations)
            except AzureError as error:
                if not is_stale(error):
                    raise translate(error, f"delete {len(present)} record(s) of {keys[0].partition}") from error
                back_off(attempt, self._sleep)
            else:
                for key, old in present.items():
                    self._remove_rows(key, entity_rows(old), kept={})
                    self._drop_blob(old.get("moved_to"))
                return
        raise UnavailableError(f"records of {keys[0].partition} changed at each of {TRIES} tries to delete them")

    def remove_expired(
        self, partition: str, *, now: datetime, start: str | None = None, end: str | None = None, most: int = 500
    ) -> int:
        """Remove records whose time is over: Table Storage never does so by itself."""
        check_range(partition, "", start, end, 1)
        removed = 0
        for rows in self._over(partition, start, end, now):
            for begin in range(0, len(rows), BATCH):
                some = rows[begin : min(begin + BATCH, begin + most - removed)]
                removed += self._remove_rows_over(some) if some else 0
            if removed >= most:
                break
        return removed

    def _remove_rows_over(self, rows: Sequence[Stored]) -> int:
        """Remove entities, all or none: none when one of them was written meanwhile, the next run comes again."""
        same = [{"etag": service_etag(row), "match_condition": SAME} for row in rows]
        operations = [("delete", key_entity(entity_key(row)), one) for row, one in zip(rows, same, strict=True)]
        try:
            self._table.submit_transaction(operations)
        except AzureError as error:
            if not is_stale(error):
                raise translate(error, f"remove {len(rows)} record(s) whose time is over") from error
            return 0
        for row in rows:
            self._remove_rows(entity_key(row), entity_rows(row), kept={})
            self._drop_blob(row.get("moved_to"))
        return len(rows)

    def _remove_rows(self, key: Key, rows: Rows, *, kept: Rows) -> None:
        """Remove rows that the record does not name any more. Nothing depends on it: readers see through them."""
        for listing, token in rows.items():
            if kept.get(listing) == token:
                continue
            row = listing_entity(listing, key, token)
            try:
                self._table.delete_entity(row["PartitionKey"], row["RowKey"])
            except AzureError as error:
                _log.warning("listing left behind", extra={"partition": listing.partition, "reason": code_of(error)})

    def _drop_blob(self, name: str | None) -> None:
        if name is None:
            return
        try:
            self._blobs.delete_blob(name)
        except AzureError as error:
            _log.warning("overflow blob left behind", extra={"blob": name, "reason": code_of(error)})


def service_etag(entity: Any) -> str:
    """The etag that the service gave an entity, without the marks that readers see."""
    etag: str = entity.metadata["etag"]
    return etag


def is_stale(error: AzureError) -> bool:
    """Whether a condition failed: the row is there, is another one, or is not there."""
    return isinstance(error, ResourceExistsError | ResourceModifiedError) or code_of(error) in _STALE


def check_expected(key: Key, expect: str | None, old: Stored | None) -> None:
    """Raise `StaleWriteError` unless the entity is the expected one."""
    if expect is not None and (old is None or etag_of(old) != expect):
        raise StaleWriteError(not_as_expected(key))


def not_as_expected(key: Key) -> str:
    """What is said of a record that another one wrote."""
    return f"record {key.partition} {key.sort} is not as expected; read it again"
