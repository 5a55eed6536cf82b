"""Evidence about stores: how captured traffic is kept, and Syndic's own archive and trail. Read, not signed for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.errors import InvalidInputError, NotFoundError, UnavailableError
from syndic.models import Cloud, Evidence, EvidenceStatus, RegisteredModel
from syndic.ports import StorageInspector, StorageRules, Store
from syndic.records import renew_evidence

CAPTURES: Final = "storage.captures"
PLATFORM: Final = "storage.platform"
VALID_FOR: Final = timedelta(days=7)
RENEWED: Final = timedelta(days=3)


def record_keeping(
    *,
    store: Store,
    storage: StorageInspector,
    clouds: Collection[Cloud],
    now: datetime,
    models: Iterable[RegisteredModel],
) -> int:
    """Keep how captured traffic of models is kept, of those that run in these clouds; returns how much was written."""
    return sum(
        len(renew_evidence(store, (captures_evidence(model, storage, now=now),), every=RENEWED))
        for model in models
        if model.cloud in clouds
    )


def record_own_stores(*, store: Store, storage: StorageInspector, own: Mapping[str, str], now: datetime) -> bool:
    """Keep how Syndic's own stores keep what is in them, by their names; tells whether it was written."""
    return bool(renew_evidence(store, (platform_evidence(own, storage, now=now),), every=RENEWED))


def captures_evidence(model: RegisteredModel, storage: StorageInspector, *, now: datetime) -> Evidence:
    """How the captured traffic of a model is kept. A model of which nothing is captured keeps nothing there."""
    endpoint = model.endpoint
    if endpoint is None or endpoint.capture is None:
        return _evidence(CAPTURES, model.id, {"captured": False}, "no traffic of this model is captured", now=now)
    rules = _asked(storage, f"{endpoint.capture.uri.rstrip('/')}/{endpoint.name}/")
    if isinstance(rules, str):
        return _evidence(CAPTURES, model.id, {"captured": True}, rules, now=now, known=False)
    return _evidence(CAPTURES, model.id, {"captured": True, **_facts(rules)}, _said(rules), now=now)


def platform_evidence(own: Mapping[str, str], storage: StorageInspector, *, now: datetime) -> Evidence:
    """How Syndic's own stores keep what is in them."""
    found = {name: _asked(storage, uri) for name, uri in sorted(own.items())}
    refused = {name: rules for name, rules in found.items() if isinstance(rules, str)}
    known = {name: rules for name, rules in found.items() if not isinstance(rules, str)}
    facts: dict[str, JsonValue] = {
        "stores": {name: _facts(rules) for name, rules in known.items()},
        "unencrypted": [name for name, rules in known.items() if rules.encryption is None],
        "locked": [name for name, rules in known.items() if rules.locked_days and not rules.lock_can_be_lifted],
    }
    said = "; ".join(f"{name}: {rules if isinstance(rules, str) else _said(rules)}" for name, rules in found.items())
    return _evidence(PLATFORM, ORGANISATION, facts, said, now=now, known=not refused)


def _asked(storage: StorageInspector, uri: str) -> StorageRules | str:
    """The rules, or why they could not be read: one store that does not answer hides no other."""
    try:
        return storage.rules(uri)
    except (InvalidInputError, NotFoundError, UnavailableError) as error:
        return f"its rules could not be read: {error}"


def _facts(rules: StorageRules) -> dict[str, JsonValue]:
    facts = {name: value for name, value in asdict(rules).items() if value is not None}
    if rules.gone_after_days is not None:
        facts["gone_after"] = f"{rules.gone_after_days * 24}h"  # as a condition adds it to an age
    return {**facts, "encrypted": rules.encryption is not None, "deletes": rules.some_deleted_after_days is not None}


def _said(rules: StorageRules) -> str:
    lock = "not locked" if not rules.locked_days else f"locked for {_days(rules.locked_days)}"
    lifted = ", which can be lifted" if rules.locked_days and rules.lock_can_be_lifted else ""
    gone = {None: "what is deleted stays as an earlier version", 0: "what is deleted is gone"}.get(
        rules.gone_after_days, f"what is deleted is gone {_days(rules.gone_after_days)} later"
    )
    deleted = "no rule deletes all of it"
    if rules.deleted_after_days is not None:
        deleted = f"deleted {_days(rules.deleted_after_days)} after it was written"
    return f"{'encrypted' if rules.encryption else 'not encrypted'}, {lock}{lifted}; {deleted}; {gone}"


def _days(number: int | None) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _evidence(
    kind: str, model_id: str, facts: dict[str, JsonValue], said: str, *, now: datetime, known: bool = True
) -> Evidence:
    """Passing when the rules could be read: what they have to be is for the requirements to say."""
    return Evidence(
        kind=kind,
        model_id=model_id,
        status=EvidenceStatus.PASSING if known else EvidenceStatus.INCONCLUSIVE,
        summary=said,
        facts=facts,
        source=f"storage/{model_id}",
        sha256=sha256_of({"facts": facts, "summary": said}),
        produced_at=now,
        expires_at=now + VALID_FOR,
    )
