"""The questionnaire of a framework that asks questions of its own: made from its file, so that a pack stays data."""

from __future__ import annotations

from typing import Any

from pydantic import Field, create_model

from syndic.compliance.definitions.load import Compiled
from syndic.compliance.models import Question
from syndic.compliance.questionnaires.outcomes import Outcome, Questionnaire
from syndic.errors import NoAnswerError
from syndic.models import Noun


def of_framework(compiled: Compiled) -> Questionnaire:
    """Yes, no or not answered, for each question; what follows is whether the framework is about the model."""
    framework = compiled.framework
    fields: dict[str, Any] = {name: (bool | None, _field(one)) for name, one in framework.questions.items()}
    answers = create_model(f"{framework.id}_answers", __base__=Noun, __doc__=f"Answers on {framework.title}.", **fields)
    return Questionnaire(f"Scope of {framework.title}", answers, lambda given, _: _follows(compiled, given))


def _field(question: Question) -> Any:
    at = f" ({question.legal_basis})" if question.legal_basis else ""
    return Field(default=None, description=f"{question.asks}{at}")


def _follows(compiled: Compiled, given: Noun) -> Outcome:
    facts = {name: value for name, value in given.model_dump(mode="json").items() if value is not None}
    title, scope = compiled.framework.title, compiled.expressions.get(("", "scope"))
    if scope is None:
        return Outcome(facts=facts, summary=f"answered for {title}", reasons=())
    kind = compiled.framework.questionnaire
    if {need.kind for need in compiled.framework.scope.needs} != {kind}:  # type: ignore[union-attr]
        return Outcome(facts=facts, summary=f"answered for {title}; other evidence decides too", reasons=())
    read = {"classification": {compiled.framework.id: facts}, "evidence": {kind: {"status": "passing"}}}
    try:
        within = scope.holds(read)
    except NoAnswerError:
        left = [name for name in compiled.framework.questions if name not in facts]
        open_ones = ", ".join(left) or "none"
        return Outcome(
            facts=facts, summary=f"not known whether {title} is about this model; not answered: {open_ones}", reasons=()
        )
    return Outcome(facts=facts, summary=f"{'within' if within else 'outside'} the scope of {title}", reasons=())
