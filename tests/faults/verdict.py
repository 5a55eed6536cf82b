"""Runs a case without a fault and with each fault, and says how the ends differ."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from syndic.audit.appending.sequencer import sequence
from syndic.audit.keys import READS
from syndic.changes import UNTOLD, sweep
from syndic.idempotency import CLAIMS
from syndic.ports import Key
from tests.edges.cloning import cloned
from tests.edges.mirroring import SilentStore
from tests.edges.world import SETTINGS, World
from tests.faults.cases import TICK, Case
from tests.faults.faulty import MODES, Fault, FaultyWorld, Killed

TRIES = 4
NAMED = "projections.names"
_MARK = re.compile(r"^(~~marked\.\w+)\.[0-9a-f]{16}$")
_TIME = re.compile(r"\d{4}-?\d\d-?\d\dT\d\d:?\d\d:?\d\d(\.\d+)?(Z|\+00:00)?")
# A call that is made again is counted again: how often something was tried or looked at tells of the fault itself.
# A secret is made anew whenever its answer was lost.
COUNTS = frozenset({"attempts", "looks", "judgement", "secret_sha256"})
# What such a record holds is another thing whenever its secret was made anew.
OF_A_SECRET = frozenset({"key.made", "token.exchanged"})
# That the other cloud did not answer is the fault itself, and true.
OF_THE_FAULT = frozenset({"mirror.unreachable", "mirror.reached"})
# Hashes and ids that name the moment of a scheduled run, and what is only a mark of how far a run came.
OF_THE_MOMENT = frozenset({"sha256", "id", "digest_id", "message_id", "intact_hash", "hash", "inputs_sha256", "etag"})


@dataclass
class End:
    """What a run leaves: the trail, the records beside it, events by what they say, mails, archived objects."""

    audit: Counter[str]
    records: dict[str, Any]
    events: set[str]
    mails: Counter[str]
    unconfirmed: int
    objects: set[str]
    untold: int


@dataclass
class Outcome:
    """How one case stands its faults."""

    name: str
    calls: int = 0
    faults: int = 0
    changes: bool = False
    troubles: list[str] = field(default_factory=list)


def end_of(world: World, before: World, *, timeless: bool) -> End:
    world = _sequenced(world)
    old = {key for key, _ in _kept(before) if _is_entry(key)}  # an erasure takes some of them away
    fresh = [json.loads(one.body)["entry"] for key, one in _kept(world) if _is_entry(key) and key not in old]
    # What a claim keeps is an answer, and an import answers what it did now: the second time, that nothing was new.
    # Who is shown something twice is in the access log twice.
    records = {
        _TIME.sub("T", f"{key.partition} {key.sort}") if timeless else f"{key.partition} {key.sort}": _read(
            one.body, timeless
        )
        for side, store in _stores(world)
        for key, one in store._kept.items()
        # A mark is one more of a model that is marked: how many there are tells of the fault.
        for key in [Key(key.partition, _MARK.sub(r"\1", key.sort))]
        if key.partition.split(".")[0] not in {"audit", "trail", "pending", "changes", READS, CLAIMS}
        # Hashes of every text, as they were when the index was last brought up to date: `test_projections` holds them
        # to what is there, after faults too.
        and key.partition != NAMED
    }
    buses = [world.bus, *([world.azure.bus] if world.azure else [])]
    events = {json.dumps(_plain(one.model_dump(mode="json"), timeless), sort_keys=True) for bus in buses
              for one in bus.published}  # fmt: skip
    sent = world.notifier.sent[len(before.notifier.sent if before.notifier else ()) :] if world.notifier else []
    return End(
        audit=Counter(
            json.dumps(_plain(_named(one), timeless), sort_keys=True)
            for one in fresh
            if one["action"] not in OF_THE_FAULT
        ),
        records=records,
        events=events,
        mails=_once(Counter(mail.to for mail in sent)),
        unconfirmed=sum(one["action"] == "digest.unconfirmed" for one in fresh),
        objects=set(world.archive._objects),
        untold=_untold(world),
    )


def _sequenced(world: World) -> World:
    """A copy in which every entry that waited has its place."""
    world = cloned(world)
    for _, store in _stores(world):
        if not isinstance(store, SilentStore):  # nothing is sequenced where nothing answers
            sequence(store)
    return world


def _untold(world: World) -> int:
    return len(world.store._places.get(UNTOLD, ()))


@lru_cache(maxsize=4096)
def _read(body: str, timeless: bool) -> Any:
    """What a record says. Of thousands of faults each leaves most records as they were: those are read once."""
    return _plain(json.loads(body), timeless)


def _once(mails: Counter[str]) -> Counter[str]:
    """A checkpoint that reaches the auditors twice says the same; one that does not reach them is lost."""
    auditors = SETTINGS.audit_mail
    return Counter({to: 1 if to == auditors else count for to, count in mails.items()})


def _kept(world: World) -> list[tuple[Any, Any]]:
    return sorted(world.store._kept.items(), key=lambda pair: (pair[0].partition, pair[0].sort))


def _stores(world: World) -> Iterator[tuple[str, Any]]:
    yield "here", world.store
    if world.azure is not None and hasattr(world.azure.store, "_kept"):
        yield "there", world.azure.store


def _is_entry(key: Any) -> bool:
    return key.partition == "audit" and key.sort.startswith("entry.")


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    """A mail whose sending could not be confirmed was told of as such: the same mail, told of once."""
    if entry["action"].startswith("digest."):
        return {"action": "digest", "alerts": entry["details"]["alerts"]}
    if entry["action"] in OF_A_SECRET:
        return {name: value for name, value in entry.items() if name not in {"before", "after"}}
    return entry


def _plain(value: Any, timeless: bool) -> Any:
    if isinstance(value, dict):
        left_out = COUNTS | (OF_THE_MOMENT if timeless else frozenset())
        return {
            (_TIME.sub("T", name) if timeless else name): _plain(inner, timeless)
            for name, inner in value.items()
            if name not in left_out and not (name == "confirmed" and isinstance(inner, bool))  # of a mail
        }
    if isinstance(value, list | tuple):
        return [_plain(inner, timeless) for inner in value]
    if isinstance(value, str) and timeless:
        return _TIME.sub("T", value)
    return value


def run(case: Case, *, stride: int = 1, offset: int = 0) -> Outcome:
    """Every outside call of a case, or every `stride`-th, with each fault."""
    base = case.world()
    clean = FaultyWorld(cloned(base), Fault())
    case.send(clean)
    calls = clean.fault.calls
    _again(case, clean)
    wanted = end_of(clean.world, base, timeless=case.scheduled)
    outcome = Outcome(case.name, calls=calls, changes=wanted != end_of(base, base, timeless=case.scheduled))
    if not outcome.changes:
        return outcome
    for number, (at, mode) in enumerate((at, mode) for at in range(1, calls + 1) for mode in MODES):
        if (number + offset) % stride:
            continue
        outcome.faults += 1
        world = FaultyWorld(cloned(base), Fault(at, mode))
        with contextlib.suppress(Killed):
            case.send(world)
        world.fault.at = 0
        untold = _untold(_sequenced(_swept(FaultyWorld(cloned(world.world), Fault()))))
        if untold:
            outcome.troubles.append(f"call {at} {mode}: {untold} changes are untold although they were swept")
        _again(case, world)
        found = end_of(world.world if case.by_client else _swept(world), base, timeless=case.scheduled)
        outcome.troubles += [f"call {at} of {calls} {mode}: {one}" for one in differences(wanted, found)]
    return outcome


def _again(case: Case, world: FaultyWorld) -> None:
    """A client that sends its request again, a queue that delivers again, a schedule's next calls."""
    for _ in range(case.turns or TRIES):
        if case.scheduled:
            world.world.moment += TICK
        if case.send(world) and not case.scheduled:
            return


def _swept(world: FaultyWorld) -> World:
    later = world.world.moment + timedelta(minutes=2)
    sweep(store=world.world.store, audit=world.world.audit, bus=world.world.bus, now=later)
    return world.world


def differences(wanted: End, found: End) -> Iterator[str]:
    """How an end differs from the one without a fault."""
    yield from (f"audit entry lost: {one}" for one in (wanted.audit - found.audit).elements())
    yield from (f"audit entry doubled: {one}" for one in (found.audit - wanted.audit).elements())
    yield from (f"event lost: {one}" for one in sorted(wanted.events - found.events))
    yield from (f"event doubled as another: {one}" for one in sorted(found.events - wanted.events))
    yield from (f"mail doubled to {one}" for one in (found.mails - wanted.mails).elements())
    lost = sum((wanted.mails - found.mails).values())
    if lost > found.unconfirmed:
        yield f"{lost} mails lost, {found.unconfirmed} counted as unconfirmed"
    for name in sorted(wanted.records.keys() | found.records.keys()):
        if wanted.records.get(name) != found.records.get(name):
            yield f"record {name} is {_short(found.records.get(name))} instead of {_short(wanted.records.get(name))}"
    yield from (f"object missing: {one}" for one in sorted(wanted.objects - found.objects))
    if found.untold:
        yield f"{found.untold} changes are untold"


def _short(value: Any) -> str:
    return json.dumps(value, sort_keys=True)[:300]
