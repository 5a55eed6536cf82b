"""Frameworks as data: a version is uploaded, tried and activated, without a deployment."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from functions.api.inputs import Clouds, Person
from functions.api.routes.compliance.standings import FrameworkName, FrameworkSummary
from syndic.compliance.catalogue import (
    activate_framework,
    active_frameworks,
    dry_run,
    end_framework,
    try_out,
    upload_framework,
)
from syndic.compliance.definitions.load import examine
from syndic.compliance.definitions.news import NewsItem, news_of
from syndic.compliance.models import FrameworkVersion, Trial
from syndic.compliance.people.applicability import (
    ApplicabilityDecision,
    StatementOfApplicability,
    read_statement,
    set_statement,
)
from syndic.errors import InvalidInputError
from syndic.models import Noun

router = Router()


class FrameworkFile(Noun):
    """A framework file."""

    text: str = Field(min_length=1, max_length=200_000, description="YAML, as in framework.schema.json")


class ChosenVersion(Noun):
    """One version of the framework."""

    version: str = Field(pattern=r"^[0-9]{4}\.[0-9]{1,2}(\.[0-9]{1,3})?$")


class DryRun(Trial):
    """The states that activating a version would change, over the first 200 models."""

    says: str = Field(description="the same in a sentence, such as would change 12 states of 3 models")


class FileProblem(Noun):
    """One thing that is wrong in a framework file."""

    line: int
    field: str
    problem: str


class Validation(Noun):
    """What is wrong in a framework file; where nothing is, what it would change."""

    valid: bool
    problems: tuple[FileProblem, ...] = ()
    framework_id: str | None = None
    version: str | None = None
    title: str | None = None
    requirements: int = 0
    trial: DryRun | None = None


class Decisions(Noun):
    """The whole statement, by requirement."""

    decisions: dict[Annotated[str, Field(max_length=40)], ApplicabilityDecision] = Field(max_length=500)


class News(Noun):
    """What changed in the frameworks."""

    news: tuple[NewsItem, ...]


class Ending(Noun):
    """Why a framework is to judge nobody any more."""

    reason: str = Field(min_length=3, max_length=2000)


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
    return _dry_run(dry_run(clouds.store, framework_id, chosen.version, now=clouds.now()))


@router.post("/compliance/frameworks/validate", tags=["compliance"])
def validate_framework(clouds: Clouds, file: Annotated[FrameworkFile, Body()]) -> Validation:
    """Check a file while it is written: mistakes with line and field, else what it would change. Nothing is kept."""
    return _validated(clouds, file.text)


@router.post("/compliance/frameworks/<framework_id>/switch-off", tags=["compliance"])
def switch_framework_off(
    clouds: Clouds, person: Person, framework_id: FrameworkName, ending: Annotated[Ending, Body()]
) -> FrameworkSummary:
    """Let a framework of yours judge nobody any more. Its history stays, and it may be activated again."""
    return _summary(_ended(clouds, person, framework_id, ending, remove=False))


@router.get("/compliance/frameworks/<framework_id>/applicability", tags=["compliance"])
def read_applicability(clouds: Clouds, framework_id: FrameworkName) -> StatementOfApplicability:
    """The statement of applicability: which requirements that may be left out are taken, and why or why not."""
    return read_statement(clouds.store, framework_id)


@router.put("/compliance/frameworks/<framework_id>/applicability", tags=["compliance"])
def decide_applicability(
    clouds: Clouds, person: Person, framework_id: FrameworkName, decided: Annotated[Decisions, Body()]
) -> StatementOfApplicability:
    """Decide the statement of applicability, with a reason for each. What is left out applies to no model."""
    return set_statement(
        framework_id, decided.decisions, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name,
        now=clouds.now(),
    )  # fmt: skip


@router.get("/compliance/news", tags=["compliance"])
def read_news(
    clouds: Clouds, since: Annotated[date | None, Query(description="only what changed on or after this day")] = None
) -> News:
    """What changed in the frameworks in force, from their own changelogs, the newest first."""
    return News(news=news_of(active_frameworks(clouds.store).values(), since=since))


@router.delete("/compliance/frameworks/<framework_id>", tags=["compliance"])
def remove_framework(
    clouds: Clouds, person: Person, framework_id: FrameworkName, ending: Annotated[Ending, Body()]
) -> FrameworkSummary:
    """Switch a framework of yours off and list it no more. Its texts and its history stay readable."""
    return _summary(_ended(clouds, person, framework_id, ending, remove=True))


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


def _validated(clouds: Clouds, text: str) -> Validation:
    try:
        compiled, problems = examine(text, where="framework.yaml")
    except InvalidInputError as error:  # text that is no YAML has one problem, and no fields
        return Validation(valid=False, problems=(FileProblem(line=error.line or 1, field="file", problem=str(error)),))
    if compiled is None:
        told = (FileProblem(line=one.line, field=one.field, problem=one.message) for one in problems)
        return Validation(valid=False, problems=tuple(told))
    framework = compiled.framework
    return Validation(
        valid=True,
        framework_id=framework.id,
        version=framework.version,
        title=framework.title,
        requirements=len(framework.requirements),
        trial=_dry_run(try_out(clouds.store, compiled, now=clouds.now())),
    )


def _ended(clouds: Clouds, person: Person, framework_id: str, ending: Ending, *, remove: bool) -> FrameworkVersion:
    return end_framework(
        framework_id, remove=remove, reason=ending.reason, store=clouds.store, audit=clouds.audit, bus=clouds.bus,
        actor=person.name, now=clouds.now(),
    )  # fmt: skip


def _dry_run(trial: Trial) -> DryRun:
    touched = len({change.model_id for change in trial.changes})
    says = f"would change {len(trial.changes)} states of {touched} models; {trial.models} were looked at"
    return DryRun(says=f"{says}, there are more" if trial.more else says, **dict(trial))


def _summary(version: FrameworkVersion) -> FrameworkSummary:
    return FrameworkSummary.model_validate(version.model_dump(exclude={"text"}))
