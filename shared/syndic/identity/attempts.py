"""Sign-ins by password are counted before they are tried: so guesses that come at the same moment count as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from syndic.errors import TooOftenError
from syndic.identity.keys import attempts_key
from syndic.ports import ABSENT, Record, SignedIn, Store
from syndic.records import retried

MOST: Final = 10
WITHIN: Final = timedelta(minutes=15)


def counted(name: str, sign_in: Callable[[], SignedIn], *, store: Store, now: datetime) -> SignedIn:
    """Sign in somebody who did not fail too often. Success forgets what failed before.

    Raises `TooOftenError` after `MOST` failures `WITHIN` a time, and what `sign_in` raises.
    """
    key = attempts_key(name)

    def count() -> None:
        present = store.get(key)
        since = now if present is None else datetime.fromisoformat(str(present.body["since"]))
        recent = present is not None and now - since < WITHIN
        tries = int(present.body["tries"]) if present is not None and recent else 0
        if tries >= MOST:
            left = int((since + WITHIN - now).total_seconds()) + 1
            raise TooOftenError(f"too many sign-ins of this account failed: try again in {left} s", seconds=left)
        begun = since if recent else now
        body = {"since": begun.isoformat(), "tries": tries + 1}
        store.put(Record(key, body, expires=begun + WITHIN), expect=present.etag if present else ABSENT)

    retried(count, what="the sign-ins of this account")
    found = sign_in()
    store.delete(key)
    return found
