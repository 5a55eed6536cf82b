"""`Store` on one table of Table Storage.

Records of one partition are written in one batch. A listing is a row in another partition, which no batch reaches, so
it is kept in step by order and by reading with care:

- every write that lists a record somewhere new makes a row of its own there, named after the write;
- those rows are written first, then the record, which names them, then the rows that it named before are removed;
- a reader of a listing takes a row only when the record it points to names that very row.

So a process may end after any call: a record is found exactly where it is listed, before the write or after it, and no
writer removes a row that another one relies on. What a dead process leaves behind is a row that no reader takes, or a
body in the container. Bodies that do not fit an entity lie there below ``overflow/`` under a new name for each write.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceModifiedError
from azure.data.tables import UpdateMode

from syndic.adapters.azure.errors import MISSING, back_off, code_of, translate, translated
from syndic.adapters.azure.table_entities import (
    BATCH,
    BATCH_BYTES,
    INLINE_LIMIT,
    Entity,
    Rows,
    entity_key,
    entity_rows,
    key_entity,
    listing_entity,
    record_entity,
    with_rows,
)
from syndic.adapters.azure.table_reads import Stored, TableReads, bare, etag_of, marked
from syndic.adapters.bodies import Packed, pack
from syndic.adapters.documents import check_key, check_keys, check_range, check_together, encode_body, to_second
from syndic.adapters.singly import Singly
from syndic.errors import InvalidInputError, StaleWriteError, UnavailableError
from syndic.ports import ABSENT, Key, Record, Write

if TYPE_CHECKING:
    from azure.data.tables import TableClient
    from azure.storage.blob import ContainerClient

_TRIES: Final = 12
_ETAG: Final = re.compile(r'W/"[!#-~]{1,200}"l?o?')
_STALE: Final = frozenset({"EntityAlreadyExists", "ConditionNotMet", "UpdateConditionNotSatisfied"}) | MISSING
_SAME: Final = MatchConditions.IfNotModified
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Prepared:
    """A write with its body packed and, when it is large, already in the container.

    `rows` are those that it will name, `made` those that it has made so far.
    """

    write: Write
    entity: Entity
    rows: Rows = field(default_factory=dict)
    made: Rows = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.write.record.key

    @property
    def token(self) -> str:
        return str(self.entity["token"])

    @property
    def moved_to(self) -> str | None:
        name: str | None = self.entity.get("moved_to")
        return name


class TableStore(Singly, TableReads):
    """Records in Table Storage.

    Args:
        table: The table's client.
        blobs: The container for bodies over about 900 KB compressed.
        sleep: Waits between tries; a test passes its own.
    """

    def __init__(
        self, table: TableClient, *, blobs: ContainerClient, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        super().__init__(table, blobs=blobs, sleep=sleep)

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write one record under its condition."""
        return self._write([Write(record, expect)])[0]

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write records of one partition, all or none; their listings follow each record as in `put`."""
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
                # The client's delete_entity takes "not there" for success; a batch of one tells.
                same = {"etag": _service_etag(old), "match_condition": _SAME}
                self._table.submit_transaction([("delete", key_entity(key), same)])
            except AzureError as error:
                if not _is_stale(error):
                    raise translate(error, f"delete record {key.partition} {key.sort}") from error
                if expect is not None:
                    raise StaleWriteError(_not_as_expected(key)) from error
                back_off(attempt, self._sleep)
            else:
                self._remove_rows(key, entity_rows(old), kept={})
                self._drop_blob(old.get("moved_to"))
                return
        raise UnavailableError(f"record {key.partition} {key.sort} changed at each of {_TRIES} tries to delete it")

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition, all or none, then their listings and moved bodies."""
        check_keys(keys)
        for attempt in range(_TRIES):
            present = {key: old for key in dict.fromkeys(keys) if (old := self._entity(key)) is not None}
            if not present:
                return
            operations = [
                ("delete", key_entity(key), {"etag": _service_etag(old), "match_condition": _SAME})
                for key, old in present.items()
            ]
            try:
                self._table.submit_transaction(operations)
            except AzureError as error:
                if not _is_stale(error):
                    raise translate(error, f"delete {len(present)} record(s) of {keys[0].partition}") from error
                back_off(attempt, self._sleep)
            else:
                for key, old in present.items():
                    self._remove_rows(key, entity_rows(old), kept={})
                    self._drop_blob(old.get("moved_to"))
                return
        raise UnavailableError(f"records of {keys[0].partition} changed at each of {_TRIES} tries to delete them")

    def put_each(self, records: Sequence[Record]) -> None:
        """Write records of one partition that are not there yet: together where none is, which costs no more here."""
        try:
            self.put_together([Write(record, ABSENT) for record in records])
        except StaleWriteError:
            super().put_each(records)

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
        same = [{"etag": _service_etag(row), "match_condition": _SAME} for row in rows]
        operations = [("delete", key_entity(entity_key(row)), one) for row, one in zip(rows, same, strict=True)]
        try:
            self._table.submit_transaction(operations)
        except AzureError as error:
            if not _is_stale(error):
                raise translate(error, f"remove {len(rows)} record(s) whose time is over") from error
            return 0
        for row in rows:
            self._remove_rows(entity_key(row), entity_rows(row), kept={})
            self._drop_blob(row.get("moved_to"))
        return len(rows)

    def _write(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        prepared = self._prepare(writes)
        try:
            etags, olds = self._replace(prepared)
        except StaleWriteError:  # surely not written; after any other error it may have been
            for one in prepared:
                self._remove_rows(one.key, one.made, kept={})
                self._drop_blob(one.moved_to)
            raise
        for one, old in zip(prepared, olds, strict=True):
            for before in (one.made, entity_rows(old)):
                self._remove_rows(one.key, before, kept=one.rows)
            self._drop_blob(old.get("moved_to") if old is not None else None)
        return tuple(
            Record(one.key, one.write.record.body, etag, tuple(one.rows), to_second(one.write.record.expires))
            for one, etag in zip(prepared, etags, strict=True)
        )

    def _replace(self, prepared: Sequence[_Prepared]) -> tuple[list[str], list[Stored | None]]:
        """Write the entities; returns their etags and what they replaced, as far as it must be known."""
        what = f"write {len(prepared)} record(s) of {prepared[0].key.partition}"
        for attempt in range(_TRIES):
            olds = [self._replaced(one) for one in prepared]
            for one, old in zip(prepared, olds, strict=True):
                self._list_first(one, entity_rows(old))
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
        room = min(INLINE_LIMIT, BATCH_BYTES // len(packed))
        prepared = []
        for write, one in zip(writes, packed, strict=True):
            moved_to = self._move(one) if len(one.data) > room - _listed_size(write.record) else None
            prepared.append(_Prepared(write, record_entity(write.record, one, secrets.token_hex(8), moved_to)))
        return prepared

    def _replaced(self, one: _Prepared) -> Stored | None:
        """The entity that a write replaces, when it must be known: to check it, or to clean up after it."""
        expect = one.write.expect
        if expect == ABSENT:
            return None
        if expect is not None and not _ETAG.fullmatch(expect):  # no etag of ours; it would become a header
            raise StaleWriteError(_not_as_expected(one.key))
        if expect is not None and expect == bare(expect):
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
            marked(str(answer["etag"]), listed=bool(one.rows), moved=one.moved_to is not None)
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
            if old is None or old.get("token") != one.token:
                return None
        return [etag_of(old) for old in present]

    def _list_first(self, one: _Prepared, known: Mapping[Any, str]) -> None:
        """Make the rows of listings that the record does not have yet, and note which rows it will name."""
        one.rows = {listing: known.get(listing, one.token) for listing in one.write.record.listings}
        one.entity = with_rows(one.entity, one.rows)
        for listing in one.rows:
            if listing not in known and listing not in one.made:
                with translated(f"list record {one.key.partition} {one.key.sort}"):
                    self._table.upsert_entity(listing_entity(listing, one.key, one.token), mode=UpdateMode.REPLACE)
                one.made[listing] = one.token

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

    def _move(self, packed: Packed) -> str:
        name = f"overflow/{secrets.token_hex(16)}.json.gz"
        with translated(f"write blob {name}"):
            self._blobs.upload_blob(name, packed.data, overwrite=True)  # the client may try again after a lost answer
        return name

    def _drop_blob(self, name: str | None) -> None:
        if name is None:
            return
        try:
            self._blobs.delete_blob(name)
        except AzureError as error:
            _log.warning("overflow blob left behind", extra={"blob": name, "reason": code_of(error)})


def _service_etag(entity: Any) -> str:
    etag: str = entity.metadata["etag"]
    return etag


def _is_stale(error: AzureError) -> bool:
    """Whether a condition failed: the row is there, is another one, or is not there."""
    return isinstance(error, ResourceExistsError | ResourceModifiedError) or code_of(error) in _STALE


def _check(key: Key, expect: str | None, old: Stored | None) -> None:
    if expect is not None and (old is None or etag_of(old) != expect):
        raise StaleWriteError(_not_as_expected(key))


def _not_as_expected(key: Key) -> str:
    return f"record {key.partition} {key.sort} is not as expected; read it again"


def _listed_size(record: Record) -> int:
    return sum(2 * (len(at.partition) + len(at.sort) + 18) for at in record.listings)
