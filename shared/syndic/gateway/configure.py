"""How a model is served is a governed setting: who may set it, on record, with what it was before."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.errors import InvalidInputError, NotFoundError, UnavailableError
from syndic.gateway.contract import features_of
from syndic.gateway.models import EVERY_VERSION, GatewayRecord, GatewaySettings
from syndic.gateway.state import SERVED
from syndic.models import AuditEntry, RegisteredModel, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.records import get_model, retried
from syndic.registry.keys import gateway_key
from syndic.registry.promotion.promote import read_stages
from syndic.registry.versions.queries import get_version


def set_gateway(
    model_id: str, settings: GatewaySettings, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> GatewayRecord:
    """Say how a model is served. The same again changes nothing.

    Raises:
        NotFoundError: No such model, or no such version of it.
        InvalidInputError: Rules of features that no version named or served now has, columns of the log that nothing
            has, or names that are used twice.
        UnavailableError: Nothing says what a version named here takes.
    """
    model = get_model(store, model_id)
    _fits(model, settings, store)
    key = gateway_key(model_id)

    def step() -> GatewayRecord:
        stored = store.get(key)
        if stored is not None:
            before = GatewayRecord.model_validate(stored.body)
            if before.settings == settings:
                finish(key, store=store, audit=audit)
                return before
        kept = GatewayRecord(model_id=model_id, settings=settings, changed_at=now, changed_by=actor)
        entry = AuditEntry(
            action="gateway.set", actor=actor, subject=f"model/{model_id}", at=now, details=_told_of(settings)
        )
        write = Write(Record(key, to_json(kept)), stored.etag if stored else ABSENT)
        commit(Change((write,), now, entries=(entry,)), store=store, audit=audit)
        return kept

    return retried(step, what=f"the gateway of {model_id}")


def _fits(model: RegisteredModel, settings: GatewaySettings, store: Store) -> None:
    named = [version for version in settings.backends if version != EVERY_VERSION]
    known = {*settings.along, *([settings.row_id] if settings.row_id is not None else [])}
    for version in named:
        features = _names_of(model, version, store)
        for name in sorted(settings.features.keys() - features):
            raise InvalidInputError(f"version {version} has no feature of this name", where=f"features.{name}")
        for name in settings.along:
            if name in features:
                raise InvalidInputError(f"{name} is a feature of version {version}: it comes anyway", where="along")
        if settings.row_id in features:
            raise InvalidInputError(f"{settings.row_id} is a feature of version {version}", where="row_id")
        known |= features
    others = _served_besides(model, settings, store) if EVERY_VERSION in settings.backends else {}
    if named or others:
        _known(settings, known.union(*others.values()))


def _known(settings: GatewaySettings, known: AbstractSet[str]) -> None:
    """A name that nothing has would be a rule over nothing: what it was to withhold would be logged."""
    policy = settings.log
    lists = {
        "features": settings.features, "log.columns": policy.columns or (), "log.redacted": policy.redacted,
        "log.pseudonymised": policy.pseudonymised,
    }  # fmt: skip
    for where, names in lists.items():
        for name in sorted(set(names) - known):
            raise InvalidInputError(
                f"{name} is no feature of a served version, and nothing that comes along", where=where
            )


def _served_besides(model: RegisteredModel, settings: GatewaySettings, store: Store) -> dict[str, AbstractSet[str]]:
    """The features of each version that is served now without a backend of its own, where they are known."""
    found: dict[str, AbstractSet[str]] = {}
    for version, stage in read_stages(store, model.id).of.items():
        if stage not in SERVED or version in settings.backends:
            continue
        with suppress(NotFoundError, UnavailableError):  # said when it is asked, not when another is set up
            found[version] = _names_of(model, version, store)
    return found


def _names_of(model: RegisteredModel, version: str, store: Store) -> AbstractSet[str]:
    return {one.name for one in features_of(get_version(store, model.id, version).signature, model.capture_schema)}


def _told_of(settings: GatewaySettings) -> dict[str, JsonValue]:
    """What the trail is told: addresses may say where a customer's servers are, so their hash."""
    return {
        "stage": settings.stage,
        "backends": {version: one.kind.value for version, one in sorted(settings.backends.items())},
        "guarantee": settings.log.guarantee.value,
        "settings_sha256": sha256_of(to_json(settings)),
    }
