"""What a change costs: outside calls of every route and function, beside those that commit be4e8ea made.

    make bench-changes

The counts of that commit lie beside this file; they were made by this file in a checkout of it:
`python benchmarks/changes.py --record changes_be4e8ea.json` (with tests/faults/faulty.py and cases.py of today).
Each case runs once on memory ports. Calls are counted, not timed: a count is the same on every machine. The worlds had
one model then; those that the tests gave them since are taken out, for what reads each model costs by the model. The
schedule has run: what it counts, indexes, upgrades, publishes and verifies stands. The last line says what verifying a
trail costs that nobody verified before.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]
RECORDED = Path(__file__).with_name("changes_be4e8ea.json")
WRITES = ("store.put", "store.put_together", "store.put_each", "store.delete")
MOST = 1.5  # times the calls of be4e8ea, of anything that changes something
SWEEP = 2  # calls more that a schedule may make: it looks for what others left untold
# What does more today than that commit did, with the calls that it makes in these worlds, and why.
_DAILY = "verifies the trail, renews what 14 registers show, follows retention, counts and indexes what changed"
_DIGEST = "looks for what is due in registers, rules, silences, deliveries, chats, keys and its own parts"
VERIFY = "GET /audit/verify"
KNOWN: dict[str, tuple[int, str]] = {
    VERIFY: (
        9,
        "compares with the checkpoints kept elsewhere; it read the whole trail then, and reads what is new now",
    ),
    "aws compliance/daily": (188, _DAILY),
    "azure compliance_daily/daily": (188, _DAILY),
    **{
        f"{function}/{event}": (most, _DIGEST)
        for function in ("aws alerting", "azure alerting_digest")
        for event, most in (("digest_due", 37), ("digest_nothing_waits", 25), ("digest_without_sender", 24))
    },
}


def counted(*, verified: bool = True, only: str | None = None) -> dict[str, dict[str, int]]:
    """Outside calls of each case by port and method, without a fault: of all cases, or of `only` one."""
    from tests.edges.cloning import cloned
    from tests.faults.cases import functions_of_aws, functions_of_azure, routes
    from tests.faults.faulty import PORTS, Fault, FaultyWorld

    found: dict[str, dict[str, int]] = {}
    for case in (*routes(), *functions_of_aws(), *functions_of_azure()):
        if only is not None and case.name != only:
            continue
        world = FaultyWorld(_as_then(cloned(case.world()), verified=verified), Fault())
        calls: Counter[str] = Counter()
        for name in PORTS:
            if getattr(world, name) is not None:
                setattr(world, name, _Counting(name, getattr(world, name), calls))
        world.sources = (world.source,)
        case.send(world)
        found[case.name] = dict(sorted(calls.items()))
    return found


def _as_then(world: Any, *, verified: bool) -> Any:
    """The world with the one model that it had then, as the schedule leaves it."""
    from syndic.audit.public.publish import publish
    from syndic.audit.verification.daily import record_verification
    from syndic.compliance.person_index import PERSONS
    from syndic.projections import keep
    from syndic.registry.overview import COUNTED
    from syndic.tasks.schedule.upgrading import upgrade_records
    from tests.edges.world import MODEL

    for record in world.store.query("models", limit=1000).records:
        if record.key.sort != MODEL:
            world.store.delete(record.key)
    if verified:
        publish(world.store, world.log_archive, world.signing_key)
        record_verification(store=world.store, archive=world.log_archive, now=world.now())
    for projection in (COUNTED, PERSONS):
        keep(projection, world.store, now=world.now())
    upgrade_records(world)
    return world


class _Counting:
    """Counts the calls of a port by method."""

    def __init__(self, name: str, inner: Any, calls: Counter[str]) -> None:
        self._name, self._inner, self._calls = name, inner, calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name.startswith("_") or not callable(found):
            return found

        def call(*args: Any, **options: Any) -> Any:
            self._calls[f"{self._name}.{name}"] += 1
            return found(*args, **options)

        return call


def main() -> int:
    """Print a line for each case that writes, and whether one costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", type=Path, help="write the counts of this checkout and compare nothing")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    now = counted()
    if asked.record is not None:
        asked.record.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")
        return 0
    then: dict[str, dict[str, int]] = json.loads(RECORDED.read_text())
    slower: list[str] = []
    print(f"{'case':72} calls then  now  ratio  writes then  now")
    for name in sorted(now):
        if name not in then:
            continue
        calls = (sum(then[name].values()), sum(now[name].values()))
        writes = tuple(sum(counts.get(one, 0) for one in WRITES) for counts in (then[name], now[name]))
        ratio = calls[1] / max(1, calls[0])
        limit = 1.0 if name.startswith("GET") and not any(writes) else MOST
        beyond = ratio > limit and (name[0].isupper() or calls[1] - calls[0] > SWEEP)
        most, reason = KNOWN.get(name, (0, ""))
        if beyond and calls[1] > most:
            slower.append(name)
        if any(writes) or ratio > limit:
            over = "  OVER" if name in slower else f"  {reason}" if beyond else ""
            print(f"{name:72} {calls[0]:10} {calls[1]:4} {ratio:6.2f} {writes[0]:12} {writes[1]:4}{over}")
    reads = [name for name in now if name.startswith("GET") and not any(now[name].get(one) for one in WRITES)]
    print(f"{len(reads)} routes that only read, {len(slower)} over the limit (reads 1.0, writes {MOST}): {slower}")
    first = sum(counted(verified=False, only=VERIFY)[VERIFY].values())
    print(f"{VERIFY} of a trail that nobody verified before: {first} calls")
    return bool(slower)


if __name__ == "__main__":
    sys.exit(main())
