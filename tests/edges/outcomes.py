"""What a world holds after a call, as JSON: the same on both clouds."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.edges.world import World


def outcome_of(world: World) -> dict[str, Any]:
    """Records, archived objects, published events, counted metrics and sent mails."""
    found = {
        "stored": world.state(),
        "archived": {name: hashlib.sha256(data).hexdigest() for name, (data, _) in world.archive._objects.items()},
        "published": [event.model_dump(mode="json") for event in world.bus.published],
        "counted": world.counted,
        "mails": [] if world.notifier is None else [repr(mail) for mail in world.notifier.sent],
    }
    kept: dict[str, Any] = json.loads(json.dumps(found))  # tuples become lists
    return kept
