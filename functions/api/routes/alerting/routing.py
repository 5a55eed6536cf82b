"""Who is told of what and when: the tree of routes with its trial, and silences. Routes are for admins."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from functions.api.inputs import Clouds, Person, by_whom
from syndic.alerting.models.routing import (
    KeptRouting,
    Routing,
    RoutingDryRun,
    Silence,
    SilenceDryRun,
    SilenceSettings,
)
from syndic.alerting.routing import kept
from syndic.alerting.telling import trial
from syndic.models import Noun

router = Router()

SilenceId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="Id of a silence")]


class Silences(Noun):
    """Silences that are in force or begin later, the first to end first."""

    silences: tuple[Silence, ...]


class RoutingTrial(Noun):
    """A routing to be tried; none: the one in force."""

    routing: Routing | None = None


@router.get("/alerts/routes", tags=["alerts"])
def read_routing(clouds: Clouds) -> KeptRouting:
    """The routing in force: a tree of routes, inhibit rules and time intervals, in Alertmanager's words."""
    return kept.get_routing(clouds.store)


@router.put("/alerts/routes", tags=["alerts"])
def set_routing(clouds: Clouds, person: Person, routing: Annotated[Routing, Body()]) -> KeptRouting:
    """Set the routing: the next run tells by it. Earlier versions are kept."""
    return kept.set_routing(routing, **by_whom(clouds, person))


@router.delete("/alerts/routes", tags=["alerts"])
def remove_routing(clouds: Clouds, person: Person) -> KeptRouting:
    """Remove the routing: owners, and each receiver by its own conditions, are told again."""
    return kept.set_routing(None, **by_whom(clouds, person))


@router.post("/alerts/routes/dry-run", tags=["alerts"])
def try_routing(clouds: Clouds, wanted: Annotated[RoutingTrial, Body()]) -> RoutingDryRun:
    """What a routing would have told in the past 30 days. Nothing is sent or kept."""
    return trial.try_routing(wanted.routing, store=clouds.store, now=clouds.now())


@router.get("/alerts/silences", tags=["alerts"])
def list_silences(clouds: Clouds) -> Silences:
    """Silences that are in force or begin later."""
    return Silences(silences=tuple(kept.list_silences(clouds.store, clouds.now())))


@router.post("/alerts/silences", tags=["alerts"])
def add_silence(clouds: Clouds, person: Person, silence: Annotated[SilenceSettings, Body()]) -> Silence:
    """Keep alerts that match quiet for a time. They stay where they are seen."""
    return kept.add_silence(silence, **by_whom(clouds, person))


@router.post("/alerts/silences/dry-run", tags=["alerts"])
def try_silence(clouds: Clouds, silence: Annotated[SilenceSettings, Body()]) -> SilenceDryRun:
    """What a silence would have kept quiet in the past 30 days, and what it keeps quiet now. Nothing is kept."""
    return trial.try_silence(silence, store=clouds.store, now=clouds.now())


@router.get("/alerts/silences/<silence>", tags=["alerts"])
def read_silence(clouds: Clouds, silence: SilenceId) -> Silence:
    """A silence, also one that has ended."""
    return kept.get_silence(clouds.store, silence)


@router.delete("/alerts/silences/<silence>", tags=["alerts"])
def end_silence(clouds: Clouds, person: Person, silence: SilenceId) -> Silence:
    """End a silence now."""
    return kept.end_silence(silence, **by_whom(clouds, person))
