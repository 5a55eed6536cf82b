"""What a world holds after a call, as JSON: the same on both clouds."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from typing import Any

from syndic.assessment import ORGANISATION
from syndic.audit.keys import PARTITION, PENDING, TREE, entry_index
from syndic.audit.verification.daily import KIND
from tests.edges.world import World


def outcome_of(world: World) -> dict[str, Any]:
    """Records, what the trail says, archived objects, published events, counted metrics and sent mails."""
    found = {
        "stored": _records(world),
        "trail": _trail(world),
        "archived": {name: hashlib.sha256(data).hexdigest() for name, (data, _) in world.archive._objects.items()},
        "published": [event.model_dump(mode="json") for event in world.bus.published],
        "counted": world.counted,
        "mails": [] if world.notifier is None else [repr(mail) for mail in world.notifier.sent],
    }
    kept: dict[str, Any] = json.loads(json.dumps(found))  # tuples become lists
    return kept


def _records(world: World) -> dict[str, Any]:
    """All but the trail. That it was verified names the tree's hash, which is random as salts are."""
    trail = {PARTITION, TREE, PENDING}
    found = {name: body for name, body in world.state().items() if name.split(" ")[0].split(".")[0] not in trail}
    random = set()
    for body in found.values():
        if body.get("kind") == KIND:
            hashes = body.pop("sha256"), body["facts"].pop("intact_hash")
            assert {len(one) for one in hashes} == {64}
            random |= {hashlib.sha256(one.encode()).hexdigest()[:8] for one in hashes}
    for name, body in found.items():
        if name.startswith("projections.names shard.") and ORGANISATION in body["models"]:
            indexed = body["models"][ORGANISATION].split()
            body["models"][ORGANISATION] = [one for one in indexed if one not in random]
    return found


def _trail(world: World) -> dict[str, list[Any]]:
    """What entries say, by subject, in their order. Their salts are random, and so are the hashes of the tree."""
    said: dict[str, list[Any]] = defaultdict(list)
    entries = (one for one in world.store._kept.items() if entry_index(one[0]) >= 0 and one[0].partition == PARTITION)
    for _, kept in sorted(entries, key=lambda one: entry_index(one[0])):
        entry = json.loads(kept.body)["entry"]
        said[entry["subject"]].append(entry)
    return said
