"""The monitoring plan of a model: what runs against what is planned, drafts, approval, versions."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body

from functions.api.inputs import Clouds, ModelId, Person
from functions.api.routes.registers.rights import EntryId, require_opener
from syndic.models import Noun
from syndic.records import get_model
from syndic.registers.listing import list_entries
from syndic.registers.monitoring.models import MonitoringPlan, PlanStatements
from syndic.registers.monitoring.register import PLANS
from syndic.tasks.duties.monitoring_plan import PlanFollowing, approve_plan, draft_plan, follow_plan, plan_of

router = Router()


class MonitoringPlans(Noun):
    """Every version of a model's plan, the newest first."""

    plans: tuple[MonitoringPlan, ...]


@router.get("/models/<model_id>/monitoring-plan", tags=["registers"])
def read_monitoring_plan(clouds: Clouds, model_id: ModelId) -> PlanFollowing:
    """The plan in force against what runs now: what is overdue, what differs, what the next version lacks."""
    return follow_plan(clouds.store, model_id, now=clouds.now())


@router.get("/models/<model_id>/monitoring-plans", tags=["registers"])
def list_monitoring_plans(clouds: Clouds, model_id: ModelId) -> MonitoringPlans:
    """Every version of a model's plan."""
    get_model(clouds.store, model_id)
    found = sorted(list_entries(PLANS, clouds.store, model_id=model_id), key=lambda one: one.number, reverse=True)
    return MonitoringPlans(plans=tuple(found))


@router.post("/models/<model_id>/monitoring-plans", tags=["registers"], status_code=201)
def draft_monitoring_plan(
    clouds: Clouds, person: Person, model_id: ModelId, statements: Annotated[PlanStatements, Body()]
) -> MonitoringPlan:
    """Draft the next version from what runs now. Statements that are left out are those of the version before."""
    get_model(clouds.store, model_id)
    require_opener(person, (model_id,), clouds.store)
    return draft_plan(
        model_id, statements, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name,
        now=clouds.now(),
    )  # fmt: skip


@router.get("/models/<model_id>/monitoring-plans/<plan_id>", tags=["registers"])
def read_monitoring_plan_version(clouds: Clouds, model_id: ModelId, plan_id: EntryId) -> MonitoringPlan:
    """One version of a model's plan, with the SHA-256 of what it says."""
    return plan_of(clouds.store, model_id, plan_id)


@router.post("/models/<model_id>/monitoring-plans/<plan_id>/approve", tags=["registers"])
def approve_monitoring_plan(clouds: Clouds, person: Person, model_id: ModelId, plan_id: EntryId) -> MonitoringPlan:
    """Approve a draft. It is refused while something is missing; the version before is superseded."""
    get_model(clouds.store, model_id)
    require_opener(person, (model_id,), clouds.store)
    return approve_plan(
        model_id, plan_id, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name,
        now=clouds.now(),
    )  # fmt: skip
