"""How records and listings look as entities, and what Table Storage takes.

The limits are those of the service, checked here because the emulator is laxer:
https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from syndic.adapters.bodies import Packed, unpack
from syndic.errors import TooLargeError
from syndic.ports import Key, Listing, Record

ENTITY_LIMIT: Final = 1_048_576
PROPERTIES: Final = 252
BINARY_LIMIT: Final = 60_000  # of 64 KB
STRING_LIMIT: Final = 31_000  # characters, of 64 KB in UTF-16
BATCH: Final = 100
BATCH_BYTES: Final = 2_400_000  # of 4 MiB for a batch, in which binary travels as base64
INLINE_LIMIT: Final = 900_000
LISTED_SORT: Final = 478  # with a space and a hash of 32 this fills a key of 512 characters

Entity = dict[str, Any]
Rows = dict[Listing, str]
"""The listings of a record, each with the token of the write that made its row."""


def record_entity(record: Record, packed: Packed, token: str, moved_to: str | None) -> Entity:
    """A record's entity without its listings: its body in pieces that fit a property, or the name of its blob."""
    entity: Entity = {**key_entity(record.key), "token": token}
    if moved_to is not None:
        entity["moved_to"] = moved_to
    elif packed.compressed:
        pieces = range(0, len(packed.data), BINARY_LIMIT)
        entity |= {f"body{place}": packed.data[at : at + BINARY_LIMIT] for place, at in enumerate(pieces)}
    else:
        entity["body"] = packed.data.decode("ascii")
    if record.expires is not None:
        entity["expires"] = moment_text(record.expires)
    return entity


def moment_text(moment: datetime) -> str:
    """A moment as a text that sorts by time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def entity_expires(entity: Mapping[str, Any]) -> datetime | None:
    """From when on nobody needs the record."""
    return datetime.fromisoformat(entity["expires"]) if "expires" in entity else None


def with_rows(entity: Entity, rows: Rows) -> Entity:
    """The entity that also names the rows of its listings. Raises `TooLargeError` unless the service takes it."""
    names = "\n".join(f"{at.partition} {at.sort} {token}" for at, token in rows.items())
    pieces = range(0, len(names), STRING_LIMIT)
    listed = {f"listed{place}": names[at : at + STRING_LIMIT] for place, at in enumerate(pieces)}
    whole = {name: value for name, value in entity.items() if not name.startswith("listed")} | listed
    check_entity(whole)
    return whole


def key_entity(key: Key) -> Entity:
    """The key of a record's own entity, as the service names it."""
    return {"PartitionKey": key.partition, "RowKey": key.sort}


def entity_key(entity: Mapping[str, Any]) -> Key:
    """The key of a record's own entity."""
    return Key(entity["PartitionKey"], entity["RowKey"])


def entity_body(entity: Mapping[str, Any]) -> Any:
    """The body kept in the entity itself."""
    if "body" in entity:
        return json.loads(entity["body"])
    return unpack(b"".join(_pieces(entity, "body")))


def entity_rows(entity: Mapping[str, Any] | None) -> Rows:
    """The listings that a record's entity names, with their rows' tokens."""
    names = "".join(_pieces(entity, "listed")) if entity is not None else ""
    split = [name.split(" ") for name in names.split("\n")] if names else []
    return {Listing(partition, sort): token for partition, sort, token in split}


def _pieces(entity: Mapping[str, Any], name: str) -> Sequence[Any]:
    pieces: list[Any] = []
    while f"{name}{len(pieces)}" in entity:
        pieces.append(entity[f"{name}{len(pieces)}"])
    return pieces


def listing_entity(listing: Listing, key: Key, token: str) -> Entity:
    """A listing's row, which only names the record.

    A space sorts before every character that a key may have, so listings stand in the order of their sort text; the
    hash keeps several records, and several writes of one record, at one place apart. Beyond 478 characters the order
    is that of the hash.
    """
    digest = hashlib.sha256(f"{key.partition} {key.sort} {token}".encode()).hexdigest()[:32]
    return {
        "PartitionKey": listing.partition,
        "RowKey": f"{listing.sort[:LISTED_SORT]} {digest}",
        "sort": listing.sort,
        "of_partition": key.partition,
        "of_sort": key.sort,
        "token": token,
    }


def listed_key(entity: Mapping[str, Any]) -> Key | None:
    """The key of the record that a listing's entity stands for; None for a record's own entity."""
    return Key(entity["of_partition"], entity["of_sort"]) if "of_partition" in entity else None


def sort_of(entity: Mapping[str, Any]) -> str:
    """The sort text under which an entity is found."""
    return str(entity.get("sort", entity["RowKey"]))


def size_of(entity: Mapping[str, Any]) -> int:
    """Bytes that the service counts for an entity, by its published formula; strings are UTF-16."""
    total = 4 + 2 * (len(entity["PartitionKey"]) + len(entity["RowKey"]))
    for name, value in entity.items():
        if name not in {"PartitionKey", "RowKey"}:
            total += 8 + 2 * len(name) + _value_size(value)
    return total


def _value_size(value: object) -> int:
    if isinstance(value, str):
        return 2 * len(value) + 4
    if isinstance(value, bytes):
        return len(value) + 4
    if isinstance(value, bool):
        return 1
    return 8 if isinstance(value, int | float | datetime) else 16


def check_entity(entity: Mapping[str, Any]) -> None:
    """Raise `TooLargeError` unless the service takes the entity."""
    where = f"record {entity['PartitionKey']} {entity['RowKey']}"
    if len(entity) - 2 > PROPERTIES:
        raise TooLargeError(f"{where}: an entity has at most {PROPERTIES} properties, this one {len(entity) - 2}")
    for name, value in entity.items():
        long = isinstance(value, str) and len(value) > STRING_LIMIT
        if long or (isinstance(value, bytes) and len(value) > BINARY_LIMIT):
            raise TooLargeError(f"{where}: property {name} is over 64 KB")
    if size_of(entity) > ENTITY_LIMIT:
        raise TooLargeError(f"{where}: an entity has at most {ENTITY_LIMIT} bytes, this one {size_of(entity)}")
