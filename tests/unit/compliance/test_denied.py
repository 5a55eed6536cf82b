"""An answer takes no duty away where other evidence says otherwise: each line of the table, at each requirement."""

from __future__ import annotations

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.denied import DENIALS, SPECIAL_GROUNDS
from syndic.compliance.rules.judge import evaluate
from syndic.grounds import GROUNDS
from tests.unit.compliance.conftest import OTHER_ANSWERS, make_evidence

SAYING = {
    "classification.ai_act": {
        "profiling": True, "emotion_recognition": True, "biometric_categorisation": True, "remote_identification": True,
        "points": ["4a"], "special_categories_for_bias": True, "route": "annex_iii",
    },
    "classification.processing": {"personal_data": True, "solely_automated": True},
    "classification.hiring_nyc": {"bound": True, "substantially_assists": "sole"},
    "bias.run": {"grounds": ["race_or_ethnicity & sex"]},
    "vendors.agreements": {"processors": 1, "suppliers": 1},
}  # fmt: skip
SILENT = {
    "classification.ai_act": {
        "profiling": False, "emotion_recognition": False, "biometric_categorisation": False, "points": ["2", "8b"],
        "remote_identification": False, "special_categories_for_bias": False, "route": "none",
    },
    "classification.processing": {"personal_data": False, "solely_automated": False},
    "classification.hiring_nyc": {"bound": False, "substantially_assists": "none"},
    "bias.run": {"grounds": []},
    "vendors.agreements": {"processors": 0, "suppliers": 0},
}  # fmt: skip


def reads(compiled, name, path):
    return any(
        path in it.paths for (of, place), it in compiled.expressions.items() if of == name and place == "applies"
    )


HANGING = [
    (line, framework_id, it.id)
    for line, one in enumerate(DENIALS)
    for framework_id, compiled in built_in().items()
    for it in compiled.framework.requirements
    if reads(compiled, it.id, f"{one.questionnaire}.{one.fact}")
]


@pytest.mark.parametrize("line", range(len(DENIALS)))
def test_an_answer_that_other_evidence_contradicts_exempts_from_nothing(line, everything, subject, facts_of, now):
    one = DENIALS[line]
    tried = 0
    for at, framework_id, name in HANGING:
        if at != line:
            continue
        compiled = built_in()[framework_id]
        kind, world = OTHER_ANSWERS.get(name, ("", {}))
        items = []
        for item in everything(compiled):
            if item.kind in SILENT and item.kind != one.questionnaire:
                continue
            facts = {**item.facts, **(world if item.kind == kind else {})}
            if item.kind == one.questionnaire:
                facts[one.fact] = False
                facts["substantially_assists"] = "none" if one.fact == "bound" else facts.get("substantially_assists")
            items.append(item.model_copy(update={"facts": facts}))
        own = next(item for item in items if item.kind == one.questionnaire)
        rest = [item for item in items if item.kind != one.by]

        def state(extra, kept=rest, compiled=compiled, name=name):
            found = evaluate(compiled, subject, facts_of([*kept, *extra]), now=now)
            if found.scope is not None and not found.scope.applies:
                return None
            return next(it for it in found.requirements if it.requirement_id == name)

        alone = state([] if one.by == own.kind else [make_evidence(one.by, facts=SILENT.get(one.by, {}))])
        if alone is None or alone.if_in_force is not State.NOT_APPLICABLE:
            continue  # another answer calls for it, or the rest of this pack's scope is unknown
        says = SAYING.get(one.by) or dict.fromkeys(("phi", "personal_data", "automated", "generative",
                                                    "replaces_human"), True)  # fmt: skip
        both = state([make_evidence(one.by, facts=says)])
        assert both.if_in_force is State.INSUFFICIENT_EVIDENCE, name
        assert one.by in both.reason
        tried += 1
    assert tried or one.questionnaire.removeprefix("classification.") in built_in()


def test_every_special_ground_is_one_that_is_known():
    assert GROUNDS.keys() >= SPECIAL_GROUNDS
