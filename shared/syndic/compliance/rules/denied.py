"""What answers to one questionnaire deny and other evidence says: then the answer exempts from nothing, shows nothing.

An answer is looked at only where what it decides hangs on it: with the answer turned round, by itself or with the
others that are denied, the duty would stand or might, or the check would not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from syndic.assessment import EvidenceRef
from syndic.compliance.rules.answers_on_persons import ANSWERS_ON_PERSONS
from syndic.compliance.rules.classified_otherwise import CLASSIFIED_OTHERWISE
from syndic.compliance.rules.no_personal_data import NO_PERSONAL_DATA
from syndic.compliance.rules.other_answers import ANY, DENIALS, Denial
from syndic.compliance.rules.registered_otherwise import REGISTERED_OTHERWISE
from syndic.compliance.rules.signed_otherwise import SIGNED_OTHERWISE
from syndic.compliance.rules.usable import CLOCK_SKEW, Case, reference_to
from syndic.errors import NoAnswerError
from syndic.expressions.evaluate import Expression
from syndic.models import Evidence

TABLE: Final = (
    *DENIALS, *NO_PERSONAL_DATA, *CLASSIFIED_OTHERWISE, *ANSWERS_ON_PERSONS, *REGISTERED_OTHERWISE, *SIGNED_OTHERWISE,
)  # fmt: skip


def denied_elsewhere(
    condition: Expression, facts: Mapping[str, Any], case: Case, *, holds: bool = False
) -> tuple[str, tuple[EvidenceRef, ...]] | None:
    """Why a condition on answers is not to be relied on, and what says so.

    None where nothing says otherwise, or where the condition, which `holds` or not, does not hang on it.
    """
    found: list[tuple[Denial, str, tuple[EvidenceRef, ...]]] = []
    for one in _about(condition.paths):
        if not _answered(one, facts):
            continue
        other = case.find(one.by)
        if other is None or other.produced_at > case.now + CLOCK_SKEW or _is_past(one, other, case):
            continue
        # what ran out or could not tell shows nothing, but an answer is not to be relied on beside it
        if (said := one.says(other.facts)) is not None:
            found.append((one, said, (reference_to(other, case, max_age=None),)))
    ways = [*([one] for one in found), *([found] if found else [])]
    decisive = next((way for way in ways if _hangs_on(condition, facts, [one for one, _, _ in way], holds=holds)), None)
    if decisive is None:
        return None
    one, said, references = decisive[0]
    answer = f"{one.fact.replace('_', ' ')} is answered {_word(_leaf(facts, one.questionnaire)[one.fact])}"
    return f"By {one.questionnaire}, {answer}; {one.by} names {said}.", references


def _is_past(one: Denial, other: Evidence, case: Case) -> bool:
    """Whether what is signed or documented for a duty is of another version, or superseded by younger answers."""
    if one.of_version and other.facts.get("model_version") != case.version:
        return True
    answers = case.find(one.questionnaire) if one.on_the_duty else None
    recorded = other.facts.get("recorded_at")  # a document may bear an earlier day
    last = max(other.produced_at, datetime.fromisoformat(recorded)) if isinstance(recorded, str) else other.produced_at
    if answers is None or answers.produced_at <= last:
        return False
    ran_out = other.expires_at is not None and other.expires_at <= case.now
    return ran_out or other.kind.startswith("document.")


@lru_cache(maxsize=4096)
def _about(paths: frozenset[str]) -> tuple[Denial, ...]:
    """What denies a fact of these: each requirement is asked for it each time that a model is looked at."""
    return tuple(
        one for one in TABLE if any(f"{one.questionnaire}.{fact}" in paths for fact in (one.fact, *one.empties))
    )


def _word(answer: object) -> str:
    if isinstance(answer, str):
        return answer
    return "none" if answer is None or answer == [] else ("yes" if answer else "no")


def _answered(one: Denial, facts: Mapping[str, Any]) -> bool:
    own = _leaf(facts, one.questionnaire)
    given = one.fact in own and (one.answered is ANY or own[one.fact] == one.answered)
    return given and (one.where is None or one.where(own))


def _hangs_on(condition: Expression, facts: Mapping[str, Any], denied: list[Denial], *, holds: bool) -> bool:
    turned: dict[str, Any] = dict(facts)
    for one in denied:
        group, _, name = one.questionnaire.partition(".")
        own = {**turned[group][name], one.fact: (not one.answered) if one.instead is None else one.instead}
        turned[group] = {**turned[group], name: {fact: own[fact] for fact in own.keys() - {*one.empties}}}
    try:
        return condition.holds(turned) is not holds
    except NoAnswerError:
        return True


def _leaf(facts: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    found: Any = facts
    for word in kind.split("."):
        found = found.get(word, {}) if isinstance(found, Mapping) else {}
    return found if isinstance(found, Mapping) else {}
