"""A gateway model's traffic is traffic that is sent to the API: its columns, and the endpoint that discovery finds."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from syndic.captures.endpoint import tell_endpoint
from syndic.changes import finish
from syndic.gateway.contract import features_of
from syndic.gateway.models import GatewaySettings
from syndic.gateway.values import NUMBERS, Feature
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec
from syndic.ports import AuditTrail, Store
from syndic.records import get_model, model_key
from syndic.registry.versions.queries import get_version
from syndic.registry.versions.versions import change_model

ACTOR: Final = "syndic/gateway"


def know_traffic(
    model_id: str,
    version: str,
    settings: GatewaySettings,
    *,
    place: str,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> None:
    """Let the registry know what the log of a version's answers looks like and where it lies. Twice is once.

    Columns that a person described stay as they are.

    Raises:
        ConflictError: A cloud captures the model's traffic already, or the model is retired.
        UnavailableError: Nothing says what the version takes.
    """
    model = get_model(store, model_id)
    if model.capture_schema is None:
        features = features_of(get_version(store, model_id, version).signature, None)
        described = {"capture_schema": columns_of(features, settings).model_dump(mode="json")}
        change_model(model_id, described, store=store, audit=audit, actor=actor, now=now)
    if model.endpoint is None or model.served_version != version:
        tell_endpoint(
            model_id, place, version=version, sampling_percent=settings.log.sampling_percent, store=store, audit=audit,
            actor=actor, now=now,
        )  # fmt: skip
    else:
        finish(model_key(model_id), store=store, audit=audit)  # whoever said it may have died before all were told


def columns_of(features: tuple[Feature, ...], settings: GatewaySettings) -> CaptureSchema:
    """The columns of the log: features, what comes along as attributes of people, and what is answered.

    What the log's policy withholds is ignored by checks: a feature that is always missing is no drift.
    """
    policy = settings.log

    def role(name: str, own: ColumnRole) -> ColumnRole:
        """Of a column that is withheld there is nothing to compare; a group may go by its pseudonym."""
        listed = policy.columns is None or name in policy.columns
        if not listed or name in policy.redacted or (name in policy.pseudonymised and own is ColumnRole.FEATURE):
            return ColumnRole.IGNORED
        return own

    inputs = [
        ColumnSpec(
            name=one.name, kind=ColumnKind.NUMERIC if one.type in NUMBERS else ColumnKind.CATEGORICAL,
            role=role(one.name, ColumnRole.FEATURE),
        )
        for one in features
    ]  # fmt: skip
    along = [
        ColumnSpec(name=one, kind=ColumnKind.CATEGORICAL, role=role(one, ColumnRole.PROTECTED))
        for one in settings.along
    ]
    if settings.task == "regression":
        return CaptureSchema(
            inputs=(*inputs, *along),
            outputs=(ColumnSpec(name="prediction", kind=ColumnKind.NUMERIC, role=ColumnRole.PREDICTION),),
            label=ColumnSpec(name="label", kind=ColumnKind.NUMERIC, role=ColumnRole.LABEL),
        )
    return CaptureSchema(
        inputs=(*inputs, *along),
        outputs=(
            ColumnSpec(name="prediction", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PREDICTION),
            ColumnSpec(name="probability", kind=ColumnKind.NUMERIC, role=ColumnRole.SCORE),
            ColumnSpec(name="prediction_label", kind=ColumnKind.CATEGORICAL, role=ColumnRole.IGNORED),
        ),
        label=ColumnSpec(name="label", kind=ColumnKind.CATEGORICAL, role=ColumnRole.LABEL),
    )
