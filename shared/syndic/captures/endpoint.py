"""The endpoint of a model whose traffic is sent to the API: what its senders said of it, in the registry itself.

It is an endpoint as discovery knows them, so that everything behind discovery (bookmarks, windows, checks, evidence)
is the same as for one that a cloud lists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from syndic.changes import Change, commit, finish
from syndic.errors import ConflictError
from syndic.models import (
    TOLD,
    AuditEntry,
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    ComplianceStatus,
    Endpoint,
    EndpointVariant,
    Presence,
    RegisteredModel,
)
from syndic.ports import AuditTrail, ListedEndpoint, Store, Write
from syndic.records import TOLD_MODELS, iterate, model_key, model_record, retried

DELAY_TAG: Final = "syndic:label-delay"
SCOPE: Final = "api"
STATUS: Final = "told"


class ToldModels:
    """Models that no cloud lists: whose traffic is sent to the API, or which answer in batch jobs. A `ModelSource`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def name(self) -> str:
        """Shown to people."""
        return "captures sent to the API"

    def listing(self) -> Iterator[ListedEndpoint]:
        """Every endpoint that was told of, by name."""
        return (ListedEndpoint(one.name, one.resource_id) for one in self.endpoints())

    def endpoints(self, names: Collection[str] | None = None) -> Iterator[Endpoint]:
        """Every endpoint that was told of, or those of some names: an endpoint has the id of its model for a name."""
        if names is None:
            records = iterate(self._store, TOLD_MODELS)
        else:
            records = iter(self._store.get_many([model_key(name) for name in names]).values())
        for record in records:
            endpoint = RegisteredModel.model_validate(record.body).endpoint
            if endpoint is not None and (endpoint.told or endpoint.batch):
                yield endpoint


def require_schema(model: RegisteredModel) -> CaptureSchema:
    """The columns of a model whose traffic may be sent. Raises `ConflictError` with what to do first."""
    if model.compliance_status is ComplianceStatus.RETIRED:
        raise ConflictError("the model is retired: register its successor")
    if model.endpoint is not None and not model.endpoint.told:
        raise ConflictError(
            f"{model.cloud} captures the traffic of this model at {model.endpoint.name}: what is sent beside it would "
            "count twice. Register the model that runs elsewhere by itself"
        )
    if model.capture_schema is None:
        raise ConflictError(f"describe the columns first: PATCH /models/{model.id} with capture_schema")
    return model.capture_schema


def tell_endpoint(
    model_id: str,
    place: str,
    *,
    version: str | None = None,
    sampling_percent: float | None = None,
    label_delay_days: int | None = None,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> RegisteredModel:
    """Let the registry know of a model's endpoint what is said of it; what is left out stays. Twice is once.

    Raises `NotFoundError`, or `ConflictError` when its traffic may not be sent.
    """

    def step() -> RegisteredModel:
        record = store.get(model_key(model_id))
        if record is None:
            raise ConflictError(f"no model has the id {model_id!r} any more")
        model = RegisteredModel.model_validate(record.body)
        require_schema(model)
        endpoint = _said(model, place, version=version, percent=sampling_percent, delay=label_delay_days, now=now)
        if endpoint == model.endpoint and model.presence is Presence.PRESENT:
            finish(record.key, store=store, audit=audit)
            return model
        after = model.model_copy(
            update={"endpoint": endpoint, "tags": endpoint.tags, "presence": Presence.PRESENT, "last_seen_at": now}
        )
        entry = AuditEntry(
            action="captures.told",
            actor=actor,
            subject=f"model/{model_id}",
            at=now,
            details={"version": after.served_version, "first": model.endpoint is None},
        )
        commit(Change((Write(model_record(after), record.etag),), now, entries=(entry,)), store=store, audit=audit)
        return after

    return retried(step, what=f"model {model_id}")


def delay_of(model: RegisteredModel) -> int:
    """How many days late outcomes may come, as was said last."""
    return int(model.tags.get(DELAY_TAG, "0d").removesuffix("d"))


def _said(
    model: RegisteredModel, place: str, *, version: str | None, percent: float | None, delay: int | None, now: datetime
) -> Endpoint:
    known = model.endpoint
    capture = known.capture if known else None
    variants = known.variants if known else ()
    tags = known.tags if known else {}
    return Endpoint(
        cloud=model.cloud,
        scope=SCOPE,
        name=model.id,
        resource_id=f"{TOLD}{model.id}",
        status=STATUS,
        variants=variants if version is None else (EndpointVariant(name=version, model_version=version),),
        capture=CaptureConfig(
            enabled=True,
            format=CaptureFormat.SAGEMAKER,
            uri=f"{place}/traffic",
            sampling_percent=percent or (capture.sampling_percent if capture else 100.0),
            labels_uri=f"{place}/labels/{model.id}",
        ),
        tags=tags if delay is None else {**tags, DELAY_TAG: f"{delay}d"},
        created_at=known.created_at if known else now,
    )
