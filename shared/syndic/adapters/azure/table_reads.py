"""The reading half of the Table Storage store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from azure.core.exceptions import AzureError

from syndic.adapters.azure.errors import MISSING, back_off, code_of, translate, translated
from syndic.adapters.azure.table_entities import (
    LISTED_SORT,
    Rows,
    entity_body,
    entity_expires,
    entity_key,
    entity_rows,
    listed_key,
    moment_text,
    sort_of,
)
from syndic.adapters.bodies import unpack
from syndic.adapters.documents import check_key, check_range, page_token, read_token
from syndic.errors import NotFoundError, UnavailableError
from syndic.ports import Key, Listing, Page, Place, Record

if TYPE_CHECKING:
    from azure.data.tables import TableClient
    from azure.storage.blob import ContainerClient

_TRIES: Final = 12
_LAST: Final = "ÿ"  # sorts after everything that a key may hold
_PAGE: Final = 1000
_READERS: Final = 8

Stored = Mapping[str, Any]


class TableReads:
    """Get and query. The service is always consistent, gives rows in ascending order only, and may give empty pages."""

    def __init__(self, table: TableClient, *, blobs: ContainerClient, sleep: Callable[[float], None]) -> None:
        self._table, self._blobs, self._sleep = table, blobs, sleep

    def get(self, key: Key) -> Record | None:
        """The record at a key, or None."""
        check_key(key)
        found = self._found(key)
        return None if found is None else found[0]

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records at some keys."""
        for key in keys:
            check_key(key)
        return {found[0].key: found[0] for found in self._many(list(dict.fromkeys(keys))) if found is not None}

    def _found(self, key: Key) -> tuple[Record, Rows] | None:
        """The record at a key and the rows of its listings."""
        for attempt in range(_TRIES):
            entity = self._entity(key)
            if entity is None:
                return None
            try:
                return self._record(entity), entity_rows(entity)
            except NotFoundError:  # replaced between our two reads: its body moved
                back_off(attempt, self._sleep)
        raise UnavailableError(f"the body of record {key.partition} {key.sort} is missing from its container")

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        start: str | None = None,
        end: str | None = None,
        descending: bool = False,
        limit: int = 100,
        token: str | None = None,
    ) -> Page:
        """One page of a partition's records and listings in sort order.

        The service does not list backwards: a descending page reads the row keys of the whole range first.
        """
        check_range(partition, prefix, start, end, limit)
        arguments = (partition, prefix, start, end, descending)
        after = None if token is None else read_token(token, arguments=arguments)

        def holds(sort: str) -> bool:
            return sort.startswith(prefix) and (not start or sort >= start) and (not end or sort < end)

        low, high = max(prefix, start or "")[:LISTED_SORT], min(prefix + _LAST, end or _LAST)
        rows = self._backwards if descending else self._forwards
        found: list[tuple[str, Record]] = []
        for entity, record in self._listed(rows(partition, low, high, after, limit + 1)):
            if holds(sort_of(entity)):
                found.append((entity["RowKey"], record))
            if len(found) > limit:
                break
        more = page_token(found[limit - 1][0], arguments=arguments) if len(found) > limit else None
        return Page(tuple(record for _, record in found[:limit]), more)

    def list_places(self, partition: str, *, start: str | None = None, end: str | None = None) -> Iterator[Place]:
        """What is found in a range of a partition. A listing counts when its record names it, so records are read."""
        check_range(partition, "", start, end, 1)
        low, high = (start or "")[:LISTED_SORT], end or _LAST
        for entity, record in self._listed(self._rows(partition, "RowKey ge @low", low, high)):
            sort = sort_of(entity)
            if (not start or sort >= start) and (not end or sort < end):
                yield Place(sort, record.key.partition, record.key.sort)

    def _forwards(self, partition: str, low: str, high: str, after: str | None, wanted: int) -> Iterator[list[Stored]]:
        """Rows in ascending order, some at a time: as many as are wanted, then more in case some fall away."""
        bounds = "RowKey ge @low" if after is None else "RowKey gt @low"
        yield from self._rows(partition, bounds, after or low, high, per_page=min(wanted, _PAGE))

    def _backwards(self, partition: str, low: str, high: str, after: str | None, wanted: int) -> Iterator[list[Stored]]:
        pages = self._rows(partition, "RowKey ge @low", low, after or high, select=["RowKey"])
        keys = [row["RowKey"] for page in pages for row in page]
        while keys:
            last, keys = keys[-wanted:], keys[:-wanted]
            rows = [row for page in self._rows(partition, "RowKey ge @low", last[0], last[-1] + " ") for row in page]
            yield rows[::-1]

    def _rows(
        self,
        partition: str,
        lower: str,
        low: str,
        high: str,
        *,
        per_page: int = _PAGE,
        select: Sequence[str] | None = None,
    ) -> Iterator[list[Stored]]:
        with translated(f"list {partition}"):
            pages = self._table.query_entities(
                f"PartitionKey eq @partition and {lower} and RowKey lt @high",
                parameters={"partition": partition, "low": low, "high": high},
                results_per_page=per_page,
                select=None if select is None else list(select),
            ).by_page()
            for page in pages:
                yield list(page)

    def _over(self, partition: str, start: str | None, end: str | None, now: datetime) -> Iterator[list[Stored]]:
        """Rows of records in a range whose time is over, without their bodies."""
        with translated(f"list {partition}"):
            pages = self._table.query_entities(
                "PartitionKey eq @partition and RowKey ge @low and RowKey lt @high and expires le @now",
                parameters={
                    "partition": partition, "low": start or "", "high": end or _LAST, "now": moment_text(now)
                },
                results_per_page=_PAGE,
                select=["PartitionKey", "RowKey", "moved_to", *(f"listed{piece}" for piece in range(4))],
            ).by_page()  # fmt: skip
            for page in pages:
                yield list(page)

    def _listed(self, pages: Iterable[list[Stored]]) -> Iterator[tuple[Stored, Record]]:
        """The rows' records. A listing is read through to its record, and left out unless the record names its row."""
        for rows in pages:
            keys = list(dict.fromkeys(key for row in rows if (key := listed_key(row)) is not None))
            records = dict(zip(keys, self._many(keys), strict=True))
            for row in rows:
                key = listed_key(row)
                if key is None:
                    record = self._whole(row)
                    if record is not None:
                        yield row, record
                    continue
                listed = records[key]
                if listed is not None and listed[1].get(Listing(row["PartitionKey"], row["sort"])) == row["token"]:
                    yield row, listed[0]

    def _many(self, keys: Sequence[Key]) -> list[tuple[Record, Rows] | None]:
        """Records by key, a few at a time: the service has no call that reads several."""
        if len(keys) < 2:
            return [self._found(key) for key in keys]
        with ThreadPoolExecutor(max_workers=min(_READERS, len(keys))) as readers:
            return list(readers.map(self._found, keys))

    def _whole(self, entity: Stored) -> Record | None:
        try:
            return self._record(entity)
        except NotFoundError:
            return self.get(entity_key(entity))

    def _entity(self, key: Key) -> Stored | None:
        try:
            entity: Stored = self._table.get_entity(key.partition, key.sort)
        except AzureError as error:
            if code_of(error) in MISSING:
                return None
            raise translate(error, f"read record {key.partition} {key.sort}") from error
        return entity

    def _record(self, entity: Stored) -> Record:
        moved_to = entity.get("moved_to")
        body = entity_body(entity) if moved_to is None else unpack(self._load(moved_to))
        return Record(entity_key(entity), body, etag_of(entity), tuple(entity_rows(entity)), entity_expires(entity))

    def _load(self, name: str) -> bytes:
        with translated(f"read blob {name}"):
            content: bytes = self._blobs.download_blob(name).readall()
        return content


def etag_of(entity: Any) -> str:
    """An entity's etag, with flags that tell what replacing the record must clean up: most writes need no read."""
    return marked(entity.metadata["etag"], listed="listed0" in entity, moved="moved_to" in entity)


def marked(etag: str, *, listed: bool, moved: bool) -> str:
    """The service's etag with the flags."""
    return f"{etag}{'l' if listed else ''}{'o' if moved else ''}"


def bare(etag: str) -> str:
    """The service's etag without the flags. It ends with a quotation mark."""
    return etag.rstrip("lo")
