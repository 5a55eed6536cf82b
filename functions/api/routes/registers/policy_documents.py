"""Policies of the organisation: from a template to a text in force, read by people and reviewed; and the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field

from functions.api.inputs import Clouds, Limit, Person, Token
from functions.api.routes.registers.rights import EntryId, OfModel, Owner, acting, kept_by
from syndic.models import Noun
from syndic.registers.entries import change_entry, get_entry
from syndic.registers.listing import entries_page, standing
from syndic.registers.models import Standing
from syndic.registers.policies import register as verbs
from syndic.registers.policies.library import template, templates
from syndic.registers.policies.models import MOST_ACKNOWLEDGED, PolicyDocument, PolicyState, PolicyTemplate
from syndic.registers.policies.register import POLICIES, NewPolicy, PolicyText, draft_policy
from syndic.tasks.duties.calendar import Calendar, calendar_of

router = Router()

TemplateName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,59}$", description="Id of a template")]


class PolicyView(PolicyDocument):
    """A policy, where it stands, and who has still to read it."""

    standing: Standing
    outstanding_readers: tuple[str, ...] = ()


class PolicyDocuments(Noun):
    """A page of policies: what is due for review first before."""

    policies: tuple[PolicyView, ...]
    next_token: str | None = None


class PolicyTemplates(Noun):
    """The templates that come with Syndic."""

    templates: tuple[PolicyTemplate, ...]


class TextRead(Noun):
    """Which text was read."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the text in force")


class Readers(Noun):
    """Who has to acknowledge a policy."""

    readers: tuple[Annotated[str, Field(min_length=3, max_length=254)], ...] = Field(max_length=MOST_ACKNOWLEDGED)


@router.get("/calendar", tags=["registers"])
def read_calendar(
    clouds: Clouds, *, days: Annotated[int, Query(ge=1, le=1100, description="how far ahead")] = 90,
    owner: Owner = None, model_id: OfModel = None,
) -> Calendar:  # fmt: skip
    """What is due of whom in the days to come, and what is overdue: signatures, reviews, trainings, clocks."""
    return calendar_of(clouds.store, now=clouds.now(), ahead=timedelta(days=days), owner=owner, model_id=model_id)


@router.get("/policy-documents", tags=["registers"])
def list_policy_documents(
    clouds: Clouds, *, state: Annotated[PolicyState | None, Query()] = None, owner: Owner = None, limit: Limit = 50,
    token: Token = None,
) -> PolicyDocuments:  # fmt: skip
    """A page of policies."""
    found, more = entries_page(
        POLICIES, clouds.store, filters={"state": state, "owner": owner}, limit=limit, token=token
    )
    return PolicyDocuments(policies=tuple(_view(one, clouds) for one in found), next_token=more)


@router.get("/policy-documents/templates", tags=["registers"])
def list_policy_templates(clouds: Clouds) -> PolicyTemplates:  # noqa: ARG001
    """Texts to begin with; what stands in brackets is for the organisation to fill in."""
    return PolicyTemplates(templates=tuple(templates().values()))


@router.get("/policy-documents/templates/<template_name>", tags=["registers"])
def read_policy_template(clouds: Clouds, template_name: TemplateName) -> PolicyTemplate:  # noqa: ARG001
    """One template."""
    return template(template_name)


@router.post("/policy-documents", tags=["registers"], status_code=201)
def draft_policy_document(clouds: Clouds, person: Person, given: Annotated[NewPolicy, Body()]) -> PolicyView:
    """Begin a policy, from a template or of one's own."""
    return _view(draft_policy(given, **acting(clouds, person)), clouds)


@router.get("/policy-documents/<policy_id>", tags=["registers"])
def read_policy_document(clouds: Clouds, policy_id: EntryId) -> PolicyView:
    """A policy."""
    return _view(get_entry(POLICIES, clouds.store, policy_id), clouds)


@router.put("/policy-documents/<policy_id>/text", tags=["registers"])
def put_policy_in_force(
    clouds: Clouds, person: Person, policy_id: EntryId, text: Annotated[PolicyText, Body()]
) -> PolicyView:
    """Put a text in force. It has to be acknowledged anew where it is another one."""
    now = clouds.now()
    return _kept(
        clouds, person, policy_id, lambda one: verbs.put_in_force(one, text, actor=person.name, now=now), "put_in_force"
    )


@router.put("/policy-documents/<policy_id>/readers", tags=["registers"])
def set_policy_readers(
    clouds: Clouds, person: Person, policy_id: EntryId, given: Annotated[Readers, Body()]
) -> PolicyView:
    """Say who has to acknowledge a policy."""
    return _kept(clouds, person, policy_id, lambda one: verbs.set_readers(one, given.readers), "readers_set")


@router.post("/policy-documents/<policy_id>/acknowledge", tags=["registers"])
def acknowledge_policy(
    clouds: Clouds, person: Person, policy_id: EntryId, read: Annotated[TextRead, Body()]
) -> PolicyView:
    """Say that you have read the text in force."""
    now = clouds.now()

    def rule(one: PolicyDocument) -> PolicyDocument:
        listed = {name.casefold(): name for name in one.readers}
        me = listed.get((person.email or "").casefold()) or listed.get(person.name.casefold()) or person.name
        return verbs.acknowledge(one, read.sha256, person=me, now=now)

    return _view(change_entry(POLICIES, policy_id, rule, action="acknowledged", **acting(clouds, person)), clouds)


@router.post("/policy-documents/<policy_id>/review", tags=["registers"])
def review_policy(clouds: Clouds, person: Person, policy_id: EntryId) -> PolicyView:
    """Say that a policy was reviewed and stays as it is."""
    now = clouds.now()
    return _kept(clouds, person, policy_id, lambda one: verbs.review(one, now=now), "reviewed")


@router.post("/policy-documents/<policy_id>/retire", tags=["registers"])
def retire_policy(clouds: Clouds, person: Person, policy_id: EntryId) -> PolicyView:
    """Take a policy out of force."""
    now = clouds.now()
    return _kept(clouds, person, policy_id, lambda one: verbs.retire(one, now=now), "retired")


def _kept(
    clouds: Any, person: Any, identity: str, rule: Callable[[PolicyDocument], PolicyDocument], action: str
) -> PolicyView:
    keep = kept_by(person, rule, clouds.store)
    return _view(change_entry(POLICIES, identity, keep, action=action, **acting(clouds, person)), clouds)


def _view(one: PolicyDocument, clouds: Any) -> PolicyView:
    now = clouds.now()
    return PolicyView(**dict(one), standing=standing(POLICIES, one, now), outstanding_readers=one.outstanding)
