"""Where Alertmanager's messages and ours differ, and by which of the differences that docs/alerting.md names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.alert_sequences import SCALE, Sequence
from benchmarks.delays import Delays
from syndic.alerting.models.routing import InhibitRule, Silence
from syndic.alerting.routing.muting import Muting

WAIT, INTERVAL, REPEAT = SCALE, 2 * SCALE, 5 * SCALE
END = 24.0 * SCALE
STEP = SCALE / 80
NEAR = SCALE / 5
"""Seconds about the ends of a silence in which an alert's end is left out."""

APART = SCALE / 20
"""Seconds by which moments may differ on an idle machine: the distance of two events of a sequence."""

ZERO = datetime(2026, 1, 1, tzinfo=UTC)
Told = tuple[float, tuple[str, ...]]
Messages = dict[str, list[Told]]


def muted_end(sequence: Sequence, name: str) -> bool:
    """Whether an alert ends while it is muted, or is when the end of its interval comes."""
    return any(is_muted(sequence, name, end + part * INTERVAL / 8) for end in sequence.ends[name] for part in range(9))


def is_muted(sequence: Sequence, name: str, at: float) -> bool:
    """Whether an alert is silenced or inhibited at a moment, or close to it."""
    labels = sequence.labels[name]
    rules = [InhibitRule.model_validate(one) for one in sequence.inhibit]
    standing = [sequence.labels[one] for one in sequence.labels if sequence.firing(one, at) or one == name]
    silences = [one for one in silences_of(sequence) if (one.starts_at - ZERO).total_seconds() - NEAR <= at]
    silences = [one for one in silences if at < (one.ends_at - ZERO).total_seconds() + NEAR]
    found = Muting(silences, rules, standing)
    return found.silenced(labels) or found.inhibited(labels)


RESTING = "some of the group is over and the rest is muted: ours names the rest, theirs nothing"
REFILLED = "a group that had become empty: ours is new at once, theirs kept for up to 30 s and told at its interval"
TWICE = "routes with the same matchers: two groups of ours, each of which is told; one of theirs"
CLEANED = 30.0
"""Seconds after which Alertmanager forgets empty groups at the latest."""


def intended(sequence: Sequence, key: str, ours: Told | None, theirs: Told | None) -> str | None:
    """By which of the documented differences two messages of a group differ; None: by none, so one of us is wrong."""
    labels = dict(json.loads(key)[1])
    members = [name for name, own in sequence.labels.items() if labels.items() <= own.items()]
    if ours is not None and theirs is not None and abs(ours[0] - theirs[0]) <= SCALE and ours[1] and not theirs[1]:
        return RESTING if all(is_muted(sequence, name, ours[0]) for name in ours[1]) else None
    if ours is not None and (theirs is None or theirs[0] > ours[0]):
        began = ours[0] - WAIT
        before = [end for name in members for end in sequence.ends[name] if end < began]
        empty = bool(before) and not any(sequence.firing(name, max(before) + STEP) for name in members)
        if empty and began - max(before) < CLEANED + INTERVAL:
            return REFILLED
    return TWICE if alike(sequence.route, json.loads(key)[0]) else None


def alike(route: dict[str, Any], receiver: str) -> bool:
    """Whether two routes to a receiver have the same matchers all the way down."""
    paths = [path for path, told in paths_of(route, (), "") if told == receiver]
    return len(set(paths)) < len(paths)


Path = tuple[tuple[str, ...], ...]


def paths_of(route: dict[str, Any], above: Path, told: str) -> Iterator[tuple[Path, str]]:
    """The matchers of each route of a tree, from the root on, and its receiver."""
    path, receiver = (*above, tuple(sorted(route.get("matchers", ())))), str(route.get("receiver", told))
    yield path, receiver
    for child in route.get("routes", ()):
        yield from paths_of(child, path, receiver)


def silences_of(sequence: Sequence) -> list[Silence]:
    """The sequence's silences, by the virtual clock."""
    return [
        Silence(
            id=str(number), matchers=tuple(matchers), starts_at=ZERO + timedelta(seconds=start),
            ends_at=ZERO + timedelta(seconds=end), comment="c", created_by="b", created_at=ZERO,
        )
        for number, (matchers, start, end) in enumerate(sequence.silences)
    ]  # fmt: skip


def is_short(sequence: Sequence, name: str) -> bool:
    """Whether an alert lasts for less than an interval."""
    pairs = zip(sequence.begins[name], sequence.ends[name], strict=False)
    return any(end - begin < INTERVAL + NEAR for begin, end in pairs)


def difference(
    sequence: Sequence, mine: Messages, other: Messages, muted: set[str], delays: Delays | None
) -> tuple[str, str | None] | None:
    """Where two differ first, and by which documented difference; None: nowhere. Groups of `muted` are left out.

    Without `delays` none is allowed.
    """
    for key in sorted({*mine, *other}):
        labels = dict(json.loads(key)[1])
        if any(labels.items() <= sequence.labels[name].items() for name in muted):
            continue
        one, two = list(mine.get(key, [])), list(other.get(key, []))
        one, two = ([entry for entry in told if entry[0] <= END - SCALE] for told in (one, two))
        for number in range(max(len(one), len(two))):
            a = one[number] if number < len(one) else None
            b = two[number] if number < len(two) else None
            if a is None or b is None or a[1] != b[1]:
                return f"{key}: ours {a}, theirs {b}", intended(sequence, key, a, b)
            late, early = (delays.late(a[0]), delays.early(a[0])) if delays else (0.0, 0.0)
            if not -APART - early <= b[0] - a[0] <= APART + late:
                allowed = f"allowed {APART + early:.2f} s before to {APART + late:.2f} s after"
                return f"{key}: ours {a}, theirs {b}, {allowed}", intended(sequence, key, a, b)
    return None
