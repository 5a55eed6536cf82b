"""Other registries: what they list is imported, and what was decided here on it is told to them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Protocol

from syndic.errors import UnavailableError
from syndic.registry.importing import import_models
from syndic.registry.writing_back import ApprovingRegistry, tell_approvals
from syndic.tasks.clouds import Clouds

log = logging.getLogger(__name__)
ACTOR = "discovery"


class RegistryClouds(Clouds, Protocol):
    """Adapters of a function in a cloud that has model registries."""

    @property
    def registries(self) -> Sequence[ApprovingRegistry]:
        """Registries whose versions have an approval state."""


def keep_in_step(clouds: RegistryClouds) -> None:
    """Import from each registry and tell it of approvals. One that cannot be read is left for the next run."""
    common: dict[str, Any] = {"store": clouds.store, "now": clouds.now()}
    for registry in clouds.registries:
        try:
            report = import_models(registry, audit=clouds.audit, actor=ACTOR, **common)
        except UnavailableError as error:
            log.warning("registry could not be read", extra={"registry": registry.name, "reason": str(error)})
            clouds.count("RegistriesRead", outcome="unavailable")
            continue
        told = tell_approvals(registry, report.models, **common)
        for item in (*report.unsound, *told.unsound):
            log.warning("version was left out", extra={"registry": registry.name, **item.model_dump()})
        clouds.count("RegistriesRead", outcome="read")
        clouds.count("VersionsImported", len(report.added) + len(report.changed))
