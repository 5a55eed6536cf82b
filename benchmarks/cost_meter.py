"""Calls, units and CPU seconds of every client of AWS, counted by the function that was at work."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.client import BaseClient

from tests.vendors import recording


@dataclass
class Used:
    """What one function used."""

    invocations: int = 0
    cpu: float = 0.0  # seconds of the product's own code, without what stands for the cloud
    calls: Counter[str] = field(default_factory=Counter)
    write_units: int = 0
    read_units: float = 0.0


class Meter:
    """Counts calls and units of every client, by the function that is at work."""

    def __init__(self) -> None:
        self.used: dict[str, Used] = defaultdict(Used)
        self.at_work: str | None = None
        self.events: list[Any] = []
        self.keys: list[tuple[str, int, str, datetime]] = []  # captured files, by name
        self._inside = 0.0
        self._send = BaseClient._make_api_call

    def install(self) -> None:
        """See every call from now on."""
        meter = self

        def seen(client: BaseClient, operation: str, given: dict[str, Any]) -> Any:
            begun = time.thread_time()
            gone = meter._sizes_of_deleted(client, operation, given) if meter.at_work is not None else 0
            answer = meter._answer(client, operation, given)
            meter._inside += time.thread_time() - begun
            if meter.at_work is not None:
                meter._count(client.meta.service_model.service_name, operation, given, answer)
                meter.used[meter.at_work].write_units += gone
            return answer

        BaseClient._make_api_call = seen  # type: ignore[method-assign]

    @contextmanager
    def working(self, function: str) -> Iterator[None]:
        """What is called meanwhile is an invocation of this function."""
        self.at_work, self._inside = function, 0.0
        begun = time.process_time()
        try:
            yield
        finally:
            self.used[function].cpu += time.process_time() - begun - self._inside
            self.used[function].invocations += 1
            self.at_work = None

    def _answer(self, client: BaseClient, operation: str, given: dict[str, Any]) -> Any:
        if operation == "ListObjectsV2" and given["Bucket"] == recording.CAPTURES:
            return self._listed(given)
        if client.meta.service_model.service_name == "kms":
            return recording.signed(operation, given)
        if operation == "PutEvents":
            self.events += [json.loads(entry["Detail"]) for entry in given["Entries"]]
        return self._send(client, operation, given)

    def _count(self, service: str, operation: str, given: dict[str, Any], answer: Any) -> None:
        used = self.used[self.at_work or ""]
        captured = service == "s3" and operation == "GetObject" and given["Bucket"] == recording.CAPTURES
        used.calls["s3.GetCaptured" if captured else f"{service}.{operation}"] += 1
        if operation == "PutEvents":
            used.calls["events"] += len(given["Entries"])
        if service == "dynamodb":
            used.write_units += _writes(operation, given)
            used.read_units += _reads(operation, given, answer)

    def _sizes_of_deleted(self, client: BaseClient, operation: str, given: dict[str, Any]) -> int:
        """Units of deletes: the vendor takes the size of what is deleted, which is looked up here."""
        found = 0
        for share, table, key in _deletes(operation, given):
            item = self._send(client, "GetItem", {"TableName": table, "Key": key}).get("Item", {})
            found += share * _units(size_of(item), 1024)
        return found

    def _listed(self, given: dict[str, Any]) -> dict[str, Any]:
        """A page of a listing of any length, which nobody has to write first."""
        prefix, after = given.get("Prefix", ""), given.get("ContinuationToken") or given.get("StartAfter", "")
        delimiter, most = given.get("Delimiter"), given.get("MaxKeys", 1000)
        contents: list[dict[str, Any]] = []
        folders: dict[str, None] = {}
        place = _first(self.keys, max(prefix, after))
        while place < len(self.keys) and len(contents) + len(folders) < most:
            key, size, etag, modified = self.keys[place]
            if not key.startswith(prefix):
                break
            rest = key[len(prefix) :]
            if delimiter and delimiter in rest:
                folder = prefix + rest.partition(delimiter)[0] + delimiter
                place = _first(self.keys, folder + "\U0010ffff")
                if folder > after:
                    folders[folder] = None
                continue
            place += 1
            if key > after:
                contents.append({"Key": key, "Size": size, "ETag": etag, "LastModified": modified})
        more = place < len(self.keys) and self.keys[place][0].startswith(prefix)
        page: dict[str, Any] = {"Contents": contents, "IsTruncated": more}
        if folders:
            page["CommonPrefixes"] = [{"Prefix": folder} for folder in folders]
        if more:
            page["NextContinuationToken"] = contents[-1]["Key"] if contents else next(reversed(folders)) + "\U0010ffff"
        return page


def _first(keys: list[tuple[str, int, str, datetime]], name: str) -> int:
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle][0] < name:
            low = middle + 1
        else:
            high = middle
    return low


def size_of(value: Any) -> int:
    """Bytes of a DynamoDB value or item, as the vendor counts them: names and contents."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)) in {"S", "B", "N", "M", "L", "BOOL", "NULL", "SS"}:
            (kind, held), *_ = value.items()
            if kind in {"S", "B"}:
                return len(held.encode() if isinstance(held, str) else held)
            if kind == "N":
                return (len(held) + 1) // 2 + 1
            return 3 + size_of(held) if kind in {"M", "L", "SS"} else 1
        return sum(len(name) + size_of(one) for name, one in value.items())
    if isinstance(value, list):
        return sum(1 + size_of(one) for one in value)
    return len(str(value).encode())


def _units(size: int, unit: int) -> int:
    return max(1, -(-size // unit))


def _writes(operation: str, given: dict[str, Any]) -> int:
    """Units of puts. None here overwrites a larger item, whose size would count."""
    if operation == "PutItem":
        return _units(size_of(given["Item"]), 1024)
    if operation == "TransactWriteItems":
        return sum(2 * _units(size_of(one["Put"]["Item"]), 1024) for one in given["TransactItems"] if "Put" in one)
    if operation == "BatchWriteItem":
        asked = [one for some in given["RequestItems"].values() for one in some if "PutRequest" in one]
        return sum(_units(size_of(one["PutRequest"]["Item"]), 1024) for one in asked)
    return 0


def _deletes(operation: str, given: dict[str, Any]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """What a call deletes: the price of a unit, in units; the table; the key."""
    if operation == "DeleteItem":
        yield 1, given["TableName"], given["Key"]
    elif operation == "TransactWriteItems":
        for one in given["TransactItems"]:
            if "Delete" in one:
                yield 2, one["Delete"]["TableName"], one["Delete"]["Key"]
    elif operation == "BatchWriteItem":
        for table, some in given["RequestItems"].items():
            for one in some:
                if "DeleteRequest" in one:
                    yield 1, table, one["DeleteRequest"]["Key"]


def _reads(operation: str, given: dict[str, Any], answer: dict[str, Any]) -> float:
    if operation == "GetItem":
        return _units(size_of(answer.get("Item", {})), 4096) * (1.0 if given.get("ConsistentRead") else 0.5)
    if operation == "Query":
        size = sum(size_of(item) for item in answer["Items"])
        return _units(size, 4096) * (1.0 if given.get("ConsistentRead") else 0.5)
    if operation == "BatchGetItem":
        total = 0.0
        for name, asked in given["RequestItems"].items():
            share = 1.0 if asked.get("ConsistentRead") else 0.5
            found = answer.get("Responses", {}).get(name, [])
            total += share * (sum(_units(size_of(one), 4096) for one in found) + len(asked["Keys"]) - len(found))
        return total
    return 0.0
