"""The risk register: record, assess, control, decide, review; and the file of Art. 9 on a model."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query

from functions.api.access.callers import Caller
from functions.api.inputs import Clouds, Limit, ModelId, Order, Person, Token
from functions.api.routes.registers.rights import EntryId, OfModel, Owner, kept_by, require_opener
from functions.api.routes.registers.risk_requests import (
    NewResidualDecision,
    NewRiskControl,
    NewRiskEntry,
    NewRiskReview,
    RiskAssessment,
    RiskConclusion,
    RiskControlChange,
    RiskEntryChange,
    RiskReopening,
)
from syndic.errors import InvalidInputError
from syndic.models import Noun
from syndic.records import get_model, list_evidence
from syndic.registers.entries import get_entry
from syndic.registers.listing import count_entries, entries_page, list_entries, standing
from syndic.registers.models import Counts, Standing
from syndic.registers.risks import rules
from syndic.registers.risks.file import RiskFile, as_markdown, file_of
from syndic.registers.risks.models import (
    Risk,
    RiskImpact,
    RiskKind,
    RiskLevels,
    RiskLikelihood,
    RiskRating,
    RiskState,
)
from syndic.registers.risks.register import RISKS, change_risk, open_risk

router = Router()

ControlId = Annotated[str, Path(pattern=r"^[0-9a-f]{8,64}$", description="Id of a control")]


class RiskView(Risk):
    """A risk and where it stands."""

    standing: Standing
    inherent_rating: RiskRating | None
    residual_rating: RiskRating | None


class Risks(Noun):
    """A page of risks: what is due first before, closed ones last."""

    risks: tuple[RiskView, ...]
    next_token: str | None = None


class RiskCell(Noun):
    """A field of the table: what likelihood and impact mean together, and how many open risks are there."""

    likelihood: str
    impact: str
    rating: RiskRating
    risks: int


class RiskCounts(Counts):
    """Counts of risks, and the open ones by what is left of them; no number sums them up."""

    residual: tuple[RiskCell, ...]
    unassessed: int


class RiskFileAnswer(Noun):
    """The risk management file of a model, and the same as a page of Markdown."""

    file: RiskFile
    markdown: str


@router.get("/risks", tags=["registers"])
def list_risks(
    clouds: Clouds, *, state: Annotated[RiskState | None, Query()] = None, owner: Owner = None,
    model_id: OfModel = None, kind: Annotated[RiskKind | None, Query()] = None,
    rating: Annotated[RiskRating | None, Query(description="Of what is left")] = None, order: Order = None,
    limit: Limit = 50, token: Token = None,
) -> Risks:  # fmt: skip
    """A page of risks."""
    filters = {"model": model_id, "state": state, "owner": owner, "kind": kind, "rating": rating}
    found, more = entries_page(
        RISKS, clouds.store, filters=filters, latest_first=order == "descending", limit=limit, token=token
    )  # fmt: skip
    return Risks(risks=tuple(_view(one, clouds) for one in found), next_token=more)


@router.get("/risks/counts", tags=["registers"])
def count_risks(clouds: Clouds, model_id: OfModel = None) -> RiskCounts:
    """How many risks are in which state, and the open ones by likelihood and impact."""
    counts = count_entries(RISKS, clouds.store, now=clouds.now(), model_id=model_id)
    left = [one.residual for one in list_entries(RISKS, clouds.store, model_id=model_id, only_open=True)]
    risks = Counter((one.likelihood, one.impact) for one in left if one is not None)
    table = (RiskLevels(likelihood=likelihood, impact=impact) for impact in RiskImpact for likelihood in RiskLikelihood)
    shown = tuple(
        RiskCell(likelihood=of.likelihood, impact=of.impact, rating=of.rating, risks=risks[of.likelihood, of.impact])
        for of in table
    )
    return RiskCounts(**counts.model_dump(), residual=shown, unassessed=sum(one is None for one in left))


@router.post("/risks", tags=["registers"], status_code=201)
def record_risk(clouds: Clouds, person: Person, given: Annotated[NewRiskEntry, Body()]) -> RiskView:
    """Put a risk on record."""
    require_opener(person, given.model_ids, clouds.store)
    opened = open_risk(
        given.model_dump(), store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name, now=clouds.now()
    )  # fmt: skip
    return _view(opened, clouds)


@router.get("/risks/<risk_id>", tags=["registers"])
def read_risk(clouds: Clouds, risk_id: EntryId) -> RiskView:
    """A risk with its controls, the decision on it, and what may be done next."""
    return _view(get_entry(RISKS, clouds.store, risk_id), clouds)


@router.patch("/risks/<risk_id>", tags=["registers"])
def change_known_risk(
    clouds: Clouds, person: Person, risk_id: EntryId, change: Annotated[RiskEntryChange, Body()]
) -> RiskView:
    """Change what is known of a risk."""
    update: dict[str, Any] = {name: getattr(change, name) for name in change.model_fields_set}
    if empty := sorted(name for name, value in update.items() if value is None and name != "vulnerable"):
        raise InvalidInputError("cannot be null", where=empty[0])
    return _changed(
        clouds, person, risk_id, lambda one: rules.settled(one.model_copy(update=update)), "changed"
    )  # fmt: skip


@router.put("/risks/<risk_id>/assessment", tags=["registers"])
def assess_risk(clouds: Clouds, person: Person, risk_id: EntryId, given: Annotated[RiskAssessment, Body()]) -> RiskView:
    """Assess likelihood and impact. A decision that was made on other levels falls away."""
    return _changed(
        clouds, person, risk_id, lambda one: rules.assessed(one, given.inherent, given.residual), "assessed"
    )  # fmt: skip


@router.post("/risks/<risk_id>/controls", tags=["registers"], status_code=201)
def record_risk_control(
    clouds: Clouds, person: Person, risk_id: EntryId, given: Annotated[NewRiskControl, Body()]
) -> RiskView:
    """Record what is to be done about a risk."""
    return _changed(clouds, person, risk_id, lambda one: rules.with_control(one, given.model_dump()), "control_added")


@router.patch("/risks/<risk_id>/controls/<control_id>", tags=["registers"])
def change_risk_control(
    clouds: Clouds, person: Person, risk_id: EntryId, control_id: ControlId,
    change: Annotated[RiskControlChange, Body()],
) -> RiskView:  # fmt: skip
    """Say that a control is in place, or why it is given up. Without it, what rested on it falls away."""
    update = change.model_dump(exclude_none=True)
    return _changed(
        clouds, person, risk_id, lambda one: rules.with_changed_control(one, control_id, update, clouds.now()),
        "control_changed",
    )  # fmt: skip


@router.post("/risks/<risk_id>/decision", tags=["registers"])
def decide_on_risk(
    clouds: Clouds, person: Person, risk_id: EntryId, given: Annotated[NewResidualDecision, Body()]
) -> RiskView:
    """Decide on what is left of a risk, in a role that you hold, with a reason and an end."""

    def decide(risk: Risk) -> Risk:
        return rules.decided(
            risk, given.kind, role=given.role, by=person.name, roles=person.signs_as,
            owns=bool(person.email) and risk.owner.lower() == person.email, reason=given.reason,
            expires=given.expires, now=clouds.now(),
        )  # fmt: skip

    return _changed(clouds, person, risk_id, decide, "decided")


@router.post("/risks/<risk_id>/reviews", tags=["registers"], status_code=201)
def review_risk(clouds: Clouds, person: Person, risk_id: EntryId, given: Annotated[NewRiskReview, Body()]) -> RiskView:
    """Record that a risk was looked at again: the next review is due a period later."""
    reviewed = partial(rules.reviewed, note=given.note, by=person.name, now=clouds.now())
    return _changed(clouds, person, risk_id, reviewed, "reviewed")


@router.post("/risks/<risk_id>/close", tags=["registers"])
def close_risk(clouds: Clouds, person: Person, risk_id: EntryId, given: Annotated[RiskConclusion, Body()]) -> RiskView:
    """Close a risk that does not exist any more."""
    close = partial(rules.closed, conclusion=given.conclusion, now=clouds.now())
    return _changed(clouds, person, risk_id, close, "closed")


@router.post("/risks/<risk_id>/reopen", tags=["registers"])
def reopen_risk(clouds: Clouds, person: Person, risk_id: EntryId, given: Annotated[RiskReopening, Body()]) -> RiskView:
    """Open a closed risk again; it has to be decided on anew."""
    return _changed(clouds, person, risk_id, rules.reopened, "reopened", reason=given.reason)


@router.get("/models/<model_id>/risk-file", tags=["registers"])
def read_risk_file(clouds: Clouds, model_id: ModelId) -> RiskFileAnswer:
    """The file of Art. 9 of the AI Act on a model: risks, measures, decisions, tests, and what is missing."""
    model = get_model(clouds.store, model_id)
    risks = tuple(list_entries(RISKS, clouds.store, model_id=model_id))
    evidence = {one.kind: one for one in list_evidence(clouds.store, model_id)}
    file = file_of(model_id, risks, evidence, name=model.name, version=model.served_version, now=clouds.now())
    return RiskFileAnswer(file=file, markdown=as_markdown(file))


def _changed(clouds: Clouds, person: Caller, risk_id: str, rule: Any, action: str, *, reason: str = "") -> RiskView:
    keep = kept_by(person, rule, clouds.store)
    changed = change_risk(
        risk_id, keep, action=action, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name,
        now=clouds.now(), reason=reason,
    )  # fmt: skip
    return _view(changed, clouds)


def _view(risk: Risk, clouds: Clouds) -> RiskView:
    return RiskView(
        **risk.model_dump(), standing=standing(RISKS, risk, clouds.now()),
        inherent_rating=risk.inherent.rating if risk.inherent else None,
        residual_rating=risk.residual.rating if risk.residual else None,
    )  # fmt: skip
