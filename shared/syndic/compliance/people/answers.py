"""Answering a questionnaire: the answers are kept, and what follows from them becomes evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.compliance.keys import classification_key
from syndic.compliance.models import Classification
from syndic.compliance.questionnaires.outcomes import Outcome
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.risk_level import classify_ai_act
from syndic.compliance.questionnaires.scoping import (
    HiringAnswers,
    ProcessingAnswers,
    Soc2Answers,
    classify_hiring,
    classify_processing,
    classify_soc2,
)
from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import AuditEntry, Evidence, EvidenceChanged, EvidenceStatus, Noun, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Readable, Record, Store, Write
from syndic.records import get_model, retried
from syndic.spelling import first_problem


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The answers it takes and what follows from them."""

    title: str
    answers: type[Noun]
    classify: Callable[[Any, date], Outcome]


QUESTIONNAIRES: Final[Mapping[str, Questionnaire]] = {
    "ai_act": Questionnaire(
        "Risk classification under the EU AI Act", AiActAnswers, lambda it, on: classify_ai_act(it, on=on)
    ),
    "processing": Questionnaire(
        "Processing of personal data (GDPR)", ProcessingAnswers, lambda it, _: classify_processing(it)
    ),
    "hiring_nyc": Questionnaire(
        "Automated hiring tools in New York City", HiringAnswers, lambda it, _: classify_hiring(it)
    ),
    "soc2": Questionnaire("Categories of the SOC 2 engagement", Soc2Answers, lambda it, _: classify_soc2(it)),
}

VALID: Final = timedelta(days=365)


def classify(
    model_id: str,
    questionnaire: str,
    answers: Mapping[str, Any],
    *,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> Classification:
    """Keep the answers of a person and what follows from them. The answers are good for a year.

    Contradictory answers are kept too, with the contradictions named: they show nothing, and exempt from nothing.
    Raises `InvalidInputError` for answers that cannot be read.
    """
    asked = QUESTIONNAIRES.get(questionnaire)
    if asked is None:
        raise NotFoundError(f"there is no questionnaire {questionnaire!r}; there are: {', '.join(QUESTIONNAIRES)}")
    get_model(store, model_id)
    try:
        parsed = asked.answers.model_validate(answers)
    except ValidationError as error:
        place, sentence = first_problem(error, asked.answers)
        raise InvalidInputError(sentence, where=f"answers.{place}") from error
    outcome = asked.classify(parsed, now.date())
    result = Classification(
        model_id=model_id,
        questionnaire=questionnaire,
        answers=parsed.model_dump(mode="json"),
        facts=outcome.facts,
        summary=outcome.summary,
        reasons=outcome.reasons,
        contradictions=outcome.contradictions,
        decided_by=actor,
        decided_at=now,
    )
    key = classification_key(model_id, questionnaire)
    details = {"questionnaire": questionnaire, "summary": outcome.summary, "answers_sha256": sha256_of(result.answers)}
    entry = AuditEntry(
        action="model.classified", actor=actor, subject=f"model/{model_id}", at=now, details=dict(details)
    )
    evidence = Evidence(
        kind=f"classification.{questionnaire}",
        model_id=model_id,
        status=EvidenceStatus.FAILING if outcome.failing else EvidenceStatus.PASSING,
        summary=outcome.summary,
        facts=outcome.facts,
        source=f"classification/{model_id}/{questionnaire}",
        sha256=sha256_of(result),
        produced_at=result.decided_at,
        expires_at=result.decided_at + VALID,
    )
    event = EvidenceChanged(model_id=model_id, kinds=(evidence.kind,))

    def step() -> Classification:
        present = store.get(key)
        if present is not None:
            earlier = Classification.model_validate(present.body)
            same = earlier.answers == result.answers and earlier.decided_by == actor
            if same and now - earlier.decided_at < VALID / 12:
                finish(key, store=store, audit=audit, bus=bus)
                return earlier
        writes = (Write(Record(key, to_json(result)), present.etag if present else ABSENT),)
        commit(Change(writes, now, (entry,), (evidence,), (event,)), store=store, audit=audit, bus=bus)
        return result

    return retried(step, what=f"the answers to {questionnaire}")


def classification_of(store: Readable, model_id: str, questionnaire: str) -> Classification | None:
    """The kept answers, or None."""
    record = store.get(classification_key(model_id, questionnaire))
    return None if record is None else Classification.model_validate(record.body)
