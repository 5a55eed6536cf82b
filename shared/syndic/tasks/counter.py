"""The counter: reads each window that is due once, and hands what it counted to the checks that judge it."""

from __future__ import annotations

import json
import logging
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from syndic.bias.count_window import make_counter as count_bias
from syndic.checks.counting.counter import MakeCounter
from syndic.checks.counting.list_files import list_files
from syndic.checks.counting.part_message import take_part as take_planned_part
from syndic.checks.counting.plan import (
    Counters,
    PartResult,
    PartTask,
    count_part,
    is_large,
    merge_parts,
    start_run,
)
from syndic.checks.counting.queue_run import finish_run
from syndic.checks.counting.window_counts import count_window
from syndic.checks.counting.window_files import WindowFiles
from syndic.drift.prepare import make_counter as count_drift
from syndic.errors import ConflictError, InvalidInputError
from syndic.forwarding import KnownStore
from syndic.models import CheckRequested, CountRequested, PartRequested, RegisteredModel, WindowCounted, to_be_counted
from syndic.policy import policy_key
from syndic.ports import Store
from syndic.quality.check import make_counter as count_quality
from syndic.records import find_model
from syndic.tasks.checks.obstacles import takes_on
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import read_message, type_of

log = logging.getLogger(__name__)

COUNTERS: Final[dict[str, MakeCounter]] = {"drift": count_drift, "quality": count_quality, "bias": count_bias}

RUN_ENDED: Final = "Step Functions Execution Status Change"
"""What AWS tells of a run that failed, was stopped or took too long."""

MOST_ATTEMPTS: Final = 4
"""Attempts of a run before somebody has to look at it."""


class _Begun(BaseModel):
    """What a run of the state machine was given. Earlier releases gave it the request of one check."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    run: str
    attempt: int = 1
    request: CountRequested | CheckRequested = Field(discriminator="type")


class _Ended(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    status: str
    name: str
    input: str | None = None


def take(body: str, clouds: Clouds) -> None:
    """A message of the counter's queue: a window to count, or a run of a large one that ended without counts."""
    if type_of(body) == RUN_ENDED:
        _take_back(read_message(body, _Ended), clouds)
        return
    request = read_message(body, CountRequested)
    model, now = find_model(clouds.store, request.model_id), clouds.now()
    checks = tuple(check for check in request.checks if takes_on(model, _check(request, check), clouds))
    if model is None or not checks:
        return
    request = request.model_copy(update={"checks": checks})
    files = list_files(model, request.window, captures=clouds.captures, now=now, variants=request.variants)
    if _is_mapped(model, files, clouds):
        assert clouds.maps is not None  # noqa: S101 - it is mapped
        run = start_run(request, model, files, archive=clouds.archive, maps=clouds.maps)
        log.info("run started", extra={"run": run, "objects": len(files.objects), "bytes": files.bytes})
        clouds.count("WindowsCounted", how="mapped")
        return
    counters = _counters(clouds, _read_together(clouds.store, model.id)).of(request, model)
    name = count_window(model, request.window, files, counters, captures=clouds.captures, archive=clouds.archive)
    hand_on(request, name, clouds)
    clouds.count("WindowsCounted", how="at once")


def count(given: dict[str, Any], clouds: Clouds) -> PartResult:
    """Count one part of a large window, as the map gives it."""
    result = count_part(PartTask.model_validate(given), counters_of(clouds))
    clouds.count("PartsCounted")
    return result


def finish(given: dict[str, Any], clouds: Clouds) -> dict[str, Any]:
    """Merge the counts of a large window's parts and hand them on. The map's last step."""
    request, name = merge_parts(_Begun.model_validate(given).run, counters_of(clouds))
    hand_on(request, name, clouds)
    return {"counts": name, "checks": list(request.checks)}


def take_part(body: str, clouds: Clouds) -> None:
    """A message of the windows queue: a part of a large window; the last one merges and hands on."""
    asked = read_message(body, PartRequested)
    if "item" not in asked.task and "request" in asked.task:  # of a release that mapped windows for drift alone
        clouds.bus.publish(to_be_counted([_read_task(CheckRequested, asked.task["request"])]))
        return
    task = _read_task(PartTask, asked.task)
    merged = take_planned_part(asked, task, counters=counters_of(clouds), now=clouds.now())
    clouds.count("PartsCounted")
    if merged is not None:
        hand_on(*merged, clouds)
        finish_run(asked.run, store=clouds.store)


def counters_of(clouds: Clouds) -> Counters:
    """How the counters of every check are made in a cloud."""
    return _counters(clouds, clouds.store)


def _counters(clouds: Clouds, store: Store) -> Counters:
    return Counters(COUNTERS, store=store, archive=clouds.archive, captures=clouds.captures)


def _read_together(store: Store, model_id: str) -> Store:
    """With what a model's counters are made by: its policies, which one query reads for the price of one record."""
    keys = [policy_key(concern, model_id) for concern in sorted(COUNTERS)]
    found = store.query(keys[0].partition, start=keys[0].sort, end=f"{keys[-1].sort}~", limit=len(keys)).records
    return KnownStore(store, {**dict.fromkeys(keys), **{record.key: record for record in found}})


def hand_on(request: CountRequested, name: str, clouds: Clouds) -> None:
    """Tell each check of a request that its window was counted."""
    clouds.bus.publish(
        [
            WindowCounted(
                check=check, model_id=request.model_id, window=request.window, counts=name, force=request.force
            )
            for check in request.checks
        ]
    )


def _take_back(ended: _Ended, clouds: Clouds) -> None:
    """Put the window of a run that gave no counts back. Raises `ConflictError` when that was done often enough."""
    try:
        begun = _Begun.model_validate(json.loads(ended.input or "{}"))
    except (ValueError, ValidationError) as error:
        raise InvalidInputError("the run does not say which window it was of", where="message.detail.input") from error
    if begun.attempt >= MOST_ATTEMPTS:
        raise ConflictError(f"run {ended.name} is {ended.status}, after {begun.attempt} attempts")
    log.warning("run is started again", extra={"run": ended.name, "status": ended.status})
    request = begun.request
    clouds.bus.publish([request] if isinstance(request, CountRequested) else to_be_counted([request]))
    clouds.count("RunsTakenBack")


def _is_mapped(model: RegisteredModel, files: WindowFiles, clouds: Clouds) -> bool:
    capture = model.endpoint.capture if model.endpoint else None
    if clouds.maps is None or capture is None or capture.format not in clouds.maps.formats:
        return False
    return is_large(files, threshold_mb=clouds.settings.map_threshold_mb)


def _check(request: CountRequested, check: Any) -> CheckRequested:
    return CheckRequested(check=check, model_id=request.model_id, window=request.window, force=request.force)


def _read_task(kind: Any, given: Any) -> Any:
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise InvalidInputError(error.errors(include_url=False)[0]["msg"], where="message.detail.task") from error
