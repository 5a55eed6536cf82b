"""What must not go though its time is over: results that something on record rests on.

Nobody who refers to a result has to know of retention. Once a week the records about a model are looked through for
results that they name; those that have less than `AHEAD` left get more time. So a reference holds as long as it stands,
and what nobody refers to any more goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from syndic.assessment import Attestation
from syndic.audit.erasure.contents import list_holds
from syndic.changes import Change, commit
from syndic.checks.history.keys import sort_of, standing_key, window_in
from syndic.checks.history.older import Standing
from syndic.checks.history.retention import HALF_A_YEAR
from syndic.errors import StaleWriteError
from syndic.models import to_json
from syndic.ports import ABSENT, Key, Record, Store, Write
from syndic.records import iterate
from syndic.registers.across import entries_on
from syndic.registers.incidents.register import INCIDENTS
from syndic.registers.keys import OPEN_END
from syndic.registers.register import of_model
from syndic.tasks.clouds import Clouds
from syndic.tasks.retention.streams import PLACES, STREAMS

AHEAD: Final = timedelta(days=120)
LONGER: Final = timedelta(days=400)
EVERY: Final = timedelta(days=7)
YOUNG: Final = timedelta(days=HALF_A_YEAR) - AHEAD
"""Younger results have more than `AHEAD` left, whatever is set."""

ABOUT: Final[tuple[Callable[[str], str], ...]] = (
    lambda model_id: f"evidence.{model_id}",
    lambda model_id: f"compliance.{model_id}",
    lambda model_id: f"attestations.{model_id}",
    lambda model_id: f"documents.{model_id}",
    lambda model_id: f"remediation.{model_id}",
    lambda model_id: f"model.{model_id}",
    lambda model_id: f"episodes.model.{model_id}",
    lambda model_id: f"deployments.model.{model_id}",
    lambda model_id: f"erasures.{model_id}",
)
"""Where records about a model lie or are listed, besides the entries of registers."""


def keep_needed(model_id: str, clouds: Clouds) -> int:
    """Give results that are needed more time; returns how many. Once a week for each model."""
    record = clouds.store.get(standing_key(model_id))
    standing = Standing() if record is None else Standing.model_validate(record.body)
    now = clouds.now()
    if standing.needed_at is not None and now - standing.needed_at < EVERY:
        return 0
    given = sum(_longer(one, clouds) for one in _needed(clouds.store, model_id, now))
    looked = Record(standing_key(model_id), to_json(standing.model_copy(update={"needed_at": now})))
    change = Change((Write(looked, ABSENT if record is None else record.etag),), now)
    commit(change, store=clouds.store, audit=clouds.audit)
    return given


def _needed(store: Store, model_id: str, now: datetime) -> Iterator[Record]:
    if _all_is_needed(store, model_id):
        for of, lead in PLACES:
            yield from iterate(store, of(model_id), start=lead or None, end=f"{lead}{sort_of(now - YOUNG)}")
        return
    windows = set(_named(store, model_id)) | set(_stood(store, model_id, now))
    old = [window for window in windows if _begun(window) < now - YOUNG]
    keys = [Key(of(model_id), f"{lead}{window}") for window in sorted(old) for of, lead in PLACES]
    for begin in range(0, len(keys), 100):
        yield from store.get_many(keys[begin : begin + 100]).values()


def _all_is_needed(store: Store, model_id: str) -> bool:
    """Whether an incident with the model is open, or a legal hold is on it."""
    if any(hold.subject == f"model/{model_id}" for hold in list_holds(store)):
        return True
    return bool(store.query(of_model(INCIDENTS, model_id), end=OPEN_END, limit=1).records)


def _named(store: Store, model_id: str) -> Iterator[str]:
    """Keys of windows whose results a record about the model names."""
    lead = rf"(?:drift|quality|bias)\.{re.escape(model_id)}\.(?:[a-z_]+\.)?"
    named = re.compile(lead + r"(\d{8}T\d{6}Z-\d{8}T\d{6}Z)")
    for of in ABOUT:
        for record in iterate(store, of(model_id)):
            yield from named.findall(json.dumps(record.body))
    for _, entries in entries_on(model_id, store):
        for entry in entries:
            yield from named.findall(json.dumps(to_json(entry)))


def _stood(store: Store, model_id: str, now: datetime) -> Iterator[str]:
    """Keys of the windows that were the newest when something was signed that is in force, or an incident opened.

    A signature and an incident keep hashes of the evidence as it was, which name no window.
    """
    signed = (Attestation.model_validate(one.body) for one in iterate(store, f"attestations.{model_id}"))
    moments = [one.signed_at for one in signed if one.withdrawn_at is None and one.expires_at > now]
    incidents = iterate(store, of_model(INCIDENTS, model_id))
    moments += [INCIDENTS.noun.model_validate(one.body).opened_at for one in incidents]
    for moment in moments:
        if moment >= now - YOUNG:
            continue
        for stream in STREAMS:
            record = stream.newest_before(store, model_id, moment)
            window = None if record is None else window_in(record.key.sort)
            if window is not None:
                yield window.key


def _begun(window: str) -> datetime:
    found = window_in(window)
    assert found is not None  # noqa: S101 - it was found as one
    return found.start


def _longer(record: Record, clouds: Clouds) -> bool:
    if record.expires is None or record.expires - clouds.now() >= AHEAD:
        return False
    change = Change((Write(replace(record, expires=clouds.now() + LONGER), record.etag),), clouds.now())
    try:
        commit(change, store=clouds.store, audit=clouds.audit)
    except StaleWriteError:  # it was judged anew, which gave it time
        return False
    return True
