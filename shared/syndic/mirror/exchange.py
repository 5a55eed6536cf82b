"""Let both clouds exchange what they have for each other."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from syndic.changes import Change, commit
from syndic.errors import UnavailableError
from syndic.mirror.catch_up import MOST, Follower
from syndic.mirror.keys import MET, PULLED, PUSHED, STATE
from syndic.mirror.models import Carried, ExchangeReport, MirrorState
from syndic.mirror.outbox import deliver, waiting
from syndic.mirror.replicate import Carrier, Merge, governed
from syndic.models import AuditEntry, Cloud, Moment, RegisteredModel, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Record, Store, Write
from syndic.records import retried

log = logging.getLogger(__name__)
ACTOR: Final = "syndic/mirror"
SUBJECT: Final = "mirror/azure"
ANSWERS: Final = frozenset({"EvidenceChanged", "FindingsChanged"})
REQUESTS: Final = frozenset({"CountRequested", "CheckRequested", "BaselineRequested", "OnboardingRequested"})


@dataclass(frozen=True, slots=True)
class Side:
    """One cloud, as the exchange needs it: its records, and the bus that its own concerns listen to."""

    store: Store
    bus: EventBus


def exchange(
    *, here: Side, there: Side, audit: AuditTrail, observe: Merge, now: datetime, most: int = MOST
) -> ExchangeReport:
    """Pull what Azure measured, push what AWS decided, and hand over the events of both.

    Ending it anywhere and running it again gives the same records; events may then be published twice. Events that
    waited are published after the records they speak of have arrived.

    Args:
        here: AWS. Its store notes changes.
        there: Azure's records, and the queues of its workers.
        audit: The trail in AWS; it is told when Azure falls silent and when it answers again.
        observe: A model in AWS after Azure's record of it was seen.
        now: The time of the run, by the clock of AWS.
        most: Records looked at in each direction before the rest is left for the next run.
    """
    pulled, pushed = Carried(complete=False), Carried(complete=False)
    reason: str | None = None
    try:
        pulled = _carry(Cloud.AZURE, there, here, audience=ANSWERS, merge=observe, now=now, most=most)
        pushed = _carry(Cloud.AWS, here, there, audience=REQUESTS, merge=governed, now=now, most=most)
        there.store.put(Record(MET, {"at": now.isoformat()}))
    except UnavailableError as error:
        reason = str(error)
        log.warning("exchange was cut short", extra={"reason": reason})
    for one in (*pulled.left_out, *pushed.left_out):
        log.warning("record was left out", extra=one.model_dump())
    _keep_state(here.store, audit, mirrored=pulled.complete, reason=reason, now=now)
    return ExchangeReport(pulled=pulled, pushed=pushed, unavailable=reason)


def mirror_state(store: Store) -> MirrorState | None:
    """When both clouds last met; None where there is no other cloud."""
    record = store.get(STATE)
    return None if record is None else MirrorState.model_validate(record.body)


def mirrored_at(model: RegisteredModel, state: MirrorState | None) -> Moment | None:
    """The age of what is known of a model: everything that its cloud had then is here. None: it is not mirrored."""
    return state.mirrored_at if state is not None and model.cloud is Cloud.AZURE else None


def _carry(
    owner: Cloud, source: Side, target: Side, *, audience: frozenset[str], merge: Merge, now: datetime, most: int
) -> Carried:
    # Looked up before the records: what an event speaks of was written, and noted, before the event.
    events = waiting(source.store)
    mark_at = PULLED if owner is Cloud.AZURE else PUSHED
    carrier = Carrier(owner, source.store, target.store, merge)
    follower = Follower(carrier, mark_at, now=now, most=most)
    carried = follower.follow()
    if not carried.complete:
        return carried
    delivered = deliver(events, store=source.store, bus=target.bus, kinds=audience)
    follower.tidy()
    return carried.model_copy(update={"events": delivered})


def _keep_state(store: Store, audit: AuditTrail, *, mirrored: bool, reason: str | None, now: datetime) -> None:

    def step() -> None:
        record = store.get(STATE)
        before = None if record is None else MirrorState.model_validate(record.body)
        was_failing = before is not None and before.unavailable is not None
        failing_since = None if reason is None else before.failing_since if before and was_failing else now
        state = MirrorState(
            attempted_at=now,
            mirrored_at=now if mirrored else before.mirrored_at if before else None,
            unavailable=reason,
            failing_since=failing_since,
        )
        entries: tuple[AuditEntry, ...] = ()
        if reason is not None and not was_failing:
            entries = (_entry("mirror.unreachable", now, reason=reason),)
        if reason is None and was_failing:
            entries = (_entry("mirror.reached", now),)
        write = Write(Record(STATE, to_json(state)), record.etag if record else ABSENT)
        commit(Change((write,), now, entries=entries), store=store, audit=audit)

    retried(step, what="the mirror's state")


def _entry(action: str, now: datetime, **details: Any) -> AuditEntry:
    return AuditEntry(action=action, actor=ACTOR, subject=SUBJECT, at=now, details=details)
