"""`Store` on one table of Table Storage.

Records of one partition are written in one batch. A listing lies in another partition, which no batch reaches, so it is
kept in step by order and by reading with care:

- the rows of new listings are written first, then the record, then the rows of listings it no longer has are removed;
- a reader of a listing takes only records that name it themselves, so a row too many is never seen;
- a row is removed only when it is older than any write takes (ten minutes): a younger one may belong to a write that is
  still on its way. Removal is conditional on the row not having been written again.

So a process may end after any call: no record is lost from a listing and none appears in one it does not name. Bodies
that do not fit an entity lie in a container below ``overflow/`` under a new name for each write.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceModifiedError
from azure.data.tables import UpdateMode

from syndic.adapters.azure.errors import back_off, code_of, translate, translated
from syndic.adapters.azure.table_entities import (
    BATCH_BYTES,
    INLINE_LIMIT,
    Entity,
    entity_listings,
    listing_entity,
    record_entity,
)
from syndic.adapters.azure.table_reads import Stored, TableReads, bare, etag_of, marked
from syndic.adapters.bodies import Packed, pack
from syndic.adapters.documents import check_key, check_together, encode_body
from syndic.errors import InvalidInputError, StaleWriteError, UnavailableError
from syndic.ports import ABSENT, Key, Listing, Record, Write

if TYPE_CHECKING:
    from azure.data.tables import TableClient
    from azure.storage.blob import ContainerClient

_TRIES: Final = 12
_STALE: Final = frozenset({"EntityAlreadyExists", "UpdateConditionNotSatisfied", "ResourceNotFound"})
LONGEST_WRITE: Final = timedelta(minutes=10)
"""No write takes longer: its clients give up before."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A write with its body packed and, when it is large, already in the container."""

    write: Write
    entity: Entity

    @property
    def key(self) -> Key:
        return self.write.record.key

    @property
    def moved_to(self) -> str | None:
        name: str | None = self.entity.get("moved_to")
        return name


class TableStore(TableReads):
    """Records in Table Storage.

    Args:
        table: The table's client.
        blobs: The container for bodies over about 900 KB compressed.
        sleep: Waits between tries; a test passes its own.
        now: The time; a test passes its own.
    """

    def __init__(
        self,
        table: TableClient,
        *,
        blobs: ContainerClient,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(table, blobs=blobs, sleep=sleep)
        self._now = now

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write one record under its condition."""
        return self._write([Write(record, expect)])[0]

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write records of one partition, all or none."""
        check_together(writes)
        return self._write(writes)

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Remove a record, then its listings and its moved body."""
        check_key(key)
        if expect == ABSENT:
            raise InvalidInputError("deleting a record that must not exist has no meaning", where="expect")
        for attempt in range(_TRIES):
            old = self._entity(key)
            if old is None and expect is None:
                return
            _check(key, expect, old)
            assert old is not None  # noqa: S101 - _check has raised
            try:
                self._table.delete_entity(key.partition, key.sort, etag=_service_etag(old), match_condition=_SAME)
            except AzureError as error:
                if not _is_stale(error):
                    raise translate(error, f"delete record {key.partition} {key.sort}") from error
                if expect is not None:
                    raise StaleWriteError(_not_as_expected(key)) from error
                back_off(attempt, self._sleep)
            else:
                self._clean_up(key, old, kept=())
                return
        raise UnavailableError(f"record {key.partition} {key.sort} changed at each of {_TRIES} tries to delete it")

    def _write(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        prepared = self._prepare(writes)
        try:
            etags, olds = self._replace(prepared)
        except StaleWriteError:
            for one in prepared:
                self._drop_blob(one.moved_to)
            raise
        for one, old in zip(prepared, olds, strict=True):
            if old is not None:
                self._clean_up(one.key, old, kept=one.write.record.listings)
        return tuple(
            Record(one.key, one.write.record.body, etag, one.write.record.listings)
            for one, etag in zip(prepared, etags, strict=True)
        )

    def _replace(self, prepared: Sequence[_Prepared]) -> tuple[list[str], list[Stored | None]]:
        """Write the entities; returns their etags and what they replaced, as far as it must be known."""
        what = f"write {len(prepared)} record(s) of {prepared[0].key.partition}"
        for attempt in range(_TRIES):
            olds = [self._replaced(one) for one in prepared]
            for one, old in zip(prepared, olds, strict=True):
                self._list_first(one.write.record, old)
            try:
                return self._commit(prepared, olds, what=what), olds
            except StaleWriteError:
                if all(one.write.expect is not None for one in prepared) or not self._only_raced(prepared):
                    raise
                back_off(attempt, self._sleep)
        raise StaleWriteError(f"{what}: others wrote them at each of {_TRIES} tries")

    def _only_raced(self, prepared: Sequence[_Prepared]) -> bool:
        """Whether every condition that the caller gave still holds: then only an unconditional write was raced."""
        for one in prepared:
            if one.write.expect is not None:
                old = self._entity(one.key)
                if one.write.expect != (ABSENT if old is None else etag_of(old)):
                    return False
        return True

    def _prepare(self, writes: Sequence[Write]) -> list[_Prepared]:
        packed: list[Packed] = []
        for write in writes:
            check_key(write.record.key)
            for listing in write.record.listings:
                check_key(listing)
            packed.append(pack(encode_body(write.record.body, write.record.key)))
        room = min(INLINE_LIMIT, BATCH_BYTES // len(packed)) if len(packed) > 1 else INLINE_LIMIT
        prepared = []
        for write, one in zip(writes, packed, strict=True):
            moved_to = self._move(one) if len(one.data) > room - _listed_size(write.record) else None
            prepared.append(_Prepared(write, record_entity(write.record, one, secrets.token_hex(8), moved_to)))
        return prepared

    def _replaced(self, one: _Prepared) -> Stored | None:
        """The entity that a write replaces, when it must be known: to check it, or to clean up after it."""
        expect = one.write.expect
        if expect is not None and expect != ABSENT and not expect.startswith(_ETAG):
            raise StaleWriteError(_not_as_expected(one.key))
        if expect == ABSENT or (expect is not None and expect == bare(expect)):
            return None
        old = self._entity(one.key)
        _check(one.key, expect, old)
        return old

    def _commit(self, prepared: Sequence[_Prepared], olds: Sequence[Stored | None], *, what: str) -> list[str]:
        """Write all entities or none; returns their etags. Raises `StaleWriteError` when a condition fails."""
        operations: list[Any] = []
        for one, old in zip(prepared, olds, strict=True):
            expected = _service_etag(old) if old is not None else bare(one.write.expect or ABSENT)
            if expected == ABSENT:
                operations.append(("create", one.entity))
            else:
                same = {"mode": UpdateMode.REPLACE, "etag": expected, "match_condition": _SAME}
                operations.append(("update", one.entity, same))
        try:
            answers = self._once(operations)
        except AzureError as error:
            if not _is_stale(error):
                raise translate(error, what) from error
            etags = self._written_before(prepared)
            if etags is None:
                raise StaleWriteError(f"{what}: a record is not as expected; read it again") from error
            return etags
        return [
            marked(str(answer["etag"]), listed="listed0" in one.entity, moved=one.moved_to is not None)
            for one, answer in zip(prepared, answers, strict=True)
        ]

    def _once(self, operations: list[Any]) -> Sequence[Any]:
        if len(operations) > 1:
            return self._table.submit_transaction(operations)
        kind, entity, *options = operations[0]
        if kind == "create":
            return [self._table.create_entity(entity)]
        return [self._table.update_entity(entity, **options[0])]

    def _written_before(self, prepared: Sequence[_Prepared]) -> list[str] | None:
        """The etags if the entities are there as given: the answer was lost, and the client wrote them again."""
        present = [self._entity(one.key) for one in prepared]
        for one, old in zip(prepared, present, strict=True):
            if old is None or old.get("token") != one.entity["token"]:
                return None
        return [etag_of(old) for old in present]

    def _list_first(self, record: Record, old: Stored | None) -> None:
        known = entity_listings(old) if old is not None else ()
        for listing in dict.fromkeys(record.listings):
            if listing not in known:
                with translated(f"list record {record.key.partition} {record.key.sort}"):
                    self._table.upsert_entity(listing_entity(listing, record.key), mode=UpdateMode.REPLACE)

    def _clean_up(self, key: Key, old: Stored, *, kept: Iterable[Listing]) -> None:
        """Remove what a replaced or deleted record leaves behind. Nothing depends on it: readers see through it."""
        for listing in set(entity_listings(old)) - set(kept):
            row = listing_entity(listing, key)
            try:
                found = self._table.get_entity(row["PartitionKey"], row["RowKey"])
                if self._now() - found.metadata["timestamp"] > LONGEST_WRITE:
                    etag = found.metadata["etag"]
                    self._table.delete_entity(row["PartitionKey"], row["RowKey"], etag=etag, match_condition=_SAME)
            except AzureError as error:
                _log.info("listing left behind", extra={"partition": listing.partition, "reason": code_of(error)})
        self._drop_blob(old.get("moved_to"))

    def _move(self, packed: Packed) -> str:
        name = f"overflow/{secrets.token_hex(16)}.json.gz"
        with translated(f"write blob {name}"):
            self._blobs.upload_blob(name, packed.data)
        return name

    def _drop_blob(self, name: str | None) -> None:
        if name is None:
            return
        try:
            self._blobs.delete_blob(name)
        except AzureError as error:
            _log.warning("overflow blob left behind", extra={"blob": name, "reason": code_of(error)})


_ETAG: Final = 'W/"'
_SAME: Final = MatchConditions.IfNotModified


def _service_etag(entity: Any) -> str:
    etag: str = entity.metadata["etag"]
    return etag


def _is_stale(error: AzureError) -> bool:
    """Whether a condition failed. The client does not always hand on the service's code."""
    return code_of(error) in _STALE or isinstance(error, ResourceExistsError | ResourceModifiedError)


def _check(key: Key, expect: str | None, old: Stored | None) -> None:
    if expect is not None and (old is None or etag_of(old) != expect):
        raise StaleWriteError(_not_as_expected(key))


def _not_as_expected(key: Key) -> str:
    return f"record {key.partition} {key.sort} is not as expected; read it again"


def _listed_size(record: Record) -> int:
    return sum(2 * (len(at.partition) + len(at.sort) + 2) for at in record.listings)
