"""Vendors: who supplies what, what they answered, and what was agreed in writing until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field

from functions.api.access.callers import Caller
from functions.api.inputs import Clouds, Limit, Order, Person, Token
from functions.api.routes.registers.listed import listed
from functions.api.routes.registers.rights import EntryId, OfModel, Owner, acting, kept_by, require_opener
from functions.api.routes.registers.systems import Name, NextReview
from functions.api.routes.registry.models import Email
from syndic.errors import InvalidInputError
from syndic.models import Day, Noun
from syndic.registers.entries import change_entry, get_entry, open_entry
from syndic.registers.listing import standing
from syndic.registers.models import Counts, Standing
from syndic.registers.vendors import changes as rules
from syndic.registers.vendors.models import (
    MOST_SYSTEMS,
    AgreementFacts,
    Country,
    QuestionId,
    Supply,
    Vendor,
    VendorAnswer,
    VendorFacts,
    VendorState,
)
from syndic.registers.vendors.questions import VendorFindings, VendorQuestion, findings, questions
from syndic.registers.vendors.register import VENDORS, missing_of
from syndic.tasks import clouds as tasks

router = Router()

AgreementId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", description="Id of an agreement of the vendor")]
RegisteredId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")]
Dependants = Annotated[tuple[RegisteredId, ...], Field(max_length=MOST_SYSTEMS)]


class NewVendor(VendorFacts):
    """A vendor for the register."""

    name: Name
    owner: Email | None = Field(default=None, description="who answers for the relation; left out: yourself")
    state: VendorState = VendorState.PROSPECTIVE
    model_ids: Dependants = Field(default=(), description="registered models and systems that depend on it")
    review_due: Day | None = None


class VendorChanges(Noun):
    """What is to change of a vendor. Fields left out stay as they are."""

    name: Name | None = None
    owner: Email | None = None
    state: VendorState | None = None
    model_ids: Dependants | None = None
    country: Country | None = None
    website: str | None = Field(default=None, max_length=500)
    contact: str | None = Field(default=None, max_length=254)
    supplies: tuple[Supply, ...] | None = Field(default=None, max_length=8)
    processes_personal_data: bool | None = None
    free_and_open_source: bool | None = None
    review_due: Day | None = None


class AgreementEnding(Noun):
    """From when on an agreement holds no longer, and why."""

    ended_on: Day
    because: str = Field(min_length=3, max_length=2000)


class VendorQuestionnaireAnswers(Noun):
    """The answers to the questionnaire, all at once."""

    answers: dict[QuestionId, VendorAnswer] = Field(max_length=100)


class VendorView(Noun):
    """A vendor as a screen shows it: the entry, what is missing, the questionnaire and what it raises, what is next."""

    entry: Vendor
    standing: Standing
    missing: tuple[str, ...]
    findings: VendorFindings
    questions: tuple[VendorQuestion, ...]


class ListedVendor(Noun):
    """A vendor as lists show it."""

    entry: Vendor
    standing: Standing
    missing: tuple[str, ...]


class Vendors(Noun):
    """A page of vendors, with counts over all of them on the first page."""

    vendors: tuple[ListedVendor, ...]
    counts: Counts | None
    next_token: str | None = None


@router.post("/vendors", tags=["registers"], status_code=201)
def add_vendor(clouds: Clouds, person: Person, vendor: Annotated[NewVendor, Body()]) -> VendorView:
    """Put a vendor into the register, with the models and systems that depend on it."""
    owner = vendor.owner or person.email
    if owner is None:
        raise InvalidInputError("name an owner: your own address is not confirmed", where="owner")
    require_opener(person, vendor.model_ids, clouds.store)
    if vendor.state is VendorState.ENDED:
        raise InvalidInputError("a relation does not begin with its end", where="state")
    given = vendor.model_dump(exclude={"name"}) | {"title": vendor.name, "owner": owner, "state": vendor.state.value}
    entry = open_entry(VENDORS, given, lambda own: Vendor(**own, **given), **acting(clouds, person))
    return _view(entry, clouds)


@router.get("/vendors", tags=["registers"])
def list_vendors(
    clouds: Clouds,
    *,
    state: Annotated[VendorState | None, Query()] = None,
    owner: Owner = None,
    supplies: Annotated[Supply | None, Query()] = None,
    model: OfModel = None,
    order: Order = None,
    limit: Limit = 50,
    token: Token = None,
) -> Vendors:
    """A page of vendors, whose agreement, answers or review are due first before, ended relations last."""
    filters = {"state": state, "owner": owner, "supplies": supplies, "model": model}
    now = clouds.now()
    page = listed(VENDORS, clouds.store, filters=filters, order=order, limit=limit, token=token, now=now)
    shown = (ListedVendor(entry=one, standing=where, missing=missing_of(one, now)) for one, where in page.entries)
    return Vendors(vendors=tuple(shown), counts=page.counts, next_token=page.next_token)


@router.get("/vendors/<vendor_id>", tags=["registers"])
def read_vendor(clouds: Clouds, vendor_id: EntryId) -> VendorView:
    """A vendor, what is missing of it, and the questionnaire with its answers."""
    return _view(get_entry(VENDORS, clouds.store, vendor_id), clouds)


@router.patch("/vendors/<vendor_id>", tags=["registers"])
def change_vendor(
    clouds: Clouds, person: Person, vendor_id: EntryId, changes: Annotated[VendorChanges, Body()]
) -> VendorView:
    """Change what is said of a vendor, which models depend on it, or end the relation."""
    values = {name: getattr(changes, name) for name in changes.model_fields_set}
    required = {"name", "owner", "state", "model_ids", "website", "contact", "supplies", "free_and_open_source"}
    nulls = sorted(name for name in required & values.keys() if values[name] is None)
    if nulls:
        raise InvalidInputError("is left out to stay as it is; null is no value", where=nulls[0])
    if "name" in values:
        values["title"] = values.pop("name")
    if "state" in values:
        values["state"] = values["state"].value
    return _changed(vendor_id, "changed", lambda one: rules.changed(one, values, clouds.now()), clouds, person)


@router.post("/vendors/<vendor_id>/agreements", tags=["registers"], status_code=201)
def record_agreement(
    clouds: Clouds, person: Person, vendor_id: EntryId, agreement: Annotated[AgreementFacts, Body()]
) -> VendorView:
    """Record an agreement in writing: what it is for, what it settles, when it was signed, when it ends."""
    return _changed(
        vendor_id, "agreed",
        lambda one: rules.with_agreement(one, agreement, actor=person.name, now=clouds.now()), clouds, person,
    )  # fmt: skip


@router.post("/vendors/<vendor_id>/agreements/<agreement_id>/end", tags=["registers"])
def end_agreement(
    clouds: Clouds,
    person: Person,
    vendor_id: EntryId,
    agreement_id: AgreementId,
    ending: Annotated[AgreementEnding, Body()],
) -> VendorView:
    """Say that an agreement holds no longer from a day on, before its own end."""
    return _changed(
        vendor_id, "agreement_ended",
        lambda one: rules.without_agreement(one, agreement_id, on=ending.ended_on, because=ending.because),
        clouds, person,
    )  # fmt: skip


@router.put("/vendors/<vendor_id>/questionnaire", tags=["registers"])
def answer_due_diligence(
    clouds: Clouds, person: Person, vendor_id: EntryId, given: Annotated[VendorQuestionnaireAnswers, Body()]
) -> VendorView:
    """Answer the due-diligence questionnaire. What is open and what raises a concern is named; there is no score."""
    return _changed(
        vendor_id, "answered",
        lambda one: rules.answered(one, given.answers, actor=person.name, now=clouds.now()), clouds, person,
    )  # fmt: skip


@router.post("/vendors/<vendor_id>/review", tags=["registers"])
def review_vendor(
    clouds: Clouds, person: Person, vendor_id: EntryId, done: Annotated[NextReview, Body()]
) -> VendorView:
    """Say that a vendor was reviewed today, and when it is reviewed next."""
    return _changed(
        vendor_id, "reviewed",
        lambda one: rules.reviewed(one, next_review=done.next_review, actor=person.name, now=clouds.now()),
        clouds, person,
    )  # fmt: skip


def _changed(
    vendor_id: str, action: str, rule: Callable[[Vendor], Vendor], clouds: tasks.Clouds, person: Caller
) -> VendorView:
    keep = kept_by(person, rule, clouds.store, of_models=False)  # a system that names its vendor does not own it
    return _view(change_entry(VENDORS, vendor_id, keep, action=action, **acting(clouds, person)), clouds)


def _view(entry: Vendor, clouds: tasks.Clouds) -> VendorView:
    now = clouds.now()
    return VendorView(
        entry=entry,
        standing=standing(VENDORS, entry, now),
        missing=missing_of(entry, now),
        findings=findings(entry.answers),
        questions=questions().questions,
    )
