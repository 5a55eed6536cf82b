"""An exception that answers open in place of a duty is no better known than the duty: what denies them denies both."""

from __future__ import annotations

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.compliance.rules.other_answers import ANY
from syndic.errors import NoAnswerError
from tests.unit.compliance import test_denied as table
from tests.unit.compliance.conftest import OTHER_ANSWERS, framework_of, make_evidence

SAID = {"conformity.modification": {"decision": "substantial"}}
LIGHTER = {"AIA-6(4)", "AIA-25", "AIA-25(2)", "CCPA-7221(b)(2)"}
"""What applies only by an answer that other evidence can deny, as where an exception is relied on."""


def answered(item, one, name, answer):
    kind, world = OTHER_ANSWERS.get(name, ("", {}))
    facts = {**item.facts, **(world if item.kind == kind else {})}
    return item.model_copy(update={"facts": {**facts, one.fact: answer} if item.kind == one.questionnaire else facts})


def applies(compiled, name, items):
    facts = {}
    for item in items:
        group, _, leaf = item.kind.partition(".")
        facts.setdefault(group, {})[leaf] = item.facts
    try:
        return compiled.expressions[name, "applies"].holds(facts)
    except NoAnswerError:
        return None


def opened_by(one, compiled, name, everything):
    """Everything on record with the answer, where the requirement applies by it and would not by the opposite."""
    opposite = (not one.answered) if one.instead is None else one.instead
    both = [[answered(item, one, name, value) for item in everything(compiled)] for value in (one.answered, opposite)]
    own = next(it for it in both[0] if it.kind == one.questionnaire)
    hangs = [applies(compiled, name, items) for items in both] == [True, False]
    return both[0] if hangs and (one.where is None or one.where(own.facts)) else None


def test_an_exception_that_other_evidence_denies_is_met_nowhere(everything, subject, facts_of, now):
    """Each line of the table, at each requirement that applies by the answer which the line denies."""
    found = set()
    for line, framework_id, name in table.HANGING:
        one, compiled = table.TABLE[line], built_in()[framework_id]
        items = None if one.answered is ANY else opened_by(one, compiled, name, everything)
        if items is None:
            continue

        def state(*extra, items=items, compiled=compiled, name=name):
            status = evaluate(compiled, subject, facts_of([*items, *extra]), now=now)
            return next(it for it in status.requirements if it.requirement_id == name)

        others = [it for it in (table.OTHERWISE.get((one.questionnaire, one.fact)),
                                table.BY.get((one.questionnaire, one.fact, one.by)), table.SAYING.get(one.by),
                                SAID.get(one.by)) if it]  # fmt: skip
        says = next(it for it in others if one.says(it) is not None)
        beside = state(make_evidence(one.by, facts=says))
        assert (beside.if_in_force, one.by in beside.reason) == (State.INSUFFICIENT_EVIDENCE, True), (name, one.by)
        found.add(name)
    assert found == LIGHTER


PUT_OFF = [
    ("CCPA-7150", "classification.ccpa_admt", "before_2026", "inventory.entry", {"life_state": "pilot"}),
    ("CCPA-7150", "classification.ccpa_admt", "before_2026", table.AI_ACT,
     {"in_scope": False, "outside_scope": "not_on_market"}),
    ("AIA-14", table.AI_ACT, "legacy_public_authority", "inventory.entry", {"life_state": "idea"}),
    ("AIA-14", table.AI_ACT, "legacy_public_authority", "conformity.modification", {"decision": "substantial"}),
    ("AIA-50(2)", table.AI_ACT, "on_market_before_2026_08_02", "inventory.entry", {"life_state": "idea"}),
]  # fmt: skip


def test_each_answer_that_puts_a_date_off_and_that_something_denies_is_tried():
    read = {
        path
        for compiled in built_in().values()
        for (_, place), it in compiled.expressions.items()
        if place.startswith("dates.")
        for path in it.paths - {f"{table.AI_ACT}.route"}  # by Annex I: what denies routes denies that there is none
    }
    lines = {(one.questionnaire, one.fact, one.by) for one in table.TABLE if f"{one.questionnaire}.{one.fact}" in read}
    assert lines == {case[1:4] for case in PUT_OFF}
    # who provides a general-purpose model keeps it in no register here
    assert read - {f"{one}.{fact}" for one, fact, _ in lines} == {f"{table.AI_ACT}.gpai_before_2025_08_02"}


@pytest.mark.parametrize(("name", "kind", "fact", "by", "says"), PUT_OFF)
def test_an_answer_that_other_evidence_denies_puts_no_date_off(
    name, kind, fact, by, says, everything, subject, facts_of, now
):
    compiled = framework_of(name)
    items = [it if it.kind != kind else it.model_copy(update={"facts": {**it.facts, fact: True}})
             for it in everything(compiled) if it.kind != by or by == kind]  # fmt: skip

    def date_of(*beside):
        status = evaluate(compiled, subject, facts_of([*items, *beside]), now=now)
        return next(it for it in status.requirements if it.requirement_id == name).applies_from

    first = compiled.framework.requirement(name).applies_from
    assert date_of() > first
    assert date_of(make_evidence(by, facts=says)) == first
