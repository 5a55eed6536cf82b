"""Worlds whose models run in Azure too: what the mirror's handler and the API's routes about them are wired to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from syndic.adapters.memory import MemoryBus, MemoryStore
from syndic.errors import UnavailableError
from syndic.mirror.change_log import ChangeLog, azure_wants
from syndic.mirror.exchange import Side
from syndic.mirror.outbox import OutboxBus, from_azure
from syndic.models import Cloud, EvidenceChanged, RegisteredModel
from syndic.ports import Key, Page, Record
from syndic.records import model_record
from syndic.tasks import mirror
from tests.edges.world import ENDPOINT, NOW, OWNER, SCHEMA, World

AZURE_ENDPOINT = ENDPOINT.model_copy(
    update={
        "cloud": Cloud.AZURE,
        "scope": "subscription/group/workspace",
        "name": "car-loan",
        "resource_id": "/subscriptions/1/workspaces/w/onlineEndpoints/car-loan",
    }
)
AZURE_MODEL = AZURE_ENDPOINT.model_id


class SilentStore(MemoryStore):
    """A store whose cloud does not answer."""

    def get(self, key: Key) -> Record | None:
        raise UnavailableError("Azure Table Storage does not answer")

    def query(self, partition: str, **options: Any) -> Page:
        raise UnavailableError("Azure Table Storage does not answer")


def across() -> World:
    """A model in Azure with new evidence, which AWS does not know yet."""
    store, bus = MemoryStore(), MemoryBus()
    own = ChangeLog(store, wanted=azure_wants, clock=lambda: NOW)
    model = RegisteredModel(
        id=AZURE_MODEL,
        name="car-loan",
        cloud=Cloud.AZURE,
        owner=OWNER,
        endpoint=AZURE_ENDPOINT,
        tags=AZURE_ENDPOINT.tags,
        capture_schema=SCHEMA,
        registered_at=NOW,
        last_seen_at=NOW,
    )
    own.put(model_record(model))
    OutboxBus(bus, store=own, route=from_azure).publish([EvidenceChanged(model_id=AZURE_MODEL, kinds=("drift.run",))])
    return World(azure=Side(store, bus))


def mirrored() -> World:
    """The same, an hour after the clouds met."""
    world = across()
    world.moment = NOW - timedelta(hours=1)
    mirror.meet(world)
    world.bus.published.clear()
    world.moment = NOW
    return world


def silent() -> World:
    """Azure stopped answering since."""
    world = mirrored()
    world.azure = Side(SilentStore(), MemoryBus())
    return world


def unreached() -> World:
    """The mirror has noticed it."""
    world = silent()
    mirror.meet(world)
    return world


MIRROR_WORLDS = {made.__name__: made for made in (across, mirrored, silent, unreached)}
