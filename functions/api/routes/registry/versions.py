"""Versions of a model: describe, measure, judge, promote, roll back, and their cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Final, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field, JsonValue

from functions.api.access.callers import require_change
from functions.api.inputs import Clouds, Limit, ModelId, Order, Person, Token
from functions.api.routes.compliance.reports import Report, shown
from syndic.changes import AGAIN
from syndic.models import Noun, to_json
from syndic.records import get_model
from syndic.registry.documents.card import ModelCard, make_card
from syndic.registry.documents.data_sheet import DataSheet, make_data_sheet
from syndic.registry.documents.formats import to_cyclonedx, to_sagemaker
from syndic.registry.documents.markdown import card_markdown, data_sheet_markdown
from syndic.registry.models import (
    Artefact,
    GateResult,
    Measured,
    ModelVersion,
    Stage,
    Stages,
    TrainingData,
    VersionName,
)
from syndic.registry.promotion.promote import judge_gate, promote, promote_through, read_stages, roll_back, waive
from syndic.registry.versions.change_version import change_version, describe_version
from syndic.registry.versions.queries import get_version, page_versions
from syndic.reports.documents.cards import card_html, data_sheet_html, keep_card
from syndic.reports.jobs import request_report
from syndic.reports.models import ReportKind, ReportRequest

router = Router()

Version = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$", description="Name of a version")]
Reason = Annotated[str, Field(min_length=10, max_length=2000)]
CardFormat = Literal["json", "markdown", "html", "pdf", "sagemaker", "cyclonedx"]
FORMATS: Final[dict[str, Callable[[ModelCard], str]]] = {
    "json": lambda card: card.model_dump_json(indent=2),
    "markdown": card_markdown,
    "html": lambda card: card_html(to_json(card)).decode(),
    "sagemaker": lambda card: json.dumps(to_sagemaker(card), indent=2, allow_nan=False),
    "cyclonedx": lambda card: json.dumps(to_cyclonedx(card), indent=2, allow_nan=False),
}


SHEETS: Final[dict[str, Callable[[DataSheet], str]]] = {
    "json": lambda sheet: sheet.model_dump_json(indent=2),
    "markdown": data_sheet_markdown,
    "html": lambda sheet: data_sheet_html(to_json(sheet)).decode(),
}


class NewVersion(Noun):
    """How a version was made and evaluated. Sent again under the same name, fields left out stay as they are."""

    version: VersionName
    framework: str | None = Field(default=None, max_length=200)
    algorithm: str | None = Field(default=None, max_length=200)
    hyperparameters: dict[str, JsonValue] = Field(default_factory=dict, max_length=500)
    dependencies: tuple[str, ...] = Field(default=(), max_length=1000)
    commit: str | None = Field(default=None, max_length=200)
    training: TrainingData = TrainingData()
    signature: dict[str, JsonValue] | None = None
    artefact_location: str | None = Field(default=None, max_length=2000)
    artefacts: tuple[Artefact, ...] = Field(default=(), max_length=500)
    metrics: dict[str, Measured] = Field(default_factory=dict, max_length=500)
    run_id: str | None = Field(default=None, max_length=200)
    metadata: dict[str, JsonValue] = Field(default_factory=dict, max_length=200)


class VersionMetrics(Noun):
    """Evaluation metrics by name."""

    metrics: dict[str, Measured] = Field(max_length=500)


class Move(Noun):
    """A step to another stage, or the way up to it."""

    stage: Stage
    reason: Reason
    through_stages: bool = Field(default=False, description="pass every stage on the way, each by its own gate")


class Return(Noun):
    """A return to an earlier production version; the newest one when none is named."""

    version: VersionName | None = None
    reason: Reason


class NewWaiver(Noun):
    """Why a gate condition need not hold for a version."""

    condition: str = Field(min_length=1, max_length=200)
    reason: Reason


class Versions(Noun):
    """A page of a model's versions, and the stage of each version that has left development, on the page or not."""

    versions: tuple[ModelVersion, ...]
    stages: Stages
    next_token: str | None = None


class CardFile(Noun):
    """A model card or data sheet in one format. A PDF takes a moment: `report` is the job, then with a link."""

    format: str
    text: str | None = Field(description="the file; null for a PDF")
    report: Report | None = None


@router.get("/models/<model_id>/versions", tags=["versions"])
def list_model_versions(
    clouds: Clouds, model_id: ModelId, *,
    stage: Annotated[Stage | None, Query(description="Versions in this stage")] = None,
    order: Order = None, limit: Limit = 50, token: Token = None,
) -> Versions:  # fmt: skip
    """A page of a model's versions, by name, and the stages of all."""
    page = page_versions(clouds.store, model_id, descending=order == "descending", limit=limit, token=token)
    stages = read_stages(clouds.store, model_id)
    found = tuple(one for one in page.versions if stage in {None, stages.of.get(one.version, Stage.DEVELOPMENT)})
    return Versions(versions=found, stages=stages, next_token=page.next_token)


@router.post("/models/<model_id>/versions", tags=["versions"], status_code=201)
def add_model_version(
    clouds: Clouds, person: Person, model_id: ModelId, described: Annotated[NewVersion, Body()]
) -> ModelVersion:
    """Add a version, or change the fields that are sent of one that is there: that withdraws approvals."""
    require_change(person, get_model(clouds.store, model_id))
    said = {name: getattr(described, name) for name in described.model_fields_set}
    values = {**said, "model_id": model_id, "created_at": clouds.now(), "created_by": person.name}
    version = ModelVersion.model_validate(values)
    return describe_version(version, store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now())


@router.get("/models/<model_id>/versions/<version>", tags=["versions"])
def read_version(clouds: Clouds, model_id: ModelId, version: Version) -> ModelVersion:
    """A version: how it was made and how it was evaluated."""
    return get_version(clouds.store, model_id, version)


@router.get("/models/<model_id>/versions/<version>/metrics", tags=["versions"])
def read_version_metrics(clouds: Clouds, model_id: ModelId, version: Version) -> VersionMetrics:
    """The evaluation metrics of a version."""
    return VersionMetrics(metrics=get_version(clouds.store, model_id, version).metrics)


@router.post("/models/<model_id>/versions/<version>/metrics", tags=["versions"])
def add_version_metrics(
    clouds: Clouds, person: Person, model_id: ModelId, version: Version, measured: Annotated[VersionMetrics, Body()]
) -> ModelVersion:
    """Add evaluation metrics to a version, or replace those of the same name. This withdraws approvals."""
    require_change(person, get_model(clouds.store, model_id))
    return change_version(
        model_id, version,
        lambda present: present.model_copy(update={"metrics": {**present.metrics, **measured.metrics}}),
        store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now(),
    )  # fmt: skip


@router.get("/models/<model_id>/versions/<version>/gate", tags=["versions"])
def read_gate(
    clouds: Clouds, model_id: ModelId, version: Version, stage: Annotated[Stage, Query()] = Stage.PRODUCTION
) -> GateResult:
    """Judge whether a version may reach a stage now. Nothing is written."""
    return judge_gate(model_id, version, stage, store=clouds.store, now=clouds.now())


@router.post("/models/<model_id>/versions/<version>/promote", tags=["versions"])
def promote_version(
    clouds: Clouds, person: Person, model_id: ModelId, version: Version, move: Annotated[Move, Body()]
) -> Stages:
    """Move a version one legal step, or through all stages. A refusal lists each unmet condition of the gate."""
    require_change(person, get_model(clouds.store, model_id))
    return (promote_through if move.through_stages else promote)(
        model_id, version, move.stage, reason=move.reason, store=clouds.store, audit=clouds.audit, bus=clouds.bus,
        actor=person.name, now=clouds.now(),
    )  # fmt: skip


@router.post("/models/<model_id>/versions/<version>/waivers", tags=["versions"])
def waive_condition(
    clouds: Clouds, person: Person, model_id: ModelId, version: Version, waiver: Annotated[NewWaiver, Body()]
) -> ModelVersion:
    """Record why a gate condition need not hold for a version. This withdraws approvals."""
    require_change(person, get_model(clouds.store, model_id))
    return waive(
        model_id, version, waiver.condition, reason=waiver.reason, store=clouds.store, audit=clouds.audit,
        actor=person.name, now=clouds.now(),
    )  # fmt: skip


@router.get("/models/<model_id>/versions/<version>/card", tags=["versions"])
def read_card(
    clouds: Clouds,
    person: Person,
    model_id: ModelId,
    version: Version,
    *,
    format: Annotated[CardFormat, Query()] = "json",  # noqa: A002
) -> CardFile:
    """The model card of a version, filled from the registry and live monitoring. It says what is missing.

    A PDF is asked for; asking again in the same minute shows how far it is.
    """
    card = make_card(clouds.store, model_id, version, now=clouds.now())
    if format != "pdf":
        return CardFile(format=format, text=FORMATS[format](card))
    document = keep_card(to_json(card), archive=clouds.archive)
    wanted = ReportRequest(kind=ReportKind.MODEL_CARD, model_ids=(model_id,))
    job = request_report(
        wanted, document=document, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name,
        now=clouds.now(),
    )  # fmt: skip
    return CardFile(format=format, text=None, report=shown(job, clouds))


@router.get("/models/<model_id>/versions/<version>/data-sheet", tags=["versions"])
def read_data_sheet(
    clouds: Clouds,
    model_id: ModelId,
    version: Version,
    *,
    format: Annotated[Literal["json", "markdown", "html"], Query()] = "json",  # noqa: A002
) -> CardFile:
    """The data sheet of a version's training data, filled from the registry. It says what is missing."""
    sheet = make_data_sheet(clouds.store, model_id, version, now=clouds.now())
    return CardFile(format=format, text=SHEETS[format](sheet))


@router.post("/models/<model_id>/rollback", tags=["versions"])
def roll_back_model(clouds: Clouds, person: Person, model_id: ModelId, back: Annotated[Return, Body()]) -> Stages:
    """Return production to an earlier version that has been there.

    The same request of the same person within a quarter of an hour is the same return: it goes back no further.
    """
    require_change(person, get_model(clouds.store, model_id))
    return roll_back(
        model_id, to=back.version, reason=back.reason, store=clouds.store, audit=clouds.audit, bus=clouds.bus,
        actor=person.name, now=clouds.now(), again_within=AGAIN,
    )  # fmt: skip
