"""Grouping, repeating, inhibiting and silencing beside Alertmanager's, on random sequences of alerts.

    apt-get install prometheus-alertmanager && python benchmarks/alertmanager.py --sequences 200

All sequences run at once in one Alertmanager, each with labels, routes, inhibit rules and silences of its own, in
scaled time: a wait of 8 s, intervals of 16 s, repeats of 40 s. Its webhook's messages are compared with what the
product's own code sends by a virtual clock: for each receiver and group the moments, and the alerts that are firing.

Two differences are intended, left out and counted. When an alert ends while it is silenced or inhibited, Alertmanager
never tells that it is over, and the incident stays open; the product tells it. Of an alert that begins and ends between
two messages of its group Alertmanager tells that it is over; the product says nothing. Alerts come back no sooner
than 48 s after they ended, because Alertmanager forgets an empty group only at a clean-up each 30 s.

A busy machine wakes everybody late, Alertmanager too, and each of its timers starts when the one before was woken. So
how late threads wake is measured all the time, and a message may come later than ours by the sum of what was measured
at each tick of its group's timer, never more; and earlier by no more than the posting of alerts took.

Prints how many sequences agree and, of the others, where they differ first, with what was allowed and by which of the
differences that docs/alerting.md names. Ends with 1 when any differs otherwise.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

from benchmarks.alert_differences import (
    APART,
    END,
    INTERVAL,
    REPEAT,
    STEP,
    WAIT,
    ZERO,
    Messages,
    difference,
    is_short,
    muted_end,
    silences_of,
)
from benchmarks.alert_sequences import Sequence, make
from benchmarks.delays import Delays
from benchmarks.real_alertmanager import theirs
from syndic.adapters.memory import MemoryAudit, MemoryChannels, MemoryStore
from syndic.alerting.models import Alert, AlertState, Receiver
from syndic.alerting.models.routing import Routing
from syndic.alerting.routing.dispatch import dispatch
from syndic.alerting.routing.tree import compile_routing
from syndic.alerting.telling.deliveries import Post
from syndic.models import Concern, Severity
from syndic.ports import Step


def ours(sequence: Sequence) -> Messages:
    """What the product sends by a virtual clock."""
    routing = Routing.model_validate(
        {
            "route": {
                "receiver": "r0", "group_wait": f"{WAIT}s", "group_interval": f"{INTERVAL}s",
                "repeat_interval": f"{REPEAT}s", "routes": [sequence.route],
            },
            "inhibit_rules": sequence.inhibit,
        }
    )  # fmt: skip
    names = [f"r{number}" for number in range(5)]
    receivers = {name: Receiver(name=name, channel="pagerduty", secret=name, severity=Severity.LOW) for name in names}
    root = compile_routing(routing, frozenset(names))
    silences = silences_of(sequence)
    store, audit, channels = MemoryStore(), MemoryAudit(), MemoryChannels()
    said: Messages = defaultdict(list)
    for turn in range(int(END / STEP) + 1):
        at = round(turn * STEP, 3)
        now = ZERO + timedelta(seconds=at)
        standing = [
            (alert_of(name, sequence, at), labels)
            for name, labels in sequence.labels.items()
            if sequence.firing(name, at)
        ]
        found = dispatch(
            standing, routing=routing, root=root, silences=silences, receivers=receivers, takes=lambda *_: True, now=now
        )
        before = len(channels.sent)
        groups = {key: json.dumps([one.receiver, sorted(one.labels.items())]) for key, one in found.groups.items()}
        known = {**remembered(store), **groups}
        post = Post(receivers, store=store, channels=channels, audit=audit, dashboard_url=None, now=now)
        post.send(found.groups)
        for _, told in channels.sent[before:]:
            firing = tuple(sorted(one.model for one in told.matters))
            if told.step is Step.RESOLVE:
                key = closed(said, told.thread or "")
            else:
                key = known[next(one for one, thread in threads(store).items() if thread == told.thread)]
            said[key].append((at, firing))
            said.setdefault(f"thread {told.thread}", []).append((at, (key,)))
    return {key: told for key, told in said.items() if not key.startswith("thread ")}


def closed(said: Messages, thread: str) -> str:
    """The group that a thread was opened for."""
    return said[f"thread {thread}"][0][1][0]


def remembered(store: MemoryStore) -> dict[str, str]:
    """Groups on record, by key."""
    records = store.query("deliveries", limit=1000).records
    return {one.key.sort: json.dumps([one.body["receiver"], sorted(one.body["labels"].items())]) for one in records}


def threads(store: MemoryStore) -> dict[str, str | None]:
    """Threads on record, by key."""
    return {one.key.sort: one.body["thread"] for one in store.query("deliveries", limit=1000).records}


def alert_of(name: str, sequence: Sequence, at: float) -> Alert:
    """An alert as the product has it."""
    begun = ZERO + timedelta(seconds=max(one for one in sequence.begins[name] if one <= at))
    return Alert.model_construct(
        id=name, model_id=name, model_name=name, owner=None, concern=Concern.DRIFT, state=AlertState.OPEN,
        severity=Severity.HIGH, first_seen=begun, opened_at=begun, title="x", reason="x", remedy="x", subject="x",
        subject_key="x", measure=None, value=None, threshold=None, windows=(), windows_seen=1, members=(), findings=1,
        assignee=None, last_seen=begun,
    )  # fmt: skip


def main() -> int:
    """Run both, print what differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sequences", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261130)
    parser.add_argument("--alertmanager", type=Path, default=Path("/usr/bin/prometheus-alertmanager"))
    options = parser.parse_args()
    rng = random.Random(options.seed)  # noqa: S311 - sequences, no secrets
    sequences = [make(number, rng) for number in range(options.sequences)]
    with Delays(interval=INTERVAL, wait=WAIT) as delays:
        other = theirs(sequences, options.alertmanager, delays)
    agree = close = messages = left_out = 0
    meant: Counter[str] = Counter()
    for sequence in sequences:
        mine = ours(sequence)
        muted = {name for name in sequence.labels if muted_end(sequence, name) or is_short(sequence, name)}
        left_out += len(muted)
        found = difference(sequence, mine, other[sequence.number], muted, delays)
        close += difference(sequence, mine, other[sequence.number], muted, None) is None
        messages += sum(map(len, mine.values()))
        agree += found is None
        if found:
            where, by = found
            meant[by or "none"] += 1
            print(f"sequence {sequence.number}: {where}; {'intended: ' + by if by else 'NOT INTENDED'}")
    print(f"{agree} of {len(sequences)} sequences agree, {messages} messages; {close} of them within {APART} s")
    print(delays.summary())
    print(f"{left_out} alerts ended while they were muted or between two messages: their groups are left out")
    print(f"{len(sequences) - agree - meant['none']} differ as is intended, {meant['none']} otherwise")
    return int(meant["none"] > 0)


if __name__ == "__main__":
    sys.exit(main())
