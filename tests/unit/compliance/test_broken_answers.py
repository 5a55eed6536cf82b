"""Answers that cannot be read are refused with the field and what is wrong; nothing is kept of them."""

from __future__ import annotations

import pytest

from syndic.compliance.people.answers import QUESTIONNAIRES, classify
from syndic.errors import InvalidInputError, NotFoundError
from syndic.records import list_evidence

WHOLE = {
    "ai_act": {
        "provider": True,
        "deployer": True,
        "screening": {},
        "annex_i_product": False,
        "area": None,
        "profiling": False,
    },
    "processing": {"personal_data": True},
    "hiring_nyc": {"automated_employment_decision_tool": True, "new_york_city": True, "employer_or_agency": True},
    "soc2": dict.fromkeys(("availability", "confidentiality", "processing_integrity", "privacy"), False),
}
BROKEN = [
    ("ai_act", {"screning": {}}, "answers.screning", "did you mean 'screening'?"),
    ("ai_act", {"screening": {"z": True}}, "answers.screening", None),
    ("ai_act", {"screening": "none"}, "answers.screening", None),
    ("ai_act", {"screening": {"a": "perhaps"}}, "answers.screening", None),
    ("ai_act", {"area": "9z"}, "answers.area", None),
    ("ai_act", {"provider": "maybe"}, "answers.provider", None),
    ("ai_act", {"provider": None, "deployr": True}, "answers.deployr", "did you mean 'deployer'?"),
    ("ai_act", {"exception_grounds": "narrow_task"}, "answers.exception_grounds", None),
    ("ai_act", {"exception_grounds": ["because"]}, "answers.exception_grounds", None),
    ("processing", {"personal_data": []}, "answers.personal_data", None),
    ("processing", {"basis": "interest"}, "answers.basis", None),
    ("processing", {"personal_dat": True}, "answers.personal_dat", "did you mean 'personal_data'?"),
    ("processing", {"automated_exception": "other"}, "answers.automated_exception", None),
    ("hiring_nyc", {"substantially_assists": "a little"}, "answers.substantially_assists", None),
    ("hiring_nyc", {"new_york": True}, "answers.new_york", "did you mean 'new_york_city'?"),
    ("soc2", {"security": True}, "answers.security", "there is no"),
    ("soc2", {"privacy": "often"}, "answers.privacy", None),
]


@pytest.mark.parametrize(("questionnaire", "answers", "field", "told"), BROKEN)
def test_a_broken_answer_is_refused_by_its_field(questionnaire, answers, field, told, register, store, audit, bus, now):
    model, given = register(), {**WHOLE[questionnaire], **answers}
    with pytest.raises(InvalidInputError) as refused:
        classify(model.id, questionnaire, given, store=store, audit=audit, bus=bus, actor="ada", now=now)
    assert str(refused.value).startswith(field), str(refused.value)
    assert told is None or told in str(refused.value)
    assert not list(list_evidence(store, model.id))


def test_a_questionnaire_that_does_not_exist_names_those_that_do(register, store, audit, bus, now):
    model = register()
    with pytest.raises(NotFoundError, match="ai_act, processing, hiring_nyc, soc2"):
        classify(model.id, "ai", {}, store=store, audit=audit, bus=bus, actor="ada", now=now)
    assert len(QUESTIONNAIRES) == 4
