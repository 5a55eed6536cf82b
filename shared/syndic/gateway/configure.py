"""How a model is served is a governed setting: who may set it, on record, with what it was before."""

from __future__ import annotations

from datetime import datetime

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.errors import InvalidInputError
from syndic.gateway.contract import features_of
from syndic.gateway.models import EVERY_VERSION, GatewayRecord, GatewaySettings
from syndic.models import AuditEntry, RegisteredModel, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.records import get_model, retried
from syndic.registry.keys import gateway_key
from syndic.registry.versions.versions import get_version


def set_gateway(
    model_id: str, settings: GatewaySettings, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> GatewayRecord:
    """Say how a model is served. The same again changes nothing.

    Raises:
        NotFoundError: No such model, or no such version of it.
        InvalidInputError: Rules of features that no version named here has, or names that are used twice.
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
    for version in named:
        features = {
            one.name for one in features_of(get_version(store, model.id, version).signature, model.capture_schema)
        }
        for name in sorted(settings.features.keys() - features):
            raise InvalidInputError(f"version {version} has no feature of this name", where=f"features.{name}")
        for name in settings.along:
            if name in features:
                raise InvalidInputError(f"{name} is a feature of version {version}: it comes anyway", where="along")
        if settings.row_id in features:
            raise InvalidInputError(f"{settings.row_id} is a feature of version {version}", where="row_id")


def _told_of(settings: GatewaySettings) -> dict[str, JsonValue]:
    """What the trail is told: addresses may say where a customer's servers are, so their hash."""
    return {
        "stage": settings.stage,
        "backends": {version: one.kind.value for version, one in sorted(settings.backends.items())},
        "guarantee": settings.log.guarantee.value,
        "settings_sha256": sha256_of(to_json(settings)),
    }
