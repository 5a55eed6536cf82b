"""What answers to the AI Act's questionnaire contradict each other on."""

from __future__ import annotations

from typing import Final

from syndic.compliance.questionnaires.annexes import PRACTICES, SECTION_B
from syndic.compliance.questionnaires.outcomes import named
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.reliance import (
    ALWAYS_PROFILE,
    areas,
    becomes_provider,
    biometric_points,
    excepted_practices,
    leaves_open,
    outside,
    profiles,
    provides_modified_model,
    tested_outside,
)
from syndic.substance import says_something

CIVIL: Final = frozenset("358")  # education, essential services, justice and elections
FOR_AUTHORITIES: Final = frozenset({"5a", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c", "7d"})
EXEMPTIONS: Final = {
    "obvious": "obviousness (50(1))",
    "assistive_editing": "assistive editing (50(2))",
    "editorial_responsibility": "editorial responsibility (50(4))",
    "only_comfort": "comfort only (6(1a))",
    "open_source": "open source (53(2))",
}


def contradictions_of(answers: AiActAnswers, *, high: bool, present: bool) -> tuple[str, ...]:
    """Every contradiction, each as a sentence without an end."""
    missing = [letter for letter in PRACTICES if letter not in answers.screening]
    return named([
        (bool(missing), f"Art. 5 screening is incomplete: {', '.join(missing)} not answered"),
        *_scope(answers, high=high, present=present),
        *_practices(answers),
        *_exception(answers),
        *_areas(answers),
        *_roles(answers),
        (
            provides_modified_model(answers) and not answers.gpai_provider,
            (
                "the modification took more than a third of the original compute, so the organisation is the "
                "provider of the modified model, which was answered no"
            ),
        ),
        (
            answers.gpai_systemic and not (answers.gpai_provider or provides_modified_model(answers)),
            "systemic risk is named without a general-purpose model",
        ),
        (
            answers.gpai_modified and answers.third_party_supplies is False,
            "it is a general-purpose model of another that was modified, but nobody is said to supply a part of it",
        ),
        (
            answers.legacy_public_authority and answers.real_world_testing,
            "it is said to be on the market before its date, and to be tested before it is placed on the market",
        ),
        (
            answers.legacy_public_authority and not answers.provider and answers.deployer
            and _denied(answers, "public_body"),
            "Art. 111(2) is claimed for public authorities, but the deployer is said to be none",
        ),
        *_transparency(answers),
    ])  # fmt: skip


def practice_contradictions(answers: AiActAnswers) -> tuple[str, ...]:
    """Those on the practices of Art. 5, so that "no" to one of them is not known to be true."""
    return named(_practices(answers))


def _scope(answers: AiActAnswers, *, high: bool, present: bool) -> list[tuple[bool, str]]:
    claimed = answers.outside_scope is not None
    civil = [point for point in areas(answers) if point[:1] in CIVIL]
    return [
        (claimed and not says_something(answers.outside_reasons), "a way out of Art. 2 is claimed without reasons"),
        (
            answers.outside_scope == "open_source" and says_something(answers.outside_reasons) and not outside(answers),
            "Art. 2(12) is claimed, but it leaves in what is high-risk or under Art. 5 or 50",
        ),
        (
            answers.outside_scope == "personal" and (answers.provider or answers.public_body or answers.at_workplace),
            "purely personal use is claimed, but the organisation provides it or uses it at work",
        ),
        (
            answers.outside_scope in {"research", "not_on_market"} and (answers.deployer or answers.at_workplace),
            "it is said not to be in use yet, but it is deployed",
        ),
        (
            answers.outside_scope == "military" and bool(civil),
            f"exclusively military use is claimed, but Annex III point {', '.join(civil)} is a civil purpose",
        ),
        (
            answers.outside_scope == "not_on_market" and tested_outside(answers),
            "Art. 2(8) is claimed, but testing in real world conditions is not left out, and that was not answered no",
        ),
        (claimed and not outside(answers) and present and not high, "a practice of Art. 5 is present, scope is denied"),
    ]


def _practices(answers: AiActAnswers) -> list[tuple[bool, str]]:
    excused = excepted_practices(answers)
    hollow = sorted(set(answers.practice_exceptions) - set(excused))
    place = answers.at_workplace or any(point[:1] in {"3", "4"} for point in areas(answers))
    return [
        (
            bool(hollow),
            (
                f"an exception to Art. 5(1)({'), ('.join(hollow)}) is claimed where the practice is not present, or "
                "without reasons, or for (h) without its objective"
            ),
        ),
        (
            answers.screening.get("d", False) and "d" not in excused and not answers.profiling,
            "crime prediction by profiling is answered yes, profiling no",
        ),
        (
            answers.emotion_recognition and place and not answers.screening.get("f", False),
            "emotion recognition at work or in education is named, the practice of Art. 5(1)(f) is not",
        ),
        (
            "f" in excused and not answers.emotion_recognition,
            "an exception to Art. 5(1)(f) is claimed, but emotion recognition is answered no",
        ),
        (
            "h" in excused and not answers.remote_identification,
            "an exception to Art. 5(1)(h) is claimed, but remote identification is answered no",
        ),
    ]


def _exception(answers: AiActAnswers) -> list[tuple[bool, str]]:
    claimed = bool(answers.exception_grounds)
    provider = answers.provider or becomes_provider(answers)
    return [
        (
            claimed and profiles(answers),
            "an exception under Art. 6(3) is claimed, but the system profiles natural persons: it is always high-risk",
        ),
        (
            claimed and not areas(answers) and not biometric_points(answers),
            "an exception under Art. 6(3) is claimed, but no Annex III area is named",
        ),
        (
            claimed and not says_something(answers.exception_reasons),
            "an exception under Art. 6(3) is claimed without reasons",
        ),
        (
            claimed and not provider and not answers.providers_assessment,
            (
                "an exception under Art. 6(3) is claimed by somebody who is not the provider and has not got its "
                "documented assessment: the conclusion is the provider's (Art. 6(4))"
            ),
        ),
    ]


def _areas(answers: AiActAnswers) -> list[tuple[bool, str]]:
    found = areas(answers)
    said = ", ".join(found) or "none"
    does = biometric_points(answers)
    kinds = (
        answers.emotion_recognition or answers.biometric_categorisation or answers.deep_fake or answers.informs_public
    )
    return [
        (
            bool(does) and not any(point.startswith("1") for point in found),
            f"Annex III point {', '.join(does)} follows from what the system does, the area named is {said}",
        ),
        (
            answers.area is None and bool(answers.further_areas),
            f"no area of Annex III is named, but further ones are: {said}",
        ),
        (
            bool(not_done := [point for point in found if point in {"1a", "1b", "1c"} and point not in does]),
            f"Annex III point {', '.join(not_done)} is named, but the system is said not to do what it is about",
        ),
        (
            answers.post_remote_law_enforcement is True and not answers.remote_identification,
            "it identifies persons remotely and afterwards, but is said not to identify persons at a distance",
        ),
        (
            answers.needs_exposure_notice and not kinds,
            (
                "a notice of exposure is needed, but none of emotion recognition, categorisation, deep fakes and "
                "text that informs the public is answered yes: the first two are in Annex III point 1"
            ),
        ),
        (
            bool(evaluates := [point for point in found if point in ALWAYS_PROFILE]) and not answers.profiling,
            f"profiling is answered no, but Annex III point {', '.join(evaluates)} rates persons, which is profiling",
        ),
        (
            any(point.startswith("4") for point in found)
            and not answers.profiling
            and not says_something(answers.no_profiling_reasons),
            "profiling is answered no for a system in employment, without reasons: evaluating a candidate is",
        ),
        (
            "5b" in found and answers.financial_fraud_detection,
            "Annex III 5(b) is named, but it excludes systems that detect financial fraud",
        ),
        (
            answers.only_comfort is True and answers.failure_endangers is True,
            "it is said to serve no safety, and its failure to endanger it: then it is a safety component (Art. 6(1b))",
        ),
        (
            (answers.annex_i_product or "2" in found)
            and answers.only_comfort is True
            and answers.failure_endangers is False,
            "a safety component is named, but by Art. 6(1a) what serves comfort or efficiency only is none",
        ),
        (answers.annex_i_act is not None and not answers.annex_i_product, "an act of Annex I is named, but no product"),
        (
            "4b" in found and answers.deployer and _denied(answers, "at_workplace"),
            "Annex III point 4(b) manages people at work, but it is said not to be used at the workplace",
        ),
        (
            bool(official := [point for point in found if point in FOR_AUTHORITIES])
            and answers.deployer
            and _denied(answers, "public_body"),
            (
                f"Annex III point {', '.join(f'{one[:1]}({one[1:]})' for one in official)} is for authorities or on "
                "their behalf, but the deployer is said to be none"
            ),
        ),
        (
            answers.authority_area is False and any(point[:1] in {"6", "7"} for point in found),
            "it is said not to be for law enforcement, migration, asylum or border control, which points 6 and 7 are",
        ),
        (
            answers.annex_i_act in SECTION_B and bool(found),
            (
                "a product of Annex I Section B is in an area of Annex III too: whether Art. 2(2) takes it out is for "
                "legal review; the duties of Annex III are shown"
            ),
        ),
    ]


def _transparency(answers: AiActAnswers) -> list[tuple[bool, str]]:
    claimed = [words for name, words in EXEMPTIONS.items() if getattr(answers, name) is True]
    makes = named([
        (answers.deep_fake, "deep fakes"),
        (answers.informs_public, "text for the public"),
        (answers.screening.get("ba", False), "intimate imagery"),
        (answers.screening.get("bb", False), "child sexual abuse material"),
    ])  # fmt: skip
    return [
        (answers.obvious and not answers.talks_to_people, "obviousness is named, but it does not talk to people"),
        (answers.assistive_editing and not answers.generative, "assistive editing is named, but it generates nothing"),
        (
            bool(claimed) and not says_something(answers.exemption_reasons),
            f"{' and '.join(claimed)} {'is' if len(claimed) == 1 else 'are'} claimed without reasons",
        ),
        (
            bool(makes) and _denied(answers, "generative"),
            f"it generates or manipulates {' and '.join(makes)}, but is said to generate nothing",
        ),
    ]


def _denied(answers: AiActAnswers, name: str) -> bool:
    """Whether a question was answered no, and not merely left open."""
    return getattr(answers, name) is False and not leaves_open(answers, name)


def _roles(answers: AiActAnswers) -> list[tuple[bool, str]]:
    roles = (
        answers.provider, answers.deployer, answers.importer, answers.distributor, answers.authorised_representative,
        answers.product_manufacturer,
    )  # fmt: skip
    return [
        (not any(roles), "none of the roles of Art. 3: the organisation has no role"),
        (
            becomes_provider(answers) and not answers.provider,
            "Art. 25 makes the organisation the provider, which was answered no",
        ),
        (
            answers.importer and answers.provider and not becomes_provider(answers),
            "importer and provider of one system: an importer places another's system on the market",
        ),
        (
            answers.at_workplace and not answers.deployer,
            "use at the workplace is named, but the organisation does not deploy the system",
        ),
    ]
