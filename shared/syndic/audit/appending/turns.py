"""Whose turn it is to sequence. Two at once do no harm, but each would do the other's work in vain."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from syndic.audit.keys import LEASE
from syndic.errors import StaleWriteError
from syndic.models import Moment, Noun, to_json
from syndic.ports import ABSENT, Record, Store

LONGEST: Final = timedelta(seconds=90)
"""After this time the turn of somebody who did not end it is over: longer than a function may run."""


class Turn(Noun):
    """Whose turn it is, and what of the trail is known to be published."""

    holder: str = ""
    until: Moment | None = None
    published_size: int = 0
    published_at: Moment | None = None
    mailed_size: int = 0
    mail_tried_at: Moment | None = None
    witnessed: dict[str, int] = Field(default_factory=dict)  # by id of a witness's key: the size that it signed last
    witnesses_asked_size: int = 0
    witnesses_asked_at: Moment | None = None
    run_ended: bool = False  # a run ended since the last checkpoint


def take_turn(store: Store, now: datetime) -> Turn | None:
    """Take the turn; None while somebody else has it."""
    present = store.get(LEASE)
    turn = Turn() if present is None else Turn.model_validate(present.body)
    if turn.until is not None and now < turn.until:
        return None
    mine = turn.model_copy(update={"holder": secrets.token_hex(8), "until": now + LONGEST})
    try:
        store.put(Record(LEASE, to_json(mine)), expect=ABSENT if present is None else present.etag)
    except StaleWriteError:
        return None
    return mine


def end_turn(store: Store, turn: Turn) -> None:
    """End the turn, and keep what was published. Does nothing when somebody else took it over."""
    keep_turn(store, turn.model_copy(update={"until": None}))


def keep_turn(store: Store, turn: Turn) -> bool:
    """Keep what was published meanwhile. False when somebody else took the turn over."""
    present = store.get(LEASE)
    if present is None or present.body.get("holder") != turn.holder:
        return False
    try:
        store.put(Record(LEASE, to_json(turn)), expect=present.etag)
    except StaleWriteError:
        return False
    return True
