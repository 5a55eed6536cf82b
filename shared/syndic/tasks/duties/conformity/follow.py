"""Which version of a system serves, kept with the entries that are about a version."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from syndic.models import RegisteredModel
from syndic.ports import Store
from syndic.records import list_models
from syndic.registers.conformity.models import (
    OfVersion,
)
from syndic.registers.conformity.register import FILES, FORMS, MODIFICATIONS
from syndic.registers.conformity.rules import serving
from syndic.registers.entries import change_entry
from syndic.registers.listing import list_entries
from syndic.registry.promotion.candidate import names_of
from syndic.registry.versions.queries import list_versions
from syndic.tasks.clouds import Clouds

ACTOR: Final = "syndic/compliance"


def served_as(store: Store, model: RegisteredModel, version: str) -> str | None:
    """The name under which a version serves now, or None."""
    if model.served_version is None or model.served_version == version:
        return model.served_version
    found = next((one for one in list_versions(store, model.id) if one.version == version), None)
    return model.served_version if found is not None and model.served_version in names_of(found) else None


def follow_versions(clouds: Clouds, models: Iterable[RegisteredModel] | None = None) -> int:
    """Keep with the entries of each model which version serves; returns how many changed."""
    count = 0
    for model in list_models(clouds.store) if models is None else models:
        for register in (FILES, MODIFICATIONS, FORMS):
            count += _follow(register, model, clouds)
    return count


def _follow(register: Any, model: RegisteredModel, clouds: Clouds) -> int:
    entries: list[OfVersion] = list(list_entries(register, clouds.store, model_id=model.id))
    names = {one.id: served_as(clouds.store, model, one.version) for one in entries}
    if not any(names.values()):
        return 0  # nothing of them serves: what served last still shows, and carries over or not
    moved = [one for one in entries if one.serves != names[one.id]]
    for one in sorted(moved, key=lambda it: names[it.id] is not None):
        rule = partial(serving, name=names[one.id])
        change_entry(
            register, one.id, rule, action="followed", store=clouds.store, audit=clouds.audit, bus=clouds.bus,
            actor=ACTOR, now=clouds.now(),
        )  # fmt: skip
    return len(moved)
