"""Checks: have a window judged now instead of waiting for the schedule."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field, JsonValue

from functions.api.access.callers import require_change
from functions.api.inputs import Clouds, ModelId, Person
from functions.api.mirrored import age_of, is_elsewhere
from syndic.batch_jobs import find_job, windows_of_jobs
from syndic.changes import request_once
from syndic.errors import InvalidInputError
from syndic.models import (
    AuditEntry,
    CheckRequested,
    Moment,
    Noun,
    RegisteredModel,
    TimeWindow,
    WindowLength,
    to_be_counted,
)
from syndic.ports import Key, Store
from syndic.records import get_model, model_key
from syndic.tasks.checks.obstacles import ChecksRefusedError, Obstacle, find_obstacle, obstacle_keys

router = Router()

_JOB = re.compile(r"[A-Za-z0-9](?:-*[A-Za-z0-9]){0,62}")
Check = Literal["drift", "quality", "bias"]


class ChecksWanted(Noun):
    """Which checks of which window."""

    checks: tuple[Check, ...] = Field(default=("drift", "quality", "bias"), min_length=1, max_length=3)
    window: TimeWindow | None = Field(default=None, description="left out: the last complete window, or the last job")
    job: str | None = Field(
        default=None, min_length=1, max_length=63, description="a batch job, of a model that answers in batch jobs"
    )
    force: bool = Field(default=False, description="judge again although the inputs did not change")


class ChecksAsked(Noun):
    """What was asked for. Reports follow within minutes, or at the exchanges with the model's own cloud."""

    requested: tuple[CheckRequested, ...]
    refused: tuple[Obstacle, ...] = Field(
        default=(), description="checks of the default three that cannot be made, and what to do about it"
    )
    at_next_exchange: bool = Field(
        default=False, description="true: the model's own cloud does it; it is asked at the next exchange with it"
    )
    mirrored_at: Moment | None = Field(default=None, description="when that cloud was last heard")


def _window(model: RegisteredModel, wanted: ChecksWanted, store: Store, now: datetime) -> TimeWindow:
    """The window that is meant. Raises `InvalidInputError` that names what is wrong."""
    if model.window is WindowLength.JOB:
        return _job_window(model, wanted, store)
    if wanted.job is not None:
        raise InvalidInputError("this model does not answer in batch jobs: name a window", where="body.job")
    window = wanted.window or _last_complete(model, now)
    if window != model.window.around(window.start):
        raise InvalidInputError(f"not a whole {model.window}, which is this model's window", where="body.window")
    if window.start > now:
        raise InvalidInputError("lies in the future", where="body.window")
    return window


def _job_window(model: RegisteredModel, wanted: ChecksWanted, store: Store) -> TimeWindow:
    if wanted.window is not None and wanted.window.job is None:
        raise InvalidInputError("this model's windows are its batch jobs: name one as job", where="body.window")
    name = wanted.job or (wanted.window.job if wanted.window else None)
    if name is None:
        for window in windows_of_jobs(store, model.id, newest_first=True):
            return window
        raise InvalidInputError("no batch job of this model was seen yet", where="body.job")
    kept = find_job(store, model.id, name) if _JOB.fullmatch(name) else None
    if kept is None:
        raise InvalidInputError(f"no batch job {name!r} of this model is known", where="body.job")
    if kept.unread is not None:
        raise InvalidInputError(f"the rows of batch job {name} cannot be judged: {kept.unread}", where="body.job")
    return kept.window


def _last_complete(model: RegisteredModel, now: datetime) -> TimeWindow:
    running = model.window.around(now - model.lateness)
    return model.window.around(running.start - timedelta(microseconds=1))


@router.post("/models/<model_id>/checks", tags=["checks"], status_code=202)
def ask_for_checks(
    clouds: Clouds, person: Person, model_id: ModelId, wanted: Annotated[ChecksWanted, Body()]
) -> ChecksAsked:
    """Ask for checks of a window.

    A check that cannot be made is refused with 409 and the remedy. When no checks are named, those that can be made are
    asked for and the answer lists the others.
    """
    asked_last = Key(f"model.{model_id}", "asked.checks")
    read = clouds.store.get_many([model_key(model_id), asked_last, *obstacle_keys(model_id)])
    model = get_model(read, model_id)
    require_change(person, model)
    now = clouds.now()
    window = _window(model, wanted, clouds.store, now)
    elsewhere = is_elsewhere(model, clouds.store)
    refused = tuple(
        obstacle
        for check in dict.fromkeys(wanted.checks)
        if (obstacle := find_obstacle(check, model, store=read, elsewhere=elsewhere)) is not None
    )
    left = [check for check in dict.fromkeys(wanted.checks) if check not in {one.check for one in refused}]
    if refused and ("checks" in wanted.model_fields_set or not left):
        raise ChecksRefusedError(refused)
    requested = tuple(
        CheckRequested(check=check, model_id=model_id, window=window, force=wanted.force) for check in left
    )
    asked: dict[str, JsonValue] = {
        "checks": [one.check for one in requested],
        "window": window.key,
        "force": wanted.force,
        **({"job": window.job} if window.job is not None else {}),
    }
    entry = AuditEntry(action="checks.requested", actor=person.name, subject=f"model/{model_id}", at=now, details=asked)
    counting = to_be_counted(requested)
    told = request_once(
        asked_last, {**asked, "by": person.name}, entry, counting,
        store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=now, read=read,
    )  # fmt: skip
    if not told:  # a person who asks again wants it looked at again, and a check of the same inputs changes nothing
        clouds.bus.publish(counting)
    heard = age_of(model, clouds.store)
    return ChecksAsked(requested=requested, refused=refused, at_next_exchange=elsewhere, mirrored_at=heard)
