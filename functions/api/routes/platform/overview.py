"""The dashboard's first page, and whether the API answers."""

from __future__ import annotations

from typing import Literal

from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.api.inputs import Clouds
from syndic.models import Noun
from syndic.registry.overview import Overview, read_overview
from syndic.tasks.schedule.schedules import ScheduledRun, list_schedules

router = Router()


class Health(Noun):
    """The API answers."""

    status: Literal["ok"] = "ok"


class Schedules(Noun):
    """What runs by itself, the soonest first."""

    schedules: tuple[ScheduledRun, ...]


@router.get("/health", tags=["overview"])
def read_health() -> Health:
    """Whether the API answers. Needs no sign-in and says nothing else."""
    return Health()


@router.get("/dashboard/stats", tags=["overview"])
def read_stats(clouds: Clouds) -> Overview:
    """Counts over all models: by cloud, status, risk, presence, evidence. `counted_at` says how old they are."""
    return read_overview(clouds.store, now=clouds.now())


@router.get("/dashboard/schedules", tags=["overview"])
def read_schedules(clouds: Clouds) -> Schedules:
    """What runs by itself, how often, and when next."""
    return Schedules(schedules=list_schedules(clouds.settings.schedules, now=clouds.now()))
