"""Import models from another registry and keep in step with it. Imported twice is imported once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

from pydantic import Field, JsonValue, ValidationError

from syndic.changes import Change, commit, finish
from syndic.errors import ConflictError, NotFoundError, StaleWriteError
from syndic.models import AuditEntry, Cloud, Moment, Noun, RegisteredModel, imported_id
from syndic.ports import ABSENT, AuditTrail, Store, Write
from syndic.records import find_model, model_key, model_record
from syndic.registry.keys import version_key
from syndic.registry.models import Artefact, Measured, ModelVersion, Stages, TrainingData
from syndic.registry.promotion.promote import read_stages
from syndic.registry.versions.change_version import change_version
from syndic.registry.versions.queries import get_version
from syndic.registry.versions.stage_listing import follow_stages
from syndic.registry.versions.versions import add_version, profile_evidence

_UNSAID: tuple[object, ...] = (None, (), {})
_JOINED = ("hyperparameters", "metrics", "metadata")
OWN_TAGS = "syndic."  # written back by us, so never read as something new


class ForeignVersion(Noun):
    """A model version as another registry describes it, with the run that made it."""

    cloud: Cloud = Cloud.MLFLOW
    model: str
    version: str
    foreign_id: str | None = None  # what the other registry calls the version, where that is more than its number
    created_at: Moment
    description: str | None = None
    model_description: str | None = None
    author: str | None = None
    aliases: tuple[str, ...] = ()
    stage: str | None = None  # read only: stages are deprecated where they exist
    status: str | None = None
    tags: dict[str, str] = Field(default_factory=dict)
    run_id: str | None = None
    experiment: str | None = None  # name of the experiment that the run belongs to
    run_tags: dict[str, str] = Field(default_factory=dict)
    params: dict[str, str] = Field(default_factory=dict)
    metrics: dict[str, Measured] = Field(default_factory=dict)
    artefacts: tuple[Artefact, ...] = ()
    location: str | None = None
    datasets: tuple[dict[str, JsonValue], ...] = ()  # name, digest, schema, profile as logged
    signature: dict[str, JsonValue] | None = None
    manifest: dict[str, JsonValue] | None = None  # run_manifest.json, when the run left one
    flavour: str | None = None
    algorithm: str | None = None
    commit: str | None = None
    requirements: tuple[str, ...] = ()


class Unsound(Noun):
    """Something in the other registry that could not be read, and why."""

    where: str
    reason: str


class ForeignRegistry(Protocol):
    """Another registry: read everything, write back only tags and aliases."""

    @property
    def name(self) -> str:
        """Stable name of the registry, part of the imported models' identity."""

    def versions(self) -> Iterator[ForeignVersion | Unsound]:
        """Every version, and every thing that is not sound. Raises `UnavailableError` when nothing can be read."""


class WritableRegistry(ForeignRegistry, Protocol):
    """A registry that takes tags and aliases."""

    def tag(self, model: str, version: str, tags: Mapping[str, str]) -> None:
        """Set tags on a version."""

    def alias(self, model: str, name: str, version: str | None) -> None:
        """Point an alias at a version, or remove it."""


class ImportReport(Noun):
    """What an import did. Every version read is in exactly one of the lists."""

    source: str
    models: tuple[str, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    unsound: tuple[Unsound, ...]


def import_models(
    source: ForeignRegistry, *, store: Store, audit: AuditTrail, actor: str, now: datetime, most: int | None = None
) -> ImportReport:
    """Import all versions of another registry. What is sound is imported, what is not is listed.

    After `most` versions that were new or changed it ends; the next import goes on.
    """
    models: dict[str, str] = {}
    known: set[str] = set()
    added: list[str] = []
    changed: list[str] = []
    unsound: list[Unsound] = []
    unchanged = 0
    for item in source.versions():
        if most is not None and len(added) + len(changed) >= most:
            break
        if isinstance(item, Unsound):
            unsound.append(item)
            continue
        try:
            described = _described(item, source.name, actor)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            unsound.append(Unsound(where=f"{item.model} version {item.version}", reason=f"{place}: {first['msg']}"))
            continue
        label = f"{item.model} version {item.version}"
        if item.model not in models:
            _ensure_model(item, source.name, store=store, audit=audit, actor=actor, now=now)
        models[item.model] = described.model_id
        try:
            outcome = _import_version(described, store=store, audit=audit, actor=actor, now=now)
        except ConflictError as error:  # retired here, or changed by others meanwhile
            unsound.append(Unsound(where=label, reason=str(error)))
            continue
        if outcome == "unchanged":
            unchanged += 1
            known.add(described.model_id)
        else:
            (added if outcome == "added" else changed).append(label)
    for identity in sorted(known):  # a run that died may have left it behind its versions
        follow_stages(store, identity)
    return ImportReport(
        source=source.name,
        models=tuple(sorted(models.values())),
        added=tuple(added),
        changed=tuple(changed),
        unchanged=unchanged,
        unsound=tuple(unsound),
    )


def write_back(source: WritableRegistry, model: RegisteredModel, *, store: Store) -> int:
    """Tell the other registry where its versions stand, as this store has it. See `write_stages`."""
    return write_stages(source, model, read_stages(store, model.id))


def write_stages(source: WritableRegistry, model: RegisteredModel, stages: Stages) -> int:
    """Tell the other registry where its versions stand: tags ``syndic.*`` and the alias ``production``.

    Returns how many versions were tagged. Stages of the other registry are never written.
    """
    tagged = 0
    foreign = str(model.metadata.get("imported_name", model.name))
    for version, stage in stages.of.items():
        tags = {"syndic.stage": stage.value, "syndic.status": model.compliance_status.value}
        source.tag(foreign, version, tags)
        tagged += 1
    source.alias(foreign, "production", stages.production)
    return tagged


def _ensure_model(
    item: ForeignVersion, source: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> None:
    identity = imported_id(source, item.model)
    if find_model(store, identity) is not None:
        finish(model_key(identity), store=store, audit=audit)
        return
    model = RegisteredModel(
        id=identity,
        name=item.model,
        cloud=item.cloud,
        description=item.model_description or None,
        registered_at=now,
        metadata={"imported_from": source, "imported_name": item.model},
    )
    details: dict[str, Any] = {"imported_from": source}
    entry = AuditEntry(action="model.registered", actor=actor, subject=f"model/{identity}", at=now, details=details)
    change = Change(
        (Write(model_record(model), ABSENT),), now, entries=(entry,), evidence=(profile_evidence(model, now=now),)
    )
    with suppress(StaleWriteError):  # another import of the same registry came first
        commit(change, store=store, audit=audit)


def _import_version(described: ModelVersion, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> str:
    try:
        present = get_version(store, described.model_id, described.version)
    except NotFoundError:
        add_version(described, store=store, audit=audit, actor=actor, now=now)
        return "added"
    if _merged(present, described) == present:
        finish(version_key(described.model_id, described.version), store=store, audit=audit)
        return "unchanged"
    change_version(
        described.model_id, described.version, lambda here: _merged(here, described), store=store, audit=audit,
        actor=actor, now=now,
    )  # fmt: skip
    return "changed"


def _merged(here: ModelVersion, there: ModelVersion) -> ModelVersion:
    """What the other registry says goes first; what it does not say, and people added here, stays.

    Otherwise the next import would take back what was completed for the gate, and with it the approvals.
    """
    said = {name: value for name, value in there if name not in {"created_at", "created_by"} and value not in _UNSAID}
    training = {name: value for name, value in there.training if value not in _UNSAID}
    joined = {name: {**getattr(here, name), **getattr(there, name)} for name in _JOINED}
    artefacts = _united(here.artefacts, there.artefacts)
    return here.model_copy(
        update={**said, **joined, "training": here.training.model_copy(update=training), "artefacts": artefacts}
    )


def _united(here: tuple[Artefact, ...], there: tuple[Artefact, ...]) -> tuple[Artefact, ...]:
    by_name = {artefact.name: artefact for artefact in (*here, *there)}
    return tuple(by_name[name] for name in sorted(by_name))


def _described(item: ForeignVersion, source: str, actor: str) -> ModelVersion:
    return ModelVersion(
        model_id=imported_id(source, item.model),
        version=item.version,
        created_at=item.created_at,
        created_by=item.author or actor,
        framework=item.flavour,
        algorithm=item.algorithm or item.params.get("model_type") or item.run_tags.get("estimator_class"),
        hyperparameters=dict(item.params),
        dependencies=item.requirements,
        commit=item.commit or item.run_tags.get("mlflow.source.git.commit"),
        training=_training(item),
        signature=item.signature,
        artefact_location=item.location,
        artefacts=_united((), item.artefacts),
        metrics=item.metrics,
        source=source,
        run_id=item.run_id,
        metadata={
            "aliases": list(item.aliases),
            "foreign_stage": item.stage,
            "foreign_status": item.status,
            "foreign_id": item.foreign_id,
            "description": item.description,
            "experiment": item.experiment,
            "tags": {key: value for key, value in item.tags.items() if not key.startswith(OWN_TAGS)},
            "datasets": [dict(dataset) for dataset in item.datasets],
        },
    )


def _training(item: ForeignVersion) -> TrainingData:
    """Fingerprint and size: from tags, else the run's manifest, else the logged dataset's profile."""
    manifest, dataset = item.manifest or {}, dict(item.datasets[0]) if item.datasets else {}
    shape = manifest.get("dataset_shape")
    rows, features = (shape[0], shape[1]) if isinstance(shape, list) and len(shape) == 2 else (None, None)
    profile = _json(dataset.get("profile"))
    schema = _json(dataset.get("schema")).get("mlflow_colspec")
    digest = item.run_tags.get("data_sha256") or manifest.get("data_sha256") or manifest.get("dataset_sha256")
    return TrainingData(
        dataset_sha256=str(digest).lower() if digest else None,
        rows=_whole(item.run_tags.get("data_rows"), rows, manifest.get("rows"), profile.get("num_rows")),
        features=_whole(
            item.run_tags.get("data_features"),
            features,
            manifest.get("features"),
            len(schema) if isinstance(schema, list) else None,
        ),
        sources=tuple(str(entry["name"]) for entry in item.datasets if entry.get("name")),
    )


def _whole(*candidates: object) -> int | None:
    """The first candidate that is a whole number."""
    for candidate in candidates:
        if isinstance(candidate, bool) or candidate is None:
            continue
        if isinstance(candidate, int):
            return candidate
        if isinstance(candidate, str) and candidate.strip().isdigit():
            return int(candidate)
    return None


def _json(text: object) -> dict[str, Any]:
    if not isinstance(text, str):
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
