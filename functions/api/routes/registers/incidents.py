"""Incidents: open, assess, tell, act, close; and drafts of what is to be sent."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field, StringConstraints

from functions.api.access.callers import Caller
from functions.api.inputs import Clouds, Limit, Order, Person, Token
from functions.api.routes.registers.rights import EntryId, OfModel, Owner, kept_by, require_opener
from syndic.alerting.alerts import get_alert
from syndic.errors import InvalidInputError
from syndic.models import Day, Instant, Noun
from syndic.records import find_model
from syndic.registers.entries import get_entry
from syndic.registers.incidents import rules
from syndic.registers.incidents.draft import IncidentDraft, as_markdown, draft_of
from syndic.registers.incidents.models import (
    Incident,
    IncidentAssessment,
    IncidentMeasureKind,
    IncidentRecipient,
    IncidentRole,
    IncidentSource,
    IncidentState,
    Reason,
    ReportStage,
    Words,
)
from syndic.registers.incidents.register import INCIDENTS, change_incident, open_incident
from syndic.registers.listing import count_entries, entries_page, standing
from syndic.registers.models import MOST_MODELS, Counts, Standing
from syndic.tasks.duties.preservation import altered, preserve

router = Router()

MeasureId = Annotated[str, Path(pattern=r"^[0-9a-f]{8,64}$", description="Id of a measure")]
Address = Annotated[str, StringConstraints(min_length=3, max_length=254)]
MemberState = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Known = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$")]


class IncidentView(Incident):
    """An incident, where it stands, and what of the system was changed since it was opened."""

    standing: Standing
    altered: tuple[str, ...] = Field(
        default=(), description="what is another than when it was opened; authorities are told before (Art. 73(6))"
    )


class Incidents(Noun):
    """A page of incidents: what is due first before, closed ones last."""

    incidents: tuple[IncidentView, ...]
    next_token: str | None = None


class NewIncident(Noun):
    """What is known of an incident when it is opened. Of persons nothing but their number."""

    title: str = Field(min_length=3, max_length=200)
    owner: Address
    source: IncidentSource
    roles: tuple[IncidentRole, ...] = Field(min_length=1, max_length=4, description="what the organisation is in it")
    description: Words = ""
    source_reference: str = Field(default="", max_length=200)
    model_ids: tuple[Known, ...] = Field(default=(), max_length=MOST_MODELS)
    alert_ids: tuple[Known, ...] = Field(default=(), max_length=20, description="their models are added")
    member_states: tuple[MemberState, ...] = Field(default=(), max_length=30)
    occurred_at: Instant | None = None
    aware_at: Instant | None = Field(default=None, description="left out: now. The clocks run from it")
    awareness: Reason = ""
    affected_persons: int | None = Field(default=None, ge=0, le=10**10)


class IncidentChange(Noun):
    """What to change; fields left out stay."""

    title: str | None = Field(default=None, min_length=3, max_length=200)
    owner: Address | None = None
    roles: tuple[IncidentRole, ...] | None = Field(default=None, min_length=1, max_length=4)
    description: Words | None = None
    source_reference: str | None = Field(default=None, max_length=200)
    model_ids: tuple[Known, ...] | None = Field(default=None, max_length=MOST_MODELS)
    member_states: tuple[MemberState, ...] | None = Field(default=None, max_length=30)
    occurred_at: Instant | None = None
    aware_at: Instant | None = Field(default=None, description="moves the clocks; say why in `reason`")
    awareness: Reason | None = None
    affected_persons: int | None = Field(default=None, ge=0, le=10**10)
    root_cause: Words | None = None
    review_due: Day | None = None
    reason: str = Field(default="", max_length=500)


class NewIncidentReport(Noun):
    """That somebody was told."""

    recipient: IncidentRecipient
    stage: ReportStage = ReportStage.INITIAL
    sent_at: Instant
    reference: str = Field(default="", max_length=200)
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$", description="of what was sent")
    late_because: Reason = ""


class NewIncidentMeasure(Noun):
    """What is to be done, by whom and when."""

    kind: IncidentMeasureKind
    title: str = Field(min_length=3, max_length=300)
    owner: Address
    due: Day


class IncidentMeasureChange(Noun):
    """That a measure is done, or is not going to be, or is another's or due on another day."""

    owner: Address | None = None
    due: Day | None = None
    done: bool | None = None
    dropped_because: Reason | None = None


class IncidentClosing(Noun):
    """What was found, and what follows from it."""

    conclusion: Words


class IncidentReopening(Noun):
    """Why a closed incident is opened again."""

    reason: str = Field(min_length=3, max_length=500)


class DraftAnswer(Noun):
    """A draft, and the same as a page of Markdown."""

    draft: IncidentDraft
    markdown: str


@router.get("/incidents", tags=["registers"])
def list_incidents(
    clouds: Clouds, *, state: Annotated[IncidentState | None, Query()] = None, owner: Owner = None,
    model_id: OfModel = None, source: Annotated[IncidentSource | None, Query()] = None, order: Order = None,
    limit: Limit = 50, token: Token = None,
) -> Incidents:  # fmt: skip
    """A page of incidents."""
    filters = {"model": model_id, "state": state, "owner": owner, "source": source}
    found, more = entries_page(
        INCIDENTS, clouds.store, filters=filters, latest_first=order == "descending", limit=limit, token=token
    )  # fmt: skip
    return Incidents(incidents=tuple(_view(one, clouds, whole=False) for one in found), next_token=more)


@router.get("/incidents/counts", tags=["registers"])
def count_incidents(clouds: Clouds, model_id: OfModel = None) -> Counts:
    """How many incidents are in which state, and how urgent the open ones are."""
    return count_entries(INCIDENTS, clouds.store, now=clouds.now(), model_id=model_id)


@router.post("/incidents", tags=["registers"], status_code=201)
def open_new_incident(clouds: Clouds, person: Person, given: Annotated[NewIncident, Body()]) -> IncidentView:
    """Open an incident. The state of its models is taken down; the clocks run from when it became known."""
    alerts = [get_alert(clouds.store, one, clouds.now()) for one in given.alert_ids]
    of_alerts = [one.model_id for one in alerts if find_model(clouds.store, one.model_id) is not None]
    models = tuple(dict.fromkeys([*given.model_ids, *of_alerts]))
    require_opener(person, models, clouds.store)
    asked = given.model_dump() | {"model_ids": models}
    opened = open_incident(
        asked, partial(preserve, clouds, models), store=clouds.store, audit=clouds.audit, bus=clouds.bus,
        actor=person.name, now=clouds.now(),
    )  # fmt: skip
    return _view(opened, clouds)


@router.get("/incidents/<incident_id>", tags=["registers"])
def read_incident(clouds: Clouds, incident_id: EntryId) -> IncidentView:
    """An incident with its clocks, reports and measures, and what may be done next."""
    return _view(get_entry(INCIDENTS, clouds.store, incident_id), clouds)


@router.get("/incidents/<incident_id>/drafts/<recipient>", tags=["registers"])
def draft_incident_report(
    clouds: Clouds, incident_id: EntryId,
    recipient: Annotated[IncidentRecipient, Path(description="Who is to be told")],
    stage: Annotated[ReportStage, Query()] = ReportStage.INITIAL,
) -> DraftAnswer:  # fmt: skip
    """A draft of what is to be sent, field by field and as Markdown; what is not on record is marked as unknown."""
    incident = get_entry(INCIDENTS, clouds.store, incident_id)
    models = (find_model(clouds.store, one) for one in incident.model_ids)
    names = {one.id: one.name for one in models if one is not None}
    draft = draft_of(incident, recipient, stage, names=names, now=clouds.now())
    return DraftAnswer(draft=draft, markdown=as_markdown(draft))


@router.patch("/incidents/<incident_id>", tags=["registers"])
def change_known_incident(
    clouds: Clouds, person: Person, incident_id: EntryId, change: Annotated[IncidentChange, Body()]
) -> IncidentView:
    """Change what is known. Another moment of awareness moves the clocks, and needs a reason."""
    update: dict[str, Any] = {name: getattr(change, name) for name in change.model_fields_set - {"reason"}}
    needed = {"title", "owner", "roles", "description", "model_ids", "member_states", "aware_at", "awareness"}
    if empty := sorted(name for name in update.keys() & needed if update[name] is None):
        raise InvalidInputError("cannot be null", where=empty[0])
    if "aware_at" in update and len(change.reason.strip()) < 3:
        raise InvalidInputError("say why the moment of awareness is another", where="reason")
    return _changed(
        clouds, person, incident_id, lambda one: rules.settled(one.model_copy(update=update), clouds.now()),
        "changed", reason=change.reason,
    )  # fmt: skip


@router.put("/incidents/<incident_id>/assessment", tags=["registers"])
def assess_incident(
    clouds: Clouds, person: Person, incident_id: EntryId, decided: Annotated[IncidentAssessment, Body()]
) -> IncidentView:
    """Decide whether it is serious and whether it is a breach. What is undecided keeps its clock running."""
    return _changed(clouds, person, incident_id, lambda one: rules.assessed(one, decided, clouds.now()), "assessed")


@router.post("/incidents/<incident_id>/reports", tags=["registers"], status_code=201)
def record_incident_report(
    clouds: Clouds, person: Person, incident_id: EntryId, given: Annotated[NewIncidentReport, Body()]
) -> IncidentView:
    """Record that somebody was told. The first report to whoever is owed one ends its clock."""
    return _changed(
        clouds, person, incident_id,
        lambda one: rules.reported(one, given.model_dump(), by=person.name, now=clouds.now()), "reported",
    )  # fmt: skip


@router.post("/incidents/<incident_id>/measures", tags=["registers"], status_code=201)
def record_incident_measure(
    clouds: Clouds, person: Person, incident_id: EntryId, given: Annotated[NewIncidentMeasure, Body()]
) -> IncidentView:
    """Record what is to be done."""
    return _changed(
        clouds, person, incident_id, lambda one: rules.with_measure(one, given.model_dump(), clouds.now()),
        "measure_added",
    )  # fmt: skip


@router.patch("/incidents/<incident_id>/measures/<measure_id>", tags=["registers"])
def change_incident_measure(
    clouds: Clouds, person: Person, incident_id: EntryId, measure_id: MeasureId,
    change: Annotated[IncidentMeasureChange, Body()],
) -> IncidentView:  # fmt: skip
    """Say that a measure is done, or why it is not going to be."""
    return _changed(
        clouds, person, incident_id,
        lambda one: rules.with_changed_measure(one, measure_id, change.model_dump(exclude_none=True), clouds.now()),
        "measure_changed",
    )  # fmt: skip


@router.post("/incidents/<incident_id>/close", tags=["registers"])
def close_incident(
    clouds: Clouds, person: Person, incident_id: EntryId, given: Annotated[IncidentClosing, Body()]
) -> IncidentView:
    """Close an incident. Refused while somebody is owed a report, or a decision, cause or measure is open."""
    return _changed(
        clouds, person, incident_id,
        lambda one: rules.closed(one, conclusion=given.conclusion, now=clouds.now()), "closed",
    )  # fmt: skip


@router.post("/incidents/<incident_id>/reopen", tags=["registers"])
def reopen_incident(
    clouds: Clouds, person: Person, incident_id: EntryId, given: Annotated[IncidentReopening, Body()]
) -> IncidentView:
    """Open a closed incident again."""
    return _changed(
        clouds, person, incident_id, lambda one: rules.reopened(one, clouds.now()), "reopened", reason=given.reason
    )


def _changed(
    clouds: Clouds, person: Caller, incident_id: str, rule: Any, action: str, *, reason: str = ""
) -> IncidentView:
    keep = kept_by(person, rule, clouds.store)
    changed = change_incident(
        incident_id, keep, action=action, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name,
        now=clouds.now(), reason=reason,
    )  # fmt: skip
    return _view(changed, clouds)


def _view(incident: Incident, clouds: Clouds, *, whole: bool = True) -> IncidentView:
    now: datetime = clouds.now()
    since = altered(incident.preserved, clouds.store) if whole and incident.closed_at is None else ()
    return IncidentView(**incident.model_dump(), standing=standing(INCIDENTS, incident, now), altered=since)
