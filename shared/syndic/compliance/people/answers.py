"""Answering a questionnaire: the answers are kept, and what follows from them becomes evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.keys import classification_key
from syndic.compliance.models import Classification
from syndic.compliance.people.own_questions import of_framework
from syndic.compliance.questionnaires.outcomes import Questionnaire
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
from syndic.models import AuditEntry, Evidence, EvidenceChanged, EvidenceStatus, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Readable, Record, Store, Write
from syndic.records import get_model, iterate, retried
from syndic.spelling import first_problem

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


def questionnaires_of(store: Store) -> dict[str, Questionnaire]:
    """Every questionnaire by id: those with a logic of their own, and one for each active framework that asks some."""
    asking = (it for it in active_frameworks(store).values() if it.framework.questions)
    return {**QUESTIONNAIRES, **{it.framework.id: of_framework(it) for it in asking}}


def questionnaire_of(store: Store, name: str) -> Questionnaire:
    """One of them. Raises `NotFoundError`."""
    if name in QUESTIONNAIRES:
        return QUESTIONNAIRES[name]
    found = questionnaires_of(store)
    if name not in found:
        raise NotFoundError(f"there is no questionnaire {name!r}; there are: {', '.join(found)}")
    return found[name]


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
    asked = questionnaire_of(store, questionnaire)
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
        answers=parsed.model_dump(mode="json", exclude_unset=True),
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


def classifications_of(store: Store, model_id: str) -> tuple[Classification, ...]:
    """All kept answers about a model, by questionnaire, those of frameworks that were switched off included."""
    kept = iterate(store, classification_key(model_id, "").partition)
    return tuple(Classification.model_validate(record.body) for record in kept)


def classification_of(store: Readable, model_id: str, questionnaire: str) -> Classification | None:
    """The kept answers, or None."""
    record = store.get(classification_key(model_id, questionnaire))
    return None if record is None else Classification.model_validate(record.body)
