"""Models: list, read, register, describe."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field, JsonValue

from functions.api.access.callers import require_change
from functions.api.access.roles import ADMIN
from functions.api.inputs import Clouds, Limit, ModelId, Person, Token, by_whom
from functions.api.mirrored import shown
from syndic.bias.models import Verdict as BiasVerdict
from syndic.compliance.catalogue import active_frameworks
from syndic.drift.models.comparison import Verdict as DriftVerdict
from syndic.errors import InvalidInputError, NotAllowedError, UnknownReferenceError
from syndic.models import (
    CaptureSchema,
    Cloud,
    ComplianceStatus,
    EvidenceStatus,
    Noun,
    Presence,
    RegisteredModel,
    RiskLevel,
    WindowLength,
)
from syndic.quality.models import Verdict as QualityVerdict
from syndic.records import get_model
from syndic.registry.models import Stage
from syndic.registry.versions.catalogue import ModelPage, ShownModel, list_page
from syndic.registry.versions.narrowing import Narrowing
from syndic.registry.versions.versions import change_model, register_model
from syndic.tasks.registration import (
    SCHEDULES,
    Became,
    Registration,
    Wishes,
    apply_wishes,
    framework_id,
    require_frameworks,
)

router = Router()

Text = Annotated[str, Field(max_length=4000)]
ADDRESS: Final = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$")
Email = Annotated[str, Field(max_length=254, pattern=ADDRESS.pattern)]


class ModelChanges(Noun):
    """What a person may say of a model. Fields left out stay as they are; null clears a field."""

    owner: Email | None = None
    description: Text | None = None
    domain: Text | None = None
    intended_purpose: Text | None = None
    limitations: Text | None = None
    data_sources: tuple[Text, ...] = Field(default=(), max_length=100)
    oversight_plan: Text | None = None
    capture_schema: CaptureSchema | None = None
    window: WindowLength = WindowLength.DAY
    lateness: timedelta = Field(default=timedelta(hours=1), ge=timedelta(0), le=timedelta(days=30))
    version_in_use: Annotated[str, Field(min_length=1, max_length=128)] | None = Field(
        default=None, description="where no endpoint tells what serves, such as of bought software"
    )
    metadata: dict[str, JsonValue] = Field(default_factory=dict, max_length=200)


class NewModel(Wishes, ModelChanges):
    """A model that no cloud was found to run yet, and what should hold for it from the beginning."""

    name: str = Field(min_length=1, max_length=256)
    owner: Annotated[str, Field(max_length=254, pattern=rf"{ADDRESS.pattern}|^[^@]+$")] | None = Field(
        default=None, description="an address; a team's name is kept beside it, and you answer for the model"
    )


@router.get("/models", tags=["models"])
def list_models(
    clouds: Clouds,
    *,
    cloud: Annotated[Cloud | None, Query()] = None,
    owner: Annotated[str | None, Query(min_length=3, max_length=254)] = None,
    risk: Annotated[RiskLevel | Literal["undecided"] | None, Query()] = None,
    status: Annotated[ComplianceStatus | None, Query()] = None,
    stage: Annotated[Stage | None, Query(description="Models with a version in this stage")] = None,
    presence: Annotated[Presence | None, Query()] = None,
    begins: Annotated[
        str | None, Query(min_length=1, max_length=256, description="Beginning of the name, whatever the case")
    ] = None,
    name: Annotated[
        str | None,
        Query(min_length=1, max_length=256, description="Part of the name. Pages may be short although more follow"),
    ] = None,
    domain: Annotated[
        str | None, Query(min_length=1, max_length=256, description="The whole of it, whatever the case")
    ] = None,
    checks: Annotated[
        EvidenceStatus | Literal["none"] | None,
        Query(description="The worst of the newest checks of drift, data quality and fairness. Pages may be short"),
    ] = None,
    verdict: Annotated[
        DriftVerdict | QualityVerdict | BiasVerdict | None,
        Query(description="That at least one of the newest checks gave. Pages may be short"),
    ] = None,
    framework: Annotated[
        str | None,
        Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", description="By which at least one requirement applies"),
    ] = None,
    sort: Annotated[Literal["name", "newest"], Query()] = "name",
    order: Annotated[Literal["ascending", "descending"], Query()] = "ascending",
    limit: Limit = 50,
    token: Token = None,
) -> ModelPage:
    """A page of models."""
    filters = {"cloud": cloud, "owner": owner, "risk": risk, "status": status, "stage": stage, "presence": presence}
    by = None if framework is None else framework_id(framework)
    if by is not None and by not in active_frameworks(clouds.store):
        raise UnknownReferenceError(f"no framework {by!r} is active", where="query.framework")
    narrowing = Narrowing(checks and str(checks), verdict and str(verdict), by)
    page = list_page(
        clouds.store,
        filters={key: str(value) for key, value in filters.items() if value is not None},
        sort=sort,
        descending=order == "descending",
        begins=begins,
        text=name,
        domain=domain,
        narrowing=narrowing if narrowing != Narrowing() else None,
        limit=limit,
        token=token,
    )
    return page.model_copy(update={"models": shown(page.models, clouds.store)})


@router.post("/models", tags=["models"], status_code=201)
def register(clouds: Clouds, person: Person, model: Annotated[NewModel, Body()]) -> Registration | RegisteredModel:
    """Register a model. A model owner registers own models; an admin names the owner. Says what each wish became."""
    team = None if model.owner is None or ADDRESS.fullmatch(model.owner) else model.owner
    owner = person.email if team else model.owner or person.email
    if owner is None:
        raise InvalidInputError("name an owner: your own address is not confirmed", where="owner")
    if ADMIN not in person.roles and owner.lower() != person.email:
        raise NotAllowedError("only an admin registers a model for somebody else")
    require_frameworks(model.compliance_frameworks, store=clouds.store)
    common = by_whom(clouds, person)
    made = register_model(name=model.name, owner=owner, **common, **_profile(model, team))
    found = apply_wishes(model, made, **common)
    said = Became(field="owner", became=f"a team: kept as metadata.team; {owner} answers for the model")
    became = (said, *found.became) if team else found.became
    return found.model_copy(update={"became": became}) if became else made


def _profile(model: NewModel, team: str | None) -> dict[str, Any]:
    profile = model.model_dump(mode="json", include=set(ModelChanges.model_fields) - {"owner"}, exclude_unset=True)
    beside = model.profile() | ({"team": team} if team else {})
    if beside:
        profile["metadata"] = {**beside, **profile.get("metadata", {})}
    if model.monitoring_schedule is not None:
        profile.setdefault("window", SCHEDULES[model.monitoring_schedule].value)
    return profile


@router.get("/models/<model_id>", tags=["models"])
def read_model(clouds: Clouds, model_id: ModelId) -> ShownModel:
    """A model, with its endpoint as the cloud described it last, and how old that is."""
    return shown([get_model(clouds.store, model_id)], clouds.store)[0]


@router.patch("/models/<model_id>", tags=["models"])
def describe_model(
    clouds: Clouds, person: Person, model_id: ModelId, changes: Annotated[ModelChanges, Body()]
) -> RegisteredModel:
    """Change owner, description, capture schema, window and the like."""
    require_change(person, get_model(clouds.store, model_id))
    return change_model(
        model_id,
        changes.model_dump(mode="json", exclude_unset=True),
        store=clouds.store,
        audit=clouds.audit,
        actor=person.name,
        now=clouds.now(),
    )
