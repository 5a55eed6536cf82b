"""Conformity: checklists, decisions on versions, the form of Art. 6(4), and what shows of the version that serves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from syndic.errors import ConflictError, InvalidInputError
from syndic.models import to_json
from syndic.ports import Record
from syndic.records import get_model, list_evidence, model_record
from syndic.registers.conformity.checklists import checklists, open_points
from syndic.registers.conformity.models import (
    ConformityFile,
    ConformityProcedure,
    Decision,
    ForeseenChange,
    ItemChecked,
    NotifiedBody,
)
from syndic.registers.conformity.rules import decide
from syndic.registry.keys import stages_key
from syndic.registry.models import Stage, StageChange, Stages
from syndic.registry.promotion.promote import judge_gate
from syndic.tasks.duties.conformity.change import change_file, conclude_file, decide_modification, open_file
from syndic.tasks.duties.conformity.follow import follow_versions
from syndic.tasks.duties.conformity.show import read_conformity
from syndic.tasks.duties.high_risk_form import fill_form, read_form
from tests.unit.registers.supply import CREDIT, EXCEPTED, NOW, WORDS

VI, VII, SECTOR = ConformityProcedure.ANNEX_VI, ConformityProcedure.ANNEX_VII, ConformityProcedure.SECTOR
BODY = NotifiedBody(name="Example Body", number="0123", certificate="AI-7", expires_on=date(2030, 1, 1))
BIOMETRIC = {**CREDIT, "area": "1a", "remote_identification": True}


def checks(route: ConformityProcedure = VI) -> dict[str, ItemChecked]:
    return {item.id: ItemChecked(done=True, note=WORDS) for item in checklists().of(route, ai_office=False)}


def whole(route: ConformityProcedure = VI, **said: Any) -> dict[str, Any]:
    return {"route": route, "route_reasons": WORDS, "checks": checks(route), **said}


def file_with(**said: Any) -> ConformityFile:
    given = {
        "id": "0" * 16, "title": "Assessment", "owner": "olga", "model_ids": ("credit",), "state": "open",
        "version": "1",
        "opened_by": "olga", "opened_at": NOW, "changed_by": "olga", "changed_at": NOW,
    }  # fmt: skip
    return ConformityFile(**given | said)


@pytest.mark.parametrize(
    ("proposed", "said", "named"),
    [
        ("annex_vi", whole(), []),
        ("annex_vii", whole(VII, notified_body=BODY), []),
        ("annex_vi_or_vii", whole(standards=("EN 99999",)), []),
        ("annex_vi_or_vii", whole(VII, notified_body=BODY), []),
        ("sector", whole(SECTOR), []),
        ("annex_vi", {}, ["route"]),
        (None, whole(), ["route"]),
        ("sector", whole(), ["route"]),
        ("annex_vii", whole(), ["route"]),
        ("annex_vi", whole(route_reasons="tbd"), ["route_reasons"]),
        ("annex_vi_or_vii", whole(), ["standards"]),
        ("annex_vii", whole(VII), ["notified_body"]),
        ("annex_vii", whole(VII, notified_body=BODY.model_copy(update={"certificate": ""})),
         ["notified_body.certificate"]),
        ("annex_vii", whole(VII, notified_body=BODY.model_copy(update={"expires_on": date(2026, 11, 29)})),
         ["notified_body.expires_on"]),
        ("annex_vi", whole(checks={**checks(), "accuracy": ItemChecked(done=False)}), ["accuracy"]),
        ("annex_vi", whole(checks={**checks(), "accuracy": ItemChecked(done=True, note="ok")}), ["accuracy"]),
    ],
)  # fmt: skip
def test_what_keeps_an_assessment_open_is_named(proposed, said, named):
    found = open_points(file_with(**said), proposed, frozenset(), NOW.date())
    assert [one.partition(":")[0] for one in found] == named


def test_evidence_that_contradicts_a_requirement_keeps_its_item_open():
    found = open_points(file_with(**whole()), "annex_vi", frozenset({"AIA-15", "AIA-50(1)"}), NOW.date())
    assert found == ("accuracy: evidence contradicts AIA-15",)


@pytest.mark.parametrize(
    ("said", "decision"),
    [
        ({"first": True, "changes_purpose": True}, Decision.INITIAL),
        ({}, Decision.NONE),
        ({"affects_compliance": True}, Decision.SUBSTANTIAL),
        ({"changes_purpose": True}, Decision.SUBSTANTIAL),
        ({"affects_compliance": True, "foreseen_as": "retraining"}, Decision.FORESEEN),
        ({"changes_purpose": True, "foreseen_as": "retraining"}, Decision.SUBSTANTIAL),
    ],
)
def test_the_decision_follows_from_what_is_said(said, decision):
    """Art. 3(23): not foreseen, and compliance is affected or the purpose modified."""
    given = {
        "first": False,
        "affects_compliance": False,
        "changes_purpose": False,
        "foreseen_as": None,
        "reasons": WORDS,
    }
    assert decide(**given | said, foreseen=["retraining"]) is decision
    with pytest.raises(InvalidInputError, match="no concluded assessment foresaw"):
        decide(**given | {"foreseen_as": "anything"}, foreseen=["retraining"])
    with pytest.raises(InvalidInputError, match="say in words"):
        decide(**given | {"reasons": "tbd"}, foreseen=[])


def assessed(world, model_id, version="1", **said):
    file = open_file(model_id, version, whole(**said), **world.told)
    return conclude_file(model_id, file.id, **world.told)


def decided(world, model_id, version, **said):
    given = {"affects_compliance": False, "changes_purpose": False, "foreseen_as": None, "reasons": WORDS}
    return decide_modification(model_id, version, **given | said, **world.told)


def test_a_version_passes_the_gate_only_when_its_changes_were_decided_on(world):
    model = world.model()
    history = (
        StageChange(
            version="1", source=Stage.STAGING, target=Stage.PRODUCTION, at=NOW, by="olga", reason="first one"
        ),
    )  # fmt: skip
    world.store.put(
        Record(stages_key(model.id), to_json(Stages(model_id=model.id, of={"1": "production"}, history=history)))
    )

    def condition(version: str) -> Any:
        result = judge_gate(model.id, version, Stage.PRODUCTION, store=world.store, now=world.moment)
        return next((one for one in result.conditions if one.name == "substantial_modification"), None)

    assert condition("2") is None, "nobody answered that it is high-risk"
    world.answers(model.id, {**CREDIT, "area": None, "profiling": False})
    assert condition("2") is None, "it is not"
    world.answers(model.id, CREDIT)
    assert "nobody decided" in condition("2").reason
    assert condition("1") is None, "a version that comes back was decided on"

    assessed(world, model.id)
    decided(world, model.id, "2", affects_compliance=True)
    assert "not assessed again" in condition("2").reason
    assert read_conformity(world.store, model.id, now=world.moment).undecided == ("1",)
    assessed(world, model.id, "2")
    assert condition("2").met
    assert "assessed again" in condition("2").reason


def serve(world, model_id, version):
    model = get_model(world.store, model_id).model_copy(update={"version_in_use": version})
    world.store.put(model_record(model))
    world.later(hours=1)
    follow_versions(world)


def test_evidence_is_about_the_version_that_serves_and_comes_back_with_it(world):
    model = world.model()
    world.answers(model.id, CREDIT)
    decided(world, model.id, "1")
    assessed(world, model.id, foreseen=(ForeseenChange(id="retraining", description=WORDS, limits=WORDS),))
    documents = lambda: next(it for it in list_evidence(world.store, model.id) if it.kind.startswith("document.conf"))  # noqa: E731

    assert world.checks(model.id, "AIA-43(4)") == ["met"]
    world.later(minutes=1)
    decided(world, model.id, "2", changes_purpose=True)
    assert world.checks(model.id, "AIA-43(4)") == ["met"], "version 2 does not serve yet"
    serve(world, model.id, "2")
    assert world.checks(model.id, "AIA-43(4)") == ["not_met"]
    assert documents().facts["model_version"] == "1"
    assessed(world, model.id, "2")
    assert world.checks(model.id, "AIA-43(4)") == ["met"]
    assert documents().facts["model_version"] == "2"
    serve(world, model.id, "1")
    assert documents().facts["model_version"] == "1"
    assert world.checks(model.id, "AIA-43(4)") == ["met"]
    assert follow_versions(world) == 0

    again = decided(world, model.id, "2", affects_compliance=True, foreseen_as="retraining")
    assert (again.state, again.compared_with) == ("foreseen", "1")


def test_what_is_concluded_stays_and_is_hashed(world):
    model = world.model()
    world.answers(model.id, CREDIT)
    file = open_file(model.id, "1", {}, **world.told)
    with pytest.raises(ConflictError, match="route: no procedure was chosen"):
        conclude_file(model.id, file.id, **world.told)
    with pytest.raises(InvalidInputError, match="no item 'luck'"):
        change_file(model.id, file.id, {"checks": {"luck": ItemChecked(done=True)}}, **world.told)
    change_file(model.id, file.id, whole(), **world.told)
    done = conclude_file(model.id, file.id, **world.told)
    assert done.sha256 is not None
    assert conclude_file(model.id, file.id, **world.told) == done
    with pytest.raises(ConflictError, match="is concluded"):
        change_file(model.id, file.id, {"route_reasons": f"{WORDS} Again."}, **world.told)
    with pytest.raises(InvalidInputError, match="no version '9'"):
        open_file(model.id, "9", {}, **world.told)


def test_a_standard_route_is_shown_with_the_states_it_rests_on(world):
    model = world.model()
    world.answers(model.id, BIOMETRIC | {"harmonised_standards": False})
    world.requirement(model.id, "AIA-15")
    open_file(model.id, "1", {"route": VII}, **world.told)
    found = read_conformity(world.store, model.id, now=world.moment)
    assert (found.high_risk, found.proposed_route, found.routes) == (True, "annex_vii", (VII,))
    assert found.files[0].items[0].states == {"AIA-17": "insufficient_evidence"}
    assert found.next_steps


def test_the_form_of_6_4_is_signed_whole_and_flips_its_requirement(world):
    model = world.model()
    with pytest.raises(InvalidInputError, match="rely on no exception"):
        fill_form(model.id, "1", {}, sign=False, **world.told)
    world.answers(model.id, EXCEPTED)
    assert read_form(world.store, model.id, now=NOW).missing == ("form: none was begun",)

    def document() -> str:
        parts = world.requirement(model.id, "AIA-6(4)").parts
        return next(one.state.value for one in parts if one.part == "document")

    assert document() == "insufficient_evidence"
    given = {"ground_reasons": {"narrow_task": WORDS}, "no_significant_risk": WORDS, "influence": WORDS}
    with pytest.raises(ConflictError, match="no_profiling"):
        fill_form(model.id, "1", given, sign=True, **world.told)
    assert document() == "insufficient_evidence"
    fill_form(model.id, "1", {**given, "no_profiling": WORDS}, sign=True, **world.told)
    assert document() == "met"
    with pytest.raises(ConflictError, match="is signed"):
        fill_form(model.id, "1", {"influence": f"{WORDS} Again."}, sign=False, **world.told)
    with pytest.raises(InvalidInputError, match="do not rely on preparatory_task"):
        fill_form(model.id, "2", {"ground_reasons": {"preparatory_task": WORDS}}, sign=False, **world.told)


def test_the_commission_is_on_the_checklist_where_the_ai_office_is_competent():
    def asked(route, **more):
        return [one.id for one in checklists().of(ConformityProcedure(route), **more)]

    assert "commission" not in asked("annex_vii", ai_office=False)
    assert asked("annex_vii", ai_office=True)[-1] == asked("sector", ai_office=True)[-1] == "commission"
    assert asked("annex_vi", ai_office=True) == asked("annex_vi", ai_office=False)
