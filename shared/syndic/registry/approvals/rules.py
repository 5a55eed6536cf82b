"""The rules of approval: pure functions over a request. Four eyes, one vote a person, each duty represented."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from syndic.errors import ConflictError, NotAllowedError
from syndic.registry.models import ApprovalPolicy, ApprovalRequest, Decision, RequestState, Vote


def standing(request: ApprovalRequest, *, content_sha256: str, now: datetime) -> ApprovalRequest:
    """The request as it stands now: withdrawn if the version changed, expired if its time is over."""
    if request.state in {RequestState.REJECTED, RequestState.EXPIRED, RequestState.WITHDRAWN}:
        return request
    if content_sha256 != request.version_sha256:
        return request.model_copy(
            update={"state": RequestState.WITHDRAWN, "state_reason": "the version changed after the request was made"}
        )
    if now >= request.expires_at:
        reason = f"not used until {request.expires_at:%Y-%m-%d %H:%M} UTC"
        return request.model_copy(update={"state": RequestState.EXPIRED, "state_reason": reason})
    return request


def cast(
    request: ApprovalRequest, vote: Vote, *, authors: Collection[str], held_roles: Collection[str]
) -> ApprovalRequest:
    """Add a person's vote and settle the request if that decides it.

    Raises:
        ConflictError: The request is no longer pending, or this person has voted.
        NotAllowedError: The person made the request or is an author of the version, or does not hold the role, or the
            policy does not ask for it.
    """
    if request.state is not RequestState.PENDING:
        raise ConflictError(f"request {request.id} is {request.state}: {request.state_reason or 'it was decided'}")
    if vote.actor == request.requested_by:
        raise NotAllowedError("nobody decides on their own request: ask somebody else (four eyes)")
    if vote.actor in authors:
        raise NotAllowedError(
            f"{vote.actor} made or changed version {request.version}, or waived a condition for it: "
            "nobody decides on their own work (four eyes)"
        )
    if any(vote.actor == earlier.actor for earlier in request.votes):
        raise ConflictError(f"{vote.actor} has already voted on request {request.id}")
    if vote.role not in held_roles:
        raise NotAllowedError(f"{vote.actor} does not hold the role {vote.role}")
    asked = _asked(request)
    if asked and vote.role not in asked:
        roles = ", ".join(asked)
        raise NotAllowedError(f"policy {request.policy.name} asks for {roles}, not for {vote.role}")
    return _settle(request.model_copy(update={"votes": (*request.votes, vote)}))


def roles_to_vote_in(
    request: ApprovalRequest, *, actor: str, authors: Collection[str], held_roles: Collection[str]
) -> tuple[str, ...]:
    """The roles in which `cast` would take a person's vote now, in the order of the policy; none: others decide."""
    own = actor == request.requested_by or actor in authors
    if request.state is not RequestState.PENDING or own or any(actor == vote.actor for vote in request.votes):
        return ()
    asked = _asked(request)
    return tuple(role for role in (asked or sorted(held_roles)) if role in held_roles)


def _asked(request: ApprovalRequest) -> tuple[str, ...]:
    """The roles of which votes are wanted; none: of any that votes."""
    return tuple(dict.fromkeys((*request.policy.roles, *request.policy.from_roles)))


def missing(request: ApprovalRequest, policy: ApprovalPolicy | None = None) -> tuple[int, tuple[str, ...]]:
    """How many more approvers the request needs, and which roles are not yet among them.

    By the policy it was made under, or by the one given: the model may have been put under a stricter one since.
    """
    asked = policy or request.policy
    approvals = [vote for vote in request.votes if vote.decision is Decision.APPROVE]
    roles = tuple(role for role in asked.roles if role not in {vote.role for vote in approvals})
    counted = len(approvals)
    if asked.from_roles:  # two of one role count once
        counted = len({vote.role for vote in approvals} & {*asked.roles, *asked.from_roles})
    return max(asked.approvers - counted, len(roles), 0), roles


def serves(request: ApprovalRequest, policy: ApprovalPolicy) -> bool:
    """Whether a request that stands is still the one to vote on, or to rely on, under a policy."""
    if request.state is RequestState.PENDING:
        return request.policy.sha256 == policy.sha256
    return request.state is RequestState.APPROVED and missing(request, policy)[0] == 0


def _settle(request: ApprovalRequest) -> ApprovalRequest:
    rejected = next((vote for vote in request.votes if vote.decision is Decision.REJECT), None)
    if rejected is not None:
        reason = f"rejected by {rejected.actor} ({rejected.role}): {rejected.comment}"
        return request.model_copy(update={"state": RequestState.REJECTED, "state_reason": reason})
    if missing(request)[0] == 0:
        people = ", ".join(f"{vote.actor} ({vote.role})" for vote in request.votes)
        return request.model_copy(update={"state": RequestState.APPROVED, "state_reason": f"approved by {people}"})
    return request
