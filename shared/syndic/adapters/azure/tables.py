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

import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from azure.core.exceptions import AzureError
from azure.data.tables import UpdateMode

from syndic.adapters.azure.errors import back_off, translate, translated
from syndic.adapters.azure.table_entities import (
    BATCH_BYTES,
    INLINE_LIMIT,
    Entity,
    Rows,
    entity_rows,
    listing_entity,
    record_entity,
    with_rows,
)
from syndic.adapters.azure.table_reads import Stored, bare, etag_of, marked
from syndic.adapters.azure.table_removals import (
    SAME,
    TRIES,
    TableRemovals,
    check_expected,
    is_stale,
    not_as_expected,
    service_etag,
)
from syndic.adapters.bodies import Packed, pack
from syndic.adapters.documents import check_key, check_together, encode_body, to_second
from syndic.adapters.singly import Singly
from syndic.errors import StaleWriteError
from syndic.ports import ABSENT, Key, Record, Write

if TYPE_CHECKING:
    from azure.data.tables import TableClient
    from azure.storage.blob import ContainerClient

_ETAG: Final = re.compile(r'W/"[!#-~]{1,200}"l?o?')


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


class TableStore(Singly, TableRemovals):
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

    def put_each(self, records: Sequence[Record]) -> None:
        """Write records of one partition that are not there yet: together where none is, which costs no more here."""
        try:
            self.put_together([Write(record, ABSENT) for record in records])
        except StaleWriteError:
            super().put_each(records)

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
        for attempt in range(TRIES):
            olds = [self._replaced(one) for one in prepared]
            for one, old in zip(prepared, olds, strict=True):
                self._list_first(one, entity_rows(old))
            try:
                return self._commit(prepared, olds, what=what), olds
            except StaleWriteError:
                if all(one.write.expect is not None for one in prepared) or not self._only_raced(prepared):
                    raise
                back_off(attempt, self._sleep)
        raise StaleWriteError(f"{what}: others wrote them at each of {TRIES} tries")

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
            raise StaleWriteError(not_as_expected(one.key))
        if expect is not None and expect == bare(expect):
            return None
        old = self._entity(one.key)
        check_expected(one.key, expect, old)
        return old

    def _commit(self, prepared: Sequence[_Prepared], olds: Sequence[Stored | None], *, what: str) -> list[str]:
        """Write all entities or none; returns their etags. Raises `StaleWriteError` when a condition fails."""
        operations: list[Any] = []
        for one, old in zip(prepared, olds, strict=True):
            expected = service_etag(old) if old is not None else bare(one.write.expect or ABSENT)
            if expected == ABSENT:
                operations.append(("create", one.entity))
            else:
                same = {"mode": UpdateMode.REPLACE, "etag": expected, "match_condition": SAME}
                operations.append(("update", one.entity, same))
        try:
            answers = self._once(operations)
        except AzureError as error:
            if not is_stale(error):
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

    def _move(self, packed: Packed) -> str:
        name = f"overflow/{secrets.token_hex(16)}.json.gz"
        with translated(f"write blob {name}"):
            self._blobs.upload_blob(name, packed.data, overwrite=True)  # the client may try again after a lost answer
        return name


def _listed_size(record: Record) -> int:
    return sum(2 * (len(at.partition) + len(at.sort) + 18) for at in record.listings)
