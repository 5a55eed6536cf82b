"""Approvals: ask, vote, read; and the policies that say who must agree."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field

from functions.api.access.callers import require_change
from functions.api.access.roles import VOTERS
from functions.api.inputs import Clouds, Limit, ModelId, Order, Person, Token
from syndic.errors import InvalidInputError
from syndic.models import Noun, to_json
from syndic.records import get_model
from syndic.registry.approvals.requests import (
    RequestPage,
    choose_policy,
    decide,
    get_request,
    list_policies,
    page_requests,
    policy_of,
    request_approval,
)
from syndic.registry.approvals.waiting import WaitingRequests, page_waiting
from syndic.registry.models import ApprovalPolicy, ApprovalRequest, Decision, RequestState, Stage, VersionName, Vote
from syndic.registry.promotion.policies import Trials, read_policy, save_policy, try_policy

router = Router()

RequestId = Annotated[str, Path(pattern=r"^[0-9]{6}$", description="Id of an approval request")]


class WantedApproval(Noun):
    """What is to be approved."""

    version: VersionName
    stage: Stage = Stage.PRODUCTION


class NewVote(Noun):
    """A decision in a role that the person holds."""

    role: str = Field(pattern=r"^[a-z][a-z_]{0,47}$")
    decision: Decision
    comment: str = Field(min_length=3, max_length=2000)


class Policies(Noun):
    """Approval policies, saved and shipped."""

    policies: tuple[ApprovalPolicy, ...]


class PolicyName(Noun):
    """The name of an approval policy."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")


@router.get("/approvals", tags=["approvals"])
def list_waiting_approvals(
    clouds: Clouds, person: Person, *, limit: Limit = 50, token: Token = None
) -> WaitingRequests:
    """Requests of all models that wait for votes, what runs out first before, with the roles you may vote in."""
    return page_waiting(
        clouds.store, actor=person.name, held_roles=VOTERS.intersection(person.roles), now=clouds.now(), limit=limit,
        token=token,
    )  # fmt: skip


@router.get("/models/<model_id>/approvals", tags=["approvals"])
def list_approvals(
    clouds: Clouds, model_id: ModelId, *, state: Annotated[RequestState | None, Query()] = None,
    order: Order = None, limit: Limit = 50, token: Token = None,
) -> RequestPage:  # fmt: skip
    """A page of a model's approval requests as they stand now, newest first."""
    return page_requests(
        clouds.store, model_id, now=clouds.now(), state=state, oldest_first=order == "ascending", limit=limit,
        token=token,
    )  # fmt: skip


@router.post("/models/<model_id>/approvals", tags=["approvals"], status_code=201)
def ask_for_approval(
    clouds: Clouds, person: Person, model_id: ModelId, wanted: Annotated[WantedApproval, Body()]
) -> ApprovalRequest:
    """Ask for approval. While a request for the same version and content stands, it is returned."""
    require_change(person, get_model(clouds.store, model_id))
    return request_approval(
        model_id, wanted.version, wanted.stage, store=clouds.store, audit=clouds.audit, actor=person.name,
        now=clouds.now(),
    )  # fmt: skip


@router.get("/models/<model_id>/approvals/<request_id>", tags=["approvals"])
def read_approval(clouds: Clouds, model_id: ModelId, request_id: RequestId) -> ApprovalRequest:
    """An approval request as it stands now."""
    return get_request(clouds.store, model_id, request_id, now=clouds.now())


@router.post("/models/<model_id>/approvals/<request_id>/votes", tags=["approvals"])
def vote_on_approval(
    clouds: Clouds, person: Person, model_id: ModelId, request_id: RequestId, said: Annotated[NewVote, Body()]
) -> ApprovalRequest:
    """Approve or reject with a comment. Nobody decides on their own request, and nobody twice."""
    vote = Vote(actor=person.name, role=said.role, decision=said.decision, comment=said.comment, at=clouds.now())
    return decide(
        model_id, request_id, vote, held_roles=person.roles, store=clouds.store, audit=clouds.audit, now=clouds.now()
    )


@router.get("/models/<model_id>/approval-policy", tags=["approvals"])
def read_approval_policy(clouds: Clouds, model_id: ModelId) -> ApprovalPolicy:
    """The approval policy that a model is under."""
    get_model(clouds.store, model_id)
    return policy_of(clouds.store, model_id)


@router.put("/models/<model_id>/approval-policy", tags=["approvals"])
def choose_approval_policy(
    clouds: Clouds, person: Person, model_id: ModelId, chosen: Annotated[PolicyName, Body()]
) -> ApprovalPolicy:
    """Put a model under an approval policy."""
    return choose_policy(
        model_id, chosen.name, store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now()
    )


@router.get("/policies", tags=["approvals"])
def list_approval_policies(clouds: Clouds) -> Policies:
    """Saved policies, then the shipped ones that no saved one replaces."""
    return Policies(policies=tuple(list_policies(clouds.store)))


@router.post("/policies", tags=["approvals"])
def save_approval_policy(clouds: Clouds, person: Person, policy: Annotated[ApprovalPolicy, Body()]) -> ApprovalPolicy:
    """Save a policy under its name. Its expressions are checked; requests already made keep their policy."""
    _require_voters(policy)
    return save_policy(policy, store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now())


@router.post("/policies/dry-run", tags=["approvals"])
def try_approval_policy(
    clouds: Clouds,
    policy: Annotated[ApprovalPolicy, Body()],
    limit: Annotated[int, Query(ge=1, le=50, description="Most models looked at in one page")] = 20,
    token: Token = None,
) -> Trials:
    """See what a policy would say of every model, a page at a time. Nothing is written."""
    checked = read_policy(to_json(policy))
    _require_voters(checked)
    return try_policy(checked, store=clouds.store, now=clouds.now(), limit=limit, token=token)


def _require_voters(policy: ApprovalPolicy) -> None:
    """Refuse a policy that asks for somebody who can never vote: no version would pass it."""
    unknown = [role for role in (*policy.roles, *policy.from_roles) if role not in VOTERS]
    if unknown:
        known = ", ".join(sorted(VOTERS))
        raise InvalidInputError(f"nobody can vote as {', '.join(unknown)}; roles that vote: {known}", where="roles")
