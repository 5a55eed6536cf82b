"""`EventBus` on EventBridge."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from syndic.adapters.aws.errors import back_off, translated
from syndic.adapters.events import SOURCE, parts_of
from syndic.errors import UnavailableError
from syndic.models import Event

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

_ENTRIES: Final = 10
_BYTES: Final = 240_000  # of 256 KB for all entries of a call
_TRIES: Final = 8


class EventBridgeBus:
    """Publishes events with ``source`` syndic and the event's type as ``detail-type``."""

    def __init__(self, client: EventBridgeClient, bus: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client, self._bus, self._sleep = client, bus, sleep

    def publish(self, events: Sequence[Event]) -> None:
        """Hand over all events. After an error some may have been handed over: receivers expect events twice."""
        details = [(part.type, part.model_dump_json()) for event in events for part in parts_of(event, limit=_BYTES)]
        for batch in _batches(details):
            self._put(
                [
                    {"Source": SOURCE, "DetailType": kind, "Detail": detail, "EventBusName": self._bus}
                    for kind, detail in batch
                ]
            )

    def _put(self, entries: list[Any]) -> None:
        codes: set[str] = set()
        for attempt in range(_TRIES):
            with translated(f"publish to event bus {self._bus}"):
                answer = self._client.put_events(Entries=entries)
            if not answer["FailedEntryCount"]:
                return
            results = list(zip(entries, answer["Entries"], strict=True))
            entries = [entry for entry, result in results if result.get("ErrorCode")]
            codes = {str(result["ErrorCode"]) for _, result in results if result.get("ErrorCode")}
            back_off(attempt, self._sleep)
        raise UnavailableError(
            f"publish to event bus {self._bus}: {len(entries)} event(s) refused at each of {_TRIES} tries: "
            + ", ".join(sorted(codes))
        )


def _batches(details: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    batch: list[tuple[str, str]] = []
    size = 0
    for kind, detail in details:
        length = len(detail.encode()) + len(kind) + 100
        if batch and (len(batch) == _ENTRIES or size + length > _BYTES + 1_000):
            yield batch
            batch, size = [], 0
        batch.append((kind, detail))
        size += length
    if batch:
        yield batch
