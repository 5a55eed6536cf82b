"""Requests of persons: receive, identify, extend, answer. A person is a reference here, never a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field, StringConstraints

from functions.api.inputs import Clouds, Limit, Order, Person, Token
from functions.api.routes.registers.rights import EntryId, OfModel, Owner, acting, kept_by, require_opener
from syndic.models import Instant, Noun
from syndic.registers.entries import change_entry, get_entry
from syndic.registers.listing import count_entries, entries_page, standing
from syndic.registers.models import MOST_MODELS, Counts, Standing
from syndic.registers.requests import rules
from syndic.registers.requests.models import (
    IdentityCheck,
    PersonRequest,
    PersonRequestState,
    PersonRight,
    RefusalGround,
    RequestAnswer,
    RequestOutcome,
    Words,
)
from syndic.registers.requests.register import REQUESTS, NewRequest, receive_request, texts_of
from syndic.registers.requests.wording import refuse_addresses, warnings_of

router = Router()

Reason = Annotated[str, StringConstraints(min_length=3, max_length=2000)]
Address = Annotated[str, StringConstraints(min_length=3, max_length=254)]
ModelIds = Annotated[tuple[str, ...], Field(max_length=MOST_MODELS)]
ErasureIds = Annotated[tuple[str, ...], Field(max_length=20)]


class RequestView(PersonRequest):
    """A request, where it stands, and what in its texts looks as if it named a person."""

    standing: Standing
    warnings: tuple[str, ...] = ()


class PersonRequests(Noun):
    """A page of requests: what is due first before, closed ones last."""

    requests: tuple[RequestView, ...]
    next_token: str | None = None


class RequestChange(Noun):
    """What to change; fields left out stay."""

    owner: Address | None = None
    model_ids: ModelIds | None = None
    decision: str | None = Field(default=None, max_length=200)
    erasures: ErasureIds | None = Field(default=None, description="ids of erasures made for it")
    note: Words | None = None


class IdentityFound(Noun):
    """Whether it is known who asks."""

    identity: IdentityCheck


class Extension(Noun):
    """Why the answer takes longer, and when the person was told."""

    reason: Reason
    told_at: Instant


class NewAnswer(Noun):
    """What was answered, and when."""

    outcome: RequestOutcome
    at: Instant | None = Field(default=None, description="when it was sent; left out: now")
    ground: RefusalGround | None = None
    reason: Words = ""
    told_of_remedies: bool = False
    recipients_told: bool | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    late_because: Words = ""


class TakenBack(Noun):
    """Why it ended."""

    reason: Reason


class OpenedAgain(Noun):
    """Why it is looked at again."""

    reason: Reason


@router.get("/requests", tags=["registers"])
def list_person_requests(
    clouds: Clouds, *, state: Annotated[PersonRequestState | None, Query()] = None,
    right: Annotated[PersonRight | None, Query()] = None, owner: Owner = None, model_id: OfModel = None,
    order: Order = None, limit: Limit = 50, token: Token = None,
) -> PersonRequests:  # fmt: skip
    """A page of requests of persons."""
    filters = {"model": model_id, "state": state, "right": right, "owner": owner}
    found, more = entries_page(
        REQUESTS, clouds.store, filters=filters, latest_first=order == "descending", limit=limit, token=token
    )  # fmt: skip
    return PersonRequests(requests=tuple(_view(one, clouds) for one in found), next_token=more)


@router.get("/requests/counts", tags=["registers"])
def count_person_requests(clouds: Clouds, model_id: OfModel = None) -> Counts:
    """How many requests are in which state, and how urgent the open ones are."""
    return count_entries(REQUESTS, clouds.store, now=clouds.now(), model_id=model_id)


@router.post("/requests", tags=["registers"], status_code=201)
def receive_person_request(clouds: Clouds, person: Person, given: Annotated[NewRequest, Body()]) -> RequestView:
    """Record a request. Its clock runs from receipt; what looks like a person in its texts is warned of."""
    require_opener(person, given.model_ids, clouds.store)
    made = receive_request(given, **acting(clouds, person))
    return _view(made, clouds)


@router.get("/requests/<person_request_id>", tags=["registers"])
def read_person_request(clouds: Clouds, person_request_id: EntryId) -> RequestView:
    """A request with its clock, and what may be done next."""
    return _view(get_entry(REQUESTS, clouds.store, person_request_id), clouds)


@router.patch("/requests/<person_request_id>", tags=["registers"])
def change_person_request(
    clouds: Clouds, person: Person, person_request_id: EntryId, change: Annotated[RequestChange, Body()]
) -> RequestView:
    """Change who answers it, what it is about, or its note."""
    update = {name: value for name in change.model_fields_set if (value := getattr(change, name)) is not None}
    return _changed(clouds, person, person_request_id, lambda one: one.model_copy(update=update), "changed")


@router.post("/requests/<person_request_id>/identity", tags=["registers"])
def identify_person(
    clouds: Clouds, person: Person, person_request_id: EntryId, found: Annotated[IdentityFound, Body()]
) -> RequestView:
    """Say whether it is known who asks. The clock runs on (Art. 12(6) gives no time)."""
    now = clouds.now()
    return _changed(
        clouds, person, person_request_id, lambda one: rules.identify(one, found.identity, at=now), "identity_checked"
    )


@router.post("/requests/<person_request_id>/extend", tags=["registers"])
def extend_person_request(
    clouds: Clouds, person: Person, person_request_id: EntryId, given: Annotated[Extension, Body()]
) -> RequestView:
    """Take two further months, told within the first, with reasons (Art. 12(3))."""
    now = clouds.now()
    return _changed(
        clouds, person, person_request_id,
        lambda one: rules.extend(one, given.reason, told_at=given.told_at, now=now), "extended",
    )  # fmt: skip


@router.post("/requests/<person_request_id>/answer", tags=["registers"])
def answer_person_request(
    clouds: Clouds, person: Person, person_request_id: EntryId, given: Annotated[NewAnswer, Body()]
) -> RequestView:
    """Record what was answered. A refusal has a ground, a reason, and says where one can complain (Art. 12(4))."""
    now = clouds.now()
    answer = RequestAnswer(**given.model_dump() | {"at": given.at or now}, recorded_by=person.name)
    return _changed(clouds, person, person_request_id, lambda one: rules.respond(one, answer, now=now), "answered")


@router.post("/requests/<person_request_id>/withdraw", tags=["registers"])
def withdraw_person_request(
    clouds: Clouds, person: Person, person_request_id: EntryId, given: Annotated[TakenBack, Body()]
) -> RequestView:
    """Record that the person took it back."""
    now = clouds.now()
    return _changed(
        clouds, person, person_request_id, lambda one: rules.withdraw(one, given.reason, now=now), "withdrawn"
    )


@router.post("/requests/<person_request_id>/reopen", tags=["registers"])
def reopen_person_request(
    clouds: Clouds, person: Person, person_request_id: EntryId, given: Annotated[OpenedAgain, Body()]
) -> RequestView:
    """Open again what was answered or taken back. What was sent stays on record, and the clock runs on from receipt."""
    return _changed(clouds, person, person_request_id, lambda one: rules.reopen(one, given.reason), "reopened")


def _changed(
    clouds: Any, person: Any, identity: str, rule: Callable[[PersonRequest], PersonRequest], action: str
) -> RequestView:
    def decide(before: PersonRequest) -> PersonRequest:
        after = rule(before)
        refuse_addresses(texts_of(after))
        return after

    keep = kept_by(person, decide, clouds.store)
    return _view(change_entry(REQUESTS, identity, keep, action=action, **acting(clouds, person)), clouds)


def _view(one: PersonRequest, clouds: Any) -> RequestView:
    return RequestView(
        **dict(one), standing=standing(REQUESTS, one, clouds.now()), warnings=tuple(warnings_of(texts_of(one)))
    )
