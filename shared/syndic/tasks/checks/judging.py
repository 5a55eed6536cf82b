"""What the three judges have alike: a window that was counted is judged; one that is only asked for is read first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from syndic.checks.counting.counter import StaleCountsError, WindowCounts
from syndic.checks.counting.plan import is_large
from syndic.checks.counting.window_counts import KeptCounts, Reading
from syndic.errors import InvalidInputError
from syndic.forwarding import KnownStore
from syndic.models import CheckRequested, CountRequested, WindowCounted
from syndic.ports import Store
from syndic.records import find_model, get_model, model_key
from syndic.tasks.checks.obstacles import takes_on
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import Check, read_message, read_request, type_of

log = logging.getLogger(__name__)
Report = TypeVar("Report")


def judge(body: str, check: Check, verb: Callable[..., Report], clouds: Clouds) -> Report | None:
    """Judge the window of a message: `WindowCounted`, or `CheckRequested` of a release that knew no counter.

    None where it cannot be judged, or is to be counted first: then it was asked for.
    """
    request, counted = _asked(body, check)
    key = model_key(request.model_id)
    store = KnownStore(clouds.store, {key: clouds.store.get(key)})
    if not takes_on(find_model(store, request.model_id), request, clouds):
        return None
    try:
        counts = _counts(request, counted, store, clouds)
        if counts is not None:
            return verb(request, counts=counts, store=store, **_ports(clouds))
    except StaleCountsError as error:
        told = {"check": check, "model_id": request.model_id, "window": request.window.key, "reason": str(error)}
        log.info("window is counted again", extra=told)
    clouds.bus.publish(
        [CountRequested(model_id=request.model_id, window=request.window, checks=(check,), force=request.force)]
    )
    return None


def _asked(body: str, check: Check) -> tuple[CheckRequested, str | None]:
    """The request, and the name of its counts. One for another check is in the wrong queue and is refused."""
    if type_of(body) != "WindowCounted":
        return read_request(body, check), None
    counted = read_message(body, WindowCounted)
    if counted.check != check:
        raise InvalidInputError(f"expected {check}, got {counted.check}", where="message.detail.check")
    return counted.request, counted.counts


def _counts(request: CheckRequested, name: str | None, store: Store, clouds: Clouds) -> WindowCounts | None:
    if name is not None:
        return KeptCounts(name, archive=clouds.archive)
    reading = Reading(get_model(store, request.model_id), request.window, clouds.captures, clouds.now())
    return None if is_large(reading.files, threshold_mb=clouds.settings.map_threshold_mb) else reading


def _ports(clouds: Clouds) -> dict[str, Any]:
    return {
        "captures": clouds.captures,
        "archive": clouds.archive,
        "bus": clouds.bus,
        "audit": clouds.audit,
        "now": clouds.now(),
    }
