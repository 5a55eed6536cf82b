"""The form of Art. 6(4), one for each version: filled from the questionnaire, completed and signed by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from syndic.errors import ConflictError, InvalidInputError
from syndic.models import Noun
from syndic.ports import AuditTrail, EventBus, Store
from syndic.records import get_model
from syndic.registers.conformity.models import FormState, HighRiskAssessment
from syndic.registers.conformity.register import FORMS
from syndic.registers.conformity.rules import missing_of, signed
from syndic.registers.entries import change_entry, open_entry
from syndic.registers.listing import list_entries, standing
from syndic.registers.models import Standing
from syndic.tasks.duties.conformity.change import require_version
from syndic.tasks.duties.conformity.follow import served_as
from syndic.tasks.duties.conformity.show import facts_of


class HighRiskAssessmentView(Noun):
    """The form for a version, whether the answers call for it, and what it lacks."""

    model_id: str
    applies: bool | None = Field(
        description="the system is in an area of Annex III and an exception of Art. 6(3) is relied on by its provider; "
        "null: the questionnaire is not answered"
    )
    forms: tuple[HighRiskAssessment, ...] = Field(description="the newest first")
    missing: tuple[str, ...] = Field(description="what the newest one lacks")
    standing: Standing | None


def read_form(store: Store, model_id: str, *, now: datetime) -> HighRiskAssessmentView:
    """The forms of a model, and what the newest one lacks."""
    get_model(store, model_id)
    forms = sorted(list_entries(FORMS, store, model_id=model_id), key=lambda one: one.opened_at, reverse=True)
    newest = forms[0] if forms else None
    applies = relies_on_exception(facts_of(store, model_id))
    return HighRiskAssessmentView(
        model_id=model_id,
        applies=applies,
        forms=tuple(forms),
        missing=missing_of(newest) if newest else ("form: none was begun",) if applies else (),
        standing=None if newest is None else standing(FORMS, newest, now),
    )


def relies_on_exception(answers: Mapping[str, Any] | None) -> bool | None:
    """Whether a provider concludes that a system in an area of Annex III is not high-risk."""
    if answers is None:
        return None
    return bool(
        answers.get("in_scope") and answers.get("area") is not None and answers.get("route") == "none"
        and answers.get("provider")
    )  # fmt: skip


def fill_form(
    model_id: str, version: str, values: Mapping[str, Any], *, sign: bool, store: Store, audit: AuditTrail,
    bus: EventBus, actor: str, now: datetime,
) -> HighRiskAssessment:  # fmt: skip
    """Fill the form for a version, area and grounds from the answers, and sign it when that is asked.

    Raises `InvalidInputError` where the answers rely on no exception, `ConflictError` when it is signed already, or is
    to be signed while something is missing.
    """
    model, answers = get_model(store, model_id), facts_of(store, model_id)
    if not relies_on_exception(answers) or answers is None:
        raise InvalidInputError(
            "the answers to the questionnaire ai_act rely on no exception of Art. 6(3), so there is nothing to assess",
            where="model_id",
        )
    require_version(store, model, version)
    common: dict[str, Any] = {"store": store, "audit": audit, "bus": bus, "actor": actor, "now": now}
    points = answers.get("points") or [answers["area"]]
    taken = {"area": ", ".join(map(str, points)), "grounds": tuple(answers.get("exception_grounds") or ())}
    given = {**values, **taken}
    unknown = sorted(given.get("ground_reasons", {}).keys() - set(taken["grounds"]))
    if unknown:
        raise InvalidInputError(f"the answers do not rely on {unknown[0]}", where=f"ground_reasons.{unknown[0]}")
    found = [one for one in list_entries(FORMS, store, model_id=model_id) if one.version == version]
    form = min(found, key=lambda one: (one.opened_at, one.id), default=None)
    if form is None:
        fixed = {
            "title": f"Assessment under Art. 6(4) of version {version}", "owner": model.owner or actor,
            "model_ids": (model_id,), "state": FormState.DRAFT.value, "version": version,
            "serves": served_as(store, model, version),
        }  # fmt: skip
        asked = {"model_id": model_id, "version": version}
        form = open_entry(
            FORMS, asked, lambda own: HighRiskAssessment.model_validate({**own, **fixed, **given}), **common
        )

    def rule(one: HighRiskAssessment) -> HighRiskAssessment:
        after = one.model_copy(update=given)
        if one.state == FormState.SIGNED:
            if after != one:
                raise ConflictError("the form of this version is signed; another version has a form of its own")
            return one
        return signed(after, actor=actor, now=now) if sign else after

    return change_entry(FORMS, form.id, rule, action="signed" if sign else "changed", **common)
