"""Writes of single items: half the price of a transaction's, where nothing has to happen together."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.dynamo.items import (
    IF_ABSENT,
    INLINE_LIMIT,
    SELDOM_READ_LIMIT,
    TOGETHER_LIMIT,
    Item,
    if_etag,
    key_item,
    listing_item,
    listing_key_item,
    new_etag,
    overflow_prefix,
    record_item,
    was_ours,
)
from syndic.adapters.aws.dynamo.reads import DynamoReads
from syndic.adapters.aws.errors import BUSY, back_off, code_of, translate, translated
from syndic.adapters.bodies import Packed, pack
from syndic.adapters.documents import check_key, check_keys, check_together, encode_body
from syndic.errors import InvalidInputError, StaleWriteError, UnavailableError
from syndic.ports import ABSENT, Key, Record, Write

AT_ONCE: Final = 25
"""Operations that BatchWriteItem takes."""

_TRIES: Final = 12
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A write with its body packed and, when it is large, already in the bucket."""

    write: Write
    item: Item
    etag: str
    moved_to: str | None

    @property
    def key(self) -> Key:
        """Where the record lies."""
        return self.write.record.key


class DynamoEach(DynamoReads):
    """What is written item by item."""

    def put_each(self, records: Sequence[Record]) -> None:
        """Write records that are not there yet: all listings in batches, then each record under its condition."""
        writes = [Write(record, ABSENT) for record in records]
        check_together(writes)
        prepared = self._prepare(writes)
        listed = [listing_item(at, one.key) for one in prepared for at in dict.fromkeys(one.write.record.listings)]
        self._in_batches([{"PutRequest": {"Item": item}} for item in listed], what="list records")
        for one in prepared:
            if not self._put_absent(one):
                self._drop_moved(one.item)

    def delete_each(self, keys: Sequence[Key]) -> None:
        """Remove records without listings, in batches."""
        check_keys(keys)
        gone = [{"DeleteRequest": {"Key": key_item(key)}} for key in dict.fromkeys(keys)]
        self._in_batches(gone, what=f"delete {len(gone)} record(s) of {keys[0].partition}")

    def discard(self, record: Record) -> None:
        """Remove a record as it was read: its listings, then itself under the condition that it is that one."""
        key, what = record.key, f"delete record {record.key.partition} {record.key.sort}"
        check_key(key)
        moved = self._item(key) if record.etag.endswith("o") else None
        for at in dict.fromkeys(record.listings):
            self._commit([{"Delete": {"TableName": self._table, "Key": listing_key_item(at, key)}}], what=what)
        self._commit([{"Delete": {"TableName": self._table, "Key": key_item(key), **if_etag(record.etag)}}], what=what)
        self._drop_moved(moved)

    def _put_absent(self, one: Prepared) -> bool:
        """Write one item if it is not there; returns whether it is there now as given."""
        asked = {**IF_ABSENT, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        put = {"Put": {"TableName": self._table, "Item": one.item, **asked}}
        try:
            self._commit([put], what=f"write record {one.key.partition} {one.key.sort}")
        except StaleWriteError:
            return False
        return True

    def _commit(self, operations: list[dict[str, Any]], *, what: str) -> None:
        """Do all operations or none. Raises `StaleWriteError` when a condition fails."""
        if len(operations) > 100:
            raise InvalidInputError(f"{what}: records with their old and new listings are over 100 places")
        for attempt in range(_TRIES):
            try:
                self._once(operations)
            except ClientError as error:
                codes = _reasons(error)
                if "ConditionalCheckFailedException" in codes or "ConditionalCheckFailed" in codes:
                    if was_ours(error, operations):
                        return
                    raise StaleWriteError(f"{what}: a record is not as expected; read it again") from error
                if not codes & BUSY:
                    raise translate(error, what) from error
                back_off(attempt, self._sleep)
            except BotoCoreError as error:
                raise translate(error, what) from error
            else:
                return
        raise UnavailableError(f"{what}: the table was busy at each of {_TRIES} tries")

    def _once(self, operations: list[dict[str, Any]]) -> None:
        if len(operations) > 1:
            self._client.transact_write_items(TransactItems=operations, ClientRequestToken=secrets.token_hex(16))  # type: ignore[arg-type]
        elif "Put" in operations[0]:
            self._client.put_item(**operations[0]["Put"])
        else:
            self._client.delete_item(**operations[0]["Delete"])

    def _in_batches(self, operations: Sequence[dict[str, Any]], *, what: str) -> None:
        """Puts or deletes without conditions, in any order."""
        left = list(operations)
        attempt = 0
        while left:
            asked, left = left[:AT_ONCE], left[AT_ONCE:]
            with translated(what):
                answer = self._client.batch_write_item(RequestItems={self._table: asked})  # type: ignore[dict-item]
            again: list[Any] = list(answer.get("UnprocessedItems", {}).get(self._table, ()))
            left += again
            attempt = attempt + 1 if len(again) == len(asked) else 0
            if attempt >= _TRIES:
                raise UnavailableError(f"{what}: the table was busy at each of {_TRIES} tries")
            if again:
                back_off(attempt, self._sleep)

    def _prepare(self, writes: Sequence[Write]) -> list[Prepared]:
        packed: list[Packed] = []
        for write in writes:
            check_key(write.record.key)
            for listing in write.record.listings:
                check_key(listing)
            packed.append(pack(encode_body(write.record.body, write.record.key)))
        room = INLINE_LIMIT
        if sum(len(one.data) for one in packed) > TOGETHER_LIMIT:
            room = TOGETHER_LIMIT // len(packed)
        prepared = []
        for write, one in zip(writes, packed, strict=True):
            listed = sum(len(at.partition) + len(at.sort) + 8 for at in write.record.listings)
            inline = min(room, SELDOM_READ_LIMIT) if write.seldom_read else room
            moved_to = self._move(one, write.record.expires) if len(one.data) + listed > inline else None
            etag = new_etag(listed=bool(write.record.listings), moved=moved_to is not None)
            prepared.append(Prepared(write, record_item(write.record, one, etag, moved_to), etag, moved_to))
        return prepared

    def _move(self, packed: Packed, expires: datetime | None) -> str:
        name = f"{overflow_prefix(expires, datetime.now(UTC))}{secrets.token_hex(16)}.json.gz"
        self._store_object(name, packed.data)
        return name

    def _drop_moved(self, item: Item | None) -> None:
        name = item.get("moved_to", {}).get("S") if item is not None else None
        if name is None:
            return
        try:
            self._s3.delete_object(Bucket=self._bucket, Key=name)
        except (ClientError, BotoCoreError) as error:
            _log.warning("overflow object left behind", extra={"object": name, "reason": str(error)})


def check_present(key: Key, expect: str | None, old: Item | None) -> None:
    """Raise `StaleWriteError` unless an item is as expected."""
    if expect is not None and (old is None or old["etag"]["S"] != expect):
        raise StaleWriteError(_not_as_expected(key))


def _not_as_expected(key: Key) -> str:
    return f"record {key.partition} {key.sort} is not as expected; read it again"


def _reasons(error: ClientError) -> set[str]:
    reasons = error.response.get("CancellationReasons") or []
    return {code_of(error), *(str(reason.get("Code")) for reason in reasons)}
