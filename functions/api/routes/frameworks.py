"""Frameworks as data: a version is uploaded, tried and activated, without a deployment."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from functions.api.inputs import Clouds, Person
from functions.api.routes.compliance import FrameworkName, FrameworkSummary
from syndic.compliance.catalogue import activate_framework, dry_run, upload_framework
from syndic.compliance.models import FrameworkVersion, StateChange
from syndic.models import Noun

router = Router()


class FrameworkFile(Noun):
    """A framework file."""

    text: str = Field(min_length=1, max_length=200_000, description="YAML, as in framework.schema.json")


class ChosenVersion(Noun):
    """One version of the framework."""

    version: str = Field(pattern=r"^[0-9]{4}\.[0-9]{1,2}(\.[0-9]{1,3})?$")


class DryRun(Noun):
    """The states that activating a version would change, over the first 200 models."""

    changes: tuple[StateChange, ...]


@router.post("/compliance/frameworks", tags=["compliance"], status_code=201)
def upload_framework_version(
    clouds: Clouds, person: Person, file: Annotated[FrameworkFile, Body()]
) -> FrameworkSummary:
    """Keep a version as a draft. A file that is wrong is refused with the line and field of each mistake."""
    return _summary(
        upload_framework(file.text, store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now())
    )


@router.post("/compliance/frameworks/<framework_id>/dry-run", tags=["compliance"])
def try_framework(clouds: Clouds, framework_id: FrameworkName, chosen: Annotated[ChosenVersion, Body()]) -> DryRun:
    """See which states activating a version would change. Nothing is written."""
    return DryRun(changes=dry_run(clouds.store, framework_id, chosen.version, now=clouds.now()))


@router.post("/compliance/frameworks/<framework_id>/activate", tags=["compliance"])
def activate_framework_version(
    clouds: Clouds, person: Person, framework_id: FrameworkName, chosen: Annotated[ChosenVersion, Body()]
) -> FrameworkSummary:
    """Judge every model by this version from now on. Each is evaluated again within about a minute."""
    return _summary(
        activate_framework(
            framework_id,
            chosen.version,
            store=clouds.store,
            audit=clouds.audit,
            bus=clouds.bus,
            actor=person.name,
            now=clouds.now(),
        )
    )


def _summary(version: FrameworkVersion) -> FrameworkSummary:
    return FrameworkSummary.model_validate(version.model_dump(exclude={"text"}))
