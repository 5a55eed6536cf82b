"""What answers to one questionnaire deny and other evidence says: then the answer exempts from nothing.

Each line is one answer that takes a duty away, the evidence that says otherwise, and what it says. An answer is looked
at only where the exemption hangs on it: with the answer turned round, the duty would stand or might.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from syndic.assessment import EvidenceRef
from syndic.compliance.models import Need
from syndic.compliance.rules.requirement_parts import Case, resolve
from syndic.errors import NoAnswerError
from syndic.expressions.evaluate import Expression

Says = Callable[[Mapping[str, Any]], str | None]
"""What evidence says against an answer, from its facts; None: nothing."""

AI_ACT: Final = "classification.ai_act"
PROCESSING: Final = "classification.processing"
SPECIAL_GROUNDS: Final = frozenset({"race_or_ethnicity", "religion_or_belief", "disability", "sexual_orientation"})
NOT_OF_PERSONS: Final = ("2", "8")  # points of Annex III that need no data on natural persons


@dataclass(frozen=True, slots=True)
class Denial:
    """An answer that takes a duty away, and what says otherwise. `answered`: the value that does."""

    questionnaire: str
    fact: str
    by: str
    says: Says
    answered: bool = False


def _true(fact: str, words: str) -> Says:
    return lambda facts: words if facts.get(fact) is True else None


def _more_than_none(fact: str, words: str) -> Says:
    def says(facts: Mapping[str, Any]) -> str | None:
        number = facts.get(fact)
        return f"{number} {words}" if isinstance(number, int) and number > 0 else None

    return says


def _grounds(words: str, among: frozenset[str] | None = None) -> Says:
    def says(facts: Mapping[str, Any]) -> str | None:
        listed = facts.get("grounds")
        found = {word for one in listed for word in str(one).split(" & ")} if isinstance(listed, list) else set()
        found = found if among is None else found & among
        return f"{words} {', '.join(sorted(found))}" if found else None

    return says


def _points(facts: Mapping[str, Any]) -> str | None:
    listed = facts.get("points")
    about = [str(one) for one in listed if str(one)[:1] not in NOT_OF_PERSONS] if isinstance(listed, list) else []
    return f"Annex III point {', '.join(about)}, which is about natural persons" if about else None


def _is(fact: str, value: str, words: str) -> Says:
    return lambda facts: words if facts.get(fact) == value else None


DENIALS: Final = (
    *(
        Denial(PROCESSING, "personal_data", AI_ACT, _true(fact, words))
        for fact, words in (
            ("profiling", "profiling, which is processing of personal data (GDPR, Art. 4(4))"),
            ("emotion_recognition", "emotion recognition, which rests on biometric data (AI Act, Art. 3(39))"),
            ("biometric_categorisation", "biometric categorisation, by biometric data (AI Act, Art. 3(40))"),
            ("remote_identification", "remote identification, which rests on biometric data (AI Act, Art. 3(41))"),
        )
    ),
    Denial(PROCESSING, "personal_data", AI_ACT, _points),
    Denial(PROCESSING, "personal_data", "bias.run", _grounds("an examination of persons by")),
    Denial(PROCESSING, "personal_data", "classification.hiring_nyc", _true("bound", "candidates who are judged by it")),
    Denial(PROCESSING, "personal_data", "classification.hipaa", _true("phi", "protected health information")),
    Denial(PROCESSING, "personal_data", "classification.colorado_sb26_189", _true("personal_data", "personal data")),
    Denial(
        PROCESSING, "personal_data", "classification.consumer_credit_directive",
        _true("automated", "personal data that are processed automatically"),
    ),
    Denial(PROCESSING, "special_categories", "bias.run", _grounds("an examination by", SPECIAL_GROUNDS)),
    Denial(
        PROCESSING, "special_categories", AI_ACT,
        _true("special_categories_for_bias", "special categories that are used against bias"),
    ),
    Denial(
        PROCESSING, "special_categories", AI_ACT,
        _true("remote_identification", "remote identification by biometric data (GDPR, Art. 9(1))"),
    ),
    Denial(PROCESSING, "special_categories", "classification.hipaa", _true("phi", "health information")),
    Denial(
        PROCESSING, "solely_automated", "classification.hiring_nyc",
        _is("substantially_assists", "sole", "that it is relied on alone"),
    ),
    Denial(
        PROCESSING, "solely_automated", "classification.ccpa_admt",
        _true("replaces_human", "that it replaces human decisions"),
    ),
    Denial(
        PROCESSING, "dpia_required", AI_ACT,
        _is("route", "annex_iii", "a system that is high-risk by Annex III, whose deployer owes one by Art. 26(9)"),
    ),
    Denial(PROCESSING, "processors", "vendors.agreements", _more_than_none("processors", "processors on record")),
    Denial(AI_ACT, "third_party_supplies", "vendors.agreements", _more_than_none("suppliers", "suppliers on record")),
    Denial(AI_ACT, "special_categories_for_bias", "bias.run", _grounds("an examination by", SPECIAL_GROUNDS)),
    *(
        Denial(AI_ACT, "generative", f"classification.{pack}", _true("generative", "that it generates content"))
        for pack in ("nist_ai_600_1", "sr_26_2")
    ),
    Denial(
        "classification.hipaa", "vendors", "vendors.agreements", _more_than_none("processors", "processors on record")
    ),
    Denial(
        "classification.consumer_credit_directive", "automated", PROCESSING,
        _true("personal_data", "personal data, which a model processes automatically"),
    ),
    Denial(
        "classification.hiring_nyc", "bound", PROCESSING,
        _true("solely_automated", "that decisions rest on it with no human step"),
    ),
)  # fmt: skip
"""Who keeps personal data out by an answer, leaves a supplier unmentioned, or says that people decide."""


def denied_elsewhere(
    condition: Expression, facts: Mapping[str, Any], case: Case
) -> tuple[str, tuple[EvidenceRef, ...]] | None:
    """Why an exemption does not hold, and what says so; None where nothing does, or where it does not hang on it."""
    found: list[tuple[Denial, str, tuple[EvidenceRef, ...]]] = []
    for one in DENIALS:
        if f"{one.questionnaire}.{one.fact}" not in condition.paths or not _answered(one, facts):
            continue
        other, references, problem = resolve((Need(kind=one.by, inconclusive_counts=True),), case)
        said = one.says(_leaf(other, one.by)) if problem is None else None
        if said is not None:
            found.append((one, said, references))
    if not found or not _hangs_on(condition, facts, [one for one, _, _ in found]):
        return None
    one, said, references = found[0]
    return (
        f"By {one.questionnaire}, {one.fact.replace('_', ' ')} is answered no; {one.by} names {said}.",
        references,
    )


def _answered(one: Denial, facts: Mapping[str, Any]) -> bool:
    own = _leaf(facts, one.questionnaire)
    if one.fact == "bound":  # left out for the weight of the tool only, not for who uses it where
        apart = ("automated_employment_decision_tool", "new_york_city", "employer_or_agency")
        return own.get("substantially_assists") == "none" and all(own.get(name) is not False for name in apart)
    return own.get(one.fact) is one.answered


def _hangs_on(condition: Expression, facts: Mapping[str, Any], denied: list[Denial]) -> bool:
    turned: dict[str, Any] = dict(facts)
    for one in denied:
        group, _, name = one.questionnaire.partition(".")
        own = {**turned[group][name], one.fact: not one.answered}
        turned[group] = {**turned[group], name: own}
    try:
        return condition.holds(turned)
    except NoAnswerError:
        return True


def _leaf(facts: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    found: Any = facts
    for word in kind.split("."):
        found = found.get(word, {}) if isinstance(found, Mapping) else {}
    return found if isinstance(found, Mapping) else {}
