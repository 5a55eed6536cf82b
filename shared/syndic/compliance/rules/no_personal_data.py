"""What says that personal data are processed, held against every answer that there are none.

A further part of the table of `other_answers`. The same evidence denies the answer of each questionnaire that asks
for it: the GDPR's, the assessment of consumers by a model (which processes them automatically), Colorado's.
"""

from __future__ import annotations

from typing import Final

from syndic.compliance.rules.other_answers import (
    AI_ACT,
    CCPA,
    COLORADO,
    CREDIT,
    HIPAA,
    HIRING,
    PROCESSING,
    Denial,
    Facts,
    Says,
    all_true,
    grounds_of,
)
from syndic.grounds import ground_of

NOT_OF_PERSONS: Final = ("2", "8")  # points of Annex III that need no data on natural persons
OF_PERSONS: Final = frozenset({"personal", "special_categories", "criminal_offences", "biometric", "of_children"})


def some(words: str, *facts_of: str) -> Says:
    """Counts what is on record under one of these facts."""

    def says(facts: Facts) -> str | None:
        numbers = [number for one in facts_of if isinstance(number := facts.get(one), int) and number > 0]
        return f"{max(numbers)} {words}" if numbers else None

    return says


def categories(words: str, among: frozenset[str]) -> Says:
    """Names the kinds of data that the inventory says go in."""

    def says(facts: Facts) -> str | None:
        listed = facts.get("data_categories")
        found = sorted(among.intersection(map(str, listed))) if isinstance(listed, list) else []
        return f"{words}: {', '.join(found).replace('_', ' ')}" if found else None

    return says


def _points(facts: Facts) -> str | None:
    listed = facts.get("points")
    about = [str(one) for one in listed if str(one)[:1] not in NOT_OF_PERSONS] if isinstance(listed, list) else []
    return f"Annex III point {', '.join(about)}, which is about natural persons" if about else None


def _compared(facts: Facts) -> str | None:
    """Attributes of persons that are set to be compared, whether or not they could be."""
    listed = facts.get("protected_attributes")
    found = sorted(str(one) for one in listed if ground_of(str(one))) if isinstance(listed, list) else []
    return f"attributes of persons that are compared, {', '.join(found)}" if found else None


def _erased(facts: Facts) -> str | None:
    last = "an erasure of rows of a person" if facts.get("of") == "persons" else None
    return last or some("erasures of rows of persons", "of_persons", "left_of_persons")(facts)


def _handled(facts: Facts) -> str | None:
    listed = facts.get("roles")
    found = [one for one in ("controller", "processor") if isinstance(listed, list) and one in listed]
    return f"incidents on record as its {' and '.join(found)}" if found else None


_SPEAKING: Final[tuple[tuple[str, Says], ...]] = (
    (AI_ACT, all_true("profiling, which is processing of personal data (GDPR, Art. 4(4))", "profiling")),
    (
        AI_ACT,
        all_true("emotion recognition, which rests on biometric data (AI Act, Art. 3(39))", "emotion_recognition"),
    ),
    (AI_ACT, all_true("biometric categorisation, by biometric data (AI Act, Art. 3(40))", "biometric_categorisation")),
    (
        AI_ACT,
        all_true("remote identification, which rests on biometric data (AI Act, Art. 3(41))", "remote_identification"),
    ),
    (AI_ACT, all_true("special categories of personal data that are used against bias", "special_categories_for_bias")),
    (AI_ACT, _points),
    (PROCESSING, all_true("personal data, which a model processes automatically", "personal_data")),
    (HIRING, all_true("candidates who are judged by it", "bound")),
    (HIPAA, all_true("protected health information", "phi")),
    (HIPAA, all_true("decisions on the care of patients", "care_decision")),
    (COLORADO, all_true("personal data", "personal_data")),
    (CREDIT, all_true("personal data that are processed automatically", "automated")),
    (CCPA, all_true("personal information that it processes to replace human decisions", "replaces_human")),
    ("bias.run", grounds_of("an examination of persons by")),
    ("bias.run", _compared),
    ("document.processing_record", some("entries in that record", "entries")),
    ("document.processor_record", some("entries in that record", "entries")),
    ("erasure.run", _erased),
    ("vendors.agreements", some("processors of personal data on record", "processors")),
    ("inventory.entry", categories("that data of persons go in", OF_PERSONS)),
    ("incidents.handled", _handled),
    ("incidents.breaches", some("incidents that are breaches of personal data, or not decided not to be", "recorded")),
    ("requests.explanation", some("requests of persons about this model", "of_this_model")),
)

NO_PERSONAL_DATA: Final[tuple[Denial, ...]] = tuple(
    Denial(questionnaire, fact, by, says)
    for questionnaire, fact in ((PROCESSING, "personal_data"), (CREDIT, "automated"), (COLORADO, "personal_data"))
    for by, says in _SPEAKING
    if by != questionnaire
)
"""Looked at beside `DENIALS`."""
