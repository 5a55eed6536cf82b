"""Other registries: what they list is imported, and what was decided here on it is told to them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

from syndic.errors import UnavailableError
from syndic.registry.sync.export import ListedRegistry, relay
from syndic.registry.sync.importer import import_models
from syndic.registry.sync.step import Step
from syndic.registry.sync.writeback import ApprovingRegistry, tell_approvals
from syndic.tasks.clouds import Clouds

log = logging.getLogger(__name__)
ACTOR = "discovery"
LONGEST = timedelta(seconds=90)
MOST_CHANGED = 1000  # versions imported from one registry in one run, so that the run ends in time


class RegistryClouds(Clouds, Protocol):
    """Adapters of a function in a cloud that has model registries."""

    @property
    def registries(self) -> Sequence[ApprovingRegistry]:
        """Registries whose versions have an approval state."""


class RelayClouds(Clouds, Protocol):
    """Adapters of a function in a cloud whose model registries can be read only there."""

    @property
    def registries(self) -> Sequence[ListedRegistry]:
        """Registries that are relayed to the cloud in which people decide."""


def keep_in_step(clouds: RegistryClouds) -> None:
    """Import from each registry and tell it of approvals. One that cannot be read is left for the next run.

    Each gets its share of the time, and is gone on with in the next run where that ends.
    """
    common: dict[str, Any] = {"store": clouds.store, "now": clouds.now()}
    for number, registry in enumerate(clouds.registries):
        until = clouds.now() + LONGEST / (len(clouds.registries) - number)
        step = Step(registry, clouds.store, over=lambda until=until: clouds.now() >= until)  # type: ignore[misc]
        try:
            report = import_models(step, audit=clouds.audit, actor=ACTOR, most=MOST_CHANGED, **common)
        except UnavailableError as error:
            log.warning("registry could not be read", extra={"registry": registry.name, "reason": str(error)})
            clouds.count("RegistriesRead", outcome="unavailable")
            continue
        if not step.keep():
            log.info("registry is gone on with in the next run", extra={"registry": registry.name})
        told = tell_approvals(registry, report.models, **common)
        for item in (*report.unsound, *told.unsound):
            log.warning("version was left out", extra={"registry": registry.name, **item.model_dump()})
        clouds.count("RegistriesRead", outcome="read")
        clouds.count("VersionsImported", len(report.added) + len(report.changed))


def relay_registries(clouds: RelayClouds) -> None:
    """Keep what each registry lists for the other cloud, and write back what was decided there."""
    for registry in clouds.registries:
        done = relay(registry, store=clouds.store)
        if done.unavailable is not None:
            log.warning("registry could not be read", extra={"registry": done.source, "reason": done.unavailable})
        for item in (*done.unsound, *done.untold):
            log.warning("version was left out", extra={"registry": done.source, **item.model_dump()})
        clouds.count("RegistriesRead", outcome="read" if done.unavailable is None else "unavailable")
        clouds.count("VersionsRelayed", done.kept)
        clouds.count("VersionsTold", done.told)
