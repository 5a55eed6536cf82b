"""What receivers were told of each group, and what waits because they did not take it: listed, tried on demand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from syndic.alerting.keys import DELIVERIES_OPEN, delivery_key
from syndic.alerting.models import Delivery, DeliveryState
from syndic.changes import Change, commit, finish
from syndic.errors import NotFoundError
from syndic.models import AuditEntry, to_json
from syndic.ports import AuditTrail, Record, Store, Write
from syndic.records import iterate, retried


def list_deliveries(store: Store) -> Iterator[DeliveryState]:
    """Every group that a receiver was told of, or waits to be, by receiver."""
    for record in iterate(store, DELIVERIES_OPEN):
        yield _state(record)


def try_again(identity: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> DeliveryState:
    """Let what waits be tried by the next run, however often it was refused. Raises `NotFoundError`."""

    def step() -> DeliveryState:
        record = store.get(delivery_key(identity))
        if record is None:
            raise NotFoundError(f"there is no delivery {identity}")
        state = Delivery.model_validate(record.body)
        if state.not_before is None and state.tries == 0:
            finish(record.key, store=store, audit=audit)
            return _state(record)
        entry = AuditEntry(
            action="delivery.tried_again",
            actor=actor,
            subject=f"delivery/{identity}",
            at=now,
            details={"receiver": state.receiver, "tries": state.tries},
        )
        free = Record(
            record.key, to_json(state.model_copy(update={"not_before": None, "tries": 0})), listings=record.listings
        )
        (written,) = commit(Change((Write(free, record.etag),), now, entries=(entry,)), store=store, audit=audit)
        return _state(written)

    return retried(step, what=f"delivery {identity}")


def _state(record: Record) -> DeliveryState:
    state = Delivery.model_validate(record.body)
    return DeliveryState(
        id=record.key.sort,
        receiver=state.receiver,
        labels=state.labels,
        alerts=tuple(sorted(state.told)),
        told_at=state.told_at,
        waiting=tuple(sorted(state.sending)),
        tries=state.tries,
        not_before=state.not_before,
        trouble=state.trouble,
    )
