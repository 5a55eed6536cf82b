"""Verbs on approvals: request, vote, read; and the policies that say who must agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from syndic.changes import Change, commit, finish
from syndic.errors import ConflictError, NotFoundError, StaleWriteError, UnknownReferenceError
from syndic.models import AuditEntry, Noun
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.records import get_model, iterate, retried
from syndic.registry.approvals.rules import cast, serves, standing
from syndic.registry.approvals.waiting import request_record
from syndic.registry.keys import POLICIES, approval_key, partition, policy_choice_key, policy_key, stages_key
from syndic.registry.models import ApprovalPolicy, ApprovalRequest, RequestState, Stage, Stages, Vote
from syndic.registry.versions.lifecycle import shipped_policies
from syndic.registry.versions.queries import get_version
from syndic.registry.versions.versions import require_open

DEFAULT_POLICY = "moderate"


def find_policy(store: Store, name: str) -> ApprovalPolicy:
    """An approval policy, saved or shipped. Raises `UnknownReferenceError`."""
    record = store.get(policy_key(name))
    if record is not None:
        return ApprovalPolicy.model_validate(record.body)
    if name in shipped_policies():
        return shipped_policies()[name]
    known = ", ".join(sorted({policy.name for policy in list_policies(store)}))
    raise UnknownReferenceError(f"no approval policy is called {name!r}; there are {known}", where="policy")


def list_policies(store: Store) -> Iterator[ApprovalPolicy]:
    """Saved policies, then the shipped ones that no saved one replaces."""
    saved = [ApprovalPolicy.model_validate(record.body) for record in iterate(store, POLICIES)]
    yield from saved
    yield from (policy for name, policy in shipped_policies().items() if name not in {item.name for item in saved})


def policy_of(store: Store, model_id: str) -> ApprovalPolicy:
    """The approval policy a model is under."""
    record = store.get(policy_choice_key(model_id))
    return find_policy(store, str(record.body["name"]) if record else DEFAULT_POLICY)


def choose_policy(
    model_id: str, name: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> ApprovalPolicy:
    """Put a model under an approval policy; under the same one again changes nothing.

    Raises `ConflictError` when the model is retired.
    """
    key = policy_choice_key(model_id)

    def step() -> ApprovalPolicy:
        require_open(store, model_id)
        policy = find_policy(store, name)
        present = store.get(key)
        if present is not None and present.body["name"] == name:
            finish(key, store=store, audit=audit)
            return policy
        details = {"concern": "approval", "policy": name, "sha256": policy.sha256}
        entry = AuditEntry(
            action="policy.chosen", actor=actor, subject=f"model/{model_id}", at=now, details=dict(details)
        )
        writes = (Write(Record(key, {"name": name}), present.etag if present else ABSENT),)
        commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)
        return policy

    return retried(step, what=f"the approval policy of {model_id}")


def request_approval(
    model_id: str, version: str, target: Stage, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> ApprovalRequest:
    """Ask for approval. While a request for the same version and content is pending or approved, it is returned.

    A request that was made under another policy, and is pending or has too few votes for the present one, is withdrawn
    in the same write.

    Raises:
        ConflictError: The policy of the model asks for no approver, or the model is retired.
    """

    def step() -> ApprovalRequest:
        require_open(store, model_id)
        policy = policy_of(store, model_id)
        if policy.approvers == 0:
            raise ConflictError(f"policy {policy.name} asks for no approval")
        content = get_version(store, model_id, version).content_sha256
        requests = list(list_requests(store, model_id, now=now))
        present = _newest(requests, version, target)
        if present is not None and serves(present, policy):
            finish(approval_key(model_id, present.id), store=store, audit=audit)
            return present
        request = ApprovalRequest(
            id=f"{len(requests) + 1:06d}",  # written once: of two people who ask at the same moment one asks again
            model_id=model_id,
            version=version,
            target=target,
            policy=policy,
            version_sha256=content,
            requested_by=actor,
            requested_at=now,
            expires_at=now + policy.valid_for,
        )
        writes = [Write(request_record(request), ABSENT)]
        if present is not None and present.state in {RequestState.PENDING, RequestState.APPROVED}:
            writes.append(_replaced(store, present, policy))
        details = {"request": request.id, "version": version, "target": target.value, "policy": policy.name}
        entry = AuditEntry(
            action="approval.requested", actor=actor, subject=f"model/{model_id}", at=now, details=dict(details)
        )
        commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)
        return request

    return retried(step, what=f"the approval requests of {model_id}")


def _replaced(store: Store, request: ApprovalRequest, policy: ApprovalPolicy) -> Write:
    """The withdrawal of a request that the present policy has overtaken; a vote at the same moment goes first."""
    key = approval_key(request.model_id, request.id)
    record = store.get(key)
    reason = f"made under policy {request.policy.name}; the model is under {policy.name} now"
    withdrawn = request.model_copy(update={"state": RequestState.WITHDRAWN, "state_reason": reason})
    if record is None or ApprovalRequest.model_validate(record.body) != request:
        raise StaleWriteError(f"request {request.id} was voted on at the same moment: try again")
    return Write(request_record(withdrawn), record.etag)


def decide(
    model_id: str,
    request_id: str,
    vote: Vote,
    *,
    held_roles: Collection[str],
    store: Store,
    audit: AuditTrail,
    now: datetime,
) -> ApprovalRequest:
    """Add a person's vote. Votes at the same moment are all counted; the same vote sent again is counted once.

    Raises:
        ConflictError: The request is decided, expired or withdrawn, this person has voted, or the model is retired.
        NotAllowedError: Four eyes, or a role not held or not asked for.
    """

    def step() -> ApprovalRequest:
        require_open(store, model_id)
        record = store.get(approval_key(model_id, request_id))
        if record is None:
            raise NotFoundError(f"model {model_id} has no approval request {request_id!r}")
        stored = ApprovalRequest.model_validate(record.body)
        request = _standing(store, stored, now)
        if any(earlier.model_copy(update={"at": vote.at}) == vote for earlier in stored.votes):
            finish(record.key, store=store, audit=audit)
            return request
        authors = get_version(store, model_id, stored.version).authors
        changed = cast(request, vote, authors=authors, held_roles=held_roles)
        details = {
            "request": request_id,
            "decision": vote.decision.value,
            "role": vote.role,
            "state": changed.state.value,
            "comment": vote.comment,
        }
        entry = AuditEntry(
            action="approval.voted", actor=vote.actor, subject=f"model/{model_id}", at=now, details=dict(details)
        )
        writes = (Write(request_record(changed), record.etag),)
        commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)
        return changed

    return retried(step, what=f"request {request_id}")


def get_request(store: Store, model_id: str, request_id: str, *, now: datetime) -> ApprovalRequest:
    """A request as it stands now. Raises `NotFoundError`."""
    record = store.get(approval_key(model_id, request_id))
    if record is None:
        raise NotFoundError(f"model {model_id} has no approval request {request_id!r}")
    return _standing(store, ApprovalRequest.model_validate(record.body), now)


def list_requests(store: Store, model_id: str, *, now: datetime) -> Iterator[ApprovalRequest]:
    """All requests of a model as they stand now, newest first."""
    for record in iterate(store, partition(model_id), prefix="approval.", descending=True):
        yield _standing(store, ApprovalRequest.model_validate(record.body), now)


class RequestPage(Noun):
    """Some approval requests and, when there may be more, the token that continues after them."""

    requests: tuple[ApprovalRequest, ...]
    next_token: str | None = None


def page_requests(
    store: Store,
    model_id: str,
    *,
    now: datetime,
    state: RequestState | None = None,
    oldest_first: bool = False,
    limit: int = 50,
    token: str | None = None,
) -> RequestPage:
    """A page of a model's requests as they stand now, newest first. Raises `NotFoundError` for an unknown model.

    With a `state` a page may be shorter than `limit` although more follow.
    """
    get_model(store, model_id)
    page = store.query(partition(model_id), prefix="approval.", descending=not oldest_first, limit=limit, token=token)
    found = (_standing(store, ApprovalRequest.model_validate(record.body), now) for record in page.records)
    return RequestPage(requests=tuple(one for one in found if state in {None, one.state}), next_token=page.next_token)


def current_request(
    store: Store, model_id: str, version: str, target: Stage, *, now: datetime
) -> ApprovalRequest | None:
    """The newest request for a version and stage, as it stands now."""
    return _newest(list_requests(store, model_id, now=now), version, target)


def _newest(requests: Iterable[ApprovalRequest], version: str, target: Stage) -> ApprovalRequest | None:
    return next((request for request in requests if (request.version, request.target) == (version, target)), None)


def _standing(store: Store, request: ApprovalRequest, now: datetime) -> ApprovalRequest:
    content = get_version(store, request.model_id, request.version).content_sha256
    held = standing(request, content_sha256=content, now=now)
    if held.state is RequestState.EXPIRED and request.state is RequestState.APPROVED and _in_use(store, request):
        return request
    return held


def _in_use(store: Store, request: ApprovalRequest) -> bool:
    """Whether the version was promoted on this approval and is still there: it was used in time."""
    record = store.get(stages_key(request.model_id))
    stages = Stages(model_id=request.model_id) if record is None else Stages.model_validate(record.body)
    if stages.of.get(request.version) is not request.target:
        return False
    return any(
        change.kind == "promotion" and request.requested_at <= change.at < request.expires_at
        for change in stages.history
        if (change.version, change.target) == (request.version, request.target)
    )
