"""Conformity of a high-risk system: its assessments, the decision on each version, and what follows from both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from pydantic import Field

from syndic.assessment import State
from syndic.compliance.evaluation.queries import status_of
from syndic.compliance.people.answers import classification_of
from syndic.compliance.people.risk_proposal import QUESTIONNAIRE
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import Noun, RegisteredModel
from syndic.ports import AuditTrail, EventBus, Store
from syndic.records import get_model, list_models
from syndic.registers.conformity.checklists import ChecklistItem, checklists, open_points
from syndic.registers.conformity.models import (
    ALLOWED,
    ConformityFile,
    ConformityProcedure,
    FileState,
    Modification,
    OfVersion,
)
from syndic.registers.conformity.register import FILES, FORMS, MODIFICATIONS
from syndic.registers.conformity.rules import changed, concluded, decide, serving
from syndic.registers.entries import change_entry, get_entry, open_entry
from syndic.registers.listing import list_entries, standing
from syndic.registers.models import Standing
from syndic.registry.promotion.candidate import names_of
from syndic.registry.promotion.promote import read_stages
from syndic.registry.versions.versions import list_versions
from syndic.tasks.clouds import Clouds

ACT: Final = "eu_ai_act"
ACTOR: Final = "syndic/compliance"


class ShownItem(Noun):
    """An item of the checklist: what is asked, what a person found, and how the requirements stand that it rests on."""

    item: ChecklistItem
    done: bool
    note: str
    states: dict[str, State] = Field(description="of the requirements that it rests on, as if all were in force")


class FileView(Noun):
    """An assessment with its checklist and what keeps it from being concluded."""

    file: ConformityFile
    items: tuple[ShownItem, ...]
    open: tuple[str, ...]
    standing: Standing


class Conformity(Noun):
    """Where a system stands: whether it is high-risk, by which procedure, its assessments, decisions on versions."""

    model_id: str
    high_risk: bool | None = Field(description="by the answers, with the organisation as provider; null: not answered")
    proposed_route: str | None = Field(description="the procedure that the answers lead to")
    routes: tuple[ConformityProcedure, ...] = Field(description="the procedures that may be chosen")
    files: tuple[FileView, ...] = Field(description="the newest first")
    modifications: tuple[Modification, ...] = Field(description="the newest first")
    undecided: tuple[str, ...] = Field(description="versions of which nobody decided whether they are modifications")
    missing: tuple[str, ...]
    next_steps: tuple[str, ...]


def read_conformity(store: Store, model_id: str, *, now: datetime) -> Conformity:
    """Where a system stands."""
    get_model(store, model_id)
    answers = facts_of(store, model_id)
    files = sorted(list_entries(FILES, store, model_id=model_id), key=lambda one: one.opened_at, reverse=True)
    made = sorted(list_entries(MODIFICATIONS, store, model_id=model_id), key=lambda one: one.opened_at, reverse=True)
    versions = sorted(list_versions(store, model_id), key=lambda one: one.created_at)
    decided = {one.version for one in made}
    undecided = tuple(one.version for one in versions if one.version not in decided)
    high = high_risk(answers)
    proposed = None if answers is None else answers.get("conformity_route")
    views = tuple(_file_view(store, one, answers, now) for one in files)
    missing, steps = _owed(high=high, proposed=proposed, files=views, undecided=undecided)
    return Conformity(
        model_id=model_id,
        high_risk=high,
        proposed_route=None if proposed is None else str(proposed),
        routes=ALLOWED.get(None if proposed is None else str(proposed), ()),
        files=views,
        modifications=tuple(made),
        undecided=undecided if high else (),
        missing=missing,
        next_steps=steps,
    )


def facts_of(store: Store, model_id: str) -> Mapping[str, Any] | None:
    """What follows from the answers to the questionnaire on the AI Act; None: it was not answered."""
    found = classification_of(store, model_id, QUESTIONNAIRE)
    return None if found is None else found.facts


def high_risk(answers: Mapping[str, Any] | None) -> bool | None:
    """Whether the duties of a provider of a high-risk system are owed: Annex III, or Annex I Section A."""
    if answers is None:
        return None
    return answers.get("route") in {"annex_i", "annex_iii"} and bool(answers.get("provider"))


def by_ai_office(answers: Mapping[str, Any] | None) -> bool:
    """Whether the answers say that the AI Office is competent for a provider's system (Art. 75(1)(a), (b))."""
    if answers is None or not answers.get("provider"):
        return False
    one_provider = answers.get("route") == "annex_iii" and answers.get("area") != "2"
    return bool((one_provider and answers.get("gpai_same_provider")) or answers.get("very_large_platform"))


def view_file(store: Store, file: ConformityFile, *, now: datetime) -> FileView:
    """An assessment with its checklist, how the requirements stand that it rests on, and what is open."""
    return _file_view(store, file, facts_of(store, file.model_id), now)


def open_file(
    model_id: str, version: str, values: Mapping[str, Any], *, store: Store, audit: AuditTrail, bus: EventBus,
    actor: str, now: datetime,
) -> ConformityFile:  # fmt: skip
    """Begin the assessment of a version. Raises `ConflictError` when one of this version is open or concluded."""
    model = get_model(store, model_id)
    require_version(store, model, version)
    for present in list_entries(FILES, store, model_id=model_id):
        if present.version == version and present.opened_by != actor:
            raise ConflictError(f"the assessment of version {version} is {present.state}: {present.id}")
    given = {
        "title": f"Conformity assessment of version {version}", "owner": model.owner or actor,
        "model_ids": (model_id,), "state": FileState.OPEN.value, "version": version,
        "serves": served_as(store, model, version),
    }  # fmt: skip
    asked = {"model_id": model_id, "version": version}
    return open_entry(
        FILES, asked, lambda own: changed(ConformityFile.model_validate({**own, **given}), values),
        store=store, audit=audit, bus=bus, actor=actor, now=now,
    )  # fmt: skip


def change_file(
    model_id: str, file_id: str, values: Mapping[str, Any], *, store: Store, audit: AuditTrail, bus: EventBus,
    actor: str, now: datetime,
) -> ConformityFile:  # fmt: skip
    """Go on with an assessment: its procedure, checklist, notified body, and the changes that it foresees."""
    file_of(store, model_id, file_id)
    return change_entry(
        FILES, file_id, lambda one: changed(one, values), action="changed", store=store, audit=audit, bus=bus,
        actor=actor, now=now,
    )  # fmt: skip


def conclude_file(
    model_id: str, file_id: str, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> ConformityFile:
    """Conclude an assessment; a substantial modification of its version counts as assessed from then on.

    Raises `ConflictError` that names what is open.
    """
    file_of(store, model_id, file_id)
    common: dict[str, Any] = {"store": store, "audit": audit, "bus": bus, "actor": actor, "now": now}
    answers = facts_of(store, model_id)

    def rule(file: ConformityFile) -> ConformityFile:
        return concluded(file, _open(store, file, answers, now), actor=actor, now=now)

    file = change_entry(FILES, file_id, rule, action="concluded", **common)
    for one in list_entries(MODIFICATIONS, store, model_id=model_id):
        if one.version == file.version and not one.assessed:
            change_entry(MODIFICATIONS, one.id, _assessed, action="assessed", **common)
    return file


def decide_modification(
    model_id: str, version: str, *, affects_compliance: bool, changes_purpose: bool, foreseen_as: str | None,
    reasons: str, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime,
) -> Modification:  # fmt: skip
    """Record whether a version is a substantial modification. A version has one decision, which may be changed."""
    model = get_model(store, model_id)
    require_version(store, model, version)
    common: dict[str, Any] = {"store": store, "audit": audit, "bus": bus, "actor": actor, "now": now}
    files = [one for one in list_entries(FILES, store, model_id=model_id) if one.state == FileState.CONCLUDED]
    present = list(list_entries(MODIFICATIONS, store, model_id=model_id))
    before = _before(store, model_id, version, files)
    state = decide(
        first=before is None, affects_compliance=affects_compliance, changes_purpose=changes_purpose,
        foreseen_as=foreseen_as, reasons=reasons, foreseen=[change.id for file in files for change in file.foreseen],
    )  # fmt: skip
    given = {
        "state": state.value, "compared_with": before, "affects_compliance": affects_compliance,
        "changes_purpose": changes_purpose, "foreseen_as": foreseen_as, "reasons": reasons,
        "assessed": any(file.version == version for file in files),
    }  # fmt: skip
    again = next((one for one in present if one.version == version), None)
    if again is not None:
        return change_entry(
            MODIFICATIONS, again.id, lambda one: one.model_copy(update=given), action="decided_again", **common
        )
    fixed = {
        "title": f"Changes of version {version}", "owner": model.owner or actor, "model_ids": (model_id,),
        "version": version, "serves": served_as(store, model, version),
    }  # fmt: skip
    asked = {"model_id": model_id, "version": version}
    return open_entry(
        MODIFICATIONS, asked, lambda own: Modification.model_validate({**own, **fixed, **given}), **common
    )


def file_of(store: Store, model_id: str, file_id: str) -> ConformityFile:
    """An assessment of a model. Raises `NotFoundError`, also for one of another model."""
    file = get_entry(FILES, store, file_id)
    if file.model_id != model_id:
        raise NotFoundError(f"{model_id} has no assessment {file_id!r}")
    return file


def require_version(store: Store, model: RegisteredModel, version: str) -> None:
    """Raise `InvalidInputError` for a version that neither the registry has nor serves."""
    known = [one.version for one in list_versions(store, model.id)]
    if version not in {*known, model.served_version}:
        raise InvalidInputError(f"{model.id} has no version {version!r}", where="version")


def served_as(store: Store, model: RegisteredModel, version: str) -> str | None:
    """The name under which a version serves now, or None."""
    if model.served_version is None or model.served_version == version:
        return model.served_version
    found = next((one for one in list_versions(store, model.id) if one.version == version), None)
    return model.served_version if found is not None and model.served_version in names_of(found) else None


def follow_versions(clouds: Clouds, models: Iterable[RegisteredModel] | None = None) -> int:
    """Keep with the entries of each model which version serves; returns how many changed."""
    count = 0
    for model in list_models(clouds.store) if models is None else models:
        for register in (FILES, MODIFICATIONS, FORMS):
            count += _follow(register, model, clouds)
    return count


def _follow(register: Any, model: RegisteredModel, clouds: Clouds) -> int:
    entries: list[OfVersion] = list(list_entries(register, clouds.store, model_id=model.id))
    names = {one.id: served_as(clouds.store, model, one.version) for one in entries}
    if not any(names.values()):
        return 0  # nothing of them serves: what served last still shows, and carries over or not
    moved = [one for one in entries if one.serves != names[one.id]]
    for one in sorted(moved, key=lambda it: names[it.id] is not None):
        rule = partial(serving, name=names[one.id])
        change_entry(
            register, one.id, rule, action="followed", store=clouds.store, audit=clouds.audit, bus=clouds.bus,
            actor=ACTOR, now=clouds.now(),
        )  # fmt: skip
    return len(moved)


def _before(store: Store, model_id: str, version: str, files: Iterable[ConformityFile]) -> str | None:
    """The version that a new one is compared with: the newest that was assessed, else the newest that was in use."""
    assessed = [one for one in files if one.version != version]
    if assessed:
        return max(assessed, key=lambda one: one.concluded_at or one.opened_at).version
    used = [one.version for one in read_stages(store, model_id).history if one.target == "production"]
    return next((one for one in reversed(used) if one != version), None)


def _assessed(one: Modification) -> Modification:
    return one.model_copy(update={"assessed": True})


def _states(store: Store, model_id: str) -> dict[str, State]:
    status = status_of(store, model_id, ACT)
    return {} if status is None else {one.requirement_id: one.if_in_force for one in status.requirements}


def _open(store: Store, file: ConformityFile, answers: Mapping[str, Any] | None, now: datetime) -> tuple[str, ...]:
    proposed = None if answers is None else answers.get("conformity_route")
    states = _states(store, file.model_id)
    against = frozenset(name for name, state in states.items() if state is State.NOT_MET)
    route = None if proposed is None else str(proposed)
    return open_points(file, route, against, now.date(), ai_office=by_ai_office(answers))


def _file_view(store: Store, file: ConformityFile, answers: Mapping[str, Any] | None, now: datetime) -> FileView:
    states = _states(store, file.model_id)
    items = () if file.route is None else checklists().of(file.route, ai_office=by_ai_office(answers))
    shown = tuple(
        ShownItem(
            item=one,
            done=one.id in file.checks and file.checks[one.id].done,
            note=file.checks[one.id].note if one.id in file.checks else "",
            states={name: states[name] for name in one.rests_on if name in states},
        )
        for one in items
    )
    done = file.state == FileState.CONCLUDED
    open_ = () if done else _open(store, file, answers, now)
    return FileView(file=file, items=shown, open=open_, standing=standing(FILES, file, now))


def _owed(
    *, high: bool | None, proposed: object, files: tuple[FileView, ...], undecided: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if high is None:
        return ("classification: the questionnaire ai_act is not answered",), ("Answer the questionnaire ai_act",)
    if not high:
        return (), ()
    done = [one for one in files if one.file.state == FileState.CONCLUDED]
    found = [
        (proposed is None, "route: the answers do not tell which procedure Art. 43 asks for",
         "Answer in the questionnaire ai_act what decides the procedure"),
        (not files, "assessment: none was begun (Art. 43)", "Begin the assessment of the version to be placed in use"),
        (bool(files) and not done, "assessment: none is concluded", "Go on with the checklist and conclude it"),
        (bool(undecided), f"modifications: not decided for {', '.join(undecided[-5:])} (Art. 43(4))",
         "Decide for each version whether it is a substantial modification"),
        (bool(done), "", "Draw up the EU declaration of conformity (report eu_declaration) and record it"),
    ]  # fmt: skip
    return tuple(text for holds, text, _ in found if holds and text), tuple(step for holds, _, step in found if holds)
