"""The inventory of AI systems that are no endpoint: add, list, read, change, review."""

from __future__ import annotations

from typing import Annotated, Final

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from functions.api.access.callers import Caller, require_change
from functions.api.inputs import Clouds, Limit, Order, Person, Token
from functions.api.routes.registers.listed import listed
from functions.api.routes.registers.rights import OFFICERS, EntryId, OfModel, Owner
from functions.api.routes.registry.models import Email, Text
from syndic.errors import InvalidInputError, NotAllowedError
from syndic.models import Day, Noun
from syndic.records import get_model
from syndic.registers.entries import get_entry
from syndic.registers.models import Counts, Standing
from syndic.registers.systems.models import (
    Country,
    DataCategory,
    LifeState,
    OperatorRole,
    SystemEntry,
    SystemFacts,
    SystemOrigin,
)
from syndic.registers.systems.register import SYSTEMS
from syndic.tasks.duties.inventory import SystemView, add_system, change_system, review_system, view_system

router = Router()

CLEARED: Final = frozenset({"purpose", "version", "vendor_id", "review_due"})
Name = Annotated[str, Field(min_length=3, max_length=200)]
VersionName = Annotated[str, Field(min_length=1, max_length=128)]


class NewSystem(SystemFacts):
    """An AI system for the inventory."""

    name: Name
    owner: Email | None = Field(default=None, description="who answers for it; left out: yourself")
    state: LifeState = LifeState.IDEA
    purpose: Text | None = None
    version: VersionName | None = Field(default=None, description="in use, as its supplier names it")


class SystemChanges(Noun):
    """What is to change of a system. Fields left out stay as they are."""

    name: Name | None = None
    owner: Email | None = None
    state: LifeState | None = None
    purpose: Text | None = None
    version: VersionName | None = None
    origin: SystemOrigin | None = None
    roles: tuple[OperatorRole, ...] | None = Field(default=None, max_length=5)
    supplier: str | None = Field(default=None, max_length=200)
    vendor_id: str | None = Field(default=None, pattern=r"^[0-9a-f]{16}$")
    data_categories: tuple[DataCategory, ...] | None = Field(default=None, max_length=7)
    countries: tuple[Country, ...] | None = Field(default=None, max_length=60)
    review_due: Day | None = None


class NextReview(Noun):
    """That something was looked at today, and when it is looked at next."""

    next_review: Day


class ListedSystem(Noun):
    """A system as lists show it."""

    entry: SystemEntry
    standing: Standing


class Systems(Noun):
    """A page of the inventory, with counts over all of it on the first page."""

    systems: tuple[ListedSystem, ...]
    counts: Counts | None
    next_token: str | None = None


@router.post("/systems", tags=["registers"], status_code=201)
def add_to_inventory(clouds: Clouds, person: Person, system: Annotated[NewSystem, Body()]) -> SystemView:
    """Put a system into the inventory; it is registered like a model, so that every framework judges it."""
    owner = system.owner or person.email
    if owner is None:
        raise InvalidInputError("name an owner: your own address is not confirmed", where="owner")
    if not person.roles & OFFICERS and owner.lower() != person.email:
        raise NotAllowedError("only an officer or an admin adds a system for somebody else")
    facts = SystemFacts.model_validate(system.model_dump(include=set(SystemFacts.model_fields)))
    entry = add_system(
        system.name, owner, facts, state=system.state, purpose=system.purpose, version=system.version,
        store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name, now=clouds.now(),
    )  # fmt: skip
    return view_system(clouds.store, entry, now=clouds.now())


@router.get("/systems", tags=["registers"])
def list_systems(
    clouds: Clouds,
    *,
    state: Annotated[LifeState | None, Query()] = None,
    owner: Owner = None,
    origin: Annotated[SystemOrigin | None, Query()] = None,
    vendor: Annotated[str | None, Query(pattern=r"^[0-9a-f]{16}$")] = None,
    model: OfModel = None,
    order: Order = None,
    limit: Limit = 50,
    token: Token = None,
) -> Systems:
    """A page of the inventory, what is due for review first before, retired systems last."""
    filters = {"state": state, "owner": owner, "origin": origin, "vendor": vendor, "model": model}
    page = listed(SYSTEMS, clouds.store, filters=filters, order=order, limit=limit, token=token, now=clouds.now())
    return Systems(
        systems=tuple(ListedSystem(entry=one, standing=where) for one, where in page.entries),
        counts=page.counts,
        next_token=page.next_token,
    )


@router.get("/systems/<system_id>", tags=["registers"])
def read_system(clouds: Clouds, system_id: EntryId) -> SystemView:
    """A system: entry, registered model, risk, what frameworks judge of it, what is missing and what is next."""
    return view_system(clouds.store, get_entry(SYSTEMS, clouds.store, system_id), now=clouds.now())


@router.patch("/systems/<system_id>", tags=["registers"])
def change_inventoried(
    clouds: Clouds, person: Person, system_id: EntryId, changes: Annotated[SystemChanges, Body()]
) -> SystemView:
    """Change what is said of a system, or move it on in its life. What is retired stays so."""
    _require_keeper(person, get_entry(SYSTEMS, clouds.store, system_id), clouds)
    values = {name: getattr(changes, name) for name in changes.model_fields_set}
    nulls = sorted(name for name, value in values.items() if value is None and name not in CLEARED)
    if nulls:
        raise InvalidInputError("is left out to stay as it is; null is no value", where=nulls[0])
    entry = change_system(
        system_id, values, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name, now=clouds.now()
    )
    return view_system(clouds.store, entry, now=clouds.now())


@router.post("/systems/<system_id>/review", tags=["registers"])
def review_inventoried(
    clouds: Clouds, person: Person, system_id: EntryId, done: Annotated[NextReview, Body()]
) -> SystemView:
    """Say that a system was reviewed today, and when it is reviewed next."""
    _require_keeper(person, get_entry(SYSTEMS, clouds.store, system_id), clouds)
    entry = review_system(
        system_id, next_review=done.next_review, store=clouds.store, audit=clouds.audit, bus=clouds.bus,
        actor=person.name, now=clouds.now(),
    )  # fmt: skip
    return view_system(clouds.store, entry, now=clouds.now())


def _require_keeper(person: Caller, entry: SystemEntry, clouds: Clouds) -> None:
    """Officers, and whoever owns the registered model: the entry's own owner may have handed that over since."""
    if not person.roles & OFFICERS:
        require_change(person, get_model(clouds.store, entry.model_id))
