"""The reading half of the DynamoDB store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.dynamo.items import (
    Item,
    item_body,
    item_expires,
    item_key,
    item_listings,
    key_item,
    listed_key,
)
from syndic.adapters.aws.errors import back_off, translate, translated
from syndic.adapters.bodies import unpack
from syndic.adapters.documents import check_key, check_range, page_token, read_token
from syndic.errors import NotFoundError, UnavailableError
from syndic.ports import Key, Page, Place, Record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

_TRIES: Final = 12
_LAST: Final = "\U0010ffff"  # sorts after everything that a key may hold


class DynamoReads:
    """Get and query, always consistently."""

    def __init__(
        self, client: DynamoDBClient, table: str, *, s3: S3Client, bucket: str, sleep: Callable[[float], None]
    ) -> None:
        self._client, self._table, self._s3, self._bucket, self._sleep = client, table, s3, bucket, sleep

    def get(self, key: Key) -> Record | None:
        """The record at a key, or None."""
        check_key(key)
        for attempt in range(_TRIES):
            item = self._item(key)
            if item is None:
                return None
            try:
                return self._record(item)
            except NotFoundError:  # replaced between our two reads: its body moved
                back_off(attempt, self._sleep)
        raise UnavailableError(f"the body of record {key.partition} {key.sort} is missing from bucket {self._bucket}")

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records at some keys."""
        for key in keys:
            check_key(key)
        return {record.key: record for record in self._records(self._batch(dict.fromkeys(keys)).values())}

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
        """One page of a partition's records and listings in sort order."""
        check_range(partition, prefix, start, end, limit)
        arguments = (partition, prefix, start, end, descending)
        low, high = max(prefix, start or "") or " ", _before(prefix, end)
        after = None if token is None else read_token(token, arguments=arguments)
        if low > high or (after is not None and not low <= after <= high):
            return Page(())
        items = self._items(partition, low, high, descending=descending, limit=limit + 1, after=after)
        page = items[:limit]
        more = page_token(page[-1]["sk"]["S"], arguments=arguments) if len(items) > limit else None
        return Page(tuple(self._records(page)), more)

    def list_places(self, partition: str, *, start: str | None = None, end: str | None = None) -> Iterator[Place]:
        """What is found in a range of a partition: the items there, not the records that listings name."""
        check_range(partition, "", start, end, 1)
        low, high = start or " ", _before("", end)
        begin: dict[str, Any] | None = {}
        while begin is not None and low <= high:
            with translated(f"list {partition}"):
                answer = self._client.query(
                    TableName=self._table,
                    ConsistentRead=True,
                    KeyConditionExpression="pk = :pk AND sk BETWEEN :low AND :high",
                    ExpressionAttributeValues={":pk": {"S": partition}, ":low": {"S": low}, ":high": {"S": high}},
                    ProjectionExpression="pk, sk, #of",
                    ExpressionAttributeNames={"#of": "of"},
                    **begin,
                )
            for item in answer["Items"]:
                key = listed_key(item) or item_key(item)
                yield Place(item["sk"]["S"].partition(" ")[0], key.partition, key.sort)
            last = answer.get("LastEvaluatedKey")
            begin = None if last is None else _begin(last)

    def _items(
        self, partition: str, low: str, high: str, *, descending: bool, limit: int, after: str | None
    ) -> list[Item]:
        items: list[Item] = []
        begin: dict[str, Any] = {} if after is None else _begin({"pk": {"S": partition}, "sk": {"S": after}})
        while True:
            with translated(f"list {partition}"):
                answer = self._client.query(
                    TableName=self._table,
                    ConsistentRead=True,
                    KeyConditionExpression="pk = :pk AND sk BETWEEN :low AND :high",
                    ExpressionAttributeValues={":pk": {"S": partition}, ":low": {"S": low}, ":high": {"S": high}},
                    ScanIndexForward=not descending,
                    Limit=limit - len(items),
                    **begin,
                )
            items += answer["Items"]
            last = answer.get("LastEvaluatedKey")
            if last is None or len(items) >= limit:
                return items
            begin = _begin(last)

    def _records(self, items: Iterable[Item]) -> Iterable[Record]:
        """The items' records; a listing is read through to its record. One that was deleted meanwhile is left out."""
        items = list(items)
        listed = self._batch({key for item in items if (key := listed_key(item)) is not None})
        for item in items:
            target = listed_key(item)
            found = item if target is None else listed.get(target)
            if found is None:
                continue
            try:
                yield self._record(found)
            except NotFoundError:
                record = self.get(item_key(found))
                if record is not None:
                    yield record

    def _batch(self, keys: Iterable[Key]) -> dict[Key, Item]:
        wanted: list[dict[str, Any]] = [key_item(key) for key in keys]
        found: dict[Key, Item] = {}
        attempt = 0
        while wanted:
            asked, wanted = wanted[:100], wanted[100:]
            with translated("read listed records"):
                answer = self._client.batch_get_item(
                    RequestItems={self._table: {"Keys": asked, "ConsistentRead": True}}
                )
            items = answer["Responses"].get(self._table, [])
            found |= {item_key(item): item for item in items}
            unprocessed = answer.get("UnprocessedKeys", {}).get(self._table)
            left: list[Any] = list(unprocessed["Keys"]) if unprocessed else []
            wanted += left
            attempt = attempt + 1 if left and not items else 0
            if attempt >= _TRIES:
                raise UnavailableError(f"read listed records: the table was busy at each of {_TRIES} tries")
            if left:
                back_off(attempt, self._sleep)
        return found

    def _item(self, key: Key) -> Item | None:
        with translated(f"read record {key.partition} {key.sort}"):
            answer = self._client.get_item(TableName=self._table, Key=key_item(key), ConsistentRead=True)
        return answer.get("Item")

    def _record(self, item: Item) -> Record:
        moved_to = item.get("moved_to", {}).get("S")
        body = item_body(item) if moved_to is None else unpack(self._load_object(moved_to))
        return Record(item_key(item), body, item["etag"]["S"], item_listings(item), item_expires(item))

    def _load_object(self, name: str) -> bytes:
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except (ClientError, BotoCoreError) as error:
            raise translate(error, f"read object {name}") from error

    def _store_object(self, name: str, data: bytes) -> None:
        with translated(f"write object {name}"):
            self._s3.put_object(Bucket=self._bucket, Key=name, Body=data, ContentType="application/gzip")


def _begin(last: Any) -> dict[str, Any]:
    return {"ExclusiveStartKey": last}


def _before(prefix: str, end: str | None) -> str:
    """The greatest sort text, as DynamoDB's BETWEEN takes it, of those that have the prefix and are below `end`."""
    high = prefix + _LAST
    if end:
        high = min(high, end[:-1] + chr(ord(end[-1]) - 1) + _LAST)
    return high
