"""An AI system that is no endpoint: registered like a model, so that whatever judges models judges it, and inventoried.

The registered model (kind ``system``) carries name, owner, purpose and the version in use; questionnaires, signatures,
documents, statuses, reports and alerts hang on it (docs/decisions/029). The entry of the inventory carries the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from pydantic import Field

from syndic.assessment import State
from syndic.changes import AGAIN
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.evaluation.queries import statuses_of
from syndic.compliance.people.answers import classification_of
from syndic.compliance.people.risk_proposal import QUESTIONNAIRE, RiskProposal, propose_risk
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import ComplianceStatus, Noun, RegisteredModel
from syndic.ports import AuditTrail, EventBus, Store
from syndic.records import get_model
from syndic.registers.entries import change_entry, get_entry, open_entry
from syndic.registers.keys import entry_key
from syndic.registers.listing import list_entries, standing
from syndic.registers.models import Standing
from syndic.registers.systems.models import LifeState, SystemEntry, SystemFacts
from syndic.registers.systems.register import SYSTEMS, changed, differences_of, missing_of, moved, reviewed
from syndic.registers.vendors.changes import depending, not_depending
from syndic.registers.vendors.register import VENDORS
from syndic.registry.versions.versions import change_model, change_status, register_model

TRAFFIC: Final = ("drift.run", "bias.run", "quality.run", "quality.performance", "capture.config", "storage.captures")
"""Evidence that is measured of traffic. Of a system that sends none there is none."""

OF_MODEL: Final = {"name": "name", "owner": "owner", "purpose": "intended_purpose", "version": "version_in_use"}


class FrameworkCounts(Noun):
    """Where a system stands by one framework, in counts."""

    framework_id: str
    title: str
    counts: dict[str, int]
    applicable: int
    met: int
    needs_traffic: tuple[str, ...] = Field(
        description="requirements that wait for evidence which is measured of traffic, by id"
    )


class SystemEvaluated(Noun):
    """What is judged of a system, and what cannot be."""

    frameworks: tuple[FrameworkCounts, ...] = Field(description="empty until it was looked at, seconds after a change")
    measured: bool = Field(description="whether traffic of it is checked")
    says: str


class SystemView(Noun):
    """A system as a screen shows it: entry, registered model, risk, what is judged, what is missing, what is next."""

    entry: SystemEntry
    model: RegisteredModel
    standing: Standing
    risk: RiskProposal
    evaluated: SystemEvaluated
    missing: tuple[str, ...]
    differences: tuple[str, ...] = Field(description="where inventory and questionnaire say different things")


def add_system(
    name: str, owner: str, facts: SystemFacts, *, state: LifeState, purpose: str | None, version: str | None,
    store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime,
) -> SystemEntry:  # fmt: skip
    """Register a system and put it into the inventory. The same again by the same person is the first one.

    Raises `ConflictError` when its registered model is in the inventory already, `InvalidInputError` for a vendor
    that is not in the register.
    """
    _check_vendor(store, facts.vendor_id)
    if state is LifeState.RETIRED:
        raise InvalidInputError("a system is not retired from the beginning", where="state")
    profile = {"intended_purpose": purpose, "version_in_use": version}
    model = register_model(
        name=name, owner=owner, kind="system", store=store, audit=audit, actor=actor, now=now,
        **{field: value for field, value in profile.items() if value is not None},
    )  # fmt: skip
    given = {"title": name, "owner": owner, "model_ids": (model.id,), "state": state.value, **dict(facts)}
    for present in list_entries(SYSTEMS, store, model_id=model.id):
        again = present.opened_by == actor and now - present.opened_at < AGAIN
        if not again or any(getattr(present, field) != value for field, value in given.items()):
            raise ConflictError(f"it is in the inventory already, as {present.id}: change it there")
    common: dict[str, Any] = {"store": store, "audit": audit, "bus": bus, "actor": actor, "now": now}
    entry = open_entry(SYSTEMS, given, lambda own: SystemEntry(**own, **given), **common)
    _link(None, entry, common)
    return entry


def change_system(
    system_id: str, values: Mapping[str, Any], *, store: Store, audit: AuditTrail, bus: EventBus, actor: str,
    now: datetime,
) -> SystemEntry:  # fmt: skip
    """Change what is said of a system; a name, owner, purpose or version also of its registered model.

    The model is changed first: who asks again after a failure in between completes the change. A system that is
    retired has its model retired too, which is final.
    """
    entry = get_entry(SYSTEMS, store, system_id)
    if "vendor_id" in values:
        _check_vendor(store, values["vendor_id"])
    common: dict[str, Any] = {"store": store, "audit": audit, "actor": actor, "now": now}
    state = values.get("state")
    target = None if state is None else LifeState(state)
    own = {field: value for field, value in values.items() if field not in {*OF_MODEL, "state"}}
    own |= {entry_field: values[field] for field, entry_field in (("name", "title"), ("owner", "owner"))
            if values.get(field) is not None}  # fmt: skip
    rule = changed(own)

    def step(present: SystemEntry) -> SystemEntry:
        after = rule(present)
        return after if target is None else moved(after, target, now)

    step(entry)  # what the rules refuse changes nothing of the model either
    of_model = {OF_MODEL[field]: values[field] for field in OF_MODEL if field in values}
    if of_model and entry.closed_at is None:
        change_model(entry.model_id, of_model, **common)
    if target is LifeState.RETIRED and get_model(store, entry.model_id).compliance_status is not (
        ComplianceStatus.RETIRED
    ):
        change_status(entry.model_id, ComplianceStatus.RETIRED, reason="retired in the inventory", **common)
    after = change_entry(SYSTEMS, system_id, step, action="changed", bus=bus, **common)
    _link(entry.vendor_id, after, {**common, "bus": bus})
    return after


def review_system(
    system_id: str, *, next_review: date, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> SystemEntry:
    """Say that a system was looked at today, and when it is next."""
    return change_entry(
        SYSTEMS, system_id, lambda one: reviewed(one, next_review=next_review, actor=actor, now=now),
        action="reviewed", store=store, audit=audit, bus=bus, actor=actor, now=now,
    )  # fmt: skip


def view_system(store: Store, entry: SystemEntry, *, now: datetime) -> SystemView:
    """A system with all that a screen shows of it."""
    model = get_model(store, entry.model_id)
    answered = classification_of(store, model.id, QUESTIONNAIRE)
    answers = None if answered is None else answered.facts
    return SystemView(
        entry=entry,
        model=model,
        standing=standing(SYSTEMS, entry, now),
        risk=propose_risk(store, model.id, now=now),
        evaluated=_evaluated(store, model),
        missing=missing_of(entry, model, answers),
        differences=differences_of(entry, answers),
    )


def _evaluated(store: Store, model: RegisteredModel) -> SystemEvaluated:
    measured = model.endpoint is not None
    resting = {} if measured else _resting_on_traffic(store)
    says = (
        "Every framework in force judges it, its traffic is checked like that of every model."
        if measured
        else "Every framework in force judges it by answers, signatures and documents. Nothing of it is measured: what "
        "asks for drift, fairness, quality or logs stays without enough evidence until its rows are sent to "
        f"POST /models/{model.id}/captures, or what is missing is shown otherwise."
    )
    frameworks = tuple(
        FrameworkCounts(
            framework_id=one.framework_id, title=one.framework_title, counts=one.counts, applicable=one.applicable,
            met=one.met,
            needs_traffic=() if measured else tuple(
                item.requirement_id for item in one.requirements
                if item.if_in_force not in {State.MET, State.NOT_APPLICABLE}
                and item.requirement_id in resting.get(one.framework_id, ())
            ),
        )
        for one in statuses_of(store, model.id)
    )  # fmt: skip
    return SystemEvaluated(frameworks=frameworks, measured=measured, says=says)


def _resting_on_traffic(store: Store) -> dict[str, frozenset[str]]:
    """The requirements of each framework in force that rest on evidence which is measured of traffic."""
    return {
        name: frozenset(
            requirement.id
            for requirement in compiled.framework.requirements
            if any(
                need.kind in TRAFFIC for check in requirement.checks if not check.where_recorded for need in check.needs
            )
        )
        for name, compiled in active_frameworks(store).items()
    }


def _link(before: str | None, entry: SystemEntry, common: dict[str, Any]) -> None:
    """The vendor of a system has it among those that depend on it, so that its agreements count for it."""
    if entry.vendor_id is not None:
        change_entry(VENDORS, entry.vendor_id, lambda one: depending(one, entry.model_id), action="linked", **common)
    if before is not None and before != entry.vendor_id:
        change_entry(VENDORS, before, lambda one: not_depending(one, entry.model_id), action="unlinked", **common)


def _check_vendor(store: Store, vendor_id: str | None) -> None:
    if vendor_id is not None and store.get(entry_key(VENDORS.name, vendor_id)) is None:
        raise InvalidInputError(f"there is no vendor {vendor_id!r}", where="vendor_id")
