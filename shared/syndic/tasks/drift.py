"""Drift: judges windows, counts the objects of large ones, and sets baselines where the captured traffic lies."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from syndic.drift.check import check_or_map
from syndic.drift.models import BaselineSource, DriftReport
from syndic.drift.scale.map_run import MapResult, MapTask, finish_window
from syndic.drift.scale.map_run import count_object as count_captured
from syndic.drift.scale.queue_run import take_part as count_part
from syndic.drift.set_baseline import set_baseline
from syndic.errors import InvalidInputError
from syndic.models import BaselineRequested, CheckRequested, PartRequested
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import read_message, read_request, type_of
from syndic.tasks.obstacles import take_on


class MapRun(BaseModel):
    """What the map of large windows hands to its last step. Its other fields are for people who look at a run."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    request: CheckRequested


def take(body: str, clouds: Clouds) -> None:
    """A message of the drift queue: a window to judge, or a baseline to set."""
    if type_of(body) == "BaselineRequested":
        _set_baseline(read_message(body, BaselineRequested), clouds)
        return
    request = read_request(body, "drift")
    if not take_on(request, clouds):
        return
    report = check_or_map(
        request,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        maps=clouds.maps,
        map_threshold_mb=clouds.settings.map_threshold_mb,
        now=clouds.now(),
    )
    clouds.count("WindowsChecked", check="drift", verdict=getattr(report, "verdict", "mapped"))


def count_object(given: dict[str, Any], clouds: Clouds) -> MapResult:
    """Count one or more captured objects of a large window."""
    task = MapTask.model_validate(given)
    result = count_captured(task, store=clouds.store, captures=clouds.captures, archive=clouds.archive)
    clouds.count("ObjectsCounted", result.objects, check="drift")
    return result


def take_part(body: str, clouds: Clouds) -> None:
    """A message of the windows queue: a part of a large window; the last one judges."""
    report = count_part(
        read_message(body, PartRequested),
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    clouds.count("PartsCounted", check="drift")
    if report is not None:
        clouds.count("WindowsChecked", check="drift", verdict=report.verdict)


def finish(given: dict[str, Any], clouds: Clouds) -> DriftReport:
    """Merge the counts of a large window's objects and judge them."""
    report = finish_window(
        MapRun.model_validate(given).request,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    clouds.count("WindowsChecked", check="drift", verdict=report.verdict)
    return report


def _set_baseline(request: BaselineRequested, clouds: Clouds) -> None:
    try:
        source = BaselineSource.model_validate(request.source)
    except ValidationError as error:
        raise InvalidInputError(error.errors(include_url=False)[0]["msg"], where="message.detail.source") from error
    set_baseline(
        request.model_id,
        source,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        audit=clouds.audit,
        actor=request.actor,
        now=clouds.now(),
    )
    clouds.count("BaselinesSet")
