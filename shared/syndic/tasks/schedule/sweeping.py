"""The sweeper: tells what a writer that died left untold, and forgets yesterday's keys.

Schedules of both clouds call it before their own work.
"""

from __future__ import annotations

from syndic.changes import Swept, sweep
from syndic.idempotency import forget
from syndic.identity.api_keys import forget_exchanged
from syndic.tasks.clouds import Clouds


def tell_untold(clouds: Clouds) -> Swept:
    """Tell every change that is untold for more than a minute."""
    swept = sweep(store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now())
    if swept.told or swept.left:  # an ordinary run has nothing to count
        clouds.count("ChangesTold", swept.told)
        clouds.count("ChangesUntold", swept.left)
    return swept


def forget_keys(clouds: Clouds) -> int:
    """Forget keys of requests and of exchanges that are over for a day; returns how many. One schedule does."""
    gone = forget(store=clouds.store, now=clouds.now())
    return gone + forget_exchanged(store=clouds.store, now=clouds.now())
