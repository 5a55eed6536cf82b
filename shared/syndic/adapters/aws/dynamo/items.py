"""How records and listings look as items of the table."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from syndic.adapters.bodies import Packed, unpack
from syndic.ports import Key, Listing, Record

INLINE_LIMIT: Final = 350_000  # of DynamoDB's 400 KB, the rest is for keys and listings
SELDOM_READ_LIMIT: Final = 4096
"""In a transaction a KB costs two units, on demand 1.25e-6 $: an object's write, 5e-6 $, costs as much as four KB."""

TOGETHER_LIMIT: Final = 3_500_000  # of DynamoDB's 4 MB for one transaction

KEPT_DAYS: Final = (400, 1300, 4000)
"""Moved bodies of records that expire lie below ``overflow/<days>/``: the bucket's lifecycle takes them, as DynamoDB
removes an item and tells nobody."""

Item = dict[str, Any]

IF_ABSENT: Final[Item] = {"ConditionExpression": "attribute_not_exists(pk)"}
"""Condition of an operation on an item that must not be there."""


def overflow_prefix(expires: datetime | None, now: datetime) -> str:
    """Where the body of a record that does not fit its item is moved to."""
    if expires is None:
        return "overflow/"
    left = expires - now + timedelta(days=7)  # DynamoDB takes some days to remove what is over
    days = next((days for days in KEPT_DAYS if left < timedelta(days=days)), None)
    return "overflow/" if days is None else f"overflow/{days}/"


def new_etag(*, listed: bool, moved: bool) -> str:
    """A fresh etag. Its flags tell what replacing the record must clean up, so that most writes need no read."""
    return secrets.token_hex(8) + ("l" if listed else "") + ("o" if moved else "")


def leaves_something(etag: str) -> bool:
    """Whether a record with this etag has listings or a moved body."""
    return etag.endswith(("l", "o"))


def key_item(key: Key) -> Item:
    """The primary key of a record's item."""
    return {"pk": {"S": key.partition}, "sk": {"S": key.sort}}


def listing_key_item(listing: Listing, key: Key) -> Item:
    """The primary key of a listing's item.

    A space sorts before every character that a key may have: listings stand in the order of their sort text. The
    hash keeps apart several records listed at one place, and within DynamoDB's 1,024 bytes.
    """
    digest = hashlib.sha256(f"{key.partition} {key.sort}".encode()).hexdigest()[:32]
    return {"pk": {"S": listing.partition}, "sk": {"S": f"{listing.sort} {digest}"}}


def listing_item(listing: Listing, key: Key) -> Item:
    """A listing's item, which only names the record."""
    return {**listing_key_item(listing, key), "of": {"L": [{"S": key.partition}, {"S": key.sort}]}}


def listed_key(item: Item) -> Key | None:
    """The key of the record that a listing's item stands for; None for a record's own item."""
    named = item.get("of", {}).get("L")
    return Key(named[0]["S"], named[1]["S"]) if named else None


def record_item(record: Record, packed: Packed, etag: str, moved_to: str | None) -> Item:
    """A record's item: its body, or the name of the object that holds it."""
    item = {**key_item(record.key), "etag": {"S": etag}}
    if moved_to is None:
        item["body"] = {"B": packed.data} if packed.compressed else {"S": packed.data.decode("ascii")}
    else:
        item["moved_to"] = {"S": moved_to}
    if record.listings:
        item["listings"] = {"L": [{"S": f"{at.partition} {at.sort}"} for at in record.listings]}
    if record.expires is not None:
        item["ttl"] = {"N": str(int(record.expires.timestamp()))}
    return item


def item_expires(item: Item) -> datetime | None:
    """From when on nobody needs the record."""
    return datetime.fromtimestamp(int(item["ttl"]["N"]), UTC) if "ttl" in item else None


def item_listings(item: Item) -> tuple[Listing, ...]:
    """The listings that a record's item names."""
    return tuple(Listing(*at["S"].split(" ")) for at in item.get("listings", {}).get("L", []))


def item_key(item: Item) -> Key:
    """The key of a record's own item."""
    return Key(item["pk"]["S"], item["sk"]["S"])


def item_body(item: Item) -> Any:
    """The body kept in the item itself."""
    body = item["body"]
    return unpack(bytes(body["B"])) if "B" in body else json.loads(body["S"])


def if_etag(etag: str) -> dict[str, Any]:
    """Condition of an operation on an item that must be there as it was read."""
    return {"ConditionExpression": "etag = :etag", "ExpressionAttributeValues": {":etag": {"S": etag}}}


def was_ours(error: ClientError, operations: list[dict[str, Any]]) -> bool:
    """Whether the single write that failed had in fact been done: its answer was lost and the client tried again."""
    present: Any = error.response.get("Item") or {}
    put = operations[0].get("Put", {})
    return len(operations) == 1 and "etag" in present and present["etag"] == put.get("Item", {}).get("etag")
