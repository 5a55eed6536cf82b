"""What an organisation may rely on: exceptions count only with the role, the conditions and the reasons they need."""

from __future__ import annotations

from typing import Final

from syndic.compliance.questionnaires.annexes import EXCEPTIONS
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.substance import says_something

ALWAYS_PROFILE: Final = frozenset({"5b", "5c", "6e"})  # the point itself is about evaluating a person
MODIFIER_BECOMES_PROVIDER: Final = 1 / 3  # of the original compute; Commission guidelines of 18 July 2025


def excepted_practices(answers: AiActAnswers) -> tuple[str, ...]:
    """Practices that are present under an exception that is reasoned; (h) also names its objective."""
    return tuple(
        letter
        for letter in EXCEPTIONS
        if answers.screening.get(letter)  # type: ignore[call-overload]
        and says_something(answers.practice_exceptions.get(letter))  # type: ignore[call-overload]
        and (letter != "h" or answers.identification_objective is not None)
    )


def excused(answers: AiActAnswers, name: str) -> bool:
    """Whether an exemption that is claimed by a yes counts: it needs reasons."""
    return getattr(answers, name) is True and says_something(answers.exemption_reasons)


def leaves_open(answers: AiActAnswers, *names: str) -> bool:
    """Whether any of some questions was not answered: its default says nothing."""
    return any(name not in answers.model_fields_set for name in names)


def comfort_only(answers: AiActAnswers) -> bool:
    """Whether Art. 6(1a) leaves a component out: no safety is served, and no failure endangers it (6(1b))."""
    return excused(answers, "only_comfort") and answers.failure_endangers is False


def areas(answers: AiActAnswers) -> tuple[str, ...]:
    """The points of Annex III that were named, the first one first."""
    return tuple(dict.fromkeys([*([answers.area] if answers.area is not None else []), *answers.further_areas]))


def profiles(answers: AiActAnswers) -> bool:
    """Whether natural persons are profiled: a score of a person is, whatever was answered."""
    return answers.profiling or bool(ALWAYS_PROFILE & {*areas(answers)})


def excepted_from_high_risk(answers: AiActAnswers) -> bool:
    """Whether Art. 6(3) is relied on by somebody who may, with reasons. Concluding is the provider's (Art. 6(4))."""
    return (
        bool(answers.exception_grounds)
        and says_something(answers.exception_reasons)
        and not profiles(answers)
        and (answers.provider or becomes_provider(answers) or answers.providers_assessment)
    )


def biometric_points(answers: AiActAnswers) -> tuple[str, ...]:
    """The sub-points of Annex III point 1 that follow from what the system does."""
    does = (
        (answers.remote_identification, "1a"),
        (answers.biometric_categorisation, "1b"),
        (answers.emotion_recognition, "1c"),
    )
    return tuple(point for holds, point in does if holds)


def becomes_provider(answers: AiActAnswers) -> bool:
    """Whether Art. 25(1) or (3) makes the organisation the provider."""
    return (
        answers.own_name
        or answers.substantially_modified
        or answers.purpose_changed
        or (answers.product_manufacturer and answers.annex_i_product)
    )


def provides_modified_model(answers: AiActAnswers) -> bool:
    """Whether modifying a general-purpose model makes the organisation the provider of the modified one."""
    share = answers.compute_share
    return answers.gpai_modified and share is not None and share > MODIFIER_BECOMES_PROVIDER


def outside(answers: AiActAnswers) -> bool:
    """Whether Art. 2 leaves the system out, with reasons. Open source is not left out under Art. 5, 6 or 50."""
    if answers.outside_scope is None or not says_something(answers.outside_reasons):
        return False
    if answers.outside_scope == "personal" and (answers.provider or answers.public_body or answers.at_workplace):
        return False
    if answers.outside_scope in {"research", "not_on_market"} and (answers.deployer or answers.at_workplace):
        return False
    if answers.outside_scope != "open_source":
        return True
    caught = (
        leaves_open(answers, "talks_to_people", "generative")
        or any(answers.screening.values())
        or answers.annex_i_product
        or (bool(areas(answers)) and not excepted_from_high_risk(answers))
        or bool(biometric_points(answers))
        or answers.talks_to_people
        or answers.generative
        or answers.deep_fake
        or answers.informs_public
        or answers.needs_exposure_notice
    )
    return not caught
