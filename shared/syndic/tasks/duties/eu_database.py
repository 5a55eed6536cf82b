"""Registration by Art. 49: the data of Annex VIII gathered from what is on record, and that it was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from pydantic import Field

from syndic.canonical import sha256_of
from syndic.errors import InvalidInputError
from syndic.models import ComplianceStatus, Noun, RegisteredModel, to_json
from syndic.ports import AuditTrail, EventBus, Store
from syndic.records import evidence_key, get_model
from syndic.registers.conformity.annex_viii import POINTS, TITLES, RegistrationData, data_set
from syndic.registers.conformity.models import ConformityFile, DataSection, EuRegistration, FileState, RegistrationState
from syndic.registers.conformity.register import FILES, REGISTRATIONS, shown_of
from syndic.registers.conformity.rules import registered
from syndic.registers.entries import change_entry, open_entry
from syndic.registers.listing import list_entries
from syndic.registers.systems.models import LifeState
from syndic.registers.systems.register import SYSTEMS
from syndic.tasks.duties.conformity.show import facts_of

_GROUNDS: Final = {
    "narrow_task": "Art. 6(3)(a): a narrow procedural task",
    "improves_human_result": "Art. 6(3)(b): improves the result of a completed human activity",
    "detects_patterns": "Art. 6(3)(c): detects patterns of decisions, without replacing the human assessment",
    "preparatory_task": "Art. 6(3)(d): a preparatory task",
}


class RegistrationView(Noun):
    """The data of a section for a system, what of it is missing, and whether it is registered as it stands."""

    data: RegistrationData
    registration: EuRegistration | None
    applies: bool | None = Field(description="whether the answers call for this section; null: not answered")
    changed_since: bool = Field(description="whether the data are others than those that were registered")
    sha256: str
    next_steps: tuple[str, ...]


def section_of(answers: Mapping[str, Any] | None) -> DataSection | None:
    """The section that the answers call for: A for providers, B for those relying on Art. 6(3), C for public bodies."""
    if answers is None or not answers.get("in_scope"):
        return None
    if answers.get("route") == "annex_iii" and answers.get("provider"):
        return DataSection.A
    if answers.get("route") == "annex_iii" and answers.get("deployer") and answers.get("public_body"):
        return None if points_of(answers) == {"2"} else DataSection.C
    if answers.get("area") is not None and answers.get("route") == "none" and answers.get("provider"):
        return DataSection.B
    return None


def points_of(answers: Mapping[str, Any] | None) -> set[str]:
    """The points of Annex III that the answers name."""
    named = [] if answers is None else list(answers.get("points") or [answers.get("area")])
    return {str(one) for one in named if one is not None}


def registered_apart(answers: Mapping[str, Any] | None) -> bool | None:
    """Whether Art. 49(4) has it in the section that is not public; None: of biometrics nobody answered it."""
    if answers is None:
        return False
    if "registered_apart" in answers:
        return bool(answers["registered_apart"])
    numbers = {one[:1] for one in points_of(answers)}
    return True if numbers & {"6", "7"} else None if "1" in numbers else False


def _applies(section: DataSection, answers: Mapping[str, Any] | None) -> bool | None:
    if answers is None:
        return None
    if section is DataSection.IX:
        tested = answers.get("real_world_testing")
        return None if tested is None else bool(tested and answers.get("provider"))
    return section is section_of(answers)


def read_registration(store: Store, model_id: str, section: DataSection | None) -> RegistrationView:
    """The data of a section; without one, that which the answers call for, or A."""
    model, answers = get_model(store, model_id), facts_of(store, model_id)
    wanted = section_of(answers)
    chosen = section or wanted or DataSection.A
    entry = _entry(store, model_id, chosen)
    found = data_set(
        model_id, chosen, given={} if entry is None else entry.given, records=_records(store, model, answers),
        apart=registered_apart(answers), national=points_of(answers) == {"2"},
    )  # fmt: skip
    digest = sha256_of([to_json(one) for one in found.points])
    made = entry is not None and entry.state == RegistrationState.REGISTERED
    changed = made and entry is not None and entry.sha256 != digest
    steps = [
        (bool(found.missing), "Give the points that are missing"),
        (not found.missing and not made, f"Register it in {found.database}, and say so here"),
        (changed, "The data have changed: bring the registration up to date"),
    ]
    return RegistrationView(
        data=found, registration=entry, applies=_applies(chosen, answers), changed_since=changed,
        sha256=digest, next_steps=tuple(text for holds, text in steps if holds),
    )  # fmt: skip


def give_data(
    model_id: str, section: DataSection, given: Mapping[str, str], *, store: Store, audit: AuditTrail, bus: EventBus,
    actor: str, now: datetime,
) -> EuRegistration:  # fmt: skip
    """Give points of a section; an empty text takes one back. Raises `InvalidInputError` for a point it has not."""
    known = {one.number for one in POINTS[section]}
    unknown = sorted(given.keys() - known)
    if unknown:
        raise InvalidInputError(f"{TITLES[section]} has no point {unknown[0]}", where=f"given.{unknown[0]}")
    model, common = get_model(store, model_id), _common(store, audit, bus, actor, now)
    entry = _entry(store, model_id, section)
    if entry is None:
        fixed = {
            "title": f"Registration, {TITLES[section]}", "owner": model.owner or actor,
            "model_ids": (model_id,), "state": RegistrationState.DRAFT.value, "section": section,
        }  # fmt: skip
        asked = {"model_id": model_id, "section": section.value}
        entry = open_entry(
            REGISTRATIONS, asked, lambda own: EuRegistration(**own, **fixed, given=dict(given)), **common
        )

    def rule(one: EuRegistration) -> EuRegistration:
        kept = {**one.given, **given}
        return one.model_copy(update={"given": {point: text for point, text in kept.items() if text.strip()}})

    return change_entry(REGISTRATIONS, entry.id, rule, action="given", **common)


def record_registration(
    model_id: str, section: DataSection, *, registered_on: date, entry_url: str, store: Store, audit: AuditTrail,
    bus: EventBus, actor: str, now: datetime,
) -> EuRegistration:  # fmt: skip
    """Say that the data as they stand were registered. Raises `ConflictError` while points are missing."""
    common = _common(store, audit, bus, actor, now)
    present = _entry(store, model_id, section) or give_data(model_id, section, {}, **common)
    view = read_registration(store, model_id, section)
    return change_entry(
        REGISTRATIONS, present.id,
        lambda one: registered(
            one, view.data.missing, view.sha256, on=registered_on, url=entry_url, actor=actor, today=now.date()
        ),
        action="registered", **common,
    )  # fmt: skip


def _entry(store: Store, model_id: str, section: DataSection) -> EuRegistration | None:
    found = (one for one in list_entries(REGISTRATIONS, store, model_id=model_id) if one.section is section)
    return min(found, key=lambda one: (one.opened_at, one.id), default=None)


def _records(store: Store, model: RegisteredModel, answers: Mapping[str, Any] | None) -> dict[str, str | None]:
    system = next(iter(list_entries(SYSTEMS, store, model_id=model.id)), None)
    files: list[ConformityFile] = [
        one for one in list_entries(FILES, store, model_id=model.id) if one.state == FileState.CONCLUDED
    ]
    file = shown_of(files)
    grounds = [] if answers is None else list(answers.get("exception_grounds") or ())
    retired = model.compliance_status is ComplianceStatus.RETIRED
    serves = "production" in model.stages or (system is not None and system.state == LifeState.IN_USE)
    version = f", version {model.served_version}" if model.served_version else ""
    return {
        "name": f"{model.name}{version} ({model.id})",
        "purpose": model.intended_purpose,
        "logic": model.description,
        "described": f"{model.name}: {model.intended_purpose}" if model.intended_purpose else None,
        "status": "no longer on the market or in service" if retired else "in service" if serves else None,
        "certificate": _certificate(file),
        "countries": ", ".join(system.countries) if system is not None and system.countries else None,
        "grounds": "; ".join(_GROUNDS.get(str(one), str(one)) for one in grounds) or None,
        **{
            name: _document(store, model.id, topic)
            for name, topic in (
                ("declaration", "eu_declaration"), ("instructions", "instructions_for_use"), ("fria", "fria"),
                ("dpia", "dpia"), ("testing_plan", "real_world_testing_plan"),
            )
        },
    }  # fmt: skip


def _certificate(file: ConformityFile | None) -> str | None:
    body = None if file is None else file.notified_body
    if body is None:
        return None
    until = f", until {body.expires_on.isoformat()}" if body.expires_on else ""
    return f"{body.certificate_type or 'certificate'} {body.certificate}{until}; {body.name} ({body.number})"


def _document(store: Store, model_id: str, topic: str) -> str | None:
    record = store.get(evidence_key(model_id, f"document.{topic}"))
    if record is None:
        return None
    facts = record.body["facts"]
    return f"{facts.get('title')}, {facts.get('location')} (SHA-256 {record.body['sha256']})"


def _common(store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime) -> dict[str, Any]:
    return {"store": store, "audit": audit, "bus": bus, "actor": actor, "now": now}
