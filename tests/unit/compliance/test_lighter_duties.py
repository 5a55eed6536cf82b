"""An exception that answers open in place of a duty is no better known than the duty: what denies them denies both."""

from __future__ import annotations

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.compliance.rules.other_answers import ANY
from syndic.errors import NoAnswerError
from tests.unit.compliance import test_denied as table
from tests.unit.compliance.conftest import OTHER_ANSWERS, make_evidence

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
