"""Where a high-risk system stands: its assessments with their checklists, decisions on versions, and what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from syndic.assessment import State
from syndic.compliance.evaluation.queries import status_of
from syndic.compliance.people.answers import classification_of
from syndic.compliance.people.risk_proposal import QUESTIONNAIRE
from syndic.models import Noun
from syndic.ports import Store
from syndic.records import get_model
from syndic.registers.conformity.checklists import ChecklistItem, checklists, open_points
from syndic.registers.conformity.models import (
    ALLOWED,
    ConformityFile,
    ConformityProcedure,
    FileState,
    Modification,
)
from syndic.registers.conformity.register import FILES, MODIFICATIONS
from syndic.registers.listing import list_entries, standing
from syndic.registers.models import Standing
from syndic.registry.versions.queries import list_versions

ACT: Final = "eu_ai_act"


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


def _states(store: Store, model_id: str) -> dict[str, State]:
    status = status_of(store, model_id, ACT)
    return {} if status is None else {one.requirement_id: one.if_in_force for one in status.requirements}


def open_in(store: Store, file: ConformityFile, answers: Mapping[str, Any] | None, now: datetime) -> tuple[str, ...]:
    """What keeps an assessment from being concluded."""
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
    open_ = () if done else open_in(store, file, answers, now)
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
