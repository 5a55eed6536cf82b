"""What every `EventBus` adapter does alike: events that are too large for a message are cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from syndic.errors import TooLargeError
from syndic.models import Event, FindingsChanged

SOURCE: Final = "syndic"


def parts_of(event: Event, *, limit: int) -> Iterator[Event]:
    """The event, or when its JSON is over `limit` bytes and it holds findings, several with some of them each.

    Raises `TooLargeError` for an event that cannot be cut.
    """
    size = len(event.model_dump_json().encode())
    if size <= limit:
        yield event
    elif isinstance(event, FindingsChanged) and len(event.findings) > 1:
        half = len(event.findings) // 2
        yield from parts_of(FindingsChanged(findings=event.findings[:half]), limit=limit)
        yield from parts_of(FindingsChanged(findings=event.findings[half:]), limit=limit)
    else:
        raise TooLargeError(f"an event is at most {limit} bytes, this {event.type} has {size}")
