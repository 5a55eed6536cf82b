"""How queues stand, as metrics, where the cloud measures none that an alarm could watch."""

from __future__ import annotations

from syndic.ports import Queues
from syndic.tasks.clouds import Clouds


def count_queues(queues: Queues, clouds: Clouds) -> None:
    """Count how long messages wait and how many were put aside. Raises `UnavailableError`."""
    for one in queues():
        clouds.count("OldestMessageSeconds", round(one.oldest), queue=one.name)
        clouds.count("MessagesSetAside", one.set_aside, queue=one.name)
