"""Where models stand and where predictions come from: health, risk, status, lineage, overview, audit of a model."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Request
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import AwareDatetime, Field, JsonValue

from functions.api.access.callers import require_change
from functions.api.access.roles import ADMIN, COMPLIANCE_OFFICER
from functions.api.inputs import Clouds, ModelId, Person, Token
from functions.api.mirrored import age_of, is_elsewhere
from functions.api.routes.registry.versions import Reason, Version
from syndic.compliance.people.risk_proposal import RiskProposal, propose_risk
from syndic.errors import NotAllowedError, NotFoundError
from syndic.models import (
    ComplianceStatus,
    EvidenceStatus,
    Moment,
    Noun,
    Presence,
    RegisteredModel,
    RiskDecision,
    RiskLevel,
)
from syndic.records import get_model, list_evidence
from syndic.registry.audits import BulkCheck, GovernanceAudit, audit_model, bulk_check
from syndic.registry.documents.lineage import Lineage, trace_prediction, trace_version
from syndic.registry.documents.lineage_events import openlineage_event
from syndic.registry.models import Stage
from syndic.registry.overview import Overview, read_overview
from syndic.registry.versions.narrowing import worst_of
from syndic.registry.versions.versions import change_status, decide_risk
from syndic.tasks import clouds as tasks

router = Router()

RowId = Annotated[str, Path(min_length=1, max_length=512, description="Inference id or event id of the prediction")]


class ModelHealth(Noun):
    """Whether a model is running and how its evidence stands. Failing if any piece is."""

    model_id: str
    presence: Presence
    standing: str
    evidence: dict[str, EvidenceStatus]
    mirrored_at: Moment | None = Field(default=None, description="when the model's own cloud was last heard")


class RiskProfile(Noun):
    """The risk level that the answers lead to, and the one a person decided on; either may be missing."""

    model_id: str
    proposal: RiskProposal
    risk: RiskDecision | None = Field(description="the decision; null while nobody has decided")
    differs: bool | None = Field(description="whether decision and proposal name other levels; null: one is missing")


class NewRisk(Noun):
    """A decision on the risk level, with the reasons."""

    level: RiskLevel
    reason: Reason
    annex_iii_area: str | None = Field(default=None, max_length=200)
    profiles_people: bool | None = None


class NewStatus(Noun):
    """A step in a model's compliance life."""

    status: ComplianceStatus
    reason: Reason


class Retirement(Noun):
    """Why a model is retired."""

    reason: Reason = "no reason was given"


@router.delete("/models/<model_id>", tags=["models"])
def retire_model(
    clouds: Clouds, person: Person, model_id: ModelId, why: Annotated[Retirement | None, Body()] = None
) -> RegisteredModel:
    """Retire a model. It stays readable for ever, with everything on record."""
    require_change(person, get_model(clouds.store, model_id))
    return change_status(
        model_id, ComplianceStatus.RETIRED, reason=(why or Retirement()).reason, store=clouds.store, audit=clouds.audit,
        actor=person.name, now=clouds.now(),
    )  # fmt: skip


@router.get("/models/<model_id>/health", tags=["models"])
def read_model_health(clouds: Clouds, model_id: ModelId) -> ModelHealth:
    """Whether a model is running and how its evidence stands."""
    model, evidence = get_model(clouds.store, model_id), list(list_evidence(clouds.store, model_id))
    return ModelHealth(
        model_id=model_id,
        presence=model.presence,
        standing=worst_of(evidence),
        evidence={item.kind: item.status for item in evidence},
        mirrored_at=age_of(model, clouds.store),
    )


@router.get("/models/<model_id>/risk-profile", tags=["models"])
def read_risk_profile(clouds: Clouds, model_id: ModelId) -> RiskProfile:
    """The risk level proposed for a model, the one decided on, by whom and why, and whether they differ."""
    return _risk_profile(get_model(clouds.store, model_id), clouds)


@router.put("/models/<model_id>/risk-profile", tags=["models"])
def decide_risk_profile(
    clouds: Clouds, person: Person, model_id: ModelId, decided: Annotated[NewRisk, Body()]
) -> RiskProfile:
    """Decide on the risk level of a model, with reasons."""
    require_change(person, get_model(clouds.store, model_id))
    decision = RiskDecision(**dict(decided), decided_by=person.name, decided_at=clouds.now())
    changed = decide_risk(model_id, decision, store=clouds.store, audit=clouds.audit, now=clouds.now())
    return _risk_profile(changed, clouds)


@router.patch("/models/<model_id>/compliance-status", tags=["models"])
def change_compliance_status(
    clouds: Clouds, person: Person, model_id: ModelId, step: Annotated[NewStatus, Body()]
) -> RegisteredModel:
    """Move a model one legal step in its compliance life. Only admins and compliance officers approve."""
    model = get_model(clouds.store, model_id)
    if COMPLIANCE_OFFICER not in person.roles:
        require_change(person, model)
    if step.status is ComplianceStatus.APPROVED and not person.roles & {ADMIN, COMPLIANCE_OFFICER}:
        raise NotAllowedError("an admin or a compliance officer approves a model, not its owner")
    return change_status(
        model_id, step.status, reason=step.reason, store=clouds.store, audit=clouds.audit, actor=person.name,
        now=clouds.now(),
    )  # fmt: skip


@router.get("/models/<model_id>/governance-audit", tags=["governance"])
def read_governance_audit(clouds: Clouds, model_id: ModelId) -> GovernanceAudit:
    """Where one model stands: counts, findings, and what to do about each."""
    return audit_model(clouds.store, model_id, now=clouds.now())


@router.get("/governance/overview", tags=["governance"])
def read_governance_overview(clouds: Clouds) -> Overview:
    """Numbers of the whole registry. `counted_at` says how old they are: an hour at most, over 1,000 models a day."""
    return read_overview(clouds.store, now=clouds.now())


@router.get("/governance/checks", tags=["governance"])
def check_stage(
    clouds: Clouds,
    stage: Annotated[Stage, Query()] = Stage.PRODUCTION,
    limit: Annotated[int, Query(ge=1, le=50, description="Most models looked at in one page")] = 20,
    token: Token = None,
) -> BulkCheck:
    """Judge every version in a stage as if it were to enter it now, a page of models at a time. Nothing is written."""
    return bulk_check(clouds.store, stage, now=clouds.now(), limit=limit, token=token)


@router.get("/lineage/models/<model_id>/versions/<version>", tags=["governance"])
def read_version_lineage(clouds: Clouds, model_id: ModelId, version: Version) -> Lineage:
    """What a version was made from: run, data, parameters, metrics, artefacts. Gaps are listed."""
    return trace_version(clouds.store, model_id, version)


@router.get("/lineage/models/<model_id>/versions/<version>/openlineage", tags=["governance"])
def read_openlineage_event(clouds: Clouds, model_id: ModelId, version: Version) -> dict[str, JsonValue]:
    """The training run behind a version as an OpenLineage 2-0-2 run event, ready to be sent to a collector."""
    return openlineage_event(trace_version(clouds.store, model_id, version))


@router.get("/lineage/models/<model_id>/predictions/<row_id>", tags=["governance"])
def read_prediction_lineage(
    request: Request,
    clouds: Clouds,
    model_id: ModelId,
    row_id: RowId,
    *,
    at: Annotated[AwareDatetime, Query(description="When the prediction was made")],
) -> Lineage:
    """What is behind a prediction: the version that its record names, else the one in production when it was made.

    It is looked up in the captured traffic around that time; 404 when it is not found there or cannot be looked up,
    as for a model whose traffic is captured in the other cloud and stays there.
    """
    row_id = request.context["scope"].ids["row_id"]  # as it was written: a path is matched with fewer signs
    model = get_model(clouds.store, model_id)
    if is_elsewhere(model, clouds.store):
        raise NotFoundError(f"prediction {row_id!r} of {model_id} cannot be looked up here: its traffic stays in Azure")
    # As for a baseline: no other request waits for numpy.
    from syndic.registry.documents.predictions import find_prediction  # noqa: PLC0415

    found = find_prediction(model, row_id, at=at, captures=clouds.captures)
    return trace_prediction(
        clouds.store, model_id, prediction_id=row_id, at=found.at, version=found.version,
        request_id=found.request_id, doubts=found.doubts,
    )  # fmt: skip


def _risk_profile(model: RegisteredModel, clouds: tasks.Clouds) -> RiskProfile:
    proposal = propose_risk(clouds.store, model.id, now=clouds.now())
    both = proposal.level is not None and model.risk is not None
    return RiskProfile(
        model_id=model.id,
        proposal=proposal,
        risk=model.risk,
        differs=model.risk is not None and model.risk.level is not proposal.level if both else None,
    )
