"""`Store` on one DynamoDB table with the keys ``pk`` and ``sk``.

A listing is an item of its own that only names the record; it is written in the same transaction as the record and
read through it, so that a listing never shows an old body. Bodies that do not fit an item, and those of some KB that
are seldom read, lie in the archive bucket below ``overflow/`` under a new name for each write, which keeps readers and
writers apart; a function that dies between its two writes leaves such an object behind, and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from syndic.adapters.aws.dynamo.items import (
    IF_ABSENT,
    Item,
    if_etag,
    item_listings,
    key_item,
    leaves_something,
    listing_item,
    listing_key_item,
)
from syndic.adapters.aws.dynamo.single_writes import DynamoEach, Prepared, check_present
from syndic.adapters.aws.errors import back_off
from syndic.adapters.documents import check_key, check_keys, check_range, check_together, to_second
from syndic.errors import InvalidInputError, StaleWriteError, UnavailableError
from syndic.ports import ABSENT, Key, Record, Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

_TRIES: Final = 12


class DynamoStore(DynamoEach):
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
        if expect is not None and not leaves_something(expect):
            self._delete_alone(key, expect)
            return
        for attempt in range(_TRIES):
            old = self._item(key)
            if old is None and expect is None:
                return
            check_present(key, expect, old)
            assert old is not None  # noqa: S101 - it has raised
            same = if_etag(old["etag"]["S"])
            operations: list[dict[str, Any]] = [
                {"Delete": {"TableName": self._table, "Key": key_item(key), **same}},
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
                same = if_etag(old["etag"]["S"])
                operations.append({"Delete": {"TableName": self._table, "Key": key_item(key), **same}})
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

    def _replace(self, prepared: Sequence[Prepared]) -> list[Item | None]:
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

    def _only_raced(self, prepared: Sequence[Prepared]) -> bool:
        """Whether every condition that the caller gave still holds: then only an unconditional write was raced."""
        if all(one.write.expect is not None for one in prepared):
            return False
        for one in prepared:
            if one.write.expect is not None:
                item = self._item(one.key)
                if one.write.expect != (ABSENT if item is None else item["etag"]["S"]):
                    return False
        return True

    def _replaced(self, one: Prepared) -> Item | None:
        """The item that a write replaces, when it must be known: to check it, or to clean up after it."""
        expect = one.write.expect
        if expect == ABSENT or (expect is not None and not leaves_something(expect)):
            return None
        old = self._item(one.key)
        check_present(one.key, expect, old)
        return old

    def _operations(self, prepared: Sequence[Prepared], olds: Sequence[Item | None]) -> list[dict[str, Any]]:
        operations: list[dict[str, Any]] = []
        for one, old in zip(prepared, olds, strict=True):
            expect = one.write.expect
            expected = old["etag"]["S"] if old is not None else None if expect == ABSENT else expect
            condition = IF_ABSENT if expected is None else if_etag(expected)
            asked = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
            operations.append({"Put": {"TableName": self._table, "Item": one.item, **condition, **asked}})
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

    def _delete_alone(self, key: Key, expect: str) -> None:
        """Remove a record of which its etag says that it has neither listings nor a moved body."""
        if not expect:
            check_present(key, expect, None)
        operation = {"Delete": {"TableName": self._table, "Key": key_item(key), **if_etag(expect)}}
        self._commit([operation], what=f"delete record {key.partition} {key.sort}")
