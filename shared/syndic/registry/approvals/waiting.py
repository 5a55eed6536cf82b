"""Requests for approval that wait for votes, over all models: what a person who votes looks at first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from pydantic import Field

from syndic.errors import NotFoundError, StaleWriteError
from syndic.models import ComplianceStatus, Noun, RegisteredModel, to_json
from syndic.ports import Listing, Record, Store
from syndic.records import iterate, model_key
from syndic.registry.approvals.rules import roles_to_vote_in, standing
from syndic.registry.keys import WAITING, approval_key, partition, version_key
from syndic.registry.models import ApprovalRequest, ModelVersion, RequestState


class WaitingRequest(Noun):
    """A request that waits for votes, and whether the person who asks may cast one."""

    model_name: str
    request: ApprovalRequest
    vote_as: tuple[str, ...] = Field(description="roles that the caller holds and may vote in now; none: others decide")


class WaitingRequests(Noun):
    """Some requests that wait and, when there may be more, the token that continues after them."""

    requests: tuple[WaitingRequest, ...]
    next_token: str | None = None


def request_record(request: ApprovalRequest) -> Record:
    """A request as it is stored; while it waits it is listed among those of all models by the end of its time."""
    listings: tuple[Listing, ...] = ()
    if request.state is RequestState.PENDING:
        listings = (Listing(WAITING, f"{_moment(request.expires_at)}.{request.model_id}.{request.id}"),)
    return Record(approval_key(request.model_id, request.id), to_json(request), listings=listings)


def list_waiting_again(store: Store, model_id: str, *, now: datetime) -> None:
    """List the waiting requests of a model that were made before there was such a listing. Does nothing when it is."""
    for record in iterate(store, partition(model_id), prefix="approval."):
        request = ApprovalRequest.model_validate(record.body)
        wanted = request_record(request)
        if request.state is not RequestState.PENDING or request.expires_at <= now or record.listings == wanted.listings:
            continue
        try:
            store.put(wanted, expect=record.etag)
        except StaleWriteError:
            continue  # somebody voted: that listed it


def page_waiting(
    store: Store, *, actor: str, held_roles: Collection[str], now: datetime, limit: int = 50, token: str | None = None
) -> WaitingRequests:
    """A page of the requests that wait for votes, what runs out first before.

    Args:
        store: Where they are kept.
        actor: Who asks.
        held_roles: The roles that this person holds.
        now: Requests whose time is over by then wait no more.
        limit: Most requests in the page; it may have fewer although more follow.
        token: `next_token` of the page before.
    """
    page = store.query(WAITING, start=_moment(now), limit=limit, token=token)
    listed = [ApprovalRequest.model_validate(record.body) for record in page.records]
    read = store.get_many(
        [key for one in listed for key in (model_key(one.model_id), version_key(one.model_id, one.version))]
    )
    found = []
    for request in listed:
        model, version = (
            read.get(model_key(request.model_id)),
            read.get(version_key(request.model_id, request.version)),
        )
        if model is None or version is None:
            raise NotFoundError(f"request {request.id} is about version {request.version} of {request.model_id}: gone")
        of, made = RegisteredModel.model_validate(model.body), ModelVersion.model_validate(version.body)
        held = standing(request, content_sha256=made.content_sha256, now=now)
        if held.state is not RequestState.PENDING or of.compliance_status is ComplianceStatus.RETIRED:
            continue
        roles = roles_to_vote_in(held, actor=actor, authors=made.authors, held_roles=held_roles)
        found.append(WaitingRequest(model_name=of.name, request=held, vote_as=roles))
    return WaitingRequests(requests=tuple(found), next_token=page.next_token)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
