"""`Store` on one DynamoDB table with the keys ``pk`` and ``sk``.

A listing is an item of its own that only names the record; it is written in the same transaction as the record and
read through it, so that a listing never shows an old body. Bodies that do not fit an item lie in the archive bucket
below ``overflow/`` under a new name for each write, which keeps readers and writers apart; a function that dies
between its two writes leaves such an object behind, and nothing else.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.dynamo_items import (
    INLINE_LIMIT,
    TOGETHER_LIMIT,
    Item,
    item_listings,
    key_item,
    leaves_something,
    listing_item,
    listing_key_item,
    new_etag,
    overflow_prefix,
    record_item,
)
from syndic.adapters.aws.dynamo_reads import DynamoReads
from syndic.adapters.aws.errors import BUSY, back_off, code_of, translate
from syndic.adapters.bodies import Packed, pack
from syndic.adapters.documents import check_key, check_keys, check_range, check_together, encode_body, to_second
from syndic.errors import InvalidInputError, StaleWriteError, UnavailableError
from syndic.ports import ABSENT, Key, Record, Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

_TRIES: Final = 12
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A write with its body packed and, when it is large, already in the bucket."""

    write: Write
    item: Item
    etag: str
    moved_to: str | None

    @property
    def key(self) -> Key:
        return self.write.record.key


class DynamoStore(DynamoReads):
    """Records in DynamoDB.

    Args:
        client: A DynamoDB client.
        table: The table's name; its keys are the strings ``pk`` and ``sk``.
        s3: An S3 client, for bodies over about 350 KB compressed.
        bucket: The bucket for them.
        sleep: Waits between tries; a test passes its own.
    """

    def __init__(
        self,
        client: DynamoDBClient,
        table: str,
        *,
        s3: S3Client,
        bucket: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(client, table, s3=s3, bucket=bucket, sleep=sleep)

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write one record under its condition."""
        return self._write([Write(record, expect)])[0]

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write records of one partition, all or none."""
        check_together(writes)
        return self._write(writes)

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Remove a record, its listings and its moved body."""
        check_key(key)
        if expect == ABSENT:
            raise InvalidInputError("deleting a record that must not exist has no meaning", where="expect")
        for attempt in range(_TRIES):
            old = self._item(key)
            if old is None and expect is None:
                return
            _check(key, expect, old)
            assert old is not None  # noqa: S101 - _check has raised
            condition = {"ConditionExpression": "etag = :etag", "ExpressionAttributeValues": {":etag": old["etag"]}}
            operations: list[dict[str, Any]] = [
                {"Delete": {"TableName": self._table, "Key": key_item(key), **condition}},
                *self._unlist(key, old),
            ]
            try:
                self._commit(operations, what=f"delete record {key.partition} {key.sort}")
            except StaleWriteError:
                if expect is not None:
                    raise
                back_off(attempt, self._sleep)
            else:
                self._drop_moved(old)
                return
        raise UnavailableError(f"record {key.partition} {key.sort} changed at each of {_TRIES} tries to delete it")

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition with their listings and moved bodies, all or none."""
        check_keys(keys)
        for attempt in range(_TRIES):
            present = self._batch(dict.fromkeys(keys))
            if not present:
                return
            operations: list[dict[str, Any]] = []
            for key, old in present.items():
                condition = {"ConditionExpression": "etag = :etag", "ExpressionAttributeValues": {":etag": old["etag"]}}
                operations.append({"Delete": {"TableName": self._table, "Key": key_item(key), **condition}})
                operations += self._unlist(key, old)
            try:
                self._commit(operations, what=f"delete {len(present)} record(s) of {keys[0].partition}")
            except StaleWriteError:
                back_off(attempt, self._sleep)
            else:
                for old in present.values():
                    self._drop_moved(old)
                return
        raise UnavailableError(f"records of {keys[0].partition} changed at each of {_TRIES} tries to delete them")

    def remove_expired(
        self,
        partition: str,
        *,
        now: datetime,  # noqa: ARG002
        start: str | None = None,
        end: str | None = None,
        most: int = 500,  # noqa: ARG002
    ) -> int:
        """Nothing: DynamoDB removes items by their ``ttl`` within some days, and charges no write for it."""
        check_range(partition, "", start, end, 1)
        return 0

    def _write(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        prepared = self._prepare(writes)
        try:
            olds = self._replace(prepared)
        except StaleWriteError:
            for one in prepared:
                self._drop_moved(one.item)
            raise
        for old in olds:
            self._drop_moved(old)
        return tuple(
            Record(
                one.key, one.write.record.body, one.etag, one.write.record.listings, to_second(one.write.record.expires)
            )
            for one in prepared
        )

    def _replace(self, prepared: Sequence[_Prepared]) -> list[Item | None]:
        """Write the items; returns those that they replaced, as far as they must be known."""
        what = f"write {len(prepared)} record(s) of {prepared[0].key.partition}"
        for attempt in range(_TRIES):
            olds = [self._replaced(one) for one in prepared]
            try:
                self._commit(self._operations(prepared, olds), what=what)
            except StaleWriteError:
                if not self._only_raced(prepared):
                    raise
                back_off(attempt, self._sleep)
            else:
                return olds
        raise StaleWriteError(f"{what}: others wrote them at each of {_TRIES} tries")

    def _only_raced(self, prepared: Sequence[_Prepared]) -> bool:
        """Whether every condition that the caller gave still holds: then only an unconditional write was raced."""
        if all(one.write.expect is not None for one in prepared):
            return False
        for one in prepared:
            if one.write.expect is not None:
                item = self._item(one.key)
                if one.write.expect != (ABSENT if item is None else item["etag"]["S"]):
                    return False
        return True

    def _prepare(self, writes: Sequence[Write]) -> list[_Prepared]:
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
            moved_to = self._move(one, write.record.expires) if len(one.data) + listed > room else None
            etag = new_etag(listed=bool(write.record.listings), moved=moved_to is not None)
            prepared.append(_Prepared(write, record_item(write.record, one, etag, moved_to), etag, moved_to))
        return prepared

    def _replaced(self, one: _Prepared) -> Item | None:
        """The item that a write replaces, when it must be known: to check it, or to clean up after it."""
        expect = one.write.expect
        if expect == ABSENT or (expect is not None and not leaves_something(expect)):
            return None
        old = self._item(one.key)
        _check(one.key, expect, old)
        return old

    def _operations(self, prepared: Sequence[_Prepared], olds: Sequence[Item | None]) -> list[dict[str, Any]]:
        operations: list[dict[str, Any]] = []
        for one, old in zip(prepared, olds, strict=True):
            expect = one.write.expect
            expected = old["etag"]["S"] if old is not None else None if expect == ABSENT else expect
            put: dict[str, Any] = {"TableName": self._table, "Item": one.item}
            if expected is None:
                put["ConditionExpression"] = "attribute_not_exists(pk)"
            else:
                put["ConditionExpression"] = "etag = :etag"
                put["ExpressionAttributeValues"] = {":etag": {"S": expected}}
            put["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
            operations.append({"Put": put})
            kept = {(at.partition, at.sort) for at in one.write.record.listings}
            operations += self._unlist(one.key, old, kept=kept)
            operations += [
                {"Put": {"TableName": self._table, "Item": listing_item(at, one.key)}}
                for at in dict.fromkeys(one.write.record.listings)
                if old is None or at not in item_listings(old)
            ]
        return operations

    def _unlist(self, key: Key, old: Item | None, *, kept: frozenset[Any] | set[Any] = frozenset()) -> list[Any]:
        return [
            {"Delete": {"TableName": self._table, "Key": listing_key_item(at, key)}}
            for at in (item_listings(old) if old is not None else ())
            if (at.partition, at.sort) not in kept
        ]

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
                    if _was_ours(error, operations):
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


def _check(key: Key, expect: str | None, old: Item | None) -> None:
    if expect is not None and (old is None or old["etag"]["S"] != expect):
        raise StaleWriteError(f"record {key.partition} {key.sort} is not as expected; read it again")


def _reasons(error: ClientError) -> set[str]:
    reasons = error.response.get("CancellationReasons") or []
    return {code_of(error), *(str(reason.get("Code")) for reason in reasons)}


def _was_ours(error: ClientError, operations: list[dict[str, Any]]) -> bool:
    """Whether the single write that failed had in fact been done: its answer was lost and the client tried again."""
    present: Any = error.response.get("Item") or {}
    put = operations[0].get("Put", {})
    return len(operations) == 1 and "etag" in present and present["etag"] == put.get("Item", {}).get("etag")
