"""The same things under shorter paths, for scripts that name a version or a metric by itself."""

from __future__ import annotations

from typing import Annotated, Final

from aws_lambda_powertools.event_handler.api_gateway import Response, Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import Field

from functions.api.access.callers import require_change
from functions.api.inputs import Clouds, Limit, Person, Token
from functions.api.routes.registry.versions import VersionMetrics, Versions
from syndic.exposition import CONTENT_TYPE
from syndic.models import Noun
from syndic.records import get_model
from syndic.registry.models import Measured, ModelVersion, VersionName
from syndic.registry.promotion.promote import read_stages
from syndic.registry.versions.change_version import change_version, describe_version
from syndic.registry.versions.queries import get_version, page_versions
from syndic.tasks.watch.metrics import read_metrics

router = Router()

Model = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")]
VERSION_ID = r"^[a-z0-9][a-z0-9._-]{0,127}@[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$"


class TaggedVersion(Noun):
    """A version by its tag, and where its files lie."""

    model_id: Model
    version_tag: VersionName
    s3_path: str | None = Field(default=None, max_length=2000, description="where its files lie")
    framework: str | None = Field(default=None, max_length=200)
    commit: str | None = Field(default=None, max_length=200)


class IdentifiedVersion(ModelVersion):
    """A version with the id by which metrics are sent."""

    id: str = Field(description="<model>@<version>")


class OneMetric(Noun):
    """One evaluation metric of a version."""

    version_id: str = Field(pattern=VERSION_ID, description="`id` of the version: <model>@<version>")
    metric_name: str = Field(min_length=1, max_length=200)
    value: Measured


@router.get("/versions", tags=["versions"])
def list_versions_of(
    clouds: Clouds,
    model_id: Annotated[str, Query(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")],
    *,
    limit: Limit = 50,
    token: Token = None,
) -> Versions:
    """A page of a model's versions, as `/models/{model_id}/versions` gives it."""
    page = page_versions(clouds.store, model_id, limit=limit, token=token)
    return Versions(versions=page.versions, stages=read_stages(clouds.store, model_id), next_token=page.next_token)


@router.post("/versions", tags=["versions"], status_code=201)
def add_tagged_version(clouds: Clouds, person: Person, tagged: Annotated[TaggedVersion, Body()]) -> IdentifiedVersion:
    """Add a version, or change the fields that are sent of one that is there."""
    require_change(person, get_model(clouds.store, tagged.model_id))
    names = {"version_tag": "version", "s3_path": "artefact_location"}
    said = {names.get(name, name): getattr(tagged, name) for name in tagged.model_fields_set}
    version = ModelVersion(**said, created_at=clouds.now(), created_by=person.name)
    kept = describe_version(version, store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now())
    return IdentifiedVersion(**dict(kept), id=f"{kept.model_id}@{kept.version}")


METRICS: Final[dict[int, OpenAPIResponse]] = {
    200: {
        "description": "Of a version: its evaluation metrics. Of none: everything, as Prometheus reads it",
        "content": {"application/json": {"model": VersionMetrics}, "text/plain": {}},
    }
}


@router.get("/metrics", tags=["versions"], responses=METRICS)
def read_metrics_of(
    clouds: Clouds,
    version_id: Annotated[
        str | None, Query(pattern=VERSION_ID, description="<model>@<version>; left out: the numbers for Prometheus")
    ] = None,
) -> Response[VersionMetrics | str]:
    """The evaluation metrics of a version; without one, where everything stands, in Prometheus' text format."""
    if version_id is None:
        text = read_metrics(clouds.store, now=clouds.now())
        return Response(200, content_type=CONTENT_TYPE, body=text)
    model_id, _, version = version_id.partition("@")
    found = VersionMetrics(metrics=get_version(clouds.store, model_id, version).metrics)
    return Response(200, content_type="application/json", body=found)


@router.post("/metrics", tags=["versions"])
def add_metric(clouds: Clouds, person: Person, measured: Annotated[OneMetric, Body()]) -> ModelVersion:
    """Add one evaluation metric to a version, or replace the one of that name. This withdraws approvals."""
    model_id, _, version = measured.version_id.partition("@")
    require_change(person, get_model(clouds.store, model_id))
    return change_version(
        model_id, version,
        lambda present: present.model_copy(
            update={"metrics": {**present.metrics, measured.metric_name: measured.value}}
        ),
        store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now(),
    )  # fmt: skip
