"""A framework with questions of its own: about a model only when the answers say so, and light where they do not."""

from __future__ import annotations

from importlib import resources

import pytest

from syndic.assessment import State
from syndic.compliance.catalogue import activate_framework, upload_framework
from syndic.compliance.definitions.load import examine, load_framework
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.evaluation.queries import history, status_of
from syndic.compliance.people.answers import classify, questionnaires_of
from syndic.compliance.rules.judge import evaluate
from syndic.errors import InvalidInputError
from syndic.models import FindingsChanged, Severity

TEMPLATE = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")
SCOPE = """questions:
  credit:
    asks: Does it help to decide on loans to persons?
  large:
    asks: Does it decide on more than a thousand loans a year?
scope:
  needs: [classification.our_model_policy]
  when: classification.our_model_policy.credit && classification.our_model_policy.large
  otherwise: It does not decide on many loans.
contradictions:
  - needs: [classification.ai_act]
    when: classification.ai_act.area == "5b"
    says: it evaluates creditworthiness
requirements:
"""
SCOPED = TEMPLATE.replace("requirements:\n", SCOPE)
KIND = "classification.our_model_policy"


@pytest.fixture
def judged(subject, facts_of, evidence, now):
    compiled = load_framework(SCOPED, where="policy.yaml")

    def look(answers, **others):
        items = [] if answers is None else [evidence(KIND, facts=answers)]
        items += [evidence(kind.replace("__", "."), facts=facts) for kind, facts in others.items()]
        return evaluate(compiled, subject, facts_of(items), now=now)

    return look


@pytest.mark.parametrize(
    ("answers", "applies"),
    [
        ({"credit": True, "large": True}, True),
        ({"credit": False}, False),  # one no settles it, whatever was not answered
        ({"credit": True}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_answers_say_whether_it_is_about_the_model(answers, applies, judged):
    status = judged(answers)
    assert status.scope.applies is applies
    assert bool(status.requirements) is (applies is True)
    assert status.screening.get(KIND) == (1 if applies is None else None)
    assert not (status.stands and applies is not True)
    assert (status.scope.reason == "It does not decide on many loans.") is (applies is False)


def test_what_other_answers_say_keeps_it_from_being_left_out(judged):
    status = judged({"credit": False}, classification__ai_act={"area": "5b"})
    assert status.scope.applies is None
    assert "it evaluates creditworthiness" in status.scope.reason
    assert judged({"credit": False}, classification__ai_act={"area": "4"}).scope.applies is False


def test_the_questionnaire_is_made_from_the_file(store, audit, bus, register, now):
    model = register()
    upload_framework(SCOPED, store=store, audit=audit, actor="ada", now=now)
    assert "our_model_policy" not in questionnaires_of(store)
    activate_framework("our_model_policy", "2026.1", store=store, audit=audit, bus=bus, actor="ada", now=now)
    form = questionnaires_of(store)["our_model_policy"].answers.model_json_schema()
    assert form["properties"]["credit"]["description"] == "Does it help to decide on loans to persons?"

    def answer(**answers):
        return classify(model.id, "our_model_policy", answers, store=store, audit=audit, bus=bus, actor="ada", now=now)

    assert answer(credit=True).summary.startswith("not known whether Our model policy is about this model")
    assert "large" in answer(credit=True).summary
    assert answer(credit=True, large=True).summary == "within the scope of Our model policy"
    assert answer(credit=False).summary == "outside the scope of Our model policy"
    with pytest.raises(InvalidInputError, match="did you mean 'credit'"):
        answer(credits=True)


def test_a_finding_ends_when_the_model_leaves_the_scope(store, audit, bus, register, keep, evidence, now):
    model = register()
    upload_framework(SCOPED, store=store, audit=audit, actor="ada", now=now)
    activate_framework("our_model_policy", "2026.1", store=store, audit=audit, bus=bus, actor="ada", now=now)
    keep([evidence(KIND, facts={"credit": True, "large": True}), evidence("registry.profile"),
          evidence("drift.run", status="failing")])  # fmt: skip

    def look():
        bus.published.clear()
        evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now)
        found = [one for event in bus.published if isinstance(event, FindingsChanged) for one in event.findings]
        return [(one.severity, one.reason) for one in found if one.measure == "our_model_policy"]

    assert [severity for severity, _ in look()] == [Severity.HIGH]
    keep([evidence(KIND, facts={"credit": False}, at=now)])
    assert look() == [(Severity.NONE, "the framework is not about this model, or is not known to be")]
    assert look() == []
    assert status_of(store, model.id, "our_model_policy").requirements == ()
    assert history(store, model.id, "our_model_policy")[0].changes == {"MP-1": (State.NOT_MET, None)}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (".credit &&", ".crdit &&", "reads classification.our_model_policy.crdit, but questions has no crdit"),
        ("when: classification.ai_act.", "when: classification.processing.", "reads classification.processing.area"),
        ("    asks: Does it help", "    ask: Does it help", "did you mean 'asks'"),
        ("large:\n", "Large:\n", "must look like"),
    ],
)
def test_a_wrong_scope_is_refused_with_its_line(old, new, told):
    compiled, problems = examine(SCOPED.replace(old, new, 1), where="policy.yaml")
    assert compiled is None
    assert any(told in problem.message for problem in problems), problems
    wanted = next(number for number, line in enumerate(SCOPED.splitlines(), 1) if old.strip("\n ") in line)
    assert problems[0].line == wanted
